/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the SQLite engine share. */

#ifndef SRC_STORE_SQLITE_H
#define SRC_STORE_SQLITE_H

#include <sys/stat.h>

#include <sqlite3.h>

#include "store.h"
#include "store_path.h"

/* The statements, prepared at first use and kept: rows of a table of SQL. */
enum store_statement {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_SIZE,
	STATEMENT_READ,
	STATEMENT_TILE,
	STATEMENT_ADD_ENTRY,
	STATEMENT_ADD_NODE,
	STATEMENT_ADD_OPENING,
	STATEMENT_GET_OPENING,
	STATEMENT_ERASE_OPENING,
	STATEMENT_PUT_BESIDE,
	STATEMENT_DROP_BESIDE,
	STATEMENT_GET_BESIDE,
	STATEMENT_EACH_BESIDE,
	STATEMENT_CLEAR_BESIDE,
	STATEMENT_TAIL_ENTRIES,
	STATEMENT_TAIL_OPENINGS,
	STATEMENT_TAIL_HASHES,
	STATEMENT_CHECKPOINT,
	STATEMENTS,
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	struct store_path path;
	/*
	 * Opened as unchangeable, without locks, because this user can write
	 * neither file nor folder; `seen` is the file as it was then.
	 */
	bool frozen;
	struct stat seen;
};

/*
 * A connection to the file of `s->path`, checked to be a ledger of ours and
 * set up; with STORE_CREATE the file is empty and gets its tables.
 */
int store_sqlite_connect(
    struct store *s, enum store_mode mode, struct cseal_error *err);

/* True if a frozen file is no longer what it was when it was opened. */
bool store_sqlite_thawed(const struct store *s);

/* The tables and triggers, made in one transaction. */
int store_sqlite_schema_make(struct store *s, struct cseal_error *err);

/*
 * The file's header and tables are those of this version, or
 * CSEAL_ERR_CORRUPT, CSEAL_ERR_NEWER. The header is looked at through
 * SQLite's descriptor before SQLite itself acts on the file.
 */
int store_sqlite_header_check(const struct store *s, struct cseal_error *err);
int store_sqlite_schema_check(const struct store *s, struct cseal_error *err);

/*
 * Fills `err` for the result code `rc` of SQLite and returns our code;
 * `doing` says in the -ing form what was tried.
 */
int store_sqlite_fail(
    const struct store *s, int rc, const char *doing, struct cseal_error *err);

/* The same for a fault `what` of entry `index` or its hash: CSEAL_ERR_CORRUPT.
 */
int store_sqlite_corrupt(const struct store *s, uint64_t index,
    struct cseal_error *err, const char *what);

/*
 * The last word of every reading call that had the result `r`: what was read
 * from a frozen file is only worth something if the file stood still, for
 * nobody was kept from writing it meanwhile.
 */
int store_sqlite_settle(const struct store *s, int r, struct cseal_error *err);

/*
 * Takes a statement out of the store, so that a function that is called while
 * it runs gets another one. To be given back, which resets it.
 */
int store_statement_take(struct store *s, enum store_statement which,
    sqlite3_stmt **out, struct cseal_error *err);
void store_statement_give(
    struct store *s, enum store_statement which, sqlite3_stmt *stmt);

/* Runs a statement that takes nothing and gives nothing. */
int store_statement_run(struct store *s, enum store_statement which,
    const char *doing, struct cseal_error *err);

/* Runs an insertion whose values are bound, and gives the statement back. */
int store_statement_insert(struct store *s, enum store_statement which,
    sqlite3_stmt *stmt, struct cseal_error *err);

/* A column of the row at hand as bytes, whatever type a stranger has stored. */
struct cseal_slice store_column_bytes(sqlite3_stmt *stmt, int column);

/* Begins, calls `fn`, commits; or rolls back if that fails. */
int store_sqlite_transact(struct store *s, const char *doing,
    int (*fn)(struct store *s, const void *ctx, struct cseal_error *err),
    const void *ctx, struct cseal_error *err);

/* Part of an append; the others are the engine's calls of store.h. */
int store_sqlite_add_opening(struct store *s, uint64_t entry,
    const struct store_opening *o, struct cseal_error *err);
int store_sqlite_get_opening(struct store *s, uint64_t entry, const char *name,
    uint8_t salt[CSEAL_SALT_BYTES], struct cseal_buf *value,
    struct cseal_error *err);
int store_sqlite_erase_opening(
    struct store *s, uint64_t entry, const char *name, struct cseal_error *err);
int store_sqlite_add_openings(struct store *s, uint64_t entry,
    const struct store_opening *openings, size_t n, struct cseal_error *err);
int store_sqlite_put_beside(struct store *s, const struct store_beside *things,
    size_t n, struct cseal_error *err);
int store_sqlite_get_beside(struct store *s, const char *kind, const char *name,
    struct cseal_buf *out, struct cseal_error *err);
int store_sqlite_clear_beside(
    struct store *s, const char *kind, struct cseal_error *err);
int store_sqlite_each_beside(struct store *s, const char *kind,
    store_beside_fn fn, void *ctx, struct cseal_error *err);
int store_sqlite_copy(
    struct store *s, struct cseal_buf *out, struct cseal_error *err);
int store_sqlite_tail(struct store *s, uint64_t keep,
    const struct store_sink *sink, struct cseal_error *err);
int store_sqlite_cut(struct store *s, uint64_t keep,
    const struct store_sink *sink, struct cseal_error *err);

#endif
