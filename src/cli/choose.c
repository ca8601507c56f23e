/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which key is to seal. Every key that is there is asked, without a touch,
 * whether it holds one that could; where none does and a person is at the
 * terminal, the right one is waited for.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define UNIX_PREFIX "unix:"
#define PERSONS_MAX 8

/* A key that holds nothing of use, as long as it stays where it is. */
struct seen {
	char path[CSEAL_TOKEN_PATH_BYTES];
	uint64_t id;
	bool here;
};

/* What the search has come to. */
struct search {
	struct cli *c;
	const struct cli_candidate *cands;
	size_t n;
	char person[CSEAL_HANDLE_BYTES]; /* the desk's own; "" if not known */
	struct cseal_slice *allow;	 /* room for n */
	size_t *index;			 /* of each in `allow`; room for n */
	struct cseal_token *token;	 /* the best so far; owned */
	size_t best;			 /* candidate it holds */
	bool own;			 /* and that is the desk's person's */
	unsigned fits;			 /* tokens that hold one */
	bool waiting;			 /* the person was told to insert one */
	struct cseal_error absent;	 /* why a key that is named is not */
	struct seen seen[CLI_TOKENS_MAX];
	size_t n_seen;
};

static bool
is_own(const struct search *s, size_t i)
{
	return strcmp(s->cands[i].handle, s->person) == 0;
}

/* The credentials of one rp id, the desk's own person's or the others'. */
static size_t
gather(struct search *s, const char *rp_id, bool own)
{
	size_t k = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (is_own(s, i) != own ||
		    strcmp(s->cands[i].rp_id, rp_id) != 0)
			continue;
		s->allow[k] = s->cands[i].credential;
		s->index[k++] = i;
	}
	return k;
}

static bool
seen_rp_id(const struct search *s, size_t i, bool own)
{
	for (size_t k = 0; k < i; k++) {
		if (is_own(s, k) == own &&
		    strcmp(s->cands[k].rp_id, s->cands[i].rp_id) == 0)
			return true;
	}
	return false;
}

static int
holds(struct search *s, struct cseal_token *t, bool own, size_t *which)
{
	struct cseal_error *err = &s->c->err;
	int r = CSEAL_ERR_NOT_FOUND;
	size_t n;

	for (size_t i = 0; i < s->n && r == CSEAL_ERR_NOT_FOUND; i++) {
		if (is_own(s, i) != own || seen_rp_id(s, i, own))
			continue;
		n = gather(s, s->cands[i].rp_id, own);
		r = cseal_token_holds(
		    t, s->cands[i].rp_id, s->allow, n, which, err);
		if (r == CSEAL_OK)
			*which = s->index[*which];
	}
	return r;
}

/* Keeps the token if it is better than what was found, else closes it. */
static int
try_token(struct search *s, struct cseal_token *t)
{
	size_t which = 0;
	bool own = true;
	int r;

	r = holds(s, t, true, &which);
	if (r == CSEAL_ERR_NOT_FOUND) {
		own = false;
		r = holds(s, t, false, &which);
	}
	if (r == CSEAL_OK)
		s->fits++;
	if (r != CSEAL_OK || (s->token != NULL && (s->own || !own))) {
		cseal_token_close(t);
		return r;
	}
	cseal_token_close(s->token);
	s->token = t;
	s->best = which;
	s->own = own;
	return CSEAL_OK;
}

/* ---- keys that come and go ---- */

/* A socket that was made anew is another key; a device goes when it goes. */
static uint64_t
identity(const struct cseal_token_entry *e)
{
	const size_t skip = sizeof(UNIX_PREFIX) - 1;
	struct stat st;

	if (strncmp(e->path, UNIX_PREFIX, skip) != 0 ||
	    stat(e->path + skip, &st) != 0)
		return 0;
	return (uint64_t)st.st_ino ^ (uint64_t)st.st_ctim.tv_sec << 30 ^
	       (uint64_t)st.st_ctim.tv_nsec;
}

static struct seen *
find_seen(struct search *s, const struct cseal_token_entry *e)
{
	for (size_t i = 0; i < s->n_seen; i++) {
		if (strcmp(s->seen[i].path, e->path) == 0)
			return &s->seen[i];
	}
	return NULL;
}

/* What was there and is not any more may come again as another key. */
static void
forget_gone(struct search *s, const struct cseal_token_entry *list, size_t n)
{
	struct seen *seen;
	size_t k = 0;

	for (size_t i = 0; i < s->n_seen; i++)
		s->seen[i].here = false;
	for (size_t i = 0; i < n; i++) {
		seen = find_seen(s, &list[i]);
		if (seen != NULL)
			seen->here = seen->id == identity(&list[i]);
	}
	for (size_t i = 0; i < s->n_seen; i++) {
		if (s->seen[i].here)
			s->seen[k++] = s->seen[i];
	}
	s->n_seen = k;
}

static void
note_wrong(struct search *s, const struct cseal_token_entry *e, uint64_t id)
{
	struct seen *seen;

	if (s->n_seen == CLI_TOKENS_MAX)
		return;
	seen = &s->seen[s->n_seen++];
	memcpy(seen->path, e->path, sizeof(seen->path));
	seen->id = id;
	if (s->waiting)
		cli_note(s->c,
		    "Not this one: %s holds no key that could seal "
		    "this.\n",
		    e->name[0] != '\0' ? e->name : e->path);
}

/* Not there, or, just plugged in, not yet to be used. */
static bool
is_absent(const struct search *s, int r)
{
	return r == CSEAL_ERR_NOT_FOUND ||
	       (s->waiting &&
		   (r == CSEAL_ERR_PERMISSION || r == CSEAL_ERR_BUSY));
}

static int
look_at(struct search *s, const struct cseal_token_entry *e,
    const struct cli_touch *touch)
{
	uint64_t id = identity(e);
	struct cseal_token *t;
	int r;

	if (find_seen(s, e) != NULL)
		return CSEAL_OK;
	r = cseal_token_open(&t, e->path, &touch->prompt, &s->c->err);
	if (is_absent(s, r)) {
		s->absent = s->c->err;
		return CSEAL_OK;
	}
	if (r != CSEAL_OK)
		return r;
	r = try_token(s, t);
	if (r != CSEAL_ERR_NOT_FOUND)
		return r;
	note_wrong(s, e, id);
	return CSEAL_OK;
}

/* Looks at every key; one that fails does not hide the others. */
static int
look(struct search *s, const struct cli_touch *touch)
{
	struct cseal_token_entry list[CLI_TOKENS_MAX];
	struct cseal_error first = { 0 };
	size_t n;
	int r;

	r = cli_tokens(s->c, list, &n);
	if (r != CSEAL_OK)
		return r;
	forget_gone(s, list, n);
	for (size_t i = 0; i < n; i++) {
		r = look_at(s, &list[i], touch);
		if (r == CSEAL_ERR_CANCELLED)
			return r;
		if (r != CSEAL_OK && first.code == CSEAL_OK)
			first = s->c->err;
	}
	if (s->token != NULL || first.code == CSEAL_OK)
		return CSEAL_OK;
	s->c->err = first;
	return first.code;
}

/* ---- when none fits ---- */

/* "lin's key 0 or 3", or of everybody who could. */
static void
expected(const struct search *s, struct cseal_buf *out)
{
	bool any_own = false;
	const char *last = "";

	for (size_t i = 0; i < s->n; i++)
		any_own = any_own || is_own(s, i);
	for (size_t i = 0; i < s->n; i++) {
		if (any_own && !is_own(s, i))
			continue;
		if (strcmp(last, s->cands[i].handle) == 0)
			(void)cseal_buf_printf(out, " or %llu",
			    (unsigned long long)s->cands[i].number);
		else
			(void)cseal_buf_printf(out, "%s%s's key %llu",
			    out->len > 0 ? ", " : "", s->cands[i].handle,
			    (unsigned long long)s->cands[i].number);
		last = s->cands[i].handle;
	}
}

static int
nobody(struct search *s)
{
	const char *named = s->c->token.value;
	struct cseal_buf b;
	int r;

	if (s->n_seen == 0 && s->absent.code != CSEAL_OK) {
		s->c->err = s->absent;
		return s->absent.code;
	}
	cseal_buf_init(&b, 300);
	expected(s, &b);
	r = cli_error(s->c, CSEAL_ERR_TOKEN, named != NULL ? named : "",
	    "%s no key that could seal this; expected: %s",
	    named == NULL		 ? "the keys that are inserted hold"
	    : strchr(named, ',') != NULL ? "hold"
					 : "holds",
	    cseal_buf_str(&b));
	cseal_buf_free(&b);
	return r;
}

/* "Insert the key of mina": the desk's person's, else anybody's who could. */
static void
tell_whose(struct search *s)
{
	const char *names[PERSONS_MAX];
	struct cseal_buf b;
	size_t n = 0;
	size_t k;

	for (size_t i = 0; i < s->n && n < PERSONS_MAX; i++) {
		if (is_own(s, i)) {
			names[0] = s->person;
			n = 1;
			break;
		}
		for (k = 0; k < n; k++) {
			if (strcmp(names[k], s->cands[i].handle) == 0)
				break;
		}
		if (k == n)
			names[n++] = s->cands[i].handle;
	}
	if (s->absent.code != CSEAL_OK) {
		s->c->err = s->absent;
		cli_note_error(s->c);
	}
	cseal_buf_init(&b, 0);
	(void)cli_list_names(&b, names, n);
	cli_note(
	    s->c, "Insert the key of %s. [Ctrl-C stops]\n", cseal_buf_str(&b));
	cseal_buf_free(&b);
}

static int
search_run(struct search *s, struct cli_key *k)
{
	int r;

	s->allow = calloc(s->n + 1, sizeof(*s->allow));
	s->index = calloc(s->n + 1, sizeof(*s->index));
	if (s->allow == NULL || s->index == NULL)
		return CSEAL_ERR_NOMEM;
	r = look(s, &k->touch);
	while (r == CSEAL_OK && s->token == NULL && cli_terminal(s->c)) {
		if (!s->waiting)
			tell_whose(s);
		s->waiting = true;
		r = cli_pause(s->c);
		if (r == CSEAL_OK)
			r = look(s, &k->touch);
	}
	return r == CSEAL_OK && s->token == NULL ? nobody(s) : r;
}

int
cli_key_choose_of(struct cli *c, const struct cli_candidate *cands, size_t n,
    struct cli_key *k)
{
	struct search s = { .c = c, .cands = cands, .n = n };
	int r;

	(void)cli_person_read(c, s.person);
	cli_touch_init(&k->touch, c);
	r = search_run(&s, k);
	if (r == CSEAL_OK) {
		k->token = s.token; /* transferred */
		k->number = cands[s.best].number;
		snprintf(
		    k->handle, sizeof(k->handle), "%s", cands[s.best].handle);
		k->touch.who = k->handle;
		if (s.fits > 1 && !s.own)
			cli_note(c,
			    "%u inserted keys fit; taking %s's. "
			    "--token names another.\n",
			    s.fits, k->handle);
	} else {
		cseal_token_close(s.token);
	}
	free(s.allow);
	free(s.index);
	return cli_token_fail(c, &k->touch, r);
}
