/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of rules, and how a finding is told. */

#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_text(void **state)
{
	struct cseal_finding f = { .rule = rule_row(RULE_APPROVER_IS_REQUESTER),
		.has_entry = true,
		.entry = 12,
		.has_change = true,
		.change = 11,
		.detail = "lin" };
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	assert_int_equal(cseal_finding_text(&f, &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out),
	    "entry 12 (about #11): the approver is the person who asked, "
	    "whichever key is used (lin) [approver-is-requester]");
	f.has_entry = f.has_change = false;
	f.detail[0] = '\0';
	cseal_buf_reset(&out);
	assert_int_equal(cseal_finding_text(&f, &out), CSEAL_OK);
	assert_true(strncmp(cseal_buf_str(&out), "ledger: ", 8) == 0);
	cseal_buf_free(&out);
}

/* The table itself: each row is whole, and no code stands twice. */
static void
test_rules(void **state)
{
	const struct cseal_rule *r;
	size_t n;

	(void)state;
	for (n = 0; (r = cseal_rule_at(n)) != NULL; n++) {
		assert_true(r->code != NULL && r->code[0] != '\0');
		assert_int_equal(
		    strspn(r->code, "abcdefghijklmnopqrstuvwxyz0123456789-"),
		    strlen(r->code));
		assert_true(r->sentence[0] != '\0' && r->reference[0] != '\0');
		assert_ptr_equal(cseal_rule_find(r->code), r);
	}
	assert_int_equal(n, RULE_COUNT - 1);
	assert_null(cseal_rule_find("ok"));
	assert_null(cseal_rule_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
