/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a ledger that does not belong to it: shown, and cut off. */

#include <string.h>

#include "store_sqlite.h"

/* Takes `which` with `keep` bound to it. */
static int
take_for_tail(struct store *s, enum store_statement which, uint64_t keep,
    sqlite3_stmt **out, struct cseal_error *err)
{
	int r = store_statement_take(s, which, out, err);

	if (r == CSEAL_OK)
		(void)sqlite3_bind_int64(*out, 1, (sqlite3_int64)keep);
	return r;
}

/* Hands each row of a number and bytes to `fn`. */
static int
each_row(struct store *s, enum store_statement which, uint64_t keep,
    int (*fn)(void *ctx, uint64_t index, struct cseal_slice bytes), void *ctx,
    struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc = SQLITE_DONE, r;

	if ((r = take_for_tail(s, which, keep, &stmt, err)) != CSEAL_OK)
		return r;
	while (r == CSEAL_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		r = fn(ctx, (uint64_t)sqlite3_column_int64(stmt, 0),
		    store_column_bytes(stmt, 1));
	if (r == CSEAL_OK && rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "reading the ledger", err);
	store_statement_give(s, which, stmt);
	return r;
}

static int
count_hashes(
    struct store *s, uint64_t keep, uint64_t *n, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	*n = 0;
	r = take_for_tail(s, STATEMENT_TAIL_HASHES, keep, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		*n = (uint64_t)sqlite3_column_int64(stmt, 0);
	else
		r = store_sqlite_fail(s, rc, "reading the tree", err);
	store_statement_give(s, STATEMENT_TAIL_HASHES, stmt);
	return r;
}

static int
read_tail(struct store *s, uint64_t keep, const struct store_sink *sink,
    struct cseal_error *err)
{
	uint64_t hashes;
	int r;

	r = each_row(
	    s, STATEMENT_TAIL_ENTRIES, keep, sink->entry, sink->ctx, err);
	if (r == CSEAL_OK)
		r = each_row(s, STATEMENT_TAIL_OPENINGS, keep, sink->opening,
		    sink->ctx, err);
	if (r == CSEAL_OK)
		r = count_hashes(s, keep, &hashes, err);
	return r == CSEAL_OK ? sink->end(sink->ctx, hashes) : r;
}

int
store_sqlite_tail(struct store *s, uint64_t keep, const struct store_sink *sink,
    struct cseal_error *err)
{
	if (keep > INT64_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, s->path.shown,
		    "no ledger has so many entries");
	return store_sqlite_settle(s, read_tail(s, keep, sink, err), err);
}

static int
run_for_tail(
    struct store *s, const char *sql, uint64_t keep, struct cseal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)keep);
		rc = sqlite3_step(stmt);
	}
	(void)sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return CSEAL_OK;
	return store_sqlite_fail(s, rc, "cutting the ledger", err);
}

static int
run_all(struct store *s, const char *const *sql, size_t n, uint64_t keep,
    struct cseal_error *err)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < n && r == CSEAL_OK; i++)
		r = run_for_tail(s, sql[i], keep, err);
	return r;
}

/*
 * Openings deleted one by one make SQLite move their neighbours, and leave
 * copies of those that no later erasing reaches; a stranger may have put his
 * between others. So the table is emptied as a whole, which frees its pages,
 * wiped by secure_delete, and what stays is written anew in its order.
 */
static int
cut_openings(struct store *s, uint64_t keep, struct cseal_error *err)
{
	static const char *const sql[] = {
		"CREATE TEMP TABLE kept AS SELECT id, entry, name, secret"
		" FROM main.opening WHERE entry < ?1",
		"DELETE FROM main.opening",
		"INSERT INTO main.opening (id, entry, name, secret)"
		" SELECT id, entry, name, secret FROM temp.kept ORDER BY id",
		"DROP TABLE temp.kept",
	};

	return run_all(s, sql, sizeof(sql) / sizeof(*sql), keep, err);
}

static int
has_openings(struct store *s, uint64_t keep, bool *yes, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	*yes = false;
	r = take_for_tail(s, STATEMENT_TAIL_OPENINGS, keep, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	*yes = rc == SQLITE_ROW;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "cutting the ledger", err);
	store_statement_give(s, STATEMENT_TAIL_OPENINGS, stmt);
	return r;
}

struct cut {
	uint64_t keep;
	const struct store_sink *sink;
};

static int
cut_all(struct store *s, const void *ctx, struct cseal_error *err)
{
	static const char *const sql[] = {
		"DELETE FROM main.entry WHERE idx >= ?1",
		"DELETE FROM main.node WHERE idx >= ?1 >> 8 * level",
	};
	const struct cut *cut = ctx;
	bool openings;
	int r;

	if ((r = read_tail(s, cut->keep, cut->sink, err)) != CSEAL_OK ||
	    (r = has_openings(s, cut->keep, &openings, err)) != CSEAL_OK ||
	    (openings && (r = cut_openings(s, cut->keep, err)) != CSEAL_OK))
		return r;
	return run_all(s, sql, sizeof(sql) / sizeof(*sql), cut->keep, err);
}

/*
 * The triggers that refuse it are passed over by this connection alone, and
 * stay in the file. What the log still holds of the openings is taken out of
 * it now or, if somebody reads, by the last who closes the ledger.
 */
int
store_sqlite_cut(struct store *s, uint64_t keep, const struct store_sink *sink,
    struct cseal_error *err)
{
	const struct cut cut = { keep, sink };
	int rc, r;

	if (keep > INT64_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, s->path.shown,
		    "no ledger has so many entries");
	rc = sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	if (rc != SQLITE_OK)
		return store_sqlite_fail(s, rc, "cutting the ledger", err);
	r = store_sqlite_transact(s, "cutting the ledger", cut_all, &cut, err);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	if (r == CSEAL_OK)
		(void)sqlite3_wal_checkpoint_v2(
		    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return r;
}
