/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of access to a store: who and what else can act in the console. */

#include "format.h"
#include "format_latin.h"
#include "format_words.h"
#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* The invitation goes to the address: whoever reads it has the access. */
static const struct cseal_field fields_user[] = {
	{ "user_email", "User's e-mail", &format_email, CSEAL_GRADE_INTERNAL,
	    true, true },
	{ "role", "Role", &format_latin[LATIN_ROLE], CSEAL_GRADE_INTERNAL, true,
	    false },
	{ "action", "Action", &format_words[WORDS_USER_ACTION],
	    CSEAL_GRADE_PUBLIC, true, false },
	{ "may_edit_payments", "May edit payments", &format_words[WORDS_YES_NO],
	    CSEAL_GRADE_PUBLIC, true, false },
};
static const struct cseal_kind_fact facts_user[] = {
	{ CSEAL_FACT_DOMAIN, "user_email", 0, NULL },
	{ CSEAL_FACT_PAYMENTS, "may_edit_payments", 0, NULL },
};

static const struct cseal_field fields_app[] = {
	{ "app", "App or agency", &format_latin[LATIN_APP],
	    CSEAL_GRADE_INTERNAL, true, false },
	{ "app_id", "App's id", &format_latin[LATIN_APP_ID],
	    CSEAL_GRADE_INTERNAL, false, false },
	{ "scopes", "Scopes", &format_latin[LATIN_SCOPES], CSEAL_GRADE_INTERNAL,
	    true, false },
	{ "action", "Action", &format_words[WORDS_APP_ACTION],
	    CSEAL_GRADE_PUBLIC, true, false },
	{ "expiry", "Expires", &format_date, CSEAL_GRADE_PUBLIC, false, false },
};

const struct cseal_kind kind_accesses[] = {
	{
	    .name = "access.user",
	    .about = "a person who can act in the console of a store",
	    .slot = "access.user",
	    .ops = KIND_OPS_VALUE,
	    .fields = fields_user,
	    .n_fields = COUNT(fields_user),
	    .facts = facts_user,
	    .n_facts = COUNT(facts_user),
	},
	{
	    .name = "access.app",
	    .about = "an app or an agency that can act for a store",
	    .slot = "access.app",
	    .ops = KIND_OPS_VALUE,
	    .fields = fields_app,
	    .n_fields = COUNT(fields_app),
	    .until = "expiry",
	},
};
const size_t kind_accesses_count = COUNT(kind_accesses);
