/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a change: asked, approved, in force, and every other end. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

#define ENTERED CSEAL_APPLY_ENTERED

static int
setup(void **state)
{
	*state = maker_founded(1);
	return 0;
}

static int
teardown(void **state)
{
	maker_free(*state);
	return 0;
}

static void
assert_status(
    const struct maker *m, uint64_t change, enum cseal_change_status status)
{
	assert_string_equal(
	    cseal_change_status_name(maker_change(m, change)->status),
	    cseal_change_status_name(status));
}

static const struct cseal_state_slot *
payout(const struct maker *m)
{
	return cseal_state_slot_find(m->state, MAKER_STORE, "payout");
}

static void
test_asked(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_asked(m);
	const struct cseal_state_change *c = maker_change(m, n);

	assert_status(m, n, CSEAL_CHANGE_ASKED);
	assert_int_equal(c->index, n);
	assert_string_equal(c->kind->name, "payout.iban");
	assert_string_equal(c->store, MAKER_STORE);
	assert_string_equal(c->slot, "payout");
	assert_int_equal(c->key, LIN);
	assert_int_equal(c->requester, LIN);
	assert_int_equal(c->not_after - c->clock, 72 * 3600);
	assert_string_equal(c->facts.country, "DE");
	assert_string_equal(c->facts.bank_code, "BIC:COBADEFF");
	assert_false(c->has_before);
	assert_null(payout(m));
}

static void
test_in_force(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	assert_int_equal(maker_change(m, n)->approved_by, n + 1);
	assert_int_equal(maker_change(m, n)->n_approvals, 1);
	assert_int_equal(maker_change(m, n)->approvals[0].person, MINA);
	assert_null(payout(m));
	(void)maker_do(m, maker_apply(m, PETR, n, ENTERED));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	assert_int_equal(maker_change(m, n)->decided_by, n + 2);
	assert_int_equal(payout(m)->change, n);
	assert_int_equal(payout(m)->since, n + 2);
	assert_int_equal(payout(m)->applier, PETR);
}

static void
test_replaced(void **state)
{
	struct maker *m = *state;
	uint64_t old = maker_entered(m), new = maker_entered(m);

	assert_status(m, old, CSEAL_CHANGE_REPLACED);
	assert_status(m, new, CSEAL_CHANGE_IN_FORCE);
	assert_true(maker_change(m, new)->has_before);
	assert_memory_equal(maker_change(m, new)->before,
	    maker_change(m, old)->leaf, CSEAL_HASH_BYTES);
	assert_int_equal(payout(m)->change, new);
}

static void
test_removed(void **state)
{
	struct maker *m = *state;
	uint64_t old = maker_entered(m), n;
	struct maker_draft *d = maker_request(m, LIN, NULL);

	maker_request_remove(d);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	assert_status(m, old, CSEAL_CHANGE_REPLACED);
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	assert_int_equal(payout(m)->change, n);
	(void)maker_entered(m);
	assert_status(m, n, CSEAL_CHANGE_REPLACED);
}

static void
test_baseline(void **state)
{
	struct maker *m = *state;
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint64_t other, n;

	other = maker_asked(m);
	d->st.u.request.op = CSEAL_OP_BASELINE;
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	assert_int_equal(payout(m)->change, n);
	assert_int_equal(payout(m)->applier, STATE_NOBODY);
	assert_status(m, other, CSEAL_CHANGE_SUPERSEDED);
}

static void
test_rejected(void **state)
{
	struct maker *m = *state;
	uint64_t asked = maker_asked(m), approved = maker_approved(m);

	(void)maker_do(m, maker_reject(m, MINA, asked));
	assert_status(m, asked, CSEAL_CHANGE_REJECTED);
	(void)maker_do(m, maker_reject(m, PETR, approved));
	assert_status(m, approved, CSEAL_CHANGE_REJECTED);
	assert_int_equal(
	    maker_change(m, approved)->decided_by, m->entries.n - 1);
	assert_null(payout(m));
}

/* Who approved may think better of it. */
static void
test_rejected_by_approver(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_REJECTED);
}

static void
test_withdrawn(void **state)
{
	struct maker *m = *state;
	uint64_t asked = maker_asked(m), approved = maker_approved(m);

	(void)maker_do(m, maker_withdraw(m, LIN, asked));
	assert_status(m, asked, CSEAL_CHANGE_WITHDRAWN);
	(void)maker_do(m, maker_withdraw(m, LIN, approved));
	assert_status(m, approved, CSEAL_CHANGE_WITHDRAWN);
}

static void
test_superseded(void **state)
{
	struct maker *m = *state;
	uint64_t asked = maker_asked(m), approved = maker_approved(m);
	uint64_t item = maker_do(m, maker_request(m, LIN, "payout/k3m9x2ab"));
	uint64_t email = maker_do(m, maker_request_email(m, LIN));
	uint64_t n = maker_entered(m);

	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	assert_status(m, asked, CSEAL_CHANGE_SUPERSEDED);
	assert_status(m, approved, CSEAL_CHANGE_SUPERSEDED);
	assert_int_equal(maker_change(m, asked)->decided_by, m->entries.n - 1);
	assert_status(m, item, CSEAL_CHANGE_ASKED);
	assert_status(m, email, CSEAL_CHANGE_ASKED);
}

static void
test_failed(void **state)
{
	struct maker *m = *state;
	uint64_t refused = maker_approved(m), differs = maker_approved(m);

	(void)maker_do(m, maker_apply(m, LIN, refused, CSEAL_APPLY_REFUSED));
	(void)maker_do(m, maker_apply(m, LIN, differs, CSEAL_APPLY_DIFFERS));
	assert_status(m, refused, CSEAL_CHANGE_FAILED);
	assert_status(m, differs, CSEAL_CHANGE_FAILED);
	assert_null(payout(m));
}

/* A view: the state knows no time of day. */
static void
test_expired(void **state)
{
	struct maker *m = *state;
	uint64_t asked = maker_asked(m), approved = maker_approved(m);
	const struct cseal_state_change *a = maker_change(m, asked);
	const struct cseal_state_change *b = maker_change(m, approved);

	assert_int_equal(
	    cseal_change_view(a, a->not_after), CSEAL_CHANGE_ASKED);
	assert_int_equal(
	    cseal_change_view(a, a->not_after + 1), CSEAL_CHANGE_EXPIRED);
	assert_int_equal(a->status, CSEAL_CHANGE_ASKED);
	assert_int_equal(
	    cseal_change_view(b, b->not_after + 1), CSEAL_CHANGE_APPROVED);
}

/* To the second: until not-after an approval stands. */
static void
test_approved_at_the_last_second(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_asked(m);
	struct maker_draft *d = maker_approve(m, MINA, n);

	d->st.clock = maker_change(m, n)->not_after;
	(void)maker_do(m, d);
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
}

static struct maker *
under(void **state, const char *section, const char *key, const char *value)
{
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, section, key, value);
	maker_free(*state);
	*state = maker_founded_under(1, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return *state;
}

static void
test_cooling_off(void **state)
{
	struct maker *m =
	    under(state, "[change payout.iban]", "cooling off", "1h");
	uint64_t n = maker_approved(m);
	const struct cseal_state_change *c = maker_change(m, n);
	struct maker_draft *d = maker_apply(m, LIN, n, ENTERED);

	assert_int_equal(c->apply_not_before, c->approvals[0].clock + 3600);
	d->st.clock = c->apply_not_before;
	(void)maker_do(m, d);
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
}

/* Both sealed over one head: neither had seen the other's. */
static void
test_parallel_approvals(void **state)
{
	struct maker *m =
	    under(state, "[change payout.iban]", "approvals", "2 approver");
	uint64_t n = maker_asked(m);
	struct maker_draft *a = maker_approve(m, MINA, n);
	struct maker_draft *b = maker_approve(m, PETR, n);

	assert_memory_equal(&a->st.seen, &b->st.seen, sizeof(a->st.seen));
	(void)maker_do(m, b);
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, a);
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	assert_int_equal(maker_change(m, n)->approved_by, n + 2);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
}

/* The first place must not be taken from whom could fill no other. */
static void
test_places_are_matched(void **state)
{
	struct maker *m = under(state, "[change payout.iban]", "approvals",
	    "1 approver and 1 finance");
	uint64_t n;

	(void)maker_agreed(
	    m, maker_person_set(m, MINA, "omar", "finance approver"));
	n = maker_asked(m);
	(void)maker_do(m, maker_approve(m, OMAR, n));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
}

static uint64_t
agreed_by_lin(struct maker *m, struct maker_draft *d)
{
	uint64_t n = maker_do(m, d);

	return maker_do(m, maker_approve(m, PETR, n));
}

/* The approver's key is revoked while the change waits to be entered. */
static void
test_approval_lost(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m);

	(void)agreed_by_lin(m, maker_key_revoke(m, LIN, MINA));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
}

/* The same person approves again with another key. */
static void
test_approval_lost_and_given_again(void **state)
{
	struct maker *m = *state;
	size_t key = maker_key_new(m, "mina");
	uint64_t n;

	(void)agreed_by_lin(m, maker_key_add(m, LIN, key));
	n = maker_approved(m);
	(void)agreed_by_lin(m, maker_key_revoke(m, LIN, MINA));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, key, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
}

/*
 * An approval that counted no more does not come back with the role: the
 * change needs approvals again, and the same person may give one.
 */
static void
test_role_lost_and_regained(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m);

	(void)agreed_by_lin(m, maker_person_set(m, LIN, "mina", "admin"));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)agreed_by_lin(
	    m, maker_person_set(m, LIN, "mina", "admin approver"));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
}

/* The same where all the places would have been filled again. */
static void
test_role_regained_in_authority(void **state)
{
	struct maker *m =
	    under(state, "[change log.set]", "approvals", "2 admin");
	uint64_t n;

	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "admin"));
	n = maker_do(m, maker_log_set(m, LIN, NULL));
	(void)maker_do(m, maker_approve(m, OMAR, n));
	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "operator"));
	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "admin"));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, OMAR, n));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
}

/*
 * Omar could fill either place and had filled finance's. Without that role
 * the two approvers are one too many: who came first stays.
 */
static void
test_place_lost(void **state)
{
	struct maker *m = under(state, "[change payout.iban]", "approvals",
	    "1 approver and 1 finance");
	uint64_t n;

	(void)maker_agreed(
	    m, maker_person_set(m, MINA, "omar", "approver finance"));
	n = maker_approved(m);
	(void)maker_do(m, maker_approve(m, OMAR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "approver"));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	assert_false(maker_change(m, n)->approvals[0].lapsed);
	assert_true(maker_change(m, n)->approvals[1].lapsed);
	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "finance"));
	(void)maker_do(m, maker_approve(m, OMAR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
}

/* A new policy starts open changes afresh. */
static void
test_policy_set_between(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m);

	(void)agreed_by_lin(
	    m, maker_policy_set(m, LIN, cseal_buf_str(&m->policy)));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	assert_int_equal(maker_change(m, n)->n_approvals, 2);
}

static void
test_late_rejection(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m);
	struct maker_draft *late = maker_reject(m, PETR, n);

	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	(void)maker_do(m, late);
	assert_true(maker_noted(m, RULE_LATE_REJECTION));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	/* The thread goes on: whoever acts next has it in T. */
	assert_int_equal(state_change(m->state, n)->thread.n, 4);
}

/* Behind by the tolerance and no more; and the end of time is not behind. */
static void
test_clock_within_tolerance(void **state)
{
	struct maker *m = *state;
	struct maker_draft *d = maker_request(m, LIN, NULL);

	d->st.clock = m->state->clocks[m->entries.n - 1] - 600;
	d->st.u.request.not_after = d->st.clock + 60;
	(void)maker_do(m, d);
	assert_false(maker_noted(m, RULE_CLOCK_BEHIND));
	d = maker_request(m, LIN, NULL);
	d->st.clock = UINT64_MAX - 1;
	d->st.u.request.not_after = UINT64_MAX;
	(void)maker_do(m, d);
	assert_false(maker_noted(m, RULE_CLOCK_BEHIND));
}

/* Keys without a counter say zero for ever. */
static void
test_counter_zero(void **state)
{
	struct maker *m = *state;
	size_t key = maker_key_new(m, "lin");
	struct maker_draft *d;

	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	for (int i = 0; i < 3; i++) {
		d = maker_request(m, key, NULL);
		d->counter = 0;
		(void)maker_do(m, d);
		assert_int_equal(m->notes.n, 0);
	}
}

/* A number that was not seen may be passed; the order is only told. */
static void
test_counter_unseen(void **state)
{
	struct maker *m = *state;
	struct maker_draft *a = maker_request(m, LIN, NULL);
	struct maker_draft *b = maker_request_email(m, LIN);

	(void)maker_do(m, b);
	assert_int_equal(m->notes.n, 0);
	(void)maker_do(m, a);
	assert_true(maker_noted(m, RULE_COUNTER_DISORDER));
	assert_false(maker_noted(m, RULE_COUNTER_FALLS));
	(void)maker_do(m, maker_request(m, LIN, NULL));
	assert_int_equal(m->notes.n, 0);
}

static void
test_erased(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	(void)maker_do(m, maker_erase(m, PETR, n, "iban"));
	assert_true(maker_change(m, n)->erased);
	assert_status(m, n, CSEAL_CHANGE_REJECTED);
}

static void
test_missing(void **state)
{
	struct maker *m = under(state, "[change payout.iban]", "approvals",
	    "2 approver and 1 finance");
	uint64_t n = maker_asked(m);
	struct cseal_buf out;

	cseal_buf_init(&out, 0);
	assert_int_equal(
	    cseal_change_missing(m->state, maker_change(m, n), &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), "2 approver and 1 finance");
	(void)maker_do(m, maker_approve(m, MINA, n));
	cseal_buf_reset(&out);
	assert_int_equal(
	    cseal_change_missing(m->state, maker_change(m, n), &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), "1 approver and 1 finance");
	cseal_buf_free(&out);
}

static void
test_may_approve(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_asked(m);
	static const bool may[] = { false, true, true, false };

	for (size_t i = 0; i < MAKER_PERSONS; i++)
		assert_int_equal(
		    cseal_change_may_approve(m->state, maker_change(m, n),
			cseal_state_person(m->state, i)),
		    may[i]);
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_false(cseal_change_may_approve(
	    m->state, maker_change(m, n), cseal_state_person(m->state, PETR)));
}

#define LIFE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(test_asked),
		LIFE(test_in_force),
		LIFE(test_replaced),
		LIFE(test_removed),
		LIFE(test_baseline),
		LIFE(test_rejected),
		LIFE(test_rejected_by_approver),
		LIFE(test_withdrawn),
		LIFE(test_superseded),
		LIFE(test_failed),
		LIFE(test_expired),
		LIFE(test_approved_at_the_last_second),
		LIFE(test_cooling_off),
		LIFE(test_parallel_approvals),
		LIFE(test_places_are_matched),
		LIFE(test_approval_lost),
		LIFE(test_approval_lost_and_given_again),
		LIFE(test_role_lost_and_regained),
		LIFE(test_role_regained_in_authority),
		LIFE(test_place_lost),
		LIFE(test_policy_set_between),
		LIFE(test_late_rejection),
		LIFE(test_clock_within_tolerance),
		LIFE(test_counter_zero),
		LIFE(test_counter_unseen),
		LIFE(test_erased),
		LIFE(test_missing),
		LIFE(test_may_approve),
	};

	return cmocka_run_group_tests_name("fold_life", tests, NULL, NULL);
}
