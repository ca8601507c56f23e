/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of resident credentials: order, replacement, room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "resident.h"

static struct resident
make(const char *rp, uint8_t user, uint8_t id)
{
	struct resident c;

	memset(&c, 0, sizeof(c));
	c.rp.len = strlen(rp);
	memcpy(c.rp.id, rp, c.rp.len);
	c.user.id_len = 1;
	c.user.id[0] = user;
	c.id.len = 2;
	c.id.data[1] = id;
	return c;
}

static int
put(struct resident_list *l, const char *rp, uint8_t user, uint8_t id)
{
	const struct resident c = make(rp, user, id);

	return resident_put(l, &c);
}

static size_t
find(const struct resident_list *l, uint8_t id)
{
	const uint8_t whole[2] = { 0, id };

	return resident_find(l, whole, sizeof(whole));
}

static void
newest_is_last(void **state)
{
	struct resident_list l = { 0 };

	(void)state;
	assert_int_equal(put(&l, "a", 1, 1), 0);
	assert_int_equal(put(&l, "b", 1, 2), 0);
	assert_int_equal(put(&l, "a", 2, 3), 0);
	assert_int_equal(l.n, 3);
	for (uint8_t i = 0; i < 3; i++)
		assert_int_equal(find(&l, (uint8_t)(i + 1)), i);
	assert_int_equal(find(&l, 4), l.n);
	assert_int_equal(resident_find(&l, (const uint8_t *)"\0\1\0", 3), l.n);
	assert_int_equal(resident_find(&l, (const uint8_t *)"", 0), l.n);
}

static void
same_account_is_replaced(void **state)
{
	struct resident_list l = { 0 };

	(void)state;
	put(&l, "a", 1, 1);
	put(&l, "a", 2, 2);
	put(&l, "b", 1, 3);
	assert_int_equal(put(&l, "a", 1, 4), 0);
	assert_int_equal(l.n, 3);
	assert_int_equal(find(&l, 1), l.n);
	assert_int_equal(find(&l, 2), 0);
	assert_int_equal(find(&l, 3), 1);
	assert_int_equal(find(&l, 4), 2);
}

static void
rp_ids_are_compared_whole(void **state)
{
	const struct resident a = make("a", 1, 1), ab = make("ab", 1, 1);

	(void)state;
	assert_true(resident_is_of(&a, &a.rp));
	assert_false(resident_is_of(&a, &ab.rp));
	assert_false(resident_is_of(&ab, &a.rp));
}

static void
removal_leaves_nothing(void **state)
{
	static const struct resident none;
	struct resident_list l = { 0 };

	(void)state;
	put(&l, "a", 1, 1);
	put(&l, "a", 2, 2);
	put(&l, "a", 3, 3);
	resident_remove(&l, 1);
	assert_int_equal(l.n, 2);
	assert_int_equal(find(&l, 1), 0);
	assert_int_equal(find(&l, 3), 1);
	assert_memory_equal(&l.at[2], &none, sizeof(none));
	resident_remove(&l, 1);
	resident_remove(&l, 0);
	assert_int_equal(l.n, 0);
	assert_memory_equal(&l.at[0], &none, sizeof(none));
}

static void
full_is_told(void **state)
{
	struct resident_list l = { 0 };

	(void)state;
	for (uint8_t i = 0; i < RESIDENT_MAX; i++)
		assert_int_equal(put(&l, "a", i, i), 0);
	assert_int_equal(put(&l, "a", RESIDENT_MAX, RESIDENT_MAX), -1);
	assert_int_equal(put(&l, "b", 0, RESIDENT_MAX), -1);
	assert_int_equal(l.n, RESIDENT_MAX);
	/* In another's place there is room. */
	assert_int_equal(put(&l, "a", 5, 200), 0);
	assert_int_equal(l.n, RESIDENT_MAX);
	assert_int_equal(find(&l, 200), RESIDENT_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_is_last),
		cmocka_unit_test(same_account_is_replaced),
		cmocka_unit_test(rp_ids_are_compared_whole),
		cmocka_unit_test(removal_leaves_nothing),
		cmocka_unit_test(full_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
