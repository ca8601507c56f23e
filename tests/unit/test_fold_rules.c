/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One test for every rule: a ledger in which all stands but the last entry.
 * At the end, the rules that no row provoked are told, and fail the program.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"

struct seen {
	unsigned times[RULE_COUNT];
};

/* Rules that the fold by itself cannot break, and who tests them. */
static const struct {
	enum rule_id rule;
	const char *why;
} elsewhere[] = {
	{ RULE_STORE_DAMAGED, "of the store's tree: test_replay" },
	{ RULE_SEALED_IN_DOUBT, "of entries before: test_replay" },
	{ RULE_FACT_FALSE, "of openings: test_replay" },
	{ RULE_OPENING_FALSE, "of openings: test_replay" },
	{ RULE_FACTS_UNCHECKED, "of openings: test_replay" },
	{ RULE_SHOWN_FALSE, "of texts shown: test_shown" },
	{ RULE_SHOWN_UNCHECKED, "of texts shown: test_shown" },
	{ RULE_ATTESTATION_DIFFERS, "of certificates: test_recheck_keys" },
	{ RULE_ATTESTATION_REFUSED, "of certificates: test_recheck_keys" },
	{ RULE_ATTESTATION_UNCHECKED, "of certificates: test_recheck_keys" },
	{ RULE_MEMORY_SHRANK, "of what was remembered: test_memory" },
	{ RULE_MEMORY_FORKED, "of what was remembered: test_memory" },
};

/* A draft meets the same rules before a key is touched. */
static enum rule_id
judge_draft(const struct maker_broken *b)
{
	struct cseal_entry entry;
	struct fold_entry e;
	enum rule_id rule;

	assert_int_equal(
	    cseal_entry_parse(&entry, cseal_buf_slice(&b->entry)), CSEAL_OK);
	rule = fold_draft_read(&e, b->m->state, entry.statement);
	if (rule == RULE_OK)
		rule = fold_check(b->m->state, &e, NULL);
	fold_entry_free(&e);
	return rule;
}

static bool
expect(const struct maker_break *row, enum rule_id said, enum rule_id wanted,
    const struct maker_broken *b)
{
	if (said == wanted)
		return true;
	printf("# %s (%s): said %s, not %s (%s)\n", rule_row(row->rule)->code,
	    row->what, rule_row(said)->code, rule_row(wanted)->code,
	    b->m->detail);
	return false;
}

static bool
try_entry(const struct maker_break *row, const struct maker_broken *b)
{
	enum rule_id rule =
	    maker_judge(b->m, cseal_buf_slice(&b->entry), false);

	if (row->how != MAKER_NOTED)
		return expect(row, rule, row->rule, b) &&
		       rule_row(rule)->grade == CSEAL_FINDING_ERROR;
	if (!expect(row, rule, RULE_OK, b))
		return false;
	if (!maker_noted(b->m, row->rule)) {
		printf("# %s (%s): not told\n", rule_row(row->rule)->code,
		    row->what);
		return false;
	}
	return true;
}

static bool
try_row(const struct maker_break *row)
{
	struct maker_broken b;
	bool ok;

	maker_broken_init(&b, row);
	ok = try_entry(row, &b);
	if (row->how == MAKER_REFUSED)
		ok = expect(row, judge_draft(&b), row->rule, &b) && ok;
	else if (row->how == MAKER_NOTED)
		ok = expect(row, judge_draft(&b), RULE_OK, &b) && ok;
	maker_broken_free(&b);
	return ok;
}

static void
try_table(void **state, const struct maker_break *table)
{
	struct seen *seen = *state;
	unsigned failed = 0;

	for (; table->what != NULL; table++) {
		if (try_row(table))
			seen->times[table->rule]++;
		else
			failed++;
	}
	assert_int_equal(failed, 0);
}

static void
test_entry(void **state)
{
	try_table(state, maker_breaks_entry);
}

static void
test_genesis(void **state)
{
	try_table(state, maker_breaks_genesis);
}

static void
test_key(void **state)
{
	try_table(state, maker_breaks_key);
}

static void
test_person(void **state)
{
	try_table(state, maker_breaks_person);
}

static void
test_request(void **state)
{
	try_table(state, maker_breaks_request);
}

static void
test_act(void **state)
{
	try_table(state, maker_breaks_act);
}

static void
test_facts(void **state)
{
	try_table(state, maker_breaks_facts);
}

static void
test_evidence(void **state)
{
	try_table(state, maker_breaks_evidence);
}

static void
test_apply(void **state)
{
	try_table(state, maker_breaks_apply);
}

static void
test_watch(void **state)
{
	try_table(state, maker_breaks_watch);
}

static bool
is_elsewhere(enum rule_id rule)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		if (elsewhere[i].rule == rule)
			return true;
	}
	return false;
}

static void
test_all_provoked(void **state)
{
	const struct seen *seen = *state;
	unsigned missing = 0, rows = 0, rules = 0;

	for (unsigned i = RULE_OK + 1; i < RULE_COUNT; i++) {
		rows += seen->times[i];
		rules += seen->times[i] > 0;
		if (seen->times[i] > 0 || is_elsewhere((enum rule_id)i))
			continue;
		printf("# not provoked: %s\n", rule_row((enum rule_id)i)->code);
		missing++;
	}
	printf("# %u of %u rules provoked, by %u entries\n", rules,
	    (unsigned)RULE_COUNT - 1, rows);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		printf("# elsewhere: %s, %s\n",
		    rule_row(elsewhere[i].rule)->code, elsewhere[i].why);
	assert_int_equal(missing, 0);
}

int
main(void)
{
	struct seen seen = { { 0 } };
	struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_genesis),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_person),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_act),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_all_provoked),
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tests[i].initial_state = &seen;
	return cmocka_run_group_tests_name("fold_rules", tests, NULL, NULL);
}
