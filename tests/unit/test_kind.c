/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/kind.h"
#include "counterseal/statement.h"

/* A row that a person adds must be whole, whatever the kind is. */
static void
every_kind_is_whole(void **state)
{
	const struct cseal_kind *k;
	size_t n;

	(void)state;
	for (n = 0; (k = cseal_kind_at(n)) != NULL; n++) {
		assert_ptr_equal(cseal_kind_find(k->name, strlen(k->name)), k);
		assert_true(strlen(k->about) > 0);
		assert_true(strlen(k->slot) < 55);
		assert_int_not_equal(k->ops, 0);
		assert_true(k->n_fields <= CSEAL_KIND_FIELDS_MAX);
		assert_int_equal(k->authority, k->detail != CSEAL_DETAIL_NONE);
		if (k->authority) {
			assert_int_equal(k->n_fields, 0);
			assert_int_equal(
			    k->ops, CSEAL_OP_BIT(CSEAL_OP_REPLACE));
		} else {
			assert_true(k->n_fields > 0);
			assert_true(strlen(k->slot) > 0);
		}
	}
	assert_true(n >= 30); /* tests/cli/kinds.sh has them all */
}

static void
every_field_is_whole(void **state)
{
	const struct cseal_kind *k;
	const struct cseal_field *f;
	uint64_t evidence;

	(void)state;
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		for (size_t j = 0; j < k->n_fields; j++) {
			f = &k->fields[j];
			assert_ptr_equal(
			    cseal_kind_field(k, f->name, strlen(f->name)), f);
			assert_non_null(f->format);
			assert_ptr_equal(
			    cseal_format_find(f->format->name), f->format);
			assert_true(strlen(f->label) > 0);
			assert_true(strlen(f->name) <= 32);
			assert_int_equal(
			    strspn(f->name, "abcdefghijklmnopqrstuvwxyz_0123"
					    "456789"),
			    strlen(f->name));
			/* Words of the file that name no field. */
			assert_string_not_equal(f->name, "kind");
			assert_string_not_equal(f->name, "store");
			/* Names of openings, with those of evidence. */
			assert_false(cseal_word_find(
			    cseal_evidence_kinds, f->name, &evidence));
		}
	}
}

static void
kinds_are_found_by_their_whole_name(void **state)
{
	(void)state;
	assert_non_null(cseal_kind_find("payout.iban", 11));
	assert_non_null(cseal_kind_find("payout.iban and more", 11));
	assert_null(cseal_kind_find("payout.iban", 10));
	assert_null(cseal_kind_find("payout.iban ", 12));
	assert_null(cseal_kind_find("Payout.iban", 11));
	assert_null(cseal_kind_find("", 0));
}

static void
payout_iban_is_graded(void **state)
{
	static const struct {
		const char *name;
		enum cseal_grade grade;
		bool required;
	} want[] = {
		{ "holder", CSEAL_GRADE_INTERNAL, true },
		{ "iban", CSEAL_GRADE_SECRET, true },
		{ "bic", CSEAL_GRADE_INTERNAL, false },
		{ "currency", CSEAL_GRADE_PUBLIC, false },
		{ "bank_name", CSEAL_GRADE_PUBLIC, false },
	};
	const struct cseal_kind *k = cseal_kind_find("payout.iban", 11);

	(void)state;
	assert_string_equal(k->slot, "payout");
	assert_int_equal(k->n_fields, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < k->n_fields; i++) {
		assert_string_equal(k->fields[i].name, want[i].name);
		assert_int_equal(k->fields[i].grade, want[i].grade);
		assert_int_equal(k->fields[i].required, want[i].required);
	}
	assert_null(cseal_kind_field(k, "iban", 3));
	assert_null(cseal_kind_field(k, "ibans", 5));
	assert_null(cseal_kind_field(k, "", 0));
}

/*
 * Values that no person could have typed, because their openings came with
 * the ledger: a fact is the first bytes of the value, or there is none.
 */
static void
facts_of_hostile_values(void **state)
{
	static const struct {
		const char *name;
		uint8_t text[9];
		size_t len;
		int r;
		const char *currency;
	} rows[] = {
		{ "currency", "EURO", 4, CSEAL_OK, "EUR" },
		{ "currency", "EU", 2, CSEAL_OK, "" },
		{ "currency", "\0\0\0", 3, CSEAL_ERR_FORMAT, "" },
		{ "currency", "EU\0", 3, CSEAL_ERR_FORMAT, "" },
		{ "currency", "EUR\0", 4, CSEAL_OK, "EUR" },
		{ "iban", "\0\0", 2, CSEAL_ERR_FORMAT, "" },
		{ "iban", "D\0", 2, CSEAL_ERR_FORMAT, "" },
		{ "bic", "COBA\0EFF", 8, CSEAL_ERR_FORMAT, "" },
	};
	const struct cseal_kind *k = cseal_kind_find("payout.iban", 11);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cseal_facts facts = { 0 };
		struct cseal_value v = { .field =
					     cseal_kind_field(k, rows[i].name,
						 strlen(rows[i].name)) };

		cseal_buf_init(&v.text, 0);
		assert_int_equal(
		    cseal_buf_add(&v.text, rows[i].text, rows[i].len),
		    CSEAL_OK);
		assert_int_equal(
		    cseal_kind_facts(k, &v, 1, &facts, NULL), rows[i].r);
		if (rows[i].r == CSEAL_OK)
			assert_string_equal(facts.currency, rows[i].currency);
		cseal_buf_free(&v.text);
	}
}

/* What the values of a kind bear out: country and bank. */
static void
facts_of_each_kind(void **state)
{
	static const struct {
		const char *kind, *field, *value, *country, *bank;
	} rows[] = {
		{ "payout.us", "routing", "021000021", "US", "ABA:021000021" },
		{ "payout.uk", "sort_code", "601613", "GB", "SC:601613" },
		{ "payout.jp", "bank_code", "0001", "JP", "ZENGIN:0001" },
		{ "payout.au", "bsb", "062217", "AU", "BSB:062217" },
		{ "payout.ca", "institution", "0003", "CA", "CC:0003" },
		{ "payout.mx", "clabe", "032180000118359719", "MX",
		    "CLABE:032" },
		{ "payout.in", "ifsc", "SBIN0005943", "IN", "IFSC:SBIN" },
		{ "payout.cn", "cnaps", "201451000016", "CN", "CNAPS:201" },
		{ "payout.cn", "holder", "X", "CN", "" },
		{ "payout.hk", "bank", "004", "HK", "HK:004" },
		{ "payout.sg", "bank", "7171", "SG", "SG:7171" },
		{ "payout.swift", "bic", "SBZAZAJJ", "", "BIC:SBZAZAJJ" },
		{ "payout.swift", "country", "ZA", "ZA", "" },
		{ "payout.withdrawal", "country", "DE", "DE", "" },
		{ "payout.withdrawal", "bic", "DEUTDEFF500", "",
		    "BIC:DEUTDEFF" },
		{ "payout.iban", "iban", "DE89370400440532013000", "DE", "" },
		{ "contact.login_email", "email", "a@example.com", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct cseal_kind *k =
		    cseal_kind_find(rows[i].kind, strlen(rows[i].kind));
		struct cseal_facts facts;
		struct cseal_value v = { .field =
					     cseal_kind_field(k, rows[i].field,
						 strlen(rows[i].field)) };

		assert_non_null(v.field);
		cseal_buf_init(&v.text, 0);
		assert_int_equal(
		    cseal_buf_add_str(&v.text, rows[i].value), CSEAL_OK);
		(void)cseal_buf_str(&v.text);
		assert_int_equal(
		    cseal_kind_facts(k, &v, 1, &facts, NULL), CSEAL_OK);
		assert_string_equal(facts.country, rows[i].country);
		assert_string_equal(facts.bank_code, rows[i].bank);
		cseal_buf_free(&v.text);
	}
}

/* What facts that are no text tell of any value, a hostile one too. */
static const struct {
	const char *kind, *field, *value;
	const char *calling;
	int line, yes; /* of fact 8 or 9; -1: it is not there */
} told[] = {
	{ "contact.login_phone", "phone", "+8613800138000", "+86", 0, -1 },
	{ "contact.login_phone", "phone", "+14155552671", "+1", 0, -1 },
	{ "contact.emergency", "phone", "+79261234567", "+7", 0, -1 },
	{ "contact.customer_service", "phone", "+35312345678", "+353", 0, -1 },
	{ "security.2sv", "phone", "+4915112345678", "+49", 0, -1 },
	{ "contact.login_phone", "phone", "+852", "+852", 0, -1 },
	{ "contact.login_phone", "phone", "+85", "", 0, -1 },
	{ "contact.login_phone", "phone", "+86", "+86", 0, -1 },
	{ "contact.login_phone", "phone", "+8", "", 0, -1 },
	{ "contact.login_phone", "phone", "+1", "+1", 0, -1 },
	{ "contact.login_phone", "phone", "+0044", "", 0, -1 },
	{ "contact.login_phone", "phone", "+", "", 0, -1 },
	{ "contact.login_phone", "phone", "", "", 0, -1 },
	{ "contact.login_phone", "phone", "8613800138000", "", 0, -1 },
	{ "contact.login_phone", "phone", "+8x6", "", 0, -1 },
	{ "contact.login_phone", "line_type", "mobile", "", 1, -1 },
	{ "contact.login_phone", "line_type", "landline", "", 2, -1 },
	{ "contact.login_phone", "line_type", "voip", "", 3, -1 },
	{ "contact.login_phone", "line_type", "voip ", "", 0, -1 },
	{ "contact.login_phone", "line_type", "", "", 0, -1 },
	{ "contact.notify_email", "enabled", "yes", "", 0, 1 },
	{ "contact.notify_email", "enabled", "no", "", 0, 0 },
	{ "contact.notify_email", "enabled", "No", "", 0, -1 },
	{ "contact.notify_email", "category", "yes", "", 0, -1 },
	{ "access.user", "may_edit_payments", "yes", "", 0, 1 },
	{ "access.user", "may_edit_payments", "no", "", 0, 0 },
	{ "access.user", "may_edit_payments", "yes\n", "", 0, -1 },
	{ "access.user", "action", "yes", "", 0, -1 },
};

static void
facts_of_each_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const struct cseal_kind *k =
		    cseal_kind_find(told[i].kind, strlen(told[i].kind));
		struct cseal_facts facts;
		struct cseal_value v = { .field =
					     cseal_kind_field(k, told[i].field,
						 strlen(told[i].field)) };

		assert_non_null(v.field);
		cseal_buf_init(&v.text, 0);
		assert_int_equal(
		    cseal_buf_add_str(&v.text, told[i].value), CSEAL_OK);
		assert_int_equal(
		    cseal_kind_facts(k, &v, 1, &facts, NULL), CSEAL_OK);
		assert_string_equal(facts.calling, told[i].calling);
		assert_int_equal(facts.line, told[i].line);
		assert_int_equal(facts.has_enabled    ? facts.enabled
				 : facts.has_payments ? facts.payments
						      : -1,
		    told[i].yes);
		assert_int_equal(facts.has_payments,
		    told[i].yes != -1 &&
			strcmp(told[i].kind, "access.user") == 0);
		cseal_buf_free(&v.text);
	}
}

/* Provider and share: as they are, or not at all. */
static const struct {
	const char *kind, *field, *value, *provider;
	int percent; /* -1: it is not there */
} shares[] = {
	{ "payout.link", "processor", "example-pay", "example-pay", -1 },
	{ "payout.link", "processor", "Example", "", -1 },
	{ "payout.link", "processor", "", "", -1 },
	{ "payout.link", "processor", "a2345678901234567890123456789012",
	    "a2345678901234567890123456789012", -1 },
	{ "payout.link", "processor", "a23456789012345678901234567890123", "",
	    -1 },
	{ "payout.withdrawal", "provider", "example-pay", "example-pay", -1 },
	{ "payout.link", "split_percent", "0", "", 0 },
	{ "payout.link", "split_percent", "50", "", 50 },
	{ "payout.link", "split_percent", "100", "", 100 },
	{ "payout.link", "split_percent", "101", "", -1 },
	{ "payout.link", "split_percent", "1000", "", -1 },
	{ "payout.link", "split_percent", "050", "", -1 },
	{ "payout.link", "split_percent", "5x", "", -1 },
	{ "payout.link", "split_percent", "", "", -1 },
};

static void
facts_of_shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		const struct cseal_kind *k =
		    cseal_kind_find(shares[i].kind, strlen(shares[i].kind));
		struct cseal_facts facts;
		struct cseal_value v = { .field = cseal_kind_field(k,
					     shares[i].field,
					     strlen(shares[i].field)) };

		assert_non_null(v.field);
		cseal_buf_init(&v.text, 0);
		assert_int_equal(
		    cseal_buf_add_str(&v.text, shares[i].value), CSEAL_OK);
		assert_int_equal(
		    cseal_kind_facts(k, &v, 1, &facts, NULL), CSEAL_OK);
		assert_string_equal(facts.provider, shares[i].provider);
		assert_int_equal(
		    facts.has_percent ? facts.percent : -1, shares[i].percent);
		cseal_buf_free(&v.text);
	}
}

static void
authority_carries_its_detail(void **state)
{
	(void)state;
	assert_int_equal(cseal_kind_find("key.add", 7)->detail, 1);
	assert_int_equal(cseal_kind_find("key.revoke", 10)->detail, 2);
	assert_true(cseal_kind_find("key.add", 7)->authority);
	assert_false(cseal_kind_find("contact.login_email", 19)->authority);
}

static void
operations_have_names(void **state)
{
	(void)state;
	assert_string_equal(cseal_op_name(CSEAL_OP_REPLACE), "replace");
	assert_string_equal(cseal_op_name(CSEAL_OP_ADD), "add");
	assert_string_equal(cseal_op_name(CSEAL_OP_REMOVE), "remove");
	assert_string_equal(cseal_op_name(CSEAL_OP_BASELINE), "baseline");
	assert_null(cseal_op_name(0));
	assert_null(cseal_op_name(5));
	assert_null(cseal_op_name(UINT64_MAX));
	for (uint64_t op = 1; op <= 4; op++)
		assert_int_equal(cseal_op_find(cseal_op_name(op)), op);
	assert_int_equal(cseal_op_find("set"), 0);
	assert_int_equal(cseal_op_find(""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_whole),
		cmocka_unit_test(every_field_is_whole),
		cmocka_unit_test(kinds_are_found_by_their_whole_name),
		cmocka_unit_test(payout_iban_is_graded),
		cmocka_unit_test(facts_of_each_kind),
		cmocka_unit_test(facts_of_each_value),
		cmocka_unit_test(facts_of_shares),
		cmocka_unit_test(facts_of_hostile_values),
		cmocka_unit_test(authority_carries_its_detail),
		cmocka_unit_test(operations_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
