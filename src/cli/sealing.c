/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define TOKENS_MAX 16

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

/* All inserted keys; one that fails does not hide the others. */
static int
try_inserted(struct search *s, const struct cli_touch *touch)
{
	struct cseal_token_entry list[TOKENS_MAX];
	struct cseal_token *t;
	struct cseal_error first = { 0 };
	size_t n;
	int r;

	r = cseal_token_list(list, TOKENS_MAX, &n, &s->c->err);
	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < n; i++) {
		r = cseal_token_open(
		    &t, list[i].path, &touch->prompt, &s->c->err);
		if (r == CSEAL_OK)
			r = try_token(s, t);
		if (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND &&
		    first.code == CSEAL_OK)
			first = s->c->err;
	}
	if (s->token != NULL || first.code == CSEAL_OK)
		return CSEAL_OK;
	s->c->err = first;
	return first.code;
}

static int
try_named(struct search *s, const struct cli_touch *touch)
{
	struct cseal_token *t;
	int r;

	r = cseal_token_open(&t, s->c->token.value, &touch->prompt, &s->c->err);
	if (r != CSEAL_OK)
		return r;
	r = try_token(s, t);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

int
cli_list_names(struct cseal_buf *out, const char *const *names, size_t n)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < n && r == CSEAL_OK; i++)
		r = cseal_buf_printf(out, "%s%s",
		    i == 0	 ? ""
		    : i + 1 == n ? " or "
				 : ", ",
		    names[i]);
	return r;
}

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
	struct cseal_buf b;
	const char *named = s->c->token.value;
	int r;

	cseal_buf_init(&b, 300);
	expected(s, &b);
	r = cli_error(s->c, CSEAL_ERR_TOKEN, named != NULL ? named : "",
	    "%s no key that could seal this; expected: %s",
	    named != NULL ? "holds" : "the keys that are inserted hold",
	    cseal_buf_str(&b));
	cseal_buf_free(&b);
	return r;
}

static int
search_run(struct search *s, struct cli_key *k)
{
	int r;

	s->allow = calloc(s->n + 1, sizeof(*s->allow));
	s->index = calloc(s->n + 1, sizeof(*s->index));
	if (s->allow == NULL || s->index == NULL)
		return CSEAL_ERR_NOMEM;
	r = s->c->token.value != NULL ? try_named(s, &k->touch)
				      : try_inserted(s, &k->touch);
	if (r == CSEAL_OK && s->token == NULL)
		r = nobody(s);
	return r;
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

static size_t
count_keys(const struct cseal_state *s)
{
	size_t n = 0;

	while (cseal_state_key(s, n) != NULL)
		n++;
	return n;
}

int
cli_key_choose(struct cli *c, struct cseal_desk *d, struct cli_key *k)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct cli_candidate *cands;
	const struct cseal_state_key *key;
	size_t n = 0;
	int r;

	cands = calloc(count_keys(s) + 1, sizeof(*cands));
	if (cands == NULL)
		return cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
	for (uint64_t i = 0; (key = cseal_state_key(s, i)) != NULL; i++) {
		if (key->revoked || key->monitor)
			continue;
		cands[n].credential = cseal_buf_slice(&key->credential);
		cands[n].rp_id = key->rp_id;
		cands[n].number = key->number;
		cands[n++].handle = cseal_state_person(s, key->person)->handle;
	}
	r = cli_key_choose_of(c, cands, n, k);
	free(cands);
	return r;
}

void
cli_key_free(struct cli_key *k)
{
	cseal_token_close(k->token);
	k->token = NULL;
}

int
cli_seal_draft(struct cli *c, const struct cseal_draft *p, struct cli_key *k,
    const char *why, struct cseal_assertion *out)
{
	const struct cseal_slice credential = cseal_draft_credential(p);
	int r;

	cli_note(c, "%s\n", cseal_draft_panel(p));
	k->touch.why = why;
	r = cli_signals_hold(c);
	if (r != CSEAL_OK)
		return r;
	r = cseal_token_seal(k->token, cseal_draft_rp_id(p),
	    cseal_draft_client_data(p), &credential, 1, out, &c->err);
	/* Ctrl-C between the touch and the append is still in time. */
	if (r == CSEAL_OK && cli_signals_pending(c)) {
		cseal_assertion_free(out);
		r = cli_error(
		    c, CSEAL_ERR_CANCELLED, "", "stopped; nothing was sealed");
	}
	return cli_token_fail(c, &k->touch, r);
}

int
cli_seal(struct cli *c, struct cseal_desk *d, const struct cseal_draft *p,
    struct cli_key *k, const char *why, uint64_t *index)
{
	struct cseal_assertion a;
	int r;

	r = cli_seal_draft(c, p, k, why, &a);
	if (r != CSEAL_OK)
		return r;
	r = cseal_desk_append(d, p, cseal_buf_slice(&a.auth_data),
	    cseal_buf_slice(&a.signature), index, &c->err);
	if (r == CSEAL_ERR_SIGNATURE)
		c->failed_as = CLI_TOKEN;
	cseal_assertion_free(&a);
	return r;
}
