/* SPDX-License-Identifier: BSD-2-Clause */

#include "aead.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "counterseal/err.h"

#define STEP 4096 /* bytes at once */

static EVP_CIPHER_CTX *
begin(const uint8_t *key, const uint8_t *nonce, struct cseal_slice aad, int enc)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (ctx != NULL && aad.len <= INT32_MAX &&
	    EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce, enc) ==
		1 &&
	    (aad.len == 0 ||
		EVP_CipherUpdate(ctx, NULL, &n, aad.data, (int)aad.len) == 1))
		return ctx;
	EVP_CIPHER_CTX_free(ctx);
	return NULL;
}

/* GCM gives as many bytes as it takes. */
static int
transform(EVP_CIPHER_CTX *ctx, struct cseal_slice in, struct cseal_buf *out)
{
	uint8_t chunk[STEP];
	int n, r = CSEAL_OK;
	size_t step;

	for (size_t at = 0; r == CSEAL_OK && at < in.len; at += step) {
		step = in.len - at < STEP ? in.len - at : STEP;
		r = CSEAL_ERR_INTERNAL;
		if (EVP_CipherUpdate(ctx, chunk, &n, in.data + at, (int)step) ==
			1 &&
		    n == (int)step)
			r = cseal_buf_add(out, chunk, step);
	}
	cseal_wipe(chunk, sizeof(chunk));
	return r;
}

static void
shorten(struct cseal_buf *b, size_t len)
{
	if (b->len > len)
		cseal_wipe(b->data + len, b->len - len);
	b->len = len;
}

int
aead_seal(struct cseal_buf *out, const uint8_t key[AEAD_KEY_BYTES],
    const uint8_t nonce[AEAD_NONCE_BYTES], struct cseal_slice aad,
    struct cseal_slice plain)
{
	EVP_CIPHER_CTX *ctx = begin(key, nonce, aad, 1);
	uint8_t tag[AEAD_TAG_BYTES], none[AEAD_TAG_BYTES];
	int n, r = CSEAL_ERR_INTERNAL;

	if (ctx == NULL)
		return r;
	r = transform(ctx, plain, out);
	if (r == CSEAL_OK && (EVP_CipherFinal_ex(ctx, none, &n) != 1 ||
				 EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
				     sizeof(tag), tag) != 1))
		r = CSEAL_ERR_INTERNAL;
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, tag, sizeof(tag));
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

int
aead_open(struct cseal_buf *out, const uint8_t key[AEAD_KEY_BYTES],
    const uint8_t nonce[AEAD_NONCE_BYTES], struct cseal_slice aad,
    struct cseal_slice cipher, const uint8_t tag[AEAD_TAG_BYTES])
{
	EVP_CIPHER_CTX *ctx = begin(key, nonce, aad, 0);
	uint8_t copy[AEAD_TAG_BYTES], none[AEAD_TAG_BYTES];
	size_t before = out->len;
	int n, r = CSEAL_ERR_INTERNAL;

	if (ctx == NULL)
		return r;
	memcpy(copy, tag, sizeof(copy));
	if (EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(copy), copy) == 1)
		r = transform(ctx, cipher, out);
	if (r == CSEAL_OK && EVP_CipherFinal_ex(ctx, none, &n) != 1)
		r = CSEAL_ERR_CORRUPT;
	if (r != CSEAL_OK)
		shorten(out, before);
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

/* OpenSSL asks for pointers that it does not write through. */
static OSSL_PARAM
octets(const char *name, struct cseal_slice s)
{
	OSSL_PARAM p = OSSL_PARAM_construct_octet_string(name, NULL, s.len);
	const void *data = s.data;

	memcpy(&p.data, &data, sizeof(data));
	return p;
}

int
aead_derive(uint8_t key[AEAD_KEY_BYTES], struct cseal_slice secret,
    struct cseal_slice salt, struct cseal_slice info)
{
	char digest[] = "SHA256";
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM p[5];
	int ok = 0;

	p[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
	p[1] = octets(OSSL_KDF_PARAM_KEY, secret);
	p[2] = octets(OSSL_KDF_PARAM_SALT, salt);
	p[3] = octets(OSSL_KDF_PARAM_INFO, info);
	p[4] = OSSL_PARAM_construct_end();
	if (ctx != NULL)
		ok = EVP_KDF_derive(ctx, key, AEAD_KEY_BYTES, p);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok == 1 ? CSEAL_OK : CSEAL_ERR_INTERNAL;
}
