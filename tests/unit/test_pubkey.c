/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys from COSE: what is refused, and what they verify. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "counterseal/seal.h"
#include "counterseal/text.h"
#include "dcbor.h"

/* A COSE_Key in the making. */
struct cose {
	int64_t type, alg, curve;
	const uint8_t *x, *y;
	size_t n_x, n_y; /* y is left out if 0 */
};

static int
parse(const struct cose *c, struct cseal_pubkey **out)
{
	struct cseal_buf b;
	size_t used = 0;
	int r;

	cseal_buf_init(&b, 0);
	dcbor_put_map(&b, c->n_y > 0 ? 5 : 4);
	dcbor_put_int(&b, 1);
	dcbor_put_int(&b, c->type);
	dcbor_put_int(&b, 3);
	dcbor_put_int(&b, c->alg);
	dcbor_put_int(&b, -1);
	dcbor_put_int(&b, c->curve);
	dcbor_put_int(&b, -2);
	dcbor_put_bytes(&b, c->x, c->n_x);
	if (c->n_y > 0) {
		dcbor_put_int(&b, -3);
		dcbor_put_bytes(&b, c->y, c->n_y);
	}
	r = cseal_pubkey_from_cose(out, cseal_buf_slice(&b), &used);
	if (r == CSEAL_OK)
		assert_int_equal(used, b.len);
	else
		assert_null(*out);
	cseal_buf_free(&b);
	return r;
}

static bool
taken(const struct cose *c)
{
	struct cseal_pubkey *k = NULL;
	int r = parse(c, &k);

	cseal_pubkey_free(k);
	assert_true(r == CSEAL_OK || r == CSEAL_ERR_FORMAT);
	return r == CSEAL_OK;
}

struct own {
	EVP_PKEY *pkey;
	const EVP_MD *md;
	uint8_t point[97];
	size_t n_point;
	struct cose cose;
};

static void
own_ec(struct own *o, const char *group, int64_t alg, int64_t curve)
{
	size_t n;

	memset(o, 0, sizeof(*o));
	o->pkey = EVP_EC_gen(group);
	assert_non_null(o->pkey);
	assert_int_equal(
	    EVP_PKEY_get_octet_string_param(o->pkey, OSSL_PKEY_PARAM_PUB_KEY,
		o->point, sizeof(o->point), &o->n_point),
	    1);
	n = (o->n_point - 1) / 2;
	o->md = n == 32 ? EVP_sha256() : EVP_sha384();
	o->cose = (struct cose){ 2, alg, curve, o->point + 1, o->point + 1 + n,
		n, n };
}

static void
own_ed(struct own *o)
{
	memset(o, 0, sizeof(*o));
	o->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	assert_non_null(o->pkey);
	o->n_point = 32;
	assert_int_equal(
	    EVP_PKEY_get_raw_public_key(o->pkey, o->point, &o->n_point), 1);
	o->cose = (struct cose){ 1, CSEAL_ALG_EDDSA, 6, o->point, NULL, 32, 0 };
}

static size_t
own_sign(const struct own *o, const char *message, uint8_t out[128])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 128;

	assert_int_equal(
	    EVP_DigestSignInit(ctx, NULL, o->md, NULL, o->pkey), 1);
	assert_int_equal(EVP_DigestSign(ctx, out, &n, (const uint8_t *)message,
			     strlen(message)),
	    1);
	EVP_MD_CTX_free(ctx);
	return n;
}

static void
make(struct own *o, int which)
{
	if (which == 0)
		own_ec(o, "P-256", CSEAL_ALG_ES256, 1);
	else if (which == 1)
		own_ec(o, "P-384", CSEAL_ALG_ES384, 2);
	else
		own_ed(o);
}

static void
test_verify(void **state)
{
	static const int algs[] = { CSEAL_ALG_ES256, CSEAL_ALG_ES384,
		CSEAL_ALG_EDDSA };
	const struct cseal_slice message = { (const uint8_t *)"what", 4 };
	const struct cseal_slice other = { (const uint8_t *)"that", 4 };
	struct cseal_pubkey *k = NULL;
	struct own o;
	uint8_t sig[128];
	struct cseal_slice s = { sig, 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		make(&o, i);
		assert_int_equal(parse(&o.cose, &k), CSEAL_OK);
		assert_int_equal(cseal_pubkey_alg(k), algs[i]);
		assert_int_equal(cseal_pubkey_raw(k).len, o.n_point);
		assert_memory_equal(
		    cseal_pubkey_raw(k).data, o.point, o.n_point);
		s.len = own_sign(&o, "what", sig);
		assert_int_equal(cseal_pubkey_verify(k, message, s), CSEAL_OK);
		assert_int_equal(
		    cseal_pubkey_verify(k, other, s), CSEAL_ERR_SIGNATURE);
		for (size_t n = 0; n < s.len; n++) {
			struct cseal_slice cut = { sig, n };

			assert_int_equal(cseal_pubkey_verify(k, message, cut),
			    CSEAL_ERR_SIGNATURE);
		}
		cseal_pubkey_free(k);
		EVP_PKEY_free(o.pkey);
	}
}

static void
test_pem(void **state)
{
	struct cseal_pubkey *k = NULL;
	struct cseal_buf out;
	EVP_PKEY *again;
	struct own o;
	BIO *bio;

	(void)state;
	cseal_buf_init(&out, 0);
	for (int i = 0; i < 3; i++) {
		make(&o, i);
		assert_int_equal(parse(&o.cose, &k), CSEAL_OK);
		cseal_buf_reset(&out);
		assert_int_equal(cseal_pubkey_pem(k, &out), CSEAL_OK);
		bio = BIO_new_mem_buf(out.data, (int)out.len);
		again = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
		assert_non_null(again);
		assert_int_equal(EVP_PKEY_eq(again, o.pkey), 1);
		EVP_PKEY_free(again);
		BIO_free(bio);
		cseal_pubkey_free(k);
		EVP_PKEY_free(o.pkey);
	}
	cseal_buf_free(&out);
}

static void
test_off_the_curve(void **state)
{
	static const uint8_t zero[48];
	struct own o;

	(void)state;
	for (int i = 0; i < 2; i++) {
		make(&o, i);
		assert_true(taken(&o.cose));
		o.point[o.n_point - 1] ^= 1;
		assert_false(taken(&o.cose));
		o.point[o.n_point - 1] ^= 1;
		o.point[1] ^= 0x80;
		assert_false(taken(&o.cose));
		o.cose.x = zero;
		assert_false(taken(&o.cose));
		o.cose.y = zero;
		assert_false(taken(&o.cose));
		EVP_PKEY_free(o.pkey);
	}
}

/* x >= p: the same point in other words. */
static void
test_coordinate_not_reduced(void **state)
{
	/* 5 is the x of a point of P-256; p + 5 has 32 bytes too. */
	static const char p_plus_5[] = "ffffffff000000010000000000000000"
				       "00000001000000000000000000000004";
	static const char y[] = "459243b9aa581806fe913bce99817ade"
				"11ca503c64d9a3c533415c083248fbcc";
	uint8_t bx[32], by[32];
	struct cose c = { 2, CSEAL_ALG_ES256, 1, bx, by, 32, 32 };

	(void)state;
	assert_int_equal(cseal_unhex(y, by, 32), CSEAL_OK);
	memset(bx, 0, sizeof(bx));
	bx[31] = 5;
	assert_true(taken(&c));
	assert_int_equal(cseal_unhex(p_plus_5, bx, 32), CSEAL_OK);
	assert_false(taken(&c));
}

/*
 * Points of order 1, 2, 4 and 8, and their non-canonical forms, with both
 * signs: under them a signature of nobody verifies.
 */
static void
test_small_order(void **state)
{
	static const char *const points[] = {
		"01000000000000000000000000000000000000000000000000000000000000"
		"00",
		"00000000000000000000000000000000000000000000000000000000000000"
		"00",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc"
		"05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03"
		"7a",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
	};
	uint8_t p[32];
	struct cose c = { 1, CSEAL_ALG_EDDSA, 6, p, NULL, 32, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		assert_int_equal(cseal_unhex(points[i], p, 32), CSEAL_OK);
		assert_false(taken(&c));
		p[31] ^= 0x80;
		assert_false(taken(&c));
	}
}

static void
test_lengths(void **state)
{
	uint8_t longer[98] = { 0 };
	struct own o;
	struct cose c;

	(void)state;
	for (int i = 0; i < 3; i++) {
		make(&o, i);
		memcpy(longer, o.cose.x, o.cose.n_x);
		for (size_t n = 0; n < sizeof(longer); n++) {
			c = o.cose;
			c.x = longer;
			c.n_x = n;
			assert_int_equal(taken(&c), n == o.cose.n_x);
		}
		for (size_t n = 1; n < sizeof(longer) && i < 2; n++) {
			c = o.cose;
			memcpy(longer, o.cose.y, o.cose.n_y);
			c.y = longer;
			c.n_y = n;
			assert_int_equal(taken(&c), n == o.cose.n_y);
		}
		EVP_PKEY_free(o.pkey);
	}
}

static void
test_wrong_numbers(void **state)
{
	struct own o;
	struct cose c;

	(void)state;
	for (int i = 0; i < 3; i++) {
		make(&o, i);
		c = o.cose;
		c.type = c.type == 2 ? 1 : 2;
		assert_false(taken(&c));
		c = o.cose;
		c.alg = -257; /* RS256 */
		assert_false(taken(&c));
		c = o.cose;
		c.curve = c.curve == 1 ? 8 : 1; /* secp256k1 */
		assert_false(taken(&c));
		c = o.cose;
		c.y = o.point;
		c.n_y = c.n_y > 0 ? 0 : 32;
		assert_false(taken(&c));
		EVP_PKEY_free(o.pkey);
	}
}

static void
test_malformed(void **state)
{
	static const char *const rows[] = { "", "a0", "f6", "80",
		"a10102",	      /* the key type alone */
		"a201020326",	      /* no point */
		"a40101032720062140", /* an empty point */
		"a5010203262001215820", "a4010203262001225820",
		"a5010203262001214100224100",
		/* compressed: y is a bool */
		"a5010203262001215820"
		"0000000000000000000000000000000000000000000000000000000000000005"
		"22f5",
		/* a private key's d, and a key id, are not for here */
		"a40101032720062340", "a4010102410003272006" };
	uint8_t bytes[256];
	struct cseal_pubkey *k;
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cseal_slice s = { bytes, strlen(rows[i]) / 2 };

		assert_int_equal(cseal_unhex(rows[i], bytes, s.len), CSEAL_OK);
		assert_int_equal(
		    cseal_pubkey_from_cose(&k, s, &used), CSEAL_ERR_FORMAT);
		assert_null(k);
	}
}

/* A DER signature with something else in it than DER wants. */
static void
test_strict_der(void **state)
{
	const struct cseal_slice message = { (const uint8_t *)"what", 4 };
	struct cseal_pubkey *k = NULL;
	uint8_t sig[128], lax[140];
	struct own o;
	struct cseal_slice s = { lax, 0 };
	size_t n, r;

	(void)state;
	make(&o, 0);
	assert_int_equal(parse(&o.cose, &k), CSEAL_OK);
	n = own_sign(&o, "what", sig);
	r = sig[3];
	/* one byte behind it */
	memcpy(lax, sig, n);
	lax[n] = 0;
	s.len = n + 1;
	assert_int_equal(
	    cseal_pubkey_verify(k, message, s), CSEAL_ERR_SIGNATURE);
	/* the same, counted as a part of the sequence */
	lax[1]++;
	assert_int_equal(
	    cseal_pubkey_verify(k, message, s), CSEAL_ERR_SIGNATURE);
	/* the sequence's length in two bytes */
	lax[0] = 0x30;
	lax[1] = 0x81;
	lax[2] = (uint8_t)(n - 2);
	memcpy(lax + 3, sig + 2, n - 2);
	s.len = n + 1;
	assert_int_equal(
	    cseal_pubkey_verify(k, message, s), CSEAL_ERR_SIGNATURE);
	/* a zero byte in front of r that is not needed */
	lax[1] = (uint8_t)(sig[1] + 1);
	lax[2] = 0x02;
	lax[3] = (uint8_t)(r + 1);
	lax[4] = 0;
	memcpy(lax + 5, sig + 4, n - 4);
	assert_int_equal(
	    cseal_pubkey_verify(k, message, s), CSEAL_ERR_SIGNATURE);
	/* an indefinite length */
	lax[0] = 0x30;
	lax[1] = 0x80;
	memcpy(lax + 2, sig + 2, n - 2);
	lax[n] = lax[n + 1] = 0;
	s.len = n + 2;
	assert_int_equal(
	    cseal_pubkey_verify(k, message, s), CSEAL_ERR_SIGNATURE);
	cseal_pubkey_free(k);
	EVP_PKEY_free(o.pkey);
}

static void
test_free_null(void **state)
{
	(void)state;
	cseal_pubkey_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_pem),
		cmocka_unit_test(test_off_the_curve),
		cmocka_unit_test(test_coordinate_not_reduced),
		cmocka_unit_test(test_small_order),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_wrong_numbers),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_strict_der),
		cmocka_unit_test(test_free_null),
	};

	return cmocka_run_group_tests_name("pubkey", tests, NULL, NULL);
}
