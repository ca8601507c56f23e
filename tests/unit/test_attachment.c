/* SPDX-License-Identifier: BSD-2-Clause */
/* Files given as evidence: kept, read again, and never in clear. */

#include "attachment.h"
#include "counterseal/evidence.h"
#include "ledger_beside.h"
#include "ledger_fixture.h"

#define PIECE ((size_t)512 << 10)

static const uint8_t salt[CSEAL_SALT_BYTES] = { 1, 2, 3 };
static const uint8_t of[CSEAL_HASH_BYTES] = { 0xab, 9, 9 };

static struct cseal_slice
file_of(size_t n)
{
	uint8_t *p = malloc(n);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 7 + i / 256);
	return (struct cseal_slice){ p, n };
}

static void
put(struct fixture *f, struct cseal_slice file)
{
	assert_int_equal(
	    attachment_put(f->l, of, salt, file, &f->err), CSEAL_OK);
}

static int
get(struct fixture *f, const uint8_t *with, struct cseal_buf *out)
{
	cseal_buf_init(out, 0);
	return attachment_get(f->l, of, with, out, &f->err);
}

static void
assert_gives(struct fixture *f, int want)
{
	struct cseal_buf b;

	assert_int_equal(get(f, salt, &b), want);
	cseal_buf_free(&b);
}

static void
test_sizes(void **state)
{
	static const size_t sizes[] = { 1, PIECE - 1, PIECE, PIECE + 1,
		3 * PIECE, CSEAL_EVIDENCE_FILE_MAX };
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct cseal_slice file = file_of(sizes[i]);
		struct cseal_buf b;

		put(f, file);
		assert_int_equal(get(f, salt, &b), CSEAL_OK);
		assert_int_equal(b.len, file.len);
		assert_memory_equal(b.data, file.data, file.len);
		cseal_buf_free(&b);
		free((void *)(uintptr_t)file.data);
	}
}

static void
test_too_large(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice file = file_of(CSEAL_EVIDENCE_FILE_MAX + 1);

	assert_int_equal(
	    attachment_put(f->l, of, salt, file, &f->err), CSEAL_ERR_TOO_LARGE);
	file.len = 0;
	assert_int_equal(
	    attachment_put(f->l, of, salt, file, &f->err), CSEAL_ERR_TOO_LARGE);
	free((void *)(uintptr_t)file.data);
	assert_gives(f, CSEAL_ERR_NOT_FOUND);
}

/* Without the opening it is noise. */
static void
test_another_salt(void **state)
{
	static const uint8_t other[CSEAL_SALT_BYTES] = { 1, 2, 4 };
	struct fixture *f = *state;
	struct cseal_slice file = file_of(1000);
	struct cseal_buf b;

	put(f, file);
	assert_int_equal(get(f, other, &b), CSEAL_ERR_CORRUPT);
	assert_int_equal(b.len, 0);
	cseal_buf_free(&b);
	free((void *)(uintptr_t)file.data);
}

static void
piece_of(char out[80], unsigned i)
{
	memset(out, '0', 64);
	memcpy(out, "ab0909", 6);
	(void)snprintf(out + 64, 16, "/%02u", i);
}

/* Gives what is kept of a piece, and keeps `len` bytes of it, one altered. */
static void
alter(struct fixture *f, unsigned i, size_t at, size_t cut)
{
	char name[80];
	struct store_beside t = { .kind = ATTACHMENT_KIND, .name = name };
	struct cseal_buf b;

	piece_of(name, i);
	cseal_buf_init(&b, 0);
	assert_int_equal(
	    ledger_beside_get(f->l, t.kind, name, &b, &f->err), CSEAL_OK);
	assert_true(at < b.len && cut < b.len);
	b.data[at] ^= 1;
	t.value = cseal_buf_slice(&b);
	t.value.len -= cut;
	assert_int_equal(ledger_beside_put(f->l, &t, 1, &f->err), CSEAL_OK);
	cseal_buf_free(&b);
}

static void
test_altered(void **state)
{
	/* The count, the nonce, the ciphertext, the tag. */
	static const size_t places[] = { 3, 5, 20, PIECE + 20 };
	struct fixture *f = *state;
	struct cseal_slice file = file_of(PIECE + 100);

	for (size_t i = 0; i < COUNT(places); i++) {
		put(f, file);
		alter(f, 0, places[i], 0);
		assert_gives(f, CSEAL_ERR_CORRUPT);
		put(f, file);
		alter(f, 1, i == 3 ? 4 + 12 + 100 : places[i], 0);
		assert_gives(f, CSEAL_ERR_CORRUPT);
	}
	put(f, file);
	alter(f, 1, 20, 100);
	assert_gives(f, CSEAL_ERR_CORRUPT);
	free((void *)(uintptr_t)file.data);
}

/* One piece in the place of another, or not there. */
static void
test_places(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice file = file_of(2 * PIECE);
	char first[80], second[80];
	struct store_beside t = { .kind = ATTACHMENT_KIND, .name = second };
	struct cseal_buf b;

	piece_of(first, 0);
	piece_of(second, 1);
	put(f, file);
	cseal_buf_init(&b, 0);
	assert_int_equal(
	    ledger_beside_get(f->l, t.kind, first, &b, &f->err), CSEAL_OK);
	t.value = cseal_buf_slice(&b);
	assert_int_equal(ledger_beside_put(f->l, &t, 1, &f->err), CSEAL_OK);
	assert_gives(f, CSEAL_ERR_CORRUPT);
	t.value.data = NULL;
	assert_int_equal(ledger_beside_put(f->l, &t, 1, &f->err), CSEAL_OK);
	assert_gives(f, CSEAL_ERR_NOT_FOUND);
	cseal_buf_free(&b);
	free((void *)(uintptr_t)file.data);
}

static void
test_drop(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice file = file_of(2 * PIECE);

	put(f, file);
	assert_int_equal(attachment_drop(f->l, of, &f->err), CSEAL_OK);
	assert_gives(f, CSEAL_ERR_NOT_FOUND);
	assert_int_equal(attachment_drop(f->l, of, &f->err), CSEAL_OK);
	free((void *)(uintptr_t)file.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_another_salt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_altered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
