/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a ledger: what does not belong to it is shown, and cut off. */

#include "sqlite_fixture.h"

#include <fcntl.h>
#include <inttypes.h>

#define VALUE_BYTES 30

/* What a sink was given. */
struct seen {
	uint64_t first, entries, openings, hashes, ends;
	size_t last_len;
	int answer; /* of the end */
};

static int
see_entry(void *ctx, uint64_t index, struct cseal_slice body)
{
	struct seen *s = ctx;

	assert_int_equal(s->openings, 0);
	if (s->entries++ == 0)
		s->first = index;
	s->last_len = body.len;
	return CSEAL_OK;
}

static int
see_opening(void *ctx, uint64_t entry, struct cseal_slice name)
{
	struct seen *s = ctx;

	(void)entry;
	assert_int_equal(s->ends, 0);
	assert_int_equal(name.len, 4);
	assert_memory_equal(name.data, "iban", 4);
	s->openings++;
	return CSEAL_OK;
}

static int
see_end(void *ctx, uint64_t hashes)
{
	struct seen *s = ctx;

	s->hashes = hashes;
	s->ends++;
	return s->answer;
}

static struct store_sink
sink_of(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	return (struct store_sink){ see_entry, see_opening, see_end, s };
}

static int
cut(struct fixture *f, uint64_t keep, struct seen *s)
{
	const struct store_sink sink = sink_of(s);

	return store_sqlite.cut(f->store, keep, &sink, &f->err);
}

/* A value that is found in no other entry. */
static void
value_of(uint64_t i, char out[VALUE_BYTES])
{
	(void)snprintf(out, VALUE_BYTES, "value-%08" PRIu64 "-of-its-own", i);
}

/* Entry i, its hashes as a tree has them, and one opening. */
static int
append_leaf(struct fixture *f, uint64_t i)
{
	char value[VALUE_BYTES];
	struct store_node nodes[] = { { .level = 0, .index = i },
		{ .level = 1, .index = i / 256 } };
	const struct store_opening o = { "iban", { 7 },
		{ (const uint8_t *)value, VALUE_BYTES - 1 } };
	const struct store_append a = { { (const uint8_t *)"body", 4 }, nodes,
		(i + 1) % 256 == 0 ? 2 : 1, &o, 1 };

	value_of(i, value);
	return store_sqlite.append(f->store, i, &a, &f->err);
}

static void
make_leaves(struct fixture *f, uint64_t n)
{
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_OK);
	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(append_leaf(f, i), CSEAL_OK);
}

static void
assert_appends_from(struct fixture *f, uint64_t n)
{
	assert_entries(f, n);
	for (uint64_t i = n; i < n + 300; i++)
		assert_int_equal(append_leaf(f, i), CSEAL_OK);
	assert_entries(f, n + 300);
}

static void
cuts_and_goes_on(void **state)
{
	static const struct {
		uint64_t size, keep, hashes;
	} cases[] = { { 10, 7, 3 }, { 10, 9, 1 }, { 300, 255, 46 },
		{ 300, 256, 44 }, { 600, 257, 344 }, { 10, 0, 10 } };
	struct fixture *f = *state;
	struct seen s;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const uint64_t keep = cases[i].keep;

		make_leaves(f, cases[i].size);
		assert_int_equal(cut(f, keep, &s), CSEAL_OK);
		assert_int_equal(s.first, keep);
		assert_int_equal(s.entries, cases[i].size - keep);
		assert_int_equal(s.openings, cases[i].size - keep);
		assert_int_equal(s.hashes, cases[i].hashes);
		assert_int_equal(s.ends, 1);
		assert_int_equal(ask(f, "SELECT count(*) FROM opening"), keep);
		assert_int_equal(
		    ask(f, "SELECT count(*) FROM node"), keep + keep / 256);
		assert_appends_from(f, keep);
		shut(f);
		assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
		assert_entries(f, keep + 300);
		shut(f);
		assert_int_equal(unlink(f->where), 0);
	}
}

static void
showing_alters_nothing(void **state)
{
	struct fixture *f = *state;
	struct store_sink sink;
	struct seen s;

	make_leaves(f, 10);
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	sink = sink_of(&s);
	assert_int_equal(
	    store_sqlite.tail(f->store, 8, &sink, &f->err), CSEAL_OK);
	assert_int_equal(s.first, 8);
	assert_int_equal(s.entries, 2);
	assert_int_equal(s.openings, 2);
	assert_int_equal(s.hashes, 2);
	sink = sink_of(&s);
	assert_int_equal(
	    store_sqlite.tail(f->store, 10, &sink, &f->err), CSEAL_OK);
	assert_int_equal(s.entries + s.openings + s.hashes, 0);
	assert_int_equal(s.ends, 1);
	assert_int_equal(store_sqlite.tail(f->store, UINT64_MAX, &sink, NULL),
	    CSEAL_ERR_USAGE);
	assert_entries(f, 10);
}

/* Who is given the rows may refuse; and a reader cannot cut. */
static void
nothing_without_consent(void **state)
{
	struct fixture *f = *state;
	struct store_sink sink;
	struct seen s;

	make_leaves(f, 10);
	sink = sink_of(&s);
	s.answer = CSEAL_ERR_REFUSED;
	assert_int_equal(
	    store_sqlite.cut(f->store, 5, &sink, &f->err), CSEAL_ERR_REFUSED);
	assert_int_equal(s.entries, 5);
	assert_entries(f, 10);
	assert_int_equal(ask(f, "SELECT count(*) FROM opening"), 10);
	assert_int_equal(ask(f, "SELECT count(*) FROM node"), 10);
	assert_int_equal(append_leaf(f, 10), CSEAL_OK);
	assert_int_equal(cut(f, UINT64_MAX, &s), CSEAL_ERR_USAGE);
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_int_equal(cut(f, 5, &s), CSEAL_ERR_PERMISSION);
	assert_entries(f, 11);
}

/* The way around the triggers is closed again, whatever came of the cut. */
static void
triggers_stay(void **state)
{
	static const char *const refused[] = {
		"DELETE FROM entry",
		"UPDATE entry SET body = x'00'",
		"DELETE FROM node",
		"UPDATE node SET hash = zeroblob(32)",
		"DELETE FROM opening",
		"UPDATE opening SET name = 'x'",
		"INSERT INTO entry VALUES (77, x'00')",
	};
	struct fixture *f = *state;
	struct seen s;
	sqlite3 *db;

	make_leaves(f, 10);
	assert_int_equal(cut(f, 7, &s), CSEAL_OK);
	db = raw_open(f->where);
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_int_equal(sqlite3_exec(db, refused[i], 0, 0, 0) & 0xff,
		    SQLITE_CONSTRAINT);
	sqlite3_close(db);
	/* An opening twice: only our own connection's trigger refuses it. */
	assert_int_equal(append_leaf(f, 7), CSEAL_OK);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_entries(f, 8);
}

/* True if the bytes stand in the ledger's file or its log. */
static bool
is_left(struct fixture *f, const char *bytes)
{
	static const char *const files[] = { "", "-wal" };
	bool found = false;

	for (size_t i = 0; i < COUNT(files); i++) {
		struct cseal_buf b;
		char name[200];

		(void)snprintf(name, sizeof(name), "%s%s", f->where, files[i]);
		cseal_buf_init(&b, 0);
		if (cseal_buf_read_file(&b, name, 32 << 20) == CSEAL_OK &&
		    b.len > 0 && memmem(b.data, b.len, bytes, strlen(bytes)))
			found = true;
		cseal_buf_free(&b);
	}
	return found;
}

/*
 * Neither of what was cut, nor of what stayed and is erased later: cutting
 * may leave no copies that erasing does not reach.
 */
static void
no_value_is_left(void **state)
{
	struct fixture *f = *state;
	char value[VALUE_BYTES];
	unsigned left = 0;
	struct seen s;

	make_leaves(f, 2000);
	value_of(1999, value);
	assert_true(is_left(f, value));
	assert_int_equal(cut(f, 1500, &s), CSEAL_OK);
	for (uint64_t i = 0; i < 1500; i += 3)
		assert_int_equal(
		    store_sqlite.opening_erase(f->store, i, "iban", &f->err),
		    CSEAL_OK);
	for (uint64_t i = 0; i < 2000; i++) {
		value_of(i, value);
		if (i < 1500 && i % 3 != 0)
			assert_true(is_left(f, value));
		else
			left += is_left(f, value);
	}
	assert_int_equal(left, 0);
}

/*
 * Openings that were put between those of others: taken away one by one, they
 * would make SQLite move those, and leave copies of nine.
 */
static void
no_neighbour_is_left(void **state)
{
	struct fixture *f = *state;
	char value[VALUE_BYTES];
	struct seen s;

	make_leaves(f, 137);
	shut(f);
	forge(f, "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL"
		 " SELECT n + 1 FROM i WHERE n < 8)"
		 " INSERT INTO opening SELECT -n, 137 + n, 'iban',"
		 " zeroblob(64 * (1 + (n * 2654435761 >> 11) % 31)) FROM i");
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(cut(f, 137, &s), CSEAL_OK);
	assert_int_equal(s.openings, 8);
	for (uint64_t i = 0; i < 137; i++)
		assert_int_equal(
		    store_sqlite.opening_erase(f->store, i, "iban", &f->err),
		    CSEAL_OK);
	for (uint64_t i = 0; i < 137; i++) {
		value_of(i, value);
		assert_false(is_left(f, value));
	}
}

/* What a stranger can put at the end with a tool of his own. */
static void
forged_ends(void **state)
{
	static const struct {
		const char *sql;
		uint64_t entries, openings, hashes;
		size_t last_len;
	} ends[] = {
		{ "INSERT INTO entry VALUES (10, x'00')", 1, 0, 0, 1 },
		{ "INSERT INTO entry VALUES (4000, x'0011')", 1, 0, 0, 2 },
		{ "INSERT INTO entry VALUES (9223372036854775807, x'00')", 1, 0,
		    0, 1 },
		{ "INSERT INTO entry VALUES (10, zeroblob(3000000))", 1, 0, 0,
		    0 },
		{ "INSERT INTO entry VALUES (10, zeroblob(70000))", 1, 0, 0,
		    70000 },
		{ "INSERT INTO entry VALUES (10, x'')", 1, 0, 0, 0 },
		{ "INSERT INTO node VALUES (0, 10, zeroblob(32));"
		  "INSERT INTO node VALUES (5, 0, zeroblob(1))",
		    0, 0, 2, 0 },
		{ "PRAGMA foreign_keys = OFF; INSERT INTO opening"
		  " VALUES (-5, 10, 'iban', zeroblob(64))",
		    0, 1, 0, 0 },
	};
	struct fixture *f = *state;
	struct seen s;

	for (size_t i = 0; i < COUNT(ends); i++) {
		make_leaves(f, 10);
		shut(f);
		forge(f, ends[i].sql);
		assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
		assert_int_equal(cut(f, 10, &s), CSEAL_OK);
		assert_int_equal(s.entries, ends[i].entries);
		assert_int_equal(s.openings, ends[i].openings);
		assert_int_equal(s.hashes, ends[i].hashes);
		assert_int_equal(s.last_len, ends[i].last_len);
		assert_appends_from(f, 10);
		shut(f);
		assert_int_equal(unlink(f->where), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    cuts_and_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    showing_alters_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    nothing_without_consent, setup, teardown),
		cmocka_unit_test_setup_teardown(triggers_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    no_value_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    no_neighbour_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(forged_ends, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
