/* SPDX-License-Identifier: BSD-2-Clause */
#include "pin_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cmocka.h>

#include "status.h"

#define CLIENT_PIN 0x06
#define BLOCK	   16
#define PIN_PAD	   64

/* A COSE_Key of section 6.5.6 up to its coordinates. */
#define COSE_HEAD "\xa5\x01\x02\x03\x38\x18\x20\x01\x21\x58\x20"
#define COSE_MID  "\x22\x58\x20"
enum cose_offset { COSE_X = 11, COSE_Y = 46 };

static EVP_PKEY *
pkey_of_cose(const uint8_t cose[CLIENT_COSE])
{
	uint8_t point[65] = { 0x04 };
	char group[] = "P-256";
	OSSL_PARAM params[3];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;

	memcpy(point + 1, cose + COSE_X, 32);
	memcpy(point + 33, cose + COSE_Y, 32);
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(
	    OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
	params[2] = OSSL_PARAM_construct_end();
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params), 1);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static void
cose_of_pkey(EVP_PKEY *pkey, uint8_t cose[CLIENT_COSE])
{
	uint8_t point[65];
	size_t n;

	assert_int_equal(EVP_PKEY_get_octet_string_param(pkey,
			     OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &n),
	    1);
	assert_int_equal(n, sizeof(point));
	memcpy(cose, COSE_HEAD, COSE_X);
	memcpy(cose + COSE_X, point + 1, 32);
	memcpy(cose + COSE_X + 32, COSE_MID, 3);
	memcpy(cose + COSE_Y, point + 33, 32);
}

static void
shared_point(EVP_PKEY *own, const uint8_t peer[CLIENT_COSE], uint8_t z[32])
{
	EVP_PKEY *pub = pkey_of_cose(peer);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t n = 32;

	assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
	assert_int_equal(EVP_PKEY_derive_set_peer(ctx, pub), 1);
	assert_int_equal(EVP_PKEY_derive(ctx, z, &n), 1);
	assert_int_equal(n, 32);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pub);
}

static void
hmac(const uint8_t key[32], const void *msg, size_t n, uint8_t out[32])
{
	assert_non_null(HMAC(EVP_sha256(), key, 32, msg, n, out, NULL));
}

/* RFC 5869 by hand, for one block of output. */
static void
hkdf(const uint8_t z[32], const char *info, uint8_t out[32])
{
	static const uint8_t salt[32];
	uint8_t prk[32], msg[32];
	size_t n = strlen(info);

	hmac(salt, z, 32, prk);
	memcpy(msg, info, n);
	msg[n] = 1;
	hmac(prk, msg, n + 1, out);
}

static void
derive_keys(struct client *c, const uint8_t z[32])
{
	if (c->protocol == 2) {
		hkdf(z, "CTAP2 HMAC key", c->hmac_key);
		hkdf(z, "CTAP2 AES key", c->aes_key);
		return;
	}
	EVP_Digest(z, 32, c->hmac_key, NULL, EVP_sha256(), NULL);
	memcpy(c->aes_key, c->hmac_key, 32);
}

void
client_begin(struct client *c, struct harness *h, unsigned int protocol)
{
	struct request q;
	struct harness_message reply;
	EVP_PKEY *own = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	uint8_t z[32];

	memset(c, 0, sizeof(*c));
	c->h = h;
	c->protocol = protocol;
	request_begin(&q, CLIENT_PIN);
	request_uint(&q, 0x01, protocol);
	request_uint(&q, 0x02, GET_KEY_AGREEMENT);
	assert_int_equal(request_run(h, &q, &reply), CTAP2_OK);
	assert_int_equal(reply.len, 3 + CLIENT_COSE);
	assert_memory_equal(reply.data, "\x00\xa1\x01" COSE_HEAD, 3 + COSE_X);
	assert_memory_equal(reply.data + 3 + COSE_X + 32, COSE_MID, 3);
	cose_of_pkey(own, c->cose);
	shared_point(own, reply.data + 3, z);
	derive_keys(c, z);
	EVP_PKEY_free(own);
}

void
client_end(struct client *c)
{
	memset(c, 0, sizeof(*c));
}

static void
cbc(const struct client *c, int encrypt, const uint8_t iv[BLOCK],
    const uint8_t *in, size_t n, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	assert_int_equal(EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL,
			     c->aes_key, iv, encrypt),
	    1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	assert_int_equal(EVP_CipherUpdate(ctx, out, &len, in, (int)n), 1);
	assert_int_equal(len, n);
	EVP_CIPHER_CTX_free(ctx);
}

size_t
client_seal(const struct client *c, const void *in, size_t n, uint8_t *out)
{
	static const uint8_t zero[BLOCK];
	static const uint8_t iv[BLOCK] = "an initial vect";

	if (c->protocol == 1) {
		cbc(c, 1, zero, in, n, out);
		return n;
	}
	memcpy(out, iv, BLOCK);
	cbc(c, 1, iv, in, n, out + BLOCK);
	return BLOCK + n;
}

static void
unseal(const struct client *c, const uint8_t *in, size_t n, uint8_t out[32])
{
	static const uint8_t zero[BLOCK];

	assert_int_equal(n, c->protocol == 1 ? 32 : BLOCK + 32);
	if (c->protocol == 1)
		cbc(c, 0, zero, in, 32, out);
	else
		cbc(c, 0, in, in + BLOCK, 32, out);
}

size_t
client_seal_hash(const struct client *c, const char *pin, uint8_t *out)
{
	uint8_t hash[32];

	EVP_Digest(pin, strlen(pin), hash, NULL, EVP_sha256(), NULL);
	return client_seal(c, hash, 16, out);
}

size_t
client_seal_pin(const struct client *c, const char *pin, size_t n, uint8_t *out)
{
	uint8_t padded[CLIENT_SEALED] = { 0 };

	assert_true(strlen(pin) <= n && n <= sizeof(padded) - BLOCK);
	memcpy(padded, pin, strlen(pin));
	return client_seal(c, padded, n, out);
}

size_t
client_mac(const struct client *c, const uint8_t key[32], const void *msg,
    size_t n, uint8_t out[32])
{
	hmac(key, msg, n, out);
	return c->protocol == 1 ? 16 : 32;
}

void
client_request(
    const struct client *c, struct request *q, enum client_subcommand sub)
{
	request_begin(q, CLIENT_PIN);
	request_uint(q, 0x01, c->protocol);
	request_uint(q, 0x02, sub);
	request_raw(q, 0x03, c->cose, sizeof(c->cose));
}

int
client_set_pin(const struct client *c, const char *pin)
{
	struct request q;
	uint8_t sealed[CLIENT_SEALED], mac[32];
	size_t n = client_seal_pin(c, pin, PIN_PAD, sealed);

	client_request(c, &q, SET_PIN);
	request_bytes(
	    &q, 0x04, mac, client_mac(c, c->hmac_key, sealed, n, mac));
	request_bytes(&q, 0x05, sealed, n);
	return request_run(c->h, &q, NULL);
}

int
client_change_pin(const struct client *c, const char *old, const char *new)
{
	struct request q;
	uint8_t sealed[2 * CLIENT_SEALED], mac[32];
	size_t n = client_seal_pin(c, new, PIN_PAD, sealed);
	size_t m = client_seal_hash(c, old, sealed + n);
	size_t mac_len = client_mac(c, c->hmac_key, sealed, n + m, mac);

	client_request(c, &q, CHANGE_PIN);
	request_bytes(&q, 0x04, mac, mac_len);
	request_bytes(&q, 0x05, sealed, n);
	request_bytes(&q, 0x06, sealed + n, m);
	return request_run(c->h, &q, NULL);
}

int
client_take_token(struct client *c, const struct request *q)
{
	struct harness_message reply;
	int r = request_run(c->h, q, &reply);

	if (r != CTAP2_OK)
		return r;
	assert_memory_equal(reply.data, "\x00\xa1\x02\x58", 4);
	assert_int_equal(reply.data[4], reply.len - 5);
	unseal(c, reply.data + 5, reply.len - 5, c->token);
	return r;
}

int
client_pin_token(struct client *c, const char *pin)
{
	struct request q;
	uint8_t sealed[CLIENT_SEALED];

	client_request(c, &q, GET_PIN_TOKEN);
	request_bytes(&q, 0x06, sealed, client_seal_hash(c, pin, sealed));
	return client_take_token(c, &q);
}

int
client_token(
    struct client *c, const char *pin, uint64_t permissions, const char *rp)
{
	struct request q;
	uint8_t sealed[CLIENT_SEALED];

	client_request(c, &q, GET_TOKEN_USING_PIN);
	request_bytes(&q, 0x06, sealed, client_seal_hash(c, pin, sealed));
	request_uint(&q, 0x09, permissions);
	if (rp != NULL)
		request_text(&q, 0x0a, rp);
	return client_take_token(c, &q);
}

int
client_token_uv(struct client *c, uint64_t permissions, const char *rp)
{
	struct request q;

	client_request(c, &q, GET_TOKEN_USING_UV);
	request_uint(&q, 0x09, permissions);
	if (rp != NULL)
		request_text(&q, 0x0a, rp);
	return client_take_token(c, &q);
}

void
client_auth(const struct client *c, struct request *q, uint8_t key,
    const void *msg, size_t n)
{
	uint8_t mac[32];
	size_t len = client_mac(c, c->token, msg, n, mac);

	request_bytes(q, key, mac, len);
	request_uint(q, (uint8_t)(key + 1), c->protocol);
}

unsigned int
client_pin_retries(struct harness *h, bool *power_cycle)
{
	struct request q;
	struct harness_message reply;

	request_begin(&q, CLIENT_PIN);
	request_uint(&q, 0x02, GET_PIN_RETRIES);
	assert_int_equal(request_run(h, &q, &reply), CTAP2_OK);
	assert_int_equal(reply.len, 6);
	assert_memory_equal(reply.data, "\x00\xa2\x03", 3);
	assert_int_equal(reply.data[4], 0x04);
	assert_in_range(reply.data[5], 0xf4, 0xf5);
	if (power_cycle != NULL)
		*power_cycle = reply.data[5] == 0xf5;
	return reply.data[3];
}

unsigned int
client_uv_retries(struct harness *h)
{
	struct request q;
	struct harness_message reply;

	request_begin(&q, CLIENT_PIN);
	request_uint(&q, 0x02, GET_UV_RETRIES);
	assert_int_equal(request_run(h, &q, &reply), CTAP2_OK);
	assert_int_equal(reply.len, 4);
	assert_memory_equal(reply.data, "\x00\xa1\x05", 3);
	return reply.data[3];
}
