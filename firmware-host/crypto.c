/* SPDX-License-Identifier: BSD-2-Clause */
#include "crypto.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#define P256_LEN 32

void
crypto_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

int
crypto_sha256(const void *p, size_t n, uint8_t out[CRYPTO_HASH])
{
	return EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

int
crypto_seal(const uint8_t key[CRYPTO_KEY], const uint8_t *nonce,
    const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t n,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	int len = 0, r = -1;

	if (n > INT_MAX || aad_len > INT_MAX)
		return -1;
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return -1;
	if (EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &len, aad, (int)aad_len) != 1 ||
	    EVP_EncryptUpdate(ctx, out, &len, in, (int)n) != 1 ||
	    EVP_EncryptFinal_ex(ctx, out + n, &len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_GET_TAG, CRYPTO_TAG, out + n) != 1)
		goto out;
	r = 0;
out:
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

int
crypto_unseal(const uint8_t key[CRYPTO_KEY], const uint8_t *nonce,
    const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t n,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	uint8_t tag[CRYPTO_TAG], none[1];
	int len = 0, r = -1;

	if (n < CRYPTO_TAG || n > INT_MAX || aad_len > INT_MAX)
		return -1;
	n -= CRYPTO_TAG;
	memcpy(tag, in + n, sizeof(tag));
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return -1;
	if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) != 1 ||
	    EVP_DecryptUpdate(ctx, NULL, &len, aad, (int)aad_len) != 1 ||
	    EVP_DecryptUpdate(ctx, out, &len, in, (int)n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, CRYPTO_TAG, tag) !=
		1 ||
	    EVP_DecryptFinal_ex(ctx, none, &len) != 1)
		goto out;
	r = 0;
out:
	if (r != 0)
		crypto_wipe(out, n);
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

/* The point secret * G, uncompressed, if 0 < secret < order. */
static int
p256_point(const uint8_t *secret, uint8_t point[1 + 2 * P256_LEN])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *d = BN_secure_new();
	EC_POINT *q = NULL;
	int r = -1;

	if (group == NULL || d == NULL || (q = EC_POINT_new(group)) == NULL)
		goto out;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	if (BN_bin2bn(secret, P256_LEN, d) == NULL || BN_is_zero(d) ||
	    BN_cmp(d, EC_GROUP_get0_order(group)) >= 0)
		goto out;
	if (EC_POINT_mul(group, q, d, NULL, NULL, NULL) != 1 ||
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point,
		1 + 2 * P256_LEN, NULL) != 1 + 2 * P256_LEN)
		goto out;
	r = 0;
out:
	EC_POINT_clear_free(q);
	BN_clear_free(d);
	EC_GROUP_free(group);
	return r;
}

static int
es256_derive(const uint8_t *secret, struct public_key *pub)
{
	uint8_t point[1 + 2 * P256_LEN];

	if (p256_point(secret, point) != 0)
		return -1;
	memcpy(pub->x, point + 1, P256_LEN);
	memcpy(pub->y, point + 1 + P256_LEN, P256_LEN);
	return 0;
}

static EVP_PKEY *
p256_pkey(const uint8_t *secret)
{
	char group[] = "P-256";
	uint8_t point[1 + 2 * P256_LEN], native[P256_LEN];
	OSSL_PARAM params[4];
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *pkey = NULL;
	BIGNUM *d = BN_secure_new();

	if (d == NULL || p256_point(secret, point) != 0 ||
	    BN_bin2bn(secret, P256_LEN, d) == NULL ||
	    BN_bn2nativepad(d, native, sizeof(native)) != P256_LEN)
		goto out;
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_BN(
	    OSSL_PKEY_PARAM_PRIV_KEY, native, sizeof(native));
	params[2] = OSSL_PARAM_construct_octet_string(
	    OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
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

static int
es256_sign(const uint8_t *secret, const uint8_t *msg, size_t msg_len,
    const uint8_t *tail, size_t tail_len, uint8_t *sig, size_t *sig_len)
{
	EVP_PKEY *pkey = p256_pkey(secret);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = -1;

	*sig_len = CRYPTO_SIG_MAX;
	if (pkey == NULL || ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey) != 1 ||
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

static const struct keyalg algs[] = {
	{ .cose = -7,
	    .wire = 1,
	    .kty = 2,
	    .crv = 1,
	    .secret_len = P256_LEN,
	    .coord_len = P256_LEN,
	    .derive = es256_derive,
	    .sign = es256_sign },
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
