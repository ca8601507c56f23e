/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files given as evidence, encrypted, beside the ledger (docs/format.md
 * section 8, Attachments). The key comes from the salt of the opening: who has
 * the opening can read the file, and nobody can once it is erased.
 */

#ifndef SRC_ATTACHMENT_H
#define SRC_ATTACHMENT_H

#include "counterseal/ledger.h"

#define ATTACHMENT_KIND "attachment" /* beside the ledger, a row a piece */

/*
 * Keeps a file under its commitment, all of it or nothing. What was kept there
 * before is replaced.
 */
int attachment_put(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES],
    const uint8_t salt[CSEAL_SALT_BYTES], struct cseal_slice file,
    struct cseal_error *err);

/*
 * Appends the file. CSEAL_ERR_NOT_FOUND: it is not here, or not all of it;
 * CSEAL_ERR_CORRUPT: what is kept is not what was given.
 */
int attachment_get(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES],
    const uint8_t salt[CSEAL_SALT_BYTES], struct cseal_buf *out,
    struct cseal_error *err);

/* Takes it away; it need not be there. */
int attachment_drop(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES], struct cseal_error *err);

#endif
