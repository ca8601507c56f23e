/* SPDX-License-Identifier: BSD-2-Clause */
/* AES-256-GCM (NIST SP 800-38D), with nonces of 12 bytes and whole tags. */

#ifndef SRC_AEAD_H
#define SRC_AEAD_H

#include "counterseal/api.h"
#include "counterseal/buf.h"

#define AEAD_KEY_BYTES	 32
#define AEAD_NONCE_BYTES 12
#define AEAD_TAG_BYTES	 16

/*
 * Appends the ciphertext, as long as `plain`, and the tag. A nonce serves one
 * message of a key and no other. CSEAL_ERR_INTERNAL, CSEAL_ERR_TOO_LARGE.
 */
int aead_seal(struct cseal_buf *out, const uint8_t key[AEAD_KEY_BYTES],
    const uint8_t nonce[AEAD_NONCE_BYTES], struct cseal_slice aad,
    struct cseal_slice plain);

/*
 * Appends the plaintext. CSEAL_ERR_CORRUPT if anything was altered or the key
 * is another one; `out` is then as it was.
 */
int aead_open(struct cseal_buf *out, const uint8_t key[AEAD_KEY_BYTES],
    const uint8_t nonce[AEAD_NONCE_BYTES], struct cseal_slice aad,
    struct cseal_slice cipher, const uint8_t tag[AEAD_TAG_BYTES]);

/* A key of those three, by HKDF (RFC 5869) with SHA-256. */
int aead_derive(uint8_t key[AEAD_KEY_BYTES], struct cseal_slice secret,
    struct cseal_slice salt, struct cseal_slice info);

#endif
