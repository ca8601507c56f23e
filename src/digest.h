/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 and SHA-512, and random bytes, from OpenSSL. */

#ifndef SRC_DIGEST_H
#define SRC_DIGEST_H

#include "counterseal/api.h"

/* SHA-256 of the pieces in order. CSEAL_OK or CSEAL_ERR_INTERNAL. */
int digest_sha256(
    uint8_t out[CSEAL_HASH_BYTES], const struct cseal_slice *p, size_t n);

/*
 * The same, one after the other. OpenSSL looks the algorithm up for the first
 * alone, which costs more than hashing a short piece does.
 */
struct digest {
	struct evp_md_ctx_st *ctx; /* owned; NULL before the first */
};

void digest_init(struct digest *d);
void digest_free(struct digest *d);
int digest_next(struct digest *d, uint8_t out[CSEAL_HASH_BYTES],
    const struct cseal_slice *p, size_t n);

/* SHA-512 of one piece into 64 bytes. */
int digest_sha512(uint8_t out[64], const uint8_t *p, size_t n);

/* Cryptographically strong random bytes; CSEAL_ERR_INTERNAL if none. */
int digest_random(uint8_t *out, size_t n);

#endif
