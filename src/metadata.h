/* SPDX-License-Identifier: BSD-2-Clause */
/* The metadata BLOB from within: its envelope, and what it says of a model. */

#ifndef SRC_METADATA_H
#define SRC_METADATA_H

#include <jansson.h>

#include "certificate.h"

#define METADATA_DEPTH_MAX 32	  /* brackets within each other */
#define METADATA_ITEMS_MAX 500000 /* values and names: each takes memory */

/*
 * One JSON object of its bytes: no name twice, not too deep, not of too many
 * parts, nothing behind it. NULL if it is not.
 */
json_t *metadata_json(struct cseal_slice text);

/*
 * The parts of a JWS in compact form (RFC 7515), decoded. What was signed is
 * borrowed from the text.
 */
struct metadata_jws {
	struct cseal_slice signed_part;
	struct cseal_buf header, payload, signature;
	bool ec; /* ES256, else RS256 */
	STACK_OF(X509) * x5c;
};

/*
 * Takes it apart, reads its header and checks its signature with the first
 * certificate of the header. Freed by metadata_jws_free(), after a failure
 * too.
 */
int metadata_jws_read(
    struct metadata_jws *j, struct cseal_slice text, struct cseal_error *err);
void metadata_jws_free(struct metadata_jws *j);

/* The payload by itself: it has neither signer nor name. */
int metadata_read_payload(struct cseal_metadata **out,
    struct cseal_slice payload, struct cseal_error *err);

/* What the metadata says of a key, as of a day. */
struct metadata_says {
	bool found;
	const char *refused; /* a status, such as "REVOKED"; NULL */
	bool certified;
	STACK_OF(X509) * roots; /* owned; NULL unless it is found */
	char model[CSEAL_MODEL_BYTES];
};

/*
 * Looks a model up: by its AAGUID, or, where that is zero, by the key of the
 * first certificate of `x5c` (NULL: there is none). CSEAL_ERR_NOMEM, or
 * CSEAL_OK; freed by metadata_says_free().
 */
int metadata_look(const struct cseal_metadata *m,
    const uint8_t aaguid[CSEAL_AAGUID_BYTES], const STACK_OF(X509) * x5c,
    uint64_t at, struct metadata_says *out);
void metadata_says_free(struct metadata_says *s);

#endif
