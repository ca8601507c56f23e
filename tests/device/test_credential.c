/* SPDX-License-Identifier: BSD-2-Clause */
/* The token's keys: derived, wrapped, and checked against known answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "credential.h"

static const uint8_t master[CRYPTO_KEY] = "a master key that nobody knows.";
static const uint8_t rp_hash[CRYPTO_HASH] = "hash of an rp id, not really...";
static const uint8_t nonce[CRYPTO_NONCE] = "twelve byte";

/* Order of P-256, FIPS 186-4 D.1.2.3. */
static const uint8_t order[32] = { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
	0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };

static struct private_key
sample_key(void)
{
	struct private_key k = { .alg = keyalg_by_cose(-7) };

	assert_non_null(k.alg);
	for (size_t i = 0; i < k.alg->secret_len; i++)
		k.secret[i] = (uint8_t)(i + 1);
	return k;
}

/* RFC 6979, appendix A.2.5. */
static void
public_key_of_a_known_secret(void **state)
{
	static const uint8_t secret[32] = { 0xc9, 0xaf, 0xa9, 0xd8, 0x45, 0xba,
		0x75, 0x16, 0x6b, 0x5c, 0x21, 0x57, 0x67, 0xb1, 0xd6, 0x93,
		0x4e, 0x50, 0xc3, 0xdb, 0x36, 0xe8, 0x9b, 0x12, 0x7b, 0x8a,
		0x62, 0x2b, 0x12, 0x0f, 0x67, 0x21 };
	static const uint8_t x[32] = { 0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d,
		0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6, 0x35, 0x6d, 0x68, 0xc0,
		0x49, 0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62,
		0x2e, 0x60, 0xf2, 0x9f, 0xb6 };
	static const uint8_t y[32] = { 0x79, 0x03, 0xfe, 0x10, 0x08, 0xb8, 0xbc,
		0x99, 0xa4, 0x1a, 0xe9, 0xe9, 0x56, 0x28, 0xbc, 0x64, 0xf2,
		0xf1, 0xb2, 0x0c, 0x2d, 0x7e, 0x9f, 0x51, 0x77, 0xa3, 0xc2,
		0x94, 0xd4, 0x46, 0x22, 0x99 };
	struct public_key pub;

	(void)state;
	assert_int_equal(keyalg_by_cose(-7)->derive(secret, &pub), 0);
	assert_memory_equal(pub.x, x, 32);
	assert_memory_equal(pub.y, y, 32);
}

static void
secrets_out_of_range_are_refused(void **state)
{
	const struct keyalg *alg = keyalg_by_cose(-7);
	uint8_t secret[32] = { 0 };
	struct public_key pub;

	(void)state;
	assert_int_equal(alg->derive(secret, &pub), -1);
	memcpy(secret, order, 32);
	assert_int_equal(alg->derive(secret, &pub), -1);
	secret[31]++;
	assert_int_equal(alg->derive(secret, &pub), -1);
	memset(secret, 0xff, 32);
	assert_int_equal(alg->derive(secret, &pub), -1);
	memcpy(secret, order, 32);
	secret[31]--;
	assert_int_equal(alg->derive(secret, &pub), 0);
}

/* Test case 14 of McGrew and Viega's GCM specification. */
static void
wrapping_is_aes_256_gcm(void **state)
{
	static const uint8_t zero[32];
	static const uint8_t want[32] = { 0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60,
		0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18,
		0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b,
		0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19 };
	uint8_t out[32], back[16];

	(void)state;
	assert_int_equal(crypto_seal(zero, zero, zero, 0, zero, 16, out), 0);
	assert_memory_equal(out, want, 32);
	assert_int_equal(crypto_unseal(zero, zero, zero, 0, out, 32, back), 0);
	assert_memory_equal(back, zero, 16);
	assert_int_equal(crypto_unseal(zero, zero, zero, 0, out, 15, back), -1);
}

static void
wrapped_key_comes_back(void **state)
{
	const struct private_key key = sample_key();
	struct private_key back;
	struct credential_id id;

	(void)state;
	assert_int_equal(credential_wrap(master, &key, rp_hash, nonce, &id), 0);
	assert_int_equal(id.len, 62);
	assert_null(memmem(id.data, id.len, key.secret, 8));
	assert_int_equal(
	    credential_unwrap(master, id.data, id.len, rp_hash, &back), 0);
	assert_ptr_equal(back.alg, key.alg);
	assert_memory_equal(back.secret, key.secret, sizeof(key.secret));
}

static void
others_cannot_unwrap(void **state)
{
	static const struct private_key none;
	const struct private_key key = sample_key();
	uint8_t other[32];
	struct private_key back;
	struct credential_id id;

	(void)state;
	assert_int_equal(credential_wrap(master, &key, rp_hash, nonce, &id), 0);
	memcpy(other, master, 32);
	other[31] ^= 1;
	assert_int_equal(
	    credential_unwrap(other, id.data, id.len, rp_hash, &back), -1);
	assert_memory_equal(back.secret, none.secret, sizeof(none.secret));
	memcpy(other, rp_hash, 32);
	other[0] ^= 1;
	assert_int_equal(
	    credential_unwrap(master, id.data, id.len, other, &back), -1);
	for (size_t n = 0; n < id.len; n++)
		assert_int_equal(
		    credential_unwrap(master, id.data, n, rp_hash, &back), -1);
	for (size_t i = 0; i < id.len; i++) {
		id.data[i] ^= 0x80;
		assert_int_equal(
		    credential_unwrap(master, id.data, id.len, rp_hash, &back),
		    -1);
		assert_memory_equal(
		    back.secret, none.secret, sizeof(none.secret));
		id.data[i] ^= 0x80;
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
	for (size_t i = 0; i < keyalg_count(); i++) {
		const struct keyalg *alg = keyalg_at(i);

		assert_ptr_equal(keyalg_by_cose(alg->cose), alg);
		assert_ptr_equal(keyalg_by_wire(alg->wire), alg);
		assert_true(alg->secret_len <= CRYPTO_SECRET_MAX);
		assert_true(alg->coord_len <= CRYPTO_COORD_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(public_key_of_a_known_secret),
		cmocka_unit_test(secrets_out_of_range_are_refused),
		cmocka_unit_test(wrapping_is_aes_256_gcm),
		cmocka_unit_test(wrapped_key_comes_back),
		cmocka_unit_test(others_cannot_unwrap),
		cmocka_unit_test(algorithms_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
