/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define BYTES(s) ((const uint8_t *)(s))

static void
hex_both_ways(void **state)
{
	uint8_t p[4] = { 0x00, 0x7f, 0xab, 0xff }, back[4];
	char out[9];

	(void)state;
	cseal_hex(p, 4, out);
	assert_string_equal(out, "007fabff");
	assert_int_equal(cseal_unhex("007FaBff", back, 4), CSEAL_OK);
	assert_memory_equal(p, back, 4);
	cseal_hex(p, 0, out);
	assert_string_equal(out, "");
	assert_int_equal(cseal_unhex("", back, 0), CSEAL_OK);
}

static void
unhex_refuses(void **state)
{
	static const char *const bad[] = { "", "0", "007fabf", "007fabff0",
		"007fabfg", "0x7fabff", " 07fabff", "007fabff ", "-07fabff" };
	uint8_t out[4];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(cseal_unhex(bad[i], out, 4), CSEAL_ERR_FORMAT);
}

/* RFC 4648 section 10. */
static void
base64_of_the_rfc(void **state)
{
	static const struct {
		const char *plain;
		const char *url;
		const char *padded;
	} v[] = {
		{ "", "", "" },
		{ "f", "Zg", "Zg==" },
		{ "fo", "Zm8", "Zm8=" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "foob", "Zm9vYg", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "-__-", "+//+" },
	};
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		size_t n = strlen(v[i].plain);

		cseal_buf_reset(&b);
		assert_int_equal(
		    cseal_base64url(&b, BYTES(v[i].plain), n), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&b), v[i].url);
		cseal_buf_reset(&b);
		assert_int_equal(
		    cseal_base64(&b, BYTES(v[i].plain), n, 0), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&b), v[i].padded);
	}
	cseal_buf_free(&b);
}

static void
base64_in_lines(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_base64(&b, BYTES("foobar"), 6, 3);
	assert_string_equal(cseal_buf_str(&b), "Zm9\nvYm\nFy\n");
	cseal_buf_reset(&b);
	cseal_base64(&b, BYTES("foobar"), 6, 4);
	assert_string_equal(cseal_buf_str(&b), "Zm9v\nYmFy\n");
	cseal_buf_reset(&b);
	cseal_base64(&b, BYTES(""), 0, 4);
	assert_string_equal(cseal_buf_str(&b), "");
	cseal_buf_free(&b);
	cseal_buf_init(&b, 3);
	assert_int_equal(
	    cseal_base64(&b, BYTES("foo"), 3, 0), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&b);
}

static void
fingerprint_is_read_aloud(void **state)
{
	uint8_t id[CSEAL_HASH_BYTES];
	char whole[52], out[CSEAL_FINGERPRINT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(id); i++)
		id[i] = (uint8_t)(i * 7 + 1);
	cseal_base32(id, 51, whole);
	cseal_fingerprint(id, out);
	assert_int_equal(strlen(out), 24);
	for (size_t i = 0; i < 24; i++) {
		if (i % 5 == 4)
			assert_int_equal(out[i], ' ');
		else
			assert_int_equal(out[i], whole[i - i / 5]);
	}
}

static void
base32_of_a_hash(void **state)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	char out[52];

	(void)state;
	/* 00000 00001 00010 00011 00100 00101 00110 00111 */
	memcpy(hash, "\x00\x44\x32\x14\xc7", 5);
	memset(hash + 5, 0xff, sizeof(hash) - 5);
	cseal_base32(hash, 8, out);
	assert_string_equal(out, "01234567");
	cseal_base32(hash, 1, out);
	assert_string_equal(out, "0");
	cseal_base32(hash, 51, out);
	assert_int_equal(strlen(out), 51);
	assert_string_equal(
	    out + 8, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
}

static const struct {
	const char *in;
	const char *out;
} filtered[] = {
	{ "Example Trading GmbH & Co.", "Example Trading GmbH & Co." },
	{ "M\xc3\xbcller", "M\xc3\xbcller" },
	{ "\xe6\xa0\xaa\xe5\xbc\x8f", "\xe6\xa0\xaa\xe5\xbc\x8f" },
	{ "\xef\xbd\xb6)\xef\xbe\x9f", "\xef\xbd\xb6)\xef\xbe\x9f" },
	{ "a\x1b[2Kb", "a\\u{001B}[2Kb" }, /* erase the line */
	{ "a\rb\nc\td\x7f", "a\\u{000D}b\\u{000A}c\\u{0009}d\\u{007F}" },
	{ "\xc2\x9b", "\\u{009B}" },	      /* C1 CSI */
	{ "\xe2\x80\xae", "\\u{202E}" },      /* RLO */
	{ "\xe2\x81\xa6", "\\u{2066}" },      /* LRI */
	{ "\xe2\x80\x8b", "\\u{200B}" },      /* ZWSP */
	{ "\xc2\xad", "\\u{00AD}" },	      /* soft hyphen */
	{ "\xc2\xa0", "\\u{00A0}" },	      /* NBSP */
	{ "\xe3\x80\x80", "\\u{3000}" },      /* ideographic space */
	{ "\xef\xbb\xbf", "\\u{FEFF}" },      /* BOM */
	{ "\xef\xb8\x8f", "\\u{FE0F}" },      /* variation selector */
	{ "\xe3\x85\xa4", "\\u{3164}" },      /* Hangul filler */
	{ "e\xcc\x81", "e\\u{0301}" },	      /* combining */
	{ "\xf3\xa0\x81\x81", "\\u{E0041}" }, /* tag */
	{ "\xee\x80\x80", "\\u{E000}" },      /* private */
	{ "\xd7\x90", "\\u{05D0}" },	      /* right to left */
	{ "\xe2\x80\xa8", "\\u{2028}" },      /* line separator */
	{ "\xef\xb7\x90", "\\u{FDD0}" },      /* no character */
	{ "\xf0\x9f\x98\x80", "\\u{1F600}" }, { "\xff", "\\x{FF}" },
	{ "\xc0\xaf", "\\x{C0}\\x{AF}" }, /* over-long */
	{ "\xe0\x80\xaf", "\\x{E0}\\x{80}\\x{AF}" },
	{ "\xed\xa0\x80", "\\x{ED}\\x{A0}\\x{80}" }, /* surrogate */
	{ "\xf4\x90\x80\x80", "\\x{F4}\\x{90}\\x{80}\\x{80}" },
	{ "x\xe6\xbc", "x\\x{E6}\\x{BC}" }, /* cut off */
};

static void
safe_filters(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(filtered) / sizeof(*filtered); i++) {
		cseal_buf_reset(&b);
		assert_int_equal(cseal_text_safe(&b, BYTES(filtered[i].in),
				     strlen(filtered[i].in), 0),
		    CSEAL_OK);
		assert_string_equal(cseal_buf_str(&b), filtered[i].out);
	}
	cseal_buf_reset(&b);
	cseal_text_safe(&b, BYTES("a\0b"), 3, 0);
	assert_string_equal(cseal_buf_str(&b), "a\\u{0000}b");
	cseal_buf_free(&b);
}

/* Whatever goes in, what comes out is printable, and has no ESC or C1. */
static void
safe_is_safe_for_every_character(void **state)
{
	struct cseal_buf b;
	uint8_t p[4];

	(void)state;
	cseal_buf_init(&b, 0);
	for (uint32_t c = 0x80; c <= 0x10ffff; c += c < 0x3000 ? 1 : 61) {
		size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

		for (size_t i = n - 1; i > 0; i--)
			p[i] = (uint8_t)(0x80 | (c >> 6 * (n - 1 - i) & 63));
		p[0] = (uint8_t)(0xf00 >> n | c >> 6 * (n - 1));
		cseal_buf_reset(&b);
		assert_int_equal(cseal_text_safe(&b, p, n, 0), CSEAL_OK);
		assert_true(cseal_text_is_utf8(b.data, b.len));
		if (b.len != n || memcmp(b.data, p, n) != 0)
			assert_int_equal(b.data[0], '\\');
		else
			assert_true(c >= 0xa1);
	}
	cseal_buf_free(&b);
}

static void
safe_cuts_by_columns(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_text_safe(&b, BYTES("abcdef"), 6, 6);
	assert_string_equal(cseal_buf_str(&b), "abcdef");
	cseal_buf_reset(&b);
	cseal_text_safe(&b, BYTES("abcdef"), 6, 5);
	assert_string_equal(cseal_buf_str(&b), "abcde...");
	cseal_buf_reset(&b);
	cseal_text_safe(&b, BYTES("\xe6\xbc\xa2\xe5\xad\x97"), 6, 3);
	assert_string_equal(cseal_buf_str(&b), "\xe6\xbc\xa2...");
	cseal_buf_reset(&b);
	cseal_text_safe(&b, BYTES("a\x1b"), 2, 8);
	assert_string_equal(cseal_buf_str(&b), "a...");
	cseal_buf_free(&b);
}

static void
columns_are_counted(void **state)
{
	(void)state;
	assert_int_equal(cseal_text_columns(""), 0);
	assert_int_equal(cseal_text_columns("abc"), 3);
	assert_int_equal(cseal_text_columns("M\xc3\xbcller"), 6);
	assert_int_equal(cseal_text_columns("\xe6\xbc\xa2\xe5\xad\x97"), 4);
	assert_int_equal(cseal_text_columns("\xef\xbd\xb6"), 1);
}

/* "a", a wide one, a narrow one of three bytes, a wide one of four, a wrong. */
#define MIXED "a\xe6\xbc\xa2\xef\xbd\xb6\xf0\xa0\xae\xb7\xff"

static void
characters_one_by_one(void **state)
{
	static const size_t bytes[] = { 1, 3, 3, 4, 1, 0 };
	static const size_t columns[] = { 1, 2, 1, 2, 1, 0 };
	const char *s = MIXED;
	size_t wide;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
		assert_int_equal(cseal_text_next(s, &wide), bytes[i]);
		assert_int_equal(wide, columns[i]);
		assert_int_equal(cseal_text_next(s, NULL), bytes[i]);
		s += bytes[i];
	}
	/* The text ends within a character. */
	assert_int_equal(cseal_text_next("\xe6\xbc", &wide), 1);
	assert_int_equal(wide, 1);
}

static void
whole_characters_fit(void **state)
{
	static const size_t fit[] = { 0, 1, 1, 4, 7, 7, 11, 12, 12 };
	const char *s = "\xe6\xbc\xa2\xe5\xad\x97"
			"abc";
	size_t n, lines = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(fit) / sizeof(*fit); i++)
		assert_int_equal(cseal_text_fit(MIXED, i), fit[i]);
	assert_int_equal(cseal_text_fit("\xe6\xbc\xa2", 1), 0);
	for (; (n = cseal_text_fit(s, 3)) > 0; s += n)
		lines++;
	assert_string_equal(s, "");
	assert_int_equal(lines, 3);
}

static void
times_in_utc(void **state)
{
	static const struct {
		uint64_t t;
		const char *text;
	} v[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 951782399, "2000-02-28T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 951868800, "2000-03-01T00:00:00Z" },
		{ 1709164800, "2024-02-29T00:00:00Z" },
		{ 1795443000, "2026-11-23T14:10:00Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ 253402300800, "@253402300800" },
		{ UINT64_MAX, "@18446744073709551615" },
	};
	char out[CSEAL_TIME_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		cseal_time_utc(v[i].t, out);
		assert_string_equal(out, v[i].text);
	}
}

static void
utf8_is_told_from_other_bytes(void **state)
{
	(void)state;
	assert_true(cseal_text_is_utf8(BYTES(""), 0));
	assert_true(cseal_text_is_utf8(BYTES("a\0\xf4\x8f\xbf\xbf"), 6));
	assert_true(cseal_text_is_utf8(BYTES("\xed\x9f\xbf\xee\x80\x80"), 6));
	assert_false(cseal_text_is_utf8(BYTES("\xc1\xbf"), 2));
	assert_false(cseal_text_is_utf8(BYTES("\xe0\x9f\xbf"), 3));
	assert_false(cseal_text_is_utf8(BYTES("\xed\xbf\xbf"), 3));
	assert_false(cseal_text_is_utf8(BYTES("\xf0\x8f\xbf\xbf"), 4));
	assert_false(cseal_text_is_utf8(BYTES("\xf5\x80\x80\x80"), 4));
	assert_false(cseal_text_is_utf8(BYTES("\xe2\x82\x41"), 3));
	assert_false(cseal_text_is_utf8(BYTES("\xf0\x9f\x98\x41"), 4));
	assert_false(cseal_text_is_utf8(BYTES("\x80"), 1));
	assert_false(cseal_text_is_utf8(BYTES("\xe6\xbc\xa2"), 2));
}

static void
handles(void **state)
{
	static const char longest[] = "a2345678901234567890123456789012";

	(void)state;
	assert_true(cseal_text_is_handle("a", 1));
	assert_true(cseal_text_is_handle("main-de", 7));
	assert_true(cseal_text_is_handle(longest, 32));
	assert_false(
	    cseal_text_is_handle("a23456789012345678901234567890123", 33));
	assert_false(cseal_text_is_handle("", 0));
	assert_false(cseal_text_is_handle("1a", 2));
	assert_false(cseal_text_is_handle("-a", 2));
	assert_false(cseal_text_is_handle("Main", 4));
	assert_false(cseal_text_is_handle("a_b", 3));
	assert_false(cseal_text_is_handle("a b", 3));
	assert_false(cseal_text_is_handle("a\0", 2));
	assert_false(cseal_text_is_handle("\xc3\xa4", 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_both_ways),
		cmocka_unit_test(unhex_refuses),
		cmocka_unit_test(base64_of_the_rfc),
		cmocka_unit_test(base64_in_lines),
		cmocka_unit_test(fingerprint_is_read_aloud),
		cmocka_unit_test(base32_of_a_hash),
		cmocka_unit_test(safe_filters),
		cmocka_unit_test(safe_is_safe_for_every_character),
		cmocka_unit_test(safe_cuts_by_columns),
		cmocka_unit_test(columns_are_counted),
		cmocka_unit_test(characters_one_by_one),
		cmocka_unit_test(whole_characters_fit),
		cmocka_unit_test(times_in_utc),
		cmocka_unit_test(utf8_is_told_from_other_bytes),
		cmocka_unit_test(handles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
