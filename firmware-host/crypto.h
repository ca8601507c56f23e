/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hashing, wrapping and the table of signature algorithms.  Randomness
 * comes from the caller, except for the nonce inside an ECDSA signature,
 * which OpenSSL 3.0 draws itself.
 */
#ifndef FIRMWARE_CRYPTO_H
#define FIRMWARE_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#define CRYPTO_HASH	  32
#define CRYPTO_KEY	  32
#define CRYPTO_NONCE	  12
#define CRYPTO_TAG	  16
#define CRYPTO_SECRET_MAX 48
#define CRYPTO_COORD_MAX  48
#define CRYPTO_SIG_MAX	  112

/* Coordinates of a public key, as COSE has them (RFC 9053 section 7). */
struct public_key {
	uint8_t x[CRYPTO_COORD_MAX];
	uint8_t y[CRYPTO_COORD_MAX];
};

/* One row an algorithm. */
struct keyalg {
	int32_t cose;	     /* COSE algorithm identifier */
	uint8_t wire;	     /* the same, in a credential id; never reused */
	uint8_t kty, crv;    /* COSE key type and curve */
	size_t secret_len;   /* bytes of private key in a credential id */
	size_t x_len, y_len; /* y_len is 0 where a point has no y */
	/* 0 and the public key, or -1 if `secret` is no private key. */
	int (*derive)(const uint8_t *secret, struct public_key *pub);
	/* Signs msg || tail; `sig` has CRYPTO_SIG_MAX bytes.  0 or -1. */
	int (*sign)(const uint8_t *secret, const uint8_t *msg, size_t msg_len,
	    const uint8_t *tail, size_t tail_len, uint8_t *sig,
	    size_t *sig_len);
};

size_t keyalg_count(void);
const struct keyalg *keyalg_at(size_t i);
/* NULL if there is none. */
const struct keyalg *keyalg_by_cose(int32_t cose);
const struct keyalg *keyalg_by_wire(uint8_t wire);

/* All three: 0 or -1. */
int crypto_sha256(const void *p, size_t n, uint8_t out[CRYPTO_HASH]);
/* AES-256-GCM; `out` has n + CRYPTO_TAG bytes. */
int crypto_seal(const uint8_t key[CRYPTO_KEY], const uint8_t *nonce,
    const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t n,
    uint8_t *out);
/* `n` counts the tag; `out` has n - CRYPTO_TAG bytes. */
int crypto_unseal(const uint8_t key[CRYPTO_KEY], const uint8_t *nonce,
    const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t n,
    uint8_t *out);

void crypto_wipe(void *p, size_t n);

#endif
