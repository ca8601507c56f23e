/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ledger: an append-only list of entries above a store, with its tree.
 *
 * The ledger knows nothing of what entries mean. cseal_ledger_append() is
 * called by the desk alone, after the fold accepted the entry.
 */

#ifndef COUNTERSEAL_LEDGER_H
#define COUNTERSEAL_LEDGER_H

#include "counterseal/buf.h"
#include "counterseal/err.h"
#include "counterseal/merkle.h"

#define CSEAL_ENTRY_MAX 65535 /* bytes of one entry (tlog-tiles) */

struct cseal_ledger;

enum cseal_ledger_mode {
	CSEAL_LEDGER_READ,
	CSEAL_LEDGER_WRITE,
	CSEAL_LEDGER_CREATE, /* CSEAL_ERR_EXISTS if there is something */
};

/* An opening given with an append, or read back. */
struct cseal_opening {
	char name[33]; /* of the field; "" for a text that was shown */
	uint8_t salt[CSEAL_SALT_BYTES];
	struct cseal_buf value; /* wiped; empty for a text that was shown */
};

/*
 * Opens the ledger at `where` (a path; later also postgresql://...).
 * CSEAL_ERR_NOT_FOUND, CSEAL_ERR_IO, CSEAL_ERR_PERMISSION, CSEAL_ERR_CORRUPT
 * (not a ledger of ours), CSEAL_ERR_NEWER (a later schema).
 */
CSEAL_API int cseal_ledger_open(struct cseal_ledger **out, const char *where,
    enum cseal_ledger_mode mode, struct cseal_error *err);
CSEAL_API void cseal_ledger_close(struct cseal_ledger *l);

/* Number of entries at this moment. */
CSEAL_API int cseal_ledger_size(
    struct cseal_ledger *l, uint64_t *size, struct cseal_error *err);

/*
 * Reads entries [from, from+n) in order; `fn` gets each one (valid during the
 * call) and ends the reading by anything but CSEAL_OK, which is returned.
 */
CSEAL_API int cseal_ledger_read(struct cseal_ledger *l, uint64_t from,
    uint64_t n, int (*fn)(void *ctx, uint64_t index, struct cseal_slice entry),
    void *ctx, struct cseal_error *err);

/*
 * The same for entries of a tree that was verified at another time: each is
 * proven to stand in it before `fn` gets it. CSEAL_ERR_VIOLATION (err names
 * the entry) if it does not: it was altered since.
 */
CSEAL_API int cseal_ledger_read_proven(struct cseal_ledger *l,
    const struct cseal_head *head, uint64_t from, uint64_t n,
    int (*fn)(void *ctx, uint64_t index, struct cseal_slice entry), void *ctx,
    struct cseal_error *err);

/* One entry's bytes, appended to `out`. CSEAL_ERR_NOT_FOUND. */
CSEAL_API int cseal_ledger_get(struct cseal_ledger *l, uint64_t index,
    struct cseal_buf *out, struct cseal_error *err);

/*
 * Appends one entry at index `expected`, with its openings, in one durable
 * transaction. CSEAL_ERR_AGAIN if another was faster: read, judge, try again.
 */
CSEAL_API int cseal_ledger_append(struct cseal_ledger *l, uint64_t expected,
    struct cseal_slice entry, const struct cseal_opening *openings,
    size_t n_openings, struct cseal_error *err);

/* Where the ledger's tree hashes come from, for roots and proofs. */
CSEAL_API struct cseal_hash_source cseal_ledger_hashes(struct cseal_ledger *l);

/*
 * Salt and value of entry `index`, field `name`. CSEAL_ERR_NOT_FOUND: erased,
 * or never there. CSEAL_ERR_FORMAT: what stands there is no opening, so it
 * fits no commitment.
 */
CSEAL_API int cseal_ledger_opening(struct cseal_ledger *l, uint64_t index,
    const char *name, struct cseal_opening *out, struct cseal_error *err);
CSEAL_API void cseal_opening_free(struct cseal_opening *o);

/* Waits until there are more than `size` entries; CSEAL_ERR_TIMEOUT. */
CSEAL_API int cseal_ledger_watch(
    struct cseal_ledger *l, uint64_t size, int ms, struct cseal_error *err);

#endif
