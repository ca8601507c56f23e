/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys: COSE_Key (RFC 9052 section 7) to OpenSSL, and verifying. */

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "counterseal/seal.h"

#include "dcbor.h"
#include "pubkey.h"

#define POINT_MAX 97 /* 0x04, and two coordinates of P-384 */

/* One row a signature algorithm. */
struct alg {
	int64_t alg;	   /* RFC 9053 */
	int64_t type;	   /* kty: 2 EC2, 1 OKP */
	int64_t curve;	   /* crv */
	size_t coordinate; /* bytes */
	const char *group; /* OpenSSL's name; NULL for OKP */
	const EVP_MD *(*digest)(void);
};

static const struct alg algs[] = {
	{ CSEAL_ALG_ES256, 2, 1, 32, "P-256", EVP_sha256 },
	{ CSEAL_ALG_ES384, 2, 2, 48, "P-384", EVP_sha384 },
	{ CSEAL_ALG_EDDSA, 1, 6, 32, NULL, NULL },
};

struct cseal_pubkey {
	const struct alg *alg;
	EVP_PKEY *pkey;
	uint8_t raw[POINT_MAX];
	size_t raw_len;
};

/* The members of a COSE_Key that are known; anything else is refused. */
struct cose {
	int64_t type;
	int64_t alg;
	int64_t curve;
	struct cseal_slice x;
	struct cseal_slice y;
};

static void
read_cose(struct dcbor_reader *r, struct cose *c)
{
	struct dcbor_map m;

	memset(c, 0, sizeof(*c));
	dcbor_get_map(r, &m);
	while (dcbor_map_more(r, &m)) {
		switch (dcbor_map_key_int(r, &m)) {
		case 1: c->type = dcbor_get_int(r); break;
		case 3: c->alg = dcbor_get_int(r); break;
		case -1: c->curve = dcbor_get_int(r); break;
		case -2: c->x = dcbor_get_bytes(r); break;
		case -3: c->y = dcbor_get_bytes(r); break;
		default: dcbor_refuse(r); break;
		}
	}
}

static const struct alg *
find_alg(const struct cose *c)
{
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		const struct alg *a = &algs[i];

		if (a->alg == c->alg && a->type == c->type &&
		    a->curve == c->curve && c->x.len == a->coordinate &&
		    c->y.len == (a->group != NULL ? a->coordinate : 0))
			return a;
	}
	return NULL;
}

/* OpenSSL refuses a point that is not on the curve, or at infinity. */
static EVP_PKEY *
ec_key(const char *curve, const uint8_t *point, size_t n)
{
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM params[3];
	char group[8];
	uint8_t copy[POINT_MAX];

	(void)snprintf(group, sizeof(group), "%s", curve);
	memcpy(copy, point, n);
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] =
	    OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, n);
	params[2] = OSSL_PARAM_construct_end();
	ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* By its first byte 0x06 or 0x07 OpenSSL takes the same point once more. */
EVP_PKEY *
pubkey_p256(const uint8_t point[CSEAL_DESK_KEY_BYTES])
{
	return point[0] == 0x04 ? ec_key("P-256", point, CSEAL_DESK_KEY_BYTES)
				: NULL;
}

/*
 * Points of small order verify signatures that nobody made. The encodings
 * (sign bit cleared) are those of Chalkias, Garillot and Nikolaenko, "Taming
 * the many EdDSAs", table 2, and their non-canonical twins.
 */
static bool
is_small_order(const uint8_t p[32])
{
	static const uint8_t order8[2][32] = {
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3,
		    0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
		    0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		    0xfc, 0x05 },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		    0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		    0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		    0x03, 0x7a },
	};
	uint8_t y[32];
	bool low = true, high = true;

	memcpy(y, p, sizeof(y));
	y[31] &= 0x7f;
	if (memcmp(y, order8[0], 32) == 0 || memcmp(y, order8[1], 32) == 0)
		return true;
	for (size_t i = 1; i < 31; i++) {
		low = low && y[i] == 0x00;
		high = high && y[i] == 0xff;
	}
	/* y is 0 or 1; or p-1, p, p+1 with p = 2^255 - 19 */
	return (low && y[31] == 0x00 && y[0] <= 0x01) ||
	       (high && y[31] == 0x7f && y[0] >= 0xec && y[0] <= 0xee);
}

static EVP_PKEY *
ed_key(const uint8_t *p, size_t n)
{
	if (n != 32 || is_small_order(p))
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, p, n);
}

int
cseal_pubkey_from_cose(
    struct cseal_pubkey **out, struct cseal_slice cose, size_t *used)
{
	struct cseal_pubkey *k;
	struct dcbor_reader r;
	struct cose c;

	*out = NULL;
	dcbor_reader_init(&r, cose.data, cose.len);
	read_cose(&r, &c);
	if (r.err != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	*used = r.off;
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return CSEAL_ERR_NOMEM;
	k->alg = find_alg(&c);
	if (k->alg == NULL)
		goto bad;
	if (k->alg->group != NULL) {
		k->raw[0] = 0x04; /* X9.62: uncompressed */
		memcpy(k->raw + 1, c.x.data, c.x.len);
		memcpy(k->raw + 1 + c.x.len, c.y.data, c.y.len);
		k->raw_len = 1 + c.x.len + c.y.len;
		k->pkey = ec_key(k->alg->group, k->raw, k->raw_len);
	} else {
		memcpy(k->raw, c.x.data, c.x.len);
		k->raw_len = c.x.len;
		k->pkey = ed_key(k->raw, k->raw_len);
	}
	if (k->pkey == NULL)
		goto bad;
	*out = k; /* transferred */
	return CSEAL_OK;
bad:
	cseal_pubkey_free(k);
	return CSEAL_ERR_FORMAT;
}

void
cseal_pubkey_free(struct cseal_pubkey *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey);
	free(k);
}

int
cseal_pubkey_alg(const struct cseal_pubkey *k)
{
	return (int)k->alg->alg;
}

struct cseal_slice
cseal_pubkey_raw(const struct cseal_pubkey *k)
{
	struct cseal_slice s = { k->raw, k->raw_len };

	return s;
}

int
cseal_pubkey_pem(const struct cseal_pubkey *k, struct cseal_buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;
	int r = CSEAL_ERR_INTERNAL;

	if (bio == NULL)
		return CSEAL_ERR_NOMEM;
	if (PEM_write_bio_PUBKEY(bio, k->pkey) == 1) {
		n = BIO_get_mem_data(bio, &p);
		if (n > 0)
			r = cseal_buf_add(out, p, (size_t)n);
	}
	BIO_free(bio);
	return r;
}

/*
 * OpenSSL's ECDSA decodes the signature, encodes it again and compares: only
 * strict DER without anything behind it verifies.
 */
int
cseal_pubkey_verify(const struct cseal_pubkey *k, struct cseal_slice message,
    struct cseal_slice signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const EVP_MD *md = k->alg->digest != NULL ? k->alg->digest() : NULL;
	int r = CSEAL_ERR_SIGNATURE;

	if (ctx == NULL)
		return CSEAL_ERR_NOMEM;
	if (EVP_DigestVerifyInit(ctx, NULL, md, NULL, k->pkey) == 1 &&
	    EVP_DigestVerify(ctx, signature.data, signature.len, message.data,
		message.len) == 1)
		r = CSEAL_OK;
	EVP_MD_CTX_free(ctx);
	return r;
}
