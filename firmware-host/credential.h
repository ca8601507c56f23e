/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A credential that is not resident: its private key travels, wrapped, in
 * the credential id.
 *
 *   1 format (0x01) | 1 algorithm | 12 nonce | wrapped secret | 16 tag
 *
 * AES-256-GCM under the device's master key; format, algorithm and
 * SHA-256(rp id) are authenticated with it, so an id opens only on the
 * device and for the rp id it was made for.
 */
#ifndef FIRMWARE_CREDENTIAL_H
#define FIRMWARE_CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

#include "crypto.h"

#define CREDENTIAL_ID_MAX (2 + CRYPTO_NONCE + CRYPTO_SECRET_MAX + CRYPTO_TAG)

struct credential_id {
	size_t len;
	uint8_t data[CREDENTIAL_ID_MAX];
};

/* A secret: wipe with crypto_wipe(). */
struct private_key {
	const struct keyalg *alg;
	uint8_t secret[CRYPTO_SECRET_MAX];
};

/* Returns 0 or -1. */
int credential_wrap(const uint8_t master[CRYPTO_KEY],
    const struct private_key *key, const uint8_t rp_hash[CRYPTO_HASH],
    const uint8_t nonce[CRYPTO_NONCE], struct credential_id *id);

/* Returns 0, or -1 if the id is not this device's or not for this rp. */
int credential_unwrap(const uint8_t master[CRYPTO_KEY], const uint8_t *id,
    size_t len, const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key);

#endif
