/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The post: openings of entries, encrypted to the desks that need them, kept
 * beside the ledger until they are sent, and taken out when they come.
 */

#ifndef SRC_POST_H
#define SRC_POST_H

#include "counterseal/desk.h"

#include "ledger_beside.h"
#include "parcel.h"

#define POST_KIND	"envelope" /* beside the ledger, by leaf in hexadecimal */
#define POST_EARLY	"early" /* the same, of leaves that no entry has yet */
#define POST_NAME_BYTES (2 * CSEAL_HASH_BYTES + 1)

/* What is kept of an envelope. */
struct post {
	uint8_t desks[CSEAL_HASH_BYTES]; /* digest of the desks; 0: not ours */
	struct cseal_slice der;
};

void post_name(const uint8_t leaf[CSEAL_HASH_BYTES], char out[POST_NAME_BYTES]);

/*
 * An envelope to every desk of the ledger, for the openings of the entry with
 * this leaf, appended to `out` as it is kept beside the ledger.
 */
int post_seal(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_opening *openings, size_t n, struct cseal_buf *out,
    struct cseal_error *err);

/*
 * The same for the openings of entry `index` that are here, kept beside the
 * ledger in place of the one that was there. CSEAL_ERR_NOT_FOUND: none are.
 */
int post_make(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err);

/*
 * Would an envelope for this leaf bring something? Not if the openings are
 * here, or were sealed here. If its entry is in the ledger: index and bytes.
 */
int post_wanted(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    bool *wanted, uint64_t *index, struct cseal_buf *entry,
    struct cseal_error *err);

/* What is kept for a leaf, into `bytes`; CSEAL_ERR_NOT_FOUND. */
int post_find(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct post *out, struct cseal_buf *bytes, struct cseal_error *err);

/*
 * Sees that the values of what is open or in force stand in an envelope to
 * all desks that the ledger has now, as far as they are here.
 */
int post_refresh_all(struct cseal_desk *d, struct cseal_error *err);

/* A thing beside the ledger as an envelope of a parcel; false if it is none. */
bool post_read(
    struct parcel_envelope *out, const char *name, struct cseal_slice value);

/* Keeps an envelope of an entry that came from another desk. */
int post_keep(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, struct cseal_error *err);

/*
 * Keeps one whose entry may come later. It is not sent on, and *kept is false
 * if there are too many of the kind: anybody can make them up.
 */
int post_keep_early(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, bool *kept, struct cseal_error *err);

/*
 * Takes the openings of entry `index`, whose bytes these are, out of the
 * envelope that is kept for it. *taken tells how many. No error if none is
 * kept, if it is not for this desk, locked until a re-entry, or taken before;
 * CSEAL_ERR_CORRUPT if it does not fit the entry.
 */
int post_take(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    size_t *taken, struct cseal_error *err);

#endif
