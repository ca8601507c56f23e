/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key of a desk: P-256, in a file of the person's state folder. Openings
 * are encrypted to its public half (counterseal/envelope.h), which stands in
 * the key records that were made on this desk (docs/format.md section 4, key
 * field 9). It signs nothing.
 */

#ifndef COUNTERSEAL_DESK_KEY_H
#define COUNTERSEAL_DESK_KEY_H

#include "counterseal/buf.h"
#include "counterseal/err.h"

struct cseal_desk_key;

/*
 * Reads the key from the file at `path`: PKCS#8 (RFC 5208), DER, not
 * encrypted. With `make` a new key is written there first if there is nothing;
 * of several processes that do so at once, all get the same key.
 * CSEAL_ERR_NOT_FOUND without `make`; CSEAL_ERR_PERMISSION if the file is a
 * link, not a file, somebody else's, or open to others; CSEAL_ERR_CORRUPT if
 * it holds anything but such a key; CSEAL_ERR_IO (errno is kept).
 */
CSEAL_API int cseal_desk_key_open(struct cseal_desk_key **out, const char *path,
    bool make, struct cseal_error *err);

/* Wipes and frees. NULL is fine. */
CSEAL_API void cseal_desk_key_free(struct cseal_desk_key *k);

/* Its public half, an uncompressed point. */
CSEAL_API void cseal_desk_key_public(
    const struct cseal_desk_key *k, uint8_t out[CSEAL_DESK_KEY_BYTES]);

#endif
