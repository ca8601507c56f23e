/* SPDX-License-Identifier: BSD-2-Clause */

#include "used.h"

#include <string.h>

#include "commitment.h"
#include "slice.h"

void
used_begin(struct used *u, const struct cseal_kind *kind)
{
	memset(u, 0, sizeof(*u));
	u->kind = kind;
}

void
used_set(struct used *u, const char *field, struct cseal_slice value)
{
	const struct cseal_field *f =
	    cseal_kind_field(u->kind, field, strlen(field));

	if (f == NULL)
		return;
	u->fields[f - u->kind->fields].has = true;
	u->fields[f - u->kind->fields].value = value;
}

bool
used_has_account(const struct used *u)
{
	for (size_t i = 0; i < u->kind->n_fields; i++) {
		if (u->kind->fields[i].account && u->fields[i].has)
			return true;
	}
	return false;
}

/* The commitments alone may tell that it has other fields. */
static bool
has_same_fields(const struct used *u, const struct state_change *c)
{
	for (size_t i = 0; i < u->kind->n_fields; i++) {
		const struct cseal_field *f = &u->kind->fields[i];
		bool has = commitment_find(&c->statement, f->name) != NULL;

		if (f->account && has != u->fields[i].has)
			return false;
	}
	return used_has_account(u);
}

int
used_by(const struct used *u, struct values *v, const struct state_change *c,
    enum used_answer *out, struct cseal_error *err)
{
	struct cseal_slice value;
	bool here, unknown = false;
	int r;

	*out = USED_NO;
	if (c->pub.kind != u->kind || !has_same_fields(u, c))
		return CSEAL_OK;
	for (size_t i = 0; i < u->kind->n_fields; i++) {
		if (!u->kind->fields[i].account || !u->fields[i].has)
			continue;
		r = values_find(
		    v, c, u->kind->fields[i].name, &value, &here, err);
		if (r != CSEAL_OK)
			return r;
		if (here && !slice_same(value, u->fields[i].value))
			return CSEAL_OK;
		unknown = unknown || !here;
	}
	*out = unknown ? USED_UNKNOWN : USED_YES;
	return CSEAL_OK;
}

int
used_elsewhere(const struct used *u, struct values *v,
    const struct cseal_state *s, const char *store, uint64_t below,
    enum used_answer *out, struct cseal_error *err)
{
	bool unknown = false;
	int r;

	*out = USED_NO;
	for (size_t i = 0; i < s->changes.n && used_has_account(u); i++) {
		const struct state_change *c = s->changes.items[i];

		if (c->pub.index >= below)
			break;
		if (strcmp(c->pub.store, store) == 0)
			continue;
		r = used_by(u, v, c, out, err);
		if (r != CSEAL_OK || *out == USED_YES)
			return r;
		unknown = unknown || *out == USED_UNKNOWN;
	}
	*out = unknown ? USED_UNKNOWN : USED_NO;
	return CSEAL_OK;
}
