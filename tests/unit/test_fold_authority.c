/* SPDX-License-Identifier: BSD-2-Clause */
/* Persons, keys, rules, the log key and freezes come and go. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "digest.h"
#include "maker_break.h"
#include "maker_within.h"

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
test_founded(void **state)
{
	struct maker *m = maker_usual(3);
	struct cseal_slice genesis;
	uint8_t leaf[CSEAL_HASH_BYTES];

	(void)state;
	(void)maker_do(m, maker_genesis(m, MINA));
	genesis = maker_bytes(m, 0);
	assert_int_equal(
	    cseal_merkle_leaf(genesis.data, genesis.len, leaf), CSEAL_OK);
	assert_memory_equal(
	    cseal_state_authority(m->state), leaf, CSEAL_HASH_BYTES);
	assert_false(cseal_state_founded(m->state));
	assert_true(cseal_state_person(m->state, MINA)->joined);
	(void)maker_do(m, maker_join(m, PETR));
	(void)maker_do(m, maker_join(m, LIN));
	assert_false(cseal_state_founded(m->state));
	(void)maker_do(m, maker_join(m, OMAR));
	assert_true(cseal_state_founded(m->state));
	assert_string_equal(cseal_state_rp_id(m->state), MAKER_RP_ID);
	assert_false(cseal_state_demo(m->state));
	assert_int_equal(cseal_state_key(m->state, OMAR)->person, OMAR);
	assert_int_equal(
	    cseal_state_key(m->state, OMAR)->verdict, CSEAL_VERDICT_SELF);
	maker_free(m);
}

static void
test_demo(void **state)
{
	struct maker *m = maker_usual(3);

	(void)state;
	m->demo = true;
	for (size_t i = 0; i < m->n_keys; i++) {
		memcpy(m->keys[i].aaguid, cseal_software_aaguid,
		    sizeof(m->keys[i].aaguid));
		maker_key_enrol(&m->keys[i], NULL);
	}
	(void)maker_do(m, maker_genesis(m, LIN));
	assert_true(cseal_state_demo(m->state));
	assert_int_equal(
	    cseal_state_key(m->state, LIN)->verdict, CSEAL_VERDICT_SOFTWARE);
	maker_free(m);
}

/* A' = SHA-256(A || T), T with the approval that completes the change. */
static void
test_authority_digest(void **state)
{
	struct maker *m = *state;
	uint8_t before[CSEAL_HASH_BYTES], want[CSEAL_HASH_BYTES];
	struct cseal_slice parts[2] = { { before, sizeof(before) },
		{ NULL, CSEAL_HASH_BYTES } };
	uint64_t n = maker_asked(m);

	memcpy(before, cseal_state_authority(m->state), sizeof(before));
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	assert_memory_equal(
	    cseal_state_authority(m->state), before, sizeof(before));
	n = maker_do(m, maker_log_set(m, MINA, NULL));
	assert_memory_equal(
	    cseal_state_authority(m->state), before, sizeof(before));
	(void)maker_do(m, maker_approve(m, PETR, n));
	parts[1].data = digest_log_last(&state_change(m->state, n)->thread);
	assert_int_equal(digest_sha256(want, parts, 2), CSEAL_OK);
	assert_memory_equal(
	    cseal_state_authority(m->state), want, sizeof(want));
}

static void
test_key_added(void **state)
{
	struct maker *m = *state;
	size_t key = maker_key_new(m, "lin");
	uint64_t n = maker_do(m, maker_key_add(m, LIN, key));

	assert_null(cseal_state_key(m->state, key));
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_non_null(cseal_state_key(m->state, key));
	assert_int_equal(cseal_state_key(m->state, key)->person, LIN);
	assert_int_equal(cseal_state_key(m->state, key)->since, n + 1);
	assert_string_equal(cseal_state_key(m->state, key)->rp_id, MAKER_RP_ID);
	assert_int_equal(maker_change(m, n)->status, CSEAL_CHANGE_IN_FORCE);
	n = maker_do(m, maker_request(m, key, NULL));
	assert_int_equal(maker_change(m, n)->requester, LIN);
	assert_int_equal(maker_change(m, n)->key, key);
}

/* A key of its own rp id seals for that one. */
static void
test_key_of_other_rp_id(void **state)
{
	struct maker *m = *state;
	const struct maker_enrolment how = { .ledger = m->state->id };
	size_t key = maker_key_new(m, "lin");

	memcpy(m->keys[key].rp_id, "example.com", 12);
	maker_key_enrol(&m->keys[key], &how);
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	assert_string_equal(
	    cseal_state_key(m->state, key)->rp_id, "example.com");
	(void)maker_do(m, maker_request(m, key, NULL));
}

static void
test_key_revoked(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_agreed(m, maker_key_revoke(m, MINA, LIN));

	assert_true(cseal_state_key(m->state, LIN)->revoked);
	assert_int_equal(cseal_state_key(m->state, LIN)->revoked_at, n + 1);
	assert_int_equal(cseal_state_key(m->state, LIN)->revoked_reason, 2);
	assert_false(cseal_state_key(m->state, MINA)->revoked);
}

/* Two changes about one person: the second is asked for against the first. */
static void
test_second_change_of_a_person(void **state)
{
	struct maker *m = *state;
	size_t key = maker_key_new(m, "lin");
	uint64_t first = maker_agreed(m, maker_key_add(m, MINA, key));
	uint64_t second = maker_agreed(m, maker_key_revoke(m, MINA, LIN));

	assert_int_equal(maker_change(m, first)->status, CSEAL_CHANGE_REPLACED);
	assert_int_equal(
	    maker_change(m, second)->status, CSEAL_CHANGE_IN_FORCE);
	assert_true(maker_change(m, second)->has_before);
}

static void
test_person_comes(void **state)
{
	struct maker *m = *state;
	size_t key;
	uint64_t n;

	(void)maker_agreed(m, maker_person_set(m, MINA, "zoe", "approver"));
	assert_non_null(cseal_state_person_find(m->state, "zoe"));
	assert_true(cseal_state_founded(m->state));
	key = maker_key_new(m, "zoe");
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	n = maker_asked(m);
	(void)maker_do(m, maker_approve(m, key, n));
	assert_int_equal(maker_change(m, n)->status, CSEAL_CHANGE_APPROVED);
}

static void
test_person_leaves(void **state)
{
	struct maker *m = *state;

	(void)maker_agreed(m, maker_person_leave(m, MINA, "lin"));
	assert_true(cseal_state_person(m->state, LIN)->left);
	assert_int_equal(
	    maker_add(m, maker_request(m, LIN, NULL)), RULE_PERSON_LEFT);
}

static void
test_roles_change(void **state)
{
	struct maker *m = *state;

	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "finance"));
	assert_int_equal(cseal_state_person(m->state, OMAR)->roles.n, 1);
	assert_true(cseal_roles_has(
	    &cseal_state_person(m->state, OMAR)->roles, "finance"));
	assert_int_equal(
	    maker_add(m, maker_request(m, OMAR, NULL)), RULE_REQUESTER_ROLE);
}

static void
test_policy_changes(void **state)
{
	struct maker *m = *state;
	struct cseal_buf text;
	uint64_t n;

	cseal_buf_init(&text, 0);
	maker_policy(
	    &text, NULL, "[change payout.iban]", "approvals", "2 approver");
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	n = maker_approved(m);
	assert_int_equal(maker_change(m, n)->status, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_int_equal(maker_change(m, n)->status, CSEAL_CHANGE_APPROVED);
}

static void
test_log_key(void **state)
{
	struct maker *m = *state;
	uint8_t key[CSEAL_HASH_BYTES] = { 7 };

	(void)maker_agreed(m, maker_log_set(m, MINA, key));
	assert_true(m->state->has_log_key);
	assert_memory_equal(m->state->log_key, key, sizeof(key));
	(void)maker_agreed(m, maker_log_set(m, MINA, NULL));
	assert_false(m->state->has_log_key);
}

/* ---- freezes ---- */

/* Rejections, observations and authority are never blocked. */
static void
test_frozen_store(void **state)
{
	struct maker *m = *state;
	uint64_t n = maker_approved(m), f, k;

	f = maker_do(m, maker_freeze_store(m, MINA, MAKER_STORE));
	assert_non_null(cseal_state_frozen(m->state, MAKER_STORE));
	assert_null(cseal_state_frozen(m->state, "shop-fr"));
	(void)maker_do(m, maker_observe(m, OMAR, "payout", 1));
	(void)maker_do(m, maker_request(m, OMAR, NULL));
	(void)maker_agreed(m, maker_log_set(m, MINA, NULL));
	k = maker_asked(m);
	(void)maker_do(m, maker_reject(m, PETR, k));
	(void)maker_agreed(m, maker_lift(m, MINA, f));
	assert_null(cseal_state_frozen(m->state, MAKER_STORE));
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
}

static void
test_freeze_moves_authority(void **state)
{
	struct maker *m = *state;
	uint8_t before[CSEAL_HASH_BYTES];

	memcpy(before, cseal_state_authority(m->state), sizeof(before));
	(void)maker_do(m, maker_freeze_store(m, MINA, NULL));
	assert_memory_not_equal(
	    cseal_state_authority(m->state), before, sizeof(before));
	assert_non_null(cseal_state_frozen(m->state, "whatever"));
}

/* Each freeze ends by itself, and two lifts do not end each other. */
static void
test_two_freezes(void **state)
{
	struct maker *m = *state;
	uint64_t a = maker_do(m, maker_freeze_store(m, MINA, MAKER_STORE));
	uint64_t b = maker_do(m, maker_freeze_store(m, PETR, NULL));
	uint64_t la = maker_do(m, maker_lift(m, MINA, a));
	uint64_t lb = maker_do(m, maker_lift(m, MINA, b));

	(void)maker_do(m, maker_approve(m, PETR, la));
	assert_non_null(cseal_state_frozen(m->state, MAKER_STORE));
	(void)maker_do(m, maker_approve(m, PETR, lb));
	assert_null(cseal_state_frozen(m->state, MAKER_STORE));
	assert_int_equal(
	    cseal_state_freeze(m->state, 0)->lifted_at, m->entries.n - 2);
}

static void
test_frozen_key(void **state)
{
	struct maker *m = *state;
	uint64_t f = maker_do(m, maker_freeze_key(m, MINA, LIN));

	assert_int_equal(
	    maker_add(m, maker_request(m, LIN, NULL)), RULE_KEY_FROZEN);
	assert_null(cseal_state_frozen(m->state, MAKER_STORE));
	(void)maker_agreed(m, maker_lift(m, MINA, f));
	(void)maker_do(m, maker_request(m, LIN, NULL));
}

static void
test_drift_freezes(void **state)
{
	struct maker *m = *state;
	uint64_t n =
	    maker_do(m, maker_observe(m, OMAR, "payout", CSEAL_OBSERVE_DRIFT));

	assert_non_null(cseal_state_frozen(m->state, MAKER_STORE));
	assert_int_equal(cseal_state_freeze(m->state, 0)->entry, n);
	(void)maker_agreed(m, maker_lift(m, MINA, n));
	assert_null(cseal_state_frozen(m->state, MAKER_STORE));
}

static void
test_drift_reported_alone(void **state)
{
	struct cseal_buf text;
	struct maker *m;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[freeze]", "on drift", "report");
	maker_free(*state);
	*state = m = maker_founded_under(1, cseal_buf_str(&text));
	cseal_buf_free(&text);
	(void)maker_do(
	    m, maker_observe(m, OMAR, "payout", CSEAL_OBSERVE_DRIFT));
	assert_null(cseal_state_frozen(m->state, MAKER_STORE));
}

/* The applier's own match stands and does not confirm. */
static void
test_confirmed(void **state)
{
	struct maker *m = *state;
	const struct cseal_state_slot *t;

	(void)maker_entered(m);
	t = cseal_state_slot_find(m->state, MAKER_STORE, "payout");
	assert_false(t->observed);
	(void)maker_do(m, maker_observe(m, LIN, "payout", 1));
	assert_true(t->observed);
	assert_false(t->confirmed);
	(void)maker_do(m, maker_observe(m, OMAR, "payout", 1));
	assert_true(t->confirmed);
	assert_int_equal(t->confirmed_at, m->entries.n - 1);
	assert_int_equal(t->confirmed_level, 3);
	(void)maker_entered(m);
	t = cseal_state_slot_find(m->state, MAKER_STORE, "payout");
	assert_false(t->observed);
	assert_false(t->confirmed);
}

/* Lin enters an account under that rule, and reports a match of that level. */
static bool
confirms(const char *key, const char *value, size_t who, uint64_t level)
{
	const struct cseal_state_slot *t;
	struct maker_draft *d;
	struct cseal_buf text;
	struct maker *m;
	bool confirmed;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change payout.iban]", key, value);
	m = maker_founded_under(7, cseal_buf_str(&text));
	(void)maker_entered(m);
	d = maker_observe(m, who, "payout", CSEAL_OBSERVE_MATCH);
	d->st.u.observe.level = level;
	(void)maker_do(m, d);
	t = cseal_state_slot_find(m->state, MAKER_STORE, "payout");
	assert_true(t->observed);
	confirmed = t->confirmed;
	maker_free(m);
	cseal_buf_free(&text);
	return confirmed;
}

/* It stands whatever was seen; the policy says what confirms. */
static void
test_confirmed_by_policy(void **state)
{
	static const struct {
		const char *key, *value;
		size_t who;
		uint64_t level;
		bool confirms;
	} rows[] = {
		{ "confirmed level", "none", OMAR, 0, true },
		{ "confirmed level", "tail", OMAR, 0, false },
		{ "confirmed level", "tail", OMAR, 1, true },
		{ "confirmed level", "tail+name+country", OMAR, 1, false },
		{ "confirmed level", "tail+name+country", OMAR, 2, true },
		{ "confirmed level", "tail+name+country", OMAR, 3, true },
		{ "confirmed level", "full", OMAR, 2, false },
		{ "confirmed level", "full", OMAR, 3, true },
		{ "confirmed level", "funds", OMAR, 3, false },
		{ "confirmed level", "funds", OMAR, 4, true },
		{ "confirmed level", "funds", LIN, 4, false },
		{ "confirmed by another", "yes", LIN, 4, false },
		{ "confirmed by another", "no", LIN, 1, true },
		{ "confirmed by another", "no", LIN, 0, false },
		{ "confirmed by another", "no", OMAR, 1, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (confirms(rows[i].key, rows[i].value, rows[i].who,
			rows[i].level) != rows[i].confirms)
			fail_msg("%s = %s, level %d", rows[i].key,
			    rows[i].value, (int)rows[i].level);
	}
}

/* Which desk openings for a key's person go to. */
static void
test_desk_key(void **state)
{
	struct maker *m = *state;
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };
	size_t key = maker_key_new(m, "lin");

	maker_key_desk(&m->keys[key], 1, key);
	maker_key_enrol(&m->keys[key], &how);
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	assert_false(cseal_state_key(m->state, LIN)->has_desk);
	assert_true(cseal_state_key(m->state, key)->has_desk);
	assert_memory_equal(cseal_state_key(m->state, key)->desk,
	    m->keys[key].desk, CSEAL_DESK_KEY_BYTES);
}

/* A monitor's key: no touch, and bad news alone. */
static void
test_monitor(void **state)
{
	struct maker *m = *state;
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };
	size_t key = maker_key_new(m, "omar");

	m->keys[key].monitor = true;
	maker_key_enrol(&m->keys[key], &how);
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	assert_true(cseal_state_key(m->state, key)->monitor);
	(void)maker_do(
	    m, maker_observe(m, key, "payout", CSEAL_OBSERVE_MISMATCH));
	(void)maker_do(m, maker_observe(m, key, "payout", CSEAL_OBSERVE_DRIFT));
}

static void
test_endorsed(void **state)
{
	struct maker *m = *state;
	struct cseal_head before = cseal_state_head(m->state);
	struct maker_draft *d;

	(void)maker_do(m, maker_endorse(m, MINA));
	d = maker_endorse(m, PETR);
	d->st.u.endorse = before;
	(void)maker_do(m, d);
}

static void
test_reserved(void **state)
{
	struct maker *m = *state;
	uint8_t before[CSEAL_HASH_BYTES];

	memcpy(before, cseal_state_authority(m->state), sizeof(before));
	(void)maker_do(m, maker_reserved(m, OMAR));
	assert_true(maker_noted(m, RULE_KIND_RESERVED));
	assert_memory_equal(
	    cseal_state_authority(m->state), before, sizeof(before));
	(void)maker_do(m, maker_request(m, OMAR, NULL));
}

/* Two persons are enough, and neither can go. */
static void
test_two_admins(void **state)
{
	static const struct maker_person two[] = {
		{ "lin", "admin approver operator", 1 },
		{ "mina", "admin approver operator", 1 },
	};
	struct maker *m = maker_founded_by(5, two, 2, NULL);
	size_t key = maker_key_new(m, "lin");
	uint64_t n = maker_do(m, maker_key_add(m, LIN, key));

	(void)state;
	(void)maker_do(m, maker_approve(m, MINA, n));
	n = maker_do(m, maker_key_revoke(m, LIN, LIN));
	(void)maker_do(m, maker_approve(m, MINA, n));
	n = maker_do(m, maker_key_revoke(m, key, 1));
	assert_int_equal(
	    maker_add(m, maker_approve(m, 1, n)), RULE_APPROVER_IS_SUBJECT);
	maker_free(m);
}

#define LIFE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_founded),
		cmocka_unit_test(test_demo),
		cmocka_unit_test(test_two_admins),
		LIFE(test_authority_digest),
		LIFE(test_key_added),
		LIFE(test_key_of_other_rp_id),
		LIFE(test_key_revoked),
		LIFE(test_second_change_of_a_person),
		LIFE(test_person_comes),
		LIFE(test_person_leaves),
		LIFE(test_roles_change),
		LIFE(test_policy_changes),
		LIFE(test_log_key),
		LIFE(test_frozen_store),
		LIFE(test_freeze_moves_authority),
		LIFE(test_two_freezes),
		LIFE(test_frozen_key),
		LIFE(test_drift_freezes),
		LIFE(test_drift_reported_alone),
		LIFE(test_confirmed),
		LIFE(test_confirmed_by_policy),
		LIFE(test_desk_key),
		LIFE(test_monitor),
		LIFE(test_endorsed),
		LIFE(test_reserved),
	};

	return cmocka_run_group_tests_name("fold_authority", tests, NULL, NULL);
}
