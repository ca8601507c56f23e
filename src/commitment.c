/* SPDX-License-Identifier: BSD-2-Clause */

#include "commitment.h"

#include <string.h>

#include "counterseal/change.h"

#include "slice.h"

static const uint8_t *
find_field(const struct cseal_commitment *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_is(v[i].name, name))
			return v[i].hash;
	}
	return NULL;
}

static const uint8_t *
find_in_request(const struct cseal_request *q, const char *name)
{
	const uint8_t *hash = find_field(q->fields, q->n_fields, name);

	for (size_t i = 0; i < q->n_evidence && hash == NULL; i++) {
		if (q->evidence[i].kind == CSEAL_EVIDENCE_REASON &&
		    strcmp(name, "reason") == 0)
			hash = q->evidence[i].hash;
	}
	return hash;
}

const uint8_t *
commitment_find(const struct cseal_statement *st, const char *name)
{
	switch (st->kind) {
	case CSEAL_REQUEST: return find_in_request(&st->u.request, name);
	case CSEAL_OBSERVE:
		return find_field(
		    st->u.observe.fields, st->u.observe.n_fields, name);
	case CSEAL_APPROVE:
	case CSEAL_APPLY: return name[0] == '\0' ? st->u.act.shown.hash : NULL;
	default: return NULL;
	}
}

static bool
field_name(const struct cseal_commitment *v, size_t n, size_t i,
    char out[COMMITMENT_NAME_BYTES])
{
	if (i >= n || v[i].name.len >= COMMITMENT_NAME_BYTES)
		return false;
	memcpy(out, v[i].name.data, v[i].name.len);
	out[v[i].name.len] = '\0';
	return true;
}

bool
commitment_name(
    const struct cseal_statement *st, size_t i, char out[COMMITMENT_NAME_BYTES])
{
	const struct cseal_request *q = &st->u.request;

	out[0] = '\0';
	switch (st->kind) {
	case CSEAL_REQUEST:
		if (i == q->n_fields && commitment_find(st, "reason") != NULL) {
			memcpy(out, "reason", sizeof("reason"));
			return true;
		}
		return field_name(q->fields, q->n_fields, i, out);
	case CSEAL_OBSERVE:
		return field_name(
		    st->u.observe.fields, st->u.observe.n_fields, i, out);
	case CSEAL_APPROVE:
	case CSEAL_APPLY: return i == 0;
	default: return false;
	}
}

int
commitment_check(
    const struct cseal_statement *st, const struct cseal_opening *o)
{
	const uint8_t *want = commitment_find(st, o->name);
	uint8_t hash[CSEAL_HASH_BYTES];
	int r;

	if (want == NULL)
		return CSEAL_ERR_CORRUPT;
	/* Of a text that was shown, the salt alone is kept. */
	if (o->name[0] == '\0')
		return CSEAL_OK;
	r = cseal_commit(o->salt, o->value.data, o->value.len, o->name, hash);
	if (r == CSEAL_OK && memcmp(hash, want, sizeof(hash)) != 0)
		r = CSEAL_ERR_CORRUPT;
	return r;
}
