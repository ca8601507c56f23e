/* SPDX-License-Identifier: BSD-2-Clause */
/* DER, one item at a time, and what is none. */

#include "der.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Heads of octet strings, and the length they tell; 0: none is told. */
static const struct {
	const char *head;
	size_t n;
	size_t len;
} heads[] = {
	{ "\x04\x01", 2, 1 },
	{ "\x04\x7f", 2, 127 },
	{ "\x04\x81\x80", 3, 128 },
	{ "\x04\x81\xff", 3, 255 },
	{ "\x04\x82\x01\x00", 4, 256 },
	{ "\x04\x82\xff\xff", 4, 65535 },
	{ "\x04\x83\x01\x00\x00", 5, 65536 },
	{ "\x05\x01", 2, 0 },	  /* another tag */
	{ "\x24\x01", 2, 0 },	  /* in pieces */
	{ "\x04\x80", 2, 0 },	  /* without end */
	{ "\x04\xff", 2, 0 },	  /* reserved */
	{ "\x04\x81\x7f", 3, 0 }, /* longer than need be */
	{ "\x04\x81\x00", 3, 0 },
	{ "\x04\x82\x00\x80", 4, 0 },
	{ "\x04\x82\x00\xff", 4, 0 },
	{ "\x04\x83\x00\xff\xff", 5, 0 },
	{ "\x04\x84\x00\x01\x00\x00", 6, 0 }, /* four bytes */
	{ "\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10, 0 },
};

/* In memory of its own size, so that a sanitizer sees the end. */
static bool
take(const char *head, size_t n, size_t content, size_t *len)
{
	uint8_t *p = calloc(1, n + content);
	struct cseal_slice s = { p, n + content };
	struct der d;
	bool ok;

	assert_non_null(p);
	memcpy(p, head, n);
	der_init(&d, s);
	s = der_take(&d, DER_OCTETS);
	ok = der_end(&d);
	*len = s.len;
	assert_true(!ok || s.data == p + n);
	free(p);
	return ok;
}

static void
test_heads(void **state)
{
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = heads[i].n, want = heads[i].len;

		assert_int_equal(
		    take(heads[i].head, n, want > 0 ? want : 300, &len),
		    want > 0);
		assert_int_equal(len, want);
		if (want == 0)
			continue;
		assert_false(take(heads[i].head, n, want - 1, &len));
		assert_int_equal(len, 0);
		assert_false(take(heads[i].head, n, want + 1, &len));
		for (size_t cut = 1; cut < n; cut++)
			assert_false(take(heads[i].head, cut, 0, &len));
	}
}

static void
test_nested(void **state)
{
	static const uint8_t bytes[] = { 0x30, 0x05, 0x02, 0x01, 0x07, 0x04,
		0x00, 0x05, 0x00 };
	static const uint8_t seven[] = { 0x02, 0x01, 0x07 };
	struct der d, in;

	(void)state;
	der_init(&d, (struct cseal_slice){ bytes, sizeof(bytes) });
	in = der_enter(&d, DER_SEQUENCE);
	der_expect(&in, seven, sizeof(seven));
	assert_false(der_end(&in));
	assert_int_equal(der_take(&in, DER_OCTETS).len, 0);
	assert_true(der_end(&in));
	assert_false(der_end(&d));
	der_expect(&d, bytes + 7, 2);
	assert_true(der_end(&d));
	der_expect(&d, seven, sizeof(seven));
	assert_false(der_end(&d));
}

/* The first error stays, also of what was entered after it. */
static void
test_sticky(void **state)
{
	static const uint8_t bytes[] = { 0x04, 0x01, 0x2a };
	struct der d, in;

	(void)state;
	der_init(&d, (struct cseal_slice){ bytes, sizeof(bytes) });
	(void)der_take(&d, DER_INTEGER);
	assert_true(d.bad);
	assert_null(der_take(&d, DER_OCTETS).data);
	in = der_enter(&d, DER_OCTETS);
	assert_true(in.bad);
	der_expect(&d, bytes, sizeof(bytes));
	assert_false(der_end(&d));
	der_init(&d, (struct cseal_slice){ NULL, 0 });
	assert_true(der_end(&d));
	(void)der_take(&d, DER_OCTETS);
	assert_false(der_end(&d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_sticky),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
