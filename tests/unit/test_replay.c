/* SPDX-License-Identifier: BSD-2-Clause */
/* From a file to a state and findings; files that were meddled with. */

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

#define MANY 2300 /* more than a batch */

/* It ended at that entry, for that reason. */
static bool
ended_at(const struct cseal_replay *r, uint64_t entry, enum rule_id rule)
{
	const struct cseal_finding *f = cseal_replay_ended(r);
	struct cseal_buf text;

	if (f != NULL && f->has_entry && f->entry == entry &&
	    f->rule == rule_row(rule) && !cseal_replay_clean(r) &&
	    cseal_state_size(cseal_replay_state(r)) == entry)
		return true;
	cseal_buf_init(&text, 0);
	if (f != NULL)
		(void)cseal_finding_text(f, &text);
	printf("# not %s at %llu: %s\n", rule_row(rule)->code,
	    (unsigned long long)entry, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return false;
}

static void
flip_entry(
    struct fixture *f, const struct maker *m, uint64_t index, size_t from_end)
{
	struct cseal_slice entry = maker_bytes(m, index);
	uint8_t copy[CSEAL_ENTRY_MAX];

	memcpy(copy, entry.data, entry.len);
	copy[entry.len - from_end] ^= 1;
	entry.data = copy;
	maker_file_put(&f->file, index, entry);
}

static void
test_clean(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 7 };
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	const struct cseal_state *s;
	struct cseal_head head;

	for (int i = 0; i < 10; i++)
		(void)maker_entered(m);
	maker_file_write(&f->file, m);
	head = cseal_state_head(m->state);
	for (size_t i = 0; i < 4; i++) {
		const struct cseal_replay_options o = { .threads = threads[i] };
		const struct cseal_replay *r = replay(f, &o);

		s = cseal_replay_state(r);
		assert_true(cseal_replay_clean(r));
		assert_null(cseal_replay_ended(r));
		assert_null(cseal_replay_finding(r, 0));
		assert_int_equal(cseal_replay_entries(r), m->entries.n);
		assert_int_equal(cseal_replay_sealed(r), m->entries.n);
		assert_int_equal(cseal_state_size(s), m->entries.n);
		assert_memory_equal(
		    cseal_state_head(s).root, head.root, CSEAL_HASH_BYTES);
		assert_memory_equal(cseal_state_ledger_id(s),
		    cseal_state_ledger_id(m->state), CSEAL_HASH_BYTES);
		assert_memory_equal(
		    cseal_state_org(s).data, MAKER_ORG, strlen(MAKER_ORG));
	}
	maker_free(m);
}

/* ---- every broken rule, in a file ---- */

static bool
try_broken(struct fixture *f, const struct maker_break *row)
{
	const struct cseal_replay *r;
	struct maker_broken b;
	uint64_t last;
	bool ok = true;

	maker_broken_init(&b, row);
	if (b.artificial) {
		maker_broken_free(&b);
		return true;
	}
	last = b.m->entries.n;
	maker_file_write(&f->file, b.m);
	maker_file_put(&f->file, last, cseal_buf_slice(&b.entry));
	if (row->how != MAKER_NOTED) {
		r = replay(f, NULL);
		ok = ended_at(r, last, row->rule) &&
		     cseal_replay_sealed(r) == last;
	} else {
		assert_int_equal(
		    maker_judge(b.m, cseal_buf_slice(&b.entry), true), RULE_OK);
		maker_file_write(&f->file, b.m);
		r = replay(f, NULL);
		ok = cseal_replay_ended(r) == NULL &&
		     has_finding(r, row->rule, last) &&
		     cseal_replay_clean(r) ==
			 (rule_row(row->rule)->grade != CSEAL_FINDING_ERROR);
	}
	if (!ok)
		printf("# %s (%s)\n", rule_row(row->rule)->code, row->what);
	maker_broken_free(&b);
	return ok;
}

static void
test_broken(void **state)
{
	struct fixture *f = *state;
	unsigned failed = 0;

	for (size_t i = 0; maker_breaks[i] != NULL; i++) {
		for (const struct maker_break *row = maker_breaks[i];
		     row->what != NULL; row++)
			failed += !try_broken(f, row);
	}
	assert_int_equal(failed, 0);
}

/* ---- signatures ---- */

struct progress {
	uint64_t done, total;
	unsigned calls;
};

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;

	assert_true(done > p->done && done <= total);
	p->done = done;
	p->total = total;
	p->calls++;
}

/*
 * Of several bad signatures the first is told, in whichever batch it is, and
 * the state is that of the head before it.
 */
static void
test_many(void **state)
{
	static const struct {
		uint64_t a, b, told;
	} rows[] = { { 2100, 2250, 2100 }, { 2250, 40, 40 },
		{ 2047, 2048, 2047 }, { 2049, 2299, 2049 }, { 17, 16, 16 } };
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	struct progress p = { 0, 0, 0 };
	const struct cseal_replay_options o = { .progress = on_progress,
		.ctx = &p };
	const struct cseal_replay *r;

	while (m->entries.n < MANY)
		(void)maker_do(m, maker_endorse(m, OMAR));
	maker_file_write(&f->file, m);
	r = replay(f, &o);
	assert_true(cseal_replay_clean(r));
	assert_int_equal(cseal_replay_sealed(r), MANY);
	assert_int_equal(p.done, MANY);
	assert_int_equal(p.total, MANY);
	assert_true(p.calls > 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		flip_entry(f, m, rows[i].a, 1);
		flip_entry(f, m, rows[i].b, 1);
		r = replay(f, NULL);
		assert_true(ended_at(r, rows[i].told, RULE_SEAL_SIGNATURE));
		assert_int_equal(cseal_replay_sealed(r), rows[i].told);
		assert_int_equal(cseal_replay_entries(r), MANY);
		maker_file_put(&f->file, rows[i].a, maker_bytes(m, rows[i].a));
		maker_file_put(&f->file, rows[i].b, maker_bytes(m, rows[i].b));
	}
	maker_free(m);
}

/* A bad signature counts before a broken rule that comes after it. */
static void
test_signature_before_rule(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);

	for (int i = 0; i < 5; i++)
		(void)maker_asked(m);
	maker_file_write(&f->file, m);
	flip_entry(f, m, 5, 1);
	flip_entry(f, m, 7, 400);
	assert_true(ended_at(replay(f, NULL), 5, RULE_SEAL_SIGNATURE));
	maker_free(m);
}

/* ---- entries that are swapped, left out, put in ---- */

static void
test_swapped(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);

	(void)maker_asked(m);
	(void)maker_do(m, maker_request_email(m, MINA));
	maker_file_write(&f->file, m);
	maker_file_put(&f->file, 4, maker_bytes(m, 5));
	maker_file_put(&f->file, 5, maker_bytes(m, 4));
	assert_true(ended_at(replay(f, NULL), 4, RULE_HEAD_AHEAD));
	maker_free(m);
}

static void
test_doubled(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);

	maker_file_write(&f->file, m);
	maker_file_put(&f->file, n + 1, maker_bytes(m, n));
	assert_true(ended_at(replay(f, NULL), n + 1, RULE_STATEMENT_COPY));
	maker_free(m);
}

/* Two histories of one ledger: each is sound, and they do not mix. */
static void
test_fork(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1), *other = maker_founded(1);

	(void)maker_asked(m);
	(void)maker_asked(m);
	(void)maker_do(other, maker_request_email(other, MINA));
	maker_file_write(&f->file, m);
	assert_true(cseal_replay_clean(replay(f, NULL)));
	maker_file_put(&f->file, 4, maker_bytes(other, 4));
	assert_true(ended_at(replay(f, NULL), 5, RULE_HEAD_FORKED));
	maker_free(m);
	maker_free(other);
}

/* ---- the store's tree ---- */

static void
test_store_damaged(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	const struct cseal_finding *ended;
	uint8_t hash[CSEAL_HASH_BYTES] = { 1 };

	(void)maker_entered(m);
	maker_file_write(&f->file, m);
	maker_file_run(&f->file,
	    "UPDATE node SET hash = ?1 WHERE level = 0 AND idx = 3", hash,
	    sizeof(hash));
	ended = cseal_replay_ended(replay(f, NULL));
	assert_non_null(ended);
	assert_ptr_equal(ended->rule, rule_row(RULE_STORE_DAMAGED));
	assert_true(ended->has_entry);
	assert_int_equal(ended->entry, 3);
	assert_false(cseal_replay_clean(f->r));
	maker_free(m);
}

/* ---- openings ---- */

static void
test_recheck(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	const struct cseal_finding *found;
	struct maker_draft *d;
	struct cseal_facts facts;
	uint64_t good, false_facts, erased, other;
	char sql[128];

	good = maker_entered(m);
	d = maker_request(m, LIN, NULL);
	assert_int_equal(
	    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
	memcpy(facts.country, "FR", 3);
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, &facts), CSEAL_OK);
	d->st.u.request.facts = cseal_buf_slice(&d->facts);
	false_facts = maker_do(m, d);
	erased = maker_asked(m);
	other = maker_asked(m);
	maker_file_write(&f->file, m);

	(void)replay(f, NULL);
	assert_int_equal(cseal_replay_recheck(f->r, f->l, &f->err), CSEAL_OK);
	assert_true(has_finding(f->r, RULE_FACT_FALSE, false_facts));
	found = cseal_replay_finding(f->r, 0);
	assert_ptr_equal(found->rule, rule_row(RULE_FACT_FALSE));
	assert_null(cseal_replay_finding(f->r, 1));
	assert_null(cseal_replay_ended(f->r));
	assert_false(cseal_replay_clean(f->r));
	assert_false(has_finding(f->r, RULE_FACT_FALSE, good));

	snprintf(sql, sizeof(sql),
	    "UPDATE opening SET secret = zeroblob(length(secret)) "
	    "WHERE entry = %llu AND name = 'iban'",
	    (unsigned long long)erased);
	maker_file_run(&f->file, sql, NULL, 0);
	snprintf(sql, sizeof(sql),
	    "UPDATE opening SET secret = (SELECT secret FROM opening WHERE "
	    "entry = %llu AND name = 'iban') WHERE entry = %llu AND "
	    "name = 'iban'",
	    (unsigned long long)good, (unsigned long long)other);
	maker_file_run(&f->file, sql, NULL, 0);
	(void)replay(f, NULL);
	assert_int_equal(cseal_replay_recheck(f->r, f->l, &f->err), CSEAL_OK);
	assert_true(has_finding(f->r, RULE_OPENING_FALSE, other));
	assert_false(has_finding(f->r, RULE_OPENING_FALSE, erased));
	for (size_t i = 0; (found = cseal_replay_finding(f->r, i)) != NULL; i++)
		if (found->rule == rule_row(RULE_FACTS_UNCHECKED))
			break;
	assert_non_null(found);
	assert_false(found->has_entry);
	assert_string_equal(found->detail, "2 changes");
	maker_free(m);
}

/* ---- going on ---- */

static void
append(struct fixture *f, const struct maker *m)
{
	struct cseal_ledger *l;

	assert_int_equal(
	    cseal_ledger_open(&l, f->file.path, CSEAL_LEDGER_WRITE, &f->err),
	    CSEAL_OK);
	for (uint64_t i = cseal_replay_entries(f->r); i < m->entries.n; i++)
		assert_int_equal(cseal_ledger_append(
				     l, i, maker_bytes(m, i), NULL, 0, &f->err),
		    CSEAL_OK);
	cseal_ledger_close(l);
}

static void
test_extend(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	const struct cseal_state *s;

	maker_file_write(&f->file, m);
	s = cseal_replay_state(replay(f, NULL));
	assert_int_equal(cseal_replay_extend(f->r, f->l, &f->err), CSEAL_OK);
	assert_int_equal(cseal_state_size(s), 4);
	(void)maker_entered(m);
	append(f, m);
	assert_int_equal(cseal_replay_extend(f->r, f->l, &f->err), CSEAL_OK);
	assert_ptr_equal(cseal_replay_state(f->r), s);
	assert_int_equal(cseal_state_size(s), m->entries.n);
	assert_int_equal(cseal_replay_sealed(f->r), m->entries.n);
	assert_memory_equal(cseal_state_head(s).root,
	    cseal_state_head(m->state).root, CSEAL_HASH_BYTES);
	maker_free(m);
}

/* What was added since is bad; from then on nothing is judged. */
static void
test_extend_by_bad(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);

	maker_file_write(&f->file, m);
	(void)replay(f, NULL);
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_asked(m);
	append(f, m);
	flip_entry(f, m, n + 1, 1);
	assert_int_equal(cseal_replay_extend(f->r, f->l, &f->err), CSEAL_OK);
	assert_true(ended_at(f->r, n + 1, RULE_SEAL_SIGNATURE));
	(void)maker_asked(m);
	append(f, m);
	assert_int_equal(cseal_replay_extend(f->r, f->l, &f->err), CSEAL_OK);
	assert_true(ended_at(f->r, n + 1, RULE_SEAL_SIGNATURE));
	maker_free(m);
}

/* The tail is cut while somebody works on it: he must not go on as before. */
static void
test_extend_of_shorter(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);

	(void)maker_approved(m);
	maker_file_write(&f->file, m);
	(void)replay(f, NULL);
	maker_file_run(&f->file, "DELETE FROM entry WHERE idx = 5", NULL, 0);
	assert_int_equal(
	    cseal_replay_extend(f->r, f->l, &f->err), CSEAL_ERR_CORRUPT);
	maker_free(m);
}

static void
test_empty(void **state)
{
	struct fixture *f = *state;
	struct cseal_replay *r = NULL;

	assert_int_equal(cseal_ledger_open(
			     &f->l, f->file.path, CSEAL_LEDGER_CREATE, &f->err),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_replay_new(&r, f->l, NULL, &f->err), CSEAL_ERR_CORRUPT);
	assert_null(r);
	cseal_replay_free(NULL);
}

static void
test_gap(void **state)
{
	struct fixture *f = *state;
	struct maker *m = maker_founded(1);
	struct cseal_replay *r = NULL;

	(void)maker_approved(m);
	maker_file_write(&f->file, m);
	maker_file_run(&f->file, "DELETE FROM entry WHERE idx = 2", NULL, 0);
	assert_int_equal(
	    cseal_ledger_open(&f->l, f->file.path, CSEAL_LEDGER_READ, &f->err),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_replay_new(&r, f->l, NULL, &f->err), CSEAL_ERR_CORRUPT);
	assert_non_null(strstr(f->err.where, "entry 2"));
	assert_null(r);
	maker_free(m);
}

#define FILED(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILED(test_clean),
		FILED(test_broken),
		FILED(test_many),
		FILED(test_signature_before_rule),
		FILED(test_swapped),
		FILED(test_doubled),
		FILED(test_fork),
		FILED(test_store_damaged),
		FILED(test_recheck),
		FILED(test_extend),
		FILED(test_extend_by_bad),
		FILED(test_extend_of_shorter),
		FILED(test_empty),
		FILED(test_gap),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
