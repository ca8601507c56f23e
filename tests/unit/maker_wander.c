/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker_wander.h"

#define DAY 86400

static unsigned
chance(struct maker *m, unsigned below)
{
	uint8_t p[4];

	maker_draw(m, p, sizeof(p));
	return ((unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2]) % below;
}

/* One of the first four keys, seldom another. */
static size_t
any_key(struct maker *m)
{
	return chance(m, chance(m, 4) == 0 ? (unsigned)m->n_keys : 4);
}

/* The index of a change, mostly one of the last. */
static uint64_t
any_change(struct maker *m)
{
	unsigned n = (unsigned)m->state->changes.n;
	unsigned last = n < 4 ? n : 4;

	if (n == 0)
		return UINT64_MAX;
	return cseal_state_change(m->state,
	    chance(m, 4) == 0 ? chance(m, n) : n - 1 - chance(m, last))
	    ->index;
}

static const char *
any_person(struct maker *m)
{
	return cseal_state_person(
	    m->state, chance(m, (unsigned)m->state->persons.n))
	    ->handle;
}

static struct maker_draft *
add_key(struct maker *m, size_t key)
{
	size_t k = m->n_keys < MAKER_KEYS ? maker_key_new(m, any_person(m))
					  : any_key(m);

	return maker_key_add(m, key, k);
}

static struct maker_draft *
set_person(struct maker *m, size_t key)
{
	static const char *const handles[] = { "lin", "mina", "omar", "zoe" };
	static const char *const roles[] = { "admin approver operator",
		"admin approver", "operator", "approver" };

	return maker_person_set(
	    m, key, handles[chance(m, 4)], roles[chance(m, 4)]);
}

static struct maker_draft *
set_policy(struct maker *m, size_t key)
{
	static const char *const approvals[] = { "1 approver", "2 approver" };
	struct cseal_buf text;
	struct maker_draft *d;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change payout.iban]", "approvals",
	    approvals[chance(m, 2)]);
	d = maker_policy_set(m, key, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return d;
}

static struct maker_draft *
set_log(struct maker *m, size_t key)
{
	uint8_t log_key[CSEAL_HASH_BYTES];

	maker_draw(m, log_key, sizeof(log_key));
	return maker_log_set(m, key, chance(m, 3) == 0 ? NULL : log_key);
}

static struct maker_draft *
lift(struct maker *m, size_t key)
{
	size_t n = m->state->freezes.n;

	return n == 0 ? maker_endorse(m, key)
		      : maker_lift(m, key,
			    cseal_state_freeze(m->state, chance(m, (unsigned)n))
				->entry);
}

static struct maker_draft *
request(struct maker *m, size_t key)
{
	static const char *const slots[] = { NULL, "payout/k3m9x2ab" };
	struct maker_draft *d = maker_request(m, key, slots[chance(m, 2)]);

	if (chance(m, 6) == 0)
		maker_request_remove(d);
	return d;
}

/* An act about a change, or another request if there is none. */
static struct maker_draft *
about(struct maker *m, size_t key, unsigned act)
{
	uint64_t n = any_change(m);

	if (n == UINT64_MAX)
		return maker_request_email(m, key);
	if (act < 8)
		return maker_approve(m, key, n);
	if (act < 13)
		return maker_apply(m, key, n, act < 12 ? 1 : 2 + chance(m, 2));
	if (act == 13)
		return maker_reject(m, key, n);
	return act == 14 ? maker_withdraw(m, key, n)
			 : maker_erase(m, key, n, "iban");
}

static struct maker_draft *
authority(struct maker *m, size_t key, unsigned act)
{
	switch (act) {
	case 0:
	case 1: return add_key(m, key);
	case 2:
		return maker_key_revoke(
		    m, key, chance(m, (unsigned)m->state->keys.n));
	case 3:
	case 4: return set_person(m, key);
	case 5:
		return chance(m, 3) == 0
			   ? maker_person_leave(m, key, any_person(m))
			   : set_person(m, key);
	case 6: return set_policy(m, key);
	case 7: return set_log(m, key);
	default: return lift(m, key);
	}
}

static struct maker_draft *
watch(struct maker *m, size_t key, unsigned act)
{
	switch (act) {
	case 0:
	case 1:
	case 2: return maker_observe(m, key, "payout", 1);
	case 3: return maker_observe(m, key, "payout", 2 + chance(m, 2));
	case 4: return maker_freeze_store(m, key, MAKER_STORE);
	case 5:
		return maker_freeze_key(
		    m, key, chance(m, (unsigned)m->state->keys.n));
	case 6: return maker_endorse(m, key);
	default: return maker_reserved(m, key);
	}
}

static struct maker_draft *
any_draft(struct maker *m)
{
	size_t key = any_key(m);
	unsigned act = chance(m, 40);
	struct maker_draft *d;

	if (act < 6)
		d = request(m, key);
	else if (act < 8)
		d = maker_request_email(m, key);
	else if (act < 24)
		d = about(m, key, act - 8);
	else if (act < 35)
		d = authority(m, key, act - 24);
	else
		d = watch(m, key, chance(m, 8));
	if (chance(m, 16) == 0)
		d->st.clock -= DAY;
	if (chance(m, 16) == 0)
		d->counter = chance(m, 3);
	return d;
}

void
maker_wander(struct maker *m, unsigned tries)
{
	struct maker_draft *first;

	for (unsigned i = 0; i < tries; i++) {
		first = any_draft(m);
		if (chance(m, 5) == 0)
			(void)maker_add(m, any_draft(m));
		(void)maker_add(m, first);
	}
}
