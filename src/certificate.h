/* SPDX-License-Identifier: BSD-2-Clause */
/* X.509 certificates, as far as makers of keys and metadata use them. */

#ifndef SRC_CERTIFICATE_H
#define SRC_CERTIFICATE_H

#include <openssl/x509.h>

#include "counterseal/attestation.h"

#define CERTIFICATE_MAX	    16384 /* bytes of DER */
#define CERTIFICATES_IN_X5C 8

/* All of the bytes are one certificate; NULL if not. The caller frees it. */
X509 *certificate_read(struct cseal_slice der);

/*
 * Adds a certificate to a list that owns its own. CSEAL_ERR_FORMAT (none, or
 * too large), CSEAL_ERR_NOMEM.
 */
int certificate_add(STACK_OF(X509) * list, struct cseal_slice der);
void certificates_free(STACK_OF(X509) * list);

/*
 * Does a chain lead from the first of `x5c`, over the others, to one of
 * `roots` (which need not be signed by itself), as of that time? CSEAL_OK, or
 * CSEAL_ERR_SIGNATURE and the sentence that tells why not.
 */
int certificate_chain(const STACK_OF(X509) * x5c, const STACK_OF(X509) * roots,
    uint64_t at, const char **why);

/* The certificates of a set; borrowed. */
const STACK_OF(X509) * roots_list(const struct cseal_roots *r);

/* Is it the key of a curve of 256 bits? ECDSA of others is not ES256. */
bool certificate_is_p256(const X509 *x);

/*
 * What WebAuthn section 8.2.1 asks of a packed attestation's certificate, for
 * a key of that model: the sentence that tells what it lacks, or NULL.
 */
const char *certificate_lacks(
    const X509 *leaf, const uint8_t aaguid[CSEAL_AAGUID_BYTES]);

/* Method 1 of RFC 5280 section 4.2.1.2, in lower-case hexadecimal. */
#define CERTIFICATE_KEY_ID_BYTES 41 /* with the NUL */
int certificate_key_id(const X509 *x, char out[CERTIFICATE_KEY_ID_BYTES]);

#endif
