/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of address, number and second factor by which a seller is reached. */

#include <string.h>

#include "format.h"
#include "format_latin.h"
#include "format_words.h"
#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* ---- what more than one field tells ---- */

static int
cross_2sv(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	const char *method = kind_value(v, n, "method", 3);

	if (method == NULL || strncmp(method, "totp", 4) == 0 ||
	    kind_value(v, n, "phone", 1) != NULL)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "phone",
	    "it is missing, but codes by %.5s go to a telephone number",
	    method);
}

/* ---- fields, and the facts that they bear out ---- */

static const struct cseal_field fields_login_email[] = {
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_SECRET, true,
	    true },
};

static const struct cseal_kind_fact facts_email[] = {
	{ CSEAL_FACT_DOMAIN, "email", 0, NULL },
};

static const struct cseal_field fields_login_phone[] = {
	{ "phone", "Telephone", &format_phone, CSEAL_GRADE_SECRET, true, true },
	{ "line_type", "Line", &format_words[WORDS_LINE], CSEAL_GRADE_PUBLIC,
	    false, false },
	{ "owner", "Owner", &format_latin[LATIN_NAME], CSEAL_GRADE_INTERNAL,
	    false, false },
};
static const struct cseal_kind_fact facts_login_phone[] = {
	{ CSEAL_FACT_CALLING, "phone", 0, NULL },
	{ CSEAL_FACT_LINE, "line_type", 0, NULL },
};

static const struct cseal_field fields_emergency[] = {
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_SECRET, true,
	    true },
	{ "phone", "Telephone", &format_phone, CSEAL_GRADE_SECRET, true, true },
};

static const struct cseal_field fields_notify_email[] = {
	{ "category", "Notices about", &format_words[WORDS_CATEGORY],
	    CSEAL_GRADE_PUBLIC, true, false },
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_SECRET, true,
	    true },
	{ "enabled", "Switched on", &format_words[WORDS_YES_NO],
	    CSEAL_GRADE_PUBLIC, true, false },
};
static const struct cseal_kind_fact facts_notify_email[] = {
	{ CSEAL_FACT_DOMAIN, "email", 0, NULL },
	{ CSEAL_FACT_ENABLED, "enabled", 0, NULL },
};

static const struct cseal_field fields_customer_service[] = {
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_INTERNAL, true,
	    true },
	{ "reply_to", "Reply-to address", &format_email, CSEAL_GRADE_INTERNAL,
	    false, true },
	{ "phone", "Telephone", &format_phone, CSEAL_GRADE_INTERNAL, false,
	    true },
};

static const struct cseal_kind_fact facts_emergency[] = {
	{ CSEAL_FACT_DOMAIN, "email", 0, NULL },
	{ CSEAL_FACT_CALLING, "phone", 0, NULL },
};
static const struct cseal_kind_fact facts_customer_service[] = {
	{ CSEAL_FACT_DOMAIN, "email", 0, NULL },
	{ CSEAL_FACT_DOMAIN, "reply_to", 0, NULL },
	{ CSEAL_FACT_CALLING, "phone", 0, NULL },
};

/* Of kinds with one number, and no other fact. */
static const struct cseal_kind_fact facts_phone[] = {
	{ CSEAL_FACT_CALLING, "phone", 0, NULL },
};

/* Marketplaces send codes to it by letter: it is typed again like an account.
 */
static const struct cseal_field fields_address[] = {
	{ "legal_name", "Legal name", &format_latin[LATIN_NAME],
	    CSEAL_GRADE_INTERNAL, true, false },
	{ "line1", "Street", &format_latin[LATIN_LINE], CSEAL_GRADE_INTERNAL,
	    true, true },
	{ "line2", "Second line", &format_latin[LATIN_LINE],
	    CSEAL_GRADE_INTERNAL, false, false },
	{ "city", "City", &format_latin[LATIN_CITY], CSEAL_GRADE_PUBLIC, true,
	    false },
	{ "region", "Region", &format_latin[LATIN_CITY], CSEAL_GRADE_PUBLIC,
	    false, false },
	{ "postcode", "Postcode", &format_latin[LATIN_POSTCODE],
	    CSEAL_GRADE_INTERNAL, true, true },
	{ "country", "Country", &format_country, CSEAL_GRADE_PUBLIC, true,
	    false },
};

/* Never the secret of an authenticator app: there is no field for it. */
static const struct cseal_field fields_2sv[] = {
	{ "place", "Place", &format_words[WORDS_PLACE], CSEAL_GRADE_PUBLIC,
	    true, false },
	{ "method", "Method", &format_words[WORDS_METHOD], CSEAL_GRADE_PUBLIC,
	    true, false },
	{ "phone", "Telephone", &format_phone, CSEAL_GRADE_SECRET, false,
	    true },
	{ "device_label", "Device", &format_latin[LATIN_DEVICE],
	    CSEAL_GRADE_INTERNAL, true, false },
};

/* ---- the kinds ---- */

#define FIELDS(name) .fields = fields_##name, .n_fields = COUNT(fields_##name)
#define FACTS(name)  .facts = facts_##name, .n_facts = COUNT(facts_##name)

const struct cseal_kind kind_contacts[] = {
	{
	    .name = "contact.login_email",
	    .about = "the e-mail address that a store is signed in to with",
	    .slot = "contact.login_email",
	    .ops = KIND_OPS_ONE,
	    FIELDS(login_email),
	    FACTS(email),
	},
	{
	    .name = "contact.login_phone",
	    .about = "the telephone number that a store is signed in to with",
	    .slot = "contact.login_phone",
	    .ops = KIND_OPS_ONE,
	    FIELDS(login_phone),
	    FACTS(login_phone),
	},
	{
	    .name = "contact.emergency",
	    .about = "whom the marketplace reaches in an emergency",
	    .slot = "contact.emergency",
	    .ops = KIND_OPS_ONE,
	    FIELDS(emergency),
	    FACTS(emergency),
	},
	{
	    .name = "contact.notify_email",
	    .about = "where notices of one category go, or that none do",
	    .slot = "contact.notify_email",
	    .ops = KIND_OPS_VALUE,
	    FIELDS(notify_email),
	    FACTS(notify_email),
	},
	{
	    .name = "contact.customer_service",
	    .about = "where buyers reach the seller",
	    .slot = "contact.customer_service",
	    .ops = KIND_OPS_ONE,
	    FIELDS(customer_service),
	    FACTS(customer_service),
	},
	{
	    .name = "business.address",
	    .about = "the seller's legal name and address",
	    .slot = "business.address",
	    .ops = KIND_OPS_ONE,
	    FIELDS(address),
	},
	{
	    .name = "security.2sv",
	    .about = "where codes for signing in come from",
	    .slot = "security.2sv",
	    .ops = KIND_OPS_VALUE,
	    FIELDS(2sv),
	    FACTS(phone),
	    .cross = cross_2sv,
	},
};
const size_t kind_contacts_count = COUNT(kind_contacts);
