/* SPDX-License-Identifier: BSD-2-Clause */
/* The gate in time: at a desk whose clock the test sets. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/gate.h"

#include "maker_desk.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"
#define HOUR   3600u

static void
set(struct cseal_change *c, const char *name, const char *value)
{
	assert_int_equal(cseal_change_set(c, name, strlen(name),
			     (const uint8_t *)value, strlen(value), NULL),
	    CSEAL_OK);
}

/* A ledger under rules with an hour of cooling-off and that window. */
static void
begin(struct maker_desk *f, const char *window, const char *zone)
{
	struct cseal_buf cooled, windowed, zoned;

	cseal_buf_init(&cooled, 0);
	cseal_buf_init(&windowed, 0);
	cseal_buf_init(&zoned, 0);
	maker_policy(
	    &cooled, NULL, "[change payout.iban]", "cooling off", "1h");
	maker_policy(&windowed, cseal_buf_str(&cooled), "[change payout.iban]",
	    "apply window", window);
	maker_policy(
	    &zoned, cseal_buf_str(&windowed), "[ledger]", "time zone", zone);
	maker_free(f->m);
	f->m = maker_founded_under(1, cseal_buf_str(&zoned));
	maker_desk_begin(f);
	cseal_buf_free(&cooled);
	cseal_buf_free(&windowed);
	cseal_buf_free(&zoned);
}

static uint64_t
approved(struct maker_desk *f)
{
	uint64_t n;

	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	(void)maker_desk_do(f, maker_desk_approve(f, f->d, MINA, n), MINA);
	return n;
}

static struct cseal_gate
ask(struct maker_desk *f, uint64_t change, const char *iban,
    const struct cseal_gate_question *q)
{
	struct cseal_change given;
	struct cseal_gate out;

	maker_desk_typed(&given, iban);
	set(&given, "holder", MAKER_ORG);
	if (cseal_desk_gate(f->d, change, &given, q, &out, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	cseal_change_free(&given);
	return out;
}

/* The only reason; CSEAL_GATE_REASONS: a yes. */
static void
answers(struct maker_desk *f, uint64_t change, uint64_t now,
    enum cseal_gate_reason want)
{
	const struct cseal_gate_question q = {
		.ledger = cseal_state_ledger_id(cseal_desk_state(f->d)),
		.allow_demo = true,
		.allow_unproven = true,
	};
	struct cseal_gate out;

	f->now = now;
	out = ask(f, change, IBAN, &q);
	if (want == CSEAL_GATE_REASONS) {
		assert_int_equal(out.n, 0);
		return;
	}
	assert_int_equal(out.n, 1);
	assert_string_equal(
	    cseal_gate_code(out.no[0].reason), cseal_gate_code(want));
}

static void
test_window(void **state)
{
	struct maker_desk *f = *state;
	uint64_t n, at, opens;

	begin(f, "48h", "UTC");
	n = approved(f);
	at = f->now;
	opens = at + HOUR;
	answers(f, n, at, CSEAL_GATE_COOLING_OFF);
	answers(f, n, opens - 1, CSEAL_GATE_COOLING_OFF);
	answers(f, n, opens, CSEAL_GATE_REASONS);
	answers(f, n, opens + 48u * HOUR - 1, CSEAL_GATE_REASONS);
	answers(f, n, opens + 48u * HOUR, CSEAL_GATE_WINDOW_CLOSED);
	answers(f, n, 0, CSEAL_GATE_COOLING_OFF);
}

/* What cannot be reckoned here is a no, and not the end of the world. */
static void
test_no_zone(void **state)
{
	struct maker_desk *f = *state;
	uint64_t n;

	begin(f, "1 working day", "Nowhere/City");
	n = approved(f);
	answers(f, n, f->now + 2u * HOUR, CSEAL_GATE_WINDOW_UNKNOWN);
}

static void
test_age(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_gate_question q = {
		.ledger = cseal_state_ledger_id(f->m->state),
		.allow_demo = true,
		.allow_unproven = true,
		.has_max_age = true,
		.max_age = 2u * HOUR,
	};
	uint64_t n, at;

	begin(f, "none", "UTC");
	q.ledger = cseal_state_ledger_id(cseal_desk_state(f->d));
	n = approved(f);
	at = f->now;
	f->now = at + 2u * HOUR;
	assert_int_equal(ask(f, n, IBAN, &q).n, 0);
	assert_int_equal(ask(f, n, IBAN, &q).head_clock, at);
	f->now++;
	assert_int_equal(ask(f, n, IBAN, &q).no[0].reason, CSEAL_GATE_HEAD_OLD);
	/* A clock that was ahead is no old one. */
	f->now = at + HOUR;
	assert_int_equal(ask(f, n, IBAN, &q).n, 0);
}

/* All that speaks against it is told, in the order of the table. */
static void
test_all(void **state)
{
	struct maker_desk *f = *state;
	const uint8_t other[CSEAL_HASH_BYTES] = { 1 };
	struct cseal_gate_question q = { .ledger = other };
	struct cseal_gate out;
	uint64_t n;

	begin(f, "none", "UTC");
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	out = ask(f, n, SECOND, &q);
	assert_true(out.n >= 4);
	assert_int_equal(out.no[0].reason, CSEAL_GATE_LEDGER_OTHER);
	for (size_t i = 1; i < out.n; i++)
		assert_true(out.no[i - 1].reason < out.no[i].reason);
	assert_int_equal(out.no[out.n - 1].reason, CSEAL_GATE_VALUE_DIFFERS);
	assert_string_equal(out.no[out.n - 1].field->name, "iban");
	q.ledger = NULL;
	assert_int_equal(
	    ask(f, n, IBAN, &q).no[0].reason, CSEAL_GATE_LEDGER_UNKNOWN);
}

static void
test_no_change(void **state)
{
	struct maker_desk *f = *state;
	const struct cseal_gate_question q = { 0 };
	struct cseal_change given;
	struct cseal_gate out;

	begin(f, "none", "UTC");
	maker_desk_typed(&given, IBAN);
	assert_int_equal(cseal_desk_gate(f->d, 0, &given, &q, &out, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_true(out.n > 0);
	cseal_change_free(&given);
}

static void
test_table(void **state)
{
	(void)state;
	for (int i = 0; i < CSEAL_GATE_REASONS; i++) {
		const char *code = cseal_gate_code((enum cseal_gate_reason)i);

		assert_non_null(code);
		assert_non_null(cseal_gate_sentence((enum cseal_gate_reason)i));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
			    code, cseal_gate_code((enum cseal_gate_reason)k));
	}
	assert_null(cseal_gate_code(CSEAL_GATE_REASONS));
	assert_null(cseal_gate_sentence(CSEAL_GATE_REASONS));
}

#define DESK_TEST(t)                     \
	cmocka_unit_test_setup_teardown( \
	    t, maker_desk_setup, maker_desk_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(test_window),
		DESK_TEST(test_no_zone),
		DESK_TEST(test_age),
		DESK_TEST(test_all),
		DESK_TEST(test_no_change),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
