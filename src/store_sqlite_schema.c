/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of a ledger in SQLite, version 1.
 *
 * entry    one row an entry, numbered from 0 without gaps.
 *
 * node     one row a hash of the tree: hash `idx` of `level`, where level L
 *          has a hash for each 256^L entries. A tile of 256 is a range of
 *          256 rows. Rows of whole tiles would be read three times as fast
 *          (10 against 30 us), but the last tile of each level would have to
 *          be rewritten, 4 KiB on average, for each entry, and triggers
 *          could not refuse every UPDATE. Both take 49 bytes an entry
 *          (measured at 100,000 entries of 700 bytes: 86.8 and 85.6 MB), and
 *          a proof spends 270 us on hashing what lies between the rows.
 *
 * opening  salt and value of a commitment, in one blob that a rowid keeps
 *          where it was written. Erasing overwrites it in place with zeros
 *          of the same length. A DELETE would make SQLite move neighbours
 *          together, and secure_delete does not wipe the space that they
 *          leave: of 15,000 values, up to 24 erased ones could be read in
 *          the file when tried with 3.40.1. For the same reason the table is
 *          only ever added to at its end, where no row moves, and its index
 *          holds no secret. The blob is padded, so that its length, which
 *          stays, tells little of the value's.
 *
 * beside   what a desk keeps with the ledger and is not of it: which desk this
 *          is, sealed statements on their way, envelopes (docs/format.md,
 *          section 8). Nothing in it is secret, so it may be deleted.
 *
 * The triggers keep honest programs and mistaken hands from rewriting
 * history. They stop nobody who wants to: what has been altered is found by
 * verifying, and missing or foreign triggers when the file is opened.
 */

#include <string.h>

#include "store_sqlite.h"

#define APPLICATION_ID 0x43534c31 /* "CSL1" */
#define SCHEMA_VERSION 1

#define HEADER_BYTES	  100 /* sqlite.org/fileformat2.html section 1.3 */
#define HEADER_VERSION_AT 60
#define HEADER_APP_AT	  68

#define TEXT(x)	  #x
#define DIGITS(x) TEXT(x)

/* Each as SQLite keeps it in sqlite_schema, byte for byte, in this order. */
static const struct {
	const char *name;
	const char *sql;
} schema[] = {
	{ "entry",
	    "CREATE TABLE entry (\n"
	    "  idx INTEGER PRIMARY KEY CHECK (idx >= 0),\n"
	    "  body BLOB NOT NULL CHECK (length(body) BETWEEN 1 AND 65535)\n"
	    ") STRICT" },
	{ "node", "CREATE TABLE node (\n"
		  "  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 8),\n"
		  "  idx INTEGER NOT NULL CHECK (idx >= 0),\n"
		  "  hash BLOB NOT NULL CHECK (length(hash) = 32),\n"
		  "  PRIMARY KEY (level, idx)\n"
		  ") STRICT, WITHOUT ROWID" },
	{ "opening", "CREATE TABLE opening (\n"
		     "  id INTEGER PRIMARY KEY,\n"
		     "  entry INTEGER NOT NULL REFERENCES entry (idx),\n"
		     "  name TEXT NOT NULL CHECK (length(name) <= 32),\n"
		     "  secret BLOB NOT NULL CHECK (length(secret) % 64 = 0)\n"
		     ") STRICT" },
	{ "opening_of",
	    "CREATE UNIQUE INDEX opening_of ON opening (entry, name)" },
	{ "beside",
	    "CREATE TABLE beside (\n"
	    "  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 16),\n"
	    "  name TEXT NOT NULL CHECK (length(name) <= 128),\n"
	    "  value BLOB NOT NULL CHECK (length(value) <= 1000000),\n"
	    "  PRIMARY KEY (kind, name)\n"
	    ") STRICT, WITHOUT ROWID" },
	{ "entry_next",
	    "CREATE TRIGGER entry_next BEFORE INSERT ON entry\n"
	    "WHEN NEW.idx IS NOT (SELECT ifnull(max(idx) + 1, 0) FROM entry)\n"
	    "BEGIN SELECT RAISE(ABORT, 'entries follow one another'); END" },
	{ "entry_update",
	    "CREATE TRIGGER entry_update BEFORE UPDATE ON entry\n"
	    "BEGIN SELECT RAISE(ABORT, 'entries are never altered'); END" },
	{ "entry_delete",
	    "CREATE TRIGGER entry_delete BEFORE DELETE ON entry\n"
	    "BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END" },
	{ "node_next",
	    "CREATE TRIGGER node_next BEFORE INSERT ON node\n"
	    "WHEN NEW.idx IS NOT (SELECT ifnull(max(idx) + 1, 0) FROM node\n"
	    "  WHERE level = NEW.level)\n"
	    "BEGIN SELECT RAISE(ABORT, 'hashes follow one another'); END" },
	{ "node_update",
	    "CREATE TRIGGER node_update BEFORE UPDATE ON node\n"
	    "BEGIN SELECT RAISE(ABORT, 'hashes are never altered'); END" },
	{ "node_delete",
	    "CREATE TRIGGER node_delete BEFORE DELETE ON node\n"
	    "BEGIN SELECT RAISE(ABORT, 'hashes are never deleted'); END" },
	{ "opening_once",
	    "CREATE TRIGGER opening_once BEFORE INSERT ON opening\n"
	    "WHEN EXISTS (SELECT 1 FROM opening\n"
	    "  WHERE id = NEW.id OR (entry = NEW.entry AND name = NEW.name))\n"
	    "BEGIN SELECT RAISE(ABORT, 'an opening is given once'); END" },
	{ "opening_update",
	    "CREATE TRIGGER opening_update BEFORE UPDATE ON opening\n"
	    "WHEN NEW.id IS NOT OLD.id OR NEW.entry IS NOT OLD.entry\n"
	    "  OR NEW.name IS NOT OLD.name\n"
	    "  OR NEW.secret IS NOT zeroblob(length(OLD.secret))\n"
	    "BEGIN SELECT RAISE(ABORT, 'openings are only erased'); END" },
	{ "opening_delete",
	    "CREATE TRIGGER opening_delete BEFORE DELETE ON opening\n"
	    "BEGIN SELECT RAISE(ABORT, 'openings are only erased'); END" },
};
#define SCHEMA_ROWS (sizeof(schema) / sizeof(*schema))

static int
execute(struct store *s, const char *sql, struct cseal_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return CSEAL_OK;
	return store_sqlite_fail(s, rc, "making the ledger's tables", err);
}

/*
 * Done before the file is switched to write-ahead logging, so that the header
 * in the file itself is right from the first moment on.
 */
int
store_sqlite_schema_make(struct store *s, struct cseal_error *err)
{
	int r = execute(s, "BEGIN EXCLUSIVE", err);

	for (size_t i = 0; i < SCHEMA_ROWS && r == CSEAL_OK; i++)
		r = execute(s, schema[i].sql, err);
	if (r == CSEAL_OK)
		r = execute(s,
		    "PRAGMA application_id = " DIGITS(
			APPLICATION_ID) ";"
					"PRAGMA user_version = " DIGITS(
					    SCHEMA_VERSION) ";"
							    "COMMIT",
		    err);
	return r;
}

static int
not_ours(const struct store *s, const char *reason, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, s->path.shown,
	    "not a Counterseal ledger: %s", reason);
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

int
store_sqlite_header_check(const struct store *s, struct cseal_error *err)
{
	uint8_t header[HEADER_BYTES];
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;
	int rc;

	rc = sqlite3_file_control(
	    s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (rc != SQLITE_OK || file == NULL || file->pMethods == NULL)
		return CSEAL_ERR_INTERNAL;
	rc = file->pMethods->xFileSize(file, &size);
	if (rc == SQLITE_OK && size == 0)
		return not_ours(s,
		    "the file is empty, perhaps left by an init that was "
		    "stopped; if so, delete it and run init again",
		    err);
	if (rc == SQLITE_OK && size < HEADER_BYTES)
		return not_ours(s, "the file is no database", err);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, header, HEADER_BYTES, 0);
	if (rc != SQLITE_OK)
		return store_sqlite_fail(s, rc, "reading the ledger", err);
	if (memcmp(header, "SQLite format 3", 16) != 0)
		return not_ours(s, "the file is no database", err);
	if (be32(header + HEADER_APP_AT) != APPLICATION_ID)
		return not_ours(s, "it is another program's database", err);
	if (be32(header + HEADER_VERSION_AT) > SCHEMA_VERSION)
		return cseal_error_set(err, CSEAL_ERR_NEWER, s->path.shown,
		    "made by a newer counterseal (layout %lu, this one knows "
		    "%d): update this one",
		    (unsigned long)be32(header + HEADER_VERSION_AT),
		    SCHEMA_VERSION);
	if (be32(header + HEADER_VERSION_AT) < SCHEMA_VERSION)
		return not_ours(s, "it has no layout number", err);
	return CSEAL_OK;
}

/* True if the row at hand is row `i` of the schema. */
static bool
schema_row_is(sqlite3_stmt *stmt, size_t i)
{
	const void *sql = sqlite3_column_text(stmt, 0);

	return i < SCHEMA_ROWS && sql != NULL &&
	       (size_t)sqlite3_column_bytes(stmt, 0) == strlen(schema[i].sql) &&
	       memcmp(sql, schema[i].sql, strlen(schema[i].sql)) == 0;
}

/*
 * A crafted file may hold triggers that act on our statements, or may lack
 * ours. What ANALYZE leaves (sqlite_stat...) does no harm.
 */
int
store_sqlite_schema_check(const struct store *s, struct cseal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t i = 0;
	int rc, r = CSEAL_OK;

	rc = sqlite3_prepare_v2(s->db,
	    "SELECT sql FROM sqlite_schema "
	    "WHERE substr(name, 1, 11) <> 'sqlite_stat' ORDER BY rowid",
	    -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW &&
		       schema_row_is(stmt, i))
			i++;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		r = store_sqlite_fail(s, rc, "reading the ledger", err);
	else if (rc == SQLITE_ROW || i != SCHEMA_ROWS)
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, s->path.shown,
		    "the ledger's tables or triggers have been altered (%s): "
		    "restore a backup, or repair it",
		    i < SCHEMA_ROWS ? schema[i].name : "there are more");
	(void)sqlite3_finalize(stmt);
	return r;
}
