/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers: growth of the tree, several writers, and writers that are killed. */

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "counterseal/err.h"
#include "counterseal/ledger.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define WRITERS	 2
#define APPENDS	 200   /* of each writer */
#define KILLS	 25    /* writers that are killed */
#define LEAVES	 65535 /* one fewer than make a hash of level 2 */

struct fixture {
	char folder[64];
	char where[96];
	struct cseal_ledger *l;
	struct cseal_error err;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/test_ledger.XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return -1;
	(void)snprintf(f->where, sizeof(f->where), "%s/l", f->folder);
	*state = f;
	return cseal_ledger_open(&f->l, f->where, CSEAL_LEDGER_CREATE, &f->err);
}

static int
teardown(void **state)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	struct fixture *f = *state;
	char name[128];
	int r;

	cseal_ledger_close(f->l);
	for (size_t i = 0; i < COUNT(files); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", f->where, files[i]);
		(void)unlink(name);
	}
	r = rmdir(f->folder);
	free(f);
	return r;
}

static void
reopen(struct fixture *f, enum cseal_ledger_mode mode)
{
	cseal_ledger_close(f->l);
	assert_int_equal(
	    cseal_ledger_open(&f->l, f->where, mode, &f->err), CSEAL_OK);
}

static void
shut(struct fixture *f)
{
	cseal_ledger_close(f->l);
	f->l = NULL;
}

static int
append(struct fixture *f, uint64_t expected, const char *text)
{
	const struct cseal_slice entry = { (const uint8_t *)text,
		strlen(text) };

	return cseal_ledger_append(f->l, expected, entry, NULL, 0, &f->err);
}

static uint64_t
size_of(struct fixture *f)
{
	uint64_t size = 0;

	assert_int_equal(cseal_ledger_size(f->l, &size, &f->err), CSEAL_OK);
	return size;
}

static int
grow_frontier(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct cseal_frontier *f = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];

	assert_int_equal(f->size, index);
	assert_int_equal(
	    cseal_merkle_leaf(entry.data, entry.len, leaf), CSEAL_OK);
	return cseal_frontier_add(f, leaf);
}

/* The root by the stored hashes is the root of the entries as read. */
static void
assert_tree_is_right(struct fixture *f)
{
	const uint64_t size = size_of(f);
	struct cseal_hash_source s = cseal_ledger_hashes(f->l);
	struct cseal_frontier fr;
	uint8_t want[CSEAL_HASH_BYTES], root[CSEAL_HASH_BYTES];

	cseal_frontier_init(&fr);
	assert_int_equal(
	    cseal_ledger_read(f->l, 0, UINT64_MAX, grow_frontier, &fr, &f->err),
	    CSEAL_OK);
	assert_int_equal(fr.size, size);
	assert_int_equal(cseal_frontier_root(&fr, want), CSEAL_OK);
	assert_int_equal(cseal_merkle_root(&s, size, root), CSEAL_OK);
	assert_memory_equal(root, want, sizeof(root));
}

static void
assert_entry(struct fixture *f, uint64_t index, const char *want)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_ledger_get(f->l, index, &b, &f->err), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), want);
	cseal_buf_free(&b);
}

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

/* Appends once, after as many tries as it takes; the index, or -1. */
static int64_t
append_at_last(struct cseal_ledger *l, const char *text)
{
	const struct cseal_slice entry = { (const uint8_t *)text,
		strlen(text) };
	uint64_t size;
	int r = CSEAL_ERR_AGAIN;

	while (r == CSEAL_ERR_AGAIN) {
		if (cseal_ledger_size(l, &size, NULL) != CSEAL_OK)
			return -1;
		r = cseal_ledger_append(l, size, entry, NULL, 0, NULL);
	}
	return r == CSEAL_OK ? (int64_t)size : -1;
}

/* What a writer tells when an append was acknowledged. */
struct receipt {
	int writer, number;
	int64_t index;
};

/* In a child: appends `n` entries (or until it is killed). Never returns. */
static void
write_entries(const char *where, int out, int writer, int n)
{
	struct cseal_ledger *l;
	struct receipt t = { .writer = writer };
	char text[32];

	if (cseal_ledger_open(&l, where, CSEAL_LEDGER_WRITE, NULL) != CSEAL_OK)
		_exit(1);
	for (t.number = 0; t.number < n; t.number++) {
		(void)snprintf(text, sizeof(text), "writer %d number %d",
		    writer, t.number);
		if ((t.index = append_at_last(l, text)) < 0)
			_exit(2);
		if (write(out, &t, sizeof(t)) != (ssize_t)sizeof(t))
			_exit(3);
	}
	cseal_ledger_close(l);
	_exit(0);
}

static pid_t
start_writer(struct fixture *f, int pipes[2], int writer, int n)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(pipes[0]);
		write_entries(f->where, pipes[1], writer, n);
	}
	return pid;
}

/* False at the end of all writers; receipts are shorter than PIPE_BUF. */
static bool
next_receipt(int in, struct receipt *t)
{
	ssize_t n;

	do {
		n = read(in, t, sizeof(*t));
	} while (n < 0 && errno == EINTR);
	assert_true(n == 0 || n == (ssize_t)sizeof(*t));
	return n != 0;
}

static void
assert_receipt_holds(struct fixture *f, const struct receipt *t)
{
	char text[32];

	(void)snprintf(
	    text, sizeof(text), "writer %d number %d", t->writer, t->number);
	assert_entry(f, (uint64_t)t->index, text);
}

static void
two_writers(void **state)
{
	struct fixture *f = *state;
	static struct receipt got[WRITERS * APPENDS];
	int64_t last[WRITERS] = { -1, -1 };
	int pipes[2], status;
	size_t n = 0;

	shut(f);
	assert_int_equal(pipe(pipes), 0);
	for (int w = 0; w < WRITERS; w++)
		(void)start_writer(f, pipes, w, APPENDS);
	(void)close(pipes[1]);
	while (n < COUNT(got) && next_receipt(pipes[0], &got[n]))
		n++;
	for (int w = 0; w < WRITERS; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	(void)close(pipes[0]);
	assert_int_equal(n, COUNT(got));
	reopen(f, CSEAL_LEDGER_READ);
	assert_int_equal(size_of(f), n);
	for (size_t i = 0; i < n; i++) {
		assert_receipt_holds(f, &got[i]);
		assert_true(got[i].index > last[got[i].writer]);
		last[got[i].writer] = got[i].index;
	}
	assert_tree_is_right(f);
}

/*
 * Writers are killed after some receipts. What was acknowledged is there, at
 * most one more entry is, and the tree fits.
 */
static void
killed_writers(void **state)
{
	struct fixture *f = *state;
	uint64_t size = 0, seen;
	struct receipt t;
	int pipes[2], status;
	pid_t pid;

	for (int k = 0; k < KILLS; k++) {
		shut(f);
		assert_int_equal(pipe(pipes), 0);
		pid = start_writer(f, pipes, k, 1 << 20);
		(void)close(pipes[1]);
		for (int i = 0; i <= k * 7 % 23; i++)
			assert_true(next_receipt(pipes[0], &t));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		reopen(f, k % 2 == 0 ? CSEAL_LEDGER_READ : CSEAL_LEDGER_WRITE);
		do {
			assert_receipt_holds(f, &t);
			seen = (uint64_t)t.index + 1;
		} while (next_receipt(pipes[0], &t));
		(void)close(pipes[0]);
		size = size_of(f);
		assert_true(size == seen || size == seen + 1);
		assert_tree_is_right(f);
	}
	reopen(f, CSEAL_LEDGER_WRITE);
	assert_int_equal(append(f, size, "after all"), CSEAL_OK);
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
		cmocka_unit_test_setup_teardown(two_writers, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    killed_writers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
