/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "counterseal/err.h"

static const char iban[] = "DE89370400440532013000";

static void
begin(struct cseal_change *c)
{
	assert_int_equal(
	    cseal_change_init(c, "payout.iban", 0, "main-de", NULL, NULL),
	    CSEAL_OK);
}

static int
set(struct cseal_change *c, const char *name, const char *value,
    struct cseal_error *err)
{
	return cseal_change_set(
	    c, name, strlen(name), (const uint8_t *)value, strlen(value), err);
}

static void
give(struct cseal_change *c, const char *name, const char *value)
{
	struct cseal_error err;

	if (set(c, name, value, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
}

static int
lines(struct cseal_change *c, const char *text, struct cseal_error *err)
{
	return cseal_change_set_lines(
	    c, (const uint8_t *)text, strlen(text), err);
}

static void
told(const struct cseal_error *err, const char *where, const char *what)
{
	assert_int_equal(err->code, CSEAL_ERR_INPUT);
	assert_string_equal(err->where, where);
	assert_string_equal(err->what, what);
}

static const char *
text_of(const struct cseal_change *c, const char *name)
{
	const struct cseal_value *v = cseal_change_value(c, name);

	assert_non_null(v);
	/* Terminated, though the length does not count it. */
	assert_int_equal(strlen((const char *)v->text.data), v->text.len);
	return (const char *)v->text.data;
}

static void
a_whole_change(void **state)
{
	struct cseal_change c;
	struct cseal_facts facts;

	(void)state;
	begin(&c);
	assert_int_equal(c.op, CSEAL_OP_REPLACE);
	assert_string_equal(c.store, "main-de");
	assert_string_equal(c.slot, "payout");
	/* In any order; kept in the kind's. */
	give(&c, "currency", "EUR");
	give(&c, "reason", "new account at the collection company");
	give(&c, "iban", "DE89 3704 0044 0532 0130 00");
	give(&c, "holder", "Example Trading GmbH");
	give(&c, "bic", "COBADEFFXXX");
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	assert_int_equal(c.n_values, 4);
	assert_string_equal(c.values[0].field->name, "holder");
	assert_string_equal(c.values[1].field->name, "iban");
	assert_string_equal(c.values[2].field->name, "bic");
	assert_string_equal(c.values[3].field->name, "currency");
	assert_string_equal(text_of(&c, "iban"), iban);
	assert_string_equal(text_of(&c, "bic"), "COBADEFF");
	assert_null(cseal_change_value(&c, "bank_name"));
	assert_string_equal(
	    cseal_buf_str(&c.reason), "new account at the collection company");

	memset(&facts, 0x5a, sizeof(facts));
	assert_int_equal(cseal_change_facts(&c, &facts, NULL), CSEAL_OK);
	assert_string_equal(facts.country, "DE");
	assert_string_equal(facts.currency, "EUR");
	assert_string_equal(facts.bank_code, "BIC:COBADEFF");
	assert_string_equal(facts.provider, "");
	assert_int_equal(facts.domain, 0);
	assert_false(facts.has_percent);
	cseal_change_free(&c);
	assert_int_equal(c.n_values, 0);
	cseal_change_free(&c);
	cseal_change_free(NULL);
}

static void
facts_only_from_what_is_there(void **state)
{
	struct cseal_change c;
	struct cseal_facts facts;

	(void)state;
	begin(&c);
	give(&c, "holder", "Example Trading GmbH");
	give(&c, "iban", iban);
	assert_int_equal(cseal_change_facts(&c, &facts, NULL), CSEAL_ERR_USAGE);
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	assert_int_equal(cseal_change_facts(&c, &facts, NULL), CSEAL_OK);
	assert_string_equal(facts.country, "DE");
	assert_string_equal(facts.currency, "");
	assert_string_equal(facts.bank_code, "");
	cseal_change_free(&c);

	assert_int_equal(cseal_change_init(&c, "contact.login_email", 0,
			     "main-de", NULL, NULL),
	    CSEAL_OK);
	give(&c, "email", "finance@example.com");
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	assert_int_equal(cseal_change_facts(&c, &facts, NULL), CSEAL_OK);
	assert_int_equal(facts.domain, 0);
	cseal_change_free(&c);

	/* The branch is no part of the bank's code. */
	begin(&c);
	give(&c, "holder", "Example");
	give(&c, "iban", iban);
	give(&c, "bic", "DEUTDEFF500");
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	assert_int_equal(cseal_change_facts(&c, &facts, NULL), CSEAL_OK);
	assert_string_equal(facts.bank_code, "BIC:DEUTDEFF");
	cseal_change_free(&c);
}

static void
unknown_kinds_name_the_near_ones(void **state)
{
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	assert_int_equal(
	    cseal_change_init(&c, "payout.ibna", 0, "main-de", NULL, &err),
	    CSEAL_ERR_INPUT);
	told(&err, "kind",
	    "there is no kind of change 'payout.ibna'; did you mean "
	    "payout.iban or payout.in? 'counterseal kinds' lists them");
	cseal_change_free(&c);
	assert_int_equal(
	    cseal_change_init(&c, "nothing\x1b[2K", 0, "main-de", NULL, &err),
	    CSEAL_ERR_INPUT);
	told(&err, "kind",
	    "there is no kind of change 'nothing\\u{001B}[2K'; 'counterseal "
	    "kinds' lists them");
	cseal_change_free(&c);
}

static void
stores_are_aliases(void **state)
{
	static const char *const bad[] = { "Main", "main de", "1main", "-a",
		"a23456789012345678901234567890123", "m\xc3\xa4in", "a/b" };
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
		    cseal_change_init(&c, "payout.iban", 0, bad[i], NULL, &err),
		    CSEAL_ERR_INPUT);
		told(&err, "store",
		    "a store's alias is made of a-z, 0-9 and hyphens, begins "
		    "with a letter and has at most 32 characters");
		cseal_change_free(&c);
	}
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(cseal_change_init(&c, "payout.iban", 0,
				     i == 0 ? NULL : "", NULL, &err),
		    CSEAL_ERR_INPUT);
		told(&err, "store",
		    "no store was named: add its alias, such as main-de");
		cseal_change_free(&c);
	}
	assert_int_equal(
	    cseal_change_init(&c, "key.add", 0, "main-de", "lin", &err),
	    CSEAL_ERR_INPUT);
	told(&err, "store",
	    "key.add is of the whole ledger: leave the store out");
	cseal_change_free(&c);
}

static void
slots_are_the_kinds(void **state)
{
	static const char *const bad[] = { "", "payou", "payouts", "payout/",
		"payout/k3m9x2a", "payout/k3m9x2abc", "payout/K3m9x2ab",
		"payout/k3m9x2a-", "payoutxk3m9x2ab", "contact", "lin",
		"payout/k3m9x2ab/" };
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	assert_int_equal(cseal_change_init(&c, "payout.iban", 0, "main-de",
			     "payout/k3m9x2ab", &err),
	    CSEAL_OK);
	assert_string_equal(c.slot, "payout/k3m9x2ab");
	cseal_change_free(&c);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(cseal_change_init(&c, "payout.iban", 0,
				     "main-de", bad[i], &err),
		    CSEAL_ERR_INPUT);
		told(&err, "slot",
		    "the slot of this kind is payout, or payout/ITEM with an "
		    "item of eight characters a-z and 0-9");
		cseal_change_free(&c);
	}
	assert_int_equal(
	    cseal_change_init(&c, "key.revoke", 0, NULL, "lin", &err),
	    CSEAL_OK);
	assert_string_equal(c.slot, "lin");
	assert_string_equal(c.store, "");
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_OK);
	cseal_change_free(&c);
	assert_int_equal(cseal_change_init(&c, "key.add", 0, "", "Lin", &err),
	    CSEAL_ERR_INPUT);
	told(&err, "slot",
	    "the slot is a person's handle: a-z, 0-9 and hyphens");
	cseal_change_free(&c);
}

static void
operations_are_the_kinds(void **state)
{
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (uint64_t op = 1; op <= 4; op++) {
		assert_int_equal(cseal_change_init(&c, "payout.iban", op,
				     "main-de", NULL, &err),
		    CSEAL_OK);
		cseal_change_free(&c);
	}
	assert_int_equal(cseal_change_init(&c, "contact.login_email",
			     CSEAL_OP_REMOVE, "main-de", NULL, &err),
	    CSEAL_ERR_INPUT);
	told(&err, "op",
	    "contact.login_email does not allow remove: 'counterseal kinds "
	    "contact.login_email' tells what it allows");
	cseal_change_free(&c);
	assert_int_equal(cseal_change_init(&c, "payout.iban", UINT64_MAX,
			     "main-de", NULL, &err),
	    CSEAL_ERR_INPUT);
	told(&err, "op",
	    "there is no such operation: use replace, add, remove or "
	    "baseline");
	cseal_change_free(&c);

	begin(&c);
	give(&c, "holder", "Example");
	give(&c, "iban", iban);
	c.op = 77;
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_ERR_INPUT);
	assert_false(c.closed);
	cseal_change_free(&c);
}

static void
fields_unknown_doubled_refused(void **state)
{
	struct cseal_change c;
	struct cseal_error err;
	static uint8_t big[1 << 20];

	(void)state;
	begin(&c);
	assert_int_equal(set(&c, "ibna", iban, &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban",
	    "it has no field 'ibna'; did you mean iban? its fields are "
	    "holder, iban, bic, currency, bank_name, reason");
	assert_int_equal(set(&c, "IBAN", iban, &err), CSEAL_ERR_INPUT);
	assert_non_null(strstr(err.what, "did you mean iban?"));
	assert_int_equal(set(&c, "", iban, &err), CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_change_set(&c, "iban\0", 5, big, 1, &err), CSEAL_ERR_INPUT);
	assert_int_equal(set(&c, "\xe2\x80\xae", iban, &err), CSEAL_ERR_INPUT);
	assert_non_null(strstr(err.what, "'\\u{202E}'"));

	assert_int_equal(
	    set(&c, "iban", "DE89370400440532013001", &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "iban");
	assert_int_equal(c.n_values, 0);
	give(&c, "iban", iban);
	assert_int_equal(set(&c, "iban", iban, &err), CSEAL_ERR_INPUT);
	told(&err, "iban", "it was given twice: give it once");

	assert_int_equal(set(&c, "reason", "a\nb", &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "reason");
	assert_int_equal(c.reason.len, 0);
	give(&c, "reason", "moved");
	assert_int_equal(set(&c, "reason", "moved", &err), CSEAL_ERR_INPUT);
	told(&err, "reason", "it was given twice: give it once");

	assert_int_equal(
	    cseal_change_set(&c, "holder", 6, big, sizeof(big), &err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(cseal_change_set(&c, "holder", 6, NULL, 1 << 20, &err),
	    CSEAL_ERR_INPUT);
	told(&err, "holder",
	    "1048576 bytes, but a value has at most 1024: enter the value "
	    "alone");
	assert_int_equal(set(&c, "holder", "", &err), CSEAL_ERR_INPUT);
	give(&c, "holder", "Example");
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_OK);
	assert_int_equal(set(&c, "bic", "COBADEFF", &err), CSEAL_ERR_USAGE);
	cseal_change_free(&c);
}

static void
words_carry_no_secret(void **state)
{
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	begin(&c);
	assert_int_equal(
	    cseal_change_set_word(&c, "iban=DE89370400440532013000", &err),
	    CSEAL_ERR_INPUT);
	told(&err, "iban",
	    "it is secret, and arguments can be read in the list of processes "
	    "and in the shell's history: enter it at the prompt, or give it "
	    "with --from FILE or --from -");
	assert_null(cseal_change_value(&c, "iban"));
	assert_int_equal(
	    cseal_change_set_word(&c, "holder=A=B", &err), CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_change_set_word(&c, "holder=Example", &err), CSEAL_OK);
	assert_string_equal(text_of(&c, "holder"), "Example");
	assert_int_equal(
	    cseal_change_set_word(&c, "reason=moved", &err), CSEAL_OK);
	assert_int_equal(
	    cseal_change_set_word(&c, "holder", &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban", "a value is given as FIELD=VALUE");
	assert_int_equal(
	    cseal_change_set_word(&c, "=x", &err), CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_change_set_word(&c, "curency=EUR", &err), CSEAL_ERR_INPUT);
	assert_non_null(strstr(err.what, "did you mean currency?"));
	assert_int_equal(
	    cseal_change_set_word(&c, "bic=", &err), CSEAL_ERR_INPUT);
	cseal_change_free(&c);
}

static void
lines_of_a_file(void **state)
{
	static const char headed[] =
	    "kind: payout.iban\nstore: main-de\n\n# from the letter\n"
	    "; or so\nholder: Example: Trading\n"
	    "iban:DE89 3704 0044 0532 0130 00\n";
	static const char windows[] =
	    "\xef\xbb\xbfholder: Example: Trading\r\n\r\n"
	    "  iban \t:\tDE89370400440532013000  \r\n";
	static const char no_last_feed[] =
	    "iban: DE89370400440532013000\nholder: Example: Trading";
	static const char *const same[] = { headed, windows, no_last_feed };
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		begin(&c);
		if (lines(&c, same[i], &err) != CSEAL_OK)
			fail_msg("%zu: %s: %s", i, err.where, err.what);
		assert_int_equal(c.n_values, 2);
		assert_string_equal(text_of(&c, "holder"), "Example: Trading");
		assert_string_equal(text_of(&c, "iban"), iban);
		assert_int_equal(cseal_change_close(&c, &err), CSEAL_OK);
		cseal_change_free(&c);
	}
}

static void
lines_that_are_refused(void **state)
{
	static const struct {
		const char *text;
		const char *where;
		const char *part;
	} bad[] = {
		{ "", "payout.iban", "the file gives no value" },
		{ "# nothing\n\nstore: main-de\n", "payout.iban",
		    "the file gives no value" },
		{ "holder: A\nkind: key.add\n", "line 2, kind",
		    "the file names another kind than the payout.iban" },
		{ "store: main-fr\nholder: A\n", "line 1, store",
		    "the file names another store than the main-de" },
		{ "\n\niban: DE89370400440532013001\n", "line 3, iban",
		    "the check digits do not fit" },
		{ "holder: A\nholder: A\n", "line 2, holder", "twice" },
		{ "holder = A\n", "line 1, payout.iban", "no colon" },
		{ "ibn: x\n", "line 1, payout.iban", "did you mean iban?" },
		{ ": x\n", "line 1, payout.iban", "it has no field ''" },
		{ "holder:\n", "line 1, holder", "nothing was entered" },
		{ "holder: A\rB\n", "line 1, holder", "U+000D" },
		{ "holder: A\x1b[2K\n", "line 1, holder", "U+001B" },
		{ "holder: A\r\r\n", "line 1, holder", "U+000D" },
	};
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		begin(&c);
		assert_int_equal(lines(&c, bad[i].text, &err), CSEAL_ERR_INPUT);
		assert_string_equal(err.where, bad[i].where);
		if (strstr(err.what, bad[i].part) == NULL)
			fail_msg("%s lacks: %s", err.what, bad[i].part);
		assert_int_equal(lines(&c, bad[i].text, NULL), CSEAL_ERR_INPUT);
		cseal_change_free(&c);
	}
	begin(&c);
	assert_int_equal(cseal_change_set_lines(
			     &c, (const uint8_t *)"holder: A\0B\n", 12, &err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_change_set_lines(&c, NULL, CSEAL_CHANGE_FILE_MAX + 1, &err),
	    CSEAL_ERR_INPUT);
	assert_non_null(strstr(err.what, "more than 65536 bytes"));
	cseal_change_free(&c);
}

static void
missing_fields_are_all_named(void **state)
{
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	begin(&c);
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban", "missing: holder, iban");
	give(&c, "holder", "Example");
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban", "missing: iban");
	assert_false(c.closed);
	cseal_change_free(&c);

	cseal_change_init(
	    &c, "payout.iban", CSEAL_OP_REMOVE, "main-de", NULL, NULL);
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_OK);
	cseal_change_free(&c);

	cseal_change_init(
	    &c, "payout.iban", CSEAL_OP_REMOVE, "main-de", NULL, NULL);
	give(&c, "bank_name", "Example Bank");
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban",
	    "to remove something takes no values: leave them out");
	cseal_change_free(&c);

	cseal_change_init(
	    &c, "payout.iban", CSEAL_OP_BASELINE, "main-de", NULL, NULL);
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_ERR_INPUT);
	told(&err, "payout.iban", "missing: holder, iban");
	give(&c, "holder", "Example");
	give(&c, "iban", "DE89370400440532013000");
	assert_int_equal(cseal_change_close(&c, &err), CSEAL_OK);
	cseal_change_free(&c);
}

static void
bic_and_iban_are_of_one_country(void **state)
{
	static const struct {
		const char *iban;
		const char *bic;
		bool agree;
	} pairs[] = {
		{ "DE89370400440532013000", "COBADEFF", true },
		{ "DE89370400440532013000", "AGRIFRPP", false },
		{ "GB29NWBK60161331926819", "NWBKGB2L", true },
		{ "GB29NWBK60161331926819", "RBOSGGSX", true },
		{ "GB29NWBK60161331926819", "RBOSJESX", true },
		{ "GB29NWBK60161331926819", "RBOSIMDX", true },
		{ "GB29NWBK60161331926819", "AIBKIE2D", false },
		{ "IE29AIBK93115212345678", "NWBKGB2L", false },
		{ "FR1420041010050500013M02606", "BNPAREXX", true },
		{ "FR1420041010050500013M02606", "CCBPMCMX", true },
		{ "FR1420041010050500013M02606", "BCEPNCXX", true },
		{ "FR1420041010050500013M02606", "RBOSGGSX", false },
	};
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		begin(&c);
		give(&c, "holder", "Example");
		give(&c, "iban", pairs[i].iban);
		give(&c, "bic", pairs[i].bic);
		assert_int_equal(cseal_change_close(&c, &err),
		    pairs[i].agree ? CSEAL_OK : CSEAL_ERR_INPUT);
		cseal_change_free(&c);
	}
	begin(&c);
	give(&c, "holder", "Example");
	give(&c, "iban", iban);
	give(&c, "bic", "AGRIFRPP");
	cseal_change_close(&c, &err);
	told(&err, "bic",
	    "the bank's code is of FR, but the account is of DE: compare both "
	    "with the bank's letter");
	cseal_change_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_change),
		cmocka_unit_test(facts_only_from_what_is_there),
		cmocka_unit_test(unknown_kinds_name_the_near_ones),
		cmocka_unit_test(stores_are_aliases),
		cmocka_unit_test(slots_are_the_kinds),
		cmocka_unit_test(operations_are_the_kinds),
		cmocka_unit_test(fields_unknown_doubled_refused),
		cmocka_unit_test(words_carry_no_secret),
		cmocka_unit_test(lines_of_a_file),
		cmocka_unit_test(lines_that_are_refused),
		cmocka_unit_test(missing_fields_are_all_named),
		cmocka_unit_test(bic_and_iban_are_of_one_country),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
