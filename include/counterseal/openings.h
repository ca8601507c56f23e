/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Openings of one entry as they travel between desks, inside an envelope
 * (docs/format.md section 6, Openings). For a blind re-entry the values are
 * locked: who gets them must first type what stands in some of the fields,
 * from the source document.
 *
 * A lock makes somebody type; it keeps nothing secret from a program that
 * tries all account numbers. Whether an opening fits its commitment is not
 * asked here: see cseal_commit().
 */

#ifndef COUNTERSEAL_OPENINGS_H
#define COUNTERSEAL_OPENINGS_H

#include "counterseal/envelope.h"
#include "counterseal/evidence.h"
#include "counterseal/kind.h"
#include "counterseal/ledger.h"

/* The fields of a request, its evidence, and a text that was shown. */
#define CSEAL_OPENINGS_MAX (CSEAL_KIND_FIELDS_MAX + CSEAL_EVIDENCE_MAX + 1)

struct cseal_openings {
	struct cseal_buf bytes; /* owned */
	uint8_t ledger[CSEAL_HASH_BYTES];
	uint8_t leaf[CSEAL_HASH_BYTES]; /* of the entry */
	/* While locked the values are empty; names and salts are there. */
	struct cseal_opening list[CSEAL_OPENINGS_MAX];
	size_t n;
	bool locked;
	/* Places in `list` of the fields that are to be re-entered. */
	size_t asked[CSEAL_KIND_FIELDS_MAX];
	size_t n_asked;
};

/*
 * Appends the openings of the entry with that leaf. If `blind` names fields,
 * their canonical values lock all of them. CSEAL_ERR_USAGE for none or too
 * many openings, or a name that stands twice; CSEAL_ERR_INPUT for a field in
 * `blind` that is not among them, or a name or value that cannot travel.
 */
CSEAL_API int cseal_openings_encode(struct cseal_buf *out,
    const uint8_t ledger[CSEAL_HASH_BYTES],
    const uint8_t leaf[CSEAL_HASH_BYTES], const struct cseal_opening *openings,
    size_t n, const char *const *blind, size_t n_blind,
    struct cseal_error *err);

/*
 * Reads them. `bytes` is taken over (emptied) on success. CSEAL_ERR_FORMAT,
 * CSEAL_ERR_NEWER, CSEAL_ERR_TOO_LARGE; then there is nothing to free.
 */
CSEAL_API int cseal_openings_parse(struct cseal_openings *out,
    struct cseal_buf *bytes, struct cseal_error *err);
CSEAL_API void cseal_openings_free(struct cseal_openings *o);

/*
 * Unlocks them with the canonical values of the fields in `asked`, in that
 * order. CSEAL_ERR_REFUSED if they differ, which never says where; they stay
 * locked then. CSEAL_ERR_USAGE if they are not locked or `n` is not n_asked.
 */
CSEAL_API int cseal_openings_unlock(struct cseal_openings *o,
    const struct cseal_slice *values, size_t n, struct cseal_error *err);

#endif
