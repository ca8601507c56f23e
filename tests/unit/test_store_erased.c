/* SPDX-License-Identifier: BSD-2-Clause */
/* What is left of an erased value in the files: nothing. */

#include "sqlite_fixture.h"

/* How often `needle` stands in the file with `suffix`; 0 if there is none. */
static int
occurrences(struct fixture *f, const char *suffix, const char *needle)
{
	char name[160];
	struct cseal_buf b;
	int n = 0;

	(void)snprintf(name, sizeof(name), "%s%s", f->where, suffix);
	if (access(name, F_OK) != 0)
		return 0;
	cseal_buf_init(&b, 0);
	assert_int_equal(
	    cseal_buf_read_file(&b, name, CSEAL_BUF_MAX), CSEAL_OK);
	for (size_t i = 0; i + strlen(needle) <= b.len; i++)
		n += memcmp(b.data + i, needle, strlen(needle)) == 0;
	cseal_buf_free(&b);
	return n;
}

static int
all_occurrences(struct fixture *f, const char *needle)
{
	return occurrences(f, "", needle) + occurrences(f, "-wal", needle);
}

static void
erased_for_good(void **state)
{
	struct fixture *f = *state;

	make_ledger(f, 1);
	assert_int_equal(
	    append_opening(f, 1, "GB82WEST12345698765432"), CSEAL_OK);
	assert_true(all_occurrences(f, "GB82WEST12345698765432") > 0);
	assert_int_equal(
	    store_sqlite.opening_erase(f->store, 1, "iban", &f->err), CSEAL_OK);
	assert_int_equal(all_occurrences(f, "GB82WEST"), 0);
	assert_true(all_occurrences(f, "DE02120300000000202051") > 0);
	shut(f);
	assert_int_equal(all_occurrences(f, "GB82WEST"), 0);
}

/*
 * Values of many sizes, erased in no order while others are added: pages
 * split and fill up, and still nothing is left of an erased value.
 */
static void
erased_among_many(void **state)
{
	struct fixture *f = *state;
	static char value[5000];
	static bool gone[400];
	char needle[32];
	uint32_t dice = 1;

	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_OK);
	for (uint32_t i = 0; i < COUNT(gone); i++) {
		dice = dice * 1103515245 + 12345;
		memset(value, 'x', sizeof(value));
		(void)snprintf(value, 32, "SECRET-%04u-", i);
		value[12] = 'x';
		value[12 + (dice >> 16) % (i % 40 == 0 ? 4900 : 90)] = '\0';
		assert_int_equal(append_opening(f, i, value), CSEAL_OK);
		if (i % 2 == 0)
			continue;
		gone[(dice >> 8) % i] = true;
		assert_int_equal(store_sqlite.opening_erase(f->store,
				     (dice >> 8) % i, "iban", &f->err),
		    CSEAL_OK);
	}
	shut(f);
	for (uint32_t i = 0; i < COUNT(gone); i++) {
		(void)snprintf(needle, sizeof(needle), "SECRET-%04u-", i);
		assert_int_equal(all_occurrences(f, needle), gone[i] ? 0 : 1);
	}
}

/* Somebody still reads the log: the person is told to erase once more. */
static void
erased_while_read(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	make_ledger(f, 0);
	assert_int_equal(
	    append_opening(f, 0, "GB82WEST12345698765432"), CSEAL_OK);
	db = raw_open(f->where);
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN; SELECT * FROM opening", 0, 0, 0),
	    SQLITE_OK);
	assert_int_equal(
	    store_sqlite.opening_erase(f->store, 0, "iban", &f->err),
	    CSEAL_ERR_BUSY);
	assert_non_null(strstr(f->err.what, "erase once more"));
	sqlite3_close(db);
	assert_int_equal(
	    store_sqlite.opening_erase(f->store, 0, "iban", &f->err), CSEAL_OK);
	assert_int_equal(all_occurrences(f, "GB82WEST"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    erased_for_good, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    erased_among_many, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    erased_while_read, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
