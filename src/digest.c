/* SPDX-License-Identifier: BSD-2-Clause */

#include "digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "counterseal/err.h"

/* `md` is NULL: the one that `ctx` had before. */
static int
hash(EVP_MD_CTX *ctx, const EVP_MD *md, unsigned want, uint8_t *out,
    const struct cseal_slice *p, size_t n)
{
	unsigned len = 0;

	if (EVP_DigestInit_ex(ctx, md, NULL) != 1 ||
	    EVP_MD_CTX_get_size(ctx) != (int)want)
		return CSEAL_ERR_INTERNAL;
	for (size_t i = 0; i < n; i++) {
		if (p[i].len > 0 &&
		    EVP_DigestUpdate(ctx, p[i].data, p[i].len) != 1)
			return CSEAL_ERR_INTERNAL;
	}
	if (EVP_DigestFinal_ex(ctx, out, &len) != 1 || len != want)
		return CSEAL_ERR_INTERNAL;
	return CSEAL_OK;
}

void
digest_init(struct digest *d)
{
	d->ctx = NULL;
}

void
digest_free(struct digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	d->ctx = NULL;
}

int
digest_next(struct digest *d, uint8_t out[CSEAL_HASH_BYTES],
    const struct cseal_slice *p, size_t n)
{
	const EVP_MD *md = NULL;
	int r;

	if (d->ctx == NULL) {
		if ((d->ctx = EVP_MD_CTX_new()) == NULL)
			return CSEAL_ERR_NOMEM;
		md = EVP_sha256();
	}
	r = hash(d->ctx, md, CSEAL_HASH_BYTES, out, p, n);
	if (r != CSEAL_OK)
		digest_free(d);
	return r;
}

int
digest_sha256(
    uint8_t out[CSEAL_HASH_BYTES], const struct cseal_slice *p, size_t n)
{
	struct digest d;
	int r;

	digest_init(&d);
	r = digest_next(&d, out, p, n);
	digest_free(&d);
	return r;
}

int
digest_sha512(uint8_t out[64], const uint8_t *p, size_t n)
{
	struct cseal_slice piece = { .data = p, .len = n };
	EVP_MD_CTX *ctx;
	int r;

	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return CSEAL_ERR_NOMEM;
	r = hash(ctx, EVP_sha512(), 64, out, &piece, 1);
	EVP_MD_CTX_free(ctx);
	return r;
}

int
digest_random(uint8_t *out, size_t n)
{
	size_t step;

	for (; n > 0; out += step, n -= step) {
		step = n < 4096 ? n : 4096;
		if (RAND_bytes(out, (int)step) != 1)
			return CSEAL_ERR_INTERNAL;
	}
	return CSEAL_OK;
}
