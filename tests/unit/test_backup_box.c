/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock around a backup: nothing altered, cut or moved opens. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backup_box.h"
#include "slice.h"

static const char word[] = "five words nobody puts together";
static const char other[] = "six words that nobody puts together";

struct box {
	char folder[32];
	struct cseal_desk_key *key, *stranger;
	uint8_t desks[1][CSEAL_DESK_KEY_BYTES];
	struct cseal_buf plain, sealed;
	uint8_t k[AEAD_KEY_BYTES];
	struct cseal_error err;
};

static struct cseal_desk_key *
make_key(struct box *b, const char *name)
{
	struct cseal_desk_key *k = NULL;
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", b->folder, name);
	assert_int_equal(cseal_desk_key_open(&k, path, true, &b->err), 0);
	unlink(path);
	return k;
}

static int
setup(void **state)
{
	struct box *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return -1;
	snprintf(b->folder, sizeof(b->folder), "/tmp/box.XXXXXX");
	if (mkdtemp(b->folder) == NULL)
		return -1;
	b->key = make_key(b, "key");
	b->stranger = make_key(b, "stranger");
	cseal_desk_key_public(b->key, b->desks[0]);
	cseal_buf_init(&b->plain, 0);
	cseal_buf_init(&b->sealed, 0);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct box *b = *state;

	cseal_desk_key_free(b->key);
	cseal_desk_key_free(b->stranger);
	cseal_buf_free(&b->plain);
	cseal_buf_free(&b->sealed);
	rmdir(b->folder);
	free(b);
	return 0;
}

static void
seal(struct box *b, size_t n, bool to_desk)
{
	const struct cseal_backup_to to = {
		.desks = (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])b->desks,
		.n = to_desk,
		.passphrase = slice_of(word)
	};

	cseal_buf_reset(&b->plain);
	cseal_buf_reset(&b->sealed);
	for (size_t i = 0; i < n; i++)
		(void)cseal_buf_add_u8(&b->plain, (uint8_t)(i * 7 + i / 251));
	assert_int_equal(backup_box_seal(&b->sealed, &to, BACKUP_LOG_N_MIN,
			     cseal_buf_slice(&b->plain), b->k, &b->err),
	    CSEAL_OK);
}

/* Opens `bytes` with the desk's key or the word; the code. */
static int
open_with(struct box *b, struct cseal_slice bytes,
    const struct cseal_desk_key *key, const char *w)
{
	uint8_t k[AEAD_KEY_BYTES];
	struct backup_box box;
	struct cseal_buf out;
	int r = backup_box_parse(&box, bytes, &b->err);

	if (r == CSEAL_OK)
		r = backup_box_key(&box, key, slice_of(w), k, &b->err);
	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&out, 0);
	r = backup_box_open(&box, k, &out, &b->err);
	if (r == CSEAL_OK) {
		assert_int_equal(out.len, b->plain.len);
		assert_memory_equal(out.data, b->plain.data, out.len);
	}
	cseal_buf_free(&out);
	return r;
}

static void
test_round_trip(void **state)
{
	static const size_t sizes[] = { 1, 1000, BACKUP_CHUNK - 1, BACKUP_CHUNK,
		BACKUP_CHUNK + 1, 3 * BACKUP_CHUNK };
	struct box *b = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		seal(b, sizes[i], true);
		assert_int_equal(
		    open_with(b, cseal_buf_slice(&b->sealed), b->key, ""),
		    CSEAL_OK);
	}
	seal(b, 70000, false);
	assert_int_equal(
	    open_with(b, cseal_buf_slice(&b->sealed), NULL, word), CSEAL_OK);
}

static void
test_others(void **state)
{
	struct box *b = *state;

	seal(b, 100, true);
	assert_int_equal(
	    open_with(b, cseal_buf_slice(&b->sealed), b->stranger, word),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(open_with(b, cseal_buf_slice(&b->sealed), NULL, word),
	    CSEAL_ERR_NOT_FOUND);
	seal(b, 100, false);
	assert_int_equal(
	    open_with(b, cseal_buf_slice(&b->sealed), b->key, other),
	    CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    open_with(b, cseal_buf_slice(&b->sealed), NULL, "short"),
	    CSEAL_ERR_INPUT);
}

static void
test_flips(void **state)
{
	struct box *b = *state;
	struct cseal_slice all;

	seal(b, 200, true);
	all = cseal_buf_slice(&b->sealed);
	for (size_t i = 0; i < all.len; i++) {
		for (unsigned bit = 0; bit < 8; bit += 7) {
			b->sealed.data[i] ^= (uint8_t)(1u << bit);
			assert_int_not_equal(
			    open_with(b, all, b->key, ""), CSEAL_OK);
			b->sealed.data[i] ^= (uint8_t)(1u << bit);
		}
	}
	assert_int_equal(open_with(b, all, b->key, ""), CSEAL_OK);
	/* Of a passphrase's, the salt and the work are in the header. */
	seal(b, 10, false);
	all = cseal_buf_slice(&b->sealed);
	for (size_t i = 0; i < all.len; i++) {
		b->sealed.data[i] ^= 1;
		assert_int_not_equal(open_with(b, all, NULL, word), CSEAL_OK);
		b->sealed.data[i] ^= 1;
	}
}

static void
test_cut(void **state)
{
	struct box *b = *state;
	struct cseal_slice all;

	seal(b, 200, true);
	all = cseal_buf_slice(&b->sealed);
	for (size_t n = 0; n < all.len; n++)
		assert_int_not_equal(
		    open_with(
			b, (struct cseal_slice){ all.data, n }, b->key, ""),
		    CSEAL_OK);
	(void)cseal_buf_add_u8(&b->sealed, 0);
	assert_int_not_equal(
	    open_with(b, cseal_buf_slice(&b->sealed), b->key, ""), CSEAL_OK);
	/* Whole chunks, one less, or exchanged. */
	seal(b, 3 * BACKUP_CHUNK, true);
	all = cseal_buf_slice(&b->sealed);
	all.len -= BACKUP_CHUNK + AEAD_TAG_BYTES;
	assert_int_equal(open_with(b, all, b->key, ""), CSEAL_ERR_CORRUPT);
	all.len += BACKUP_CHUNK + AEAD_TAG_BYTES;
	for (size_t i = 0; i < BACKUP_CHUNK + AEAD_TAG_BYTES; i++) {
		uint8_t *last = b->sealed.data + all.len - 1 - i;
		uint8_t *before = last - BACKUP_CHUNK - AEAD_TAG_BYTES;
		const uint8_t v = *last;

		*last = *before;
		*before = v;
	}
	assert_int_equal(open_with(b, all, b->key, ""), CSEAL_ERR_CORRUPT);
}

/* Headers by hand: {1: version, 3: work, 4: salt}. */
static int
with_header(struct box *b, const char *header, size_t n)
{
	static const char magic[] = "counterseal backup\n";

	cseal_buf_reset(&b->sealed);
	(void)cseal_buf_add(&b->sealed, magic, sizeof(magic) - 1);
	(void)cseal_buf_add_u32(&b->sealed, (uint32_t)n);
	(void)cseal_buf_add(&b->sealed, header, n);
	for (size_t i = 0; i < 40; i++)
		(void)cseal_buf_add_u8(&b->sealed, 0);
	return open_with(b, cseal_buf_slice(&b->sealed), NULL, word);
}

#define SALT       \
	"\x04\x50" \
	"0123456789abcdef"
static void
test_headers(void **state)
{
	struct box *b = *state;

#define HEADER(s) with_header(b, s, sizeof(s) - 1)
	assert_int_equal(
	    HEADER("\xa3\x01\x01\x03\x0e" SALT), CSEAL_ERR_CORRUPT);
	assert_int_equal(HEADER("\xa3\x01\x02\x03\x0e" SALT), CSEAL_ERR_NEWER);
	/* Work that would take the machine's memory, or protects nothing. */
	assert_int_equal(HEADER("\xa3\x01\x01\x03\x14" SALT), CSEAL_ERR_FORMAT);
	assert_int_equal(HEADER("\xa3\x01\x01\x03\x0d" SALT), CSEAL_ERR_FORMAT);
	/* No way to open it, half of one, two. */
	assert_int_equal(HEADER("\xa1\x01\x01"), CSEAL_ERR_FORMAT);
	assert_int_equal(HEADER("\xa2\x01\x01\x03\x0e"), CSEAL_ERR_FORMAT);
	assert_int_equal(HEADER("\xa2\x01\x01" SALT), CSEAL_ERR_FORMAT);
	assert_int_equal(
	    HEADER("\xa4\x01\x01\x02\x41x\x03\x0e" SALT), CSEAL_ERR_FORMAT);
	assert_int_equal(HEADER(""), CSEAL_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define BOX_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		BOX_TEST(test_round_trip),
		BOX_TEST(test_others),
		BOX_TEST(test_flips),
		BOX_TEST(test_cut),
		BOX_TEST(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
