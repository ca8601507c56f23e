/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a key's maker says of it (WebAuthn sections 6.5 and 8), and what an
 * organisation makes of that: roots that it trusts, and the FIDO Alliance's
 * metadata, read from a file. Nothing here asks the network.
 */

#ifndef COUNTERSEAL_ATTESTATION_H
#define COUNTERSEAL_ATTESTATION_H

#include "counterseal/offer.h"

/* ---- roots ---- */

/* Certificates of makers, or of the metadata's signer. */
struct cseal_roots;

#define CSEAL_ROOTS_MAX 1000000 /* bytes of PEM */

/*
 * Certificates from PEM, 1 to 256 of them; text between them is passed over.
 * CSEAL_ERR_INPUT (err tells which) for what is none, and where none is.
 */
CSEAL_API int cseal_roots_parse(
    struct cseal_roots **out, struct cseal_slice pem, struct cseal_error *err);
CSEAL_API void cseal_roots_free(struct cseal_roots *r);

/*
 * The set's name: SHA-256 of its certificates in DER, each once, in the order
 * of their bytes. Neither their order in the file nor text alters it.
 */
CSEAL_API const uint8_t *cseal_roots_hash(const struct cseal_roots *r);

/* ---- metadata ---- */

/* A metadata BLOB of the FIDO Metadata Service, version 3. */
struct cseal_metadata;

#define CSEAL_METADATA_MAX ((size_t)32 << 20) /* bytes of its file */
#define CSEAL_MODEL_BYTES  256 /* of a description, with the NUL */

/*
 * Reads a BLOB (a JWS in compact form, RS256 or ES256) and checks that its
 * payload is signed by its own first certificate; whether `signers` (borrowed
 * as long as the metadata lives) vouch for that one is asked with each use, as
 * of that time. CSEAL_ERR_FORMAT, CSEAL_ERR_TOO_LARGE, CSEAL_ERR_SIGNATURE,
 * each with its sentence.
 */
CSEAL_API int cseal_metadata_parse(struct cseal_metadata **out,
    struct cseal_slice blob, const struct cseal_roots *signers,
    struct cseal_error *err);
CSEAL_API void cseal_metadata_free(struct cseal_metadata *m);

/* Its name: SHA-256 of the file, with one line feed at its end or without. */
CSEAL_API const uint8_t *cseal_metadata_hash(const struct cseal_metadata *m);

/* Its own number, which rises with each that is published. */
CSEAL_API uint64_t cseal_metadata_number(const struct cseal_metadata *m);

/* Did `signers` vouch for it at that time (Unix)? CSEAL_ERR_SIGNATURE. */
CSEAL_API int cseal_metadata_check(
    const struct cseal_metadata *m, uint64_t at, struct cseal_error *err);

/* Was another one to be out by then? */
CSEAL_API bool cseal_metadata_is_old(
    const struct cseal_metadata *m, uint64_t at);

/* The model's description, filtered; "" if it is not in the metadata. */
CSEAL_API void cseal_metadata_model(const struct cseal_metadata *m,
    const uint8_t aaguid[CSEAL_AAGUID_BYTES], char out[CSEAL_MODEL_BYTES]);

/* ---- verdicts ---- */

/* By what a key is judged; each may be NULL. */
struct cseal_trust {
	const struct cseal_roots *roots;
	const struct cseal_metadata *metadata;
	uint64_t at; /* Unix time at which certificates and reports count */
};

struct cseal_worth {
	uint64_t level; /* enum cseal_verdict_level */
	bool refused;	/* the metadata reports its model as compromised */
	/* What keeps it from a higher level; "". */
	char why[CSEAL_ERROR_WHAT_BYTES];
	char model[CSEAL_MODEL_BYTES]; /* from the metadata, filtered; "" */
};

/*
 * What a key record's attestation is worth. A statement that contradicts
 * itself is CSEAL_ERR_REFUSED, err tells how: a signature that does not hold,
 * another algorithm than the key's. One that holds, but that nobody who is
 * trusted vouches for, has a low level and a reason.
 */
CSEAL_API int cseal_key_judge(const struct cseal_key *k,
    const struct cseal_trust *t, struct cseal_worth *out,
    struct cseal_error *err);

/* The verdict of a judgement, as it stands in a key record. */
CSEAL_API void cseal_verdict_fill(struct cseal_verdict *out,
    const struct cseal_worth *j, const struct cseal_trust *t);

#endif
