/* SPDX-License-Identifier: BSD-2-Clause */
/* What a lost key sealed: told, until it is settled. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"
#include "replay_fixture.h"

static void
test_sealed_in_doubt(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t before = maker_asked(m), after, n;
	struct cseal_revocation v = { .key = LIN,
		.reason = 3,
		.has_lost = true,
		.lost_since = MAKER_CLOCK };
	struct maker_draft *d;

	v.lost_size = cseal_state_size(m->state);
	after = maker_asked(m);
	d = maker_key_revoke(m, MINA, LIN);
	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	maker_detail(d);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, PETR, n));
	maker_file_write(&f->file, m);
	(void)replay(f, NULL);
	assert_true(has_finding(f->r, RULE_SEALED_IN_DOUBT, after));
	assert_false(has_finding(f->r, RULE_SEALED_IN_DOUBT, before));
	assert_null(cseal_replay_finding(f->r, 1));
	assert_true(cseal_replay_clean(f->r)); /* a warning */
	maker_free(m);
}

/* MINA has LIN's key revoked, as lost when the ledger had `size` entries. */
static void
revoke_lin(struct maker *m, uint64_t size)
{
	struct cseal_revocation v = { .key = LIN,
		.reason = 3,
		.has_lost = true,
		.lost_since = MAKER_CLOCK,
		.lost_size = size };
	struct maker_draft *d = maker_key_revoke(m, MINA, LIN);

	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	maker_detail(d);
	(void)maker_do(m, maker_approve(m, PETR, maker_do(m, d)));
}

static void
expect_doubt(struct fixture *f, const struct maker *m, uint64_t entry, bool is)
{
	maker_file_write(&f->file, m);
	(void)replay(f, NULL);
	assert_true(has_finding(f->r, RULE_SEALED_IN_DOUBT, entry) == is);
	assert_true(cseal_replay_clean(f->r));
}

/* What another person approves once the key is revoked is in doubt no more. */
static void
test_doubt_approved_again(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t size = cseal_state_size(m->state), asked = maker_asked(m);

	revoke_lin(m, size);
	expect_doubt(f, m, asked, true);
	(void)maker_do(m, maker_approve(m, MINA, asked));
	expect_doubt(f, m, asked, false);
	maker_free(m);
}

static void
test_doubt_rejected(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t size = cseal_state_size(m->state), asked = maker_asked(m);

	revoke_lin(m, size);
	expect_doubt(f, m, asked, true);
	(void)maker_do(m, maker_reject(m, MINA, asked));
	expect_doubt(f, m, asked, false);
	maker_free(m);
}

static void
test_doubt_lifted(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t size = cseal_state_size(m->state), frozen, n;

	frozen = maker_do(m, maker_freeze_store(m, LIN, "main-de"));
	revoke_lin(m, size);
	expect_doubt(f, m, frozen, true);
	n = maker_do(m, maker_lift(m, MINA, frozen));
	expect_doubt(f, m, frozen, true); /* asked for, not agreed to */
	(void)maker_do(m, maker_approve(m, PETR, n));
	expect_doubt(f, m, frozen, false);
	maker_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_sealed_in_doubt, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_doubt_approved_again, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_doubt_rejected, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_doubt_lifted, setup, teardown),
	};

	return cmocka_run_group_tests_name("doubts", tests, NULL, NULL);
}
