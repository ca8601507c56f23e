/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The post: openings of entries, encrypted to the desks that need them, kept
 * beside the ledger until they are sent, and taken out when they come.
 */

#ifndef SRC_POST_H
#define SRC_POST_H

#include "counterseal/desk.h"
#include "counterseal/openings.h"

#include "ledger_beside.h"
#include "parcel.h"

#define POST_KIND	"envelope" /* beside the ledger, by leaf in hexadecimal */
#define POST_EARLY	"early" /* the same, of leaves that no entry has yet */
#define POST_OWN	"own" /* for this desk alone: that for all is locked */
#define POST_NAME_BYTES (2 * CSEAL_HASH_BYTES + 1)

enum post_maker {
	POST_OURS,
	POST_OTHERS,	    /* another desk's */
	POST_OTHERS_LOCKED, /* the same, locked until a re-entry */
};

/* What is kept of an envelope. */
struct post {
	enum post_maker maker;
	uint8_t made[CSEAL_HASH_BYTES]; /* ours: digest of desks and lock */
	struct cseal_slice der;
};

void post_name(const uint8_t leaf[CSEAL_HASH_BYTES], char out[POST_NAME_BYTES]);

/* The openings of an entry, as they are kept until it is in the ledger. */
struct post_sealed {
	struct cseal_buf all; /* to every desk of the ledger */
	struct cseal_buf own; /* to this one; empty if `all` is not locked */
};

/*
 * Seals the openings of the statement of an entry with this leaf, which is not
 * in the ledger yet: locked, if its approver is to re-enter something. To be
 * freed with post_sealed_free(), after an error too.
 */
int post_seal(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_statement *st, const struct cseal_opening *openings,
    size_t n, struct post_sealed *out, struct cseal_error *err);
void post_sealed_free(struct post_sealed *p);

/* As things to keep beside the ledger; returns how many. */
size_t post_things(const struct post_sealed *p, const char *name,
    struct store_beside things[2]);

/*
 * The same for the openings of entry `index` that are here: it will be taken
 * out of the ledger. CSEAL_ERR_NOT_FOUND: none are.
 */
int post_take_back(struct cseal_desk *d, uint64_t index,
    struct cseal_slice entry, struct cseal_error *err);

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
 * all desks that the ledger has now, as far as they are here. Locked, while
 * approvals are waited for that need a re-entry.
 */
int post_refresh_all(struct cseal_desk *d, struct cseal_error *err);

/* What stands before another desk's envelope: CSEAL_HASH_BYTES bytes. */
const uint8_t *post_mark(enum post_maker maker);

/* A thing beside the ledger as what it is; false if it is no envelope. */
bool post_parse(struct post *out, struct cseal_slice value);

/* The same as an envelope of a parcel. */
bool post_read(
    struct parcel_envelope *out, const char *name, struct cseal_slice value);

/*
 * Keeps an envelope of an entry that came from another desk. If a locked one
 * is there it stays, and the new one is kept as an early one, for post_take():
 * anybody can make one up.
 */
int post_keep(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, struct cseal_error *err);

/*
 * Keeps one whose entry may come later. It is not sent on, and *kept is false
 * if there are too many of the kind: anybody can make them up.
 */
int post_keep_early(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, bool *kept, struct cseal_error *err);

enum post_came {
	POST_NOTHING, /* nothing new, or nothing for this desk */
	POST_OPENED,  /* the values are here */
	POST_LOCKED,  /* they came, and wait for a re-entry */
};

/*
 * Takes the openings of entry `index`, whose bytes these are, out of the
 * envelope that is kept for it, or notes that it is locked. No error if none
 * is kept, if it is not for this desk, or taken before; CSEAL_ERR_CORRUPT if
 * it does not fit the entry.
 */
int post_take(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    enum post_came *came, struct cseal_error *err);

/*
 * The openings of the entry with this leaf that came locked, to be freed.
 * CSEAL_ERR_NOT_FOUND if none did; the codes of cseal_envelope_open().
 */
int post_locked(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_openings *out, struct cseal_error *err);

#endif
