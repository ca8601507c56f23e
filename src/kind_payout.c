/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of account that a store is paid to, by scheme. */

#include <string.h>

#include "country.h"
#include "format.h"
#include "format_digits.h"
#include "format_script.h"
#include "format_words.h"
#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* ---- what more than one field tells ---- */

static bool
is_same_country(const char *bic, const char *country)
{
	const char *home = country_iban_home(bic + 4);

	return memcmp(bic + 4, country, 2) == 0 ||
	       (home != NULL && memcmp(home, country, 2) == 0);
}

int
kind_check_bic(const char *bic, const char *country, struct cseal_error *err)
{
	if (bic == NULL || country == NULL || is_same_country(bic, country))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "bic",
	    "the bank's code is of %.2s, but the account is of %.2s: compare "
	    "both with the bank's letter",
	    bic + 4, country);
}

/*
 * Where an IBAN begins, by the country's rule, with the first four letters of
 * the BIC. Not NL, where IBANs keep the letters of banks that were merged; and
 * a bank in a territory may have a BIC of its own.
 */
static const char *const bic_in_iban = "BG GB GI IE LV MT RO ";

int
kind_check_bank(const char *bic, const char *iban, struct cseal_error *err)
{
	int r = kind_check_bic(bic, iban, err);

	if (r != CSEAL_OK || bic == NULL || iban == NULL || strlen(iban) < 8 ||
	    memcmp(bic, iban + 4, 4) == 0)
		return r;
	for (const char *s = bic_in_iban; *s != '\0'; s += 3) {
		if (memcmp(s, iban, 2) == 0 && memcmp(s, bic + 4, 2) == 0)
			return cseal_error_set(err, CSEAL_ERR_INPUT, "bic",
			    "its characters 1 to 4 are %.4s, but characters 5 "
			    "to 8 of the IBAN name the bank %.4s: compare both "
			    "with the bank's letter, or leave the BIC out",
			    bic, iban + 4);
	}
	return CSEAL_OK;
}

static int
cross_iban(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	return kind_check_bank(
	    kind_value(v, n, "bic", 8), kind_value(v, n, "iban", 2), err);
}

static int
cross_sg(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	return kind_check_bic(kind_value(v, n, "bic", 8), "SG", err);
}

/* An IBAN of GB is country, check digits, bank, sort code and account. */
static int
cross_uk(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	const char *iban = kind_value(v, n, "iban", 2);
	const char *sort = kind_value(v, n, "sort_code", 6);
	const char *account = kind_value(v, n, "account", 8);

	if (iban == NULL || sort == NULL || account == NULL)
		return CSEAL_OK;
	if (memcmp(iban, "GB", 2) != 0 || strlen(iban) != 22)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "iban",
		    "it is of %.2s, but a sort code is of GB: compare both "
		    "with the bank's letter",
		    iban);
	if (memcmp(iban + 8, sort, 6) == 0 &&
	    memcmp(iban + 14, account, 8) == 0)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "iban",
	    "its sort code or its account number is another one: compare all "
	    "three with the bank's letter");
}

/* An account with an IBAN is checked better as what it is. */
static int
cross_swift(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	const char *country = kind_value(v, n, "country", 2);

	if (country != NULL && cseal_iban_country(country) != NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "country",
		    "accounts of %.2s have an IBAN: ask for payout.iban",
		    country);
	return kind_check_bic(kind_value(v, n, "bic", 8), country, err);
}

/* ---- fields, and the facts that they bear out ---- */

static const struct cseal_field fields_iban[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "iban", "IBAN", &format_iban, CSEAL_GRADE_SECRET, true, true },
	{ "bic", "BIC", &format_bic, CSEAL_GRADE_INTERNAL, false, false },
	{ "currency", "Currency", &format_currency, CSEAL_GRADE_PUBLIC, false,
	    false },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_iban[] = {
	{ CSEAL_FACT_COUNTRY, "iban", 2, "" },
	{ CSEAL_FACT_CURRENCY, "currency", 3, "" },
	{ CSEAL_FACT_BANK, "bic", 8, "BIC:" },
};

static const struct cseal_field fields_us[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "routing", "Routing number", &format_digits[DIGITS_ABA],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_US],
	    CSEAL_GRADE_SECRET, true, true },
	{ "type", "Type", &format_words[WORDS_TYPE_US], CSEAL_GRADE_PUBLIC,
	    false, false },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_us[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "US" },
	{ CSEAL_FACT_BANK, "routing", 9, "ABA:" },
};

static const struct cseal_field fields_uk[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "sort_code", "Sort code", &format_digits[DIGITS_SORT_CODE],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_UK],
	    CSEAL_GRADE_SECRET, true, true },
	{ "iban", "IBAN", &format_iban, CSEAL_GRADE_SECRET, false, false },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_uk[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "GB" },
	{ CSEAL_FACT_BANK, "sort_code", 6, "SC:" },
};

static const struct cseal_field fields_jp[] = {
	{ "bank_code", "Bank code", &format_digits[DIGITS_BANK_JP],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "branch_code", "Branch code", &format_digits[DIGITS_BRANCH],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "type", "Type", &format_words[WORDS_TYPE_JP], CSEAL_GRADE_PUBLIC,
	    true, false },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_JP],
	    CSEAL_GRADE_SECRET, true, true },
	{ "holder", "Account holder", &format_holder_kana, CSEAL_GRADE_INTERNAL,
	    true, false },
};
static const struct cseal_kind_fact facts_jp[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "JP" },
	{ CSEAL_FACT_BANK, "bank_code", 4, "ZENGIN:" },
};

static const struct cseal_field fields_au[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "bsb", "BSB number", &format_digits[DIGITS_BSB], CSEAL_GRADE_INTERNAL,
	    true, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_AU],
	    CSEAL_GRADE_SECRET, true, true },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_au[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "AU" },
	{ CSEAL_FACT_BANK, "bsb", 6, "BSB:" },
};

static const struct cseal_field fields_ca[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "institution", "Institution", &format_digits[DIGITS_INSTITUTION],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "transit", "Transit number", &format_digits[DIGITS_TRANSIT],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_CA],
	    CSEAL_GRADE_SECRET, true, true },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_ca[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "CA" },
	{ CSEAL_FACT_BANK, "institution", 4, "CC:" },
};

static const struct cseal_field fields_mx[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "clabe", "CLABE", &format_digits[DIGITS_CLABE], CSEAL_GRADE_SECRET,
	    true, true },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_mx[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "MX" },
	{ CSEAL_FACT_BANK, "clabe", 3, "CLABE:" },
};

static const struct cseal_field fields_in[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "ifsc", "IFSC", &format_ifsc, CSEAL_GRADE_INTERNAL, true, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_IN],
	    CSEAL_GRADE_SECRET, true, true },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_in[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "IN" },
	{ CSEAL_FACT_BANK, "ifsc", 4, "IFSC:" },
};

static const struct cseal_field fields_cn[] = {
	{ "cnaps", "CNAPS code", &format_digits[DIGITS_CNAPS],
	    CSEAL_GRADE_INTERNAL, false, true },
	{ "bank_name", "Bank", &format_bank_name_han, CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_CN],
	    CSEAL_GRADE_SECRET, true, true },
	{ "holder", "Account holder", &format_holder_han, CSEAL_GRADE_INTERNAL,
	    true, false },
};
static const struct cseal_kind_fact facts_cn[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "CN" },
	{ CSEAL_FACT_BANK, "cnaps", 3, "CNAPS:" },
};

static const struct cseal_field fields_hk[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "bank", "Bank code", &format_digits[DIGITS_BANK_HK],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "branch", "Branch code", &format_digits[DIGITS_BRANCH],
	    CSEAL_GRADE_INTERNAL, false, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_HK],
	    CSEAL_GRADE_SECRET, true, true },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_hk[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "HK" },
	{ CSEAL_FACT_BANK, "bank", 3, "HK:" },
};

static const struct cseal_field fields_sg[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "bank", "Bank code", &format_digits[DIGITS_BANK_SG],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "branch", "Branch code", &format_digits[DIGITS_BRANCH],
	    CSEAL_GRADE_INTERNAL, false, true },
	{ "account", "Account number", &format_digits[DIGITS_ACCOUNT_SG],
	    CSEAL_GRADE_SECRET, true, true },
	{ "bic", "BIC", &format_bic, CSEAL_GRADE_INTERNAL, false, false },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_sg[] = {
	{ CSEAL_FACT_COUNTRY, NULL, 0, "SG" },
	{ CSEAL_FACT_BANK, "bank", 4, "SG:" },
};

static const struct cseal_field fields_swift[] = {
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "country", "Country", &format_country, CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "bic", "BIC", &format_bic, CSEAL_GRADE_INTERNAL, true, true },
	{ "account", "Account number", &format_account, CSEAL_GRADE_SECRET,
	    true, true },
	{ "code", "Bank or branch code", &format_code, CSEAL_GRADE_INTERNAL,
	    false, false },
	{ "currency", "Currency", &format_currency, CSEAL_GRADE_PUBLIC, false,
	    false },
	{ "bank_name", "Bank", &format_bank_name, CSEAL_GRADE_PUBLIC, false,
	    false },
};
static const struct cseal_kind_fact facts_swift[] = {
	{ CSEAL_FACT_COUNTRY, "country", 2, "" },
	{ CSEAL_FACT_CURRENCY, "currency", 3, "" },
	{ CSEAL_FACT_BANK, "bic", 8, "BIC:" },
};

/* ---- the kinds ---- */

#define FIELDS_AND_FACTS(name)                                     \
	.fields = fields_##name, .n_fields = COUNT(fields_##name), \
	.facts = facts_##name, .n_facts = COUNT(facts_##name)

/* All stand in one slot: a store is paid to one account, of whatever kind. */
const struct cseal_kind kind_payouts[] = {
	{
	    .name = "payout.iban",
	    .about = "the account with an IBAN that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(iban),
	    .cross = cross_iban,
	    .notes = kind_notes_iban,
	},
	{
	    .name = "payout.us",
	    .about = "the United States account that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(us),
	},
	{
	    .name = "payout.uk",
	    .about = "the account with a sort code that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(uk),
	    .cross = cross_uk,
	},
	{
	    .name = "payout.jp",
	    .about = "the account in Japan that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(jp),
	    .notes = kind_notes_jp,
	},
	{
	    .name = "payout.au",
	    .about = "the account in Australia that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(au),
	},
	{
	    .name = "payout.ca",
	    .about = "the account in Canada that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(ca),
	},
	{
	    .name = "payout.mx",
	    .about = "the account in Mexico that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(mx),
	},
	{
	    .name = "payout.in",
	    .about = "the account in India that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(in),
	},
	{
	    .name = "payout.cn",
	    .about = "the account in China that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(cn),
	},
	{
	    .name = "payout.hk",
	    .about = "the account in Hong Kong that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(hk),
	},
	{
	    .name = "payout.sg",
	    .about = "the account in Singapore that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(sg),
	    .cross = cross_sg,
	},
	{
	    .name = "payout.swift",
	    .about = "the account in another country without IBANs",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS_AND_FACTS(swift),
	    .cross = cross_swift,
	},
};
const size_t kind_payouts_count = COUNT(kind_payouts);
