/* SPDX-License-Identifier: BSD-2-Clause */
/* The maker itself: what it makes stands, and is the same each time. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker.h"

/* A ledger with an entry of each kind of act, and a second key. */
static struct maker *
make(uint64_t seed)
{
	struct maker *m = maker_founded(seed);
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
	size_t key;

	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	key = maker_key_new(m, "lin");
	n = maker_do(m, maker_key_add(m, LIN, key));
	(void)maker_do(m, maker_approve(m, PETR, n));
	n = maker_do(m, maker_request_email(m, key));
	(void)maker_do(m, maker_reject(m, MINA, n));
	n = maker_do(m, maker_request(m, OMAR, NULL));
	(void)maker_do(m, maker_withdraw(m, OMAR, n));
	n = maker_do(m, maker_key_revoke(m, MINA, LIN));
	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_do(m, maker_erase(m, PETR, 9, "email"));
	n = maker_do(m, maker_freeze_store(m, MINA, NULL));
	n = maker_do(m, maker_lift(m, MINA, n));
	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_do(
	    m, maker_observe(m, MINA, "payout", CSEAL_OBSERVE_MATCH));
	n = maker_do(m, maker_person_set(m, MINA, "zoe", "admin"));
	(void)maker_do(m, maker_approve(m, PETR, n));
	n = maker_do(m, maker_person_leave(m, MINA, "omar"));
	(void)maker_do(m, maker_approve(m, PETR, n));
	n = maker_do(m, maker_policy_set(m, MINA, cseal_buf_str(&m->policy)));
	(void)maker_do(m, maker_approve(m, PETR, n));
	n = maker_do(m, maker_log_set(m, MINA, NULL));
	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_do(m, maker_freeze_key(m, MINA, key));
	(void)maker_do(m, maker_endorse(m, MINA));
	return m;
}

static void
test_same_bytes(void **state)
{
	struct maker *a = make(7), *b = make(7), *c = make(8);

	(void)state;
	assert_int_equal(a->entries.n, b->entries.n);
	for (size_t i = 0; i < a->entries.n; i++) {
		struct cseal_slice x = maker_bytes(a, i), y = maker_bytes(b, i),
				   z = maker_bytes(c, i);

		assert_int_equal(x.len, y.len);
		assert_memory_equal(x.data, y.data, x.len);
		assert_true(
		    x.len != z.len || memcmp(x.data, z.data, x.len) != 0);
	}
	maker_free(a);
	maker_free(b);
	maker_free(c);
}

static void
test_written(void **state)
{
	char folder[] = "/tmp/test_maker.XXXXXX", path[64];
	struct cseal_error err = { 0 };
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	struct maker *m = make(1);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/l", folder);
	maker_write(m, path);
	assert_int_equal(
	    cseal_ledger_open(&l, path, CSEAL_LEDGER_READ, &err), CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &err), CSEAL_OK);
	assert_null(cseal_replay_ended(r));
	assert_true(cseal_replay_clean(r));
	assert_int_equal(cseal_replay_sealed(r), m->entries.n);
	assert_memory_equal(cseal_state_authority(cseal_replay_state(r)),
	    cseal_state_authority(m->state), CSEAL_HASH_BYTES);
	cseal_replay_free(r);
	cseal_ledger_close(l);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	maker_free(m);
}

/* A key of each algorithm is enrolled, and its seals stand. */
static void
test_algorithms(void **state)
{
	static const int algs[] = { CSEAL_ALG_ES256, CSEAL_ALG_ES384,
		CSEAL_ALG_EDDSA };
	struct maker *m = maker_founded(1);
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };

	(void)state;
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		size_t key = maker_key_new(m, "lin");
		uint64_t n;

		maker_key_alg(&m->keys[key], 1, key, algs[i]);
		maker_key_enrol(&m->keys[key], &how);
		n = maker_do(m, maker_key_add(m, LIN, key));
		(void)maker_do(m, maker_approve(m, PETR, n));
		(void)maker_do(m, maker_request(m, key, NULL));
		assert_int_equal(
		    m->keys[key].record.verdict.level, CSEAL_VERDICT_SELF);
	}
	maker_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_algorithms),
	};

	return cmocka_run_group_tests_name("maker", tests, NULL, NULL);
}
