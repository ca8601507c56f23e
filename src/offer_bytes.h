/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes that enrolment and possession proof are made over. */

#ifndef SRC_OFFER_BYTES_H
#define SRC_OFFER_BYTES_H

#include "counterseal/statement.h"

/* cbor([nonce, org or ledger id, rp id, handle]), appended. */
int offer_enrol_message(struct cseal_buf *b, const uint8_t *nonce,
    const struct cseal_slice *org, const uint8_t *ledger,
    struct cseal_slice rp_id, struct cseal_slice handle);

/* SHA-256(cbor(key without possession and verdict)). */
int offer_core_digest(const struct cseal_key *k, uint8_t out[CSEAL_HASH_BYTES]);

#endif
