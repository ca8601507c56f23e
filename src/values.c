/* SPDX-License-Identifier: BSD-2-Clause */

#include "values.h"

#include <stdlib.h>
#include <string.h>

#include "commitment.h"
#include "skeleton.h"

#define PLACES (CSEAL_KIND_FIELDS_MAX + CSEAL_EVIDENCE_MAX)

/* Of one request; `code` is what reading a value came to. */
struct held {
	bool looked[PLACES];
	int code[PLACES];
	struct cseal_buf text[PLACES];
	bool folded[PLACES];
	struct cseal_buf skeleton[PLACES];
};

struct values {
	struct cseal_ledger *ledger;
	struct held **held; /* by the request's index */
	size_t n;
	uint64_t missed;
};

struct values *
values_new(struct cseal_ledger *l)
{
	struct values *v = calloc(1, sizeof(*v));

	if (v != NULL)
		v->ledger = l;
	return v;
}

void
values_free(struct values *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->n; i++) {
		for (size_t k = 0; v->held[i] != NULL && k < PLACES; k++) {
			cseal_buf_free(&v->held[i]->text[k]);
			cseal_buf_free(&v->held[i]->skeleton[k]);
		}
		free(v->held[i]);
	}
	free(v->held);
	free(v);
}

int
values_open(struct cseal_ledger *l, const struct cseal_statement *request,
    uint64_t index, const char *name, struct cseal_buf *out,
    struct cseal_error *err)
{
	struct cseal_opening o;
	int r;

	if (commitment_find(request, name) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, name,
		    "change #%llu does not have this field",
		    (unsigned long long)index);
	r = cseal_ledger_opening(l, index, name, &o, err);
	if (r == CSEAL_ERR_FORMAT ||
	    (r == CSEAL_OK && commitment_check(request, &o) != CSEAL_OK))
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, name,
		    "the value kept beside the ledger is not the one that "
		    "was asked for in #%llu: do not use it",
		    (unsigned long long)index);
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, o.value.data, o.value.len);
	cseal_opening_free(&o);
	return r;
}

static int
make_room(struct values *v, size_t index)
{
	size_t want = v->n == 0 ? 64 : v->n;
	struct held **grown;

	if (index < v->n)
		return CSEAL_OK;
	while (want <= index)
		want *= 2;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	grown = reallocarray(v->held, want, sizeof(*grown));
	if (grown == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = v->n; i < want; i++)
		grown[i] = NULL;
	v->held = grown;
	v->n = want;
	return CSEAL_OK;
}

/* Where values of the change are kept; NULL without memory. */
static struct held *
held_of(struct values *v, const struct state_change *c)
{
	size_t index = (size_t)c->pub.index;

	if (make_room(v, index) != CSEAL_OK)
		return NULL;
	if (v->held[index] == NULL)
		v->held[index] = calloc(1, sizeof(**v->held));
	return v->held[index];
}

/* PLACES: it is neither a field of the kind nor evidence of the request. */
static size_t
place_of(const struct state_change *c, const char *name)
{
	const struct cseal_kind *k = c->pub.kind;
	const struct cseal_field *f = cseal_kind_field(k, name, strlen(name));
	const struct cseal_evidence *e;
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(&c->statement, &n);

	if (f != NULL)
		return (size_t)(f - k->fields);
	if (k->detail == CSEAL_DETAIL_PERSON_SET &&
	    strcmp(name, CSEAL_DISPLAY_NAME) == 0)
		return 0; /* the kind has no fields */
	e = cseal_evidence_find(v, n, name);
	return e != NULL ? CSEAL_KIND_FIELDS_MAX + (size_t)(e - v) : PLACES;
}

int
values_get(struct values *v, const struct state_change *c, const char *name,
    struct cseal_slice *out, struct cseal_error *err)
{
	size_t i = place_of(c, name);
	struct held *h = held_of(v, c);

	out->data = NULL;
	out->len = 0;
	if (i == PLACES)
		return CSEAL_ERR_USAGE;
	if (h == NULL)
		return CSEAL_ERR_NOMEM;
	if (!h->looked[i] || h->code[i] != CSEAL_OK) {
		cseal_buf_init(&h->text[i], 0);
		h->code[i] = values_open(v->ledger, &c->statement, c->pub.index,
		    name, &h->text[i], err);
		h->looked[i] = true;
	}
	if (h->code[i] == CSEAL_OK)
		*out = cseal_buf_slice(&h->text[i]);
	return h->code[i];
}

static bool
is_lacking(int code)
{
	return code == CSEAL_ERR_NOT_FOUND || code == CSEAL_ERR_CORRUPT;
}

int
values_find(struct values *v, const struct state_change *c, const char *name,
    struct cseal_slice *out, bool *here, struct cseal_error *err)
{
	size_t i = place_of(c, name);
	const struct held *h = held_of(v, c);
	int r;

	out->data = NULL;
	out->len = 0;
	*here = false;
	if (commitment_find(&c->statement, name) == NULL)
		return CSEAL_OK;
	if (h == NULL)
		return CSEAL_ERR_NOMEM;
	/* What was not here a moment ago is not read again. */
	r = i < PLACES && h->looked[i] && is_lacking(h->code[i])
		? h->code[i]
		: values_get(v, c, name, out, err);
	*here = r == CSEAL_OK;
	v->missed += is_lacking(r);
	return is_lacking(r) ? CSEAL_OK : r;
}

/* Made once; empty for a value that has none. */
static struct cseal_slice
skeleton_at(struct held *h, size_t i)
{
	if (!h->folded[i]) {
		cseal_buf_init(&h->skeleton[i], 0);
		if (!skeleton_of(cseal_buf_slice(&h->text[i]), &h->skeleton[i]))
			cseal_buf_reset(&h->skeleton[i]);
		h->folded[i] = true;
	}
	return cseal_buf_slice(&h->skeleton[i]);
}

int
values_skeleton(struct values *v, const struct state_change *c, size_t i,
    struct cseal_slice *value, struct cseal_slice *skeleton,
    struct cseal_error *err)
{
	struct held *h = held_of(v, c);
	bool here = true;
	int r = CSEAL_OK;

	if (h == NULL)
		return CSEAL_ERR_NOMEM;
	memset(skeleton, 0, sizeof(*skeleton));
	if (h->looked[i] && h->code[i] == CSEAL_OK)
		*value = cseal_buf_slice(&h->text[i]);
	else
		r = values_find(
		    v, c, c->pub.kind->fields[i].name, value, &here, err);
	if (r == CSEAL_OK && here)
		*skeleton = skeleton_at(h, i);
	return r;
}

uint64_t
values_missed(const struct values *v)
{
	return v->missed;
}
