/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A credential id: the private key travels in it, wrapped.
 *
 *   1 format (0x02) | 1 algorithm | 1 policy | 12 nonce | wrapped secret
 *   | 16 tag
 *
 * AES-256-GCM under the device's master key; format, algorithm, policy and
 * SHA-256(rp id) are authenticated with it, so an id opens only on the
 * device and for the rp id it was made for.  Policy: bits 0 and 1 the level
 * of credProtect, bit 2 whether the credential is resident, all others 0.
 *
 * Format 0x01, of earlier tokens, has no policy: level 1, not resident.
 */
#ifndef FIRMWARE_CREDENTIAL_H
#define FIRMWARE_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"

#define CREDENTIAL_ID_MAX (3 + CRYPTO_NONCE + CRYPTO_SECRET_MAX + CRYPTO_TAG)

/* Levels of credProtect: CTAP 2.1, section 12.1. */
enum credential_protection {
	PROTECT_UV_OPTIONAL = 1,
	PROTECT_UV_OPTIONAL_WITH_ID = 2,
	PROTECT_UV_REQUIRED = 3
};

struct credential_policy {
	enum credential_protection protection;
	bool resident;
};

struct credential_id {
	size_t len;
	uint8_t data[CREDENTIAL_ID_MAX];
};

/* A secret: wipe with crypto_wipe(). */
struct private_key {
	const struct keyalg *alg;
	struct credential_policy policy;
	uint8_t secret[CRYPTO_SECRET_MAX];
};

/* Returns 0 or -1. */
int credential_wrap(const uint8_t master[CRYPTO_KEY],
    const struct private_key *key, const uint8_t rp_hash[CRYPTO_HASH],
    const uint8_t nonce[CRYPTO_NONCE], struct credential_id *id);

/*
 * Returns 0, or -1 if the id is not this device's or not for this rp.  It
 * does not know whether a resident credential is still there.
 */
int credential_unwrap(const uint8_t master[CRYPTO_KEY], const uint8_t *id,
    size_t len, const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key);

#endif
