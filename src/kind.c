/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/kind.h"

#include <stdio.h>
#include <string.h>

#include "country.h"
#include "format.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define OPS_VALUE                                                      \
	(CSEAL_OP_BIT(CSEAL_OP_REPLACE) | CSEAL_OP_BIT(CSEAL_OP_ADD) | \
	    CSEAL_OP_BIT(CSEAL_OP_REMOVE) | CSEAL_OP_BIT(CSEAL_OP_BASELINE))
#define OPS_ONE \
	(CSEAL_OP_BIT(CSEAL_OP_REPLACE) | CSEAL_OP_BIT(CSEAL_OP_BASELINE))
#define OPS_AUTHORITY CSEAL_OP_BIT(CSEAL_OP_REPLACE)

/* The value of a field, of at least `min` bytes; NULL if it is not given. */
static const char *
value_of(const struct cseal_value *v, size_t n, const char *name, size_t min)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].field->name, name) == 0)
			return v[i].text.len >= min
				   ? (const char *)v[i].text.data
				   : NULL;
	}
	return NULL;
}

static int
cross_iban(const struct cseal_value *v, size_t n, struct cseal_error *err)
{
	const char *iban = value_of(v, n, "iban", 2);
	const char *bic = value_of(v, n, "bic", 8), *home;

	if (iban == NULL || bic == NULL || memcmp(bic + 4, iban, 2) == 0)
		return CSEAL_OK;
	home = country_iban_home(bic + 4);
	if (home != NULL && memcmp(home, iban, 2) == 0)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "bic",
	    "the bank's code is of %.2s, but the account is of %.2s: compare "
	    "both with the bank's letter",
	    bic + 4, iban);
}

/*
 * The first `n` bytes of a value, if it was given. A value need not have been
 * typed by a person: openings can hold anything. A fact ends at a NUL, and
 * must not be taken for another one, or for none.
 */
static int
take_fact(char *to, const struct cseal_value *v, size_t n_values,
    const char *name, size_t n, struct cseal_error *err)
{
	const char *value = value_of(v, n_values, name, n);

	if (value == NULL)
		return CSEAL_OK;
	if (memchr(value, '\0', n) != NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_FORMAT, name, "it holds a NUL");
	memcpy(to, value, n);
	return CSEAL_OK;
}

static int
facts_iban(const struct cseal_value *v, size_t n, struct cseal_facts *out,
    struct cseal_error *err)
{
	char bank[9] = "";
	int r;

	if ((r = take_fact(out->country, v, n, "iban", 2, err)) != CSEAL_OK ||
	    (r = take_fact(out->currency, v, n, "currency", 3, err)) !=
		CSEAL_OK ||
	    (r = take_fact(bank, v, n, "bic", 8, err)) != CSEAL_OK)
		return r;
	/* The branch is left out: policy names banks. */
	if (bank[0] != '\0')
		(void)snprintf(
		    out->bank_code, sizeof(out->bank_code), "BIC:%s", bank);
	return CSEAL_OK;
}

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

static const struct cseal_field fields_login_email[] = {
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_SECRET, true,
	    true },
};

/* A row each; authority changes carry a detail and no fields. */
static const struct cseal_kind kinds[] = {
	{
	    .name = "payout.iban",
	    .about = "the account with an IBAN that a store is paid to",
	    .slot = "payout",
	    .ops = OPS_VALUE,
	    .fields = fields_iban,
	    .n_fields = COUNT(fields_iban),
	    .cross = cross_iban,
	    .facts = facts_iban,
	},
	{
	    .name = "contact.login_email",
	    .about = "the e-mail address that a store is signed in to with",
	    .slot = "contact.login_email",
	    .ops = OPS_ONE,
	    .fields = fields_login_email,
	    .n_fields = COUNT(fields_login_email),
	},
	{
	    .name = "key.add",
	    .about = "a further security key of a person",
	    .slot = "",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_KEY_ADD,
	},
	{
	    .name = "key.revoke",
	    .about = "the end of a security key",
	    .slot = "",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_KEY_REVOKE,
	},
	{
	    .name = "person.set",
	    .about = "a new person, or other roles of one",
	    .slot = "",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_PERSON_SET,
	},
	{
	    .name = "person.leave",
	    .about = "a person leaves, with all of that person's keys",
	    .slot = "",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_PERSON_LEAVE,
	},
	{
	    .name = "policy.set",
	    .about = "other rules",
	    .slot = "policy",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_POLICY_SET,
	},
	{
	    .name = "log.set",
	    .about = "another key that signs checkpoints",
	    .slot = "log",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_LOG_SET,
	},
	{
	    .name = "freeze.lift",
	    .about = "the end of a freeze",
	    .slot = "freeze",
	    .ops = OPS_AUTHORITY,
	    .authority = true,
	    .detail = CSEAL_DETAIL_FREEZE_LIFT,
	},
};

/* In the order of enum cseal_op. */
static const char *const op_names[] = {
	"replace",
	"add",
	"remove",
	"baseline",
};

const struct cseal_kind *
cseal_kind_find(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (strlen(kinds[i].name) == n &&
		    memcmp(kinds[i].name, name, n) == 0)
			return &kinds[i];
	}
	return NULL;
}

const struct cseal_kind *
cseal_kind_at(size_t i)
{
	return i < COUNT(kinds) ? &kinds[i] : NULL;
}

const struct cseal_field *
cseal_kind_field(const struct cseal_kind *k, const char *name, size_t n)
{
	for (size_t i = 0; i < k->n_fields; i++) {
		if (strlen(k->fields[i].name) == n &&
		    memcmp(k->fields[i].name, name, n) == 0)
			return &k->fields[i];
	}
	return NULL;
}

const char *
cseal_op_name(uint64_t op)
{
	return op >= 1 && op <= COUNT(op_names) ? op_names[op - 1] : NULL;
}

uint64_t
cseal_op_find(const char *name)
{
	for (size_t i = 0; i < COUNT(op_names); i++) {
		if (strcmp(op_names[i], name) == 0)
			return i + 1;
	}
	return 0;
}
