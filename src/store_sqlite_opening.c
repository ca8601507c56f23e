/* SPDX-License-Identifier: BSD-2-Clause */
/* Openings: written once, read, erased for good. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store_sqlite.h"

/*
 * An opening's blob: 1, the value's length (2 bytes, big end), salt, value,
 * zeros up to a multiple of 64. All zeros once it is erased.
 */
#define SECRET_VERSION	 1
#define SECRET_VALUE_AT	 (3 + CSEAL_SALT_BYTES)
#define SECRET_STEP	 64
#define SECRET_VALUE_MAX 65535
#define SECRET_MAX	 65600 /* in STATEMENT_GET_OPENING too */

static int
secret_pack(const struct store_opening *o, struct cseal_buf *out)
{
	static const uint8_t zeros[SECRET_STEP];

	(void)cseal_buf_add_u8(out, SECRET_VERSION);
	(void)cseal_buf_add_u8(out, (uint8_t)(o->value.len >> 8));
	(void)cseal_buf_add_u8(out, (uint8_t)(o->value.len & 0xff));
	(void)cseal_buf_add(out, o->salt, CSEAL_SALT_BYTES);
	(void)cseal_buf_add(out, o->value.data, o->value.len);
	if (out->len % SECRET_STEP != 0)
		(void)cseal_buf_add(
		    out, zeros, SECRET_STEP - out->len % SECRET_STEP);
	return cseal_buf_error(out);
}

static bool
all_zeros(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

/*
 * CSEAL_ERR_NOT_FOUND: erased. CSEAL_ERR_FORMAT: not written by us; `p` is
 * NULL for what is empty or too large to be read.
 */
static int
secret_unpack(const uint8_t *p, size_t n, uint8_t salt[CSEAL_SALT_BYTES],
    struct cseal_buf *value)
{
	size_t end;

	if (p == NULL || n < SECRET_STEP || n > SECRET_MAX)
		return CSEAL_ERR_FORMAT;
	if (all_zeros(p, n))
		return CSEAL_ERR_NOT_FOUND;
	end = SECRET_VALUE_AT + ((size_t)p[1] << 8 | p[2]);
	if (p[0] != SECRET_VERSION || n % SECRET_STEP != 0 || end > n ||
	    !all_zeros(p + end, n - end))
		return CSEAL_ERR_FORMAT;
	memcpy(salt, p + 3, CSEAL_SALT_BYTES);
	return cseal_buf_add(value, p + SECRET_VALUE_AT, end - SECRET_VALUE_AT);
}

int
store_sqlite_add_opening(struct store *s, uint64_t entry,
    const struct store_opening *o, struct cseal_error *err)
{
	struct cseal_buf secret;
	sqlite3_stmt *stmt = NULL;
	int r;

	cseal_buf_init(&secret, 0);
	r = o->value.len <= SECRET_VALUE_MAX ? secret_pack(o, &secret)
					     : CSEAL_ERR_TOO_LARGE;
	if (r != CSEAL_OK) {
		r = cseal_error_set(err, r, "opening",
		    "the value is kept only "
		    "up to %d bytes",
		    SECRET_VALUE_MAX);
		goto out;
	}
	r = store_statement_take(s, STATEMENT_ADD_OPENING, &stmt, err);
	if (r != CSEAL_OK)
		goto out;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)entry);
	(void)sqlite3_bind_text(stmt, 2, o->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_blob(
	    stmt, 3, secret.data, (int)secret.len, SQLITE_STATIC);
	r = store_statement_insert(s, STATEMENT_ADD_OPENING, stmt, err);
out:
	cseal_buf_free(&secret);
	return r;
}

/* Openings that come later than their entry. */
struct late {
	uint64_t entry;
	const struct store_opening *openings;
	size_t n;
};

static int
refuse_known(
    struct store *s, uint64_t entry, const char *name, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	char where[32];
	int rc, r;

	r = store_statement_take(s, STATEMENT_GET_OPENING, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)entry);
	(void)sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	(void)snprintf(where, sizeof(where), "entry %" PRIu64, entry);
	if (rc == SQLITE_ROW)
		r = cseal_error_set(err, CSEAL_ERR_EXISTS, where,
		    "the opening is there already, or was erased");
	else if (rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "reading an opening", err);
	store_statement_give(s, STATEMENT_GET_OPENING, stmt);
	return r;
}

static int
add_late(struct store *s, const void *ctx, struct cseal_error *err)
{
	const struct late *l = ctx;
	int r = CSEAL_OK;

	for (size_t i = 0; i < l->n && r == CSEAL_OK; i++) {
		r = refuse_known(s, l->entry, l->openings[i].name, err);
		if (r == CSEAL_OK)
			r = store_sqlite_add_opening(
			    s, l->entry, &l->openings[i], err);
	}
	return r;
}

int
store_sqlite_add_openings(struct store *s, uint64_t entry,
    const struct store_opening *openings, size_t n, struct cseal_error *err)
{
	const struct late late = { entry, openings, n };

	if (entry >= INT64_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, s->path.shown,
		    "no ledger has so many entries");
	return store_sqlite_transact(
	    s, "keeping openings", add_late, &late, err);
}

static int
no_opening(const struct store *s, uint64_t entry, const char *what,
    struct cseal_error *err)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "entry %" PRIu64, entry);
	return cseal_error_set(
	    err, CSEAL_ERR_NOT_FOUND, where, "%s in %s", what, s->path.shown);
}

/* Takes `which` with entry and name bound to it. */
static int
take_for_opening(struct store *s, enum store_statement which, uint64_t entry,
    const char *name, sqlite3_stmt **out, struct cseal_error *err)
{
	int r;

	*out = NULL;
	if (entry > INT64_MAX)
		return no_opening(s, entry, "there is no such entry", err);
	if ((r = store_statement_take(s, which, out, err)) != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(*out, 1, (sqlite3_int64)entry);
	(void)sqlite3_bind_text(*out, 2, name, -1, SQLITE_STATIC);
	return CSEAL_OK;
}

int
store_sqlite_get_opening(struct store *s, uint64_t entry, const char *name,
    uint8_t salt[CSEAL_SALT_BYTES], struct cseal_buf *value,
    struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	memset(salt, 0, CSEAL_SALT_BYTES);
	r = take_for_opening(s, STATEMENT_GET_OPENING, entry, name, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_DONE)
		r = no_opening(s, entry, "there is no such opening", err);
	else if (rc != SQLITE_ROW)
		r = store_sqlite_fail(s, rc, "reading an opening", err);
	else
		r = secret_unpack(sqlite3_column_blob(stmt, 0),
		    (size_t)sqlite3_column_bytes(stmt, 0), salt, value);
	if (rc == SQLITE_ROW && r == CSEAL_ERR_NOT_FOUND)
		r = no_opening(s, entry, "the opening was erased", err);
	else if (r == CSEAL_ERR_FORMAT)
		(void)store_sqlite_corrupt(
		    s, entry, err, "an opening is malformed");
	store_statement_give(s, STATEMENT_GET_OPENING, stmt);
	return store_sqlite_settle(s, r, err);
}

/*
 * Pages with the value may still stand in the write-ahead log: they are taken
 * over into the file, and the log is cut to nothing. What the disk itself
 * keeps of the freed blocks is out of our reach.
 */
static int
empty_wal(struct store *s, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	r = store_statement_take(s, STATEMENT_CHECKPOINT, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW)
		r = store_sqlite_fail(s, rc, "emptying the log", err);
	else if (sqlite3_column_int(stmt, 0) != 0)
		r = cseal_error_set(err, CSEAL_ERR_BUSY, s->path.shown,
		    "the opening is erased, but another process still reads "
		    "the write-ahead log, which holds its bytes: let it end, "
		    "then erase once more");
	store_statement_give(s, STATEMENT_CHECKPOINT, stmt);
	return r;
}

int
store_sqlite_erase_opening(
    struct store *s, uint64_t entry, const char *name, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int rc, r;

	r = take_for_opening(
	    s, STATEMENT_ERASE_OPENING, entry, name, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "erasing an opening", err);
	else if (sqlite3_changes(s->db) == 0)
		r = no_opening(s, entry, "there is no such opening", err);
	store_statement_give(s, STATEMENT_ERASE_OPENING, stmt);
	return r == CSEAL_OK ? empty_wal(s, err) : r;
}
