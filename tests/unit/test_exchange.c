/* SPDX-License-Identifier: BSD-2-Clause */
/* Desks that exchange files: the way of a change, and what goes wrong. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_team.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

static const struct cseal_state_change *
change_at(struct maker_team *t, size_t seat, uint64_t index)
{
	return cseal_state_change_find(
	    cseal_desk_state(t->seats[seat].d), index);
}

static int
value_at(struct maker_team *t, size_t seat, uint64_t index, const char *want)
{
	struct cseal_buf got;
	int r;

	cseal_buf_init(&got, 0);
	r = cseal_desk_value(t->seats[seat].d, change_at(t, seat, index),
	    "iban", &got, &t->f.err);
	if (r == CSEAL_OK)
		assert_string_equal(cseal_buf_str(&got), want);
	cseal_buf_free(&got);
	return r;
}

static void
ok(struct maker_team *t, int r)
{
	if (r != CSEAL_OK)
		fail_msg("%d: %s: %s", r, t->f.err.where, t->f.err.what);
}

/* ---- the way of a change ---- */

static void
test_home_asks(void **state)
{
	struct maker_team *t = *state;
	size_t waiting, refused;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	assert_int_equal(n, TEAM);
	team_rounds(t, 1);
	ok(t, value_at(t, MINA, n, IBAN));
	ok(t, value_at(t, PETR, n, IBAN));
	assert_int_equal(
	    team_do(t, MINA, team_approve(t, MINA, n)), CSEAL_INDEX_NONE);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting, 1);
	assert_int_equal(change_at(t, MINA, n)->status, CSEAL_CHANGE_ASKED);
	ok(t, team_send(t, MINA));
	team_carry(t, MINA, LIN);
	ok(t, team_receive(t, LIN));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_APPENDED], 1);
	assert_int_equal(change_at(t, LIN, n)->status, CSEAL_CHANGE_APPROVED);
	ok(t, team_send(t, LIN));
	team_carry(t, LIN, MINA);
	ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ARRIVED], 1);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
	team_carry(t, LIN, PETR);
	ok(t, team_receive(t, PETR));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ENTRY], 1);
	team_same(t);
}

/* Asked at one replica, approved at the other; values reach all three. */
static void
test_replica_asks(void **state)
{
	struct maker_team *t = *state;
	uint64_t n = TEAM;

	team_begin(t);
	assert_int_equal(
	    team_do(t, MINA, team_request(t, MINA, SECOND)), CSEAL_INDEX_NONE);
	team_rounds(t, 2);
	for (size_t i = 0; i < TEAM; i++)
		ok(t, value_at(t, i, n, SECOND));
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	team_rounds(t, 2);
	for (size_t i = 0; i < TEAM; i++)
		assert_int_equal(
		    change_at(t, i, n)->status, CSEAL_CHANGE_APPROVED);
	team_same(t);
	team_rounds(t, 1);
	/* Nothing is left to say. */
	for (size_t i = 0; i < TEAM; i++) {
		ok(t, team_send(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_WROTE], 0);
		ok(t, team_receive(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	}
}

/* Two approve on Friday; one place is to be filled on Monday. */
static void
test_refused(void **state)
{
	struct maker_team *t = *state;
	size_t waiting, refused;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	t->f.now += 60;
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	team_rounds(t, 2);
	team_same(t);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
	team_pending(t, PETR, &waiting, &refused);
	assert_int_equal(waiting, 0);
	assert_int_equal(refused, 1);
	assert_int_equal(change_at(t, PETR, n)->n_approvals, 1);
}

struct found {
	uint8_t leaf[CSEAL_HASH_BYTES];
	char why[600];
};

static int
find_refused(void *ctx, const struct cseal_pending *p)
{
	struct found *f = ctx;

	if (p->refused != NULL) {
		memcpy(f->leaf, p->leaf, sizeof(f->leaf));
		snprintf(f->why, sizeof(f->why), "%s", p->refused);
	}
	return CSEAL_OK;
}

static void
test_reason(void **state)
{
	struct maker_team *t = *state;
	struct found found = { .why = "" };
	struct cseal_draft *p = NULL;
	size_t waiting, refused;
	struct cseal_desk *d;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	t->f.now += 60;
	ok(t, cseal_draft_withdraw(&p, t->seats[LIN].d, LIN, n, &t->f.err));
	(void)team_do(t, LIN, p);
	team_rounds(t, 2);
	d = t->seats[PETR].d;
	ok(t, cseal_desk_pending(d, find_refused, &found, &t->f.err));
	assert_non_null(strstr(found.why, "change-ended"));
	ok(t, cseal_desk_pending_drop(d, found.leaf, &t->f.err));
	assert_int_equal(cseal_desk_pending_drop(d, found.leaf, &t->f.err),
	    CSEAL_ERR_NOT_FOUND);
	team_pending(t, PETR, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
}

/* The same act once more, while the first is on its way. */
static void
test_twice(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p = NULL;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	assert_int_equal(
	    cseal_draft_approve(&p, t->seats[MINA].d, MINA, n, &t->f.err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "on its way"));
	assert_null(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEAM_TEST(f)                     \
	cmocka_unit_test_setup_teardown( \
	    f, maker_team_setup, maker_team_teardown)
		TEAM_TEST(test_home_asks),
		TEAM_TEST(test_replica_asks),
		TEAM_TEST(test_refused),
		TEAM_TEST(test_reason),
		TEAM_TEST(test_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
