/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The token's signature algorithms: public keys against known answers, and
 * signatures as libfido2 verifies them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/es384.h>

#include <cmocka.h>

#include "credential.h"
#include "device_harness.h"

static const uint8_t client_data_hash[32] = "the hash of some client data...";

/* In hexadecimal. */
struct answer {
	int32_t cose;
	const char *secret, *x, *y;
};

static const struct answer answers[] = {
	/* RFC 6979, appendix A.2.5 */
	{ -7,
	    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
	    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
	    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299" },
	/* RFC 8032, section 7.1, test 1 */
	{ -8,
	    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    "" },
	/* RFC 6979, appendix A.2.6 */
	{ -35,
	    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba"
	    "9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
	    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e"
	    "06aae5286b300c64def8f0ea9055866064a254515480bc13",
	    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9"
	    "f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720" },
};

/* FIPS 186-4, D.1.2.3 and D.1.2.4: no private key is 0, this, or more. */
static const struct answer orders[] = {
	{ -7,
	    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
	    NULL, NULL },
	{ -35,
	    "ffffffffffffffffffffffffffffffffffffffffffffffff"
	    "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
	    NULL, NULL },
};

static uint8_t
digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static size_t
from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		out[i] =
		    (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return n;
}

static void
public_keys_of_known_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer *a = &answers[i];
		const struct keyalg *alg = keyalg_by_cose(a->cose);
		uint8_t secret[64], x[64], y[64];
		struct public_key pub;

		assert_non_null(alg);
		assert_int_equal(from_hex(a->secret, secret), alg->secret_len);
		assert_int_equal(from_hex(a->x, x), alg->x_len);
		assert_int_equal(from_hex(a->y, y), alg->y_len);
		assert_int_equal(alg->derive(secret, &pub), 0);
		assert_memory_equal(pub.x, x, alg->x_len);
		if (alg->y_len > 0)
			assert_memory_equal(pub.y, y, alg->y_len);
	}
}

static void
secrets_out_of_range_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const struct keyalg *alg = keyalg_by_cose(orders[i].cose);
		uint8_t secret[64] = { 0 };
		struct public_key pub;
		size_t n = alg->secret_len;

		assert_int_equal(alg->derive(secret, &pub), -1);
		assert_int_equal(from_hex(orders[i].secret, secret), n);
		assert_int_equal(alg->derive(secret, &pub), -1);
		secret[n - 1]++;
		assert_int_equal(alg->derive(secret, &pub), -1);
		memset(secret, 0xff, n);
		assert_int_equal(alg->derive(secret, &pub), -1);
		from_hex(orders[i].secret, secret);
		secret[n - 1]--;
		assert_int_equal(alg->derive(secret, &pub), 0);
	}
}

static void
algorithms_are_told_apart(void **state)
{
	(void)state;
	assert_null(keyalg_by_cose(0));
	assert_null(keyalg_by_cose(7));
	assert_null(keyalg_by_wire(0));
	assert_null(keyalg_at(keyalg_count()));
	assert_int_equal(keyalg_count(), sizeof(answers) / sizeof(answers[0]));
	for (size_t i = 0; i < keyalg_count(); i++) {
		const struct keyalg *alg = keyalg_at(i);

		assert_ptr_equal(keyalg_by_cose(alg->cose), alg);
		assert_ptr_equal(keyalg_by_wire(alg->wire), alg);
		assert_true(alg->secret_len <= CRYPTO_SECRET_MAX);
		assert_true(alg->x_len <= CRYPTO_COORD_MAX);
		assert_true(alg->y_len <= CRYPTO_COORD_MAX);
	}
}

/* The key is as libfido2 took it out of the attestation. */
static int
verify(const fido_assert_t *a, const fido_cred_t *c)
{
	const uint8_t *p = fido_cred_pubkey_ptr(c);
	size_t n = fido_cred_pubkey_len(c);
	es256_pk_t *es256 = es256_pk_new();
	es384_pk_t *es384 = es384_pk_new();
	eddsa_pk_t *eddsa = eddsa_pk_new();
	int r = -1;

	switch (fido_cred_type(c)) {
	case COSE_ES256:
		assert_int_equal(es256_pk_from_ptr(es256, p, n), FIDO_OK);
		r = fido_assert_verify(a, 0, COSE_ES256, es256);
		break;
	case COSE_ES384:
		assert_int_equal(es384_pk_from_ptr(es384, p, n), FIDO_OK);
		r = fido_assert_verify(a, 0, COSE_ES384, es384);
		break;
	case COSE_EDDSA:
		assert_int_equal(eddsa_pk_from_ptr(eddsa, p, n), FIDO_OK);
		r = fido_assert_verify(a, 0, COSE_EDDSA, eddsa);
		break;
	}
	es256_pk_free(&es256);
	es384_pk_free(&es384);
	eddsa_pk_free(&eddsa);
	return r;
}

static fido_cred_t *
make(fido_dev_t *dev, int type)
{
	fido_cred_t *c = fido_cred_new();

	assert_int_equal(fido_cred_set_type(c, type), FIDO_OK);
	assert_int_equal(fido_cred_set_clientdata_hash(
			     c, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, "example.org", NULL), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_user(c, (const uint8_t *)"id", 2, "a", NULL, NULL),
	    FIDO_OK);
	assert_int_equal(fido_dev_make_cred(dev, c, NULL), FIDO_OK);
	return c;
}

static fido_assert_t *
sign(fido_dev_t *dev, const fido_cred_t *c, uint8_t first)
{
	fido_assert_t *a = fido_assert_new();
	uint8_t hash[32];

	memcpy(hash, client_data_hash, sizeof(hash));
	hash[0] = first;
	assert_int_equal(
	    fido_assert_set_clientdata_hash(a, hash, sizeof(hash)), FIDO_OK);
	assert_int_equal(fido_assert_set_rp(a, "example.org"), FIDO_OK);
	assert_int_equal(
	    fido_assert_allow_cred(a, fido_cred_id_ptr(c), fido_cred_id_len(c)),
	    FIDO_OK);
	assert_int_equal(fido_dev_get_assert(dev, a, NULL), FIDO_OK);
	return a;
}

static void
signatures_verify_with_libfido2(void **state)
{
	static const int types[] = { COSE_ES256, COSE_EDDSA, COSE_ES384 };
	struct harness *h = harness_new("device:", true);
	fido_dev_t *dev = harness_open(h);

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		fido_cred_t *c = make(dev, types[i]);
		fido_assert_t *a;

		assert_int_equal(fido_cred_type(c), types[i]);
		assert_int_equal(fido_cred_verify_self(c), FIDO_OK);
		/* DER signatures of all lengths come by. */
		for (uint8_t n = 0; n < 16; n++) {
			a = sign(dev, c, n);
			assert_int_equal(verify(a, c), FIDO_OK);
			assert_int_equal(
			    fido_assert_set_clientdata_hash(
				a, client_data_hash, sizeof(client_data_hash)),
			    FIDO_OK);
			assert_int_not_equal(verify(a, c), FIDO_OK);
			fido_assert_free(&a);
		}
		fido_cred_free(&c);
	}
	harness_close(&dev);
	harness_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(public_keys_of_known_secrets),
		cmocka_unit_test(secrets_out_of_range_are_refused),
		cmocka_unit_test(algorithms_are_told_apart),
		cmocka_unit_test(signatures_verify_with_libfido2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
