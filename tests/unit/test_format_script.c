/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names in Japanese and Chinese: what is allowed where, how it is masked, and
 * the plain form of what keyboards type in full width. With --table: every
 * character that a format takes or has a plain form for, to be compared with
 * Unicode's own tables by tests/compare_names.sh.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int
canon(const char *format, const char *typed, struct cseal_buf *out,
    struct cseal_error *err)
{
	const struct cseal_format *f = cseal_format_find(format);

	assert_non_null(f);
	return f->canon(
	    f, "f", (const uint8_t *)typed, strlen(typed), out, err);
}

#define TEN "ﾄﾄﾄﾄﾄﾄﾄﾄﾄﾄ"
#define HAN "汉汉汉汉汉汉汉汉汉汉"

/* Accepted as it is, and masked. */
static const struct {
	const char *format, *value, *masked;
} good[] = {
	{ "holder_kana", "ｶ)ｴｸﾞｻﾝﾌﾟﾙ", "....ﾌﾟﾙ" },
	{ "holder_kana", "ﾍﾟｲｵﾆｱ ｼﾞﾔﾊﾟﾝ", "....ﾔﾊﾟﾝ" },
	{ "holder_kana", "(ｶ", "...." },
	{ "holder_kana", "ｳﾞｱｳﾞｱ-(ｶ)/ﾄ.1A", "....ﾄ.1A" },
	{ "holder_kana", "｢ｦｦ｣", "....｣" },
	{ "holder_kana", "WORLD FIRST JAPAN", "....APAN" },
	{ "holder_kana", TEN TEN TEN, "....ﾄﾄﾄﾄ" },
	{ "holder_han", "张三", "...." },
	{ "holder_han", "张小明", "....明" },
	{ "holder_han", "示例贸易有限公司", "....公司" },
	{ "holder_han", "买买提·艾力", "....艾力" },
	{ "holder_han", "Example (深圳) Ltd.", "....Ltd." },
	{ "holder_han", "𠮷田", "...." },
	{ "holder_han", "二〇二六贸易", "....贸易" },
	{ "holder_han", HAN HAN HAN HAN HAN HAN HAN, "....汉汉汉汉" },
	{ "bank_name_han", "示例银行深圳分行", "....分行" },
	{ "bank_name_han", "Example Bank (China)", "....ina)" },
};

/* Refused, and a part of the sentence. */
static const struct {
	const char *format, *typed, *what;
} bad[] = {
	{ "holder_kana", "ｶ)ヤマダ", "character 3 is U+30E4, full-width kata" },
	{ "holder_kana", "やまだ", "character 1 is U+3084, hiragana" },
	{ "holder_kana", "ｷｬﾉﾝ", "character 2 is U+FF6C, small kana" },
	{ "holder_kana", "ｻ-ﾊﾞｰ",
	    "character 5 is U+FF70, the long-vowel mark" },
	{ "holder_kana", "ｻーﾄ", "character 2 is U+30FC, the long-vowel mark" },
	{ "holder_kana", "ﾔﾏﾀﾞ太郎", "character 5 is U+592A" },
	{ "holder_kana", "Yamada", "character 2 is 'a'" },
	{ "holder_kana", "ﾔﾏﾀ\\ﾞ", "character 4 is '\\'" },
	{ "holder_kana", "ﾔﾏﾀ,", "character 4 is ','" },
	{ "holder_kana", "ﾔﾏ･ﾀ", "character 3 is U+FF65" },
	{ "holder_kana", "Ａ", "character 1 is a full-width 'A'" },
	{ "holder_kana", "ﾏﾞ", "character 2 is the mark of a voiced sound" },
	{ "holder_kana", "ﾊ゛", "character 2 is U+309B" },
	{ "holder_kana", "ﾞｶ", "character 1 is the mark of a voiced sound" },
	{ "holder_kana", "ｶﾟ", "character 2 is the mark of a voiced sound" },
	{ "holder_kana", "ｶﾞﾞ", "character 3 is the mark of a voiced sound" },
	{ "holder_kana", "ﾊ ﾞ", "character 3 is the mark of a voiced sound" },
	{ "holder_kana", TEN TEN TEN "ﾄ", "31 characters, but at most 30" },
	{ "holder_kana", " ｶ", "it begins with a space" },
	{ "holder_kana", "ｶ ", "it ends with a space" },
	{ "holder_kana", "ｶｶ  ｶ", "characters 3 and 4 are both spaces" },
	{ "holder_kana", "ｶ　ｶ", "character 2 is U+3000, a blank other" },
	{ "holder_kana", "ｶ 4111111111111111",
	    "character 3 begins what looks" },
	{ "holder_kana", "", "nothing was entered" },
	{ "holder_han", "张\xe3\x80\x80三", "character 2 is U+3000, a blank" },
	{ "holder_han", "示例（深圳）", "character 3 is a full-width '('" },
	{ "holder_han", "ｶ)", "character 1 is U+FF76" },
	{ "holder_han", "やまだ", "character 1 is U+3084, hiragana" },
	{ "holder_han", "김철수", "character 1 is U+AE40" },
	{ "holder_han", "张\xef\xa4\x80",
	    "character 2 is U+F900, another form" },
	{ "holder_han", "张\xf0\xaf\xa0\x80",
	    "character 2 is U+2F800, another form" },
	{ "holder_han", "\xe2\xbc\x80", "character 1 is U+2F00, a radical" },
	{ "holder_han", "\xe2\xba\x80", "character 1 is U+2E80, a radical" },
	{ "holder_han", "张\xcc\x81", "character 2 is U+0301, a mark over" },
	{ "holder_han", "张\xef\xb8\x80", "character 2 is U+FE00" },
	{ "holder_han", "张\xf3\xa0\x84\x80", "character 2 is U+E0100" },
	{ "holder_han", "张\xe2\x80\x8b三",
	    "character 2 is U+200B, a character" },
	{ "holder_han", "Ехаmple", "character 1 is U+0415, a Cyrillic letter" },
	{ "holder_han", "张<三", "character 2 is '<'" },
	{ "holder_han", "·张", "character 1 is a middle dot" },
	{ "holder_han", "张·", "character 2 is a middle dot" },
	{ "holder_han", "张··三", "character 2 is a middle dot" },
	{ "holder_han", "A·B", "character 2 is a middle dot" },
	{ "holder_han", "张•三", "character 2 is U+2022" },
	{ "holder_han", HAN HAN HAN HAN HAN HAN HAN "汉", "71 characters" },
	{ "holder_han", "张三 4111111111111111", "character 4 begins what" },
	{ "bank_name_han", "银行  分行", "characters 3 and 4 are both spaces" },
	{ "bank_name_han", "银行\n", "character 3 is U+000A, a control" },
};

static void
test_good(void **state)
{
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct cseal_format *f =
		    cseal_format_find(good[i].format);
		struct cseal_error err = { .what = "" };

		cseal_buf_reset(&out);
		if (canon(good[i].format, good[i].value, &out, &err) !=
		    CSEAL_OK)
			fail_msg("%s: %s", good[i].value, err.what);
		assert_string_equal(cseal_buf_str(&out), good[i].value);
		cseal_buf_reset(&out);
		assert_int_equal(f->group(f, good[i].value, &out), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), good[i].value);
		cseal_buf_reset(&out);
		assert_int_equal(f->mask(f, good[i].value, &out), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), good[i].masked);
	}
	cseal_buf_free(&out);
}

static void
test_bad(void **state)
{
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct cseal_error err = { .what = "" };

		assert_int_equal(canon(bad[i].format, bad[i].typed, &out, &err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, "f");
		if (strstr(err.what, bad[i].what) == NULL)
			fail_msg("%s: %s", bad[i].typed, err.what);
		assert_int_equal(out.len, 0);
	}
	cseal_buf_free(&out);
}

/* Typed, its plain form (NULL: there is none), how much was not plain. */
static const struct {
	const char *format, *typed, *plain;
	size_t changed, first;
} wide[] = {
	{ "iban", "ＤＥ８９　３７０４　００４４　０５３２　０１３０　００",
	    "DE89 3704 0044 0532 0130 00", 27, 1 },
	{ "iban", "DE89 3704 0044 0532 0130 0０", "DE89 3704 0044 0532 0130 00",
	    1, 27 },
	{ "iban", "DE89 3704 0044 0532 0130 0１", NULL, 0, 0 },
	{ "iban", "DE89 3704 0044 0532 0130 00", NULL, 0, 0 },
	{ "iban", "\xffＤＥ８９", NULL, 0, 0 },
	{ "iban", "", NULL, 0, 0 },
	{ "bic", "ＤＥＵＴＤＥＦＦ", "DEUTDEFF", 8, 1 },
	{ "bic", "ｄｅｕｔｄｅｆｆ", NULL, 0, 0 },
	{ "sort_code", "６０－１６－１３", "60-16-13", 8, 1 },
	{ "phone", "＋８６ 138 0013 8000", "+86 138 0013 8000", 3, 1 },
	{ "email", "ops＠example．com", "ops@example.com", 2, 4 },
	{ "holder", "Example　Trading　（Shenzhen）",
	    "Example Trading (Shenzhen)", 4, 8 },
	{ "holder", "ヤマダ", NULL, 0, 0 },
	{ "date", "２０２７－０８－３１", "2027-08-31", 10, 1 },
	{ "holder_kana", "カ）エグサンプル", "ｶ)ｴｸﾞｻﾝﾌﾟﾙ", 8, 1 },
	{ "holder_kana", "やまだ　たろう", "ﾔﾏﾀﾞ ﾀﾛｳ", 7, 1 },
	{ "holder_kana", "キャノンマーケティング", "ｷﾔﾉﾝﾏ-ｹﾃｲﾝｸﾞ", 11, 1 },
	{ "holder_kana", "ｷｬﾉﾝ", "ｷﾔﾉﾝ", 1, 2 },
	{ "holder_kana", "ｻｰﾊﾞｰ", "ｻ-ﾊﾞ-", 2, 2 },
	{ "holder_kana", "か\xe3\x82\x99は\xe3\x82\x9a", "ｶﾞﾊﾟ", 4, 1 },
	{ "holder_kana", "カ゛ハ゜", "ｶﾞﾊﾟ", 4, 1 },
	{ "holder_kana", "ヴィヵヶ", "ｳﾞｲｶｹ", 4, 1 },
	{ "holder_kana", "「ＡＢ－１」", "｢AB-1｣", 6, 1 },
	{ "holder_kana", "ＷＩ–ＦＩ−１", "WI-FI-1", 7, 1 },
	{ "holder_kana", "ヰ", NULL, 0, 0 },
	{ "holder_kana", "やまだ太郎", NULL, 0, 0 },
	{ "holder_kana", "株式会社", NULL, 0, 0 },
	{ "holder_kana", "Ａｂ", NULL, 0, 0 },
	{ "holder_han", "示例（深圳）有限公司", "示例(深圳)有限公司", 2, 3 },
	{ "holder_han", "张　三", "张 三", 1, 2 },
	{ "holder_han", "买买提•艾力", "买买提·艾力", 1, 4 },
	{ "holder_han", "买买提・艾力", "买买提·艾力", 1, 4 },
	{ "holder_han", "ＡＢ贸易", "AB贸易", 2, 1 },
	{ "holder_han", "张\xef\xa4\x80三　", NULL, 0, 0 },
	{ "bank_name_han", "银行，深圳", "银行,深圳", 1, 3 },
};

static void
test_plain(void **state)
{
	struct cseal_plain how;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(wide); i++) {
		const struct cseal_format *f =
		    cseal_format_find(wide[i].format);
		int r;

		assert_non_null(f);
		cseal_buf_reset(&out);
		r = cseal_format_plain(f, (const uint8_t *)wide[i].typed,
		    strlen(wide[i].typed), &out, &how);
		if (wide[i].plain == NULL) {
			assert_int_equal(r, CSEAL_ERR_NOT_FOUND);
			assert_int_equal(out.len, 0);
			continue;
		}
		assert_int_equal(r, CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), wide[i].plain);
		assert_int_equal(how.changed, wide[i].changed);
		assert_int_equal(how.first, wide[i].first);
	}
	cseal_buf_free(&out);
}

/* No format takes what is not plain, and what is too long is not read. */
static void
plain_of_any_format(void **state)
{
	static uint8_t full[CSEAL_VALUE_MAX + 1];
	const struct cseal_format *f;
	struct cseal_plain how;
	struct cseal_buf out, typed;

	(void)state;
	memset(full, 'A', sizeof(full));
	memcpy(full, "Ａ", 3);
	cseal_buf_init(&out, 0);
	cseal_buf_init(&typed, 0);
	for (size_t i = 0; (f = cseal_format_at(i)) != NULL; i++) {
		assert_int_equal(
		    cseal_format_plain(f, full, sizeof(full), &out, &how),
		    CSEAL_ERR_NOT_FOUND);
		/* The example in full width, as far as it is ASCII. */
		cseal_buf_reset(&typed);
		for (const char *s = f->example; *s != '\0'; s++) {
			if (*s == ' ')
				(void)cseal_buf_add_str(&typed, "　");
			else if ((uint8_t)*s < 0x80)
				(void)cseal_buf_printf(&typed, "\xef%c%c",
				    *s < '`' ? 0xbc : 0xbd,
				    0x80 | ((*s - 0x20) & 0x3f));
			else
				(void)cseal_buf_add_u8(&typed, (uint8_t)*s);
		}
		cseal_buf_reset(&out);
		if (strcmp(f->name, "bank_name_han") == 0 ||
		    strcmp(f->name, "holder_han") == 0)
			continue; /* no ASCII in them */
		assert_int_not_equal(
		    f->canon(f, "f", typed.data, typed.len, &out, NULL),
		    CSEAL_OK);
		if (cseal_format_plain(f, typed.data, typed.len, &out, &how) !=
		    CSEAL_OK)
			fail_msg("%s: %s", f->name, cseal_buf_str(&typed));
		assert_string_equal(cseal_buf_str(&out), f->example);
	}
	cseal_buf_free(&typed);
	cseal_buf_free(&out);
}

/* What a refusal says of a value that is plain but for its width. */
static void
refusal_shows_the_plain_form(void **state)
{
	static const struct {
		const char *field, *typed, *what;
	} rows[] = {
		{ "iban", "ＤＥ８９370400440532013000",
		    "character 1 and 3 more are full-width, or another form of "
		    "a plain one: write it plain, with the keyboard set to "
		    "half-width" },
		{ "bic", "DEUTDEＦF",
		    "character 7 is full-width, or another form of a plain "
		    "one: the plain form is DEUTDEFF" },
		{ "reason", "new　account",
		    "character 4 is full-width, or another form of a plain "
		    "one: the plain form is new account" },
		{ "bic", "ＤＥＵＴ",
		    "character 1 is a full-width 'D': write the plain one, "
		    "with the keyboard set to half-width" },
	};
	struct cseal_change c;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cseal_error err = { .what = "" };

		assert_int_equal(
		    cseal_change_init(&c, "payout.iban", 0, "main", NULL, &err),
		    CSEAL_OK);
		assert_int_equal(
		    cseal_change_set(&c, rows[i].field, strlen(rows[i].field),
			(const uint8_t *)rows[i].typed, strlen(rows[i].typed),
			&err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, rows[i].field);
		assert_string_equal(err.what, rows[i].what);
		cseal_change_free(&c);
	}
}

/* ---- for tests/compare_names.sh ---- */

static void
encode(uint32_t c, struct cseal_buf *out)
{
	if (c < 0x80) {
		(void)cseal_buf_add_u8(out, (uint8_t)c);
		return;
	}
	if (c >= 0x10000)
		(void)cseal_buf_add_u8(out, (uint8_t)(0xf0 | c >> 18));
	if (c >= 0x10000)
		(void)cseal_buf_add_u8(out, (uint8_t)(0x80 | (c >> 12 & 63)));
	else if (c >= 0x800)
		(void)cseal_buf_add_u8(out, (uint8_t)(0xe0 | c >> 12));
	(void)cseal_buf_add_u8(
	    out, (uint8_t)((c >= 0x800 ? 0x80 : 0xc0) | (c >> 6 & 63)));
	(void)cseal_buf_add_u8(out, (uint8_t)(0x80 | (c & 63)));
}

/* The character between two of `around`: taken, or its plain form, or "". */
static void
try_character(const struct cseal_format *f, uint32_t c, const char *around)
{
	struct cseal_buf typed, out;
	struct cseal_plain how;
	size_t len = strlen(around);

	cseal_buf_init(&typed, 0);
	cseal_buf_init(&out, 0);
	(void)cseal_buf_add_str(&typed, around);
	encode(c, &typed);
	(void)cseal_buf_add_str(&typed, around);
	if (f->canon(f, "f", typed.data, typed.len, &out, NULL) == CSEAL_OK)
		printf("%s %X takes\n", f->name, (unsigned)c);
	else if (cseal_format_plain(f, typed.data, typed.len, &out, &how) ==
		 CSEAL_OK)
		printf("%s %X plain %.*s|\n", f->name, (unsigned)c,
		    (int)(out.len - 2 * len), (const char *)out.data + len);
	cseal_buf_free(&out);
	cseal_buf_free(&typed);
}

static int
table(void)
{
	const struct cseal_format *kana = cseal_format_find("holder_kana");
	const struct cseal_format *han = cseal_format_find("holder_han");

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		try_character(kana, c, "ﾎ");
		try_character(han, c, "中");
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(plain_of_any_format),
		cmocka_unit_test(refusal_shows_the_plain_form),
	};

	if (argc == 2 && strcmp(argv[1], "--table") == 0)
		return table();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
