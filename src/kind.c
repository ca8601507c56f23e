/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/kind.h"

#include <stdio.h>
#include <string.h>

#include "format.h"
#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define OPS_ONE \
	(CSEAL_OP_BIT(CSEAL_OP_REPLACE) | CSEAL_OP_BIT(CSEAL_OP_BASELINE))
#define OPS_AUTHORITY CSEAL_OP_BIT(CSEAL_OP_REPLACE)

const char *
kind_value(const struct cseal_value *v, size_t n, const char *name, size_t min)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].field->name, name) == 0)
			return v[i].text.len >= min
				   ? (const char *)v[i].text.data
				   : NULL;
	}
	return NULL;
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
	const char *value = kind_value(v, n_values, name, n);

	if (value == NULL)
		return CSEAL_OK;
	if (memchr(value, '\0', n) != NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_FORMAT, name, "it holds a NUL");
	memcpy(to, value, n);
	return CSEAL_OK;
}

/* Where a fact of text stands, and how long it can be with its NUL. */
static char *
place_of(struct cseal_facts *out, unsigned fact, size_t *size)
{
	switch (fact) {
	case CSEAL_FACT_COUNTRY:
		*size = sizeof(out->country);
		return out->country;
	case CSEAL_FACT_CURRENCY:
		*size = sizeof(out->currency);
		return out->currency;
	case CSEAL_FACT_BANK:
		*size = sizeof(out->bank_code);
		return out->bank_code;
	default: *size = 0; return NULL;
	}
}

int
cseal_kind_facts(const struct cseal_kind *k, const struct cseal_value *v,
    size_t n, struct cseal_facts *out, struct cseal_error *err)
{
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < k->n_facts && r == CSEAL_OK; i++) {
		const struct cseal_kind_fact *f = &k->facts[i];
		char value[40] = "";
		size_t size;
		char *to = place_of(out, f->fact, &size);

		if (to == NULL || f->n >= sizeof(value))
			return CSEAL_ERR_INTERNAL;
		if (f->field != NULL)
			r = take_fact(value, v, n, f->field, f->n, err);
		if (r == CSEAL_OK && (f->field == NULL || value[0] != '\0'))
			(void)snprintf(to, size, "%s%s", f->text, value);
	}
	return r;
}

static const struct cseal_field fields_login_email[] = {
	{ "email", "E-mail address", &format_email, CSEAL_GRADE_SECRET, true,
	    true },
};

/* A row each; authority changes carry a detail and no fields. */
static const struct cseal_kind kinds[] = {
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
cseal_kind_at(size_t i)
{
	if (i < kind_payouts_count)
		return &kind_payouts[i];
	i -= kind_payouts_count;
	return i < COUNT(kinds) ? &kinds[i] : NULL;
}

const struct cseal_kind *
cseal_kind_find(const char *name, size_t n)
{
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (strlen(k->name) == n && memcmp(k->name, name, n) == 0)
			return k;
	}
	return NULL;
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
