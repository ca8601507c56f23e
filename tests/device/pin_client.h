/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's side of clientPIN, written from CTAP 2.1, section 6.5, over
 * OpenSSL alone:
 *
 *	client_begin(&c, h, 2);
 *	assert_int_equal(client_set_pin(&c, "1234"), CTAP2_OK);
 *	assert_int_equal(client_token(&c, "1234", PINUV_MC, RP), CTAP2_OK);
 *	client_auth(&c, &q, 0x08, request_hash, 32);
 *	client_end(&c);
 */
#ifndef TESTS_DEVICE_PIN_CLIENT_H
#define TESTS_DEVICE_PIN_CLIENT_H

#include "request.h"

#define CLIENT_COSE   78
#define CLIENT_SEALED 128

/* Subcommands. */
enum client_subcommand {
	GET_PIN_RETRIES = 0x01,
	GET_KEY_AGREEMENT = 0x02,
	SET_PIN = 0x03,
	CHANGE_PIN = 0x04,
	GET_PIN_TOKEN = 0x05,
	GET_TOKEN_USING_UV = 0x06,
	GET_UV_RETRIES = 0x07,
	GET_TOKEN_USING_PIN = 0x09
};

struct client {
	struct harness *h;
	unsigned int protocol;
	uint8_t cose[CLIENT_COSE]; /* our key, as it travels */
	uint8_t hmac_key[32], aes_key[32];
	uint8_t token[32];
};

/* Agrees upon a secret; again after a wrong PIN. */
void client_begin(struct client *c, struct harness *h, unsigned int protocol);
void client_end(struct client *c);

/* encrypt() of whole blocks; returns the length. */
size_t client_seal(
    const struct client *c, const void *in, size_t n, uint8_t *out);
/* LEFT(SHA-256(pin), 16), and pin with zeros up to `n`, both encrypted. */
size_t client_seal_hash(const struct client *c, const char *pin, uint8_t *out);
size_t client_seal_pin(
    const struct client *c, const char *pin, size_t n, uint8_t *out);
/* authenticate() with the shared secret, or with any key; the length. */
size_t client_mac(const struct client *c, const uint8_t key[32],
    const void *msg, size_t n, uint8_t out[32]);

/* The beginning of a request: protocol, subcommand and our key. */
void client_request(
    const struct client *c, struct request *q, enum client_subcommand sub);

/* Each returns the status. */
int client_set_pin(const struct client *c, const char *pin);
int client_change_pin(const struct client *c, const char *old, const char *new);
/* A request for a token as it stands; keeps the token. */
int client_take_token(struct client *c, const struct request *q);
int client_pin_token(struct client *c, const char *pin);
/* `rp` may be NULL. */
int client_token(
    struct client *c, const char *pin, uint64_t permissions, const char *rp);
int client_token_uv(struct client *c, uint64_t permissions, const char *rp);

/* pinUvAuthParam and pinUvAuthProtocol as parameters `key`, `key` + 1. */
void client_auth(const struct client *c, struct request *q, uint8_t key,
    const void *msg, size_t n);

/* The tries left: what getPINRetries and getUVRetries say. */
unsigned int client_pin_retries(struct harness *h, bool *power_cycle);
unsigned int client_uv_retries(struct harness *h);

#endif
