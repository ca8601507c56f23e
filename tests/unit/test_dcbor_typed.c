/* SPDX-License-Identifier: BSD-2-Clause */
/* Items read by their type, maps by their keys, and what is written. */

#include "dcbor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_types(void **state)
{
	static const struct {
		const char *hex;
		enum dcbor_type type;
	} rows[] = {
		{ "00", DCBOR_UINT },
		{ "20", DCBOR_NINT },
		{ "40", DCBOR_BYTES },
		{ "60", DCBOR_TEXT },
		{ "80", DCBOR_ARRAY },
		{ "a0", DCBOR_MAP },
		{ "f4", DCBOR_FALSE },
		{ "f5", DCBOR_TRUE },
		{ "f6", DCBOR_NULL },
		{ "f7", DCBOR_NONE },
		{ "", DCBOR_NONE },
	};
	struct dcbor_map m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes b = from_hex(rows[i].hex);
		struct dcbor_reader r[8];
		enum dcbor_type t = rows[i].type;

		for (size_t k = 0; k < COUNT(r); k++)
			dcbor_reader_init(&r[k], b.p, b.n);
		assert_int_equal(dcbor_peek(&r[0]), t);
		assert_int_equal(r[0].err, CSEAL_OK);
		(void)dcbor_get_uint(&r[0]);
		(void)dcbor_get_int(&r[1]);
		(void)dcbor_get_bool(&r[2]);
		dcbor_get_null(&r[3]);
		(void)dcbor_get_bytes(&r[4]);
		(void)dcbor_get_text(&r[5]);
		(void)dcbor_get_array(&r[6]);
		dcbor_get_map(&r[7], &m);
		assert_int_equal(r[0].err == CSEAL_OK, t == DCBOR_UINT);
		assert_int_equal(
		    r[1].err == CSEAL_OK, t == DCBOR_UINT || t == DCBOR_NINT);
		assert_int_equal(
		    r[2].err == CSEAL_OK, t == DCBOR_FALSE || t == DCBOR_TRUE);
		assert_int_equal(r[3].err == CSEAL_OK, t == DCBOR_NULL);
		assert_int_equal(r[4].err == CSEAL_OK, t == DCBOR_BYTES);
		assert_int_equal(r[5].err == CSEAL_OK, t == DCBOR_TEXT);
		assert_int_equal(r[6].err == CSEAL_OK, t == DCBOR_ARRAY);
		assert_int_equal(r[7].err == CSEAL_OK, t == DCBOR_MAP);
	}
}

static void
test_integers(void **state)
{
	static const struct {
		int64_t value;
		const char *hex;
	} rows[] = {
		{ 0, "00" },
		{ 23, "17" },
		{ 24, "1818" },
		{ 255, "18ff" },
		{ 256, "190100" },
		{ 65535, "19ffff" },
		{ 65536, "1a00010000" },
		{ 4294967295, "1affffffff" },
		{ 4294967296, "1b0000000100000000" },
		{ INT64_MAX, "1b7fffffffffffffff" },
		{ -1, "20" },
		{ -24, "37" },
		{ -25, "3818" },
		{ -256, "38ff" },
		{ -257, "390100" },
		{ INT64_MIN, "3b7fffffffffffffff" },
	};
	struct dcbor_reader r;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes b = from_hex(rows[i].hex);

		cseal_buf_reset(&out);
		dcbor_put_int(&out, rows[i].value);
		assert_int_equal(out.len, b.n);
		assert_memory_equal(out.data, b.p, b.n);
		dcbor_reader_init(&r, b.p, b.n);
		assert_true(dcbor_get_int(&r) == rows[i].value);
		assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
	}
	cseal_buf_free(&out);
}

static void
test_integers_out_of_range(void **state)
{
	static const char *const rows[] = { "1b8000000000000000",
		"1bffffffffffffffff", "3b8000000000000000",
		"3bffffffffffffffff" };
	struct dcbor_reader r;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes b = from_hex(rows[i]);

		dcbor_reader_init(&r, b.p, b.n);
		assert_true(dcbor_get_int(&r) == 0);
		assert_int_equal(r.err, CSEAL_ERR_FORMAT);
	}
}

/* After the first error everything is refused, and nothing is moved. */
static void
test_errors_stick(void **state)
{
	struct bytes b = from_hex("000102");
	struct dcbor_reader r;

	(void)state;
	dcbor_reader_init(&r, b.p, b.n);
	assert_int_equal(dcbor_get_uint(&r), 0);
	assert_int_equal(dcbor_get_text(&r).len, 0);
	assert_int_equal(r.err, CSEAL_ERR_FORMAT);
	assert_int_equal(dcbor_get_uint(&r), 0);
	assert_int_equal(dcbor_peek(&r), DCBOR_NONE);
	assert_null(dcbor_get_any(&r).data);
	assert_int_equal(dcbor_reader_end(&r), CSEAL_ERR_FORMAT);
}

static void
test_left_over(void **state)
{
	struct bytes b = from_hex("0001");
	struct dcbor_reader r;

	(void)state;
	dcbor_reader_init(&r, b.p, b.n);
	(void)dcbor_get_uint(&r);
	assert_int_equal(dcbor_reader_end(&r), CSEAL_ERR_FORMAT);
	dcbor_reader_init(&r, NULL, 0);
	assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
}

static void
test_map_of_integers(void **state)
{
	static const uint64_t want[] = { 1, 23, 24, 256 };
	struct bytes b = from_hex("a401f617f61818f6190100f6");
	struct dcbor_reader r;
	struct dcbor_map m;
	size_t n = 0;

	(void)state;
	dcbor_reader_init(&r, b.p, b.n);
	dcbor_get_map(&r, &m);
	while (dcbor_map_more(&r, &m)) {
		assert_int_equal(dcbor_map_key_uint(&r, &m), want[n++]);
		dcbor_get_null(&r);
	}
	assert_int_equal(n, COUNT(want));
	assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
}

/* A COSE_Key's order: 1, 3, -1, -2. */
static void
test_map_of_signed(void **state)
{
	static const int64_t want[] = { 1, 3, -1, -2 };
	struct bytes b = from_hex("a401f603f620f621f6");
	struct dcbor_reader r;
	struct dcbor_map m;
	size_t n = 0;

	(void)state;
	dcbor_reader_init(&r, b.p, b.n);
	dcbor_get_map(&r, &m);
	while (dcbor_map_more(&r, &m)) {
		assert_true(dcbor_map_key_int(&r, &m) == want[n++]);
		dcbor_get_null(&r);
	}
	assert_int_equal(n, COUNT(want));
	assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
}

static void
read_texts(const char *hex, int wanted)
{
	struct bytes b = from_hex(hex);
	struct dcbor_reader r;
	struct dcbor_map m;

	dcbor_reader_init(&r, b.p, b.n);
	dcbor_get_map(&r, &m);
	while (dcbor_map_more(&r, &m)) {
		(void)dcbor_map_key_text(&r, &m);
		dcbor_get_null(&r);
	}
	assert_int_equal(dcbor_reader_end(&r), wanted);
}

static void
test_map_of_texts(void **state)
{
	(void)state;
	read_texts("a26161f66162f6", CSEAL_OK);
	read_texts("a2617af6626161f6", CSEAL_OK); /* the shorter one first */
	read_texts("a2626161f6617af6", CSEAL_ERR_FORMAT);
	read_texts("a26161f66161f6", CSEAL_ERR_FORMAT);
	read_texts("a26162f66161f6", CSEAL_ERR_FORMAT);
	read_texts("a101f6", CSEAL_ERR_FORMAT);
	read_texts("a16161", CSEAL_ERR_FORMAT);
}

static void
test_compare(void **state)
{
	static const uint8_t a[] = { 0x61, 0x61 }, b[] = { 0x61, 0x62 };
	const struct cseal_slice x = { a, 2 }, y = { b, 2 }, z = { a, 1 };
	const struct cseal_slice none = { NULL, 0 };

	(void)state;
	assert_true(dcbor_key_compare(x, y) < 0);
	assert_true(dcbor_key_compare(y, x) > 0);
	assert_int_equal(dcbor_key_compare(x, x), 0);
	assert_true(dcbor_key_compare(z, x) < 0);
	assert_true(dcbor_key_compare(x, z) > 0);
	assert_true(dcbor_key_compare(none, z) < 0);
	assert_int_equal(dcbor_key_compare(none, none), 0);
}

static void
test_refuse(void **state)
{
	struct bytes b = from_hex("00");
	struct dcbor_reader r;

	(void)state;
	dcbor_reader_init(&r, b.p, b.n);
	dcbor_refuse(&r);
	assert_int_equal(dcbor_reader_end(&r), CSEAL_ERR_FORMAT);
}

static void
test_writer(void **state)
{
	struct bytes want = from_hex("a20185f4f5f6420102400283606261623901f3");
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	dcbor_put_map(&out, 2);
	dcbor_put_uint(&out, 1);
	dcbor_put_array(&out, 5);
	dcbor_put_bool(&out, false);
	dcbor_put_bool(&out, true);
	dcbor_put_null(&out);
	dcbor_put_bytes(&out, (const uint8_t *)"\x01\x02", 2);
	dcbor_put_bytes(&out, NULL, 0);
	dcbor_put_uint(&out, 2);
	dcbor_put_array(&out, 3);
	dcbor_put_str(&out, "");
	dcbor_put_text(&out, (const uint8_t *)"ab", 2);
	dcbor_put_int(&out, -500);
	assert_int_equal(cseal_buf_error(&out), CSEAL_OK);
	assert_int_equal(out.len, want.n);
	assert_memory_equal(out.data, want.p, want.n);
	cseal_buf_free(&out);
}

/* A full buffer keeps its error through whatever is written after it. */
static void
test_writer_without_room(void **state)
{
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 2);
	dcbor_put_uint(&out, 1000);
	dcbor_put_uint(&out, 1);
	assert_int_equal(cseal_buf_error(&out), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_integers_out_of_range),
		cmocka_unit_test(test_errors_stick),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_map_of_integers),
		cmocka_unit_test(test_map_of_signed),
		cmocka_unit_test(test_map_of_texts),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_without_room),
	};

	return cmocka_run_group_tests_name("dcbor_typed", tests, NULL, NULL);
}
