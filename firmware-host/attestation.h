/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device says of itself with a new credential (WebAuthn Level 2,
 * sections 8.2 and 8.7): nothing, a signature with the credential's own
 * key, or one with the key of its batch and the certificates of that.
 */
#ifndef FIRMWARE_ATTESTATION_H
#define FIRMWARE_ATTESTATION_H

#include <stddef.h>
#include <stdint.h>

#include "authdata.h"
#include "credential.h"

#define ATTESTATION_CERTS 4
/* All certificates together, so that a reply has room for them. */
#define ATTESTATION_MAX 6000

enum attestation_kind { ATTESTATION_SELF, ATTESTATION_NONE, ATTESTATION_CHAIN };

struct attestation;

/* The attStmt of one credential.  The certificates stay the attestation's. */
struct attestation_statement {
	enum attestation_kind kind;
	int32_t alg;
	size_t sig_len;
	uint8_t sig[CRYPTO_SIG_MAX];
	size_t ncerts; /* the batch's first */
	const uint8_t *cert[ATTESTATION_CERTS];
	size_t cert_len[ATTESTATION_CERTS];
};

/*
 * `spec` is "self", "none" or the path of a PEM file: a private key on
 * P-256 and its certificate, followed by those above it.  Returns NULL and
 * a sentence in `why` (`cap` bytes) if the file is anything else.  What a
 * certificate says is not looked at: a test may want it wrong.
 */
struct attestation *attestation_new(const char *spec, char *why, size_t cap);
/* NULL is fine. */
void attestation_free(struct attestation *a);

/* NULL is self attestation.  Returns 0 or -1. */
int attestation_make(const struct attestation *a, const struct private_key *key,
    const struct authdata *ad, const uint8_t client_data_hash[CRYPTO_HASH],
    struct attestation_statement *out);

#endif
