/* SPDX-License-Identifier: BSD-2-Clause */
/* What SQLite's engine promises of its file, beside what all engines do. */

#include <sys/syscall.h>
#include <sys/vfs.h>

#include "sqlite_fixture.h"

/* The file system that statfs() tells of; 0: the real one. */
static long pretended_system;

int
statfs(const char *path, struct statfs *out)
{
	const int r = (int)syscall(SYS_statfs, path, out);

	if (r == 0 && pretended_system != 0)
		out->f_type = pretended_system;
	return r;
}

static void
files_are_private(void **state)
{
	static const mode_t masks[] = { 0, 022, 0777 };
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(masks); i++) {
		const mode_t old = umask(masks[i]);

		make_ledger(f, 1);
		(void)umask(old);
		assert_int_equal(mode_of(f, ""), 0600);
		assert_int_equal(mode_of(f, "-wal"), 0600);
		assert_int_equal(mode_of(f, "-shm"), 0600);
		shut(f);
		assert_false(is_there(f, "-wal"));
		assert_int_equal(unlink(f->where), 0);
	}
}

static void
assert_text(sqlite3 *db, const char *sql, const char *want)
{
	sqlite3_stmt *stmt;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), want);
	sqlite3_finalize(stmt);
}

static void
file_tells_what_it_is(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	make_ledger(f, 3);
	shut(f);
	db = raw_open(f->where);
	assert_text(db, "PRAGMA application_id", "1129532465");
	assert_text(db, "PRAGMA user_version", "1");
	assert_text(db, "PRAGMA journal_mode", "wal");
	assert_text(db, "PRAGMA integrity_check", "ok");
	assert_text(db,
	    "SELECT count(*) FROM pragma_table_list"
	    " WHERE strict AND schema = 'main'",
	    "4");
	sqlite3_close(db);
}

static void
history_is_not_rewritten(void **state)
{
	static const char *const refused[] = {
		"UPDATE entry SET body = x'00' WHERE idx = 1",
		"UPDATE OR REPLACE entry SET idx = 0 WHERE idx = 1",
		"DELETE FROM entry WHERE idx = 2",
		"DELETE FROM entry",
		"INSERT OR REPLACE INTO entry VALUES (1, x'00')",
		"INSERT INTO entry VALUES (4, x'00')",
		"INSERT INTO entry VALUES (-1, x'00')",
		"INSERT INTO entry VALUES (3, x'')",
		"INSERT INTO entry VALUES (3, 'text')",
		"INSERT INTO entry VALUES (3, zeroblob(65536))",
		"UPDATE node SET hash = zeroblob(32)",
		"DELETE FROM node WHERE idx = 2",
		"INSERT OR REPLACE INTO node VALUES (0, 1, zeroblob(32))",
		"INSERT INTO node VALUES (0, 4, zeroblob(32))",
		"INSERT INTO node VALUES (0, 3, zeroblob(31))",
		"DELETE FROM opening",
		"UPDATE opening SET secret = x'01' WHERE entry = 1",
		"UPDATE opening SET secret = randomblob(64)",
		"UPDATE opening SET secret = zeroblob(128)",
		"UPDATE opening SET entry = 0, secret = zeroblob(64)",
		"UPDATE opening SET name = 'bic', secret = zeroblob(64)",
		"UPDATE opening SET id = 9, secret = zeroblob(64)",
		"REPLACE INTO opening VALUES (1, 2, 'bic', zeroblob(64))",
		"REPLACE INTO opening VALUES (9, 1, 'iban', zeroblob(64))",
		"INSERT INTO opening VALUES (9, 1, 'bic', zeroblob(63))",
		"INSERT INTO opening VALUES (9, 7, 'bic', zeroblob(64))",
	};
	struct fixture *f = *state;
	sqlite3 *db;

	make_ledger(f, 3);
	db = raw_open(f->where);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA foreign_keys = ON", 0, 0, 0), SQLITE_OK);
	for (size_t i = 0; i < COUNT(refused); i++) {
		if ((sqlite3_exec(db, refused[i], 0, 0, 0) & 0xff) !=
		    SQLITE_CONSTRAINT)
			fail_msg("not refused: %s", refused[i]);
	}
	assert_text(db,
	    "SELECT sum(body = 'body') || count(*) FROM"
	    " (SELECT CAST(body AS TEXT) AS body FROM entry)",
	    "33");
	assert_text(db, "SELECT count(*) FROM node", "3");
	assert_text(db,
	    "SELECT count(*) FROM opening"
	    " WHERE substr(secret, 1, 3) = x'010016'",
	    "3");
	sqlite3_close(db);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(append(f, 3), CSEAL_OK);
}

static void
write_file(struct fixture *f, const char *text)
{
	FILE *out = fopen(f->where, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void
assert_refused(struct fixture *f, int code, const char *what)
{
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE };

	for (size_t i = 0; i < COUNT(modes); i++) {
		const int r = open_as(f, modes[i]);

		if (r != code || strstr(f->err.what, what) == NULL)
			fail_msg("wanted %d %s, got %d %s", code, what, r,
			    f->err.what);
		assert_null(f->store);
		assert_int_equal(f->err.code, code);
		assert_non_null(strstr(f->err.where, "ledger"));
		assert_false(is_there(f, "-wal"));
		assert_false(is_there(f, "-shm"));
	}
}

static void
other_files(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, CSEAL_ERR_NOT_FOUND, "no such file");
	write_file(f, "");
	assert_refused(f, CSEAL_ERR_CORRUPT, "is empty");
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_ERR_EXISTS);
	write_file(f, "short");
	assert_refused(f, CSEAL_ERR_CORRUPT, "not a Counterseal ledger");
	write_file(f, "This is a text, and it is longer than the header of a "
		      "database, so that all of the header can be read.");
	assert_refused(f, CSEAL_ERR_CORRUPT, "is no database");
	write_file(f, "");
	raw(f, "PRAGMA application_id = 7; CREATE TABLE a (b)");
	assert_refused(f, CSEAL_ERR_CORRUPT, "another program's");
	raw(f, "PRAGMA application_id = 0x43534C31");
	assert_refused(f, CSEAL_ERR_CORRUPT, "no layout number");
	raw(f, "PRAGMA user_version = 2");
	assert_refused(f, CSEAL_ERR_NEWER, "newer");
	raw(f, "PRAGMA user_version = 1");
	assert_refused(f, CSEAL_ERR_CORRUPT, "altered");
	assert_int_equal(unlink(f->where), 0);
	assert_int_equal(mkdir(f->where, 0700), 0);
	assert_refused(f, CSEAL_ERR_CORRUPT, "a folder");
	assert_int_equal(rmdir(f->where), 0);
	assert_int_equal(mkfifo(f->where, 0600), 0);
	assert_refused(f, CSEAL_ERR_CORRUPT, "pipe");
	assert_int_equal(unlink(f->where), 0);
	assert_int_equal(symlink("ledger", f->where), 0);
	assert_refused(f, CSEAL_ERR_IO, "opening the ledger");
}

static void
no_place_for_a_new_one(void **state)
{
	struct fixture *f = *state;
	char name[160];

	(void)snprintf(name, sizeof(name), "%s-wal", f->where);
	assert_int_equal(symlink("nowhere", name), 0);
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_ERR_EXISTS);
	assert_non_null(strstr(f->err.what, "older ledger"));
	assert_false(is_there(f, ""));
	(void)snprintf(f->where, sizeof(f->where), "%s/no/ledger", f->folder);
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_ERR_NOT_FOUND);
	assert_non_null(strstr(f->err.what, "folder"));
	(void)snprintf(f->where, sizeof(f->where), "%s/", f->folder);
	assert_int_not_equal(open_as(f, STORE_CREATE), CSEAL_OK);
	(void)snprintf(f->where, sizeof(f->where), "%s/link", f->folder);
	assert_int_equal(symlink("target", f->where), 0);
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_ERR_EXISTS);
}

static void
shared_file_systems(void **state)
{
	static const struct {
		long magic;
		const char *name;
	} systems[] = { { 0x6969, "NFS" }, { 0x517b, "SMB" },
		{ 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB" },
		{ 0x65735546, "FUSE" }, { 0x01021997, "9P" } };
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(systems); i++) {
		pretended_system = systems[i].magic;
		assert_int_equal(open_as(f, STORE_CREATE), CSEAL_ERR_IO);
		assert_false(is_there(f, ""));
		assert_non_null(strstr(f->err.what, systems[i].name));
		assert_non_null(
		    strstr(f->err.what, "local disk of one machine, its home"));
	}
	pretended_system = 0;
	make_ledger(f, 1);
	shut(f);
	pretended_system = 0x6969;
	assert_refused(f, CSEAL_ERR_IO, "local disk of one machine");
	pretended_system = 0;
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
}

static void
altered_tables(void **state)
{
	static const char *const alterations[][2] = {
		{ "DROP TRIGGER node_update", "node_update" },
		{ "DROP TRIGGER opening_delete", "opening_delete" },
		{ "CREATE TRIGGER x AFTER INSERT ON node BEGIN SELECT 1; END",
		    "there are more" },
		{ "CREATE VIEW v AS SELECT 1", "there are more" },
		{ "ALTER TABLE entry ADD COLUMN more TEXT", "entry" },
		{ "DROP INDEX opening_of", "opening_of" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(alterations); i++) {
		make_ledger(f, 1);
		shut(f);
		raw(f, alterations[i][0]);
		assert_refused(f, CSEAL_ERR_CORRUPT, alterations[i][1]);
		assert_int_equal(unlink(f->where), 0);
	}
	make_ledger(f, 1);
	shut(f);
	raw(f, "ANALYZE");
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
}

/* Size, entries, tile and opening 5, as far as they can be had. */
static int
ask_all(struct fixture *f)
{
	uint8_t hashes[10][CSEAL_HASH_BYTES], salt[CSEAL_SALT_BYTES];
	struct cseal_buf value;
	uint64_t n;
	int r;

	if ((r = open_as(f, STORE_READ)) != CSEAL_OK ||
	    (r = count_entries(f, &n)) != CSEAL_OK ||
	    (r = store_sqlite.tile(f->store, 0, 0, 10, hashes, &f->err)) !=
		CSEAL_OK)
		return r;
	cseal_buf_init(&value, 0);
	r = store_sqlite.opening_get(
	    f->store, 5, "iban", salt, &value, &f->err);
	cseal_buf_free(&value);
	return r;
}

static void
forged_rows(void **state)
{
	static const struct {
		const char *sql, *where, *what;
	} forgeries[] = {
		{ "DELETE FROM entry WHERE idx = 3", "entry 3",
		    "the entry is missing" },
		{ "DELETE FROM entry WHERE idx = 0", "entry 0",
		    "the entry is missing" },
		{ "UPDATE entry SET idx = 4611686018427387904 WHERE idx = 9",
		    "entry 9", "the entry is missing" },
		{ "UPDATE entry SET idx = 9223372036854775807 WHERE idx = 9",
		    "entry 9", "the entry is missing" },
		{ "UPDATE entry SET body = x'' WHERE idx = 4", "entry 4",
		    "wrong size" },
		{ "UPDATE entry SET body = zeroblob(65536) WHERE idx = 4",
		    "entry 4", "wrong size" },
		{ "UPDATE node SET hash = zeroblob(31) WHERE idx = 6",
		    "entry 6", "its tree hash has a wrong size" },
		{ "UPDATE node SET hash = zeroblob(33) WHERE idx = 6",
		    "entry 6", "its tree hash has a wrong size" },
		{ "DELETE FROM node WHERE idx = 7", "entry 7",
		    "its tree hash is missing" },
		{ "DELETE FROM node WHERE idx = 9", "entry 9",
		    "its tree hash is missing" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(forgeries); i++) {
		make_ledger(f, 10);
		assert_int_equal(ask_all(f), CSEAL_OK);
		shut(f);
		forge(f, forgeries[i].sql);
		if (ask_all(f) != CSEAL_ERR_CORRUPT ||
		    strcmp(f->err.where, forgeries[i].where) != 0 ||
		    strstr(f->err.what, forgeries[i].what) == NULL)
			fail_msg("%s: %s: %s", forgeries[i].sql, f->err.where,
			    f->err.what);
		shut(f);
		assert_int_equal(unlink(f->where), 0);
	}
}

#define SECRET(expression) \
	"UPDATE opening SET secret = " expression " WHERE entry = 5"

/* A secret is one that fits, or erased, or of nobody's making. */
static void
forged_secrets(void **state)
{
	static const struct {
		const char *sql;
		int want;
	} forgeries[] = {
		{ SECRET("x''"), CSEAL_ERR_FORMAT },
		{ SECRET("x'0100'"), CSEAL_ERR_FORMAT },
		{ SECRET("zeroblob(63)"), CSEAL_ERR_FORMAT },
		{ SECRET("zeroblob(64)"), CSEAL_ERR_NOT_FOUND },
		{ SECRET("zeroblob(128)"), CSEAL_ERR_NOT_FOUND },
		{ SECRET("CAST(x'00' || substr(secret, 2) AS BLOB)"),
		    CSEAL_ERR_FORMAT },
		{ SECRET("CAST(x'02' || substr(secret, 2) AS BLOB)"),
		    CSEAL_ERR_FORMAT },
		{ SECRET("CAST(substr(secret, 1, 63) || x'01' AS BLOB)"),
		    CSEAL_ERR_FORMAT },
		{ SECRET("CAST(zeroblob(63) || x'01' AS BLOB)"),
		    CSEAL_ERR_FORMAT },
		{ SECRET("CAST(secret || x'00' AS BLOB)"), CSEAL_ERR_FORMAT },
		/* No value at all, and one where there is room for 45. */
		{ SECRET("CAST(x'010000' || zeroblob(61) AS BLOB)"), CSEAL_OK },
		{ SECRET("CAST(x'01002d' || zeroblob(61) AS BLOB)"), CSEAL_OK },
		{ SECRET("CAST(x'01002e' || zeroblob(61) AS BLOB)"),
		    CSEAL_ERR_FORMAT },
		/* As many zeros as can be erased, and more; a row's most. */
		{ SECRET("zeroblob(65600)"), CSEAL_ERR_NOT_FOUND },
		{ SECRET("zeroblob(65664)"), CSEAL_ERR_FORMAT },
		{ SECRET("zeroblob(3000000)"), CSEAL_ERR_FORMAT },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(forgeries); i++) {
		int r;

		make_ledger(f, 10);
		shut(f);
		forge(f, forgeries[i].sql);
		f->err = (struct cseal_error){ .where = "" };
		r = ask_all(f);
		if (r != forgeries[i].want ||
		    (r != CSEAL_OK && strcmp(f->err.where, "entry 5") != 0))
			fail_msg("%s: %d, %s: %s", forgeries[i].sql, r,
			    f->err.where, f->err.what);
		shut(f);
		assert_int_equal(unlink(f->where), 0);
	}
}

/* The gap is at the end of what is asked, with more entries behind it. */
static void
gap_at_the_end(void **state)
{
	struct fixture *f = *state;
	uint64_t n = 0;

	make_ledger(f, 10);
	shut(f);
	forge(f, "DELETE FROM entry WHERE idx = 3");
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_int_equal(
	    store_sqlite.read(f->store, 0, 4, count_entry, &n, &f->err),
	    CSEAL_ERR_CORRUPT);
	assert_string_equal(f->err.where, "entry 3");
	assert_int_equal(n, 3);
	assert_int_equal(
	    store_sqlite.read(f->store, 3, 1, count_entry, &n, &f->err),
	    CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    store_sqlite.read(f->store, 4, 6, count_entry, &n, &f->err),
	    CSEAL_OK);
	assert_int_equal(n, 9);
}

/* A row larger than SQLite is allowed to load here. */
static void
huge_row(void **state)
{
	struct fixture *f = *state;
	uint64_t n;

	make_ledger(f, 2);
	shut(f);
	forge(f, "UPDATE entry SET body = zeroblob(3000000) WHERE idx = 1");
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_int_equal(count_entries(f, &n), CSEAL_ERR_CORRUPT);
}

/* Pages of the file overwritten: an error, whatever it is, and no crash. */
static void
damaged_pages(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	uint64_t n;
	FILE *file;

	make_ledger(f, 300);
	shut(f);
	assert_int_equal(stat(f->where, &st), 0);
	for (long at = 4096; at < st.st_size; at += 4096) {
		assert_non_null(file = fopen(f->where, "r+"));
		assert_int_equal(fseek(file, at, SEEK_SET), 0);
		for (int i = 0; i < 4096; i++)
			assert_true(fputc(i * 37 % 251, file) != EOF);
		assert_int_equal(fclose(file), 0);
	}
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_int_equal(count_entries(f, &n), CSEAL_ERR_CORRUPT);
	assert_non_null(strstr(f->err.what, "damaged"));
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(append(f, 300), CSEAL_ERR_CORRUPT);
}

static void
names_of_all_kinds(void **state)
{
	static const char *const names[] = { "a b", "100%25", "a?mode=memory",
		"a#b", "a;b", "-wal", ":memory:", "\xc3\xa4\xff", "a\nb",
		"file:x?immutable=1" };
	struct fixture *f = *state;
	struct stat st;

	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(
		    f->where, sizeof(f->where), "%s/%s", f->folder, names[i]);
		make_ledger(f, 2);
		shut(f);
		assert_int_equal(stat(f->where, &st), 0);
		assert_true(st.st_size > 4096);
		assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
		assert_entries(f, 2);
	}
	assert_int_equal(chdir(f->folder), 0);
	(void)snprintf(f->where, sizeof(f->where), "relative");
	make_ledger(f, 1);
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_int_equal(chdir("/"), 0);
	assert_entries(f, 1);
}

/* What is said of a path cannot paint the terminal, and ends as it does. */
static void
names_in_errors(void **state)
{
	struct fixture *f = *state;

	(void)snprintf(f->where, sizeof(f->where), "%s/a\x1b[31m\n", f->folder);
	assert_int_equal(open_as(f, STORE_READ), CSEAL_ERR_NOT_FOUND);
	assert_null(strchr(f->err.where, '\x1b'));
	assert_null(strchr(f->err.where, '\n'));
	assert_non_null(strstr(f->err.where, "\\u{"));
	memset(f->where, 'a', sizeof(f->where));
	(void)snprintf(
	    f->where + 100, sizeof(f->where) - 100, "/the-ledger.db");
	f->where[0] = '/';
	assert_int_equal(open_as(f, STORE_READ), CSEAL_ERR_NOT_FOUND);
	assert_string_equal(
	    f->err.where + strlen(f->err.where) - 14, "/the-ledger.db");
	assert_memory_equal(f->err.where, "...", 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    files_are_private, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    file_tells_what_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    history_is_not_rewritten, setup, teardown),
		cmocka_unit_test_setup_teardown(other_files, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    no_place_for_a_new_one, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    shared_file_systems, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    altered_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(forged_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    forged_secrets, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    gap_at_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(huge_row, setup, teardown),
		cmocka_unit_test_setup_teardown(damaged_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    names_of_all_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    names_in_errors, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
