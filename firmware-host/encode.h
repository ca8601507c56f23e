/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies of CTAP2 commands as canonical CBOR (CTAP 2.1 section 8).  Each
 * function returns the length written to `out`, or 0 if `cap` is short.
 */
#ifndef FIRMWARE_ENCODE_H
#define FIRMWARE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "authdata.h"
#include "codec.h"
#include "crypto.h"

/* Section 6.4, authenticatorGetInfo. */
struct encode_flag {
	const char *name;
	bool value;
};

struct encode_info_in {
	const char *const *versions;
	size_t nversions;
	const uint8_t *aaguid;
	const struct encode_flag *options; /* in canonical order */
	size_t noptions;
	size_t max_message;
	unsigned int firmware;
};

size_t encode_info(const struct encode_info_in *in, uint8_t *out, size_t cap);
/* COSE_Key, RFC 9052 section 7. */
size_t encode_cose(const struct keyalg *alg, const struct public_key *pub,
    uint8_t *out, size_t cap);
/* Packed self attestation, WebAuthn Level 2 section 8.2. */
size_t encode_attested(const struct authdata *ad, int32_t alg,
    const uint8_t *sig, size_t sig_len, uint8_t *out, size_t cap);
size_t encode_assertion(const struct codec_credential *cred,
    const struct authdata *ad, const uint8_t *sig, size_t sig_len, uint8_t *out,
    size_t cap);

#endif
