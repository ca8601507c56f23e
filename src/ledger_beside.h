/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a desk keeps with a ledger and is not of it, for the rooms of exchange:
 * values under (kind, name), written in one durable transaction. Nothing
 * secret stands there in clear: a value that was replaced or taken away may
 * still be read in the file.
 */

#ifndef SRC_LEDGER_BESIDE_H
#define SRC_LEDGER_BESIDE_H

#include "counterseal/ledger.h"

#include "store.h"

/* Tells this place of the ledger from that of a copy on the same machine. */
int ledger_place(struct cseal_ledger *l, uint64_t *id, struct cseal_error *err);

/* All of them or none. Of one whose value has no data, it is taken away. */
int ledger_beside_put(struct cseal_ledger *l, const struct store_beside *things,
    size_t n, struct cseal_error *err);

/* Appends the value to `out`. CSEAL_ERR_NOT_FOUND. */
int ledger_beside_get(struct cseal_ledger *l, const char *kind,
    const char *name, struct cseal_buf *out, struct cseal_error *err);

/* Takes away everything of a kind. */
int ledger_beside_clear(
    struct cseal_ledger *l, const char *kind, struct cseal_error *err);

/* In the order of names; anything but CSEAL_OK from `fn` ends it. */
int ledger_beside_each(struct cseal_ledger *l, const char *kind,
    store_beside_fn fn, void *ctx, struct cseal_error *err);

/*
 * Openings of an entry that is there, come from another desk. All or none;
 * CSEAL_ERR_EXISTS if one of them is there or was erased.
 */
int ledger_add_openings(struct cseal_ledger *l, uint64_t index,
    const struct cseal_opening *openings, size_t n, struct cseal_error *err);

/*
 * Appends the whole ledger with what stands beside it, as the bytes of a file
 * that can be opened as one.
 */
int ledger_copy(
    struct cseal_ledger *l, struct cseal_buf *out, struct cseal_error *err);

#endif
