/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands beside the ledger: written, replaced and taken away freely. */

#include <string.h>

#include "store_sqlite.h"

struct things {
	const struct store_beside *v;
	size_t n;
};

static int
take_for_beside(struct store *s, enum store_statement which, const char *kind,
    const char *name, sqlite3_stmt **out, struct cseal_error *err)
{
	int r = store_statement_take(s, which, out, err);

	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_text(*out, 1, kind, -1, SQLITE_STATIC);
	if (name != NULL)
		(void)sqlite3_bind_text(*out, 2, name, -1, SQLITE_STATIC);
	return CSEAL_OK;
}

static int
put_one(struct store *s, const struct store_beside *t, struct cseal_error *err)
{
	const enum store_statement which = t->value.data != NULL
					       ? STATEMENT_PUT_BESIDE
					       : STATEMENT_DROP_BESIDE;
	sqlite3_stmt *stmt;
	int r;

	if (t->value.len > STORE_BESIDE_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, t->kind,
		    "at most %d bytes are kept beside the ledger",
		    STORE_BESIDE_MAX);
	r = take_for_beside(s, which, t->kind, t->name, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	if (t->value.data != NULL)
		(void)sqlite3_bind_blob(
		    stmt, 3, t->value.data, (int)t->value.len, SQLITE_STATIC);
	return store_statement_insert(s, which, stmt, err);
}

static int
put_all(struct store *s, const void *ctx, struct cseal_error *err)
{
	const struct things *t = ctx;
	int r = CSEAL_OK;

	for (size_t i = 0; i < t->n && r == CSEAL_OK; i++)
		r = put_one(s, &t->v[i], err);
	return r;
}

int
store_sqlite_put_beside(struct store *s, const struct store_beside *things,
    size_t n, struct cseal_error *err)
{
	const struct things t = { things, n };

	return store_sqlite_transact(
	    s, "writing beside the ledger", put_all, &t, err);
}

int
store_sqlite_get_beside(struct store *s, const char *kind, const char *name,
    struct cseal_buf *out, struct cseal_error *err)
{
	struct cseal_slice v;
	sqlite3_stmt *stmt;
	int rc, r;

	r = take_for_beside(s, STATEMENT_GET_BESIDE, kind, name, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		v = store_column_bytes(stmt, 0);
		r = cseal_buf_add(out, v.data, v.len);
	} else if (rc == SQLITE_DONE) {
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, s->path.shown,
		    "nothing of that name (%s) stands beside it", kind);
	} else {
		r = store_sqlite_fail(
		    s, rc, "reading what stands beside the ledger", err);
	}
	store_statement_give(s, STATEMENT_GET_BESIDE, stmt);
	return store_sqlite_settle(s, r, err);
}

int
store_sqlite_clear_beside(
    struct store *s, const char *kind, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int r =
	    take_for_beside(s, STATEMENT_CLEAR_BESIDE, kind, NULL, &stmt, err);

	if (r != CSEAL_OK)
		return r;
	return store_statement_insert(s, STATEMENT_CLEAR_BESIDE, stmt, err);
}

int
store_sqlite_each_beside(struct store *s, const char *kind, store_beside_fn fn,
    void *ctx, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc = SQLITE_DONE, r;

	r = take_for_beside(s, STATEMENT_EACH_BESIDE, kind, NULL, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	while (r == CSEAL_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		r = fn(ctx, (const char *)sqlite3_column_text(stmt, 0),
		    store_column_bytes(stmt, 1));
	if (r == CSEAL_OK && rc != SQLITE_DONE)
		r = store_sqlite_fail(
		    s, rc, "reading what stands beside the ledger", err);
	store_statement_give(s, STATEMENT_EACH_BESIDE, stmt);
	return store_sqlite_settle(s, r, err);
}
