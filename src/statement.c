/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/statement.h"

#include <string.h>

#include "records.h"

static int
tell(struct cseal_error *err, int code, const struct schema_where *w)
{
	if (code == CSEAL_ERR_NEWER)
		return cseal_error_set(err, code, w->record,
		    "%s is not known here: made by a newer counterseal",
		    w->member != NULL ? w->member : "something");
	return cseal_error_set(err, code, w->record,
	    "%s is not what the format says",
	    w->member != NULL ? w->member : "a member");
}

/* Acts and erasures are about a change, and carry its thread digest. */
static bool
is_about_change(uint64_t kind)
{
	return (kind >= CSEAL_APPROVE && kind <= CSEAL_APPLY) ||
	       kind == CSEAL_ERASE;
}

/* The results that a check can have are its own. */
static int
check_results(const struct cseal_check *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct cseal_word *t = cseal_check_results(v[i].check);

		if (t == NULL || cseal_word_name(t, v[i].result) == NULL)
			return CSEAL_ERR_NEWER;
	}
	return CSEAL_OK;
}

static int
check_body(const struct cseal_statement *s, struct schema_where *w)
{
	const struct cseal_request *q = &s->u.request;
	const struct cseal_act *a = &s->u.act;
	struct cseal_facts facts;
	int r;

	w->member = "facts";
	if (s->kind == CSEAL_REQUEST)
		r = cseal_facts_parse(&facts, q->facts);
	else
		r = cseal_facts_parse(&facts, a->facts);
	if (r != CSEAL_OK)
		return r;
	w->member = "checks";
	return s->kind == CSEAL_REQUEST ? check_results(q->checks, q->n_checks)
					: check_results(a->checks, a->n_checks);
}

/* What the rows alone cannot say. */
static int
check_whole(struct cseal_statement *s, struct schema_where *w)
{
	w->record = "statement";
	w->member = "ledger-id";
	if (s->has_ledger == (s->kind == CSEAL_GENESIS))
		return CSEAL_ERR_FORMAT;
	w->member = "thread";
	if (s->kind < CSEAL_IGNORED_FROM &&
	    s->has_thread != is_about_change(s->kind))
		return CSEAL_ERR_FORMAT;
	return s->kind == CSEAL_REQUEST || s->kind == CSEAL_APPROVE
		   ? check_body(s, w)
		   : CSEAL_OK;
}

int
cseal_statement_parse(struct cseal_statement *out, struct cseal_slice bytes,
    struct cseal_error *err)
{
	struct schema_where where = { "statement", NULL };
	const struct schema *payload;
	int r;

	memset(out, 0, sizeof(*out));
	if (bytes.len > 65535)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "statement",
		    "longer than 65,535 bytes");
	r = schema_parse_all(&record_envelope, bytes, out, &where);
	if (r != CSEAL_OK)
		return tell(err, r, &where);
	payload = record_payload(out->kind);
	if (out->kind >= CSEAL_IGNORED_FROM) {
		out->u.ignored = out->payload;
	} else if (payload == NULL) {
		where.member = "kind";
		return tell(err, CSEAL_ERR_NEWER, &where);
	} else {
		r = schema_parse_all(payload, out->payload, &out->u, &where);
		if (r != CSEAL_OK)
			return tell(err, r, &where);
	}
	r = check_whole(out, &where);
	if (r == CSEAL_OK)
		return CSEAL_OK;
	cseal_statement_free(out);
	return tell(err, r, &where);
}

int
cseal_statement_encode(struct cseal_buf *b, const struct cseal_statement *s)
{
	const struct schema *payload = record_payload(s->kind);
	struct cseal_statement whole = *s;
	struct cseal_buf body;
	int r;

	cseal_buf_init(&body, 65536);
	if (s->kind >= CSEAL_IGNORED_FROM) {
		whole.payload = s->u.ignored;
	} else {
		if (payload == NULL)
			return CSEAL_ERR_FORMAT;
		r = schema_encode(payload, &body, &s->u);
		if (r != CSEAL_OK)
			goto out;
		whole.payload = cseal_buf_slice(&body);
	}
	r = schema_encode(&record_envelope, b, &whole);
out:
	cseal_buf_free(&body);
	return r;
}

void
cseal_statement_free(struct cseal_statement *s)
{
	const struct schema *payload;

	if (s == NULL || s->kind >= CSEAL_IGNORED_FROM)
		return;
	payload = record_payload(s->kind);
	if (payload != NULL)
		schema_free(payload, &s->u);
}

int
cseal_revocation_parse(struct cseal_revocation *out, struct cseal_slice bytes)
{
	return schema_parse_all(&record_revocation, bytes, out, NULL);
}

int
cseal_revocation_encode(struct cseal_buf *b, const struct cseal_revocation *v)
{
	return schema_encode(&record_revocation, b, v);
}

int
cseal_key_parse(struct cseal_key *out, struct cseal_slice bytes)
{
	return schema_parse_all(&record_key, bytes, out, NULL);
}

int
cseal_key_encode(struct cseal_buf *b, const struct cseal_key *k)
{
	return schema_encode(&record_key, b, k);
}

int
cseal_entry_parse(struct cseal_entry *out, struct cseal_slice bytes)
{
	return schema_parse_all(&record_entry, bytes, out, NULL);
}

int
cseal_entry_encode(struct cseal_buf *b, const struct cseal_entry *e)
{
	return schema_encode(&record_entry, b, e);
}
