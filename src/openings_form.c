/* SPDX-License-Identifier: BSD-2-Clause */

#include "openings_form.h"

#include "schema_rows.h"

struct bare_text {
	struct cseal_slice text;
};
_Static_assert(sizeof(struct bare_text) == sizeof(struct cseal_slice),
    "a list of texts is a list of slices");

static const struct schema_member name_rows[] = {
	ROW(0, "name", SCHEMA_TEXT, bare_text, text, 1, 32),
};
static const struct schema record_name = { .name = "name",
	SCHEMA(SCHEMA_BARE, bare_text, name_rows) };

static const struct schema_member item_rows[] = {
	ROW(0, "name", SCHEMA_TEXT, openings_item, name, 0, 32),
	ROW(0, "salt", SCHEMA_FIXED, openings_item, salt, 0, CSEAL_SALT_BYTES),
};
static const struct schema record_item = { .name = "opening",
	SCHEMA(SCHEMA_ARRAY, openings_item, item_rows) };

#define ROWS_BEFORE                                                         \
	ROW_WORD(1, "version", openings_form, version, 1, 1),               \
	    ROW(2, "ledger-id", SCHEMA_FIXED, openings_form, ledger, 0,     \
		CSEAL_HASH_BYTES),                                          \
	    ROW(3, "leaf", SCHEMA_FIXED, openings_form, leaf, 0,            \
		CSEAL_HASH_BYTES),                                          \
	    ROW_LIST(4, "openings", SCHEMA_LIST, openings_form, list, n, 1, \
		CSEAL_OPENINGS_MAX, &record_item)
#define ROW_AFTER                                                              \
	ROW_LIST_MAYBE(6, "asked", SCHEMA_LIST, openings_form, asked, n_asked, \
	    has_asked, 1, CSEAL_KIND_FIELDS_MAX, &record_name)

static const struct schema_member form_rows[] = {
	ROWS_BEFORE,
	ROW(5, "values", SCHEMA_BYTES, openings_form, values, 1,
	    CSEAL_ENVELOPE_PLAIN_MAX),
	ROW_AFTER,
};
const struct schema openings_record = { .name = "openings",
	SCHEMA(SCHEMA_MAP, openings_form, form_rows) };

static const struct schema_member core_rows[] = { ROWS_BEFORE, ROW_AFTER };
const struct schema openings_record_core = { .name = "openings",
	SCHEMA(SCHEMA_MAP, openings_form, core_rows) };

static const struct schema_member value_rows[] = {
	ROW(0, "value", SCHEMA_PROSE, bare_text, text, 0, CSEAL_VALUE_MAX),
};
static const struct schema record_value = { .name = "value",
	SCHEMA(SCHEMA_BARE, bare_text, value_rows) };

static const struct schema_member values_rows[] = {
	ROW_LIST(0, "values", SCHEMA_LIST, openings_values, list, n, 1,
	    CSEAL_OPENINGS_MAX, &record_value),
};
const struct schema openings_record_values = { .name = "values",
	SCHEMA(SCHEMA_BARE, openings_values, values_rows) };
