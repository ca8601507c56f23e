/* SPDX-License-Identifier: BSD-2-Clause */
/* What is different between two policies, in words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/policy_source.h"

static int
tell(void *ctx, const struct cseal_policy_difference *d)
{
	struct cseal_buf *out = ctx;

	(void)cseal_policy_difference_text(d, out);
	return cseal_buf_add_u8(out, '\n');
}

static int
stop(void *ctx, const struct cseal_policy_difference *d)
{
	(void)d;
	++*(unsigned *)ctx;
	return CSEAL_ERR_BUSY;
}

static struct cseal_policy_source *
source(const char *text)
{
	struct cseal_slice s = { (const uint8_t *)text, strlen(text) };
	struct cseal_policy_source *out = NULL;
	struct cseal_error err = { 0 };

	if (cseal_policy_source_parse(&out, s, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	return out;
}

#define BASE "[store main-de]\nslots = payout\n[change payout.* key.*]\n"

static const struct {
	const char *now;
	const char *next;
	const char *told;
} rows[] = {
	{ BASE, BASE, "" },
	/* Other words, the same meaning. */
	{ BASE, BASE "request lives = 4320m\n", "" },
	{ BASE, BASE "approvals = 2 admin\n",
	    "payout.*: approvals: 1 approver -> 2 admin\n"
	    "key.*: approvals: 1 admin -> 2 admin\n" },
	{ BASE, BASE "[change payout.us]\ncooling off = 1h\n",
	    "payout.us: cooling off: 0h -> 1h\n" },
	{ BASE,
	    BASE "[change payout.us payout.uk]\ncooling off = 1h\n"
		 "[change payout.iban]\ncooling off = 2h\n",
	    "payout.iban: cooling off: 0h -> 2h\n"
	    "payout.us payout.uk: cooling off: 0h -> 1h\n" },
	{ BASE, "[store main-de]\nslots = payout\n[change payout.* key.add]\n",
	    "key.revoke: can no longer be asked for\n" },
	{ BASE, BASE "[change freeze.lift]\n",
	    "freeze.lift: can be asked for from now on\n"
	    "freeze.lift: approvals: 1 admin\n"
	    "freeze.lift: request lives: 72h\n"
	    "freeze.lift: may request: admin\n" },
	{ BASE, BASE "[ledger]\ntime zone = Europe/Berlin\n[freeze]\nby = x\n",
	    "ledger: time zone: UTC -> Europe/Berlin\n"
	    "freeze: by: approver admin -> x\n" },
	{ BASE, BASE "[store b a]\nslots = payout\nplatform = etsy\n",
	    "store a b: is declared\n"
	    "store a b: platform: etsy\n"
	    "store a b: marketplaces: none\n"
	    "store a b: legal name: none\n"
	    "store a b: slots: payout\n" },
	{ BASE "[store a b c d e]\nslots = payout\n", BASE,
	    "store a b c and 2 more: is no longer declared\n" },
	{ BASE "[store a b c d]\nslots = payout\n",
	    BASE "[store a b c d]\nslots = payout access.app\n",
	    "store a b c and 1 more: slots: payout -> payout access.app\n" },
	{ BASE "[provider p]\nprogramme member = yes\nschemes = payout.us\n",
	    BASE "[provider p]\nprogramme member = no\nschemes = payout.us\n",
	    "provider p: programme member: yes -> no\n" },
};

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cseal_policy_source *now = source(rows[i].now),
					   *next = source(rows[i].next);
		struct cseal_buf told;

		cseal_buf_init(&told, 0);
		assert_int_equal(
		    cseal_policy_diff(cseal_policy_source_rules(now),
			cseal_policy_source_rules(next), tell, &told),
		    CSEAL_OK);
		assert_string_equal(cseal_buf_str(&told), rows[i].told);
		cseal_buf_free(&told);
		cseal_policy_source_free(now);
		cseal_policy_source_free(next);
	}
}

static void
test_stops(void **state)
{
	struct cseal_policy_source *now = source(BASE),
				   *next = source(BASE
				       "cooling off = 1h\non screen = 1s\n");
	unsigned n = 0;

	(void)state;
	assert_int_equal(cseal_policy_diff(cseal_policy_source_rules(now),
			     cseal_policy_source_rules(next), stop, &n),
	    CSEAL_ERR_BUSY);
	assert_int_equal(n, 1);
	cseal_policy_source_free(now);
	cseal_policy_source_free(next);
}

static void
test_heads(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_policy_heads(0, 0, &b), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), "");
	assert_int_equal(cseal_policy_heads(~(uint64_t)0, 2, &b), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), "payout.* contact.* and 9 more");
	cseal_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
