/* SPDX-License-Identifier: BSD-2-Clause */
/* Prepared statements, and what is said of what they find. */

#include <inttypes.h>
#include <stdio.h>

#include "store_sqlite.h"

static const char *const statement_sql[STATEMENTS] = {
	[STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
	[STATEMENT_COMMIT] = "COMMIT",
	[STATEMENT_ROLLBACK] = "ROLLBACK",
	[STATEMENT_SIZE] = "SELECT max(idx) FROM entry",
	[STATEMENT_READ] = "SELECT idx, body FROM entry"
			   " WHERE idx >= ?1 AND idx < ?2 ORDER BY idx",
	[STATEMENT_TILE] = "SELECT idx, hash FROM node WHERE level = ?1"
			   " AND idx >= ?2 AND idx < ?3 ORDER BY idx",
	[STATEMENT_ADD_ENTRY] = "INSERT INTO entry (idx, body)"
				" VALUES (?1, ?2)",
	[STATEMENT_ADD_NODE] = "INSERT INTO node (level, idx, hash)"
			       " VALUES (?1, ?2, ?3)",
	[STATEMENT_ADD_OPENING] = "INSERT INTO opening (entry, name, secret)"
				  " VALUES (?1, ?2, ?3)",
	/* Here and below, without loading what is too large to be ours. */
	[STATEMENT_GET_OPENING] = "SELECT CASE WHEN length(secret)"
				  " <= 65600 THEN secret END FROM opening"
				  " WHERE entry = ?1 AND name = ?2",
	[STATEMENT_ERASE_OPENING] = "UPDATE opening"
				    " SET secret = zeroblob(length(secret))"
				    " WHERE entry = ?1 AND name = ?2",
	[STATEMENT_PUT_BESIDE] = "INSERT OR REPLACE INTO beside"
				 " (kind, name, value) VALUES (?1, ?2, ?3)",
	[STATEMENT_DROP_BESIDE] = "DELETE FROM beside"
				  " WHERE kind = ?1 AND name = ?2",
	[STATEMENT_GET_BESIDE] = "SELECT value FROM beside"
				 " WHERE kind = ?1 AND name = ?2",
	[STATEMENT_EACH_BESIDE] = "SELECT name, value FROM beside"
				  " WHERE kind = ?1 ORDER BY name",
	[STATEMENT_CLEAR_BESIDE] = "DELETE FROM beside WHERE kind = ?1",
	[STATEMENT_TAIL_ENTRIES] = "SELECT idx, CASE WHEN length(body)"
				   " <= 1000000 THEN body END FROM entry"
				   " WHERE idx >= ?1 ORDER BY idx",
	[STATEMENT_TAIL_OPENINGS] = "SELECT entry, name FROM opening"
				    " WHERE entry >= ?1 ORDER BY entry, name",
	[STATEMENT_TAIL_HASHES] = "SELECT count(*) FROM node"
				  " WHERE idx >= ?1 >> 8 * level",
	[STATEMENT_CHECKPOINT] = "PRAGMA wal_checkpoint(TRUNCATE)",
};

int
store_statement_take(struct store *s, enum store_statement which,
    sqlite3_stmt **out, struct cseal_error *err)
{
	int rc;

	*out = s->statements[which];
	s->statements[which] = NULL;
	if (*out != NULL)
		return CSEAL_OK;
	rc = sqlite3_prepare_v3(s->db, statement_sql[which], -1,
	    SQLITE_PREPARE_PERSISTENT, out, NULL);
	if (rc == SQLITE_OK)
		return CSEAL_OK;
	return store_sqlite_fail(s, rc, "opening the ledger", err);
}

void
store_statement_give(
    struct store *s, enum store_statement which, sqlite3_stmt *stmt)
{
	if (stmt == NULL)
		return;
	(void)sqlite3_reset(stmt);
	(void)sqlite3_clear_bindings(stmt);
	if (s->statements[which] == NULL)
		s->statements[which] = stmt; /* transferred */
	else
		(void)sqlite3_finalize(stmt);
}

int
store_statement_run(struct store *s, enum store_statement which,
    const char *doing, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	if ((r = store_statement_take(s, which, &stmt, err)) != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, doing, err);
	store_statement_give(s, which, stmt);
	return r;
}

int
store_statement_insert(struct store *s, enum store_statement which,
    sqlite3_stmt *stmt, struct cseal_error *err)
{
	int r = CSEAL_OK;
	int rc = sqlite3_step(stmt);

	if (rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "appending to the ledger", err);
	store_statement_give(s, which, stmt);
	return r;
}

struct cseal_slice
store_column_bytes(sqlite3_stmt *stmt, int column)
{
	struct cseal_slice v = { .data = sqlite3_column_blob(stmt, column) };

	v.len = v.data != NULL ? (size_t)sqlite3_column_bytes(stmt, column) : 0;
	return v;
}

int
store_sqlite_transact(struct store *s, const char *doing,
    int (*fn)(struct store *s, const void *ctx, struct cseal_error *err),
    const void *ctx, struct cseal_error *err)
{
	int r = store_statement_run(s, STATEMENT_BEGIN, doing, err);

	if (r == CSEAL_OK)
		r = fn(s, ctx, err);
	if (r == CSEAL_OK)
		r = store_statement_run(s, STATEMENT_COMMIT, doing, err);
	if (r != CSEAL_OK && sqlite3_get_autocommit(s->db) == 0)
		(void)store_statement_run(s, STATEMENT_ROLLBACK, doing, NULL);
	return r;
}

int
store_sqlite_corrupt(const struct store *s, uint64_t index,
    struct cseal_error *err, const char *what)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "entry %" PRIu64, index);
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, where,
	    "%s in %s: verify it, then restore a backup", what, s->path.shown);
}

int
store_sqlite_settle(const struct store *s, int r, struct cseal_error *err)
{
	if (!store_sqlite_thawed(s))
		return r;
	return cseal_error_set(err, CSEAL_ERR_AGAIN, s->path.shown,
	    "the ledger was written while it was read by a user who cannot "
	    "lock it: open it again");
}
