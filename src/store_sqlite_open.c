/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection to a ledger's file, and what SQLite's refusals mean. */

#include <errno.h>
#include <string.h>

#include "store_sqlite.h"

#define BUSY_MS	  5000
#define ROW_BYTES (1 << 20) /* no row of ours comes near it */

/* Extended codes before the primary codes that they belong to. */
static const struct {
	int rc;
	int code;
	const char *what;
} sqlite_errors[] = {
	{ SQLITE_BUSY_SNAPSHOT, CSEAL_ERR_AGAIN,
	    "the ledger moved on meanwhile: read and try again" },
	{ SQLITE_BUSY, CSEAL_ERR_BUSY,
	    "another process has held the ledger for five seconds: let it "
	    "end, then try again" },
	{ SQLITE_LOCKED, CSEAL_ERR_BUSY,
	    "another use of the ledger in this process is not ended" },
	{ SQLITE_PROTOCOL, CSEAL_ERR_BUSY,
	    "too many processes use the ledger at once: try again" },
	{ SQLITE_NOMEM, CSEAL_ERR_NOMEM, "out of memory" },
	/* A ledger has a rollback journal in its first moment alone. */
	{ SQLITE_READONLY_ROLLBACK, CSEAL_ERR_CORRUPT,
	    "init was stopped while it made this file: delete it, and those "
	    "with -journal and -wal behind its name, and run init again" },
	{ SQLITE_READONLY, CSEAL_ERR_PERMISSION,
	    "the ledger is open for reading only" },
	{ SQLITE_PERM, CSEAL_ERR_PERMISSION, "the system denies access" },
	{ SQLITE_FULL, CSEAL_ERR_IO, "the disk is full" },
	{ SQLITE_NOTADB, CSEAL_ERR_CORRUPT, "not a Counterseal ledger" },
	{ SQLITE_CORRUPT, CSEAL_ERR_CORRUPT,
	    "the file is damaged: restore a backup" },
	{ SQLITE_TOOBIG, CSEAL_ERR_CORRUPT,
	    "a row is larger than any that is written here" },
	{ SQLITE_CONSTRAINT, CSEAL_ERR_CORRUPT,
	    "what is there already contradicts it" },
	{ SQLITE_CANTOPEN, CSEAL_ERR_IO,
	    "the file, or the -wal and -shm beside it, cannot be opened" },
};

/* What SQLite adds of its own must not come from the file: no errmsg. */
int
store_sqlite_fail(
    const struct store *s, int rc, const char *doing, struct cseal_error *err)
{
	int number = s->db != NULL ? sqlite3_system_errno(s->db) : 0;

	for (size_t i = 0; i < sizeof(sqlite_errors) / sizeof(*sqlite_errors);
	     i++) {
		if (sqlite_errors[i].rc == rc ||
		    sqlite_errors[i].rc == (rc & 0xff))
			return cseal_error_set(err, sqlite_errors[i].code,
			    s->path.shown, "%s: %s", doing,
			    sqlite_errors[i].what);
	}
	if ((rc & 0xff) != SQLITE_IOERR)
		return cseal_error_set(err, CSEAL_ERR_INTERNAL, s->path.shown,
		    "%s: SQLite says %s (%d)", doing, sqlite3_errstr(rc), rc);
	errno = number;
	return cseal_error_set(err, CSEAL_ERR_IO, s->path.shown,
	    "%s: the disk says %m (SQLite %d)", doing, rc);
}

/* A hostile file gets no functions, views, extensions or schema tricks. */
static int
harden(sqlite3 *db)
{
	static const struct {
		int option;
		int on;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	};
	int rc = SQLITE_OK;

	for (size_t i = 0;
	     i < sizeof(options) / sizeof(*options) && rc == SQLITE_OK; i++)
		rc = sqlite3_db_config(
		    db, options[i].option, options[i].on, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, ROW_BYTES);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	return rc;
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool
store_sqlite_thawed(const struct store *s)
{
	struct stat st;

	if (!s->frozen)
		return false;
	return stat(s->path.real, &st) != 0 || st.st_ino != s->seen.st_ino ||
	       st.st_dev != s->seen.st_dev || st.st_size != s->seen.st_size ||
	       !same_time(st.st_mtim, s->seen.st_mtim) ||
	       !same_time(st.st_ctim, s->seen.st_ctim) ||
	       store_path_has(s->path.real, "-wal");
}

static int
open_with(struct store *s, const char *options, struct cseal_error *err)
{
	struct cseal_buf uri;
	int rc, r = CSEAL_OK;

	(void)sqlite3_close_v2(s->db);
	s->db = NULL;
	cseal_buf_init(&uri, 0);
	(void)cseal_buf_add_str(&uri, "file:");
	(void)store_path_uri(&s->path, &uri);
	rc = SQLITE_NOMEM;
	if (cseal_buf_add_str(&uri, options) == CSEAL_OK)
		rc = sqlite3_open_v2(cseal_buf_str(&uri), &s->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI |
			SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
			SQLITE_OPEN_EXRESCODE,
		    NULL);
	if (rc == SQLITE_OK)
		rc = harden(s->db);
	if (rc != SQLITE_OK)
		r = store_sqlite_fail(s, rc, "opening the ledger", err);
	cseal_buf_free(&uri);
	return r;
}

/*
 * How to read without leaving a trace.
 *
 * Whoever may write, opens for writing with query_only: if nobody has the
 * ledger open, SQLite then takes away the -wal and -shm that it made, which a
 * read-only connection leaves behind. Where a -wal stands, somebody is
 * writing or was killed while writing: read-only then, so that the last to
 * leave does not fold it into the file.
 *
 * Who may not write cannot make the -shm that locking needs. If no -wal
 * stands there, the file is all there is and is opened as `immutable`, without
 * locks; whether it stayed so is checked after each call. With a -wal beside
 * it, the file alone is not the ledger, and immutable would pass over what
 * was acknowledged last: SQLite is left to try with what it can open.
 */
static int
open_for_reading(struct store *s, struct cseal_error *err)
{
	int r;

	if (store_path_has(s->path.real, "-wal"))
		return open_with(s, "?mode=ro", err);
	if (store_path_writable(&s->path)) {
		r = open_with(s, "?mode=rw", err);
		/* A sandbox may deny what the file's mode allows. */
		if (r != CSEAL_OK || sqlite3_db_readonly(s->db, "main") == 0)
			return r;
	}
	s->frozen = true;
	if (stat(s->path.real, &s->seen) != 0)
		return store_sqlite_fail(
		    s, SQLITE_CANTOPEN, "opening the ledger", err);
	return open_with(s, "?mode=ro&immutable=1", err);
}

static int
set_up(struct store *s, enum store_mode mode, struct cseal_error *err)
{
	int rc;

	(void)sqlite3_busy_timeout(s->db, BUSY_MS);
	rc = sqlite3_exec(s->db,
	    "PRAGMA trusted_schema = OFF;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0;"
	    "PRAGMA temp_store = MEMORY;"
	    "PRAGMA foreign_keys = ON;"
	    "PRAGMA recursive_triggers = ON;"
	    "PRAGMA secure_delete = ON;"
	    "PRAGMA synchronous = FULL",
	    NULL, NULL, NULL);
	if (rc == SQLITE_OK && mode == STORE_READ)
		rc = sqlite3_exec(
		    s->db, "PRAGMA query_only = ON", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return CSEAL_OK;
	return store_sqlite_fail(s, rc, "opening the ledger", err);
}

/* SQLite stays with another journal, without an error, where WAL cannot be. */
static int
use_wal(struct store *s, struct cseal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	const char *now = NULL;
	int rc, r;

	rc = sqlite3_prepare_v2(
	    s->db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		now = (const char *)sqlite3_column_text(stmt, 0);
	if (now != NULL && strcmp(now, "wal") == 0)
		r = CSEAL_OK;
	else if (rc == SQLITE_ROW)
		r = cseal_error_set(err, CSEAL_ERR_IO, s->path.shown,
		    "this file system cannot share memory between processes: "
		    "keep the ledger on a local disk");
	else
		r = store_sqlite_fail(s, rc, "opening the ledger", err);
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_sqlite_connect(
    struct store *s, enum store_mode mode, struct cseal_error *err)
{
	int r = mode == STORE_READ ? open_for_reading(s, err)
				   : open_with(s, "?mode=rw", err);

	if (r == CSEAL_OK && mode != STORE_CREATE)
		r = store_sqlite_header_check(s, err);
	if (r == CSEAL_OK)
		r = set_up(s, mode, err);
	if (r == CSEAL_OK && mode == STORE_CREATE)
		r = store_sqlite_schema_make(s, err);
	if (r == CSEAL_OK)
		r = store_sqlite_schema_check(s, err);
	if (r == CSEAL_OK && mode != STORE_READ)
		r = use_wal(s, err);
	return r;
}
