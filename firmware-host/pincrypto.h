/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the PIN/UV auth protocols are built from (CTAP 2.1, sections 6.5.6
 * and 6.5.7).  Functions that return int: 0 or -1.
 */
#ifndef FIRMWARE_PINCRYPTO_H
#define FIRMWARE_PINCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"

#define PINCRYPTO_BLOCK 16
#define PINCRYPTO_COORD 32

/*
 * The x-coordinate of secret * peer on P-256; -1 if `peer` is no point of
 * the curve, too.  Wipe `z`.
 */
int pincrypto_ecdh(const uint8_t secret[CRYPTO_KEY],
    const struct public_key *peer, uint8_t z[PINCRYPTO_COORD]);

/* HKDF-SHA-256 (RFC 5869) with a salt of 32 zero bytes. */
int pincrypto_hkdf(const uint8_t z[PINCRYPTO_COORD], const char *info,
    uint8_t key[CRYPTO_KEY]);

/* HMAC-SHA-256 over head || tail. */
int pincrypto_hmac(const uint8_t key[CRYPTO_KEY], const uint8_t *head,
    size_t head_len, const uint8_t *tail, size_t tail_len,
    uint8_t mac[CRYPTO_HASH]);

/* AES-256-CBC without padding: -1 if `n` is no whole number of blocks. */
int pincrypto_cbc(bool encrypt, const uint8_t key[CRYPTO_KEY],
    const uint8_t iv[PINCRYPTO_BLOCK], const uint8_t *in, size_t n,
    uint8_t *out);

/* In constant time. */
bool pincrypto_equal(const uint8_t *a, const uint8_t *b, size_t n);

#endif
