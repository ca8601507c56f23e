/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of docs/format.md section 6, Openings, as tables. */

#ifndef SRC_OPENINGS_FORM_H
#define SRC_OPENINGS_FORM_H

#include "counterseal/openings.h"

#include "schema.h"

/* A value is given apart from its name and salt, so that it can be locked. */
struct openings_item {
	struct cseal_slice name;
	uint8_t salt[CSEAL_SALT_BYTES];
};

struct openings_form {
	uint64_t version;
	uint8_t ledger[CSEAL_HASH_BYTES];
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct openings_item *list;
	size_t n;
	struct cseal_slice values; /* encoded; or nonce, ciphertext, tag */
	bool has_asked;
	struct cseal_slice *asked; /* names */
	size_t n_asked;
};

struct openings_values {
	struct cseal_slice *list;
	size_t n;
};

extern const struct schema openings_record;
extern const struct schema openings_record_core; /* without the values */
extern const struct schema openings_record_values;

#endif
