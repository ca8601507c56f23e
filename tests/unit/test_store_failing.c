/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One transaction an append: whichever of its statements fails, and wherever
 * it is stopped or memory is out, nothing of it is there, and the next one
 * goes through.
 */

#include "sqlite_fixture.h"

#include "store_sqlite.h"

#define BASE 255 /* the next entry has two hashes */

/* An expression that fails when it is evaluated, and not before. */
#define FAILS "abs(-9223372036854775807 - 1)"

static const struct store_opening openings[] = {
	{ "holder", { 1 }, { (const uint8_t *)"Example", 7 } },
	{ "iban", { 2 }, { (const uint8_t *)"DE0212030000", 12 } },
	{ "", { 3 }, { NULL, 0 } },
};

static int
append_full(struct fixture *f, uint64_t i)
{
	struct store_node nodes[] = { { .level = 0, .index = i },
		{ .level = 1, .index = i / 256 } };
	const struct store_append a = { { (const uint8_t *)"body", 4 }, nodes,
		(i + 1) % 256 == 0 ? 2 : 1, openings, COUNT(openings) };

	memset(&f->err, 0, sizeof(f->err));
	return store_sqlite.append(f->store, i, &a, &f->err);
}

/* As seen by others: entries, with their hashes and openings. */
static void
assert_rows(struct fixture *f, uint64_t n)
{
	assert_int_equal(ask(f, "SELECT count(*) FROM entry"), n);
	assert_int_equal(ask(f, "SELECT count(*) FROM node"), n + n / 256);
	assert_int_equal(
	    ask(f, "SELECT count(*) FROM opening"), n * COUNT(openings));
}

static void
make_base(struct fixture *f)
{
	assert_int_equal(open_as(f, STORE_CREATE), CSEAL_OK);
	for (uint64_t i = 0; i < BASE; i++)
		assert_int_equal(append_full(f, i), CSEAL_OK);
	assert_rows(f, BASE);
}

/* A statement that fails instead of the one that the store has at hand. */
static void
plant(struct store *s, enum store_statement which, const char *sql)
{
	(void)sqlite3_finalize(s->statements[which]);
	s->statements[which] = NULL;
	assert_int_equal(
	    sqlite3_prepare_v2(s->db, sql, -1, &s->statements[which], NULL),
	    SQLITE_OK);
}

static void
unplant(struct store *s, enum store_statement which)
{
	(void)sqlite3_finalize(s->statements[which]);
	s->statements[which] = NULL;
}

static void
each_statement_fails(void **state)
{
	static const struct {
		enum store_statement which;
		const char *sql;
	} failures[] = {
		{ STATEMENT_BEGIN, "SELECT " FAILS },
		{ STATEMENT_SIZE, "SELECT " FAILS },
		{ STATEMENT_ADD_ENTRY, "SELECT " FAILS },
		{ STATEMENT_ADD_ENTRY,
		    "INSERT INTO entry (idx, body) VALUES (?1, " FAILS ")" },
		{ STATEMENT_ADD_NODE,
		    "INSERT INTO node (level, idx, hash) VALUES"
		    " (CASE ?1 WHEN 0 THEN " FAILS " ELSE ?1 END, ?2, ?3)" },
		{ STATEMENT_ADD_NODE,
		    "INSERT INTO node (level, idx, hash) VALUES"
		    " (CASE ?1 WHEN 1 THEN " FAILS " ELSE ?1 END, ?2, ?3)" },
		{ STATEMENT_ADD_OPENING,
		    "INSERT INTO opening (entry, name, secret) VALUES (CASE ?2"
		    " WHEN 'holder' THEN " FAILS " ELSE ?1 END, ?2, ?3)" },
		{ STATEMENT_ADD_OPENING,
		    "INSERT INTO opening (entry, name, secret) VALUES (CASE ?2"
		    " WHEN 'iban' THEN " FAILS " ELSE ?1 END, ?2, ?3)" },
		{ STATEMENT_ADD_OPENING,
		    "INSERT INTO opening (entry, name, secret) VALUES (CASE ?2"
		    " WHEN '' THEN " FAILS " ELSE ?1 END, ?2, ?3)" },
		{ STATEMENT_COMMIT, "SELECT " FAILS },
	};
	struct fixture *f = *state;

	make_base(f);
	for (size_t i = 0; i < COUNT(failures); i++) {
		plant(f->store, failures[i].which, failures[i].sql);
		assert_int_not_equal(append_full(f, BASE), CSEAL_OK);
		assert_string_not_equal(f->err.what, "");
		assert_int_equal(sqlite3_get_autocommit(f->store->db), 1);
		unplant(f->store, failures[i].which);
		assert_rows(f, BASE);
		assert_entries(f, BASE);
	}
	assert_int_equal(append_full(f, BASE), CSEAL_OK);
	assert_rows(f, BASE + 1);
}

/* Stops SQLite's machine after so many of its steps. */
struct stop {
	unsigned long left;
	bool stopped;
};

static int
count_down(void *ctx)
{
	struct stop *s = ctx;

	if (--s->left > 0)
		return 0;
	s->stopped = true;
	return 1;
}

static void
stopped_anywhere(void **state)
{
	struct fixture *f = *state;
	struct stop stop = { .stopped = true };
	unsigned long n;
	int r;

	make_base(f);
	for (n = 1; stop.stopped; n++) {
		stop = (struct stop){ .left = n };
		sqlite3_progress_handler(f->store->db, 1, count_down, &stop);
		r = append_full(f, BASE);
		sqlite3_progress_handler(f->store->db, 0, NULL, NULL);
		assert_int_equal(sqlite3_get_autocommit(f->store->db), 1);
		assert_true(stop.stopped || r == CSEAL_OK);
		/* Stopped in its last steps, COMMIT has come through. */
		if (r == CSEAL_OK ||
		    ask(f, "SELECT max(idx) FROM entry") == BASE)
			break;
		assert_rows(f, BASE);
	}
	assert_rows(f, BASE + 1);
	assert_int_equal(append_full(f, BASE + 1), CSEAL_OK);
	assert_true(n > 100);
	print_message("# stopped at each of %lu steps\n", n - 1);
}

/* ---- memory ---- */

struct memory {
	sqlite3_mem_methods usual;
	unsigned long left; /* calls until one fails; 0: none does */
	bool failed;
};

/* SQLite's calls have no argument of ours. */
static struct memory *
memory(void)
{
	static struct memory m;

	return &m;
}

static bool
is_out(void)
{
	struct memory *m = memory();

	if (m->left == 0 || --m->left > 0)
		return false;
	m->failed = true;
	return true;
}

static void *
scarce_malloc(int n)
{
	return is_out() ? NULL : memory()->usual.xMalloc(n);
}

static void *
scarce_realloc(void *p, int n)
{
	return is_out() ? NULL : memory()->usual.xRealloc(p, n);
}

static void
make_scarce(bool on)
{
	struct memory *m = memory();
	sqlite3_mem_methods methods;

	assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
	if (on) {
		assert_int_equal(
		    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &m->usual),
		    SQLITE_OK);
		methods = m->usual;
		methods.xMalloc = scarce_malloc;
		methods.xRealloc = scarce_realloc;
	} else {
		methods = m->usual;
	}
	assert_int_equal(
	    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
	assert_int_equal(sqlite3_initialize(), SQLITE_OK);
}

/*
 * Each time with a new connection, whose statements are not prepared yet. An
 * append that succeeds all the same is one entry more.
 */
static void
out_of_memory(void **state)
{
	struct fixture *f = *state;
	struct memory *m = memory();
	uint64_t size = BASE;
	unsigned long n;
	int r;

	make_scarce(true);
	make_base(f);
	m->failed = true;
	for (n = 1; m->failed; n++) {
		assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
		m->failed = false;
		m->left = n;
		r = append_full(f, size);
		m->left = 0;
		if (r == CSEAL_OK)
			size++;
		else
			assert_int_equal(r, CSEAL_ERR_NOMEM);
		assert_int_equal(sqlite3_get_autocommit(f->store->db), 1);
		assert_rows(f, size);
	}
	shut(f);
	make_scarce(false);
	assert_true(n > 20);
	assert_true(size < BASE + n / 2);
	print_message("# memory was out at each of %lu calls\n", n - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    each_statement_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    stopped_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(out_of_memory, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
