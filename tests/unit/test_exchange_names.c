/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of files in a folder: which are ours. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exchange_folder.h"

#define LEDGER "9y3nq0tz"
#define HASH   "0123456789abcdefghjkmnpq"

static const char *const good_names[] = {
	LEDGER "-entries-0-1-5460-" HASH ".cseal",
	LEDGER "-entries-10-999999999999999999-1-" HASH ".cseal",
	LEDGER "-heard-0-0-78-" HASH ".cseal",
	LEDGER "-sealed-568-" HASH ".cseal",
	LEDGER "-openings-0-" HASH ".cseal",
	LEDGER "-refused-1-" HASH ".cseal",
	LEDGER "-question-1-" HASH ".cseal",
};

static const char *const bad_names[] = {
	"",
	".",
	"..",
	"-",
	".cseal",
	LEDGER,
	LEDGER "-",
	LEDGER "-entries",
	LEDGER "-entries-",
	LEDGER "-entries-0-1-5460-" HASH,
	LEDGER "-entries-0-1-5460-" HASH ".cseal ",
	LEDGER "-entries-0-1-5460-" HASH ".cseal.Ab12Cd",
	LEDGER "-entries-0-1-5460-" HASH " (1).cseal",
	LEDGER "-entries-0-1-5460-" HASH "0.cseal",
	LEDGER "-entries-0-1-5460-0123456789abcdefghjkmnp.cseal",
	LEDGER "-entries-0-1-5460-0123456789abcdefghjkmnpu.cseal",
	LEDGER "-entries-0-1-5460-0123456789ABCDEFGHJKMNPQ.cseal",
	LEDGER "-entries-0-1-" HASH ".cseal",
	LEDGER "-entries-5460-" HASH ".cseal",
	LEDGER "-entries-0-1-2-5460-" HASH ".cseal",
	LEDGER "-entries-00-1-5460-" HASH ".cseal",
	LEDGER "-entries-0-01-5460-" HASH ".cseal",
	LEDGER "-entries-0-1-05460-" HASH ".cseal",
	LEDGER "-entries--1-1-5460-" HASH ".cseal",
	LEDGER "-entries-+1-1-5460-" HASH ".cseal",
	LEDGER "-entries- 1-1-5460-" HASH ".cseal",
	LEDGER "-entries-0x1-1-5460-" HASH ".cseal",
	LEDGER "-entries-1e3-1-5460-" HASH ".cseal",
	LEDGER "-entries-0-1-1000000000000000000-" HASH ".cseal",
	LEDGER "-entries-18446744073709551616-1-1-" HASH ".cseal",
	LEDGER "-Entries-0-1-5460-" HASH ".cseal",
	LEDGER "-entriesx-0-1-5460-" HASH ".cseal",
	LEDGER "-genesis-5460-" HASH ".cseal",
	LEDGER "-sealed-0-1-568-" HASH ".cseal",
	LEDGER "-sealed--568-" HASH ".cseal",
	LEDGER "_sealed-568-" HASH ".cseal",
	"9Y3NQ0TZ-sealed-568-" HASH ".cseal",
	"9y3nq0t-sealed-568-" HASH ".cseal",
	"9y3nq0tzz-sealed-568-" HASH ".cseal",
	"9y3nq0tu-sealed-568-" HASH ".cseal",
	"../3nq0t-sealed-568-" HASH ".cseal",
	"/y3nq0tz-sealed-568-" HASH ".cseal",
	LEDGER "-sealed-568-" HASH "/.cseal",
	LEDGER "-sealed-568-../456789abcdefghjkmnpq.cseal",
	LEDGER "-sealed-568-" HASH "\n.cseal",
	"\xff\xfe" LEDGER "-sealed-568-" HASH ".cseal",
};

static void
test_names(void **state)
{
	struct folder_file f;
	char name[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(good_names) / sizeof(*good_names); i++) {
		if (!folder_name_parse(good_names[i], &f))
			fail_msg("not taken: %s", good_names[i]);
		assert_string_equal(f.name, good_names[i]);
	}
	for (size_t i = 0; i < sizeof(bad_names) / sizeof(*bad_names); i++) {
		if (folder_name_parse(bad_names[i], &f))
			fail_msg("taken: %s", bad_names[i]);
	}
	assert_true(folder_name_parse(good_names[1], &f));
	assert_int_equal(f.kind, FOLDER_ENTRIES);
	assert_int_equal(f.a, 10);
	assert_int_equal(f.b, 999999999999999999);
	assert_int_equal(f.size, 1);
	/* Too long: cut nowhere. */
	for (size_t n = FOLDER_NAME_BYTES - 2; n < sizeof(name); n += 97) {
		memset(name, '1', n);
		memcpy(name, LEDGER "-sealed-", 16);
		name[n] = '\0';
		assert_false(folder_name_parse(name, &f));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
