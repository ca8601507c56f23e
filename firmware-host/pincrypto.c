/* SPDX-License-Identifier: BSD-2-Clause */
#include "pincrypto.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#define POINT (1 + 2 * PINCRYPTO_COORD)

/* The head of an uncompressed point (SEC 1, section 2.3.3). */
#define UNCOMPRESSED 0x04

/* EC_POINT_oct2point refuses what is not on the curve; P-256 has cofactor 1. */
static int
multiply(const EC_GROUP *group, EC_POINT *q, const BIGNUM *d,
    const struct public_key *peer, uint8_t z[PINCRYPTO_COORD])
{
	uint8_t point[POINT] = { UNCOMPRESSED };
	int r = -1;

	memcpy(point + 1, peer->x, PINCRYPTO_COORD);
	memcpy(point + 1 + PINCRYPTO_COORD, peer->y, PINCRYPTO_COORD);
	if (EC_POINT_oct2point(group, q, point, sizeof(point), NULL) != 1 ||
	    EC_POINT_mul(group, q, NULL, q, d, NULL) != 1 ||
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point,
		sizeof(point), NULL) != sizeof(point))
		goto out;
	memcpy(z, point + 1, PINCRYPTO_COORD);
	r = 0;
out:
	crypto_wipe(point, sizeof(point));
	return r;
}

int
pincrypto_ecdh(const uint8_t secret[CRYPTO_KEY], const struct public_key *peer,
    uint8_t z[PINCRYPTO_COORD])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *d = BN_secure_new();
	EC_POINT *q = NULL;
	int r = -1;

	if (group == NULL || d == NULL || (q = EC_POINT_new(group)) == NULL)
		goto out;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	if (BN_bin2bn(secret, CRYPTO_KEY, d) != NULL)
		r = multiply(group, q, d, peer, z);
out:
	EC_POINT_clear_free(q);
	BN_clear_free(d);
	EC_GROUP_free(group);
	return r;
}

int
pincrypto_hkdf(
    const uint8_t z[PINCRYPTO_COORD], const char *info, uint8_t key[CRYPTO_KEY])
{
	uint8_t ikm[PINCRYPTO_COORD], salt[CRYPTO_HASH] = { 0 };
	char digest[] = "SHA256", label[32];
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = NULL;
	OSSL_PARAM params[5];
	int n = snprintf(label, sizeof(label), "%s", info);
	int r = -1;

	if (kdf == NULL || n < 0 || (size_t)n >= sizeof(label) ||
	    (ctx = EVP_KDF_CTX_new(kdf)) == NULL)
		goto out;
	memcpy(ikm, z, sizeof(ikm));
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
	params[1] = OSSL_PARAM_construct_octet_string(
	    OSSL_KDF_PARAM_KEY, ikm, sizeof(ikm));
	params[2] = OSSL_PARAM_construct_octet_string(
	    OSSL_KDF_PARAM_SALT, salt, sizeof(salt));
	params[3] = OSSL_PARAM_construct_octet_string(
	    OSSL_KDF_PARAM_INFO, label, (size_t)n);
	params[4] = OSSL_PARAM_construct_end();
	if (EVP_KDF_derive(ctx, key, CRYPTO_KEY, params) == 1)
		r = 0;
	crypto_wipe(ikm, sizeof(ikm));
out:
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return r;
}

int
pincrypto_hmac(const uint8_t key[CRYPTO_KEY], const uint8_t *head,
    size_t head_len, const uint8_t *tail, size_t tail_len,
    uint8_t mac[CRYPTO_HASH])
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = NULL;
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
		    OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t n;
	int r = -1;

	if (hmac == NULL || (ctx = EVP_MAC_CTX_new(hmac)) == NULL)
		goto out;
	if (EVP_MAC_init(ctx, key, CRYPTO_KEY, params) == 1 &&
	    EVP_MAC_update(ctx, head, head_len) == 1 &&
	    (tail_len == 0 || EVP_MAC_update(ctx, tail, tail_len) == 1) &&
	    EVP_MAC_final(ctx, mac, &n, CRYPTO_HASH) == 1 && n == CRYPTO_HASH)
		r = 0;
out:
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(hmac);
	return r;
}

int
pincrypto_cbc(bool encrypt, const uint8_t key[CRYPTO_KEY],
    const uint8_t iv[PINCRYPTO_BLOCK], const uint8_t *in, size_t n,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	int len = 0, last = 0, r = -1;

	if (n % PINCRYPTO_BLOCK != 0 || n > INT_MAX)
		return -1;
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return -1;
	if (EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv, encrypt) ==
		1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_CipherUpdate(ctx, out, &len, in, (int)n) == 1 &&
	    EVP_CipherFinal_ex(ctx, out + len, &last) == 1 &&
	    (size_t)len + (size_t)last == n)
		r = 0;
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

bool
pincrypto_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}
