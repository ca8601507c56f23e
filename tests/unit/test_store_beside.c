/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands beside a ledger, and openings that come later than entries. */

#include <fcntl.h>

#include "slice.h"
#include "sqlite_fixture.h"

static int
put(struct fixture *f, const char *kind, const char *name, const char *value)
{
	struct store_beside t = { .kind = kind, .name = name };

	if (value != NULL)
		t.value = slice_of(value);
	return store_sqlite.beside_put(f->store, &t, 1, &f->err);
}

static void
assert_beside(
    struct fixture *f, const char *kind, const char *name, const char *want)
{
	struct cseal_buf got;
	int r;

	cseal_buf_init(&got, 0);
	r = store_sqlite.beside_get(f->store, kind, name, &got, &f->err);
	assert_int_equal(r, want != NULL ? CSEAL_OK : CSEAL_ERR_NOT_FOUND);
	if (want != NULL)
		assert_string_equal(cseal_buf_str(&got), want);
	cseal_buf_free(&got);
}

static int
add_name(void *ctx, const char *name, struct cseal_slice value)
{
	struct cseal_buf *b = ctx;

	(void)cseal_buf_printf(
	    b, "%s=%.*s;", name, (int)value.len, (const char *)value.data);
	return CSEAL_OK;
}

static int
stop(void *ctx, const char *name, struct cseal_slice value)
{
	(void)name;
	(void)value;
	++*(int *)ctx;
	return CSEAL_ERR_CANCELLED;
}

static void
things(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf all;
	int calls = 0;

	make_ledger(f, 1);
	assert_beside(f, "a", "1", NULL);
	assert_int_equal(put(f, "a", "2", "two"), CSEAL_OK);
	assert_int_equal(put(f, "a", "1", "one"), CSEAL_OK);
	assert_int_equal(put(f, "b", "1", "other kind"), CSEAL_OK);
	assert_int_equal(put(f, "a", "2", "deux"), CSEAL_OK);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_beside(f, "a", "1", "one");
	assert_beside(f, "a", "2", "deux");
	assert_beside(f, "b", "2", NULL);
	cseal_buf_init(&all, 0);
	assert_int_equal(
	    store_sqlite.beside_each(f->store, "a", add_name, &all, &f->err),
	    CSEAL_OK);
	assert_string_equal(cseal_buf_str(&all), "1=one;2=deux;");
	cseal_buf_free(&all);
	assert_int_equal(
	    store_sqlite.beside_each(f->store, "a", stop, &calls, &f->err),
	    CSEAL_ERR_CANCELLED);
	assert_int_equal(calls, 1);
	assert_int_equal(put(f, "a", "1", NULL), CSEAL_OK);
	assert_int_equal(put(f, "a", "never there", NULL), CSEAL_OK);
	assert_beside(f, "a", "1", NULL);
	assert_beside(f, "a", "2", "deux");
	assert_int_equal(
	    store_sqlite.beside_clear(f->store, "a", &f->err), CSEAL_OK);
	assert_beside(f, "a", "2", NULL);
	assert_beside(f, "b", "1", "other kind");
}

/* One that cannot be written takes all others with it. */
static void
all_or_none(void **state)
{
	static const uint8_t large[STORE_BESIDE_MAX + 1];
	struct store_beside t[] = {
		{ "a", "1", slice_of("one") },
		{ "a", "2", { large, STORE_BESIDE_MAX + 1 } },
	};
	struct fixture *f = *state;

	make_ledger(f, 1);
	assert_int_equal(store_sqlite.beside_put(f->store, t, 2, &f->err),
	    CSEAL_ERR_TOO_LARGE);
	assert_beside(f, "a", "1", NULL);
	t[1].value.len = STORE_BESIDE_MAX;
	assert_int_equal(
	    store_sqlite.beside_put(f->store, t, 2, &f->err), CSEAL_OK);
	assert_beside(f, "a", "1", "one");
	assert_int_equal(put(f, "", "1", "x"), CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    put(f, "more than sixteen", "1", "x"), CSEAL_ERR_CORRUPT);
}

static void
reading_only(void **state)
{
	struct fixture *f = *state;

	make_ledger(f, 1);
	assert_int_equal(put(f, "a", "1", "one"), CSEAL_OK);
	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_beside(f, "a", "1", "one");
	assert_int_equal(put(f, "a", "1", "two"), CSEAL_ERR_PERMISSION);
	assert_beside(f, "a", "1", "one");
}

static int
add_late(struct fixture *f, uint64_t entry, const char *const *names, size_t n)
{
	struct store_opening o[4];

	for (size_t i = 0; i < n; i++)
		o[i] = (struct store_opening){ names[i], { 9 },
			slice_of(names[i]) };
	return store_sqlite.opening_add(f->store, entry, o, n, &f->err);
}

static void
assert_opening(
    struct fixture *f, uint64_t entry, const char *name, const char *want)
{
	uint8_t salt[CSEAL_SALT_BYTES];
	struct cseal_buf value;
	int r;

	cseal_buf_init(&value, 0);
	r = store_sqlite.opening_get(
	    f->store, entry, name, salt, &value, &f->err);
	assert_int_equal(r, want != NULL ? CSEAL_OK : CSEAL_ERR_NOT_FOUND);
	if (want != NULL)
		assert_string_equal(cseal_buf_str(&value), want);
	cseal_buf_free(&value);
}

static void
late_openings(void **state)
{
	static const char *const first[] = { "holder", "bic" };
	static const char *const again[] = { "note", "holder" };
	static const char *const erased[] = { "iban" };
	struct fixture *f = *state;

	make_ledger(f, 2); /* each with an opening "iban" */
	assert_int_equal(add_late(f, 1, first, 2), CSEAL_OK);
	assert_opening(f, 1, "holder", "holder");
	assert_opening(f, 1, "bic", "bic");
	assert_opening(f, 0, "bic", NULL);
	assert_int_equal(add_late(f, 1, again, 2), CSEAL_ERR_EXISTS);
	assert_opening(f, 1, "note", NULL);
	assert_int_equal(
	    store_sqlite.opening_erase(f->store, 1, "iban", &f->err), CSEAL_OK);
	assert_int_equal(add_late(f, 1, erased, 1), CSEAL_ERR_EXISTS);
	assert_opening(f, 1, "iban", NULL);
	/* of no entry */
	assert_int_equal(add_late(f, 2, first, 1), CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    add_late(f, (uint64_t)INT64_MAX, first, 1), CSEAL_ERR_USAGE);
}

/* A moved file keeps its place, a copied one does not. */
static void
places(void **state)
{
	struct fixture *f = *state;
	char copy[200], command[500];
	uint64_t here, moved, copied;
	struct statx st;

	make_ledger(f, 1);
	assert_int_equal(
	    store_sqlite.place(f->store, &here, &f->err), CSEAL_OK);
	shut(f);
	(void)snprintf(copy, sizeof(copy), "%s.copy", f->where);
	(void)snprintf(
	    command, sizeof(command), "cp '%s' '%s'", f->where, copy);
	assert_int_equal(system(command), 0);
	assert_int_equal(
	    store_sqlite.open(&f->store, copy, STORE_READ, &f->err), CSEAL_OK);
	assert_int_equal(
	    store_sqlite.place(f->store, &copied, &f->err), CSEAL_OK);
	assert_true(copied != here);
	shut(f);
	assert_int_equal(rename(f->where, copy), 0);
	assert_int_equal(
	    store_sqlite.open(&f->store, copy, STORE_READ, &f->err), CSEAL_OK);
	assert_int_equal(
	    store_sqlite.place(f->store, &moved, &f->err), CSEAL_OK);
	assert_true(moved == here);
	shut(f);
	/* In place of the one that was deleted, perhaps with its inode. */
	if (statx(AT_FDCWD, copy, 0, STATX_BTIME, &st) != 0 ||
	    (st.stx_mask & STATX_BTIME) == 0)
		return; /* this file system does not tell */
	(void)snprintf(command, sizeof(command),
	    "cd '%s' && cp ledger.copy x && rm ledger.copy && "
	    "cp x ledger.copy && rm x",
	    f->folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(
	    store_sqlite.open(&f->store, copy, STORE_READ, &f->err), CSEAL_OK);
	assert_int_equal(
	    store_sqlite.place(f->store, &copied, &f->err), CSEAL_OK);
	assert_true(copied != here);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(things, setup, teardown),
		cmocka_unit_test_setup_teardown(all_or_none, setup, teardown),
		cmocka_unit_test_setup_teardown(reading_only, setup, teardown),
		cmocka_unit_test_setup_teardown(late_openings, setup, teardown),
		cmocka_unit_test_setup_teardown(places, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
