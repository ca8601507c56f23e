/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of what moves money beside an account: providers, a card, a schedule.
 */

#include <string.h>

#include "format.h"
#include "format_digits.h"
#include "format_words.h"
#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* ---- what more than one field tells ---- */

/* Where accounts have an IBAN, it is one, and its check digits tell. */
static int
check_iban(const struct cseal_value *v, size_t n, const char *country,
    struct cseal_error *err)
{
	const char *account = kind_value(v, n, "account", 1);
	struct cseal_buf out;
	int r;

	if (account == NULL || cseal_iban_country(country) == NULL)
		return CSEAL_OK;
	cseal_buf_init(&out, 0);
	r = format_iban.canon(&format_iban, "account", (const uint8_t *)account,
	    strlen(account), &out, err);
	cseal_buf_free(&out);
	if (r == CSEAL_OK && memcmp(account, country, 2) != 0)
		r = cseal_error_set(err, CSEAL_ERR_INPUT, "account",
		    "it is of %.2s, but the country is %.2s: compare both "
		    "with the bank's letter",
		    account, country);
	return r;
}

static int
cross_withdrawal(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	const char *country = kind_value(v, n, "country", 2);
	const char *bic = kind_value(v, n, "bic", 8);
	const char *account = kind_value(v, n, "account", 1);
	int r;

	if (country == NULL)
		return CSEAL_OK;
	if ((r = check_iban(v, n, country, err)) != CSEAL_OK)
		return r;
	if (account != NULL && cseal_iban_country(country) != NULL)
		return kind_check_bank(bic, account, err);
	return kind_check_bic(bic, country, err);
}

/* ---- fields, and the facts that they bear out ---- */

static const struct cseal_field fields_link[] = {
	{ "processor", "Provider", &format_provider, CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "processor_account", "Account there", &format_customer,
	    CSEAL_GRADE_SECRET, true, true },
	{ "split_percent", "Share in percent", &format_digits[DIGITS_PERCENT],
	    CSEAL_GRADE_PUBLIC, false, false },
};
static const struct cseal_kind_fact facts_link[] = {
	{ CSEAL_FACT_PROVIDER, "processor", 0, NULL },
	{ CSEAL_FACT_PERCENT, "split_percent", 0, NULL },
};

static const struct cseal_field fields_withdrawal[] = {
	{ "provider", "Provider", &format_provider, CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "country", "Country", &format_country, CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "holder", "Account holder", &format_holder, CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "account", "Account number", &format_account_any, CSEAL_GRADE_SECRET,
	    true, true },
	{ "bic", "BIC", &format_bic, CSEAL_GRADE_INTERNAL, false, true },
	{ "code", "Bank or branch code", &format_code, CSEAL_GRADE_INTERNAL,
	    false, true },
};
static const struct cseal_kind_fact facts_withdrawal[] = {
	{ CSEAL_FACT_COUNTRY, "country", 2, "" },
	{ CSEAL_FACT_BANK, "bic", 8, "BIC:" },
	{ CSEAL_FACT_PROVIDER, "provider", 0, NULL },
};

static const struct cseal_field fields_schedule[] = {
	{ "cadence", "Paid out", &format_words[WORDS_CADENCE],
	    CSEAL_GRADE_PUBLIC, true, false },
	{ "reserve", "Kept back", &format_digits[DIGITS_RESERVE],
	    CSEAL_GRADE_PUBLIC, false, false },
};

/* Neither the number nor the code on the back: there is no field for them. */
static const struct cseal_field fields_card[] = {
	{ "brand", "Brand", &format_words[WORDS_BRAND], CSEAL_GRADE_PUBLIC,
	    true, false },
	{ "last4", "Last four digits", &format_digits[DIGITS_LAST4],
	    CSEAL_GRADE_INTERNAL, true, false },
	{ "expiry", "Expires", &format_month, CSEAL_GRADE_INTERNAL, true,
	    false },
	{ "holder", "Card holder", &format_holder, CSEAL_GRADE_INTERNAL, true,
	    false },
	{ "country", "Country", &format_country, CSEAL_GRADE_PUBLIC, true,
	    false },
};

/* ---- the kinds ---- */

#define FIELDS(name) .fields = fields_##name, .n_fields = COUNT(fields_##name)
#define FACTS(name)  .facts = facts_##name, .n_facts = COUNT(facts_##name)

const struct cseal_kind kind_terms[] = {
	{
	    .name = "payout.link",
	    .about = "the account at a provider that a store is paid to",
	    .slot = "payout",
	    .ops = KIND_OPS_VALUE,
	    FIELDS(link),
	    FACTS(link),
	},
	{
	    .name = "payout.withdrawal",
	    .about = "the account that a provider pays out to",
	    .slot = "payout.withdrawal",
	    .ops = KIND_OPS_ONE,
	    FIELDS(withdrawal),
	    FACTS(withdrawal),
	    .cross = cross_withdrawal,
	    .notes = kind_notes_withdrawal,
	},
	{
	    .name = "payout.schedule",
	    .about = "how often a store is paid",
	    .slot = "payout.schedule",
	    .ops = KIND_OPS_ONE,
	    FIELDS(schedule),
	},
	{
	    .name = "charge.card",
	    .about = "the card that a store's fees are charged to",
	    .slot = "charge.card",
	    .ops = KIND_OPS_ONE,
	    FIELDS(card),
	    .notes = kind_notes_card,
	    .until = "expiry",
	},
};
const size_t kind_terms_count = COUNT(kind_terms);
