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

static struct private_key
sample_key(void)
{
	struct private_key k = { .alg = keyalg_by_cose(-7),
		.policy = { PROTECT_UV_OPTIONAL, false } };

	assert_non_null(k.alg);
	for (size_t i = 0; i < k.alg->secret_len; i++)
		k.secret[i] = (uint8_t)(i + 1);
	return k;
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
	assert_int_equal(id.len, 63);
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
policy_travels_with_the_key(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct private_key key = sample_key(), back;
		struct credential_id id;

		key.policy.protection = (enum credential_protection)(1 + i / 2);
		key.policy.resident = i % 2 == 1;
		assert_int_equal(
		    credential_wrap(master, &key, rp_hash, nonce, &id), 0);
		assert_int_equal(
		    credential_unwrap(master, id.data, id.len, rp_hash, &back),
		    0);
		assert_int_equal(back.policy.protection, key.policy.protection);
		assert_int_equal(back.policy.resident, key.policy.resident);
		/* Nobody takes the protection off. */
		for (int policy = 0; policy < 256; policy++) {
			const uint8_t old = id.data[2];

			id.data[2] = (uint8_t)policy;
			assert_int_equal(credential_unwrap(master, id.data,
					     id.len, rp_hash, &back),
			    policy == old ? 0 : -1);
			id.data[2] = old;
		}
	}
}

/* As tokens made them before there were policies. */
static void
ids_of_format_1_open(void **state)
{
	const struct private_key key = sample_key();
	uint8_t aad[2 + CRYPTO_HASH] = { 1, 1 };
	uint8_t id[2 + CRYPTO_NONCE + 32 + CRYPTO_TAG] = { 1, 1 };
	struct private_key back;

	(void)state;
	memcpy(aad + 2, rp_hash, CRYPTO_HASH);
	memcpy(id + 2, nonce, CRYPTO_NONCE);
	assert_int_equal(crypto_seal(master, nonce, aad, sizeof(aad),
			     key.secret, 32, id + 2 + CRYPTO_NONCE),
	    0);
	assert_int_equal(
	    credential_unwrap(master, id, sizeof(id), rp_hash, &back), 0);
	assert_memory_equal(back.secret, key.secret, 32);
	assert_int_equal(back.policy.protection, PROTECT_UV_OPTIONAL);
	assert_false(back.policy.resident);
	id[0] = 2;
	assert_int_equal(
	    credential_unwrap(master, id, sizeof(id), rp_hash, &back), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping_is_aes_256_gcm),
		cmocka_unit_test(wrapped_key_comes_back),
		cmocka_unit_test(others_cannot_unwrap),
		cmocka_unit_test(policy_travels_with_the_key),
		cmocka_unit_test(ids_of_format_1_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
