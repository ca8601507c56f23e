/* SPDX-License-Identifier: BSD-2-Clause */
/* What the PIN/UV auth protocols are built from, against known answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pincrypto.h"

#define MAX 64

/* Hexadecimal digits to bytes; returns how many. */
static size_t
unhex(const char *hex, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(hex) / 2;

	assert_true(n <= MAX);
	for (size_t i = 0; i < 2 * n; i++) {
		const char *d = strchr(digits, hex[i]);

		assert_non_null(d);
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (d - digits));
	}
	return n;
}

static void
expect(const uint8_t *got, const char *hex)
{
	uint8_t want[MAX] = { 0 };
	size_t n = unhex(hex, want);

	assert_memory_equal(got, want, n);
}

/* RFC 5903, section 8.1: i, gr and the x-coordinate of girx. */
#define SECRET \
	"c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"
#define PEER_X \
	"d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
#define PEER_Y \
	"56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"
#define SHARED \
	"d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"

static void
key_agreement(void **state)
{
	uint8_t secret[MAX] = { 0 }, z[PINCRYPTO_COORD];
	struct public_key peer = { 0 };

	(void)state;
	unhex(SECRET, secret);
	unhex(PEER_X, peer.x);
	unhex(PEER_Y, peer.y);
	assert_int_equal(pincrypto_ecdh(secret, &peer, z), 0);
	expect(z, SHARED);
}

/* A point off the curve would give the secret away, bit by bit. */
static void
points_off_the_curve_are_refused(void **state)
{
	uint8_t secret[MAX] = { 0 }, z[PINCRYPTO_COORD];
	struct public_key peer = { 0 };

	(void)state;
	unhex(SECRET, secret);
	assert_int_equal(pincrypto_ecdh(secret, &peer, z), -1);
	unhex(PEER_X, peer.x);
	unhex(PEER_Y, peer.y);
	for (size_t i = 0; i < PINCRYPTO_COORD; i++) {
		peer.y[i] ^= 1;
		assert_int_equal(pincrypto_ecdh(secret, &peer, z), -1);
		peer.y[i] ^= 1;
	}
	memset(peer.x, 0xff, sizeof(peer.x));
	assert_int_equal(pincrypto_ecdh(secret, &peer, z), -1);
}

/*
 * With Python's hmac: prk = HMAC(32 zero bytes, SHARED), then
 * HMAC(prk, info || 0x01) (RFC 5869, sections 2.2 and 2.3).
 */
static void
derived_keys(void **state)
{
	uint8_t z[MAX] = { 0 }, key[CRYPTO_KEY];

	(void)state;
	unhex(SHARED, z);
	assert_int_equal(pincrypto_hkdf(z, "CTAP2 HMAC key", key), 0);
	expect(key, "b9111d382554aa6ba0a8704b14ba83e5"
		    "9260204b3ed2e08bf1c887602f9d4636");
	assert_int_equal(pincrypto_hkdf(z, "CTAP2 AES key", key), 0);
	expect(key, "41c8213da7d845552c23da07f946f6fe"
		    "28951e81f62e2103043af94b29fe1b18");
}

/* RFC 4231, test case 1: a short key and one filled up with zeros are one. */
static void
authentication(void **state)
{
	static const uint8_t text[] = "Hi There";
	uint8_t key[CRYPTO_KEY] = { 0 }, mac[CRYPTO_HASH];

	(void)state;
	memset(key, 0x0b, 20);
	for (size_t cut = 0; cut <= 8; cut++) {
		memset(mac, 0, sizeof(mac));
		assert_int_equal(
		    pincrypto_hmac(key, text, cut, text + cut, 8 - cut, mac),
		    0);
		expect(mac, "b0344c61d8db38535ca8afceaf0bf12b"
			    "881dc200c9833da726e9376c2e32cff7");
	}
}

/* NIST SP 800-38A, F.2.5: the first two blocks. */
static void
encryption(void **state)
{
	static const char plain[] = "6bc1bee22e409f96e93d7e117393172a"
				    "ae2d8a571e03ac9c9eb76fac45af8e51";
	static const char sealed[] = "f58c4c04d6e5f1ba779eabfb5f7bfbd6"
				     "9cfc4e967edb808d679f777bc6702c7d";
	uint8_t key[MAX] = { 0 }, iv[MAX] = { 0 }, in[MAX] = { 0 }, out[MAX];

	(void)state;
	unhex("603deb1015ca71be2b73aef0857d7781"
	      "1f352c073b6108d72d9810a30914dff4",
	    key);
	unhex("000102030405060708090a0b0c0d0e0f", iv);
	unhex(plain, in);
	assert_int_equal(pincrypto_cbc(true, key, iv, in, 32, out), 0);
	expect(out, sealed);
	memcpy(in, out, 32);
	assert_int_equal(pincrypto_cbc(false, key, iv, in, 32, out), 0);
	expect(out, plain);
	for (size_t n = 1; n < 32; n++) {
		const int want = n == PINCRYPTO_BLOCK ? 0 : -1;

		assert_int_equal(
		    pincrypto_cbc(false, key, iv, in, n, out), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_agreement),
		cmocka_unit_test(points_off_the_curve_are_refused),
		cmocka_unit_test(derived_keys),
		cmocka_unit_test(authentication),
		cmocka_unit_test(encryption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
