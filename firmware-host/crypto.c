/* SPDX-License-Identifier: BSD-2-Clause */
#include "crypto.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

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
