/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One fold for all texts: it stops at each seen head, in their order, and what
 * was shown there is printed from that state.
 */

#include "counterseal/shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/change.h"

#include "panel.h"
#include "replay.h"
#include "slice.h"

#define TRIES_MAX 4096 /* ways in which one text could have been told */

const char *
cseal_shown_verdict_name(enum cseal_shown_verdict v)
{
	static const char *const names[] = {
		[CSEAL_SHOWN_FITS] = "fits",
		[CSEAL_SHOWN_FALSE] = "false",
		[CSEAL_SHOWN_UNKNOWN] = "unknown",
	};

	return names[v];
}

/* An approve or apply, and the tree that its signer had seen. */
struct act {
	uint64_t entry;
	uint64_t seen;
};

struct again {
	struct cseal_ledger *l;
	const uint64_t *change;
	int (*fn)(void *ctx, const struct cseal_shown_again *a);
	void *ctx;
	struct cseal_error *err;
	struct act *acts;
	size_t n, cap;
	struct cseal_state *state; /* as far as it is folded */
	struct values *openings;
	struct cseal_buf given[CSEAL_EVIDENCE_MAX]; /* of the act at hand */
};

/* ---- which there are ---- */

static int
add_act(struct again *g, uint64_t entry, uint64_t seen)
{
	size_t cap = g->cap == 0 ? 64 : g->cap * 2;
	struct act *grown;

	if (g->n == g->cap) {
		grown = reallocarray(g->acts, cap, sizeof(*grown));
		if (grown == NULL)
			return CSEAL_ERR_NOMEM;
		g->acts = grown;
		g->cap = cap;
	}
	g->acts[g->n++] = (struct act){ entry, seen };
	return CSEAL_OK;
}

static bool
is_shown(const struct again *g, const struct cseal_statement *st)
{
	return (st->kind == CSEAL_APPROVE || st->kind == CSEAL_APPLY) &&
	       (g->change == NULL || *g->change == st->u.act.index);
}

static int
say_moved(const struct again *g, uint64_t entry)
{
	return cseal_error_set(g->err, CSEAL_ERR_VIOLATION, "ledger",
	    "entry %llu is not what was verified a moment ago",
	    (unsigned long long)entry);
}

static int
collect(void *ctx, uint64_t index, struct cseal_slice bytes)
{
	struct again *g = ctx;
	struct fold_entry e;
	int r = CSEAL_OK;

	if (fold_entry_read(&e, index, bytes) != RULE_OK)
		r = say_moved(g, index);
	else if (is_shown(g, &e.st))
		r = add_act(g, index, e.st.seen.size);
	fold_entry_free(&e);
	return r;
}

static int
by_seen(const void *a, const void *b)
{
	const struct act *x = a, *y = b;

	if (x->seen != y->seen)
		return x->seen < y->seen ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* ---- the state that was seen ---- */

static int
fold_one(void *ctx, uint64_t index, struct cseal_slice bytes)
{
	struct again *g = ctx;
	struct fold_entry e;
	int r;

	if (fold_entry_read(&e, index, bytes) != RULE_OK ||
	    fold_check(g->state, &e, NULL) != RULE_OK)
		r = say_moved(g, index);
	else
		r = fold_accept(g->state, &e);
	fold_entry_free(&e);
	return r;
}

static int
fold_to(struct again *g, uint64_t size)
{
	uint64_t from = g->state->frontier.size;

	if (from >= size)
		return CSEAL_OK;
	return cseal_ledger_read(g->l, from, size - from, fold_one, g, g->err);
}

/* ---- one text ---- */

/* The signer's own evidence, which stands beside its own entry. */
static int
read_given(struct again *g, uint64_t entry, const struct cseal_statement *st,
    struct cseal_error *lacking)
{
	char name[CSEAL_EVIDENCE_NAME_BYTES];
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n);
	int r = CSEAL_OK;

	for (size_t i = 0; r == CSEAL_OK && cseal_evidence_name(v, n, i, name);
	     i++) {
		cseal_buf_free(&g->given[i]);
		cseal_buf_init(&g->given[i], 0);
		r = values_open(g->l, st, entry, name, &g->given[i], lacking);
	}
	return r;
}

static int
print(struct again *g, const struct cseal_statement *st,
    const struct panel_choice *choices, struct panel_change *p,
    struct cseal_buf *out, struct cseal_error *err)
{
	int r;

	memset(p, 0, sizeof(*p));
	p->state = g->state;
	p->openings = g->openings;
	p->utc_offset = (int)st->u.act.shown.utc_offset;
	memcpy(p->choices, choices, sizeof(p->choices));
	for (size_t i = 0; i < CSEAL_EVIDENCE_MAX; i++)
		p->given[i] = cseal_buf_slice(&g->given[i]);
	cseal_buf_reset(out);
	r = panel_begin_act(p, st);
	return r != CSEAL_OK ? r : panel_act(out, p, st, err);
}

/* The next of all ways in which it could have been told; false: no more. */
static bool
next_way(struct panel_choice choices[PANEL_CHOICES])
{
	for (size_t i = 0; i < PANEL_CHOICES; i++) {
		if (choices[i].way + 1 < choices[i].ways) {
			choices[i].way++;
			return true;
		}
		choices[i].way = 0;
	}
	return false;
}

static bool
fits(const struct cseal_opening *salt, const struct cseal_buf *text,
    const struct cseal_shown *shown)
{
	uint8_t hash[CSEAL_HASH_BYTES];

	return cseal_commit(salt->salt, text->data, text->len, "", hash) ==
		   CSEAL_OK &&
	       memcmp(hash, shown->hash, sizeof(hash)) == 0;
}

/* What is found about one text. */
struct found {
	enum cseal_shown_verdict verdict;
	bool fewer;
	struct cseal_buf text;
	char why[160];
};

static void
say(struct found *f, enum cseal_shown_verdict verdict, const char *why)
{
	f->verdict = verdict;
	(void)snprintf(f->why, sizeof(f->why), "%s", why);
}

/* Values of the change itself, which its signer had, are not here. */
static void
say_lacking(struct found *f, const struct cseal_error *lacking)
{
	say(f, CSEAL_SHOWN_UNKNOWN, "");
	(void)snprintf(f->why, sizeof(f->why),
	    "the value of %.40s is not here, or is not the one asked for",
	    lacking->where[0] != '\0' ? lacking->where : "a field");
}

static int
try_all(struct again *g, uint64_t entry, const struct cseal_statement *st,
    const struct cseal_opening *salt, struct found *f)
{
	struct panel_choice choices[PANEL_CHOICES] = { { 0, 0 } };
	uint64_t missed = values_missed(g->openings);
	struct cseal_error lacking = { 0 };
	struct panel_change p;
	unsigned tries = 0;
	bool fit;
	int r;

	r = read_given(g, entry, st, &lacking);
	if (r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_CORRUPT) {
		say_lacking(f, &lacking);
		return CSEAL_OK;
	}
	if (r != CSEAL_OK)
		return r;
	do {
		r = print(g, st, choices, &p, &f->text, &lacking);
		memcpy(choices, p.choices, sizeof(choices));
		panel_change_free(&p);
		if (r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_CORRUPT) {
			say_lacking(f, &lacking);
			return CSEAL_OK;
		}
		if (r != CSEAL_OK)
			return r;
		fit = fits(salt, &f->text, &st->u.act.shown);
	} while (!fit && ++tries < TRIES_MAX && next_way(choices));
	if (fit) {
		say(f, CSEAL_SHOWN_FITS,
		    tries > 0 ? "shown at a desk without values of other "
				"changes that are here now"
			      : "");
		f->fewer = tries > 0;
	} else if (values_missed(g->openings) > missed || tries == TRIES_MAX) {
		say(f, CSEAL_SHOWN_UNKNOWN,
		    "values of other changes, which may have been on it, are "
		    "not here");
	} else {
		say(f, CSEAL_SHOWN_FALSE,
		    "nothing that could be shown there is what was committed "
		    "to");
	}
	return CSEAL_OK;
}

static bool
is_known(const struct cseal_shown *shown)
{
	return shown->template_number == PANEL_TEMPLATE &&
	       slice_is(shown->language, PANEL_LANGUAGE);
}

static int
look(struct again *g, const struct act *a, const struct cseal_statement *st,
    struct found *f)
{
	struct cseal_opening salt = { .name = "" };
	int r;

	if (!is_known(&st->u.act.shown)) {
		say(f, CSEAL_SHOWN_UNKNOWN,
		    "its template or language is another version's");
		return CSEAL_OK;
	}
	r = cseal_ledger_opening(g->l, a->entry, "", &salt, NULL);
	if (r == CSEAL_ERR_NOT_FOUND)
		say(f, CSEAL_SHOWN_UNKNOWN, "its salt is not here");
	else if (r == CSEAL_ERR_FORMAT)
		say(f, CSEAL_SHOWN_FALSE, "its salt is damaged");
	else if (r == CSEAL_OK)
		r = try_all(g, a->entry, st, &salt, f);
	cseal_opening_free(&salt);
	return r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_FORMAT ? CSEAL_OK : r;
}

static int
tell(struct again *g, const struct act *a, uint64_t change, struct found *f)
{
	const bool shown = f->verdict == CSEAL_SHOWN_FITS;
	const struct cseal_shown_again again = {
		.entry = a->entry,
		.change = change,
		.verdict = f->verdict,
		.text = shown ? cseal_buf_str(&f->text) : "",
		.fewer = f->fewer,
		.why = f->why,
	};

	return g->fn(g->ctx, &again);
}

static int
one(struct again *g, const struct act *a)
{
	struct found f = { .verdict = CSEAL_SHOWN_UNKNOWN };
	struct cseal_buf bytes;
	struct fold_entry e = { 0 };
	int r;

	cseal_buf_init(&bytes, CSEAL_ENTRY_MAX);
	cseal_buf_init(&f.text, 65536);
	if ((r = fold_to(g, a->seen)) == CSEAL_OK &&
	    (r = cseal_ledger_get(g->l, a->entry, &bytes, g->err)) ==
		CSEAL_OK &&
	    fold_entry_read(&e, a->entry, cseal_buf_slice(&bytes)) != RULE_OK)
		r = say_moved(g, a->entry);
	if (r == CSEAL_OK)
		r = look(g, a, &e.st, &f);
	if (r == CSEAL_OK)
		r = tell(g, a, e.st.u.act.index, &f);
	fold_entry_free(&e);
	cseal_buf_free(&f.text);
	cseal_buf_free(&bytes);
	return r;
}

int
cseal_shown_each(const struct cseal_state *s, struct cseal_ledger *l,
    const uint64_t *change,
    int (*fn)(void *ctx, const struct cseal_shown_again *a), void *ctx,
    struct cseal_error *err)
{
	struct again g = { .l = l,
		.change = change,
		.fn = fn,
		.ctx = ctx,
		.err = err,
		.state = state_new(),
		.openings = values_new(l) };
	int r = CSEAL_ERR_NOMEM;

	if (g.state != NULL && g.openings != NULL)
		r = cseal_ledger_read(
		    l, 0, cseal_state_size(s), collect, &g, err);
	if (g.n > 0)
		qsort(g.acts, g.n, sizeof(*g.acts), by_seen);
	for (size_t i = 0; i < g.n && r == CSEAL_OK; i++)
		r = one(&g, &g.acts[i]);
	free(g.acts);
	for (size_t i = 0; i < CSEAL_EVIDENCE_MAX; i++)
		cseal_buf_free(&g.given[i]);
	values_free(g.openings);
	state_free(g.state);
	return r;
}

/* ---- as findings ---- */

struct tally {
	struct cseal_replay *r;
	uint64_t unknown;
};

static int
take(void *ctx, const struct cseal_shown_again *a)
{
	struct fold_entry e = { .index = a->entry };
	struct tally *t = ctx;

	e.st.kind = CSEAL_APPROVE;
	e.st.u.act.index = a->change;
	t->unknown += a->verdict == CSEAL_SHOWN_UNKNOWN;
	return a->verdict == CSEAL_SHOWN_FALSE
		   ? replay_add_finding(t->r, RULE_SHOWN_FALSE, &e, a->why)
		   : CSEAL_OK;
}

int
cseal_replay_shown(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err)
{
	struct tally t = { .r = r };
	char detail[64];
	int e = cseal_shown_each(r->state, l, NULL, take, &t, err);

	if (e != CSEAL_OK || t.unknown == 0)
		return e;
	(void)snprintf(detail, sizeof(detail), "%llu text%s",
	    (unsigned long long)t.unknown, t.unknown == 1 ? "" : "s");
	return replay_add_finding(r, RULE_SHOWN_UNCHECKED, NULL, detail);
}
