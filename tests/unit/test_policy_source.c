/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules as people write them, and what they expand to. */

#include "counterseal/policy_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/statement.h"

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

static const struct cseal_policy_change *
rules(const struct cseal_policy_source *s, const char *kind)
{
	return cseal_policy_change(
	    cseal_policy_source_rules(s), cseal_kind_find(kind, strlen(kind)));
}

/* The text as it is, and expanded once more, is the same. */
static void
assert_fixed(const struct cseal_policy_source *s)
{
	struct cseal_slice text = cseal_policy_source_text(s);
	struct cseal_policy_source *again = NULL;
	struct cseal_error err = { 0 };
	struct cseal_slice twice;

	if (cseal_policy_source_parse(&again, text, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	twice = cseal_policy_source_text(again);
	assert_int_equal(text.len, twice.len);
	assert_memory_equal(text.data, twice.data, text.len);
	cseal_policy_source_free(again);
}

/* Who leaves everything to the fixed rules has them, to the byte. */
static void
test_fixed_rules(void **state)
{
	struct cseal_policy_source *s = source("[store *]\n[change *]");
	struct cseal_slice text = cseal_policy_source_text(s);
	struct cseal_buf fixed;

	(void)state;
	cseal_buf_init(&fixed, 0);
	assert_int_equal(cseal_policy_default(&fixed), CSEAL_OK);
	assert_string_equal((const char *)text.data, cseal_buf_str(&fixed));
	assert_int_equal(text.len, fixed.len);
	assert_fixed(s);
	cseal_policy_source_free(s);
	cseal_buf_free(&fixed);
}

static void
test_narrower_wins(void **state)
{
	static const char text[] = "[change payout.iban]\n"
				   "approvals = 3 approver\n"
				   "[change *]\n"
				   "approvals = 1 approver\n"
				   "cooling off = 1h\n"
				   "request lives=24h\n"
				   "[change payout.*]\n"
				   "approvals = 2 approver\n"
				   "cooling off = 2h\n"
				   "[change key.* freeze.lift]\n"
				   "approvals = 2 admin\n";
	struct cseal_policy_source *s = source(text);

	(void)state;
	assert_int_equal(rules(s, "payout.iban")->places.place[0].count, 3);
	assert_int_equal(rules(s, "payout.iban")->cooling_off, 7200);
	assert_int_equal(rules(s, "payout.us")->places.place[0].count, 2);
	assert_int_equal(rules(s, "access.app")->places.place[0].count, 1);
	assert_int_equal(rules(s, "access.app")->cooling_off, 3600);
	assert_int_equal(rules(s, "access.app")->request_lives, 86400);
	assert_int_equal(rules(s, "key.add")->places.place[0].count, 2);
	assert_string_equal(rules(s, "key.add")->places.place[0].role, "admin");
	/* Of nobody else, so of all. */
	assert_string_equal(
	    rules(s, "policy.set")->places.place[0].role, "approver");
	assert_int_equal(rules(s, "policy.set")->request_lives, 86400);
	assert_int_equal(rules(s, "policy.set")->cooling_off, 0);
	/* Two days after: what nobody wrote. */
	assert_true(rules(s, "payout.iban")->read_back_again.working_days);
	assert_int_equal(rules(s, "access.app")->read_back_again.n, 0);
	assert_fixed(s);

	assert_int_equal(
	    cseal_policy_source_line(s, "change", "payout.iban", "approvals"),
	    2);
	assert_int_equal(
	    cseal_policy_source_line(s, "change", "payout.us", "approvals"), 8);
	assert_int_equal(
	    cseal_policy_source_line(s, "change", "payout.us", NULL), 7);
	assert_int_equal(
	    cseal_policy_source_line(s, "change", "payout.us", "evidence"), 0);
	assert_int_equal(
	    cseal_policy_source_line(s, "change", "payout.us", "no such"), 0);
	assert_int_equal(
	    cseal_policy_source_line(s, "store", "nobody", NULL), 0);
	cseal_policy_source_free(s);
}

/* Kinds that no head names cannot be asked for. */
static void
test_only_those_named(void **state)
{
	struct cseal_policy_source *s =
	    source("[store *]\n[change payout.* key.add]\n");

	(void)state;
	assert_non_null(rules(s, "payout.iban"));
	assert_non_null(rules(s, "key.add"));
	assert_null(rules(s, "key.revoke"));
	assert_null(rules(s, "access.app"));
	assert_fixed(s);
	cseal_policy_source_free(s);
}

static void
test_looks(void **state)
{
	static const char text[] =
	    "; Pr\xc3\xbc"
	    "fung\n"
	    "\t[ledger]   ; comment\n"
	    "  working   days =\tmon-wed  fri;sat ; not this\n";
	static const char good[] =
	    "[ledger]\n"
	    "working days = mon-wed fri-sat   ; the shop is open\n"
	    "time zone=Europe/Berlin\n"
	    "[store main-de] ;\n"
	    "legal name = M\xc2\xb7"
	    "A; B ; the bank's way\n"
	    "[provider payoneer]\n"
	    "programme member = yes\n"
	    "schemes = payout.us payout.iban\n"
	    "payee = Example   Trading | Other";
	struct cseal_policy_source *s = NULL;
	struct cseal_error err = { 0 };
	struct cseal_slice bad = { (const uint8_t *)text, strlen(text) };

	(void)state;
	assert_int_equal(
	    cseal_policy_source_parse(&s, bad, &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "line 3");
	s = source(good);
	assert_int_equal(
	    cseal_policy_calendar(cseal_policy_source_rules(s))->weekdays,
	    0x37);
	assert_string_equal(
	    cseal_policy_store(cseal_policy_source_rules(s), "main-de")
		->legal_name.items[0],
	    "M\xc2\xb7"
	    "A; B");
	assert_string_equal(
	    cseal_policy_provider(cseal_policy_source_rules(s), 0)
		->payees.items[0],
	    "Example Trading");
	assert_non_null(strstr((const char *)cseal_policy_source_text(s).data,
	    "schemes = payout.iban payout.us\n"));
	assert_fixed(s);
	cseal_policy_source_free(s);
}

/* A store may stand in several heads, and takes the rest from "*". */
static void
test_stores(void **state)
{
	static const char text[] = "[store b a c]\n"
				   "platform = ebay\n"
				   "[store *]\n"
				   "slots = payout\n"
				   "platform = etsy\n"
				   "[store c]\n"
				   "marketplaces = DE FR\n"
				   "[store d]\n"
				   "slots = access.user\n";
	static const char wanted[] =
	    "\n[store *]\nplatform = etsy\nmarketplaces = none\n"
	    "legal name = none\nslots = payout\n"
	    "\n[store a b]\nplatform = ebay\nmarketplaces = none\n"
	    "legal name = none\nslots = payout\n"
	    "\n[store c]\nplatform = ebay\nmarketplaces = DE FR\n"
	    "legal name = none\nslots = payout\n"
	    "\n[store d]\nplatform = etsy\nmarketplaces = none\n"
	    "legal name = none\nslots = access.user\n";
	struct cseal_policy_source *s = source(text);

	(void)state;
	assert_non_null(
	    strstr((const char *)cseal_policy_source_text(s).data, wanted));
	assert_int_equal(
	    cseal_policy_source_line(s, "store", "c", "platform"), 2);
	assert_int_equal(
	    cseal_policy_source_line(s, "store", "c", "marketplaces"), 7);
	assert_fixed(s);
	cseal_policy_source_free(s);
}

/* More stores than one head can name: several heads, still the same bytes. */
static void
test_many_stores(void **state)
{
	struct cseal_buf b;
	struct cseal_policy_source *s;
	size_t heads = 0;

	(void)state;
	cseal_buf_init(&b, 0);
	for (unsigned i = 0; i < 1000; i++)
		(void)cseal_buf_printf(
		    &b, "[store shop-number-%03u]\nslots = payout\n", 999 - i);
	s = source(cseal_buf_str(&b));
	for (const char *p = (const char *)cseal_policy_source_text(s).data;
	     (p = strstr(p, "[store")) != NULL; p++)
		heads++;
	assert_int_equal(heads, 16);
	assert_string_equal(
	    cseal_policy_store_at(cseal_policy_source_rules(s), 999)->name,
	    "shop-number-999");
	assert_fixed(s);
	cseal_policy_source_free(s);
	cseal_buf_free(&b);
}

/* One form for one meaning. */
static void
test_one_form(void **state)
{
	static const struct {
		const char *key;
		const char *written;
		const char *as;
	} rows[] = {
		{ "request lives", "1440m", "24h" },
		{ "request lives", "72h", "72h" },
		{ "request lives", "73h", "73h" },
		{ "request lives", "96h", "4d" },
		{ "request lives", "90m", "90m" },
		{ "request lives", "5400s", "90m" },
		{ "request lives", "59s", "59s" },
		{ "request lives", "999999d", "999999d" },
		{ "request lives", "999999h", "999999h" },
		{ "cooling off", "0s", "0h" },
		{ "cooling off", "0d", "0h" },
		{ "on screen", "0m", "0s" },
		{ "apply window", "1 working day", "1 working day" },
		{ "apply window", "1d", "24h" },
		{ "evidence", "document reason", "reason document" },
		{ "after contact change", "2 more boss for 168h",
		    "2 more boss for 7d" },
		{ "may observe", "none", "none" },
		{ "approvals", "2 b and 1 a", "2 b and 1 a" },
		{ "countries", "FR DE", "FR DE" },
		{ "confirmed level", "none", "none" },
	};
	struct cseal_policy_source *s;
	char text[256], wanted[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		(void)snprintf(text, sizeof(text),
		    "[change payout.us]\n%s = %s\n", rows[i].key,
		    rows[i].written);
		(void)snprintf(wanted, sizeof(wanted), "\n%s = %s\n",
		    rows[i].key, rows[i].as);
		s = source(text);
		if (strstr((const char *)cseal_policy_source_text(s).data,
			wanted) == NULL)
			fail_msg("%s = %s is not written as %s", rows[i].key,
			    rows[i].written, rows[i].as);
		assert_fixed(s);
		cseal_policy_source_free(s);
	}
}

/* The limits of the whole. */
static void
test_limits(void **state)
{
	struct cseal_policy_source *s = NULL;
	struct cseal_error err = { 0 };
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	while (b.len <= CSEAL_POLICY_SOURCE_MAX)
		(void)cseal_buf_add_str(&b, "; words that say nothing\n");
	assert_int_equal(
	    cseal_policy_source_parse(&s, cseal_buf_slice(&b), &err),
	    CSEAL_ERR_TOO_LARGE);
	assert_null(s);
	assert_non_null(strstr(err.what, "64 KiB"));

	cseal_buf_reset(&b);
	for (unsigned i = 0; i < 400; i++)
		(void)cseal_buf_printf(
		    &b, "[store s%u]\nmarketplaces = M%u\n", i, i);
	assert_int_equal(
	    cseal_policy_source_parse(&s, cseal_buf_slice(&b), &err),
	    CSEAL_ERR_TOO_LARGE);
	assert_null(s);
	assert_non_null(strstr(err.what, "same rules"));

	/* A line that has no room for the spaces of the expanded text. */
	cseal_buf_reset(&b);
	(void)cseal_buf_add_str(&b,
	    "[provider p]\nprogramme member=yes\nschemes=payout.us\npayee=");
	for (unsigned i = 0; i < 1018 / 2; i++)
		(void)cseal_buf_printf(
		    &b, "%c%s", 'A' + i % 26, i % 22 == 21 ? "|" : "B");
	assert_int_equal(
	    cseal_policy_source_parse(&s, cseal_buf_slice(&b), &err),
	    CSEAL_ERR_INPUT);
	assert_null(s);
	cseal_policy_source_free(NULL);
	cseal_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed_rules),
		cmocka_unit_test(test_narrower_wins),
		cmocka_unit_test(test_only_those_named),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_many_stores),
		cmocka_unit_test(test_one_form),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
