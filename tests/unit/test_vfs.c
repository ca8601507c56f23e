/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power cuts, full and failing disks, at every single operation on the disk.
 * A ledger opens again, has what was acknowledged, and nothing by halves.
 */

#include "sqlite_fixture.h"

#include "disk.h"
#include "ledger_tail.h"

#define BASE	 255 /* the next entry completes a tile */
#define OPENINGS 3
#define ROOM	 400
#define OPS_MAX	 1000 /* operations that no run comes near to */

/* How many different remains of each cut are looked at. */
#define KEEPS 8

/* What was acknowledged in a run. */
struct acks {
	uint64_t size; /* entries */
	bool erased;
	bool cut;
	int code; /* of the first call that failed, or CSEAL_OK */
};

struct bench {
	struct fixture f;
	struct disk disk;
	struct cseal_buf base; /* the file of a ledger of BASE entries */
	struct cseal_ledger *l;
	struct acks acks;
};

static const char *const names[OPENINGS] = { "holder", "iban", "bic" };

/* ---- entries that can be told apart ---- */

static struct cseal_slice
entry_of(uint64_t i, char room[ROOM])
{
	memset(room, 'x', ROOM);
	(void)snprintf(room, ROOM, "entry %llu", (unsigned long long)i);
	return (struct cseal_slice){ (uint8_t *)room, ROOM };
}

static int
append_entry(struct bench *b, uint64_t i)
{
	struct cseal_opening o[OPENINGS];
	char room[ROOM];
	int r;

	memset(o, 0, sizeof(o));
	for (size_t k = 0; k < OPENINGS; k++) {
		(void)snprintf(o[k].name, sizeof(o[k].name), "%s", names[k]);
		cseal_buf_init(&o[k].value, 0);
		(void)cseal_buf_printf(
		    &o[k].value, "value %llu.%zu", (unsigned long long)i, k);
	}
	memset(&b->f.err, 0, sizeof(b->f.err));
	r = cseal_ledger_append(
	    b->l, i, entry_of(i, room), o, OPENINGS, &b->f.err);
	for (size_t k = 0; k < OPENINGS; k++)
		cseal_opening_free(&o[k]);
	return r;
}

/* ---- a ledger before and after ---- */

static int
open_ledger(struct bench *b, enum cseal_ledger_mode mode)
{
	memset(&b->f.err, 0, sizeof(b->f.err));
	return cseal_ledger_open(&b->l, b->f.where, mode, &b->f.err);
}

static void
close_ledger(struct bench *b)
{
	cseal_ledger_close(b->l);
	b->l = NULL;
}

static void
remove_files(struct bench *b)
{
	static const char *const files[] = { "", "-wal", "-shm", "-journal",
		"-wal.gone", "-journal.gone" };
	char name[200];

	for (size_t i = 0; i < COUNT(files); i++) {
		(void)snprintf(
		    name, sizeof(name), "%s%s", b->f.where, files[i]);
		(void)unlink(name);
	}
}

static int
begin(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	void *f = NULL;

	if (b == NULL || setup(&f) != 0)
		return -1;
	b->f = *(struct fixture *)f;
	free(f);
	disk_begin(&b->disk);
	if (open_ledger(b, CSEAL_LEDGER_CREATE) != CSEAL_OK)
		return -1;
	for (uint64_t i = 0; i < BASE; i++) {
		if (append_entry(b, i) != CSEAL_OK)
			return -1;
	}
	close_ledger(b);
	disk_end(&b->disk);
	cseal_buf_init(&b->base, 0);
	*state = b;
	return cseal_buf_read_file(&b->base, b->f.where, 10 << 20);
}

static int
finish(void **state)
{
	struct bench *b = *state;
	struct fixture *f = calloc(1, sizeof(*f));

	/* A test that failed has left it in front. */
	if (sqlite3_vfs_find(NULL) == &b->disk.vfs) {
		(void)sqlite3_vfs_unregister(&b->disk.vfs);
		(void)sqlite3_vfs_register(b->disk.below, 1);
	}
	cseal_buf_free(&b->base);
	*f = b->f;
	free(b);
	*state = f;
	return teardown(state);
}

static void
restore(struct bench *b, bool with_base)
{
	FILE *out;

	remove_files(b);
	memset(&b->acks, 0, sizeof(b->acks));
	if (!with_base)
		return;
	assert_non_null(out = fopen(b->f.where, "w"));
	assert_int_equal(
	    fwrite(b->base.data, 1, b->base.len, out), b->base.len);
	assert_int_equal(fclose(out), 0);
	b->acks.size = BASE;
}

struct reading {
	struct cseal_frontier frontier;
};

static int
read_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct reading *w = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];
	char room[ROOM];
	struct cseal_slice want = entry_of(index, room);

	assert_int_equal(entry.len, want.len);
	assert_memory_equal(entry.data, want.data, want.len);
	assert_int_equal(
	    cseal_merkle_leaf(entry.data, entry.len, leaf), CSEAL_OK);
	return cseal_frontier_add(&w->frontier, leaf);
}

/* All openings of an entry, or none (where there is no entry). */
static void
assert_openings(struct bench *b, uint64_t i, bool there, bool erased)
{
	struct cseal_opening o;
	char want[40];
	int r;

	for (size_t k = 0; k < OPENINGS; k++) {
		r = cseal_ledger_opening(b->l, i, names[k], &o, &b->f.err);
		if (!there || (erased && k == 1)) {
			assert_int_equal(r, CSEAL_ERR_NOT_FOUND);
			continue;
		}
		/* What was not acknowledged may have been erased. */
		if (r == CSEAL_ERR_NOT_FOUND && i == BASE && k == 1)
			continue;
		if (r != CSEAL_OK)
			fail_msg("%s: %s: %s", b->f.err.where, names[k],
			    b->f.err.what);
		(void)snprintf(want, sizeof(want), "value %llu.%zu",
		    (unsigned long long)i, k);
		assert_string_equal(cseal_buf_str(&o.value), want);
		cseal_opening_free(&o);
	}
}

/* Entries, tree and openings agree; the size is handed back. */
static uint64_t
assert_whole(struct bench *b)
{
	struct cseal_hash_source s = cseal_ledger_hashes(b->l);
	uint8_t want[CSEAL_HASH_BYTES], root[CSEAL_HASH_BYTES];
	struct reading w;
	uint64_t size = 0;

	cseal_frontier_init(&w.frontier);
	if (cseal_ledger_read(b->l, 0, UINT64_MAX, read_entry, &w, &b->f.err) !=
	    CSEAL_OK)
		fail_msg("%s: %s", b->f.err.where, b->f.err.what);
	assert_int_equal(cseal_ledger_size(b->l, &size, &b->f.err), CSEAL_OK);
	assert_int_equal(w.frontier.size, size);
	assert_int_equal(cseal_frontier_root(&w.frontier, want), CSEAL_OK);
	assert_int_equal(cseal_merkle_root(&s, size, root), CSEAL_OK);
	assert_memory_equal(want, root, sizeof(root));
	for (uint64_t i = size > 3 ? size - 3 : 0; i < size; i++)
		assert_openings(b, i, true, b->acks.erased && i == BASE);
	for (uint64_t i = size; i < size + 3; i++)
		assert_openings(b, i, false, false);
	return size;
}

/* After the power is back: at least what was acknowledged, at most `most`. */
static void
assert_survives(struct bench *b, uint64_t most)
{
	uint64_t size;

	if (open_ledger(b, CSEAL_LEDGER_READ) != CSEAL_OK)
		fail_msg("%s: %s", b->f.err.where, b->f.err.what);
	size = assert_whole(b);
	close_ledger(b);
	assert_in_range(size, b->acks.size, most);
	assert_int_equal(open_ledger(b, CSEAL_LEDGER_WRITE), CSEAL_OK);
	assert_int_equal(append_entry(b, size), CSEAL_OK);
	assert_int_equal(assert_whole(b), size + 1);
	close_ledger(b);
}

/* ---- what is done while the disk may fail ---- */

/* Two appends, one opening erased. */
static void
work(struct bench *b)
{
	struct acks *a = &b->acks;
	const struct store_engine *engine = &store_sqlite;
	struct store *s = NULL;

	if ((a->code = open_ledger(b, CSEAL_LEDGER_WRITE)) == CSEAL_OK &&
	    (a->code = append_entry(b, BASE)) == CSEAL_OK) {
		a->size = BASE + 1;
		if ((a->code = append_entry(b, BASE + 1)) == CSEAL_OK)
			a->size = BASE + 2;
	}
	close_ledger(b);
	if (a->code == CSEAL_OK &&
	    engine->open(&s, b->f.where, STORE_WRITE, &b->f.err) == CSEAL_OK)
		a->erased = engine->opening_erase(
				s, BASE, names[1], &b->f.err) == CSEAL_OK;
	engine->close(s);
}

static void
check_work(struct bench *b)
{
	assert_survives(b, BASE + 2);
}

/* A ledger is founded. */
static void
found(struct bench *b)
{
	struct acks *a = &b->acks;

	if ((a->code = open_ledger(b, CSEAL_LEDGER_CREATE)) == CSEAL_OK &&
	    (a->code = append_entry(b, 0)) == CSEAL_OK)
		a->size = 1;
	close_ledger(b);
}

/* Before it was acknowledged, what is left may be no ledger, and says so. */
static void
check_found(struct bench *b)
{
	int r;

	if (b->acks.size == 1) {
		assert_survives(b, 1);
		return;
	}
	r = open_ledger(b, CSEAL_LEDGER_READ);
	if (r == CSEAL_OK) {
		assert_in_range(assert_whole(b), 0, 1);
	} else {
		if (r != CSEAL_ERR_CORRUPT && r != CSEAL_ERR_NOT_FOUND)
			fail_msg("%d: %s", r, b->f.err.what);
		assert_string_not_equal(b->f.err.what, "");
	}
	close_ledger(b);
}

static int
take_any(void *ctx, uint64_t index, struct cseal_slice bytes)
{
	(void)ctx;
	(void)index;
	(void)bytes;
	return CSEAL_OK;
}

static int
take_end(void *ctx, uint64_t hashes)
{
	(void)ctx;
	(void)hashes;
	return CSEAL_OK;
}

/* The last five entries are cut off. */
static void
cut(struct bench *b)
{
	const struct store_sink sink = { take_any, take_any, take_end, NULL };
	struct acks *a = &b->acks;

	a->size = BASE - 5;
	if ((a->code = open_ledger(b, CSEAL_LEDGER_WRITE)) == CSEAL_OK &&
	    (a->code = ledger_cut(b->l, BASE - 5, &sink, &b->f.err)) ==
		CSEAL_OK)
		a->cut = true;
	close_ledger(b);
}

static void
check_cut(struct bench *b)
{
	uint64_t size;

	if (open_ledger(b, CSEAL_LEDGER_READ) != CSEAL_OK)
		fail_msg("%s: %s", b->f.err.where, b->f.err.what);
	size = assert_whole(b);
	close_ledger(b);
	assert_true(size == BASE - 5 || (size == BASE && !b->acks.cut));
	assert_survives(b, BASE);
}

static const struct scene {
	const char *name;
	void (*run)(struct bench *b);
	void (*check)(struct bench *b);
	bool with_base;
} scenes[] = {
	{ "append and erase", work, check_work, true },
	{ "found", found, check_found, false },
	{ "cut", cut, check_cut, true },
};

/* What is checked is not what the disk does then: no waiting for syncs. */
static void
check(struct bench *b, const struct scene *s)
{
	disk_begin(&b->disk);
	s->check(b);
	disk_end(&b->disk);
}

/* ---- the power ---- */

/* One run with its power cut at operation `at`; false if it came through. */
static bool
run_with_cut(
    struct bench *b, const struct scene *s, unsigned long at, uint32_t keep)
{
	bool struck;

	restore(b, s->with_base);
	disk_begin(&b->disk);
	disk_arm(&b->disk, DISK_CUT, at, keep);
	s->run(b);
	struck = b->disk.struck;
	/* And with nothing left to do, some time later. */
	disk_cut(&b->disk);
	disk_end(&b->disk);
	check(b, s);
	return struck;
}

static void
power_cuts(void **state)
{
	struct bench *b = *state;
	unsigned long at, runs;

	for (size_t i = 0; i < COUNT(scenes); i++) {
		runs = 0;
		for (at = 1; at < OPS_MAX; at++) {
			bool struck = false;

			for (uint32_t k = 0; k < KEEPS; k++, runs++)
				struck |= run_with_cut(b, &scenes[i], at, k);
			if (!struck)
				break;
		}
		assert_int_equal(b->acks.code, CSEAL_OK);
		assert_in_range(at, 10, OPS_MAX - 1);
		print_message("# %s: %lu operations, %lu power cuts\n",
		    scenes[i].name, at - 1, runs);
	}
}

/* ---- a full disk, a failing one ---- */

/*
 * An append on a disk that is full from operation `at` on. It says so, adds
 * nothing, and goes through when there is room again.
 */
static bool
append_with(struct bench *b, enum disk_fault fault, unsigned long at)
{
	bool struck;
	int r;

	restore(b, true);
	disk_begin(&b->disk);
	assert_int_equal(open_ledger(b, CSEAL_LEDGER_WRITE), CSEAL_OK);
	disk_arm(&b->disk, fault, at, 0);
	r = append_entry(b, BASE);
	struck = b->disk.struck;
	disk_mend(&b->disk);
	if (struck) {
		assert_int_equal(r, CSEAL_ERR_IO);
		assert_non_null(strstr(b->f.err.what,
		    fault == DISK_FULL ? "disk is full" : "the disk says"));
		assert_int_equal(assert_whole(b), BASE);
		r = append_entry(b, BASE);
	}
	assert_int_equal(r, CSEAL_OK);
	assert_int_equal(assert_whole(b), BASE + 1);
	close_ledger(b);
	b->acks.size = BASE + 1;
	assert_survives(b, BASE + 1);
	disk_end(&b->disk);
	return struck;
}

static void
faults(void **state)
{
	static const struct {
		enum disk_fault fault;
		const char *name;
	} all[] = { { DISK_FULL, "full disk" },
		{ DISK_FAIL, "failing operation" } };
	struct bench *b = *state;
	unsigned long at;

	for (size_t i = 0; i < COUNT(all); i++) {
		for (at = 1; at < OPS_MAX; at++) {
			if (!append_with(b, all[i].fault, at))
				break;
		}
		assert_in_range(at, 5, OPS_MAX - 1);
		print_message("# append: %s at each of %lu operations\n",
		    all[i].name, at - 1);
	}
}

/* Whole scenes, opening and closing too, with one error at each operation. */
static void
errors_anywhere(void **state)
{
	struct bench *b = *state;
	unsigned long at;
	bool struck;

	for (size_t i = 0; i < COUNT(scenes); i++) {
		for (at = 1, struck = true; struck && at < OPS_MAX; at++) {
			restore(b, scenes[i].with_base);
			disk_begin(&b->disk);
			disk_arm(&b->disk, DISK_FAIL, at, 0);
			scenes[i].run(b);
			struck = b->disk.struck;
			disk_end(&b->disk);
			check(b, &scenes[i]);
		}
		print_message("# %s: an error at each of %lu operations\n",
		    scenes[i].name, at - 2);
	}
}

/* The test's own disk loses what was not synced, or these tests say nothing. */
static void
the_disk_forgets(void **state)
{
	struct bench *b = *state;
	sqlite3 *db = NULL;

	restore(b, true);
	disk_begin(&b->disk);
	disk_arm(&b->disk, DISK_CUT, 0, DISK_LOSE_ALL);
	assert_int_equal(sqlite3_open(b->f.where, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "PRAGMA synchronous = OFF;"
			     "INSERT INTO entry VALUES (255, x'00');"
			     "INSERT INTO node VALUES (0, 255, zeroblob(32))",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	disk_cut(&b->disk);
	sqlite3_close(db);
	disk_end(&b->disk);
	assert_survives(b, BASE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    the_disk_forgets, begin, finish),
		cmocka_unit_test_setup_teardown(power_cuts, begin, finish),
		cmocka_unit_test_setup_teardown(faults, begin, finish),
		cmocka_unit_test_setup_teardown(errors_anywhere, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
