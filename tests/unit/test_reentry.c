/* SPDX-License-Identifier: BSD-2-Clause */
/* Blind re-entry, at one desk and at several. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/openings.h"
#include "counterseal/reentry.h"

#include "maker_forge.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

static void
set(struct cseal_change *c, const char *name, const char *value)
{
	assert_int_equal(cseal_change_set(c, name, strlen(name),
			     (const uint8_t *)value, strlen(value), NULL),
	    CSEAL_OK);
}

/* Types one account at a seat and compares it. */
static int
reenter(struct maker_team *t, size_t seat, uint64_t n, const char *iban)
{
	struct cseal_change typed;
	int r;

	maker_desk_typed(&typed, iban);
	r = cseal_desk_reenter(t->seats[seat].d, n, &typed, &t->f.err);
	cseal_change_free(&typed);
	return r;
}

static struct cseal_reentry
wanted(struct maker_team *t, size_t seat, uint64_t n)
{
	struct cseal_reentry w;

	team_ok(t, cseal_desk_reentry(t->seats[seat].d, n, &w, &t->f.err));
	return w;
}

/* ---- at one desk ---- */

static void
test_compared(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p = NULL;
	struct cseal_change typed;
	struct cseal_reentry w;
	struct cseal_desk *d;
	uint64_t n;

	team_begin(t);
	d = t->seats[LIN].d;
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	w = wanted(t, LIN, n);
	assert_int_equal(w.n, 1);
	assert_string_equal(w.fields[0]->name, "iban");
	assert_false(w.locked);
	assert_int_equal(
	    cseal_desk_may_approve(d, MINA, n, NULL, &t->f.err), CSEAL_OK);
	assert_int_equal(cseal_desk_may_approve(d, LIN, n, NULL, &t->f.err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "approver-is-requester"));

	/* Without it the fold says no, and nothing is shown. */
	assert_int_equal(
	    cseal_draft_approve(&p, d, MINA, n, NULL, NULL, &t->f.err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "approve-reentry"));
	assert_null(p);

	assert_int_equal(reenter(t, LIN, n, SECOND), CSEAL_ERR_REFUSED);
	assert_null(strstr(t->f.err.what, "3704"));
	maker_desk_typed(&typed, SECOND);
	assert_int_equal(
	    cseal_draft_approve(&p, d, MINA, n, &typed, NULL, &t->f.err),
	    CSEAL_ERR_REFUSED);
	assert_null(p);
	cseal_change_free(&typed);

	/* Typed as people write it: the canonical form is compared. */
	maker_desk_typed(&typed, "DE89 3704 0044 0532 0130 00");
	team_ok(t, cseal_desk_reenter(d, n, &typed, &t->f.err));
	team_ok(
	    t, cseal_draft_approve(&p, d, MINA, n, &typed, NULL, &t->f.err));
	cseal_change_free(&typed);
	assert_non_null(strstr(cseal_draft_panel(p), "typed again"));
	assert_int_equal(cseal_draft_statement(p)->u.act.n_reentered, 1);
	cseal_draft_free(p);
}

/* More than is wanted is compared as well, and stated. */
static void
test_more(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p = NULL;
	const struct cseal_act *act;
	struct cseal_change typed;
	struct cseal_desk *d;
	uint64_t n;

	team_begin(t);
	d = t->seats[LIN].d;
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	maker_desk_typed(&typed, IBAN);
	set(&typed, "holder", "Somebody Else");
	assert_int_equal(
	    cseal_desk_reenter(d, n, &typed, &t->f.err), CSEAL_ERR_REFUSED);
	assert_null(strstr(t->f.err.what, "holder"));
	assert_null(strstr(t->f.err.where, "holder"));
	cseal_change_free(&typed);
	maker_desk_typed(&typed, IBAN);
	set(&typed, "holder", MAKER_ORG);
	/* What was never asked for differs. */
	set(&typed, "bic", "COBADEFFXXX");
	assert_int_equal(
	    cseal_desk_reenter(d, n, &typed, &t->f.err), CSEAL_ERR_REFUSED);
	cseal_change_free(&typed);
	maker_desk_typed(&typed, IBAN);
	set(&typed, "holder", MAKER_ORG);
	team_ok(
	    t, cseal_draft_approve(&p, d, MINA, n, &typed, NULL, &t->f.err));
	cseal_change_free(&typed);
	act = &cseal_draft_statement(p)->u.act;
	assert_int_equal(act->n_reentered, 2);
	assert_memory_equal(act->reentered[0].data, "holder", 6);
	assert_memory_equal(act->reentered[1].data, "iban", 4);
	cseal_draft_free(p);
}

static void
test_wrong_use(void **state)
{
	struct maker_team *t = *state;
	struct cseal_change typed;
	struct cseal_reentry w;
	struct cseal_desk *d;
	uint64_t n;

	team_begin(t);
	d = t->seats[LIN].d;
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	assert_int_equal(
	    cseal_desk_reentry(d, 1, &w, &t->f.err), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(reenter(t, LIN, 1, IBAN), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(cseal_change_init(
			     &typed, "payout.iban", 0, MAKER_STORE, NULL, NULL),
	    CSEAL_OK);
	set(&typed, "holder", MAKER_ORG);
	assert_int_equal(
	    cseal_desk_reenter(d, n, &typed, &t->f.err), CSEAL_ERR_USAGE);
	assert_string_equal(t->f.err.where, "iban");
	cseal_change_free(&typed);
	assert_int_equal(cseal_change_init(&typed, "contact.login_email", 0,
			     MAKER_STORE, NULL, NULL),
	    CSEAL_OK);
	set(&typed, "email", "it@example.com");
	assert_int_equal(
	    cseal_desk_reenter(d, n, &typed, &t->f.err), CSEAL_ERR_USAGE);
	cseal_change_free(&typed);
}

/* ---- at several ---- */

/* The requester's value is not at the approver's desk before he types it. */
static void
test_locked(void **state)
{
	struct maker_team *t = *state;
	struct cseal_reentry w;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	assert_int_equal(reenter(t, LIN, n, IBAN), CSEAL_OK);
	team_rounds(t, 1);
	team_ok(t, team_value(t, LIN, n, IBAN));
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	w = wanted(t, MINA, n);
	assert_true(w.locked);
	assert_int_equal(w.n, 1);
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_OK);
	team_ok(t, team_value(t, MINA, n, IBAN));
	assert_false(wanted(t, MINA, n).locked);
	/* Once more finds the same. */
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_OK);
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);

	/* petr still has nothing; approved, it reaches him. */
	team_rounds(t, 1);
	assert_int_equal(team_value(t, PETR, n, IBAN), CSEAL_ERR_NOT_FOUND);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	team_rounds(t, 3);
	team_same(t);
	team_ok(t, team_value(t, PETR, n, IBAN));
	/* Nothing is left to say. */
	for (size_t i = 0; i < TEAM; i++) {
		team_ok(t, team_send(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_WROTE], 0);
		team_ok(t, team_receive(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	}
}

/* Asked at a replica: its own values come back to it, and to no other. */
static void
test_replica_asks(void **state)
{
	struct maker_team *t = *state;
	uint64_t n = TEAM;

	team_begin(t);
	(void)team_do(t, MINA, team_request(t, MINA, SECOND));
	team_rounds(t, 2);
	team_ok(t, team_value(t, MINA, n, SECOND));
	assert_int_equal(team_value(t, LIN, n, SECOND), CSEAL_ERR_NOT_FOUND);
	assert_true(wanted(t, LIN, n).locked);
	(void)team_do(t, LIN, team_approve(t, LIN, n));
	team_ok(t, team_value(t, LIN, n, SECOND));
	team_rounds(t, 3);
	team_ok(t, team_value(t, PETR, n, SECOND));
	team_same(t);
}

/* Rejected, nobody but the requester ever had the values. */
static void
test_rejected(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);
	team_ok(
	    t, cseal_draft_reject(&p, t->seats[MINA].d, MINA, n, 1, &t->f.err));
	(void)team_do(t, MINA, p);
	team_rounds(t, 3);
	team_same(t);
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(team_value(t, PETR, n, IBAN), CSEAL_ERR_NOT_FOUND);
}

/* Before anything of the values came there is nothing to compare with. */
static void
test_not_here(void **state)
{
	struct maker_team *t = *state;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(wanted(t, MINA, n).n, 1);
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	assert_string_equal(t->f.err.where, "iban");
	assert_int_equal(
	    cseal_desk_may_approve(t->seats[MINA].d, MINA, n, NULL, &t->f.err),
	    CSEAL_OK);
}

/*
 * What a stranger puts into the folder does not push the locked values away,
 * and is not taken for them.
 */
static void
test_stranger(void **state)
{
	struct maker_team *t = *state;
	struct forged f = { .name = "iban", .value = SECOND, .to = MINA };
	struct cseal_buf der;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	memcpy(f.ledger, t->f.m->state->id, sizeof(f.ledger));
	memcpy(f.leaf, team_change(t, MINA, n)->leaf, sizeof(f.leaf));
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	forged_told(t);
	cseal_buf_free(&der);
	f.to = PETR;
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	cseal_buf_free(&der);
	f.to = MINA;
	f.locked = true;
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	cseal_buf_free(&der);
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_OK);
	team_ok(t, team_value(t, MINA, n, IBAN));
}

/* The requester's desk locked something else in: told, and nothing kept. */
static void
test_false_inside(void **state)
{
	struct maker_team *t = *state;
	struct forged f = {
		.name = "iban", .value = SECOND, .to = MINA, .locked = true
	};
	struct cseal_buf der;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	memcpy(f.ledger, t->f.m->state->id, sizeof(f.ledger));
	memcpy(f.leaf, team_change(t, MINA, n)->leaf, sizeof(f.leaf));
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	cseal_buf_free(&der);
	assert_true(wanted(t, MINA, n).locked);
	/* Its salt is made up, so nothing that is typed can fit. */
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_ERR_REFUSED);
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
}

/* With the true account as the lock, and another holder within. */
static void
test_false_rest(void **state)
{
	struct maker_team *t = *state;
	const char *blind = "iban";
	const struct cseal_state_change *c;
	struct cseal_opening o[2];
	uint8_t to[1][CSEAL_DESK_KEY_BYTES];
	struct cseal_buf plain, der;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	c = team_change(t, MINA, n);
	team_ok(t, cseal_ledger_opening(cseal_desk_ledger(t->seats[LIN].d), n,
		       "iban", &o[0], &t->f.err));
	team_ok(t, cseal_ledger_opening(cseal_desk_ledger(t->seats[LIN].d), n,
		       "holder", &o[1], &t->f.err));
	cseal_buf_reset(&o[1].value);
	team_ok(t, cseal_buf_add_str(&o[1].value, "Somebody Else"));
	cseal_buf_init(&plain, 0);
	cseal_buf_init(&der, 0);
	team_ok(t, cseal_openings_encode(&plain, t->f.m->state->id, c->leaf, o,
		       2, &blind, 1, &t->f.err));
	cseal_desk_key_public(t->seats[MINA].key, to[0]);
	team_ok(
	    t, cseal_envelope_seal(&der, cseal_buf_slice(&plain),
		   (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])to, 1, &t->f.err));
	forged_bring(t, MINA, c->leaf, cseal_buf_slice(&der));
	assert_int_equal(reenter(t, MINA, n, SECOND), CSEAL_ERR_REFUSED);
	assert_int_equal(reenter(t, MINA, n, IBAN), CSEAL_ERR_CORRUPT);
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	cseal_opening_free(&o[0]);
	cseal_opening_free(&o[1]);
	cseal_buf_free(&plain);
	cseal_buf_free(&der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEAM_TEST_BLIND(test_compared),
		TEAM_TEST_BLIND(test_more),
		TEAM_TEST_BLIND(test_wrong_use),
		TEAM_TEST_BLIND(test_locked),
		TEAM_TEST_BLIND(test_replica_asks),
		TEAM_TEST_BLIND(test_rejected),
		TEAM_TEST_BLIND(test_not_here),
		TEAM_TEST_BLIND(test_stranger),
		TEAM_TEST_BLIND(test_false_inside),
		TEAM_TEST_BLIND(test_false_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
