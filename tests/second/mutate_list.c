/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole ledgers altered: an act of them, their acts, their entries. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "maker_item.h"
#include "mutant.h"

/* The entries of the base from `from` on, as they are. */
static void
add_rest(struct entries *out, const struct entries *base, size_t from)
{
	for (size_t i = from; i < base->list.n; i++)
		entries_add(out, entries_at(base, i));
}

/* Seals, keeps the bytes; does it stand? */
static bool
add_draft(struct maker *m, struct maker_draft *d, struct entries *out)
{
	struct cseal_buf entry;
	enum rule_id rule;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	entries_add(out, cseal_buf_slice(&entry));
	rule = maker_judge(m, cseal_buf_slice(&entry), true);
	cseal_buf_free(&entry);
	maker_draft_free(d);
	return rule == RULE_OK;
}

const char *
mutant_of_draft(const struct script *s, const struct entries *base,
    mutate_draft_fn fn, struct chance *c, struct entries *out)
{
	size_t at =
	    fn == mutate_member ? turn_of_kind(s, c) : chance_below(c, s->n);
	size_t i;
	bool again = !chance_one_in(c, 3); /* what follows is stated anew */
	struct maker *m = script_maker(s);
	const char *what = "nothing";

	for (i = 0; i < s->n; i++) {
		struct maker_draft *d = act_draft(m, &s->acts[i]);

		if (d == NULL)
			break;
		if (i == at)
			what = fn(m, d, base, c);
		if (!add_draft(m, d, out) || (i == at && !again)) {
			i++;
			break;
		}
	}
	add_rest(out, base, i);
	maker_free(m);
	return what;
}

/* ---- other acts ---- */

/* Each kind as often as the others, and more often wrong. */
static void
draw_evenly(struct act *a, struct chance *c, size_t entries)
{
	act_draw(a, c, entries, 6);
	a->kind =
	    (enum act_kind)(ACT_IBAN + chance_below(c, ACT_KINDS - ACT_IBAN));
	if (chance_one_in(c, 2))
		a->wrong = 1 + (unsigned)chance_below(c, 8);
}

static const char *
alter_acts(struct script *s, struct chance *c)
{
	size_t at = chance_below(c, s->n), to = chance_below(c, s->n);
	struct act kept;

	/* Seldom of the founding, without which nothing stands. */
	while (s->acts[at].kind <= ACT_JOIN && !chance_one_in(c, 8) &&
	       s->acts[s->n - 1].kind > ACT_JOIN)
		at = chance_below(c, s->n);
	kept = s->acts[at];

	switch (chance_below(c, 16)) {
	case 0:
		s->n--;
		memmove(
		    &s->acts[at], &s->acts[at + 1], (s->n - at) * sizeof(kept));
		return "an act less";
	case 1:
		memmove(&s->acts[at], &s->acts[at + 1],
		    (s->n - at - 1) * sizeof(kept));
		memmove(&s->acts[to + 1], &s->acts[to],
		    (s->n - to - 1) * sizeof(kept));
		s->acts[to] = kept;
		return "an act at another place";
	case 2: s->acts[at].key = chance_below(c, 5); return "who acts";
	case 3: s->acts[at].about = to; return "what it is about";
	case 4:
		s->acts[at].choice ^= 1u + (unsigned)chance_below(c, 15);
		return "what is chosen";
	case 5:
		if (s->n < ACTS_MAX) {
			memmove(&s->acts[at + 1], &s->acts[at],
			    (s->n - at) * sizeof(kept));
			s->n++;
		}
		return "an act twice";
	case 6: act_draw(&s->acts[at], c, at + 1, 5); return "any act";
	case 7:
		s->acts[0].wrong = 1 + (unsigned)chance_below(c, 8);
		return "a founding with something wrong";
	case 8:
	case 9:
		s->acts[at].wrong = 1 + (unsigned)chance_below(c, 8);
		return "an act with something wrong";
	default:
		for (; s->n < ACTS_MAX; s->n++)
			draw_evenly(&s->acts[s->n], c, s->n);
		return "acts more";
	}
}

/* An act that is stated beside another one, about the same, and told later. */
struct late {
	size_t at;
	size_t lag;
	struct maker_draft *draft;
};

static void
late_draw(struct late *l, const struct script *s, struct chance *c)
{
	l->draft = NULL;
	l->lag = chance_below(c, 5);
	l->at = SIZE_MAX;
	if (!chance_one_in(c, 3))
		return;
	for (size_t i = 0; i < 64; i++) {
		l->at = chance_below(c, s->n);
		if (s->acts[l->at].kind >= ACT_APPROVE &&
		    s->acts[l->at].kind <= ACT_APPLY)
			break;
	}
}

static void
late_state(
    struct late *l, struct maker *m, const struct script *s, struct chance *c)
{
	static const enum act_kind kinds[] = { ACT_APPROVE, ACT_REJECT,
		ACT_REJECT, ACT_WITHDRAW, ACT_APPLY, ACT_ENDORSE };
	struct act a = s->acts[l->at];

	a.kind = kinds[chance_below(c, sizeof(kinds) / sizeof(kinds[0]))];
	a.key = chance_below(c, m->n_keys);
	l->draft = act_draft(m, &a);
}

/* Tells it; does it stand? */
static bool
late_tell(struct late *l, struct maker *m, struct entries *out)
{
	struct maker_draft *d = l->draft;

	l->draft = NULL;
	return d == NULL || add_draft(m, d, out);
}

const char *
mutant_of_acts(const struct script *s, const struct entries *base,
    struct chance *c, struct entries *out)
{
	struct script other = *s;
	struct maker *m = script_maker(s);
	const char *what = "an act that comes late";
	struct late late;
	bool stands = true;

	late_draw(&late, s, c);
	if (late.at == SIZE_MAX)
		what = alter_acts(&other, c);
	for (size_t i = 0; i < other.n && stands; i++) {
		struct maker_draft *d;

		if (i == late.at)
			late_state(&late, m, &other, c);
		d = act_draft(m, &other.acts[i]);
		stands = d == NULL || add_draft(m, d, out);
		if (stands && late.draft != NULL && i >= late.at + late.lag)
			stands = late_tell(&late, m, out);
	}
	if (stands)
		(void)late_tell(&late, m, out);
	maker_draft_free(late.draft);
	if (out->list.n < base->list.n)
		add_rest(out, base, out->list.n);
	maker_free(m);
	return what;
}

/* ---- other entries ---- */

/* A ledger that is the same up to somewhere, and then goes another way. */
static void
play_fork(const struct script *s, struct chance *c, struct entries *out)
{
	struct script other = *s;
	size_t from = s->n / 2 + chance_below(c, s->n - s->n / 2);

	for (size_t i = from; i < s->n; i++)
		act_draw(&other.acts[i], c, i, 4);
	if (chance_one_in(c, 4))
		other.seed ^= 1; /* no: another ledger */
	script_play(&other, out);
}

static const char *
join_fork(const struct script *s, struct chance *c, struct entries *out)
{
	struct entries fork = { .list = { .items = NULL } };
	size_t at = chance_below(c, out->list.n);

	play_fork(s, c, &fork);
	if (fork.list.n > 0 && chance_one_in(c, 2)) {
		entries_insert(
		    out, at, entries_at(&fork, chance_below(c, fork.list.n)));
	} else {
		while (out->list.n > at)
			entries_remove(out, at);
		for (size_t i = at; i < fork.list.n; i++)
			entries_add(out, entries_at(&fork, i));
	}
	entries_free(&fork);
	return "a fork";
}

/* The statement of one entry, sealed once more by its key. */
static const char *
copy_entry(const struct script *s, struct chance *c, struct entries *out)
{
	size_t from = chance_below(c, out->list.n);
	size_t to = from + 1 + chance_below(c, out->list.n - from);
	struct maker *m = script_maker(s);
	struct cseal_buf sealed;
	struct maker_draft *d;
	struct cseal_entry e;

	d = maker_draft(m, s->acts[from].key % m->n_keys, CSEAL_GENESIS);
	assert_int_equal(
	    cseal_entry_parse(&e, entries_at(out, from)), CSEAL_OK);
	cseal_buf_add(&d->raw, e.statement.data, e.statement.len);
	d->counter = 1000;
	cseal_buf_init(&sealed, 0);
	maker_seal(d, &sealed);
	entries_insert(out, to, cseal_buf_slice(&sealed));
	cseal_buf_free(&sealed);
	maker_draft_free(d);
	maker_free(m);
	return "a copy, sealed again";
}

static const char *
alter_raw(struct chance *c, struct entries *out)
{
	struct cseal_buf *b = out->list.items[chance_below(c, out->list.n)];

	switch (chance_below(c, 6)) {
	case 0: assert_true(item_edit(b, "% 1")); return "a byte less";
	case 1: assert_true(item_edit(b, "! 00")); return "a byte more";
	case 2:
		b->data[chance_below(c, b->len)] = (uint8_t)chance_next(c);
		return "any byte";
	default:
		b->data[chance_below(c, b->len)] ^=
		    (uint8_t)(1u << chance_below(c, 8));
		return "a bit of an entry";
	}
}

const char *
mutant_of_entries(const struct script *s, const struct entries *base,
    struct chance *c, struct entries *out)
{
	size_t n = base->list.n;
	size_t at = chance_below(c, n), to = chance_below(c, n);
	void *kept;

	add_rest(out, base, 0);
	switch (chance_below(c, 10)) {
	case 0: entries_remove(out, at); return "an entry less";
	case 1:
		entries_insert(out, to, entries_at(base, at));
		return "an entry twice";
	case 2:
		kept = out->list.items[at];
		out->list.items[at] = out->list.items[to];
		out->list.items[to] = kept;
		return "entries in each other's place";
	case 3:
		entries_remove(out, at);
		entries_insert(
		    out, to < n - 1 ? to : n - 1, entries_at(base, at));
		return "an entry at another place";
	case 4:
		while (out->list.n > at + 1)
			entries_remove(out, out->list.n - 1);
		return "its end cut off";
	case 5:
	case 6: return join_fork(s, c, out);
	case 7: return copy_entry(s, c, out);
	default: return alter_raw(c, out);
	}
}
