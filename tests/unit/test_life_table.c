/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a change as a table: what each act makes of it in each state,
 * or by which rule it is refused. docs/life.md has the table from here:
 * test_life_table --table prints it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

#define HOUR 3600

/* ---- states: a ledger in which a change is so, and its index ---- */

static uint64_t
be_asked(struct maker *m)
{
	return maker_asked(m);
}

static uint64_t
be_approved(struct maker *m)
{
	return maker_approved(m);
}

static uint64_t
be_in_force(struct maker *m)
{
	return maker_entered(m);
}

static uint64_t
be_replaced(struct maker *m)
{
	uint64_t n = maker_entered(m);

	(void)maker_entered(m);
	return n;
}

static uint64_t
be_rejected(struct maker *m)
{
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	return n;
}

static uint64_t
be_withdrawn(struct maker *m)
{
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_withdraw(m, LIN, n));
	return n;
}

static uint64_t
be_superseded(struct maker *m)
{
	uint64_t n = maker_asked(m);

	(void)maker_entered(m);
	return n;
}

static uint64_t
be_failed(struct maker *m)
{
	uint64_t n = maker_approved(m);

	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_DIFFERS));
	return n;
}

static uint64_t
be_expired(struct maker *m)
{
	uint64_t n = maker_asked(m);

	m->clock += 73 * HOUR;
	return n;
}

static const struct state_row {
	enum cseal_change_status status;
	uint64_t (*make)(struct maker *m);
} states[] = {
	{ CSEAL_CHANGE_ASKED, be_asked },
	{ CSEAL_CHANGE_EXPIRED, be_expired },
	{ CSEAL_CHANGE_APPROVED, be_approved },
	{ CSEAL_CHANGE_IN_FORCE, be_in_force },
	{ CSEAL_CHANGE_REPLACED, be_replaced },
	{ CSEAL_CHANGE_REJECTED, be_rejected },
	{ CSEAL_CHANGE_WITHDRAWN, be_withdrawn },
	{ CSEAL_CHANGE_SUPERSEDED, be_superseded },
	{ CSEAL_CHANGE_FAILED, be_failed },
};
#define STATES (sizeof(states) / sizeof(*states))

/* ---- acts ---- */

static enum rule_id
do_approve(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_approve(m, PETR, n));
}

static enum rule_id
do_reject(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_reject(m, PETR, n));
}

static enum rule_id
do_withdraw(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_withdraw(m, LIN, n));
}

static enum rule_id
do_enter(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
}

static enum rule_id
do_refused(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_apply(m, LIN, n, CSEAL_APPLY_REFUSED));
}

static enum rule_id
do_differs(struct maker *m, uint64_t n)
{
	return maker_add(m, maker_apply(m, LIN, n, CSEAL_APPLY_DIFFERS));
}

static enum rule_id
do_other(struct maker *m, uint64_t n)
{
	(void)n;
	(void)maker_entered(m);
	return RULE_OK;
}

static enum rule_id
do_policy(struct maker *m, uint64_t n)
{
	struct cseal_buf text;

	(void)n;
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&text), CSEAL_OK);
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	return RULE_OK;
}

static enum rule_id
do_revoke(struct maker *m, uint64_t n)
{
	(void)n;
	(void)maker_agreed(m, maker_key_revoke(m, LIN, MINA));
	return RULE_OK;
}

static enum rule_id
do_observe(struct maker *m, uint64_t n)
{
	(void)n;
	return maker_add(
	    m, maker_observe(m, LIN, "payout", CSEAL_OBSERVE_DRIFT));
}

static enum rule_id
do_wait(struct maker *m, uint64_t n)
{
	(void)n;
	m->clock += 73 * HOUR;
	return RULE_OK;
}

static const struct act_row {
	const char *what;
	enum rule_id (*act)(struct maker *m, uint64_t n);
} acts[] = {
	{ "`approve`, last place", do_approve },
	{ "`reject`", do_reject },
	{ "`withdraw`", do_withdraw },
	{ "`apply`: entered", do_enter },
	{ "`apply`: refused", do_refused },
	{ "`apply`: differs", do_differs },
	{ "another change of the slot is entered", do_other },
	{ "the policy is set anew", do_policy },
	{ "the approver's key is revoked", do_revoke },
	{ "`observe`: drift", do_observe },
	{ "its time to live passes", do_wait },
};
#define ACTS (sizeof(acts) / sizeof(*acts))

/* ---- what comes of it ---- */

#define TO(status)   CSEAL_CHANGE_##status, RULE_OK
#define STAYS	     CSEAL_CHANGE_EXPIRED + 1, RULE_OK
#define REFUSED(why) CSEAL_CHANGE_EXPIRED + 1, RULE_##why
#define ENDED                         \
	{                             \
		REFUSED(CHANGE_ENDED) \
	}
#define OVER                                                         \
	{                                                            \
		ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, { STAYS }, \
		    { STAYS }, { STAYS }, { STAYS },                 \
		{                                                    \
			STAYS                                        \
		}                                                    \
	}
#define UNAPPROVED                          \
	{                                   \
		REFUSED(APPLY_NOT_APPROVED) \
	}

static const struct cell {
	int status; /* one more than the last: as it was */
	enum rule_id rule;
} cells[STATES][ACTS] = {
	/* asked */
	{ { TO(APPROVED) }, { TO(REJECTED) }, { TO(WITHDRAWN) }, UNAPPROVED,
	    UNAPPROVED, UNAPPROVED, { TO(SUPERSEDED) }, { STAYS }, { STAYS },
	    { STAYS }, { TO(EXPIRED) } },
	/* expired: a view of asked */
	{ { REFUSED(APPROVE_EXPIRED) }, { TO(REJECTED) }, { TO(WITHDRAWN) },
	    UNAPPROVED, UNAPPROVED, UNAPPROVED, { TO(SUPERSEDED) }, { STAYS },
	    { STAYS }, { STAYS }, { STAYS } },
	/* approved */
	{ { REFUSED(APPROVE_NEEDLESS) }, { TO(REJECTED) }, { TO(WITHDRAWN) },
	    { TO(IN_FORCE) }, { TO(FAILED) }, { TO(FAILED) },
	    { TO(SUPERSEDED) }, { TO(ASKED) }, { TO(ASKED) }, { STAYS },
	    { STAYS } },
	/* in force */
	{ ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, { TO(REPLACED) }, { STAYS },
	    { STAYS }, { STAYS }, { STAYS } },
	OVER, /* replaced */
	OVER, /* rejected */
	OVER, /* withdrawn */
	OVER, /* superseded */
	OVER, /* failed */
};

static enum cseal_change_status
view(const struct maker *m, uint64_t n)
{
	return cseal_change_view(maker_change(m, n), m->clock);
}

/* One cell; false and a line if it is not as the table says. */
static bool
holds(size_t state, size_t act)
{
	const struct cell *want = &cells[state][act];
	enum cseal_change_status status = states[state].status;
	struct maker *m = maker_founded(1);
	uint64_t n = states[state].make(m);
	enum rule_id rule;
	bool as_said;

	assert_int_equal(view(m, n), status);
	rule = acts[act].act(m, n);
	if (want->status <= CSEAL_CHANGE_EXPIRED)
		status = (enum cseal_change_status)want->status;
	as_said = rule == want->rule && view(m, n) == status;
	if (!as_said)
		printf("# %s, %s: %s, %s\n",
		    cseal_change_status_name(states[state].status),
		    acts[act].what,
		    rule == RULE_OK ? "stands" : rule_row(rule)->code,
		    cseal_change_status_name(view(m, n)));
	maker_free(m);
	return as_said;
}

static void
test_every_cell(void **state)
{
	unsigned wrong = 0, moves = 0, refused = 0;

	(void)state;
	for (size_t i = 0; i < STATES; i++) {
		for (size_t j = 0; j < ACTS; j++) {
			wrong += !holds(i, j);
			moves += cells[i][j].status <= CSEAL_CHANGE_EXPIRED;
			refused += cells[i][j].rule != RULE_OK;
		}
	}
	printf("# %u transitions reached, %u acts refused\n", moves, refused);
	assert_int_equal(wrong, 0);
}

/* ---- the page ---- */

static void
print_cell(const struct cell *c)
{
	if (c->rule != RULE_OK)
		printf(" no: `%s` |", rule_row(c->rule)->code);
	else if (c->status > CSEAL_CHANGE_EXPIRED)
		printf(" |");
	else
		printf(" **%s** |", cseal_change_status_name(
					(enum cseal_change_status)c->status));
}

static void
print_table(void)
{
	printf("| |");
	for (size_t i = 0; i < STATES; i++)
		printf(" %s |", cseal_change_status_name(states[i].status));
	printf("\n|");
	for (size_t i = 0; i <= STATES; i++)
		printf(" --- |");
	printf("\n");
	for (size_t j = 0; j < ACTS; j++) {
		printf("| %s |", acts[j].what);
		for (size_t i = 0; i < STATES; i++)
			print_cell(&cells[i][j]);
		printf("\n");
	}
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cell),
	};

	if (argc == 2 && strcmp(argv[1], "--table") == 0) {
		print_table();
		return 0;
	}
	return cmocka_run_group_tests_name("life_table", tests, NULL, NULL);
}
