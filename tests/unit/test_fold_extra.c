/* SPDX-License-Identifier: BSD-2-Clause */
/* Places that come on top: what is first seen, and after a contact changed. */

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
assert_status(
    const struct maker *m, uint64_t change, enum cseal_change_status status)
{
	assert_string_equal(
	    cseal_change_status_name(maker_change(m, change)->status),
	    cseal_change_status_name(status));
}

static struct maker *
under(const char *section, const char *key, const char *value)
{
	struct cseal_buf text;
	struct maker *m;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, section, key, value);
	m = maker_founded_under(1, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return m;
}

static void
enter_with(struct maker *m, size_t first, size_t second)
{
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_approve(m, first, n));
	assert_status(
	    m, n, second == LIN ? CSEAL_CHANGE_APPROVED : CSEAL_CHANGE_ASKED);
	if (second != LIN)
		(void)maker_do(m, maker_approve(m, second, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
}

/* A country is new until an account there was in force. */
static void
test_first_seen(void **state)
{
	struct maker *m =
	    under("[change payout.iban]", "first seen", "1 more approver");
	struct cseal_places places;
	uint64_t n = maker_asked(m);

	(void)state;
	assert_true(maker_change(m, n)->first_seen);
	assert_int_equal(
	    cseal_change_places(m->state, maker_change(m, n), &places),
	    CSEAL_OK);
	assert_int_equal(places.n, 1);
	assert_int_equal(places.place[0].count, 2);
	enter_with(m, MINA, PETR);
	assert_status(m, n, CSEAL_CHANGE_SUPERSEDED);
	enter_with(m, MINA, LIN);
	maker_free(m);
}

/* What was asked for as new stays so, whatever comes into force meanwhile. */
static void
test_first_seen_stays(void **state)
{
	struct maker *m =
	    under("[change payout.iban]", "first seen", "1 more approver");
	uint64_t n = maker_do(m, maker_request(m, LIN, "payout/k3m9x2ab"));

	(void)state;
	enter_with(m, MINA, PETR);
	(void)maker_do(m, maker_approve(m, MINA, n));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	maker_free(m);
}

/* An address that changes makes what was approved wait for one more. */
static void
test_after_contact(void **state)
{
	struct maker *m = under("[change payout.iban]", "after contact change",
	    "1 more approver for 7d");
	uint64_t n = maker_approved(m);
	uint64_t mail = maker_do(m, maker_request_email(m, LIN));

	(void)state;
	(void)maker_do(m, maker_approve(m, MINA, mail));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_do(m, maker_apply(m, LIN, mail, ENTERED));
	assert_status(m, n, CSEAL_CHANGE_ASKED);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_status(m, n, CSEAL_CHANGE_APPROVED);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	assert_status(m, n, CSEAL_CHANGE_IN_FORCE);
	maker_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_seen),
		cmocka_unit_test(test_first_seen_stays),
		cmocka_unit_test(test_after_contact),
	};

	return cmocka_run_group_tests_name("fold_extra", tests, NULL, NULL);
}
