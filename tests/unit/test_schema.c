/* SPDX-License-Identifier: BSD-2-Clause */
/* Every type and presence of a row, by a record that is no other's. */

#include "schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct pair {
	struct cseal_slice name;
	uint64_t value;
};

struct inner {
	uint64_t number;
};

struct all {
	uint64_t number; /* 1: 1..9 */
	uint64_t word;	 /* 2: 1..3, enumerated */
	int64_t balance; /* 3: -100..100 */
	bool yes;	 /* 4 */
	bool mark;	 /* 5: true or absent */
	bool has_bytes;	 /* 6: 2..3, or null */
	struct cseal_slice bytes;
	bool has_text; /* 7: 1..5, or absent */
	struct cseal_slice text;
	struct cseal_slice prose;  /* 8 */
	struct cseal_slice handle; /* 9: may be empty */
	uint8_t fixed[4];	   /* 10 */
	struct cseal_slice any;	   /* 11 */
	struct inner inner;	   /* 12 */
	struct inner *list;	   /* 13: 1..2 */
	size_t n_list;
	struct pair *dict; /* 14: 0..3 */
	size_t n_dict;
};

#define ROW(k, n, t, f) \
	.name = (n), .key = (k), .type = (t), .offset = offsetof(struct all, f)
#define NO .flag = SCHEMA_FLAG_NONE

static const struct schema_member inner_rows[] = {
	{ .name = "number",
	    .type = SCHEMA_UINT,
	    .offset = offsetof(struct inner, number),
	    .flag = SCHEMA_FLAG_NONE,
	    .max = 99 },
};
static const struct schema record_inner = { "inner", SCHEMA_ARRAY,
	sizeof(struct inner), inner_rows, 1 };

static const struct schema_member pair_rows[] = {
	{ .name = "name",
	    .type = SCHEMA_TEXT,
	    .offset = offsetof(struct pair, name),
	    .flag = SCHEMA_FLAG_NONE,
	    .min = 1,
	    .max = 3 },
	{ .name = "value",
	    .type = SCHEMA_UINT,
	    .offset = offsetof(struct pair, value),
	    .flag = SCHEMA_FLAG_NONE,
	    .max = 9 },
};
static const struct schema record_pair = { "pair", SCHEMA_PAIR,
	sizeof(struct pair), pair_rows, 2 };

static const struct schema_member rows[] = {
	{ ROW(1, "number", SCHEMA_UINT, number), NO, .min = 1, .max = 9 },
	{ ROW(2, "word", SCHEMA_UINT, word), NO, .min = 1, .max = 3,
	    .enumerated = true },
	{ ROW(3, "balance", SCHEMA_INT, balance), NO, .max = 100 },
	{ ROW(4, "yes", SCHEMA_BOOL, yes), NO },
	{ ROW(5, "mark", SCHEMA_TRUE, mark), NO, .presence = SCHEMA_OPTIONAL },
	{ ROW(6, "bytes", SCHEMA_BYTES, bytes), .presence = SCHEMA_NULL,
	    .flag = offsetof(struct all, has_bytes), .min = 2, .max = 3 },
	{ ROW(7, "text", SCHEMA_TEXT, text), .presence = SCHEMA_OPTIONAL,
	    .flag = offsetof(struct all, has_text), .min = 1, .max = 5 },
	{ ROW(8, "prose", SCHEMA_PROSE, prose), NO, .max = 9 },
	{ ROW(9, "handle", SCHEMA_HANDLE, handle), NO, .max = 32 },
	{ ROW(10, "fixed", SCHEMA_FIXED, fixed), NO, .max = 4 },
	{ ROW(11, "any", SCHEMA_ANY, any), NO, .min = 1, .max = 6 },
	{ ROW(12, "inner", SCHEMA_SUB, inner), NO, .sub = &record_inner },
	{ ROW(13, "list", SCHEMA_LIST, list), NO, .min = 1, .max = 2,
	    .sub = &record_inner, .count = offsetof(struct all, n_list) },
	{ ROW(14, "dict", SCHEMA_DICT, dict), NO, .max = 3, .sub = &record_pair,
	    .count = offsetof(struct all, n_dict) },
};
static const struct schema record_all = { "all", SCHEMA_MAP, sizeof(struct all),
	rows, COUNT(rows) };

/* Its members one after the other, each replaced in turn. */
static const char *const usual[] = {
	"0105",
	"0202",
	"033863",
	"04f5",
	"05f5",
	"06420102",
	"0762c3a9",
	"08620a61",
	"09626c69",
	"0a4401020304",
	"0b820102",
	"0c8107",
	"0d8281018102",
	"0ea261610162616202",
};

static struct cseal_slice
bytes_of(const char *s)
{
	struct cseal_slice v = { (const uint8_t *)s, strlen(s) };

	return v;
}

/* The record with member `at` replaced (NULL: left out), or one more. */
static int
parse_with(
    size_t at, const char *hex, struct all *out, struct schema_where *where)
{
	static uint8_t memory[256];
	struct cseal_slice all = { memory, 1 };
	uint8_t count = 0;

	for (size_t i = 0; i <= COUNT(usual); i++) {
		const char *h = i < COUNT(usual) ? usual[i] : NULL;

		h = i == at ? hex : h;
		if (h == NULL)
			continue;
		count++;
		assert_int_equal(
		    cseal_unhex(h, memory + all.len, strlen(h) / 2), CSEAL_OK);
		all.len += strlen(h) / 2;
	}
	memory[0] = (uint8_t)(0xa0 | count);
	return schema_parse_all(&record_all, all, out, where);
}

static void
test_usual(void **state)
{
	struct all v;
	struct cseal_buf again;

	(void)state;
	assert_int_equal(parse_with(99, NULL, &v, NULL), CSEAL_OK);
	assert_int_equal(v.number, 5);
	assert_int_equal(v.word, 2);
	assert_int_equal(v.balance, -100);
	assert_true(v.yes && v.mark && v.has_bytes && v.has_text);
	assert_int_equal(v.bytes.len, 2);
	assert_memory_equal(v.text.data, "\xc3\xa9", 2);
	assert_memory_equal(v.prose.data, "\na", 2);
	assert_memory_equal(v.handle.data, "li", 2);
	assert_memory_equal(v.fixed, "\1\2\3\4", 4);
	assert_memory_equal(v.any.data, "\x82\1\2", 3);
	assert_int_equal(v.inner.number, 7);
	assert_int_equal(v.n_list, 2);
	assert_int_equal(v.list[1].number, 2);
	assert_int_equal(v.n_dict, 2);
	assert_int_equal(v.dict[1].value, 2);
	assert_memory_equal(v.dict[1].name.data, "ab", 2);
	cseal_buf_init(&again, 0);
	assert_int_equal(schema_encode(&record_all, &again, &v), CSEAL_OK);
	assert_int_equal(again.data[0], 0xae);
	cseal_buf_free(&again);
	schema_free(&record_all, &v);
	assert_null(v.list);
	assert_int_equal(v.n_dict, 0);
}

static const struct {
	size_t at; /* the member, from 1 */
	const char *hex;
	int wanted;
} variants[] = {
	/* left out */
	{ 1, NULL, CSEAL_ERR_FORMAT },
	{ 5, NULL, CSEAL_OK },
	{ 6, NULL, CSEAL_ERR_FORMAT },
	{ 7, NULL, CSEAL_OK },
	{ 13, NULL, CSEAL_ERR_FORMAT },
	{ 14, NULL, CSEAL_ERR_FORMAT },
	/* unsigned */
	{ 1, "0101", CSEAL_OK },
	{ 1, "0109", CSEAL_OK },
	{ 1, "0100", CSEAL_ERR_FORMAT },
	{ 1, "010a", CSEAL_ERR_FORMAT },
	{ 1, "0120", CSEAL_ERR_FORMAT },
	{ 1, "01f6", CSEAL_ERR_FORMAT },
	/* enumerated: above is newer, below is nothing */
	{ 2, "0203", CSEAL_OK },
	{ 2, "0204", CSEAL_ERR_NEWER },
	{ 2, "021bffffffffffffffff", CSEAL_ERR_NEWER },
	{ 2, "0200", CSEAL_ERR_FORMAT },
	/* signed */
	{ 3, "031864", CSEAL_OK },
	{ 3, "031865", CSEAL_ERR_FORMAT },
	{ 3, "033864", CSEAL_ERR_FORMAT },
	{ 3, "033b7fffffffffffffff", CSEAL_ERR_FORMAT },
	{ 3, "031bffffffffffffffff", CSEAL_ERR_FORMAT },
	/* true, false, and true alone */
	{ 4, "04f4", CSEAL_OK },
	{ 4, "0400", CSEAL_ERR_FORMAT },
	{ 5, "05f4", CSEAL_ERR_FORMAT },
	{ 5, "05f6", CSEAL_ERR_FORMAT },
	/* bytes or null */
	{ 6, "06f6", CSEAL_OK },
	{ 6, "0643010203", CSEAL_OK },
	{ 6, "064101", CSEAL_ERR_FORMAT },
	{ 6, "064401020304", CSEAL_ERR_FORMAT },
	{ 6, "06626161", CSEAL_ERR_FORMAT },
	/* text without controls, of both kinds; no null in its place */
	{ 7, "076161", CSEAL_OK },
	{ 7, "0760", CSEAL_ERR_FORMAT },
	{ 7, "0766616161616161", CSEAL_ERR_FORMAT },
	{ 7, "0765c3a9616161", CSEAL_OK },
	{ 7, "07610a", CSEAL_ERR_FORMAT },
	{ 7, "076100", CSEAL_ERR_FORMAT },
	{ 7, "07617f", CSEAL_ERR_FORMAT },
	{ 7, "0762c285", CSEAL_ERR_FORMAT },
	{ 7, "0762c2a0", CSEAL_OK },
	{ 7, "0761ff", CSEAL_ERR_FORMAT },
	{ 7, "07f6", CSEAL_ERR_FORMAT },
	/* prose */
	{ 8, "0860", CSEAL_OK },
	{ 8, "086109", CSEAL_OK },
	{ 8, "08610d", CSEAL_ERR_FORMAT },
	{ 8, "08611b", CSEAL_ERR_FORMAT },
	{ 8, "0862c280", CSEAL_ERR_FORMAT },
	/* handle */
	{ 9, "0960", CSEAL_OK },
	{ 9, "09624c69", CSEAL_ERR_FORMAT },
	{ 9, "0962316c", CSEAL_ERR_FORMAT },
	/* fixed */
	{ 10, "0a43010203", CSEAL_ERR_FORMAT },
	{ 10, "0a450102030405", CSEAL_ERR_FORMAT },
	{ 10, "0a40", CSEAL_ERR_FORMAT },
	/* any, within its length, itself deterministic */
	{ 11, "0bf6", CSEAL_OK },
	{ 11, "0b46112233445566", CSEAL_ERR_FORMAT },
	{ 11, "0b811801", CSEAL_ERR_FORMAT },
	{ 11, "0ba202010101", CSEAL_ERR_FORMAT },
	/* sub */
	{ 12, "0c80", CSEAL_ERR_FORMAT },
	{ 12, "0c820102", CSEAL_ERR_FORMAT },
	{ 12, "0c811864", CSEAL_ERR_FORMAT },
	{ 12, "0c07", CSEAL_ERR_FORMAT },
	/* list */
	{ 13, "0d818101", CSEAL_OK },
	{ 13, "0d80", CSEAL_ERR_FORMAT },
	{ 13, "0d83810181028103", CSEAL_ERR_FORMAT },
	{ 13, "0d8101", CSEAL_ERR_FORMAT },
	{ 13, "0d828101811864", CSEAL_ERR_FORMAT },
	/* dict */
	{ 14, "0ea0", CSEAL_OK },
	{ 14, "0ea2616101616102", CSEAL_ERR_FORMAT },
	{ 14, "0ea2616201616102", CSEAL_ERR_FORMAT },
	{ 14, "0ea1616110", CSEAL_ERR_FORMAT },
	{ 14, "0ea16001", CSEAL_ERR_FORMAT },
	{ 14, "0ea10101", CSEAL_ERR_FORMAT },
	{ 14, "0ea4616100616200616300616400", CSEAL_ERR_FORMAT },
	/* keys that the record does not have, or has at another place */
	{ 14, "0fa0", CSEAL_ERR_FORMAT },
	{ 15, "0fa0", CSEAL_ERR_NEWER },
	{ 15, "0ea0", CSEAL_ERR_FORMAT },
	{ 1, "0005", CSEAL_ERR_NEWER },
	{ 5, "0501", CSEAL_ERR_FORMAT },
	{ 2, "0105", CSEAL_ERR_FORMAT },
};

static void
test_variants(void **state)
{
	struct schema_where where = { NULL, NULL };
	struct all v;
	int r;

	(void)state;
	for (size_t i = 0; i < COUNT(variants); i++) {
		r = parse_with(variants[i].at - 1, variants[i].hex, &v, &where);
		if (r != variants[i].wanted)
			fail_msg("member %zu, %s: %d (%s)", variants[i].at,
			    variants[i].hex != NULL ? variants[i].hex : "none",
			    r, where.member);
		if (r != CSEAL_OK)
			assert_non_null(where.member);
		/* What failed owns nothing. */
		if (r != CSEAL_OK)
			assert_true(v.list == NULL && v.dict == NULL);
		schema_free(&record_all, &v);
	}
}

static void
test_where(void **state)
{
	struct schema_where where = { NULL, NULL };
	struct all v;

	(void)state;
	(void)parse_with(11, "0c811864", &v, &where);
	assert_string_equal(where.record, "inner");
	assert_string_equal(where.member, "number");
	(void)parse_with(13, "0ea1616110", &v, &where);
	assert_string_equal(where.record, "pair");
	assert_string_equal(where.member, "value");
}

/* ---- the encoder holds itself to the same rows ---- */

static void
set_number(struct all *v)
{
	v->number = 10;
}

static void
set_word(struct all *v)
{
	v->word = 0;
}

static void
set_balance(struct all *v)
{
	v->balance = 101;
}

static void
set_bytes(struct all *v)
{
	v->bytes.len = 1;
}

static void
set_text(struct all *v)
{
	v->text = bytes_of("a\nb");
}

static void
set_prose(struct all *v)
{
	v->prose = bytes_of("a\rb");
}

static void
set_handle(struct all *v)
{
	v->handle = bytes_of("Lin");
}

static void
set_any(struct all *v)
{
	v->any.len = 0;
}

static void
set_inner(struct all *v)
{
	v->inner.number = 100;
}

static void
set_list(struct all *v)
{
	v->n_list = 0;
}

static void
set_dict_order(struct all *v)
{
	v->dict[0].name = bytes_of("b");
	v->dict[1].name = bytes_of("a");
}

static void
set_dict_twice(struct all *v)
{
	v->dict[0].name = bytes_of("a");
	v->dict[1].name = bytes_of("a");
}

static void
test_encoder_refuses(void **state)
{
	static void (*const set[])(struct all *) = { set_number, set_word,
		set_balance, set_bytes, set_text, set_prose, set_handle,
		set_any, set_inner, set_list, set_dict_order, set_dict_twice };
	struct cseal_buf out;
	struct all v;
	size_t n_list;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(set); i++) {
		assert_int_equal(parse_with(99, NULL, &v, NULL), CSEAL_OK);
		n_list = v.n_list;
		set[i](&v);
		cseal_buf_reset(&out);
		assert_int_equal(
		    schema_encode(&record_all, &out, &v), CSEAL_ERR_FORMAT);
		v.n_list = n_list;
		schema_free(&record_all, &v);
	}
	cseal_buf_free(&out);
}

static void
test_encoder_without_room(void **state)
{
	struct cseal_buf out;
	struct all v;
	size_t whole;

	(void)state;
	assert_int_equal(parse_with(99, NULL, &v, NULL), CSEAL_OK);
	cseal_buf_init(&out, 0);
	assert_int_equal(schema_encode(&record_all, &out, &v), CSEAL_OK);
	whole = out.len;
	cseal_buf_free(&out);
	for (size_t max = 1; max < whole; max++) {
		cseal_buf_init(&out, max);
		assert_int_equal(
		    schema_encode(&record_all, &out, &v), CSEAL_ERR_TOO_LARGE);
		cseal_buf_free(&out);
	}
	schema_free(&record_all, &v);
}

static void
test_bytes_behind(void **state)
{
	static const uint8_t bytes[] = { 0x81, 0x01, 0x00 };
	const struct cseal_slice s = { bytes, sizeof(bytes) };
	struct schema_where where = { NULL, NULL };
	struct inner v;

	(void)state;
	assert_int_equal(
	    schema_parse_all(&record_inner, s, &v, &where), CSEAL_ERR_FORMAT);
	assert_string_equal(where.record, "inner");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_encoder_refuses),
		cmocka_unit_test(test_encoder_without_room),
		cmocka_unit_test(test_bytes_behind),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
