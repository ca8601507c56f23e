/* SPDX-License-Identifier: BSD-2-Clause */

#include "digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "counterseal/err.h"

static int
digest(const EVP_MD *md, unsigned want, uint8_t *out,
    const struct cseal_slice *p, size_t n)
{
	int r = CSEAL_ERR_INTERNAL;
	unsigned len = 0;
	EVP_MD_CTX *ctx;

	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return CSEAL_ERR_NOMEM;
	if (EVP_MD_get_size(md) != (int)want ||
	    EVP_DigestInit_ex(ctx, md, NULL) != 1)
		goto out;
	for (size_t i = 0; i < n; i++) {
		if (p[i].len > 0 &&
		    EVP_DigestUpdate(ctx, p[i].data, p[i].len) != 1)
			goto out;
	}
	if (EVP_DigestFinal_ex(ctx, out, &len) == 1 && len == want)
		r = CSEAL_OK;
out:
	EVP_MD_CTX_free(ctx);
	return r;
}

int
digest_sha256(
    uint8_t out[CSEAL_HASH_BYTES], const struct cseal_slice *p, size_t n)
{
	return digest(EVP_sha256(), CSEAL_HASH_BYTES, out, p, n);
}

int
digest_sha512(uint8_t out[64], const uint8_t *p, size_t n)
{
	struct cseal_slice piece = { .data = p, .len = n };

	return digest(EVP_sha512(), 64, out, &piece, 1);
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
