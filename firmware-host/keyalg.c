/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#include "crypto.h"

#define P256_LEN    32
#define P384_LEN    48
#define ED25519_LEN 32
#define POINT_MAX   (1 + 2 * CRYPTO_COORD_MAX)

struct curve {
	int nid;
	const char *name;
	size_t len; /* of a coordinate and of a private key */
	const EVP_MD *(*md)(void);
};

static const struct curve p256 = { NID_X9_62_prime256v1, "P-256", P256_LEN,
	EVP_sha256 };
static const struct curve p384 = { NID_secp384r1, "P-384", P384_LEN,
	EVP_sha384 };

/* The point secret * G, uncompressed, if 0 < secret < order. */
static int
ec_point(const struct curve *c, const uint8_t *secret, uint8_t point[POINT_MAX])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(c->nid);
	BIGNUM *d = BN_secure_new();
	EC_POINT *q = NULL;
	int r = -1;

	if (group == NULL || d == NULL || (q = EC_POINT_new(group)) == NULL)
		goto out;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	if (BN_bin2bn(secret, (int)c->len, d) == NULL || BN_is_zero(d) ||
	    BN_cmp(d, EC_GROUP_get0_order(group)) >= 0)
		goto out;
	if (EC_POINT_mul(group, q, d, NULL, NULL, NULL) != 1 ||
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point,
		POINT_MAX, NULL) != 1 + 2 * c->len)
		goto out;
	r = 0;
out:
	EC_POINT_clear_free(q);
	BN_clear_free(d);
	EC_GROUP_free(group);
	return r;
}

static int
ec_derive(const struct curve *c, const uint8_t *secret, struct public_key *pub)
{
	uint8_t point[POINT_MAX];

	if (ec_point(c, secret, point) != 0)
		return -1;
	memcpy(pub->x, point + 1, c->len);
	memcpy(pub->y, point + 1 + c->len, c->len);
	return 0;
}

static EVP_PKEY *
ec_pkey(const struct curve *c, const uint8_t *secret)
{
	char group[8] = { 0 };
	uint8_t point[POINT_MAX], native[CRYPTO_SECRET_MAX];
	OSSL_PARAM params[4];
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *pkey = NULL;
	BIGNUM *d = BN_secure_new();

	memcpy(group, c->name, strlen(c->name));
	if (d == NULL || ec_point(c, secret, point) != 0 ||
	    BN_bin2bn(secret, (int)c->len, d) == NULL ||
	    BN_bn2nativepad(d, native, (int)c->len) != (int)c->len)
		goto out;
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] =
	    OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, c->len);
	params[2] = OSSL_PARAM_construct_octet_string(
	    OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * c->len);
	params[3] = OSSL_PARAM_construct_end();
	if ((ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL)) == NULL ||
	    EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
out:
	crypto_wipe(native, sizeof(native));
	EVP_PKEY_CTX_free(ctx);
	BN_clear_free(d);
	return pkey;
}

/* Signs with a key, which it frees. */
static int
ec_sign(EVP_PKEY *pkey, const EVP_MD *md, const uint8_t *msg, size_t msg_len,
    const uint8_t *tail, size_t tail_len, uint8_t *sig, size_t *sig_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = -1;

	*sig_len = CRYPTO_SIG_MAX;
	if (pkey == NULL || ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, md, NULL, pkey) != 1 ||
	    EVP_DigestSignUpdate(ctx, msg, msg_len) != 1 ||
	    EVP_DigestSignUpdate(ctx, tail, tail_len) != 1 ||
	    EVP_DigestSignFinal(ctx, sig, sig_len) != 1)
		goto out;
	r = 0;
out:
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return r;
}

static int
es256_derive(const uint8_t *secret, struct public_key *pub)
{
	return ec_derive(&p256, secret, pub);
}

static int
es256_sign(const uint8_t *secret, const uint8_t *msg, size_t msg_len,
    const uint8_t *tail, size_t tail_len, uint8_t *sig, size_t *sig_len)
{
	return ec_sign(ec_pkey(&p256, secret), p256.md(), msg, msg_len, tail,
	    tail_len, sig, sig_len);
}

static int
es384_derive(const uint8_t *secret, struct public_key *pub)
{
	return ec_derive(&p384, secret, pub);
}

static int
es384_sign(const uint8_t *secret, const uint8_t *msg, size_t msg_len,
    const uint8_t *tail, size_t tail_len, uint8_t *sig, size_t *sig_len)
{
	return ec_sign(ec_pkey(&p384, secret), p384.md(), msg, msg_len, tail,
	    tail_len, sig, sig_len);
}

static EVP_PKEY *
ed25519_pkey(const uint8_t *secret)
{
	return EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, secret, ED25519_LEN);
}

static int
ed25519_derive(const uint8_t *secret, struct public_key *pub)
{
	EVP_PKEY *pkey = ed25519_pkey(secret);
	size_t len = ED25519_LEN;
	int r = -1;

	if (pkey != NULL &&
	    EVP_PKEY_get_raw_public_key(pkey, pub->x, &len) == 1 &&
	    len == ED25519_LEN)
		r = 0;
	EVP_PKEY_free(pkey);
	return r;
}

/* PureEdDSA reads its message twice, so it wants it in one piece. */
static int
ed25519_sign(const uint8_t *secret, const uint8_t *msg, size_t msg_len,
    const uint8_t *tail, size_t tail_len, uint8_t *sig, size_t *sig_len)
{
	EVP_PKEY *pkey = ed25519_pkey(secret);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t *whole = OPENSSL_malloc(msg_len + tail_len);
	int r = -1;

	*sig_len = CRYPTO_SIG_MAX;
	if (pkey == NULL || ctx == NULL || whole == NULL)
		goto out;
	memcpy(whole, msg, msg_len);
	memcpy(whole + msg_len, tail, tail_len);
	if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) != 1 ||
	    EVP_DigestSign(ctx, sig, sig_len, whole, msg_len + tail_len) != 1)
		goto out;
	r = 0;
out:
	OPENSSL_free(whole);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return r;
}

static const struct keyalg algs[] = {
	{ .cose = -7,
	    .wire = 1,
	    .kty = 2,
	    .crv = 1,
	    .secret_len = P256_LEN,
	    .x_len = P256_LEN,
	    .y_len = P256_LEN,
	    .derive = es256_derive,
	    .sign = es256_sign },
	{ .cose = -8,
	    .wire = 2,
	    .kty = 1,
	    .crv = 6,
	    .secret_len = ED25519_LEN,
	    .x_len = ED25519_LEN,
	    .y_len = 0,
	    .derive = ed25519_derive,
	    .sign = ed25519_sign },
	{ .cose = -35,
	    .wire = 3,
	    .kty = 2,
	    .crv = 2,
	    .secret_len = P384_LEN,
	    .x_len = P384_LEN,
	    .y_len = P384_LEN,
	    .derive = es384_derive,
	    .sign = es384_sign },
};

size_t
keyalg_count(void)
{
	return sizeof(algs) / sizeof(algs[0]);
}

const struct keyalg *
keyalg_at(size_t i)
{
	return i < keyalg_count() ? &algs[i] : NULL;
}

const struct keyalg *
keyalg_by_cose(int32_t cose)
{
	for (size_t i = 0; i < keyalg_count(); i++) {
		if (algs[i].cose == cose)
			return &algs[i];
	}
	return NULL;
}

const struct keyalg *
keyalg_by_wire(uint8_t wire)
{
	for (size_t i = 0; i < keyalg_count(); i++) {
		if (algs[i].wire == wire)
			return &algs[i];
	}
	return NULL;
}
