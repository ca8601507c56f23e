/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries that are proven to be those of a tree verified before. */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "counterseal/ledger.h"
#include "counterseal/text.h"

#define ENTRIES 300 /* two tiles, one of them not full */

struct world {
	char folder[64], path[128];
	struct cseal_head heads[ENTRIES + 1];
	struct cseal_ledger *l;
	struct cseal_error err;
};

static struct cseal_slice
bytes_of(uint64_t index, char out[32])
{
	struct cseal_slice s = { (const uint8_t *)out, 0 };

	s.len =
	    (size_t)snprintf(out, 32, "entry %llu", (unsigned long long)index);
	return s;
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_frontier f;
	char text[32];

	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof(w->folder), "/tmp/test_proven.XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(w->path, sizeof(w->path), "%s/ledger", w->folder);
	cseal_frontier_init(&f);
	if (cseal_ledger_open(&w->l, w->path, CSEAL_LEDGER_CREATE, &w->err) !=
	    CSEAL_OK)
		return -1;
	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct cseal_slice s = bytes_of(i, text);

		if (cseal_ledger_append(w->l, i, s, NULL, 0, &w->err) !=
			CSEAL_OK ||
		    cseal_merkle_leaf(s.data, s.len, leaf) != CSEAL_OK ||
		    cseal_frontier_add(&f, leaf) != CSEAL_OK ||
		    cseal_frontier_root(&f, w->heads[i + 1].root) != CSEAL_OK)
			return -1;
		w->heads[i + 1].size = i + 1;
	}
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	char name[400];
	struct dirent *e;
	DIR *d;
	int r;

	cseal_ledger_close(w->l);
	if ((d = opendir(w->folder)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(
		    name, sizeof(name), "%s/%s", w->folder, e->d_name);
		(void)unlink(name);
	}
	(void)closedir(d);
	r = rmdir(w->folder);
	free(w);
	return r;
}

struct taken {
	uint64_t first;
	uint64_t n;
};

static int
take(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct taken *t = ctx;
	char text[32];
	struct cseal_slice want = bytes_of(index, text);

	assert_int_equal(index, t->first + t->n);
	assert_int_equal(entry.len, want.len);
	assert_memory_equal(entry.data, want.data, want.len);
	t->n++;
	return CSEAL_OK;
}

/* How many were given before it ended with `code`. */
static uint64_t
read_proven(struct world *w, const struct cseal_head *head, uint64_t from,
    uint64_t n, int code)
{
	struct taken t = { .first = from };

	memset(&w->err, 0, sizeof(w->err));
	assert_int_equal(
	    cseal_ledger_read_proven(w->l, head, from, n, take, &t, &w->err),
	    code);
	return t.n;
}

static void
meddle_with(struct world *w, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Of every tree up to the whole one, its own entries and no others. */
static void
every_head(void **state)
{
	struct world *w = *state;

	for (uint64_t n = 1; n <= ENTRIES; n++)
		assert_int_equal(read_proven(w, &w->heads[n], n > 3 ? n - 3 : 0,
				     UINT64_MAX, CSEAL_OK),
		    n > 3 ? 3 : n);
	assert_int_equal(
	    read_proven(w, &w->heads[ENTRIES], 0, UINT64_MAX, CSEAL_OK),
	    ENTRIES);
	assert_int_equal(
	    read_proven(w, &w->heads[ENTRIES], 250, 10, CSEAL_OK), 10);
	assert_int_equal(read_proven(w, &w->heads[10], 10, 5, CSEAL_OK), 0);
}

static void
another_tree(void **state)
{
	struct world *w = *state;
	struct cseal_head head = w->heads[ENTRIES];

	head.root[0] ^= 1;
	assert_int_equal(
	    read_proven(w, &head, 0, UINT64_MAX, CSEAL_ERR_VIOLATION), 0);
	head = w->heads[ENTRIES - 1];
	head.size = ENTRIES;
	assert_int_equal(read_proven(w, &head, 7, 1, CSEAL_ERR_VIOLATION), 0);
	assert_string_equal(w->err.where, "entry 7");
}

static void
altered_entry(void **state)
{
	struct world *w = *state;

	meddle_with(w, "UPDATE entry SET body = x'78' WHERE idx = 17");
	assert_int_equal(read_proven(w, &w->heads[ENTRIES], 0, UINT64_MAX,
			     CSEAL_ERR_VIOLATION),
	    17);
	assert_string_equal(w->err.where, "entry 17");
	assert_non_null(strstr(w->err.what, "altered since"));
	assert_int_equal(
	    read_proven(w, &w->heads[ENTRIES], 18, UINT64_MAX, CSEAL_OK),
	    ENTRIES - 18);
}

/* The entry with its leaf: then the leaf is not of that tree. */
static void
altered_leaf(void **state)
{
	struct world *w = *state;
	uint8_t leaf[CSEAL_HASH_BYTES];
	char hex[2 * CSEAL_HASH_BYTES + 1], sql[256];

	assert_int_equal(
	    cseal_merkle_leaf((const uint8_t *)"x", 1, leaf), CSEAL_OK);
	cseal_hex(leaf, sizeof(leaf), hex);
	(void)snprintf(sql, sizeof(sql),
	    "UPDATE entry SET body = CAST('x' AS BLOB) WHERE idx = 17;"
	    "UPDATE node SET hash = x'%s' WHERE level = 0 AND idx = 17",
	    hex);
	meddle_with(w, sql);
	assert_int_equal(read_proven(w, &w->heads[ENTRIES], 0, UINT64_MAX,
			     CSEAL_ERR_VIOLATION),
	    0);
	/* The other tile stands under a hash that is as it was. */
	assert_int_equal(
	    read_proven(w, &w->heads[ENTRIES], 256, UINT64_MAX, CSEAL_OK),
	    ENTRIES - 256);
}

static void
altered_node(void **state)
{
	struct world *w = *state;

	meddle_with(w, "UPDATE node SET hash = zeroblob(32) WHERE level = 1");
	assert_int_equal(read_proven(w, &w->heads[ENTRIES], 256, UINT64_MAX,
			     CSEAL_ERR_VIOLATION),
	    0);
	meddle_with(w, "DELETE FROM node WHERE level = 1");
	assert_int_equal(read_proven(w, &w->heads[ENTRIES], 256, UINT64_MAX,
			     CSEAL_ERR_CORRUPT),
	    0);
	assert_string_equal(w->err.where, "entry 256");
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_head),
		TEST(another_tree),
		TEST(altered_entry),
		TEST(altered_leaf),
		TEST(altered_node),
	};

	return cmocka_run_group_tests_name("ledger proven", tests, NULL, NULL);
}
