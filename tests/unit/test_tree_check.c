/* SPDX-License-Identifier: BSD-2-Clause */
/* Every stored hash is looked at, also those that no root reads today. */

#include "sqlite_fixture.h"

#include "tree_check.h"

#define ENTRIES 600 /* two full tiles, a part, and a row above them */

static struct cseal_head
fill(const char *path)
{
	struct cseal_ledger *l = NULL;
	struct cseal_hash_source hashes;
	struct cseal_head head = { .size = ENTRIES };
	char text[16];

	assert_int_equal(
	    cseal_ledger_open(&l, path, CSEAL_LEDGER_CREATE, NULL), CSEAL_OK);
	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct cseal_slice entry = { (const uint8_t *)text,
			sizeof(text) };

		memset(text, 0, sizeof(text));
		(void)snprintf(
		    text, sizeof(text), "%llu", (unsigned long long)i);
		assert_int_equal(
		    cseal_ledger_append(l, i, entry, NULL, 0, NULL), CSEAL_OK);
	}
	hashes = cseal_ledger_hashes(l);
	assert_int_equal(
	    cseal_merkle_root(&hashes, ENTRIES, head.root), CSEAL_OK);
	cseal_ledger_close(l);
	return head;
}

static struct tree_check
look(const char *path, const struct cseal_head *head)
{
	struct cseal_ledger *l = NULL;
	struct tree_check c;

	assert_int_equal(
	    cseal_ledger_open(&l, path, CSEAL_LEDGER_READ, NULL), CSEAL_OK);
	assert_int_equal(tree_check(l, head, &c, NULL), CSEAL_OK);
	cseal_ledger_close(l);
	return c;
}

/* Flips a bit of a stored hash, or flips it back. */
static void
flip(const char *path, int level, int index)
{
	sqlite3_stmt *get = NULL, *put = NULL;
	sqlite3 *db = NULL;
	uint8_t hash[CSEAL_HASH_BYTES];
	int off = 0;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &off);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT hash FROM node WHERE level = ? AND"
			     " idx = ?",
			     -1, &get, NULL),
	    SQLITE_OK);
	(void)sqlite3_bind_int(get, 1, level);
	(void)sqlite3_bind_int(get, 2, index);
	assert_int_equal(sqlite3_step(get), SQLITE_ROW);
	assert_int_equal(sqlite3_column_bytes(get, 0), sizeof(hash));
	memcpy(hash, sqlite3_column_blob(get, 0), sizeof(hash));
	hash[0] ^= 1;
	(void)sqlite3_finalize(get);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "UPDATE node SET hash = ? WHERE level = ? AND"
			     " idx = ?",
			     -1, &put, NULL),
	    SQLITE_OK);
	(void)sqlite3_bind_blob(put, 1, hash, sizeof(hash), SQLITE_STATIC);
	(void)sqlite3_bind_int(put, 2, level);
	(void)sqlite3_bind_int(put, 3, index);
	assert_int_equal(sqlite3_step(put), SQLITE_DONE);
	(void)sqlite3_finalize(put);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
every_stored_hash_counts(void **state)
{
	static const struct {
		int level, index;
		bool names;
	} rows[] = { { 0, 0, true }, { 0, 100, true }, { 0, 255, true },
		{ 0, 256, true }, { 0, 599, true }, { 1, 0, false },
		{ 1, 1, false } };
	char folder[] = "/tmp/cs-tree.XXXXXX", path[64];
	struct cseal_head head;
	struct tree_check c;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/l.db", folder);
	head = fill(path);
	c = look(path, &head);
	assert_true(c.fits);
	for (size_t i = 0; i < COUNT(rows); i++) {
		flip(path, rows[i].level, rows[i].index);
		c = look(path, &head);
		assert_false(c.fits);
		assert_int_equal(c.has_entry, rows[i].names);
		if (rows[i].names)
			assert_int_equal(c.entry, rows[i].index);
		flip(path, rows[i].level, rows[i].index);
	}
	assert_true(look(path, &head).fits);
	head.root[0] ^= 1;
	assert_false(look(path, &head).fits);
	for (size_t i = 0; i < 3; i++) {
		static const char *const ends[] = { "", "-wal", "-shm" };
		char file[80];

		(void)snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		(void)unlink(file);
	}
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stored_hash_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
