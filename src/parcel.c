/* SPDX-License-Identifier: BSD-2-Clause */

#include "parcel.h"

#include "counterseal/ledger.h"

#include "records.h"
#include "schema_rows.h"

#define ENVELOPE_MAX ((size_t)256 << 10)

struct bare_bytes {
	struct cseal_slice bytes;
};
_Static_assert(sizeof(struct bare_bytes) == sizeof(struct cseal_slice),
    "a list of byte strings is a list of slices");

static const struct schema_member bytes_rows[] = {
	ROW(0, "entry", SCHEMA_BYTES, bare_bytes, bytes, 1, CSEAL_ENTRY_MAX),
};
static const struct schema record_bytes = { .name = "entry",
	SCHEMA(SCHEMA_BARE, bare_bytes, bytes_rows) };

static const struct schema_member entries_rows[] = {
	ROW(0, "first", SCHEMA_UINT, parcel_entries, first, 0, INT64_MAX),
	ROW_LIST(0, "list", SCHEMA_LIST, parcel_entries, list, n, 1,
	    PARCEL_ENTRIES_MAX, &record_bytes),
};
static const struct schema record_entries = { .name = "entries",
	SCHEMA(SCHEMA_ARRAY, parcel_entries, entries_rows) };

static const struct schema_member envelope_rows[] = {
	ROW(0, "leaf", SCHEMA_FIXED, parcel_envelope, leaf, 0,
	    CSEAL_HASH_BYTES),
	ROW(0, "cms", SCHEMA_BYTES, parcel_envelope, der, 1, ENVELOPE_MAX),
};
static const struct schema record_envelope_of = { .name = "envelope",
	SCHEMA(SCHEMA_ARRAY, parcel_envelope, envelope_rows) };

static const struct schema_member refusal_rows[] = {
	ROW(0, "leaf", SCHEMA_FIXED, parcel_refusal, leaf, 0, CSEAL_HASH_BYTES),
	ROW(0, "code", SCHEMA_TEXT, parcel_refusal, code, 1, PARCEL_CODE_MAX),
	ROW(0, "sentence", SCHEMA_TEXT, parcel_refusal, sentence, 1,
	    PARCEL_TEXT_MAX),
};
static const struct schema record_refusal = { .name = "refusal",
	SCHEMA(SCHEMA_ARRAY, parcel_refusal, refusal_rows) };

static const struct schema_member heard_rows[] = {
	ROW(0, "key", SCHEMA_UINT, parcel_heard, key, 0, INT64_MAX),
	ROW_SUB(0, "head", parcel_heard, head, &record_head),
	ROW_MAYBE(0, "answer", SCHEMA_NULL, SCHEMA_FIXED, parcel_heard, answer,
	    has_answer, 0, PARCEL_NONCE_BYTES, NULL),
};
static const struct schema record_heard = { .name = "heard",
	SCHEMA(SCHEMA_ARRAY, parcel_heard, heard_rows) };

static const struct schema_member parcel_rows[] = {
	ROW_WORD(1, "version", parcel, version, 1, 1),
	ROW(2, "ledger-id", SCHEMA_FIXED, parcel, ledger, 0, CSEAL_HASH_BYTES),
	ROW_MAYBE(3, "entries", SCHEMA_OPTIONAL, SCHEMA_SUB, parcel, entries,
	    has_entries, 0, 0, &record_entries),
	ROW_LIST_MAYBE(4, "sealed", SCHEMA_LIST, parcel, sealed, n_sealed,
	    has_sealed, 1, PARCEL_ITEMS_MAX, &record_bytes),
	ROW_LIST_MAYBE(5, "envelopes", SCHEMA_LIST, parcel, envelopes,
	    n_envelopes, has_envelopes, 1, PARCEL_ITEMS_MAX,
	    &record_envelope_of),
	ROW_LIST_MAYBE(6, "refusals", SCHEMA_LIST, parcel, refusals, n_refusals,
	    has_refusals, 1, PARCEL_ITEMS_MAX, &record_refusal),
	ROW_MAYBE(7, "heard", SCHEMA_OPTIONAL, SCHEMA_SUB, parcel, heard,
	    has_heard, 0, 0, &record_heard),
	ROW_MAYBE(8, "question", SCHEMA_OPTIONAL, SCHEMA_FIXED, parcel,
	    question, has_question, 0, PARCEL_NONCE_BYTES, NULL),
};
static const struct schema record_parcel = { .name = "parcel",
	SCHEMA(SCHEMA_MAP, parcel, parcel_rows) };

int
parcel_encode(struct cseal_buf *out, const struct parcel *p)
{
	return schema_encode(&record_parcel, out, p);
}

int
parcel_parse(
    struct parcel *out, struct cseal_slice bytes, struct cseal_error *err)
{
	struct schema_where where = { 0 };
	int r = schema_parse_all(&record_parcel, bytes, out, &where);

	if (r == CSEAL_ERR_NEWER)
		return cseal_error_set(err, r, "parcel",
		    "made by a newer counterseal: update this one");
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "parcel",
		    "it is cut short, or no parcel of Counterseal (%s %s)",
		    where.record != NULL ? where.record : "parcel",
		    where.member != NULL ? where.member : "");
	return CSEAL_OK;
}

void
parcel_free(struct parcel *p)
{
	if (p != NULL)
		schema_free(&record_parcel, p);
}
