/* SPDX-License-Identifier: BSD-2-Clause */
/* AES-256-GCM, with the values of its authors. */

#include "aead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

/* McGrew, Viega: The Galois/Counter Mode of Operation, test case 16. */
#define KEY   "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
#define NONCE "cafebabefacedbaddecaf888"
#define AAD   "feedfacedeadbeeffeedfacedeadbeefabaddad2"
#define PLAIN                                                              \
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" \
	"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
#define CIPHER                                                             \
	"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" \
	"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
#define TAG "76fc6ece0f4e1768cddf8853bb2d551b"

struct fixture {
	uint8_t key[AEAD_KEY_BYTES], nonce[AEAD_NONCE_BYTES];
	uint8_t tag[AEAD_TAG_BYTES], aad[20], plain[60], cipher[60];
	struct cseal_buf out;
};

static int
setup(void **state)
{
	static struct fixture f;

	assert_int_equal(cseal_unhex(KEY, f.key, sizeof(f.key)), CSEAL_OK);
	assert_int_equal(
	    cseal_unhex(NONCE, f.nonce, sizeof(f.nonce)), CSEAL_OK);
	assert_int_equal(cseal_unhex(AAD, f.aad, sizeof(f.aad)), CSEAL_OK);
	assert_int_equal(
	    cseal_unhex(PLAIN, f.plain, sizeof(f.plain)), CSEAL_OK);
	assert_int_equal(
	    cseal_unhex(CIPHER, f.cipher, sizeof(f.cipher)), CSEAL_OK);
	assert_int_equal(cseal_unhex(TAG, f.tag, sizeof(f.tag)), CSEAL_OK);
	cseal_buf_init(&f.out, 0);
	cseal_buf_add_str(&f.out, "before");
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	cseal_buf_free(&f->out);
	return 0;
}

static int
open_it(struct fixture *f)
{
	const struct cseal_slice aad = { f->aad, sizeof(f->aad) };
	const struct cseal_slice cipher = { f->cipher, sizeof(f->cipher) };

	return aead_open(&f->out, f->key, f->nonce, aad, cipher, f->tag);
}

static void
test_known(void **state)
{
	struct fixture *f = *state;
	const struct cseal_slice aad = { f->aad, sizeof(f->aad) };
	const struct cseal_slice plain = { f->plain, sizeof(f->plain) };

	assert_int_equal(
	    aead_seal(&f->out, f->key, f->nonce, aad, plain), CSEAL_OK);
	assert_int_equal(f->out.len, 6 + 60 + 16);
	assert_memory_equal(f->out.data, "before", 6);
	assert_memory_equal(f->out.data + 6, f->cipher, 60);
	assert_memory_equal(f->out.data + 66, f->tag, 16);
	cseal_buf_reset(&f->out);
	assert_int_equal(open_it(f), CSEAL_OK);
	assert_int_equal(f->out.len, 60);
	assert_memory_equal(f->out.data, f->plain, 60);
}

/* A bit of anything; what was deciphered before the tag is gone again. */
static void
test_altered(void **state)
{
	struct fixture *f = *state;
	uint8_t *const at[] = { f->key, f->nonce, f->tag + 15, f->aad + 19,
		f->cipher, f->cipher + 59 };
	static const uint8_t zero[60];

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		*at[i] ^= 0x80;
		assert_int_equal(open_it(f), CSEAL_ERR_CORRUPT);
		*at[i] ^= 0x80;
		assert_int_equal(f->out.len, 6);
		assert_memory_equal(f->out.data, "before", 6);
		assert_true(f->out.cap >= 66);
		assert_memory_equal(f->out.data + 6, zero, sizeof(zero));
	}
	assert_int_equal(open_it(f), CSEAL_OK);
}

/* No room: nothing half. */
static void
test_no_room(void **state)
{
	struct fixture *f = *state;

	cseal_buf_free(&f->out);
	cseal_buf_init(&f->out, 59);
	assert_int_equal(open_it(f), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(f->out.len, 0);
}

#define AEAD(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AEAD(test_known),
		AEAD(test_altered),
		AEAD(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
