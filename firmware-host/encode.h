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

#include "attestation.h"
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
	const char *const *extensions;
	size_t nextensions;
	const uint8_t *aaguid;
	const struct encode_flag *options; /* in canonical order */
	size_t noptions;
	size_t max_message;
	bool force_pin_change;
	unsigned int min_pin_length;
	unsigned int firmware;
	unsigned int min_pin_rps;
	unsigned int uv_attempts; /* 0: not said */
	size_t room;		  /* for resident credentials */
};

size_t encode_info(const struct encode_info_in *in, uint8_t *out, size_t cap);
/* COSE_Key, RFC 9052 section 7. */
size_t encode_cose(const struct keyalg *alg, const struct public_key *pub,
    uint8_t *out, size_t cap);
/* Section 6.1.2 step 19. */
size_t encode_attested(const struct authdata *ad,
    const struct attestation_statement *st, uint8_t *out, size_t cap);

/*
 * Extension outputs, section 12: 1 byte (an empty map) if there are none.
 * `min_pin_length` is 0 for who may not know it.
 */
size_t encode_make_extensions(const struct codec_makecred_extensions *in,
    unsigned int min_pin_length, uint8_t *out, size_t cap);
/* hmac-secret's. */
size_t encode_get_extensions(
    const uint8_t *secret, size_t secret_len, uint8_t *out, size_t cap);

/* Nobody if `user` is NULL; the names only with `names`. */
struct encode_user {
	const struct codec_user *user;
	bool names;
};

/* Section 6.2.2. */
struct encode_assertion_in {
	const uint8_t *id;
	size_t id_len;
	const struct authdata *authdata;
	const uint8_t *sig;
	size_t sig_len;
	struct encode_user user;
	size_t count; /* numberOfCredentials; 0: absent */
};

size_t encode_assertion(
    const struct encode_assertion_in *in, uint8_t *out, size_t cap);

/* Parts of several replies. */
struct writer;

void encode_put_cose(
    struct writer *w, const struct keyalg *alg, const struct public_key *pub);
void encode_put_descriptor(struct writer *w, const uint8_t *id, size_t len);
/* An empty name is none. */
void encode_put_user(struct writer *w, const struct encode_user *show);

#endif
