/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of apply and erase. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

#define ENTERED CSEAL_APPLY_ENTERED

static void
asked_alone(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_apply(m, LIN, maker_asked(m), ENTERED);
}

static void
one_of_two(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "2 approver");

	b->d = maker_apply(m, LIN, maker_approved(m), ENTERED);
}

/* The approver's key was revoked after the approval. */
static void
approver_revoked(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m), r;

	r = maker_do(m, maker_key_revoke(m, LIN, MINA));
	(void)maker_do(m, maker_approve(m, PETR, r));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
approver_left(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m), r;

	r = maker_do(m, maker_person_leave(m, LIN, "mina"));
	(void)maker_do(m, maker_approve(m, PETR, r));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
approver_lost_role(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m), r;

	r = maker_do(m, maker_person_set(m, LIN, "mina", "admin"));
	(void)maker_do(m, maker_approve(m, PETR, r));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
policy_set_since(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	(void)maker_agreed(
	    m, maker_policy_set(m, MINA, cseal_buf_str(&m->policy)));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
kind_abolished(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change payout.iban]", "", NULL);
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
approver_applies(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "approver"));
	b->d = maker_apply(m, OMAR, n, ENTERED);
}

/* A second before the hour after the approval is over. */
static void
not_cooled(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, "[change payout.iban]", "cooling off", "1h");
	uint64_t n = maker_approved(m);

	b->d = maker_apply(m, LIN, n, ENTERED);
	b->d->st.clock = maker_change(m, n)->approvals[0].clock + 3599;
}

/* Clocks near the end of time do not make the wait short. */
static void
not_cooled_at_the_end_of_time(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, "[change payout.iban]", "cooling off", "1h");
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint64_t n;

	d->st.clock = UINT64_MAX - 100;
	d->st.u.request.not_after = UINT64_MAX;
	n = maker_do(m, d);
	d = maker_approve(m, MINA, n);
	d->st.clock = UINT64_MAX - 10;
	(void)maker_do(m, d);
	b->d = maker_apply(m, LIN, n, ENTERED);
	b->d->st.clock = UINT64_MAX - 1;
}

/* Of the latest of two approvals, not of the last. */
static void
latest_counts(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, "[change payout.iban]", "cooling off", "1h");
	uint64_t n = maker_asked(m);
	struct maker_draft *d = maker_approve(m, MINA, n);

	d->st.clock = maker_change(m, n)->not_after;
	(void)maker_do(m, d);
	b->d = maker_apply(m, LIN, n, ENTERED);
	b->d->st.clock = maker_change(m, n)->not_after + 3599;
}

static void
authority_moved(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	b->d = maker_apply(m, LIN, n, ENTERED);
	(void)maker_agreed(m, maker_log_set(m, MINA, NULL));
}

/* Prepared before the approval that it needs. */
static void
thread_moved(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	b->d = maker_apply(m, LIN, n, ENTERED);
	(void)maker_do(m, maker_approve(m, MINA, n));
}

static void
authority_applied(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_log_set(m, MINA, NULL));

	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
entered_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_apply(m, LIN, maker_entered(m), ENTERED);
}

static void
baseline_applied(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint64_t n;

	d->st.u.request.op = CSEAL_OP_BASELINE;
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
shown_before(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	b->d = maker_apply(m, LIN, n, ENTERED);
	memcpy(b->d->st.u.act.shown.hash,
	    maker_change(m, n)->request->u.request.fields[0].hash,
	    CSEAL_HASH_BYTES);
}

static void
frozen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	(void)maker_do(m, maker_freeze_store(m, PETR, MAKER_STORE));
	b->d = maker_apply(m, LIN, n, ENTERED);
}

static void
frozen_meanwhile(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_approved(m);

	b->d = maker_apply(m, LIN, n, ENTERED);
	(void)maker_do(m, maker_freeze_store(m, PETR, NULL));
}

/* ---- erase ---- */

static void
operator_erases(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	b->d = maker_erase(m, OMAR, n, "iban");
}

static void
erase_open(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_erase(m, MINA, maker_asked(m), "iban");
}

static void
erase_in_force(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_erase(m, MINA, maker_entered(m), "iban");
}

static void
erase_unknown(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	b->d = maker_erase(m, MINA, n, "email");
}

static void
erase_other_leaf(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	b->d = maker_erase(m, MINA, n, "iban");
	b->d->st.u.erase.leaf[0] ^= 1;
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_apply[] = {
	{ RULE_APPLY_NOT_APPROVED, ALL, "asked alone", asked_alone },
	{ RULE_APPLY_NOT_APPROVED, ALL, "one of two", one_of_two },
	{ RULE_APPLY_NOT_APPROVED, ALL, "the approver's key is revoked",
	    approver_revoked },
	{ RULE_APPLY_NOT_APPROVED, ALL, "the approver left", approver_left },
	{ RULE_APPLY_NOT_APPROVED, ALL, "the approver lost the role",
	    approver_lost_role },
	{ RULE_APPLY_NOT_APPROVED, ALL, "other rules since", policy_set_since },
	{ RULE_KIND_NOT_ALLOWED, ALL, "apply: abolished", kind_abolished },
	{ RULE_APPLY_ROLE, ALL, "an approver", approver_applies },
	{ RULE_APPLY_COOLING_OFF, ALL, "a second", not_cooled },
	{ RULE_APPLY_COOLING_OFF, ALL, "the end of time",
	    not_cooled_at_the_end_of_time },
	{ RULE_APPLY_COOLING_OFF, ALL, "the latest clock", latest_counts },
	{ RULE_APPLY_MOVED, ALL, "A", authority_moved },
	{ RULE_APPLY_MOVED, ALL, "T", thread_moved },
	{ RULE_APPLY_AUTHORITY, ALL, "log.set", authority_applied },
	{ RULE_CHANGE_ENDED, ALL, "apply: entered", entered_twice },
	{ RULE_CHANGE_ENDED, ALL, "apply: a baseline", baseline_applied },
	{ RULE_COMMITMENT_TWICE, ALL, "apply: shown", shown_before },
	{ RULE_STORE_FROZEN, ALL, "apply", frozen },
	{ RULE_STORE_FROZEN, ALL, "apply: meanwhile", frozen_meanwhile },
	{ RULE_ERASE_ROLE, ALL, "an operator", operator_erases },
	{ RULE_ERASE_OPEN, ALL, "asked", erase_open },
	{ RULE_ERASE_OPEN, ALL, "in force", erase_in_force },
	{ RULE_FIELDS, ALL, "erase", erase_unknown },
	{ RULE_CHANGE_LEAF, ALL, "erase", erase_other_leaf },
	{ RULE_OK, ALL, NULL, NULL },
};
