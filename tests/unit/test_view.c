/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of changes as people say and type them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"
#include "maker_break.h"

#define CHANGES 40

struct fixture {
	struct maker *m;
	uint64_t changes[CHANGES];
};

/* Many changes, so that some names begin alike. */
static int
setup(void **state)
{
	static struct fixture f;

	f.m = maker_founded(1);
	for (size_t i = 0; i < CHANGES; i++)
		f.changes[i] = maker_asked(f.m);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	maker_free(((struct fixture *)*state)->m);
	return 0;
}

static uint64_t
resolve(const struct fixture *f, const char *word)
{
	const struct cseal_state_change *c = NULL;
	struct cseal_error err;
	int r = cseal_change_resolve(f->m->state, word, &c, &err);

	if (r != CSEAL_OK)
		fail_msg("%s: %s", word, err.what);
	return c->index;
}

static void
refused(const struct fixture *f, const char *word, int code)
{
	const struct cseal_state_change *c;
	struct cseal_error err;

	assert_int_equal(
	    cseal_change_resolve(f->m->state, word, &c, &err), code);
	assert_null(c);
	assert_string_equal(err.where, "change");
}

static void
test_name(void **state)
{
	const struct fixture *f = *state;
	const struct cseal_state_change *c = maker_change(f->m, f->changes[3]);
	char name[CSEAL_CHANGE_NAME_BYTES], leaf[5], want[32];

	cseal_base32(c->leaf, 4, leaf);
	snprintf(
	    want, sizeof(want), "%llu-%s", (unsigned long long)c->index, leaf);
	cseal_change_name(c, name);
	assert_string_equal(name, want);
}

static void
test_every_way(void **state)
{
	const struct fixture *f = *state;
	char name[CSEAL_CHANGE_NAME_BYTES], leaf[52], word[64];

	for (size_t i = 0; i < CHANGES; i++) {
		const struct cseal_state_change *c =
		    maker_change(f->m, f->changes[i]);

		cseal_change_name(c, name);
		assert_int_equal(resolve(f, name), c->index);
		snprintf(word, sizeof(word), "#%s", name);
		assert_int_equal(resolve(f, word), c->index);
		snprintf(
		    word, sizeof(word), "%llu", (unsigned long long)c->index);
		assert_int_equal(resolve(f, word), c->index);
		cseal_base32(c->leaf, 51, leaf);
		assert_int_equal(resolve(f, leaf), c->index);
		leaf[12] = '\0';
		assert_int_equal(resolve(f, leaf), c->index);
	}
}

/* The shortest beginning that fits one change alone. */
static void
test_prefixes(void **state)
{
	const struct fixture *f = *state;
	const struct cseal_state_change *c;
	struct cseal_error err;
	char leaf[52], other[52], word[52];
	size_t ambiguous = 0;

	for (size_t i = 0; i < CHANGES; i++) {
		cseal_base32(maker_change(f->m, f->changes[i])->leaf, 51, leaf);
		for (size_t n = 1; n < 6; n++) {
			size_t fits = 0;

			memcpy(word, leaf, n);
			word[n] = '\0';
			if (strspn(word, "0123456789") == n)
				continue; /* may be an index */
			for (size_t k = 0; k < CHANGES; k++) {
				cseal_base32(
				    maker_change(f->m, f->changes[k])->leaf, 51,
				    other);
				fits += strncmp(other, word, n) == 0;
			}
			assert_int_equal(
			    cseal_change_resolve(f->m->state, word, &c, &err),
			    fits == 1 ? CSEAL_OK : CSEAL_ERR_AMBIGUOUS);
			ambiguous += fits > 1;
		}
	}
	assert_true(ambiguous > 0);
}

static void
test_refused(void **state)
{
	const struct fixture *f = *state;
	char leaf[5], word[32];

	refused(f, "", CSEAL_ERR_INPUT);
	refused(f, "#", CSEAL_ERR_INPUT);
	refused(f, "ABCD", CSEAL_ERR_INPUT);
	refused(f, "7hq3 ", CSEAL_ERR_INPUT);
	refused(f, "\x1b[2J", CSEAL_ERR_INPUT);
	refused(f, "../../x", CSEAL_ERR_INPUT);
	refused(f, "0123456789012345678901234567890123456789012345678901",
	    CSEAL_ERR_INPUT);
	refused(f, "0", CSEAL_ERR_NOT_FOUND); /* genesis */
	refused(f, "999", CSEAL_ERR_NOT_FOUND);
	refused(f, "18446744073709551621", CSEAL_ERR_NOT_FOUND);
	refused(f, "-", CSEAL_ERR_NOT_FOUND);
	/* The index of one with the name of another. */
	cseal_base32(maker_change(f->m, f->changes[0])->leaf, 4, leaf);
	snprintf(word, sizeof(word), "%llu-%s",
	    (unsigned long long)f->changes[1], leaf);
	refused(f, word, CSEAL_ERR_NOT_FOUND);
}

/* The number of an entry that is no change is not the name of one that is. */
static void
test_number_is_no_name(void **state)
{
	const struct fixture *f = *state;
	size_t tried = 0;

	for (size_t i = 0; i < CHANGES; i++) {
		const struct cseal_state_change *c =
		    maker_change(f->m, f->changes[i]);
		char leaf[4];
		unsigned long n;

		cseal_base32(c->leaf, 3, leaf);
		for (size_t digits = strspn(leaf, "0123456789"); digits > 0;
		     digits--) {
			leaf[digits] = '\0';
			n = strtoul(leaf, NULL, 10);
			if (cseal_state_change_find(f->m->state, n) != NULL)
				assert_int_equal(resolve(f, leaf), n);
			else
				refused(f, leaf, CSEAL_ERR_NOT_FOUND);
			tried++;
		}
	}
	assert_true(tried > 0);
}

/* Letters that no name has: i, l, o, u. */
static void
test_letters(void **state)
{
	const struct fixture *f = *state;

	refused(f, "i", CSEAL_ERR_NOT_FOUND);
	refused(f, "l", CSEAL_ERR_NOT_FOUND);
	refused(f, "o", CSEAL_ERR_NOT_FOUND);
	refused(f, "u", CSEAL_ERR_NOT_FOUND);
}

static void
test_status_names(void **state)
{
	static const char *const names[] = { "asked", "approved", "in force",
		"replaced", "rejected", "withdrawn", "superseded", "failed",
		"expired" };

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(
		    cseal_change_status_name((enum cseal_change_status)i),
		    names[i]);
}

static void
test_view_of_each_status(void **state)
{
	struct cseal_state_change c = { .not_after = 1000 };

	(void)state;
	for (unsigned i = 0; i < CSEAL_CHANGE_EXPIRED; i++) {
		c.status = (enum cseal_change_status)i;
		assert_int_equal(cseal_change_view(&c, 0), c.status);
		assert_int_equal(cseal_change_view(&c, 1000), c.status);
		assert_int_equal(cseal_change_view(&c, 1001),
		    c.status == CSEAL_CHANGE_ASKED ? CSEAL_CHANGE_EXPIRED
						   : c.status);
	}
}

/* Behind the last there is nothing. */
static void
test_ends_of_lists(void **state)
{
	const struct fixture *f = *state;
	const struct cseal_state *s = f->m->state;

	assert_null(cseal_state_person(s, MAKER_PERSONS));
	assert_null(cseal_state_key(s, MAKER_PERSONS));
	assert_null(cseal_state_key(s, UINT64_MAX));
	assert_non_null(cseal_state_change(s, CHANGES - 1));
	assert_null(cseal_state_change(s, CHANGES));
	assert_null(cseal_state_slot(s, 0));
	assert_null(cseal_state_freeze(s, 0));
	assert_null(cseal_state_person_find(s, "nobody"));
	assert_null(cseal_state_change_find(s, 0));
	assert_null(cseal_state_slot_find(s, MAKER_STORE, "payout"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_every_way),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_number_is_no_name),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_status_names),
		cmocka_unit_test(test_view_of_each_status),
		cmocka_unit_test(test_ends_of_lists),
	};

	return cmocka_run_group_tests_name("view", tests, setup, teardown);
}
