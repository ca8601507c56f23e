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

#include "hex.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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
	};

	return cmocka_run_group_tests_name("dcbor", tests, NULL, NULL);
}
