/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of observe, freeze and endorse, and what is told of what stands. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

#define MATCH CSEAL_OBSERVE_MATCH

static void
observer_without_role(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change contact.login_email]", "may observe", "monitor");

	b->d = maker_observe(m, LIN, "contact.login_email", MATCH);
}

static void
observed_slot_unknown(struct maker_broken *b)
{
	b->d = maker_observe(maker_broken_base(b), LIN, "moon", MATCH);
}

static void
observed_before(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	b->d = maker_observe(m, LIN, "payout", MATCH);
	memcpy(b->d->fields[0].hash,
	    maker_change(m, n)->request->u.request.fields[1].hash,
	    CSEAL_HASH_BYTES);
}

static void
observed_twice_within(struct maker_broken *b)
{
	b->d = maker_observe(maker_broken_base(b), LIN, "payout", MATCH);
	b->d->fields[1] = b->d->fields[0];
	b->d->fields[1].name = maker_slice("holder");
	b->d->st.u.observe.n_fields = 2;
}

static void
operator_freezes(struct maker_broken *b)
{
	b->d = maker_freeze_store(maker_broken_base(b), OMAR, MAKER_STORE);
}

static void
store_and_key(struct maker_broken *b)
{
	b->d = maker_freeze_store(maker_broken_base(b), MINA, MAKER_STORE);
	b->d->st.u.freeze.has_key = true;
}

static const struct maker_person two_admins[] = {
	{ "lin", "admin approver operator", 1 },
	{ "mina", "admin approver operator", 1 },
};

static void
nobody_left_to_lift(struct maker_broken *b)
{
	b->m = maker_founded_by(1, two_admins, 2, NULL);
	b->d = maker_freeze_key(b->m, 1, 0);
}

/*
 * Lin has another key, but does not decide on the lift of her own; the lift
 * asks for two admins.
 */
static void
owner_cannot_lift(struct maker_broken *b)
{
	struct cseal_buf text;
	struct maker *m;

	cseal_buf_init(&text, 0);
	maker_policy(
	    &text, NULL, "[change freeze.lift]", "may request", "security");
	m = b->m = maker_founded_by(1,
	    (const struct maker_person[]){
		{ "lin", "admin", 2 }, { "mina", "security admin", 1 } },
	    2, cseal_buf_str(&text));
	cseal_buf_free(&text);
	b->d = maker_freeze_key(m, 2, 0);
}

static void
freeze_key_unknown(struct maker_broken *b)
{
	b->d = maker_freeze_key(maker_broken_base(b), MINA, 99);
}

static void
freeze_key_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_do(m, maker_freeze_key(m, MINA, LIN));
	b->d = maker_freeze_key(m, MINA, LIN);
}

static void
endorse_other_root(struct maker_broken *b)
{
	b->d = maker_endorse(maker_broken_base(b), MINA);
	b->d->st.u.endorse.root[0] ^= 1;
}

static void
endorse_unseen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_endorse(m, MINA);
	(void)maker_asked(m);
	b->d->st.u.endorse = cseal_state_head(m->state);
}

/* ---- what stands and is told ---- */

static void
clock_behind(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request(m, LIN, NULL);
	b->d->st.clock = m->state->clocks[m->entries.n - 1] - 601;
	b->d->st.u.request.not_after = b->d->st.clock + 60;
}

static void
counter_same(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_asked(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->counter--;
}

static void
counter_lower(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_asked(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->counter = 1;
}

static void
counter_gone(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_asked(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->counter = 0;
}

/* Two seals over one head, with one number: a twin. */
static void
counter_same_unseen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request_email(m, LIN);
	b->d->counter++;
	(void)maker_asked(m);
}

/*
 * Seal two came with a lower number, unseen by seal one and not having seen
 * it: a notice. Seal three had seen both and lies between.
 */
static void
between(struct maker_broken *b, uint32_t counter)
{
	struct maker *m = maker_broken_base(b);
	struct maker_draft *late = maker_request_email(m, LIN);
	struct maker_draft *early = maker_request(m, LIN, NULL);

	late->counter = 50;
	early->counter = 100;
	(void)maker_do(m, early);
	(void)maker_do(m, late);
	b->d = maker_request(m, LIN, NULL);
	b->d->counter = counter;
}

static void
counter_between(struct maker_broken *b)
{
	between(b, 70);
}

static void
counter_of_the_first(struct maker_broken *b)
{
	between(b, 100);
}

static void
counter_other_order(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request_email(m, LIN);
	(void)maker_asked(m);
}

static void
late_rejection(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	b->d = maker_reject(m, PETR, n);
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
}

static void
late_rejection_of_authority(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_log_set(m, MINA, NULL));

	b->d = maker_reject(m, LIN, n);
	(void)maker_do(m, maker_approve(m, PETR, n));
}

static void
reserved(struct maker_broken *b)
{
	b->d = maker_reserved(maker_broken_base(b), OMAR);
}

#define ALL   MAKER_REFUSED
#define NOTED MAKER_NOTED

const struct maker_break maker_breaks_watch[] = {
	{ RULE_OBSERVER_ROLE, ALL, "an operator", observer_without_role },
	{ RULE_STORE_UNKNOWN, ALL, "observe", observed_slot_unknown },
	{ RULE_COMMITMENT_TWICE, ALL, "observe: of a request",
	    observed_before },
	{ RULE_COMMITMENT_TWICE, ALL, "observe: within",
	    observed_twice_within },
	{ RULE_FREEZE_ROLE, ALL, "an operator", operator_freezes },
	{ RULE_FREEZE_TARGET, ALL, "store and key", store_and_key },
	{ RULE_FREEZE_LOCKS, ALL, "one admin would be left",
	    nobody_left_to_lift },
	{ RULE_FREEZE_LOCKS, ALL, "its owner alone could lift it",
	    owner_cannot_lift },
	{ RULE_KEY_GONE, ALL, "freeze: key 99", freeze_key_unknown },
	{ RULE_KEY_GONE, ALL, "freeze: frozen already", freeze_key_twice },
	{ RULE_ENDORSE_ROOT, ALL, "another root", endorse_other_root },
	{ RULE_ENDORSE_ROOT, ALL, "a head not seen", endorse_unseen },
	{ RULE_CLOCK_BEHIND, NOTED, "601 seconds", clock_behind },
	{ RULE_COUNTER_FALLS, NOTED, "the same", counter_same },
	{ RULE_COUNTER_FALLS, NOTED, "lower", counter_lower },
	{ RULE_COUNTER_FALLS, NOTED, "zero after one", counter_gone },
	{ RULE_COUNTER_FALLS, NOTED, "the same, unseen", counter_same_unseen },
	{ RULE_COUNTER_FALLS, NOTED, "below one before the last",
	    counter_between },
	{ RULE_COUNTER_FALLS, NOTED, "the same as one before the last",
	    counter_of_the_first },
	{ RULE_COUNTER_DISORDER, NOTED, "lower, unseen", counter_other_order },
	{ RULE_LATE_REJECTION, NOTED, "entered meanwhile", late_rejection },
	{ RULE_LATE_REJECTION, NOTED, "authority",
	    late_rejection_of_authority },
	{ RULE_KIND_RESERVED, NOTED, "kind 128", reserved },
	{ RULE_OK, ALL, NULL, NULL },
};
