/* SPDX-License-Identifier: BSD-2-Clause */
/* What every engine must do: the same tests over a table of engines. */

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/ledger.h"

#include "store.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* One row an engine: where a new, empty place for a ledger is. */
struct place {
	const struct store_engine *engine;
	int (*make)(char *where, size_t size);
	void (*clear)(const char *where);
};

struct fixture {
	const struct store_engine *engine;
	const struct place *place;
	char where[256];
	struct store *store;
	struct cseal_error err;
};

static int
folder_make(char *where, size_t size)
{
	char folder[] = "/tmp/test_store.XXXXXX";

	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(where, size, "%s/ledger", folder);
	return 0;
}

static void
folder_clear(const char *where)
{
	char folder[256], name[600];
	struct dirent *e;
	DIR *d;

	(void)snprintf(folder, sizeof(folder), "%s", where);
	*strrchr(folder, '/') = '\0';
	assert_non_null(d = opendir(folder));
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(name, sizeof(name), "%s/%s", folder, e->d_name);
		(void)unlink(name);
	}
	(void)closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

static const struct place places[] = {
	{ &store_sqlite, folder_make, folder_clear },
};

static int
setup(void **state)
{
	const struct place *p = *state;
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->place = p;
	f->engine = p->engine;
	if (p->make(f->where, sizeof(f->where)) != 0)
		return -1;
	*state = f;
	return p->engine->open(&f->store, f->where, STORE_CREATE, &f->err);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	f->engine->close(f->store);
	f->place->clear(f->where);
	free(f);
	return 0;
}

/* Entry i is i % 90 + 1 bytes long; its hashes are made up. */
static struct cseal_slice
entry_of(uint64_t i, uint8_t room[100])
{
	memset(room, (int)(i * 7 & 0xff), 100);
	memcpy(room, &i, sizeof(i));
	return (struct cseal_slice){ room, i % 90 + 1 };
}

static struct store_node
node_of(unsigned level, uint64_t index)
{
	struct store_node n = { .level = level, .index = index };

	memset(n.hash, (int)level + 1, sizeof(n.hash));
	memcpy(n.hash, &index, sizeof(index));
	return n;
}

static int
append_with(struct fixture *f, struct store *s, uint64_t i,
    const struct store_opening *openings, size_t n)
{
	uint8_t room[100];
	struct store_node nodes[] = { node_of(0, i), node_of(1, i / 256) };
	struct store_append a = {
		.entry = entry_of(i, room),
		.nodes = nodes,
		.n_nodes = (i + 1) % 256 == 0 ? 2 : 1,
		.openings = openings,
		.n_openings = n,
	};

	memset(&f->err, 0, sizeof(f->err));
	return f->engine->append(s, i, &a, &f->err);
}

static int
append(struct fixture *f, uint64_t i)
{
	return append_with(f, f->store, i, NULL, 0);
}

static void
assert_size(struct fixture *f, uint64_t want)
{
	uint64_t size = 999;

	assert_int_equal(f->engine->size(f->store, &size, &f->err), CSEAL_OK);
	assert_int_equal(size, want);
}

/* Entries must come as [next, end); the reading stops at `stop` if not 0. */
struct reading {
	struct fixture *f;
	uint64_t next, stop;
};

static int
expect_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct reading *w = ctx;
	uint8_t room[100];
	struct cseal_slice want = entry_of(index, room);

	assert_int_equal(index, w->next);
	assert_int_equal(entry.len, want.len);
	assert_memory_equal(entry.data, want.data, want.len);
	w->next++;
	return w->next == w->stop ? CSEAL_ERR_CANCELLED : CSEAL_OK;
}

static void
assert_reads(
    struct fixture *f, struct store *s, uint64_t from, uint64_t n, uint64_t end)
{
	struct reading w = { .f = f, .next = from };

	assert_int_equal(
	    f->engine->read(s, from, n, expect_entry, &w, &f->err), CSEAL_OK);
	assert_int_equal(w.next, end);
}

static void
new_is_empty(void **state)
{
	struct fixture *f = *state;
	uint8_t hashes[1][CSEAL_HASH_BYTES];

	assert_size(f, 0);
	assert_reads(f, f->store, 0, 10, 0);
	assert_reads(f, f->store, 5, UINT64_MAX, 5);
	assert_int_equal(f->engine->tile(f->store, 0, 0, 1, hashes, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    f->engine->tile(f->store, 0, 0, 0, hashes, &f->err), CSEAL_OK);
}

static void
never_created_twice(void **state)
{
	struct fixture *f = *state;
	struct store *s = f->store;

	assert_int_equal(append(f, 0), CSEAL_OK);
	assert_int_equal(f->engine->open(&s, f->where, STORE_CREATE, &f->err),
	    CSEAL_ERR_EXISTS);
	assert_null(s);
	assert_string_not_equal(f->err.what, "");
	assert_size(f, 1);
}

static void
missing_is_told(void **state)
{
	struct fixture *f = *state;
	struct store *s = f->store;
	char other[300];

	(void)snprintf(other, sizeof(other), "%s.not", f->where);
	assert_int_equal(f->engine->open(&s, other, STORE_READ, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_null(s);
	assert_int_equal(f->engine->open(&s, other, STORE_WRITE, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_null(s);
}

static void
reads_what_was_appended(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 600; i++)
		assert_int_equal(append(f, i), CSEAL_OK);
	for (int again = 0; again < 2; again++) {
		assert_size(f, 600);
		assert_reads(f, f->store, 0, 600, 600);
		assert_reads(f, f->store, 0, UINT64_MAX, 600);
		assert_reads(f, f->store, 17, 3, 20);
		assert_reads(f, f->store, 17, 0, 17);
		assert_reads(f, f->store, 599, 5, 600);
		assert_reads(f, f->store, 600, 5, 600);
		assert_reads(f, f->store, UINT64_MAX, UINT64_MAX, UINT64_MAX);
		f->engine->close(f->store);
		f->store = NULL;
		assert_int_equal(
		    f->engine->open(&f->store, f->where, STORE_WRITE, &f->err),
		    CSEAL_OK);
	}
}

static void
assert_tile(struct fixture *f, unsigned level, uint64_t index, size_t want)
{
	uint8_t hashes[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];

	memset(hashes, 0xee, sizeof(hashes));
	assert_int_equal(
	    f->engine->tile(f->store, level, index, want, hashes, &f->err),
	    CSEAL_OK);
	for (size_t i = 0; i < CSEAL_TILE_HASHES; i++) {
		struct store_node n = node_of(level, index * 256 + i);

		if (i < want)
			assert_memory_equal(hashes[i], n.hash, sizeof(n.hash));
		else
			assert_int_equal(hashes[i][31], 0xee);
	}
}

static void
tiles(void **state)
{
	static const struct {
		unsigned level;
		uint64_t index;
		size_t want;
		int code;
	} refused[] = {
		{ 0, 1, 45, CSEAL_ERR_NOT_FOUND },
		{ 0, 2, 1, CSEAL_ERR_NOT_FOUND },
		{ 1, 0, 2, CSEAL_ERR_NOT_FOUND },
		{ 7, 0, 1, CSEAL_ERR_NOT_FOUND },
		{ 0, 0, 257, CSEAL_ERR_USAGE },
		{ 8, 0, 1, CSEAL_ERR_USAGE },
		{ 64, 0, 1, CSEAL_ERR_USAGE },
		{ 0, UINT64_MAX, 1, CSEAL_ERR_USAGE },
	};
	struct fixture *f = *state;
	uint8_t hashes[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];

	for (uint64_t i = 0; i < 300; i++)
		assert_int_equal(append(f, i), CSEAL_OK);
	assert_tile(f, 0, 0, 256);
	assert_tile(f, 0, 0, 1);
	assert_tile(f, 0, 0, 0);
	assert_tile(f, 0, 1, 44);
	assert_tile(f, 0, 1, 40);
	assert_tile(f, 1, 0, 1);
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_int_equal(
		    f->engine->tile(f->store, refused[i].level,
			refused[i].index, refused[i].want, hashes, &f->err),
		    refused[i].code);
}

/* Neither entry nor hash nor opening of a refused append is there. */
static void
all_or_nothing(void **state)
{
	static const char value[] = "DE02";
	struct fixture *f = *state;
	const struct store_opening o = { "iban", { 1 },
		{ (const uint8_t *)value, 4 } };
	struct store_node twice[] = { node_of(0, 1), node_of(0, 1) };
	struct store_append a = { { (const uint8_t *)"x", 1 }, twice, 2, &o,
		1 };
	uint8_t hashes[2][CSEAL_HASH_BYTES], salt[CSEAL_SALT_BYTES];
	struct cseal_buf got;

	cseal_buf_init(&got, 0);
	assert_int_equal(append(f, 0), CSEAL_OK);
	assert_int_equal(append_with(f, f->store, 0, &o, 1), CSEAL_ERR_AGAIN);
	assert_string_not_equal(f->err.what, "");
	assert_int_equal(append_with(f, f->store, 2, &o, 1), CSEAL_ERR_AGAIN);
	assert_int_equal(
	    append_with(f, f->store, UINT64_MAX, &o, 1), CSEAL_ERR_TOO_LARGE);
	assert_int_not_equal(
	    f->engine->append(f->store, 1, &a, &f->err), CSEAL_OK);
	assert_size(f, 1);
	assert_int_equal(f->engine->tile(f->store, 0, 0, 2, hashes, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(f->engine->opening_get(
				     f->store, i, "iban", salt, &got, &f->err),
		    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(append_with(f, f->store, 1, &o, 1), CSEAL_OK);
	assert_reads(f, f->store, 0, 9, 2);
}

static void
entries_have_a_size(void **state)
{
	struct fixture *f = *state;
	uint8_t *body = calloc(1, CSEAL_ENTRY_MAX + 1);
	struct store_node n = node_of(0, 0);
	struct store_append a = { .nodes = &n, .n_nodes = 1 };

	assert_non_null(body);
	a.entry = (struct cseal_slice){ body, CSEAL_ENTRY_MAX + 1 };
	assert_int_equal(
	    f->engine->append(f->store, 0, &a, &f->err), CSEAL_ERR_TOO_LARGE);
	a.entry.len = 0;
	assert_int_not_equal(
	    f->engine->append(f->store, 0, &a, &f->err), CSEAL_OK);
	assert_size(f, 0);
	a.entry.len = CSEAL_ENTRY_MAX;
	assert_int_equal(f->engine->append(f->store, 0, &a, &f->err), CSEAL_OK);
	n = node_of(0, 1);
	a.entry.len = 1;
	assert_int_equal(f->engine->append(f->store, 1, &a, &f->err), CSEAL_OK);
	free(body);
}

static void
assert_opening(struct fixture *f, uint64_t entry,
    const struct store_opening *want, int code)
{
	uint8_t salt[CSEAL_SALT_BYTES];
	struct cseal_buf value;

	cseal_buf_init(&value, 0);
	assert_int_equal(f->engine->opening_get(f->store, entry, want->name,
			     salt, &value, &f->err),
	    code);
	assert_int_equal(value.len, code == CSEAL_OK ? want->value.len : 0);
	if (code == CSEAL_OK) {
		assert_memory_equal(salt, want->salt, sizeof(salt));
		assert_memory_equal(
		    cseal_buf_str(&value), want->value.data, value.len);
	}
	cseal_buf_free(&value);
}

static void
openings(void **state)
{
	static const uint8_t big[65536];
	struct fixture *f = *state;
	const struct store_opening o[] = {
		{ "iban", { 1, 2, 3 }, { (const uint8_t *)"DE02120300", 10 } },
		{ "name", { 4 }, { (const uint8_t *)"", 0 } },
		{ "", { 5 }, { NULL, 0 } },
		{ "text", { 6 }, { big, 65535 } },
		{ "forty-five", { 7 }, { big, 45 } },
		{ "forty-six", { 8 }, { big, 46 } },
	};
	const struct store_opening large = { "big", { 7 }, { big, 65536 } };
	const struct store_opening none = { "bic", { 0 }, { NULL, 0 } };

	assert_int_equal(append(f, 0), CSEAL_OK);
	assert_int_equal(append_with(f, f->store, 1, o, COUNT(o)), CSEAL_OK);
	assert_int_equal(
	    append_with(f, f->store, 2, &large, 1), CSEAL_ERR_TOO_LARGE);
	assert_size(f, 2);
	for (size_t i = 0; i < COUNT(o); i++)
		assert_opening(f, 1, &o[i], CSEAL_OK);
	assert_opening(f, 1, &none, CSEAL_ERR_NOT_FOUND);
	assert_opening(f, 0, &o[0], CSEAL_ERR_NOT_FOUND);
	assert_opening(f, 2, &o[0], CSEAL_ERR_NOT_FOUND);
	assert_opening(f, UINT64_MAX, &o[0], CSEAL_ERR_NOT_FOUND);
}

static void
erasing(void **state)
{
	struct fixture *f = *state;
	const struct store_opening o[] = {
		{ "iban", { 1, 2, 3 }, { (const uint8_t *)"DE02120300", 10 } },
		{ "bic", { 4 }, { (const uint8_t *)"BYLADEM1001", 11 } },
	};

	assert_int_equal(append_with(f, f->store, 0, o, 2), CSEAL_OK);
	assert_int_equal(append_with(f, f->store, 1, o, 2), CSEAL_OK);
	assert_int_equal(
	    f->engine->opening_erase(f->store, 0, "holder", &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->engine->opening_erase(f->store, 2, "iban", &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    f->engine->opening_erase(f->store, UINT64_MAX, "iban", &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    f->engine->opening_erase(f->store, 0, "iban", &f->err), CSEAL_OK);
	assert_opening(f, 0, &o[0], CSEAL_ERR_NOT_FOUND);
	assert_non_null(strstr(f->err.what, "erased"));
	assert_opening(f, 0, &o[1], CSEAL_OK);
	assert_opening(f, 1, &o[0], CSEAL_OK);
	assert_int_equal(
	    f->engine->opening_erase(f->store, 0, "iban", &f->err), CSEAL_OK);
	assert_reads(f, f->store, 0, 9, 2);
}

/* Asks the store everything while it is being read. */
static int
ask_again(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct reading *w = ctx;
	struct fixture *f = w->f;

	assert_reads(f, f->store, 0, 5, 5);
	assert_size(f, 20);
	assert_tile(f, 0, 0, 20);
	return expect_entry(w, index, entry);
}

static int
stop_at_once(void *ctx, uint64_t index, struct cseal_slice entry)
{
	(void)ctx;
	(void)index;
	(void)entry;
	return CSEAL_ERR_REFUSED;
}

static void
reading_functions(void **state)
{
	struct fixture *f = *state;
	struct reading w = { .f = f, .stop = 7 };

	for (uint64_t i = 0; i < 20; i++)
		assert_int_equal(append(f, i), CSEAL_OK);
	assert_int_equal(
	    f->engine->read(f->store, 0, 20, expect_entry, &w, &f->err),
	    CSEAL_ERR_CANCELLED);
	assert_int_equal(w.next, 7);
	assert_int_equal(
	    f->engine->read(f->store, 0, 1, stop_at_once, NULL, &f->err),
	    CSEAL_ERR_REFUSED);
	w = (struct reading){ .f = f };
	assert_int_equal(
	    f->engine->read(f->store, 0, 20, ask_again, &w, &f->err), CSEAL_OK);
	assert_int_equal(w.next, 20);
	assert_int_equal(append(f, 20), CSEAL_OK);
}

static void
reader_beside_writer(void **state)
{
	struct fixture *f = *state;
	struct store *reader = NULL, *writer = NULL;

	assert_int_equal(append(f, 0), CSEAL_OK);
	assert_int_equal(
	    f->engine->open(&reader, f->where, STORE_READ, &f->err), CSEAL_OK);
	assert_int_equal(
	    f->engine->open(&writer, f->where, STORE_WRITE, &f->err), CSEAL_OK);
	assert_reads(f, reader, 0, 9, 1);
	assert_int_equal(append(f, 1), CSEAL_OK);
	assert_reads(f, reader, 0, 9, 2);
	assert_int_equal(append_with(f, writer, 1, NULL, 0), CSEAL_ERR_AGAIN);
	assert_int_equal(append_with(f, writer, 2, NULL, 0), CSEAL_OK);
	assert_reads(f, reader, 0, 9, 3);
	assert_int_equal(
	    append_with(f, reader, 3, NULL, 0), CSEAL_ERR_PERMISSION);
	assert_int_equal(f->engine->opening_erase(reader, 0, "iban", &f->err),
	    CSEAL_ERR_PERMISSION);
	assert_size(f, 3);
	f->engine->close(reader);
	f->engine->close(writer);
	f->engine->close(NULL);
}

static void
watching(void **state)
{
	struct fixture *f = *state;
	struct store *other = NULL;
	int status;
	pid_t pid;

	assert_int_equal(
	    f->engine->watch(f->store, 0, 0, &f->err), CSEAL_ERR_TIMEOUT);
	assert_int_equal(
	    f->engine->watch(f->store, 0, 150, &f->err), CSEAL_ERR_TIMEOUT);
	assert_int_equal(
	    f->engine->watch(f->store, 5, -1, &f->err), CSEAL_ERR_TIMEOUT);
	/* SQLite must not be open where a process is forked. */
	f->engine->close(f->store);
	f->store = NULL;
	assert_true((pid = fork()) >= 0);
	if (pid == 0) {
		int r = f->engine->open(&other, f->where, STORE_WRITE, NULL);

		if (r == CSEAL_OK)
			r = append_with(f, other, 0, NULL, 0);
		f->engine->close(other);
		_exit(r == CSEAL_OK ? 0 : 1);
	}
	assert_int_equal(
	    f->engine->open(&f->store, f->where, STORE_READ, &f->err),
	    CSEAL_OK);
	assert_int_equal(
	    f->engine->watch(f->store, 0, 60000, &f->err), CSEAL_OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(f->engine->watch(f->store, 0, 0, &f->err), CSEAL_OK);
}

static const struct {
	const char *name;
	CMUnitTestFunction function;
} tests[] = {
	{ "new is empty", new_is_empty },
	{ "never created twice", never_created_twice },
	{ "missing is told", missing_is_told },
	{ "reads what was appended", reads_what_was_appended },
	{ "tiles", tiles },
	{ "all or nothing", all_or_nothing },
	{ "entries have a size", entries_have_a_size },
	{ "openings", openings },
	{ "erasing", erasing },
	{ "reading functions", reading_functions },
	{ "reader beside writer", reader_beside_writer },
	{ "watching", watching },
};

int
main(void)
{
	static char names[COUNT(places)][COUNT(tests)][64];
	struct CMUnitTest all[COUNT(places) * COUNT(tests)];
	size_t n = 0;

	memset(all, 0, sizeof(all));
	for (size_t p = 0; p < COUNT(places); p++) {
		for (size_t t = 0; t < COUNT(tests); t++, n++) {
			(void)snprintf(names[p][t], sizeof(names[p][t]),
			    "%s: %s", places[p].engine->name, tests[t].name);
			all[n].name = names[p][t];
			all[n].test_func = tests[t].function;
			all[n].setup_func = setup;
			all[n].teardown_func = teardown;
			all[n].initial_state = (void *)(uintptr_t)&places[p];
		}
	}
	return cmocka_run_group_tests(all, NULL, NULL);
}
