/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A consistent copy of the file while others write: SQLite's backup of all
 * pages in one read transaction, into memory, so that no second file with
 * values in clear comes about.
 */

#include "store_sqlite.h"

static int
copy_into(struct store *s, sqlite3 *to, struct cseal_error *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", s->db, "main");
	int rc;

	if (b == NULL)
		return store_sqlite_fail(
		    s, sqlite3_errcode(to), "copying the ledger", err);
	rc = sqlite3_backup_step(b, -1);
	(void)sqlite3_backup_finish(b);
	return rc == SQLITE_DONE
		   ? CSEAL_OK
		   : store_sqlite_fail(s, rc, "copying the ledger", err);
}

static int
take_bytes(sqlite3 *db, struct cseal_buf *out)
{
	sqlite3_int64 n = 0;
	unsigned char *bytes = sqlite3_serialize(db, "main", &n, 0);
	int r = CSEAL_ERR_NOMEM;

	if (bytes != NULL && n > 0) {
		r = cseal_buf_add(out, bytes, (size_t)n);
		cseal_wipe(bytes, (size_t)n);
	}
	sqlite3_free(bytes);
	return r;
}

static int
copy(struct store *s, struct cseal_buf *out, struct cseal_error *err)
{
	sqlite3 *db = NULL;
	int r = CSEAL_ERR_NOMEM;

	if (sqlite3_open_v2(":memory:", &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) == SQLITE_OK)
		r = copy_into(s, db, err);
	if (r == CSEAL_OK) {
		r = take_bytes(db, out);
		if (r != CSEAL_OK)
			(void)cseal_error_set(err, r, s->path.shown,
			    "copying the ledger: %s", cseal_strerror(r));
	}
	(void)sqlite3_close_v2(db);
	return r;
}

int
store_sqlite_copy(
    struct store *s, struct cseal_buf *out, struct cseal_error *err)
{
	return store_sqlite_settle(s, copy(s, out, err), err);
}
