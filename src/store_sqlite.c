/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine for one machine: one SQLite file in WAL mode. A commit with
 * synchronous=FULL has reached the disk when it returns; a killed process
 * leaves whole transactions only (sqlite.org/wal.html).
 *
 * A store belongs to one thread at a time. Functions given to read() may call
 * the store again.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "counterseal/ledger.h"

#include "store_sqlite.h"

#define WATCH_MS 100

/*
 * The inode, and where the file system tells it the moment of its making: a
 * copy that is put in a deleted file's place may get the number of that one.
 */
static int
store_place(struct store *s, uint64_t *id, struct cseal_error *err)
{
	struct statx st;

	*id = 0;
	if (statx(AT_FDCWD, s->path.real, 0, STATX_INO | STATX_BTIME, &st) != 0)
		return store_sqlite_fail(
		    s, SQLITE_CANTOPEN, "finding the ledger", err);
	*id = st.stx_ino;
	if ((st.stx_mask & STATX_BTIME) != 0)
		*id ^=
		    (uint64_t)st.stx_btime.tv_sec << 30 ^ st.stx_btime.tv_nsec;
	return CSEAL_OK;
}

static int
find_size(struct store *s, uint64_t *size, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	sqlite3_int64 last;
	int rc, r;

	*size = 0;
	r = store_statement_take(s, STATEMENT_SIZE, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW) {
		r = store_sqlite_fail(s, rc, "reading the ledger", err);
	} else if (sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
		last = sqlite3_column_int64(stmt, 0);
		if (last < 0)
			r = store_sqlite_corrupt(
			    s, (uint64_t)last, err, "an impossible index");
		else /* of the greatest index, the gap before it is told */
			*size = (uint64_t)last + (last < INT64_MAX);
	}
	store_statement_give(s, STATEMENT_SIZE, stmt);
	return r;
}

static int
store_size(struct store *s, uint64_t *size, struct cseal_error *err)
{
	return store_sqlite_settle(s, find_size(s, size, err), err);
}

/* The row at hand as entry number `next`. */
static int
row_entry(const struct store *s, sqlite3_stmt *stmt, uint64_t next,
    struct cseal_slice *out, struct cseal_error *err)
{
	if ((uint64_t)sqlite3_column_int64(stmt, 0) != next)
		return store_sqlite_corrupt(
		    s, next, err, "the entry is missing");
	if (sqlite3_column_type(stmt, 1) != SQLITE_BLOB)
		return store_sqlite_corrupt(
		    s, next, err, "the entry is not bytes");
	out->data = sqlite3_column_blob(stmt, 1);
	out->len = (size_t)sqlite3_column_bytes(stmt, 1);
	if (out->data == NULL || out->len == 0 || out->len > CSEAL_ENTRY_MAX)
		return store_sqlite_corrupt(
		    s, next, err, "the entry has a wrong size");
	return CSEAL_OK;
}

/*
 * The end is fixed before the first row is read: entries that are appended
 * while this goes on are no gap.
 */
static int
read_to(struct store *s, uint64_t next, uint64_t end, store_entry_fn fn,
    void *ctx, struct cseal_error *err)
{
	struct cseal_slice entry;
	sqlite3_stmt *stmt;
	int rc = SQLITE_ROW, r;

	r = store_statement_take(s, STATEMENT_READ, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)next);
	(void)sqlite3_bind_int64(stmt, 2, (sqlite3_int64)end);
	for (; r == CSEAL_OK && next < end; next++) {
		if ((rc = sqlite3_step(stmt)) != SQLITE_ROW)
			break;
		r = row_entry(s, stmt, next, &entry, err);
		if (r == CSEAL_OK)
			r = fn(ctx, next, entry);
	}
	if (rc == SQLITE_DONE)
		r = store_sqlite_corrupt(s, next, err, "the entry is missing");
	else if (rc != SQLITE_ROW)
		r = store_sqlite_fail(s, rc, "reading the ledger", err);
	store_statement_give(s, STATEMENT_READ, stmt);
	return r;
}

static int
store_read(struct store *s, uint64_t from, uint64_t n, store_entry_fn fn,
    void *ctx, struct cseal_error *err)
{
	uint64_t size;
	int r = find_size(s, &size, err);

	if (r == CSEAL_OK && from < size)
		r = read_to(
		    s, from, n < size - from ? from + n : size, fn, ctx, err);
	return store_sqlite_settle(s, r, err);
}

/* The entry with which hash `index` of `level` was complete. */
static uint64_t
completed_by(unsigned level, uint64_t index)
{
	return ((index + 1) << 8 * level) - 1;
}

static int
row_hash(const struct store *s, sqlite3_stmt *stmt, unsigned level,
    uint64_t index, uint8_t out[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	const uint64_t entry = completed_by(level, index);
	const void *hash;

	if ((uint64_t)sqlite3_column_int64(stmt, 0) != index)
		return store_sqlite_corrupt(
		    s, entry, err, "its tree hash is missing");
	hash = sqlite3_column_blob(stmt, 1);
	if (hash == NULL || sqlite3_column_bytes(stmt, 1) != CSEAL_HASH_BYTES)
		return store_sqlite_corrupt(
		    s, entry, err, "its tree hash has a wrong size");
	memcpy(out, hash, CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

/* Hash `index` of `level` is not there: is that wrong? */
static int
hash_missing(
    struct store *s, unsigned level, uint64_t index, struct cseal_error *err)
{
	uint64_t size;
	int r = find_size(s, &size, err);

	if (r != CSEAL_OK)
		return r;
	if (index < size >> 8 * level)
		return store_sqlite_corrupt(s, completed_by(level, index), err,
		    "its tree hash is missing");
	return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, s->path.shown,
	    "the tree of %" PRIu64 " entries has no hash %" PRIu64
	    " on level %u",
	    size, index, level);
}

static int
tile_rows(struct store *s, unsigned level, uint64_t first, size_t want,
    uint8_t (*out)[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	const uint64_t end = first + want;
	sqlite3_stmt *stmt;
	size_t got = 0;
	int rc = SQLITE_ROW, r;

	r = store_statement_take(s, STATEMENT_TILE, &stmt, err);
	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)level);
	(void)sqlite3_bind_int64(stmt, 2, (sqlite3_int64)first);
	(void)sqlite3_bind_int64(stmt, 3, (sqlite3_int64)end);
	for (; r == CSEAL_OK && got < want; got++) {
		if ((rc = sqlite3_step(stmt)) != SQLITE_ROW)
			break;
		r = row_hash(s, stmt, level, first + got, out[got], err);
	}
	store_statement_give(s, STATEMENT_TILE, stmt);
	if (rc == SQLITE_DONE)
		return hash_missing(s, level, first + got, err);
	if (rc != SQLITE_ROW)
		return store_sqlite_fail(s, rc, "reading the tree", err);
	return r;
}

static int
store_tile(struct store *s, unsigned level, uint64_t index, size_t want,
    uint8_t (*out)[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	if (want > CSEAL_TILE_HASHES || level >= 8 ||
	    index >= (uint64_t)INT64_MAX / CSEAL_TILE_HASHES)
		return cseal_error_set(err, CSEAL_ERR_USAGE, s->path.shown,
		    "no tree has such a tile");
	return store_sqlite_settle(s,
	    tile_rows(s, level, index * CSEAL_TILE_HASHES, want, out, err),
	    err);
}

static int
add_entry(struct store *s, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int r = store_statement_take(s, STATEMENT_ADD_ENTRY, &stmt, err);

	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)index);
	(void)sqlite3_bind_blob(
	    stmt, 2, entry.data, (int)entry.len, SQLITE_STATIC);
	return store_statement_insert(s, STATEMENT_ADD_ENTRY, stmt, err);
}

static int
add_node(
    struct store *s, const struct store_node *node, struct cseal_error *err)
{
	sqlite3_stmt *stmt;
	int r = store_statement_take(s, STATEMENT_ADD_NODE, &stmt, err);

	if (r != CSEAL_OK)
		return r;
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)node->level);
	(void)sqlite3_bind_int64(stmt, 2, (sqlite3_int64)node->index);
	(void)sqlite3_bind_blob(
	    stmt, 3, node->hash, CSEAL_HASH_BYTES, SQLITE_STATIC);
	return store_statement_insert(s, STATEMENT_ADD_NODE, stmt, err);
}

struct append {
	uint64_t expected;
	const struct store_append *what;
};

static int
append_all(struct store *s, const void *ctx, struct cseal_error *err)
{
	const uint64_t expected = ((const struct append *)ctx)->expected;
	const struct store_append *a = ((const struct append *)ctx)->what;
	uint64_t size;
	int r;

	if ((r = find_size(s, &size, err)) != CSEAL_OK)
		return r;
	if (size != expected)
		return cseal_error_set(err, CSEAL_ERR_AGAIN, s->path.shown,
		    "the ledger has %" PRIu64 " entries, not %" PRIu64
		    ": read and judge again",
		    size, expected);
	r = add_entry(s, expected, a->entry, err);
	for (size_t i = 0; i < a->n_nodes && r == CSEAL_OK; i++)
		r = add_node(s, &a->nodes[i], err);
	for (size_t i = 0; i < a->n_openings && r == CSEAL_OK; i++)
		r = store_sqlite_add_opening(s, expected, &a->openings[i], err);
	return r;
}

static int
store_append(struct store *s, uint64_t expected, const struct store_append *a,
    struct cseal_error *err)
{
	const struct append append = { expected, a };

	if (expected >= INT64_MAX || a->entry.len > CSEAL_ENTRY_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, s->path.shown,
		    "no ledger holds such an entry");
	return store_sqlite_transact(
	    s, "appending to the ledger", append_all, &append, err);
}

/* Milliseconds of the clock that nobody sets. */
static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Asks ten times a second, which costs some 20 us each: a notice of changed
 * files would have to follow the -wal through deletion and new creation, and
 * would still have to ask.
 */
static int
store_watch(struct store *s, uint64_t size, int ms, struct cseal_error *err)
{
	const int64_t end = now_ms() + (ms > 0 ? ms : 0);
	struct timespec pause = { .tv_sec = 0 };
	uint64_t now;
	int64_t left;
	int r;

	for (;;) {
		if ((r = store_size(s, &now, err)) != CSEAL_OK || now > size)
			return r;
		if ((left = end - now_ms()) <= 0)
			break;
		pause.tv_nsec = 1000000L * (left < WATCH_MS ? left : WATCH_MS);
		(void)nanosleep(&pause, NULL);
	}
	return cseal_error_set(err, CSEAL_ERR_TIMEOUT, s->path.shown,
	    "no entry was added in %d ms", ms > 0 ? ms : 0);
}

static void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		(void)sqlite3_finalize(s->statements[i]);
	(void)sqlite3_close_v2(s->db);
	store_path_free(&s->path);
	free(s);
}

/* Closed first, so that SQLite takes its journal away itself. */
static void
remove_unfinished(struct store *s)
{
	(void)sqlite3_close_v2(s->db);
	s->db = NULL;
	(void)unlink(s->path.real);
}

static int
store_open(struct store **out, const char *where, enum store_mode mode,
    struct cseal_error *err)
{
	struct store *s;
	int r;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOMEM, "ledger", "out of memory");
	if (mode == STORE_CREATE)
		r = store_path_create(&s->path, where, err);
	else
		r = store_path_find(&s->path, where, mode == STORE_WRITE, err);
	if (r != CSEAL_OK)
		goto out;
	r = store_sqlite_connect(s, mode, err);
	if (r != CSEAL_OK && mode == STORE_CREATE)
		remove_unfinished(s);
	if (r == CSEAL_OK) {
		*out = s; /* transferred */
		s = NULL;
	}
out:
	store_close(s);
	return r;
}

const struct store_engine store_sqlite = {
	.name = "sqlite",
	.open = store_open,
	.close = store_close,
	.place = store_place,
	.size = store_size,
	.read = store_read,
	.tile = store_tile,
	.append = store_append,
	.opening_get = store_sqlite_get_opening,
	.opening_erase = store_sqlite_erase_opening,
	.opening_add = store_sqlite_add_openings,
	.beside_put = store_sqlite_put_beside,
	.beside_get = store_sqlite_get_beside,
	.beside_clear = store_sqlite_clear_beside,
	.beside_each = store_sqlite_each_beside,
	.copy = store_sqlite_copy,
	.tail = store_sqlite_tail,
	.cut = store_sqlite_cut,
	.watch = store_watch,
};
