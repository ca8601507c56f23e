/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers: what is appended, and the growth of the tree. */

#include <inttypes.h>
#include <sqlite3.h>

#include "ledger_fixture.h"

#define LEAVES 65535 /* one fewer than make a hash of level 2 */

static void
append_and_get(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_tree_is_right(f);
	assert_int_equal(append(f, 0, "first"), CSEAL_OK);
	assert_int_equal(append(f, 0, "second"), CSEAL_ERR_AGAIN);
	assert_string_equal(f->err.where, "entry 0");
	assert_int_equal(append(f, 2, "second"), CSEAL_ERR_AGAIN);
	assert_int_equal(append(f, 1, "second"), CSEAL_OK);
	assert_entry(f, 0, "first");
	assert_entry(f, 1, "second");
	assert_int_equal(
	    cseal_ledger_get(f->l, 2, &b, &f->err), CSEAL_ERR_NOT_FOUND);
	assert_string_equal(f->err.where, "entry 2");
	cseal_buf_init(&b, 3);
	assert_int_equal(
	    cseal_ledger_get(f->l, 0, &b, &f->err), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&b);
	assert_tree_is_right(f);
}

static void
entry_sizes(void **state)
{
	struct fixture *f = *state;
	uint8_t *body = calloc(1, CSEAL_ENTRY_MAX + 1);
	struct cseal_slice entry = { body, 0 };

	assert_non_null(body);
	assert_int_equal(cseal_ledger_append(f->l, 0, entry, NULL, 0, &f->err),
	    CSEAL_ERR_USAGE);
	entry.len = CSEAL_ENTRY_MAX + 1;
	assert_int_equal(cseal_ledger_append(f->l, 0, entry, NULL, 0, &f->err),
	    CSEAL_ERR_TOO_LARGE);
	assert_int_equal(size_of(f), 0);
	entry.len = CSEAL_ENTRY_MAX;
	assert_int_equal(
	    cseal_ledger_append(f->l, 0, entry, NULL, 0, &f->err), CSEAL_OK);
	entry.len = 1;
	assert_int_equal(
	    cseal_ledger_append(f->l, 1, entry, NULL, 0, &f->err), CSEAL_OK);
	assert_tree_is_right(f);
	free(body);
}

static void
modes(void **state)
{
	struct fixture *f = *state;
	struct cseal_ledger *l = f->l;

	assert_int_equal(
	    cseal_ledger_open(&l, f->where, CSEAL_LEDGER_CREATE, &f->err),
	    CSEAL_ERR_EXISTS);
	assert_null(l);
	assert_int_equal(
	    cseal_ledger_open(&l, f->where, (enum cseal_ledger_mode)7, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_ledger_open(&l, "postgresql://db/x",
			     CSEAL_LEDGER_READ, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_ledger_open(&l, "", CSEAL_LEDGER_READ, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_ledger_open(&l, NULL, CSEAL_LEDGER_READ, NULL),
	    CSEAL_ERR_USAGE);
	assert_int_equal(append(f, 0, "x"), CSEAL_OK);
	reopen(f, CSEAL_LEDGER_READ);
	assert_int_equal(append(f, 1, "y"), CSEAL_ERR_PERMISSION);
	assert_int_equal(size_of(f), 1);
	assert_int_equal(
	    cseal_ledger_watch(f->l, 1, 0, &f->err), CSEAL_ERR_TIMEOUT);
	assert_int_equal(cseal_ledger_watch(f->l, 0, 0, &f->err), CSEAL_OK);
	cseal_ledger_close(NULL);
}

static void
openings(void **state)
{
	struct fixture *f = *state;
	const struct cseal_slice entry = { (const uint8_t *)"e", 1 };
	struct cseal_opening o[2] = { { .name = "iban", .salt = { 9 } },
		{ .name = "", .salt = { 8 } } };
	struct cseal_opening got;

	cseal_buf_init(&o[0].value, 0);
	cseal_buf_init(&o[1].value, 0);
	assert_int_equal(
	    cseal_buf_add_str(&o[0].value, "DE02120300000000202051"), 0);
	assert_int_equal(
	    cseal_ledger_append(f->l, 0, entry, o, 2, &f->err), CSEAL_OK);
	assert_int_equal(
	    cseal_ledger_opening(f->l, 0, "iban", &got, &f->err), CSEAL_OK);
	assert_string_equal(got.name, "iban");
	assert_memory_equal(got.salt, o[0].salt, sizeof(got.salt));
	assert_string_equal(
	    cseal_buf_str(&got.value), "DE02120300000000202051");
	cseal_opening_free(&got);
	assert_int_equal(
	    cseal_ledger_opening(f->l, 0, "", &got, &f->err), CSEAL_OK);
	assert_int_equal(got.value.len, 0);
	assert_int_equal(got.salt[0], 8);
	cseal_opening_free(&got);
	assert_int_equal(cseal_ledger_opening(f->l, 0, "bic", &got, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    cseal_ledger_opening(f->l, 0,
		"a-name-that-is-longer-than-32-bytes-is-none", &got, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	cseal_opening_free(NULL);
	cseal_buf_free(&o[0].value);
}

static void
openings_refused(void **state)
{
	struct fixture *f = *state;
	const struct cseal_slice entry = { (const uint8_t *)"e", 1 };
	struct cseal_opening o[2];
	static const struct {
		const char *name[2], *value;
	} bad[] = {
		{ { "iban", "iban" }, "" },
		{ { "iban", "" }, "a value for a shown text" },
		{ { "iban", "a-name-of-33-bytes-without-its-end" }, "v" },
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		memset(o, 0, sizeof(o));
		memcpy(o[0].name, bad[i].name[0], strlen(bad[i].name[0]));
		memcpy(o[1].name, bad[i].name[1],
		    strnlen(bad[i].name[1], sizeof(o[1].name)));
		cseal_buf_init(&o[1].value, 0);
		assert_int_equal(
		    cseal_buf_add_str(&o[1].value, bad[i].value), 0);
		assert_int_equal(
		    cseal_ledger_append(f->l, 0, entry, o, 2, &f->err),
		    CSEAL_ERR_USAGE);
		cseal_buf_free(&o[1].value);
	}
	memset(o, 0, sizeof(o));
	o[0].value.err = CSEAL_ERR_NOMEM;
	assert_int_equal(cseal_ledger_append(f->l, 0, entry, o, 1, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_ledger_append(f->l, 0, entry, o, 257, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(size_of(f), 0);
}

/* Stored tiles of every level against the entries' own hashes. */
static void
two_levels(void **state)
{
	static const uint64_t at[] = { 255, 256, 257, 513, 600 };
	struct fixture *f = *state;
	char text[32];
	size_t k = 0;

	for (uint64_t i = 0; i <= 600; i++) {
		if (k < COUNT(at) && i == at[k]) {
			assert_tree_is_right(f);
			k++;
		}
		(void)snprintf(text, sizeof(text), "entry %" PRIu64, i);
		assert_int_equal(append(f, i, text), CSEAL_OK);
	}
	assert_int_equal(k, COUNT(at));
}

/* LEAVES rows of one transaction, in place of as many durable appends. */
static void
fill(struct fixture *f)
{
	uint8_t hashes[256][CSEAL_HASH_BYTES], root[CSEAL_HASH_BYTES];
	struct cseal_frontier tile;
	sqlite3_stmt *entry, *node;
	sqlite3 *db;
	char text[32];

	assert_int_equal(sqlite3_open(f->where, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "INSERT INTO entry VALUES (?1, "
			     "CAST('entry ' || ?1 AS BLOB))",
			     -1, &entry, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(
		db, "INSERT INTO node VALUES (?1, ?2, ?3)", -1, &node, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN", 0, 0, 0), SQLITE_OK);
	cseal_frontier_init(&tile);
	for (int i = 0; i < LEAVES; i++) {
		const int n = snprintf(text, sizeof(text), "entry %d", i);
		uint8_t *leaf = hashes[i % 256];

		assert_int_equal(
		    cseal_merkle_leaf((const uint8_t *)text, (size_t)n, leaf),
		    CSEAL_OK);
		assert_int_equal(cseal_frontier_add(&tile, leaf), CSEAL_OK);
		sqlite3_bind_int(entry, 1, i);
		assert_int_equal(sqlite3_step(entry), SQLITE_DONE);
		sqlite3_reset(entry);
		sqlite3_bind_int(node, 1, 0);
		sqlite3_bind_int(node, 2, i);
		sqlite3_bind_blob(node, 3, leaf, 32, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(node), SQLITE_DONE);
		sqlite3_reset(node);
		if (i % 256 != 255)
			continue;
		assert_int_equal(cseal_frontier_root(&tile, root), CSEAL_OK);
		cseal_frontier_init(&tile);
		sqlite3_bind_int(node, 1, 1);
		sqlite3_bind_int(node, 2, i / 256);
		sqlite3_bind_blob(node, 3, root, 32, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(node), SQLITE_DONE);
		sqlite3_reset(node);
	}
	sqlite3_finalize(entry);
	sqlite3_finalize(node);
	assert_int_equal(sqlite3_exec(db, "COMMIT", 0, 0, 0), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
third_level(void **state)
{
	struct fixture *f = *state;
	struct cseal_hash_source s;
	uint8_t hash[1][CSEAL_HASH_BYTES], root[CSEAL_HASH_BYTES];

	fill(f);
	reopen(f, CSEAL_LEDGER_WRITE);
	assert_tree_is_right(f);
	assert_int_equal(append(f, LEAVES, "it completes"), CSEAL_OK);
	assert_tree_is_right(f);
	s = cseal_ledger_hashes(f->l);
	assert_int_equal(s.tile(s.ctx, 2, 0, 1, hash), CSEAL_OK);
	assert_int_equal(cseal_merkle_root(&s, LEAVES + 1, root), CSEAL_OK);
	assert_memory_equal(hash[0], root, sizeof(root));
	assert_int_equal(append(f, LEAVES + 1, "and one more"), CSEAL_OK);
	assert_tree_is_right(f);
}

static void
proofs(void **state)
{
	struct fixture *f = *state;
	struct cseal_hash_source s = cseal_ledger_hashes(f->l);
	struct cseal_head old = { .size = 0 }, head = { .size = 0 };
	struct cseal_proof p;
	uint8_t leaf[CSEAL_HASH_BYTES];
	char text[32];

	for (uint64_t i = 0; i < 520; i++) {
		const int n = snprintf(text, sizeof(text), "entry %" PRIu64, i);

		assert_int_equal(append(f, i, text), CSEAL_OK);
		old = head;
		head.size = i + 1;
		assert_int_equal(
		    cseal_merkle_root(&s, head.size, head.root), CSEAL_OK);
		assert_int_equal(
		    cseal_merkle_consistency(&s, old.size, head.size, &p),
		    CSEAL_OK);
		if (i > 0)
			assert_int_equal(
			    cseal_merkle_check_consistency(&old, &head, &p),
			    CSEAL_OK);
		assert_int_equal(
		    cseal_merkle_inclusion(&s, i, head.size, &p), CSEAL_OK);
		assert_int_equal(
		    cseal_merkle_leaf((const uint8_t *)text, (size_t)n, leaf),
		    CSEAL_OK);
		assert_int_equal(
		    cseal_merkle_check_inclusion(leaf, i, &head, &p), CSEAL_OK);
	}
	assert_int_equal(
	    cseal_merkle_root(&s, 521, head.root), CSEAL_ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    append_and_get, setup, teardown),
		cmocka_unit_test_setup_teardown(entry_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(modes, setup, teardown),
		cmocka_unit_test_setup_teardown(openings, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    openings_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(two_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(third_level, setup, teardown),
		cmocka_unit_test_setup_teardown(proofs, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
