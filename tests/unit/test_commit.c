/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "counterseal/err.h"

/*
 * Made by hand in Python:
 *   h = hashlib.sha256
 *   salt = bytes(range(16))
 *   h(b"\x83\x50" + salt + b"\x76" + b"DE89370400440532013000" +
 *       b"\x64" + b"iban").hexdigest()
 *   h(b"\x83\x50" + salt + b"\x60\x60").hexdigest()
 *   h(b"\x83\x50" + salt + b"\x79\x01\x2c" + b"x" * 300 +
 *       b"\x66" + b"holder").hexdigest()
 */
static const char iban[] = "DE89370400440532013000";

static void
commitments_are_what_the_format_says(void **state)
{
	static const char *const want[] = {
		"217a774d1f7a17449fa072a77b678e01"
		"67f2d9bb22fe988bfb88c0f69a4f4c0e",
		"e618cea4542361593e0293cef0d7cd5c"
		"6f86c86024c51be6107169060440ec08",
		"13683dc3de4a85fb8fb8508e8f4d8a60"
		"14d7a293cd4facade901ab13c1503181",
	};
	uint8_t salt[CSEAL_SALT_BYTES], hash[CSEAL_HASH_BYTES], longer[300];
	char hex[2 * CSEAL_HASH_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	memset(longer, 'x', sizeof(longer));
	assert_int_equal(cseal_commit(salt, (const uint8_t *)iban, strlen(iban),
			     "iban", hash),
	    CSEAL_OK);
	cseal_hex(hash, sizeof(hash), hex);
	assert_string_equal(hex, want[0]);
	assert_int_equal(cseal_commit(salt, NULL, 0, "", hash), CSEAL_OK);
	cseal_hex(hash, sizeof(hash), hex);
	assert_string_equal(hex, want[1]);
	assert_int_equal(
	    cseal_commit(salt, longer, sizeof(longer), "holder", hash),
	    CSEAL_OK);
	cseal_hex(hash, sizeof(hash), hex);
	assert_string_equal(hex, want[2]);
	assert_int_equal(
	    cseal_commit(salt, (const uint8_t *)"\xff", 1, "iban", hash),
	    CSEAL_ERR_FORMAT);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(commitments_are_what_the_format_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
