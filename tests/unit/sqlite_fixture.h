/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger in a folder of its own, for the tests of SQLite's engine. */

#ifndef TESTS_UNIT_SQLITE_FIXTURE_H
#define TESTS_UNIT_SQLITE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "counterseal/err.h"
#include "counterseal/ledger.h"

#include "store.h"

#define NOBODY	 65534
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct fixture {
	char folder[64];
	char where[128];
	struct store *store;
	struct cseal_error err;
};

static inline int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/test_sqlite.XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return -1;
	(void)snprintf(f->where, sizeof(f->where), "%s/ledger", f->folder);
	*state = f;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;
	char name[400];
	struct dirent *e;
	DIR *d;
	int r;

	store_sqlite.close(f->store);
	(void)chmod(f->folder, 0700);
	if ((d = opendir(f->folder)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(
		    name, sizeof(name), "%s/%s", f->folder, e->d_name);
		(void)unlink(name);
	}
	(void)closedir(d);
	r = rmdir(f->folder);
	free(f);
	return r;
}

static inline int
open_as(struct fixture *f, enum store_mode mode)
{
	store_sqlite.close(f->store);
	f->store = NULL;
	memset(&f->err, 0, sizeof(f->err));
	return store_sqlite.open(&f->store, f->where, mode, &f->err);
}

static inline void
shut(struct fixture *f)
{
	store_sqlite.close(f->store);
	f->store = NULL;
}

static inline int
append_opening(struct fixture *f, uint64_t i, const char *value)
{
	struct store_node node = { .level = 0, .index = i };
	const struct store_opening o = { "iban", { 7 },
		{ (const uint8_t *)value, strlen(value) } };
	const struct store_append a = { { (const uint8_t *)"body", 4 }, &node,
		1, &o, 1 };

	return store_sqlite.append(f->store, i, &a, &f->err);
}

static inline int
append(struct fixture *f, uint64_t i)
{
	return append_opening(f, i, "DE02120300000000202051");
}

static inline void
make_ledger(struct fixture *f, uint64_t n)
{
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_OK);
	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(append(f, i), CSEAL_OK);
}

static inline int
count_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	(void)index;
	(void)entry;
	++*(uint64_t *)ctx;
	return CSEAL_OK;
}

static inline int
count_entries(struct fixture *f, uint64_t *n)
{
	*n = 0;
	return store_sqlite.read(
	    f->store, 0, UINT64_MAX, count_entry, n, &f->err);
}

static inline void
assert_entries(struct fixture *f, uint64_t want)
{
	uint64_t n;

	assert_int_equal(count_entries(f, &n), CSEAL_OK);
	assert_int_equal(n, want);
}

/* Somebody else's connection, with none of our settings. */
static inline sqlite3 *
raw_open(const char *where)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(where, &db), SQLITE_OK);
	return db;
}

static inline void
raw(struct fixture *f, const char *sql)
{
	sqlite3 *db = raw_open(f->where);

	assert_int_equal(sqlite3_exec(db, sql, 0, 0, 0), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* By somebody who passes over triggers and checks. */
static inline void
forge(struct fixture *f, const char *sql)
{
	sqlite3 *db = raw_open(f->where);

	assert_int_equal(
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON", 0, 0, 0),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
}

/* The one number that it answers. */
static inline int64_t
ask(struct fixture *f, const char *sql)
{
	sqlite3 *db = raw_open(f->where);
	sqlite3_stmt *stmt = NULL;
	int64_t n;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static inline bool
is_there(struct fixture *f, const char *suffix)
{
	char name[160];

	(void)snprintf(name, sizeof(name), "%s%s", f->where, suffix);
	return access(name, F_OK) == 0;
}

static inline mode_t
mode_of(struct fixture *f, const char *suffix)
{
	char name[160];
	struct stat st;

	(void)snprintf(name, sizeof(name), "%s%s", f->where, suffix);
	assert_int_equal(stat(name, &st), 0);
	return st.st_mode & 07777;
}

/* In a user namespace of one person (unshare -r) nobody else can be acted. */
static inline void
need_nobody(void)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(setresuid(NOBODY, NOBODY, NOBODY) == 0 ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (geteuid() == 0 && status != 0)
		skip();
}

#endif
