/* SPDX-License-Identifier: BSD-2-Clause */
/* Damage beside the entries: docs/format.md, section 8. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "mutant.h"

#define SALT_AT	 3
#define VALUE_AT (3 + CSEAL_SALT_BYTES)

static sqlite3 *
meddle(const char *path)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "PRAGMA ignore_check_constraints = ON;"
			     "PRAGMA synchronous = OFF",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	return db;
}

/* Runs SQL with a number (?1) and bytes (?2); appends the blob that it gives.
 */
static void
run(sqlite3 *db, const char *sql, size_t number, struct cseal_buf *b)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	(void)sqlite3_bind_int64(stmt, 1, (sqlite3_int64)number);
	if (sqlite3_bind_parameter_count(stmt) == 2)
		(void)sqlite3_bind_blob(stmt, 2, b->len > 0 ? b->data : NULL,
		    (int)b->len, SQLITE_TRANSIENT);
	if (sqlite3_bind_parameter_count(stmt) == 2 && b->len == 0)
		(void)sqlite3_bind_zeroblob(stmt, 2, 0);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		(void)cseal_buf_add(b, sqlite3_column_blob(stmt, 0),
		    (size_t)sqlite3_column_bytes(stmt, 0));
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static size_t
count(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	size_t n;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = (size_t)sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return n;
}

static void
zeros(struct cseal_buf *b, size_t n)
{
	static const uint8_t zero;

	cseal_buf_reset(b);
	while (b->len < n)
		(void)cseal_buf_add(b, &zero, 1);
}

static const char *
spoil_length(struct cseal_buf *b, struct chance *c)
{
	size_t length = (size_t)b->data[1] << 8 | b->data[2];
	const size_t lengths[] = { 0, length - 1, length + 1, UINT16_MAX,
		b->len - VALUE_AT, b->len - VALUE_AT + 1 };

	length = lengths[chance_below(c, sizeof(lengths) / sizeof(*lengths))];
	b->data[1] = (uint8_t)(length >> 8);
	b->data[2] = (uint8_t)length;
	return "an opening's length";
}

static const char *
spoil_secret(struct cseal_buf *b, struct chance *c)
{
	static const uint8_t more[64];

	switch (chance_below(c, 12)) {
	case 0: b->data[0] = 0; return "an opening of version 0";
	case 1: b->data[0] = 2; return "an opening of version 2";
	case 2:
	case 3: return spoil_length(b, c);
	case 4:
		b->data[SALT_AT + chance_below(c, CSEAL_SALT_BYTES)] ^= 1;
		return "an opening's salt";
	case 5:
		b->data[VALUE_AT + chance_below(c, b->len - VALUE_AT)] ^= 0x80;
		return "an opening's value or padding";
	case 6: b->data[b->len - 1] ^= 1; return "an opening's last byte";
	case 7: cseal_buf_reset(b); return "an empty opening";
	case 8:
		cseal_buf_add(b, more, 1 + chance_below(c, sizeof(more)));
		return "zeros more in an opening";
	case 9: zeros(b, b->len); return "an opening erased";
	case 10: zeros(b, 1 + chance_below(c, 130)); return "zeros alone";
	default:
		b->data[chance_below(c, b->len)] = (uint8_t)chance_next(c);
		return "any byte of an opening";
	}
}

#define NTH_OPENING "(SELECT id FROM opening ORDER BY id LIMIT 1 OFFSET ?1)"

static const char *
mutate_opening(sqlite3 *db, struct chance *c, size_t n)
{
	const char *what;
	size_t at = chance_below(c, n);
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	run(db, "SELECT secret FROM opening WHERE id = " NTH_OPENING,
	    chance_one_in(c, 8) ? chance_below(c, n) : at, &b);
	assert_true(b.len > VALUE_AT);
	what =
	    chance_one_in(c, 8) ? "an opening of another" : spoil_secret(&b, c);
	run(db, "UPDATE opening SET secret = ?2 WHERE id = " NTH_OPENING, at,
	    &b);
	cseal_buf_free(&b);
	return what;
}

static const char *
mutate_node(sqlite3 *db, struct chance *c)
{
	size_t at = chance_below(c, count(db, "SELECT count(*) FROM node"));
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	run(db, "SELECT hash FROM node WHERE level = 0 AND idx = ?1", at, &b);
	b.data[chance_below(c, b.len)] ^= 1;
	run(db, "UPDATE node SET hash = ?2 WHERE level = 0 AND idx = ?1", at,
	    &b);
	cseal_buf_free(&b);
	return "a hash of the tree";
}

const char *
mutant_of_file(const char *path, struct chance *c)
{
	sqlite3 *db = meddle(path);
	size_t n = count(db, "SELECT count(*) FROM opening");
	const char *what;

	if (n == 0 || chance_one_in(c, 10))
		what = mutate_node(db, c);
	else
		what = mutate_opening(db, c, n);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return what;
}
