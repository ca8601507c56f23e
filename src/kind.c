/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/kind.h"

#include <string.h>

#include "kind_rows.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

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

/* Changes of authority carry a detail and no fields. */
static const struct cseal_kind authorities[] = {
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

/* Kinds that have values, in the table's order; those of authority follow. */
static const struct {
	const struct cseal_kind *rows;
	const size_t *n;
} groups[] = {
	{ kind_payouts, &kind_payouts_count },
	{ kind_contacts, &kind_contacts_count },
	{ kind_accesses, &kind_accesses_count },
	{ kind_terms, &kind_terms_count },
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
	for (size_t g = 0; g < COUNT(groups); g++) {
		if (i < *groups[g].n)
			return &groups[g].rows[i];
		i -= *groups[g].n;
	}
	return i < COUNT(authorities) ? &authorities[i] : NULL;
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
