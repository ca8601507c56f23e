/* SPDX-License-Identifier: BSD-2-Clause */
/* CTAP2 canonical CBOR form, and text on its way to a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "printable.h"
#include "scan.h"

struct sample {
	const char *name;
	const char *bytes;
	size_t n;
};

#define S(name, bytes)                         \
	{                                      \
		name, bytes, sizeof(bytes) - 1 \
	}

static const struct sample good[] = {
	S("zero", "\x00"),
	S("23", "\x17"),
	S("24", "\x18\x18"),
	S("255", "\x18\xff"),
	S("256", "\x19\x01\x00"),
	S("65536", "\x1a\x00\x01\x00\x00"),
	S("2^32", "\x1b\x00\x00\x00\x01\x00\x00\x00\x00"),
	S("-1", "\x20"),
	S("empty bytes", "\x40"),
	S("text", "\x63"
		  "abc"),
	S("two-byte text", "\x62\xc3\xa9"),
	S("four-byte text", "\x64\xf0\x9f\x92\xa9"),
	S("false", "\xf4"),
	S("true", "\xf5"),
	S("null", "\xf6"),
	S("undefined", "\xf7"),
	S("half float", "\xf9\x3c\x00"),
	S("float", "\xfa\x00\x00\x00\x00"),
	S("double", "\xfb\x00\x00\x00\x00\x00\x00\x00\x00"),
	S("empty map", "\xa0"),
	S("four levels", "\x81\x81\xa1\x01\x81\x00"),
	S("keys by type, then length, then bytes",
	    "\xa6\x01\x00\x0a\x00\x18\x18\x00\x20\x00\x61z\x00\x62"
	    "aa\x00"),
};

static const struct sample bad[] = {
	S("nothing", ""),
	S("trailing byte", "\x00\x00"),
	S("0 in two bytes", "\x18\x00"),
	S("23 in two bytes", "\x18\x17"),
	S("255 in three bytes", "\x19\x00\xff"),
	S("65535 in five bytes", "\x1a\x00\x00\xff\xff"),
	S("2^32 - 1 in nine bytes", "\x1b\x00\x00\x00\x00\xff\xff\xff\xff"),
	S("-1 in two bytes", "\x38\x00"),
	S("length of bytes too wide", "\x58\x01x"),
	S("length of text too wide", "\x78\x01x"),
	S("length of an array too wide", "\x98\x01\x00"),
	S("length of a map too wide", "\xb8\x01\x00\x00"),
	S("cut head", "\x19\x01"),
	S("cut bytes", "\x43xy"),
	S("cut array", "\x82\x00"),
	S("cut map", "\xa1\x00"),
	S("bytes of 2^64 - 1", "\x5b\xff\xff\xff\xff\xff\xff\xff\xff"),
	S("array of 2^28", "\x9a\x10\x00\x00\x00"),
	S("array of 2^64 - 1", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
	S("map of 2^28", "\xba\x10\x00\x00\x00\x00\x00"),
	S("map of 2^63", "\xbb\x80\x00\x00\x00\x00\x00\x00\x00"),
	S("indefinite bytes", "\x5f\x41x\xff"),
	S("indefinite text", "\x7f\x61x\xff"),
	S("indefinite array", "\x9f\x00\xff"),
	S("indefinite map", "\xbf\x00\x00\xff"),
	S("break alone", "\xff"),
	S("reserved information", "\x1c"),
	S("tag", "\xc0\x00"),
	S("tag inside", "\x81\xd8\x18\x00"),
	S("simple value 0", "\xe0"),
	S("simple value 16", "\xf0"),
	S("simple value in two bytes", "\xf8\xff"),
	S("false in two bytes", "\xf8\x14"),
	S("cut float", "\xfa\x00\x00\x00"),
	S("keys unsorted", "\xa2\x02\x00\x01\x00"),
	S("keys equal", "\xa2\x01\x00\x01\x00"),
	S("keys by length wrong", "\xa2\x62"
				  "aa\x00\x61z\x00"),
	S("keys by type wrong", "\xa2\x61z\x00\x01\x00"),
	S("keys by bytes wrong", "\xa2\x61z\x00\x61y\x00"),
	S("negative before positive", "\xa2\x20\x00\x01\x00"),
	S("array as key", "\xa1\x80\x00"),
	S("map as key", "\xa1\xa0\x00"),
	S("five levels", "\x81\x81\x81\x81\x81\x00"),
	S("five levels, all empty", "\x81\x81\x81\x81\x80"),
	S("lone continuation byte", "\x61\x80"),
	S("cut character", "\x61\xc3"),
	S("overlong slash", "\x62\xc0\xaf"),
	S("overlong in three", "\x63\xe0\x80\xaf"),
	S("surrogate", "\x63\xed\xa0\x80"),
	S("beyond U+10FFFF", "\x64\xf4\x90\x80\x80"),
	S("0xff in text", "\x61\xff"),
};

/* From the heap, exactly as long, so that a sanitizer sees an overrun. */
static bool
scan(const char *bytes, size_t n)
{
	uint8_t *copy = test_malloc(n);
	bool r;

	if (n > 0)
		memcpy(copy, bytes, n);
	r = scan_is_canonical(copy, n);
	test_free(copy);
	return r;
}

static void
canonical_form_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!scan(good[i].bytes, good[i].n))
			fail_msg("refused: %s", good[i].name);
	}
}

static void
other_forms_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (scan(bad[i].bytes, bad[i].n))
			fail_msg("accepted: %s", bad[i].name);
	}
}

static void
every_cut_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (size_t n = 0; n < good[i].n; n++) {
			if (scan(good[i].bytes, n))
				fail_msg("accepted %zu bytes of: %s", n,
				    good[i].name);
		}
	}
}

/* A head of nested arrays as long as a message can be. */
static void
depth_costs_nothing(void **state)
{
	uint8_t deep[7609];

	(void)state;
	memset(deep, 0x81, sizeof(deep));
	assert_false(scan_is_canonical(deep, sizeof(deep)));
}

/* Of the member, where it begins and how long it is. */
static void
members_are_found(void **state)
{
	static const uint8_t map[] = "\xa5\x01\x18\x64\x02\xa2\x01\x06\x02"
				     "\x81\x61x\x03\x40\x17\xf5\x18\x18\x02";
	const size_t n = sizeof(map) - 1;
	size_t len = 0;

	(void)state;
	assert_true(scan_is_canonical(map, n));
	assert_ptr_equal(scan_member(map, n, 0x01, &len), map + 2);
	assert_int_equal(len, 2);
	assert_ptr_equal(scan_member(map, n, 0x02, &len), map + 5);
	assert_int_equal(len, 7);
	assert_ptr_equal(scan_member(map, n, 0x03, &len), map + 13);
	assert_int_equal(len, 1);
	assert_ptr_equal(scan_member(map, n, 0x17, &len), map + 15);
	assert_null(scan_member(map, n, 0x04, &len));
	assert_null(scan_member(map, n, 0x06, &len));
	assert_null(scan_member((const uint8_t *)"\xa0", 1, 0x01, &len));
	assert_null(scan_member((const uint8_t *)"\x81\x01", 2, 0x01, &len));
	assert_null(scan_member(NULL, 0, 0x01, &len));
}

static void
shown(const char *want, const char *in, size_t n, size_t cap)
{
	char out[64];

	memset(out, '?', sizeof(out));
	printable_show(out, cap, in, n);
	assert_string_equal(out, want);
}

static void
only_printable_ascii_reaches_a_terminal(void **state)
{
	(void)state;
	shown("example.org", "example.org", 11, 64);
	shown("a b~", "a b~", 4, 64);
	shown("\\u{001B}[2J", "\x1b[2J", 4, 64);
	shown("\\u{0000}\\u{007F}", "\0\x7f", 2, 64);
	shown("\\u{00E9}", "\xc3\xa9", 2, 64);
	shown("\\u{202E}x", "\xe2\x80\xaex", 4, 64);
	shown("\\u{1F4A9}", "\xf0\x9f\x92\xa9", 4, 64);
	shown("\\u{FFFD}\\u{FFFD}", "\xc3\xff", 2, 64);
	shown("\\u{0085}", "\xc2\x85", 2, 64);
	shown("", "", 0, 64);
}

static void
shown_text_is_cut_between_characters(void **state)
{
	(void)state;
	shown("ab", "abc", 3, 3);
	shown("abc", "abc", 3, 4);
	shown("a", "a\xc3\xa9", 3, 9);
	shown("a\\u{00E9}", "a\xc3\xa9", 3, 10);
	shown("", "abc", 3, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_form_passes),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(depth_costs_nothing),
		cmocka_unit_test(members_are_found),
		cmocka_unit_test(only_printable_ascii_reaches_a_terminal),
		cmocka_unit_test(shown_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
