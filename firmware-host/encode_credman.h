/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies of authenticatorCredentialManagement (CTAP 2.1, section 6.8.1).
 * Each function returns the length, or 0 if `cap` is short.
 */
#ifndef FIRMWARE_ENCODE_CREDMAN_H
#define FIRMWARE_ENCODE_CREDMAN_H

#include <stddef.h>
#include <stdint.h>

#include "resident.h"

size_t encode_metadata(size_t n, size_t room, uint8_t *out, size_t cap);

/* `total` is 0 but with the first. */
size_t encode_rp(const struct codec_rp *rp, const uint8_t *rp_hash,
    size_t total, uint8_t *out, size_t cap);

struct encode_credential_in {
	const struct resident *credential;
	const struct keyalg *alg;
	const struct public_key *pub;
	enum credential_protection protection;
	size_t total; /* 0 but with the first */
};

size_t encode_credential(
    const struct encode_credential_in *in, uint8_t *out, size_t cap);

#endif
