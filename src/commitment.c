/* SPDX-License-Identifier: BSD-2-Clause */

#include "commitment.h"

#include <string.h>

#include "counterseal/change.h"

#include "records.h"
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

/* A person's display name: the end of the detail, if it is there. */
static const uint8_t *
find_in_detail(const struct cseal_request *q, const char *name)
{
	struct record_person_set d;
	bool has;

	if (strcmp(name, CSEAL_DISPLAY_NAME) != 0 || !q->has_detail ||
	    !slice_is(q->change_kind, "person.set") ||
	    schema_parse_all(&record_person_set, q->detail, &d, NULL) !=
		CSEAL_OK)
		return NULL;
	has = d.has_name;
	schema_free(&record_person_set, &d);
	return has ? q->detail.data + q->detail.len - CSEAL_HASH_BYTES : NULL;
}

static const uint8_t *
find_evidence(const struct cseal_statement *st, const char *name)
{
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n);
	const struct cseal_evidence *e = cseal_evidence_find(v, n, name);

	return e != NULL ? e->hash : NULL;
}

const uint8_t *
commitment_find(const struct cseal_statement *st, const char *name)
{
	const struct cseal_request *q = &st->u.request;
	const uint8_t *hash = NULL;

	switch (st->kind) {
	case CSEAL_REQUEST:
		hash = find_field(q->fields, q->n_fields, name);
		if (hash == NULL)
			hash = find_in_detail(q, name);
		break;
	case CSEAL_OBSERVE:
		hash = find_field(
		    st->u.observe.fields, st->u.observe.n_fields, name);
		break;
	case CSEAL_APPROVE:
	case CSEAL_APPLY:
		hash = name[0] == '\0' ? st->u.act.shown.hash : NULL;
		break;
	default: break;
	}
	return hash != NULL ? hash : find_evidence(st, name);
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

static bool
display_name(const struct cseal_statement *st, char out[COMMITMENT_NAME_BYTES])
{
	if (st->kind != CSEAL_REQUEST ||
	    find_in_detail(&st->u.request, CSEAL_DISPLAY_NAME) == NULL)
		return false;
	memcpy(out, CSEAL_DISPLAY_NAME, sizeof(CSEAL_DISPLAY_NAME));
	return true;
}

bool
commitment_name(
    const struct cseal_statement *st, size_t i, char out[COMMITMENT_NAME_BYTES])
{
	const struct cseal_commitment *fields = NULL;
	size_t n = 0, n_evidence;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n_evidence);

	out[0] = '\0';
	switch (st->kind) {
	case CSEAL_REQUEST:
		fields = st->u.request.fields;
		n = st->u.request.n_fields;
		break;
	case CSEAL_OBSERVE:
		fields = st->u.observe.fields;
		n = st->u.observe.n_fields;
		break;
	case CSEAL_APPROVE:
	case CSEAL_APPLY:
		n = 1;
		if (i == 0)
			return true;
		break;
	default: return false;
	}
	if (i >= n + n_evidence)
		return i == n + n_evidence && display_name(st, out);
	return i < n ? field_name(fields, n, i, out)
		     : cseal_evidence_name(v, n_evidence, i - n, out);
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
