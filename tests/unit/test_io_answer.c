/* SPDX-License-Identifier: BSD-2-Clause */
/* Which answers of a key libfido2 gets to see. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "token_io.h"

#define GET  0x02
#define INFO 0x04

static const struct {
	const char *name;
	uint8_t command;
	bool fits;
	size_t n;
	const char *bytes;
} rows[] = {
	{ "nothing", INFO, true, 0, "" },
	{ "a status", INFO, true, 1, "\x00" },
	{ "an error and junk", INFO, true, 6, "\x31\x9a\xff\xff\xff\xff" },
	{ "a number", INFO, true, 2, "\x00\x17" },
	{ "a small map", INFO, true, 4, "\x00\xa1\x01\x02" },
	{ "something behind it", INFO, true, 5, "\x00\xa1\x01\x02\xff" },
	{ "strings", INFO, true, 7, "\x00\x82\x62hi\x41\x00" },
	{ "a long length", INFO, true, 5, "\x00\x59\x00\x01\x00" },
	{ "floats", INFO, true, 11, "\x00\x82\xf9\x3c\x00\xfa\0\0\0\0" },
	{ "a tag", INFO, true, 3, "\x00\xc1\x00" },
	{ "without end", INFO, true, 5, "\x00\x9f\x01\x02\xff" },
	{ "a map without end", INFO, true, 5, "\x00\xbf\x01\x02\xff" },
	{ "chunks", INFO, true, 6, "\x00\x5f\x41\x00\xff\x00" },

	{ "a string that is cut", INFO, false, 4, "\x00\x63hi" },
	{ "a string of 2^64 - 1", INFO, false, 10,
	    "\x00\x5b\xff\xff\xff\xff\xff\xff\xff\xff" },
	{ "a head that is cut", INFO, false, 3, "\x00\x59\x00" },
	{ "a reserved head", INFO, false, 3, "\x00\x1c\x00" },
	{ "a number without end", INFO, false, 3, "\x00\x1f\xff" },
	{ "a tag without end", INFO, false, 4, "\x00\xdf\x00\xff" },
	{ "a tag of nothing", INFO, false, 2, "\x00\xc1" },
	{ "a break of nothing", INFO, false, 2, "\x00\xff" },
	{ "no break", INFO, false, 4, "\x00\x9f\x01\x02" },
	{ "an array of two with one", INFO, false, 3, "\x00\x82\x00" },
	{ "an array of 2^32 - 1", INFO, false, 8,
	    "\x00\x9a\xff\xff\xff\xff\x00\x00" },
	{ "a map of 2^63", INFO, false, 12,
	    "\x00\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00" },
	{ "a map of three in four bytes", INFO, false, 6,
	    "\x00\xa3\x00\x00\x00\x00" },
	{ "deep inside", INFO, false, 12,
	    "\x00\xa1\x01\xa1\x02\x81\x9a\x7f\xff\xff\xff\x00" },
	{ "in chunks", INFO, false, 8, "\x00\x9f\x9a\xff\xff\xff\xff\xff" },
};

/* A copy that ends where the answer ends, for the sanitizer to see. */
static bool
fits(uint8_t command, const char *bytes, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	bool r;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	r = io_answer_fits(command, copy, n);
	free(copy);
	return r;
}

static void
test_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (fits(rows[i].command, rows[i].bytes, rows[i].n) !=
		    rows[i].fits)
			fail_msg("%s", rows[i].name);
	}
}

static void
test_depth(void **state)
{
	char deep[64];

	(void)state;
	memset(deep, 0x81, sizeof(deep));
	deep[0] = 0;
	deep[16] = 0x01;
	assert_true(fits(INFO, deep, 17));
	deep[16] = (char)0x81;
	deep[17] = 0x01;
	assert_false(fits(INFO, deep, 18));
}

/* {1: 0, KEY: authData with `flags` and, behind the rest, `tail`}. */
static bool
auth_data_fits(uint8_t command, const char *key, size_t key_len, uint8_t flags,
    const char *tail, size_t n)
{
	char a[200] = "\x00\xa2\x01\x00";
	size_t len = 4;

	memcpy(a + len, key, key_len);
	len += key_len;
	a[len++] = 0x58;
	a[len++] = (char)(37 + n);
	a[len + 32] = (char)flags;
	memcpy(a + len + 37, tail, n);
	return fits(command, a, len + 37 + n);
}

#define ID "0123456789abcdef\x00\x02ID" /* AAGUID and a credential id */

static void
test_auth_data(void **state)
{
	static const char key[] = ID "\xa1\x01\x02",
			  bad_key[] = ID "\xba\xff\xff\xff\xff\x00",
			  bad_ext[] = ID "\xa1\x01\x02\xba\xff\xff\xff\xff",
			  far[] = "0123456789abcdef\xff\xff\xba\xff\xff\xff";

	(void)state;
	assert_true(auth_data_fits(GET, "\x02", 1, 0x05, "", 0));
	assert_true(auth_data_fits(GET, "\x02", 1, 0x45, key, sizeof(key) - 1));
	assert_false(
	    auth_data_fits(GET, "\x02", 1, 0x45, bad_key, sizeof(bad_key) - 1));
	/* However the key 2 is written. */
	assert_false(auth_data_fits(
	    GET, "\x18\x02", 2, 0x45, bad_key, sizeof(bad_key) - 1));
	/* Nobody reads CBOR there. */
	assert_true(
	    auth_data_fits(GET, "\x02", 1, 0x05, bad_key, sizeof(bad_key) - 1));
	assert_true(
	    auth_data_fits(GET, "\x03", 1, 0x45, bad_key, sizeof(bad_key) - 1));
	assert_true(auth_data_fits(
	    INFO, "\x02", 1, 0x45, bad_key, sizeof(bad_key) - 1));
	assert_true(auth_data_fits(GET, "\x02", 1, 0x45, far, sizeof(far) - 1));
	assert_true(auth_data_fits(GET, "\x02", 1, 0x45, key, 5));
	/* Extensions, alone and behind a key. */
	assert_true(auth_data_fits(GET, "\x02", 1, 0x85, "\xa1\x01\x02", 3));
	assert_false(
	    auth_data_fits(GET, "\x02", 1, 0x85, "\xba\xff\xff\xff\xff", 5));
	assert_false(
	    auth_data_fits(GET, "\x02", 1, 0xc5, bad_ext, sizeof(bad_ext) - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_auth_data),
	};

	return cmocka_run_group_tests_name("io_answer", tests, NULL, NULL);
}
