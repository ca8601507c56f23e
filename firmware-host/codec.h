/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CBOR parameters of CTAP2 commands to C structures.  The codec*.c are the
 * only users of libcbor.  Decoders take a body that scan_is_canonical()
 * accepted and return CTAP2_OK or the status that the specification names.
 * Unknown parameters are ignored (section 8).
 */
#ifndef FIRMWARE_CODEC_H
#define FIRMWARE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"

#define CODEC_RP_ID_MAX	  255
#define CODEC_USER_ID_MAX 64
#define CODEC_NAME_MAX	  64
#define CODEC_ALGS	  32
#define CODEC_CREDENTIALS 32
#define CODEC_CRED_ID_MAX 128
#define CODEC_SEALED_MAX  128
#define CODEC_RP_IDS	  8

/* UTF-8, `len` bytes; NUL bytes inside are possible. */
struct codec_rp {
	size_t len;
	char id[CODEC_RP_ID_MAX];
};

/* The names are cut to CODEC_NAME_MAX bytes between characters. */
struct codec_user {
	size_t id_len, name_len, display_len;
	uint8_t id[CODEC_USER_ID_MAX];
	char name[CODEC_NAME_MAX];
	char display[CODEC_NAME_MAX];
};

/* Those of type public-key, in order of preference. */
struct codec_algs {
	size_t n;
	int32_t cose[CODEC_ALGS];
};

/* An id longer than CODEC_CRED_ID_MAX is nobody's here: len is 0. */
struct codec_credential {
	size_t len;
	uint8_t id[CODEC_CRED_ID_MAX];
};

/* `given`: it had entries, of whatever type. */
struct codec_list {
	bool given;
	size_t n;
	struct codec_credential at[CODEC_CREDENTIALS];
};

enum codec_option { CODEC_ABSENT, CODEC_FALSE, CODEC_TRUE };

struct codec_options {
	enum codec_option rk, up, uv;
};

struct codec_uint {
	bool present;
	uint64_t value;
};

/*
 * A pinUvAuthParam.  One that is longer than any protocol's keeps its
 * length and loses its end: it verifies nothing.
 */
struct codec_auth {
	bool present;
	size_t len;
	uint8_t data[CRYPTO_HASH];
};

/* What a client encrypted with a shared secret. */
struct codec_sealed {
	bool present;
	size_t len;
	uint8_t data[CODEC_SEALED_MAX];
};

/*
 * A key-agreement key.  `valid`: a COSE_Key of exactly the form of section
 * 6.5.6; that the point is on its curve is still to be seen.
 */
struct codec_key {
	bool present, valid;
	struct public_key pub;
};

struct codec_makecred_extensions {
	struct codec_uint protection; /* a level of credProtect */
	enum codec_option hmac_secret, min_pin_length;
};

struct codec_hmac_secret {
	bool present;
	struct codec_key key;
	struct codec_sealed salt_enc;
	struct codec_auth salt_auth;
	struct codec_uint protocol;
};

struct codec_getassert_extensions {
	struct codec_hmac_secret hmac_secret;
};

/* Section 6.1, authenticatorMakeCredential. */
struct makecred_params {
	uint8_t client_data_hash[CRYPTO_HASH];
	struct codec_rp rp;
	struct codec_user user;
	struct codec_algs algs;
	struct codec_list exclude;
	struct codec_makecred_extensions extensions;
	struct codec_options options;
	struct codec_auth pin_auth;
	struct codec_uint pin_protocol;
	struct codec_uint enterprise;
};

/* Section 6.2, authenticatorGetAssertion. */
struct getassert_params {
	struct codec_rp rp;
	uint8_t client_data_hash[CRYPTO_HASH];
	struct codec_list allow;
	struct codec_getassert_extensions extensions;
	struct codec_options options;
	struct codec_auth pin_auth;
	struct codec_uint pin_protocol;
};

/* Section 6.5.5, authenticatorClientPIN. */
struct clientpin_params {
	struct codec_uint protocol, subcommand;
	struct codec_key key;
	struct codec_auth auth;
	struct codec_sealed new_pin, pin_hash;
	struct codec_uint permissions;
	struct codec_rp rp; /* len 0: none */
};

/* Section 6.8, subCommandParams of authenticatorCredentialManagement. */
struct credman_inner {
	bool has_rp_hash, has_credential, has_user;
	uint8_t rp_hash[CRYPTO_HASH];
	struct codec_credential credential;
	struct codec_user user;
};

struct credman_params {
	struct codec_uint subcommand, protocol;
	struct codec_auth auth;
	struct credman_inner inner;
};

/* Section 6.11, authenticatorConfig, but for its subCommandParams. */
struct config_params {
	struct codec_uint subcommand, protocol;
	struct codec_auth auth;
};

/* RP IDs beyond CODEC_RP_IDS are counted and not kept. */
struct codec_rps {
	bool present;
	size_t n;
	struct codec_rp at[CODEC_RP_IDS];
};

/* Section 6.11.4, the subCommandParams of setMinPINLength. */
struct minpin_params {
	struct codec_uint length;
	struct codec_rps rps;
	enum codec_option force;
};

int codec_makecred_decode(
    const uint8_t *body, size_t n, struct makecred_params *out);
int codec_getassert_decode(
    const uint8_t *body, size_t n, struct getassert_params *out);
int codec_clientpin_decode(
    const uint8_t *body, size_t n, struct clientpin_params *out);
int codec_credman_decode(
    const uint8_t *body, size_t n, struct credman_params *out);
int codec_config_decode(
    const uint8_t *body, size_t n, struct config_params *out);
int codec_minpin_decode(
    const uint8_t *body, size_t n, struct minpin_params *out);

#endif
