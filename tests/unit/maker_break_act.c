/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of approve, reject and withdraw. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

static struct maker_draft *
usual(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, MINA, maker_asked(m));
	return b->d;
}

/* ---- which change ---- */

static void
no_such_change(struct maker_broken *b)
{
	usual(b)->st.u.act.index = 1; /* a join */
}

static void
change_of_the_future(struct maker_broken *b)
{
	usual(b)->st.u.act.index = 1000;
}

/* An approval carried over to another request. */
static void
another_change(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	b->d = maker_approve(m, MINA, n);
	b->d->st.u.act.index = maker_do(m, maker_request_email(m, LIN));
}

static void
request_unseen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct cseal_head before = cseal_state_head(m->state);

	b->d = maker_approve(m, MINA, maker_asked(m));
	b->d->st.seen = before;
}

/* ---- what has ended ---- */

static void
approve_rejected(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, PETR, n));
	b->d = maker_approve(m, MINA, n);
}

static void
approve_in_force(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, MINA, maker_entered(m));
}

static void
approve_superseded(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_request(m, OMAR, NULL));

	(void)maker_entered(m);
	b->d = maker_approve(m, MINA, n);
}

/* A rejection by one who had seen that it is in force is not late but void. */
static void
reject_in_force(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_reject(m, PETR, maker_entered(m));
}

static void
reject_withdrawn(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	b->d = maker_reject(m, PETR, n);
	(void)maker_do(m, maker_withdraw(m, LIN, n));
}

static void
withdraw_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_withdraw(m, LIN, n));
	b->d = maker_withdraw(m, LIN, n);
}

static void
withdraw_in_force(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_withdraw(m, LIN, maker_entered(m));
}

/* ---- who ---- */

static void
requester_approves(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, LIN, maker_asked(m));
}

static size_t
second_key(struct maker *m, const char *handle)
{
	size_t key = maker_key_new(m, handle);
	uint64_t n = maker_do(
	    m, maker_key_add(m, MINA, key)); /* Mina may ask for her own */

	(void)maker_do(m, maker_approve(m, PETR, n));
	return key;
}

static void
requester_with_second_key(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	size_t key = second_key(m, "lin");

	b->d = maker_approve(m, key, maker_asked(m));
}

static void
subject_approves_own_key(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	size_t key = maker_key_new(m, "lin");
	uint64_t n = maker_do(m, maker_key_add(m, MINA, key));

	b->d = maker_approve(m, LIN, n);
}

static void
subject_approves_own_roles(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(
	    m, maker_person_set(m, MINA, "lin", "admin approver finance"));

	b->d = maker_approve(m, LIN, n);
}

static void
subject_approves_own_revocation(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_key_revoke(m, MINA, LIN));

	b->d = maker_approve(m, LIN, n);
}

/* Whose key is frozen uses another one to lift it. */
static void
subject_lifts_own_freeze(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	size_t key = second_key(m, "lin");
	uint64_t n = maker_do(m, maker_freeze_key(m, MINA, LIN));

	n = maker_do(m, maker_lift(m, MINA, n));
	b->d = maker_approve(m, key, n);
}

static void
approves_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "2 approver");
	uint64_t n = maker_approved(m);

	b->d = maker_approve(m, MINA, n);
}

static void
approves_twice_with_two_keys(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "2 approver");
	size_t key = second_key(m, "mina");
	uint64_t n = maker_approved(m);

	b->d = maker_approve(m, key, n);
}

static void
operator_approves(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, OMAR, maker_asked(m));
}

/* The place left is finance's; two approvers do not fill it. */
static void
approver_for_finance(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "1 approver and 1 finance");
	uint64_t n = maker_approved(m);

	b->d = maker_approve(m, PETR, n);
}

static void
third_of_two(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, PETR, maker_approved(m));
}

static void
operator_rejects(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_reject(m, OMAR, maker_asked(m));
}

static void
requester_rejects(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_reject(m, LIN, maker_asked(m));
}

static void
subject_rejects(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_key_revoke(m, MINA, LIN));

	b->d = maker_reject(m, LIN, n);
}

static void
another_withdraws(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_withdraw(m, MINA, maker_asked(m));
}

/* ---- when, and what is said ---- */

static void
a_second_too_late(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	d->st.clock = maker_change(b->m, d->st.u.act.index)->not_after + 1;
}

static void
policy_set_meanwhile(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	struct maker *m = b->m;

	(void)maker_agreed(
	    m, maker_policy_set(m, MINA, cseal_buf_str(&m->policy)));
	b->d = d;
}

static void
kind_abolished(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change payout.iban]", "", NULL);
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	b->d = maker_approve(m, MINA, n);
}

static void
softer_facts(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	struct cseal_facts f;

	assert_int_equal(cseal_facts_parse(&f, d->st.u.act.facts), CSEAL_OK);
	memcpy(f.country, "FR", 3);
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, &f), CSEAL_OK);
	d->st.u.act.facts = cseal_buf_slice(&d->facts);
}

static void
shown_before(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	memcpy(d->st.u.act.shown.hash,
	    maker_change(b->m, d->st.u.act.index)
		->request->u.request.fields[0]
		.hash,
	    CSEAL_HASH_BYTES);
}

static void
reentered_unknown(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	d->names[0] = maker_slice("iban");
	d->names[1] = maker_slice("email");
	d->st.u.act.n_reentered = 2;
}

static void
reentered_nothing(struct maker_broken *b)
{
	usual(b)->st.u.act.n_reentered = 0;
}

/* The account alone, where all is wanted. */
static void
reentered_too_little(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, "[change payout.iban]", "re-enter", "all");

	b->d = maker_approve(m, MINA, maker_asked(m));
	b->d->names[0] = maker_slice("iban");
	b->d->st.u.act.n_reentered = 1;
}

/* Another field of the kind, in place of the account. */
static void
reentered_another(struct maker_broken *b)
{
	usual(b)->names[0] = maker_slice("holder");
}

static void
store_frozen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_freeze_store(m, PETR, MAKER_STORE));
	b->d = maker_approve(m, MINA, n);
}

static void
all_frozen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_freeze_store(m, PETR, NULL));
	b->d = maker_approve(m, MINA, n);
}

static void
frozen_by_drift(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	(void)maker_do(
	    m, maker_observe(m, OMAR, "payout", CSEAL_OBSERVE_DRIFT));
	b->d = maker_approve(m, MINA, n);
}

static void
lift_unseen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m), f;

	f = maker_do(m, maker_freeze_store(m, PETR, MAKER_STORE));
	b->d = maker_approve(m, MINA, n);
	(void)maker_agreed(m, maker_lift(m, MINA, f));
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_act[] = {
	{ RULE_CHANGE_UNKNOWN, ALL, "not a request", no_such_change },
	{ RULE_CHANGE_UNKNOWN, ALL, "index 1000", change_of_the_future },
	{ RULE_CHANGE_LEAF, ALL, "moved to another", another_change },
	{ RULE_CHANGE_UNSEEN, ALL, "approved unseen", request_unseen },
	{ RULE_CHANGE_ENDED, ALL, "approve: rejected", approve_rejected },
	{ RULE_CHANGE_ENDED, ALL, "approve: in force", approve_in_force },
	{ RULE_CHANGE_ENDED, ALL, "approve: superseded", approve_superseded },
	{ RULE_CHANGE_ENDED, ALL, "reject: seen in force", reject_in_force },
	{ RULE_CHANGE_ENDED, ALL, "reject: withdrawn", reject_withdrawn },
	{ RULE_CHANGE_ENDED, ALL, "withdraw: withdrawn", withdraw_twice },
	{ RULE_CHANGE_ENDED, ALL, "withdraw: in force", withdraw_in_force },
	{ RULE_APPROVER_IS_REQUESTER, ALL, "one key", requester_approves },
	{ RULE_APPROVER_IS_REQUESTER, ALL, "a second key",
	    requester_with_second_key },
	{ RULE_APPROVER_IS_SUBJECT, ALL, "key.add", subject_approves_own_key },
	{ RULE_APPROVER_IS_SUBJECT, ALL, "person.set",
	    subject_approves_own_roles },
	{ RULE_APPROVER_IS_SUBJECT, ALL, "key.revoke",
	    subject_approves_own_revocation },
	{ RULE_APPROVER_IS_SUBJECT, ALL, "freeze.lift",
	    subject_lifts_own_freeze },
	{ RULE_APPROVER_TWICE, ALL, "one key", approves_twice },
	{ RULE_APPROVER_TWICE, ALL, "a second key",
	    approves_twice_with_two_keys },
	{ RULE_APPROVER_ROLE, ALL, "an operator", operator_approves },
	{ RULE_APPROVER_ROLE, ALL, "a place of another role",
	    approver_for_finance },
	{ RULE_APPROVE_NEEDLESS, ALL, "a third", third_of_two },
	{ RULE_REJECTER_ROLE, ALL, "an operator", operator_rejects },
	{ RULE_REJECTER_ROLE, ALL, "who asked", requester_rejects },
	{ RULE_REJECTER_ROLE, ALL, "whom it is about", subject_rejects },
	{ RULE_WITHDRAW_OTHERS, ALL, "another's", another_withdraws },
	{ RULE_APPROVE_EXPIRED, ALL, "a second", a_second_too_late },
	{ RULE_POLICY_UNSEEN, ALL, "set meanwhile", policy_set_meanwhile },
	{ RULE_KIND_NOT_ALLOWED, ALL, "approve: abolished", kind_abolished },
	{ RULE_APPROVE_FACTS, ALL, "another country", softer_facts },
	{ RULE_COMMITMENT_TWICE, ALL, "of a text shown", shown_before },
	{ RULE_FIELDS, ALL, "re-entered", reentered_unknown },
	{ RULE_APPROVE_REENTRY, ALL, "nothing", reentered_nothing },
	{ RULE_APPROVE_REENTRY, ALL, "the account alone",
	    reentered_too_little },
	{ RULE_APPROVE_REENTRY, ALL, "another field", reentered_another },
	{ RULE_STORE_FROZEN, ALL, "approve: the store", store_frozen },
	{ RULE_STORE_FROZEN, ALL, "approve: all stores", all_frozen },
	{ RULE_STORE_FROZEN, ALL, "approve: by a drift", frozen_by_drift },
	{ RULE_LIFT_UNSEEN, ALL, "approved while frozen", lift_unseen },
	{ RULE_OK, ALL, NULL, NULL },
};
