/* SPDX-License-Identifier: BSD-2-Clause */
/* What is seen, at a desk: judged, drafted, sealed, told; and in time. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/observe.h"
#include "maker_desk.h"
#include "maker_within.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"
#define HOUR   3600

/* A reading of the payout account; "" is an empty one. */
static void
see(struct cseal_observation *o, const char *tail)
{
	assert_int_equal(
	    cseal_observation_init(o, "payout.iban", MAKER_STORE, NULL, NULL),
	    CSEAL_OK);
	o->empty = tail[0] == '\0';
	if (!o->empty)
		assert_int_equal(cseal_observation_set(o, "tail", 4,
				     (const uint8_t *)tail, strlen(tail), NULL),
		    CSEAL_OK);
}

static int
judge(struct maker_desk *f, const char *tail, struct cseal_judgement *j)
{
	struct cseal_observation o;
	int r;

	see(&o, tail);
	r = cseal_desk_observe(f->d, &o, 0, j, &f->err);
	cseal_observation_free(&o);
	return r;
}

static void
judged(struct maker_desk *f, const char *tail, uint64_t outcome,
    struct cseal_judgement *j)
{
	assert_int_equal(judge(f, tail, j), CSEAL_OK);
	assert_int_equal(j->outcome, outcome);
}

static int
draft(struct maker_desk *f, const char *tail, size_t key, const char *source,
    struct cseal_draft **p)
{
	struct cseal_observation o;
	int r;

	see(&o, tail);
	r = cseal_draft_observe(p, f->d, key, &o, 0, source, &f->err);
	cseal_observation_free(&o);
	return r;
}

static uint64_t
report(struct maker_desk *f, const char *tail, size_t key)
{
	struct cseal_draft *p = NULL;
	int r = draft(f, tail, key, "console", &p);

	return maker_desk_do(f, maker_desk_draft(f, r, p), key);
}

/* Asked for and approved. */
static uint64_t
approved(struct maker_desk *f, const char *iban)
{
	uint64_t n =
	    maker_desk_do(f, maker_desk_request(f, f->d, LIN, iban), LIN);

	(void)maker_desk_do(f, maker_desk_approve(f, f->d, MINA, n), MINA);
	return n;
}

static void
enter(struct maker_desk *f, uint64_t n)
{
	struct cseal_draft *p = NULL;
	int r = cseal_draft_apply(
	    &p, f->d, LIN, n, CSEAL_APPLY_ENTERED, 0, &f->err);

	(void)maker_desk_do(f, maker_desk_draft(f, r, p), LIN);
}

static const struct cseal_state_slot *
payout(const struct maker_desk *f)
{
	return cseal_state_slot_find(
	    cseal_desk_state(f->d), MAKER_STORE, "payout");
}

static void
says(struct maker_desk *f, const char *tail, const char *words)
{
	struct cseal_judgement j;
	struct cseal_observation o;
	struct cseal_buf b;

	see(&o, tail);
	cseal_buf_init(&b, 0);
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, 0, &j, &f->err), CSEAL_OK);
	assert_int_equal(cseal_judgement_text(f->d, &o, &j, &b), CSEAL_OK);
	if (strstr(cseal_buf_str(&b), words) == NULL)
		fail_msg("'%s' lacks '%s'", cseal_buf_str(&b), words);
	cseal_buf_free(&b);
	cseal_observation_free(&o);
}

/* ---- the outcome ---- */

static void
test_outcomes(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_judgement j;
	uint64_t n, second;

	maker_desk_begin(f);
	/* Nothing is in force. */
	judged(f, "", CSEAL_OBSERVE_MATCH, &j);
	assert_true(j.is_idle);
	judged(f, "3000", CSEAL_OBSERVE_DRIFT, &j);
	assert_null(j.slot);
	assert_true(j.freezes);
	says(f, "3000", "nothing is approved in its slot payout");
	/* Asked for, approved, and in the console before anybody said so. */
	n = approved(f, IBAN);
	judged(f, "3000", CSEAL_OBSERVE_DRIFT, &j);
	assert_int_equal(j.fits->index, n);
	says(f, "3000", "which is approved and was not sealed as entered");
	enter(f, n);
	/* In force, and not yet confirmed. */
	judged(f, "3000", CSEAL_OBSERVE_MATCH, &j);
	assert_int_equal(j.compared.level, CSEAL_LEVEL_TAIL);
	judged(f, "3417", CSEAL_OBSERVE_MISMATCH, &j);
	assert_null(j.fits);
	says(f, "3417", "No change was asked for.");
	judged(f, "", CSEAL_OBSERVE_MISMATCH, &j);
	says(f, "", "shows nothing");
	(void)report(f, "3000", MINA);
	assert_true(payout(f)->confirmed);
	/* Confirmed: whatever else is shown now is drift. */
	judged(f, "3417", CSEAL_OBSERVE_DRIFT, &j);
	second = approved(f, SECOND);
	judged(f, "2051", CSEAL_OBSERVE_DRIFT, &j);
	assert_int_equal(j.fits->index, second);
	enter(f, second);
	judged(f, "3000", CSEAL_OBSERVE_MISMATCH, &j);
	assert_int_equal(j.fits->index, n);
	says(f, "3000", "had put there before");
}

/* The openings of what was shown are kept, and fit. */
static void
test_sealed(void **state)
{
	struct maker_desk *f = *state;
	const struct cseal_statement *st;
	struct cseal_opening o;
	struct cseal_draft *p = NULL;
	uint8_t hash[CSEAL_HASH_BYTES];
	uint64_t index;

	maker_desk_begin(f);
	enter(f, approved(f, IBAN));
	assert_int_equal(draft(f, "3417", PETR, "sp-api", &p), CSEAL_OK);
	st = cseal_draft_statement(p);
	assert_int_equal(st->kind, CSEAL_OBSERVE);
	assert_int_equal(st->u.observe.outcome, CSEAL_OBSERVE_MISMATCH);
	assert_int_equal(st->u.observe.level, CSEAL_LEVEL_NONE);
	assert_int_equal(st->u.observe.n_fields, 1);
	memcpy(hash, st->u.observe.fields[0].hash, sizeof(hash));
	assert_non_null(strstr(cseal_draft_panel(p), "MISMATCH"));
	assert_non_null(strstr(cseal_draft_panel(p), "freezes the store"));
	index = maker_desk_do(f, p, PETR);
	assert_int_equal(cseal_ledger_opening(cseal_desk_ledger(f->d), index,
			     "iban_tail", &o, &f->err),
	    CSEAL_OK);
	assert_string_equal(cseal_buf_str(&o.value), "3417");
	{
		uint8_t again[CSEAL_HASH_BYTES];

		assert_int_equal(cseal_commit(o.salt, o.value.data, o.value.len,
				     "iban_tail", again),
		    CSEAL_OK);
		assert_memory_equal(hash, again, sizeof(hash));
	}
	cseal_opening_free(&o);
	assert_non_null(
	    cseal_state_frozen(cseal_desk_state(f->d), MAKER_STORE));
}

/* ---- the same once more ---- */

static void
test_reported_before(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_judgement j;
	uint64_t index;

	maker_desk_begin(f);
	enter(f, approved(f, IBAN));
	judged(f, "3417", CSEAL_OBSERVE_MISMATCH, &j);
	assert_false(j.is_reported);
	index = report(f, "3417", PETR);
	judged(f, "3417", CSEAL_OBSERVE_MISMATCH, &j);
	assert_true(j.is_reported);
	assert_int_equal(j.reported_at, index);
	/* Another account is news, and so is none; then both are known. */
	judged(f, "3418", CSEAL_OBSERVE_MISMATCH, &j);
	assert_false(j.is_reported);
	judged(f, "", CSEAL_OBSERVE_MISMATCH, &j);
	assert_false(j.is_reported);
	(void)report(f, "3418", PETR);
	judged(f, "3417", CSEAL_OBSERVE_MISMATCH, &j);
	assert_true(j.is_reported);
	assert_int_equal(j.reported_at, index);
	judged(f, "3000", CSEAL_OBSERVE_MATCH, &j);
	assert_false(j.is_reported);
}

/* ---- refusals ---- */

static void
test_refused(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_observation o;
	struct cseal_judgement j;
	struct cseal_draft *p = NULL;

	maker_desk_begin(f);
	assert_int_equal(draft(f, "", LIN, "console", &p), CSEAL_ERR_REFUSED);
	enter(f, approved(f, IBAN));
	assert_int_equal(draft(f, "3000", LIN, "SP API", &p), CSEAL_ERR_INPUT);
	assert_string_equal(f->err.where, "source");
	assert_int_equal(
	    draft(f, "3000", 99, "console", &p), CSEAL_ERR_NOT_FOUND);
	assert_null(p);
	/* Read before it was entered, and in the future. */
	see(&o, "3000");
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, 1, &j, &f->err), CSEAL_ERR_INPUT);
	assert_string_equal(f->err.where, "time");
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, f->now + HOUR, &j, &f->err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, f->now, &j, &f->err), CSEAL_OK);
	/* Something and nothing at once; nothing at all. */
	o.empty = true;
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, 0, &j, &f->err), CSEAL_ERR_INPUT);
	cseal_observation_free(&o);
	see(&o, "");
	o.empty = false;
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, 0, &j, &f->err), CSEAL_ERR_INPUT);
	/* A payout that was seen, and not where. */
	o.funds = true;
	assert_int_equal(cseal_observation_set(
			     &o, "country", 7, (const uint8_t *)"DE", 2, NULL),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_draft_observe(&p, f->d, MINA, &o, 0, "bank", &f->err),
	    CSEAL_ERR_INPUT);
	assert_string_equal(f->err.where, "funds");
	/* A place that the policy does not declare. */
	memcpy(o.slot, "moon", 5);
	assert_int_equal(
	    cseal_desk_observe(f->d, &o, 0, &j, &f->err), CSEAL_ERR_NOT_FOUND);
	cseal_observation_free(&o);
}

/* Deals with the opening of the account in the file. */
static int
with_opening(struct maker_desk *f, const char *sql)
{
	struct cseal_judgement j;

	maker_file_meddle(&f->file);
	maker_file_run(&f->file, sql, NULL, 0);
	return judge(f, "3000", &j);
}

/* A desk without the values, or with false ones, cannot compare. */
static void
test_values_elsewhere(void **state)
{
	struct maker_desk *f = *state;

	maker_desk_begin(f);
	enter(f, approved(f, IBAN));
	assert_int_equal(
	    with_opening(f,
		"UPDATE opening SET secret = (SELECT secret FROM opening "
		"WHERE name = 'holder') WHERE name = 'iban'"),
	    CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    with_opening(f, "DELETE FROM opening WHERE name = 'iban'"),
	    CSEAL_ERR_NOT_FOUND);
	assert_string_equal(f->err.where, "iban");
	assert_non_null(strstr(f->err.what, "not on this desk"));
}

/* ---- in time ---- */

static void
due(const struct maker_desk *f, uint64_t after, enum cseal_due want)
{
	const struct cseal_state_slot *t = payout(f);
	struct cseal_read_back back;
	struct cseal_error err;

	assert_int_equal(
	    cseal_slot_read_back(cseal_desk_state(f->d), t, 0, &back, &err),
	    CSEAL_OK);
	assert_int_equal(cseal_slot_read_back(cseal_desk_state(f->d), t,
			     back.entered + after, &back, &err),
	    CSEAL_OK);
	if (back.due != want)
		fail_msg("after %d s: %d", (int)after, (int)back.due);
	if (want == CSEAL_DUE_WITHIN)
		assert_true(back.due_since == back.within);
	if (want == CSEAL_DUE_AGAIN)
		assert_true(back.due_since == back.again);
}

/* The fixed rules: within two hours, and after two working days. */
static void
test_read_back(void **state)
{
	struct maker_desk *f = *state;
	const uint64_t week = UINT64_C(7) * 24 * HOUR;
	struct cseal_read_back back;

	maker_desk_begin(f);
	enter(f, approved(f, IBAN));
	due(f, 0, CSEAL_DUE_NOT);
	due(f, 2 * HOUR, CSEAL_DUE_NOT);
	due(f, 2 * HOUR + 1, CSEAL_DUE_WITHIN);
	due(f, week, CSEAL_DUE_WITHIN);
	/* Who entered it does not confirm it. */
	(void)report(f, "3000", LIN);
	due(f, 2 * HOUR + 1, CSEAL_DUE_WITHIN);
	(void)report(f, "3000", MINA);
	due(f, 2 * HOUR + 1, CSEAL_DUE_NOT);
	due(f, week, CSEAL_DUE_AGAIN);
	f->now += week;
	(void)report(f, "3000", MINA);
	due(f, 2 * week, CSEAL_DUE_NOT);
	assert_int_equal(cseal_slot_read_back(cseal_desk_state(f->d), payout(f),
			     f->now, &back, NULL),
	    CSEAL_OK);
	assert_true(back.confirmed == f->now);
	assert_true(back.observed == f->now);
}

static void
test_who_may_observe(void **state)
{
	struct maker_desk *f = *state;
	const struct cseal_state *s;
	const struct cseal_state_slot *t;
	const struct cseal_state_person *p;
	struct cseal_state_person left;

	maker_desk_begin(f);
	enter(f, approved(f, IBAN));
	s = cseal_desk_state(f->d);
	t = payout(f);
	p = cseal_state_person_find(s, "mina");
	assert_true(cseal_slot_may_observe(s, t, p));
	left = *p;
	left.left = true;
	assert_false(cseal_slot_may_observe(s, t, &left));
	left = *p;
	left.roles.n = 0;
	assert_false(cseal_slot_may_observe(s, t, &left));
	assert_int_equal(cseal_slot_confirming(s, t, t->applier, 4),
	    CSEAL_CONFIRMS_NOT_BY_HIM);
	assert_int_equal(cseal_slot_confirming(s, t, t->applier + 1, 0),
	    CSEAL_CONFIRMS_NOT_LEVEL);
	assert_int_equal(
	    cseal_slot_confirming(s, t, t->applier + 1, 1), CSEAL_CONFIRMS);
	assert_int_equal(
	    cseal_slot_confirming(s, NULL, 0, 4), CSEAL_CONFIRMS_NOTHING);
	assert_int_equal(cseal_slot_level(s, t), CSEAL_LEVEL_TAIL);
}

#define DESK(f)                          \
	cmocka_unit_test_setup_teardown( \
	    f, maker_desk_setup, maker_desk_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(test_outcomes),
		DESK(test_sealed),
		DESK(test_reported_before),
		DESK(test_refused),
		DESK(test_values_elsewhere),
		DESK(test_read_back),
		DESK(test_who_may_observe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
