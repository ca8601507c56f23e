/* SPDX-License-Identifier: BSD-2-Clause */

#include "dcbor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define BYTES_MAX 64

struct bytes {
	uint8_t p[BYTES_MAX];
	size_t n;
};

static struct bytes
from_hex(const char *hex)
{
	struct bytes b = { { 0 }, strlen(hex) / 2 };

	assert_in_range(b.n, 0, BYTES_MAX);
	assert_int_equal(cseal_unhex(hex, b.p, b.n), CSEAL_OK);
	return b;
}

/* The vectors of RFC 8949 appendix A that are core deterministic. */
static const char *const accepted[] = {
	"00",
	"01",
	"0a",
	"17",
	"1818",
	"1819",
	"1864",
	"1903e8",
	"1a000f4240",
	"1b000000e8d4a51000",
	"1bffffffffffffffff",
	"3bffffffffffffffff",
	"20",
	"29",
	"3863",
	"3903e7",
	"f4",
	"f5",
	"f6",
	"40",
	"4401020304",
	"60",
	"6161",
	"6449455446",
	"62225c",
	"62c3bc",
	"63e6b0b4",
	"64f0908591",
	"80",
	"83010203",
	"8301820203820405",
	"98190102030405060708090a0b0c0d0e0f101112131415161718181819",
	"a0",
	"a201020304",
	"a26161016162820203",
	"826161a161626163",
	"a56161614161626142616361436164614461656145",
};

/* The others: tags, floating point, simple values, indefinite lengths. */
static const char *const refused[] = {
	"c249010000000000000000",
	"c349010000000000000000",
	"f90000",
	"f98000",
	"f93c00",
	"fb3ff199999999999a",
	"fa47c35000",
	"fb7e37e43c8800759c",
	"f97c00",
	"f97e00",
	"fa7f800000",
	"fb7ff0000000000000",
	"f7",
	"f0",
	"f8ff",
	"f818",
	"c074323031332d30332d32315432303a30343a30305a",
	"c11a514b67b0",
	"d74401020304",
	"d818456449455446",
	"5f42010243030405ff",
	"7f657374726561646d696e67ff",
	"9fff",
	"9f018202039f0405ffff",
	"83018202039f0405ff",
	"bf61610161629f0203ffff",
	"ff",
	/* integers and lengths in more bytes than needed */
	"1800",
	"1817",
	"190000",
	"1900ff",
	"1a00000000",
	"1a0000ffff",
	"1b0000000000000000",
	"1b00000000ffffffff",
	"3800",
	"3900ff",
	"5800",
	"58170000000000000000000000000000000000000000000000",
	"590000",
	"7800",
	"790000",
	"9800",
	"990000",
	"9a00000000",
	"9b0000000000000000",
	"b800",
	"b90000",
	"980101",
	"b8010101",
	/* reserved additional information */
	"1c",
	"1d",
	"1e",
	"1f",
	"3c",
	"5c",
	"7c",
	"9c",
	"bc",
	"fc",
	/* keys that fall, or stand twice */
	"a203040102",
	"a201020103",
	"a26162016161f6",
	"a2616101616102",
	"a2626161016162f5",
	"a2200001f4",
	/* an array or a map as a key */
	"a18000",
	"a1a000",
	"a1810000",
	/* broken UTF-8 */
	"6180",
	"61ff",
	"62c328",
	"62c0af",
	"63eda080",
	"64f4908080",
};

static struct cseal_slice
walk(const struct bytes *b, int *err)
{
	struct dcbor_reader r;
	struct cseal_slice s;

	dcbor_reader_init(&r, b->p, b->n);
	s = dcbor_get_any(&r);
	*err = dcbor_reader_end(&r);
	return s;
}

static void
test_accepted(void **state)
{
	int err;

	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct bytes b = from_hex(accepted[i]);
		struct cseal_slice s = walk(&b, &err);

		if (err != CSEAL_OK)
			fail_msg("%s is refused", accepted[i]);
		assert_int_equal(s.len, b.n);
		assert_memory_equal(s.data, b.p, b.n);
	}
}

static void
test_refused(void **state)
{
	int err;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct bytes b = from_hex(refused[i]);

		(void)walk(&b, &err);
		if (err != CSEAL_ERR_FORMAT)
			fail_msg("%s is taken", refused[i]);
	}
}

/* Every beginning of a good item is a bad item; so is one byte more. */
static void
test_cut_and_longer(void **state)
{
	int err;

	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct bytes b = from_hex(accepted[i]);
		size_t whole = b.n;

		for (b.n = 0; b.n < whole; b.n++) {
			(void)walk(&b, &err);
			assert_int_equal(err, CSEAL_ERR_FORMAT);
		}
		b.n = whole + 1;
		b.p[whole] = 0xf6;
		(void)walk(&b, &err);
		assert_int_equal(err, CSEAL_ERR_FORMAT);
	}
}

/* All inputs of two bytes: what is taken is what would be written. */
static void
test_all_of_two_bytes(void **state)
{
	struct bytes b = { .n = 2 };
	unsigned taken = 0;
	int err;

	(void)state;
	for (unsigned v = 0; v < 0x10000; v++) {
		b.p[0] = (uint8_t)(v >> 8);
		b.p[1] = (uint8_t)v;
		(void)walk(&b, &err);
		taken += err == CSEAL_OK;
	}
	/*
	 * uint and nint from 24 to 255; a byte string of one byte; a text of
	 * one of 128 characters; an array of one of 24 uint, 24 nint, the
	 * empty string, text, array and map, false, true, null.
	 */
	assert_int_equal(taken, 2 * 232 + 256 + 128 + 48 + 4 + 3);
}

static void
test_depth(void **state)
{
	struct bytes b = { .n = DCBOR_DEPTH_MAX + 1 };
	int err;

	(void)state;
	memset(b.p, 0x81, sizeof(b.p));
	b.p[DCBOR_DEPTH_MAX] = 0x00;
	(void)walk(&b, &err);
	assert_int_equal(err, CSEAL_OK);
	b.p[DCBOR_DEPTH_MAX] = 0x81;
	b.p[DCBOR_DEPTH_MAX + 1] = 0x00;
	b.n++;
	(void)walk(&b, &err);
	assert_int_equal(err, CSEAL_ERR_FORMAT);
	/* Empty ones at the bottom end many levels at once. */
	b.p[DCBOR_DEPTH_MAX - 1] = 0x80;
	b.n = DCBOR_DEPTH_MAX;
	(void)walk(&b, &err);
	assert_int_equal(err, CSEAL_OK);
}

/* In a process that can get no memory at all. */
static void
parse_poor(const struct bytes *b)
{
	const struct rlimit none = { 1, 1 };
	struct dcbor_reader r;
	struct dcbor_map m;
	int err, ok = 1;

	if (setrlimit(RLIMIT_AS, &none) != 0)
		_exit(2);
	(void)walk(b, &err);
	ok = ok && err == CSEAL_ERR_FORMAT;
	dcbor_reader_init(&r, b->p, b->n);
	ok = ok && dcbor_peek(&r) == DCBOR_NONE;
	ok = ok && dcbor_get_array(&r) == 0 && r.err == CSEAL_ERR_FORMAT;
	dcbor_reader_init(&r, b->p, b->n);
	dcbor_get_map(&r, &m);
	ok = ok && m.left == 0 && r.err == CSEAL_ERR_FORMAT;
	dcbor_reader_init(&r, b->p, b->n);
	ok = ok && dcbor_get_bytes(&r).len == 0 && r.err == CSEAL_ERR_FORMAT;
	_exit(ok ? 0 : 1);
}

static void
test_large_counts_cost_nothing(void **state)
{
	static const char *const heads[] = {
		"9b0000000010000000",
		"bb0000000010000000",
		"5b0000000010000000",
		"7b0000000010000000",
		"9a10000000",
		"9bffffffffffffffff",
		"bbffffffffffffffff",
		"5bffffffffffffffff",
		"7bffffffffffffffff",
		"bb8000000000000000",

	};
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		struct bytes b = from_hex(heads[i]);
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			parse_poor(&b);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

/* ---- typed ---- */

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
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut_and_longer),
		cmocka_unit_test(test_all_of_two_bytes),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_large_counts_cost_nothing),
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

	return cmocka_run_group_tests_name("dcbor", tests, NULL, NULL);
}
