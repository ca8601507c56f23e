/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void
maker_file_init(struct maker_file *f)
{
	const char *memory = "/dev/shm";

	memset(f, 0, sizeof(*f));
	snprintf(f->folder, sizeof(f->folder), "%s/cs-test.XXXXXX",
	    access(memory, W_OK | X_OK) == 0 ? memory : "/tmp");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/l", f->folder);
}

static void
remove_file(struct maker_file *f)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[112];

	(void)sqlite3_close(f->raw);
	f->raw = NULL;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		(void)unlink(path);
	}
}

void
maker_file_free(struct maker_file *f)
{
	remove_file(f);
	assert_int_equal(rmdir(f->folder), 0);
}

void
maker_file_write(struct maker_file *f, const struct maker *m)
{
	remove_file(f);
	maker_write(m, f->path);
}

void
maker_file_meddle(struct maker_file *f)
{
	if (f->raw != NULL)
		return;
	assert_int_equal(sqlite3_open(f->path, &f->raw), SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(f->raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(f->raw,
		"PRAGMA ignore_check_constraints = ON;"
		"PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF",
		NULL, NULL, NULL),
	    SQLITE_OK);
}

void
maker_file_run(
    struct maker_file *f, const char *sql, const void *blob, size_t n)
{
	sqlite3_stmt *stmt = NULL;

	maker_file_meddle(f);
	assert_int_equal(
	    sqlite3_prepare_v2(f->raw, sql, -1, &stmt, NULL), SQLITE_OK);
	if (blob != NULL)
		assert_int_equal(
		    sqlite3_bind_blob(stmt, 1, blob, (int)n, SQLITE_TRANSIENT),
		    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	assert_true(sqlite3_changes(f->raw) > 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

void
maker_file_put(struct maker_file *f, uint64_t index, struct cseal_slice entry)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
	    "INSERT OR REPLACE INTO entry (idx, body) VALUES (%llu, ?1)",
	    (unsigned long long)index);
	maker_file_run(f, sql, entry.data, entry.len);
}
