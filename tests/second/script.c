/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers as lists of acts: drawn, and played. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mutant.h"

#define DAY	     86400
#define ATTEMPTS_MAX 2000
#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))

uint64_t
chance_next(struct chance *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

size_t
chance_below(struct chance *c, size_t n)
{
	return (size_t)(chance_next(c) % n);
}

bool
chance_one_in(struct chance *c, size_t n)
{
	return chance_below(c, n) == 0;
}

/* ---- foundings ---- */

static const struct maker_person four[] = {
	{ "lin", "admin approver operator", 1 },
	{ "mina", "admin approver operator", 1 },
	{ "petr", "admin approver operator", 1 },
	{ "omar", "operator", 1 },
};
static const struct maker_person two[] = {
	{ "lin", "admin approver operator", 2 },
	{ "mina", "admin approver operator", 1 },
};
static const struct maker_person three[] = {
	{ "lin", "admin operator finance", 1 },
	{ "mina", "admin approver", 2 },
	{ "petr", "admin approver finance operator", 1 },
};

static const struct founding {
	const struct maker_person *persons;
	size_t n;
	const char *section; /* "": the fixed rules */
	const char *key;
	const char *value;
} foundings[] = {
	{ four, COUNT(four), "", "", "" },
	{ two, COUNT(two), "", "", "" },
	{ four, COUNT(four), "[change payout.iban]", "approvals",
	    "2 approver" },
	{ three, COUNT(three), "[change payout.iban]", "approvals",
	    "1 approver and 1 finance" },
	{ four, COUNT(four), "[change payout.iban]", "cooling off", "24h" },
	{ four, COUNT(four), "[change contact.login_email]", "company domains",
	    "example.com" },
	{ four, COUNT(four), "[change payout.iban]", "first seen",
	    "1 more approver" },
	{ four, COUNT(four), "[change payout.iban]", "after contact change",
	    "1 more operator for 7d" },
	{ four, COUNT(four), "[freeze]", "on drift", "report" },
	{ four, COUNT(four), "[change payout.iban]", "evidence",
	    "reason callback" },
	{ four, COUNT(four), "[ledger]", "user verification", "optional" },
	{ three, COUNT(three), "[ledger]", "synced credentials", "allowed" },
};

static const struct founding *
founding_of(const struct script *s)
{
	return &foundings[s->founding % COUNT(foundings)];
}

struct maker *
script_maker(const struct script *s)
{
	const struct founding *f = founding_of(s);
	struct maker *m = maker_new(s->seed, f->persons, f->n);
	struct cseal_buf rules;

	if (f->section[0] == '\0')
		return m;
	cseal_buf_init(&rules, 0);
	maker_policy(&rules, NULL, f->section, f->key, f->value);
	cseal_buf_reset(&m->policy);
	cseal_buf_add_str(&m->policy, cseal_buf_str(&rules));
	cseal_buf_free(&rules);
	return m;
}

/* ---- drawing ---- */

/* How often a kind is tried, of the acts behind the founding. */
static const unsigned weights[ACT_KINDS] = {
	[ACT_IBAN] = 8,
	[ACT_ITEM] = 3,
	[ACT_EMAIL] = 4,
	[ACT_AGAIN] = 6,
	[ACT_REMOVE] = 3,
	[ACT_BASELINE] = 3,
	[ACT_KEY_ADD] = 6,
	[ACT_KEY_REVOKE] = 4,
	[ACT_PERSON_SET] = 5,
	[ACT_PERSON_LEAVE] = 3,
	[ACT_POLICY_SET] = 5,
	[ACT_LOG_SET] = 3,
	[ACT_LIFT] = 40,
	[ACT_APPROVE] = 200,
	[ACT_REJECT] = 14,
	[ACT_WITHDRAW] = 14,
	[ACT_APPLY] = 200,
	[ACT_OBSERVE] = 3,
	[ACT_FREEZE_STORE] = 1,
	[ACT_FREEZE_KEY] = 2,
	[ACT_ERASE] = 25,
	[ACT_ENDORSE] = 1,
	[ACT_RESERVED] = 1,
};

static enum act_kind
draw_kind(struct chance *c)
{
	size_t sum = 0, at;
	unsigned k = 0;

	for (size_t i = 0; i < ACT_KINDS; i++)
		sum += weights[i];
	for (at = chance_below(c, sum); at >= weights[k]; k++)
		at -= weights[k];
	return (enum act_kind)k;
}

void
act_draw(struct act *a, struct chance *c, size_t entries, size_t keys)
{
	a->kind = draw_kind(c);
	a->key = chance_below(c, keys);
	a->about = chance_one_in(c, 2) && entries > 6
		       ? entries - 1 - chance_below(c, 6)
		       : chance_below(c, entries);
	if (a->kind == ACT_KEY_REVOKE || a->kind == ACT_FREEZE_KEY)
		a->about = chance_below(c, keys);
	a->choice = (unsigned)chance_below(c, 1024);
	a->days = chance_one_in(c, 3) ? 1 : 0;
	a->wrong = chance_one_in(c, 3) ? 1 + (unsigned)chance_below(c, 8) : 0;
}

/* Genesis and joins, which all else needs. */
static size_t
draw_founding(struct script *s)
{
	const struct founding *f = founding_of(s);
	size_t n = 0, key = 0;

	for (size_t i = 0; i < f->n; key += f->persons[i++].n_keys)
		s->acts[n++] =
		    (struct act){ .kind = i == 0 ? ACT_GENESIS : ACT_JOIN,
			    .key = key };
	return n;
}

/* What does not stand leaves nothing behind: it will not be played. */
static bool
try_act(struct maker *m, const struct act *a)
{
	uint64_t clock = m->clock;
	size_t n_keys = m->n_keys;
	struct maker_draft *d = act_draft(m, a);

	if (d != NULL && maker_add(m, d) == RULE_OK)
		return true;
	m->clock = clock;
	while (m->n_keys > n_keys)
		maker_key_free(&m->keys[--m->n_keys]);
	return false;
}

void
script_draw(struct script *s, uint64_t seed, size_t n)
{
	struct chance c = { .state = seed };
	struct maker *m;

	memset(s, 0, sizeof(*s));
	s->seed = seed;
	s->founding = (unsigned)chance_below(&c, COUNT(foundings));
	s->n = draw_founding(s);
	m = script_maker(s);
	for (size_t i = 0; i < s->n; i++)
		(void)maker_do(m, act_draft(m, &s->acts[i]));
	for (size_t i = 0; i < ATTEMPTS_MAX && s->n < n; i++) {
		struct act *a = &s->acts[s->n];

		act_draw(a, &c, s->n, m->n_keys);
		a->wrong = 0;
		if (try_act(m, a))
			s->n++;
	}
	maker_free(m);
}

/* ---- playing ---- */

struct maker *
script_played(const struct script *s)
{
	struct maker *m = script_maker(s);

	for (size_t i = 0; i < s->n; i++) {
		struct maker_draft *d = act_draft(m, &s->acts[i]);

		if (d == NULL || maker_add(m, d) != RULE_OK)
			break;
	}
	return m;
}

void
script_play(const struct script *s, struct entries *out)
{
	struct maker *m = script_played(s);

	for (uint64_t i = 0; i < cseal_state_size(m->state); i++)
		entries_add(out, maker_bytes(m, i));
	maker_free(m);
}

/* ---- entries ---- */

void
entries_add(struct entries *e, struct cseal_slice bytes)
{
	struct cseal_buf *b = vec_add(&e->list, sizeof(*b));

	assert_non_null(b);
	cseal_buf_init(b, 0);
	assert_int_equal(cseal_buf_add(b, bytes.data, bytes.len), CSEAL_OK);
}

void
entries_insert(struct entries *e, size_t at, struct cseal_slice bytes)
{
	void *last;

	entries_add(e, bytes);
	last = e->list.items[e->list.n - 1];
	memmove(e->list.items + at + 1, e->list.items + at,
	    (e->list.n - 1 - at) * sizeof(void *));
	e->list.items[at] = last;
}

void
entries_remove(struct entries *e, size_t at)
{
	cseal_buf_free(e->list.items[at]);
	free(e->list.items[at]);
	e->list.n--;
	memmove(e->list.items + at, e->list.items + at + 1,
	    (e->list.n - at) * sizeof(void *));
}

struct cseal_slice
entries_at(const struct entries *e, size_t i)
{
	return cseal_buf_slice(e->list.items[i]);
}

static void
free_entry(void *item)
{
	cseal_buf_free(item);
}

void
entries_free(struct entries *e)
{
	vec_free(&e->list, free_entry);
}
