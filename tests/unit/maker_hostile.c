/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_hostile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dcbor.h"
#include "maker_within.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define INNER	 60000 /* bytes that fit into an entry */

static void
give(const struct maker_hostile *h, const char *what, struct cseal_buf *b)
{
	assert_int_equal(cseal_buf_error(b), CSEAL_OK);
	h->each(h->ctx, what, cseal_buf_slice(b));
	cseal_buf_reset(b);
}

/* ---- bytes ---- */

/* The pattern again and again, and nothing behind it. */
static void
repeat(struct cseal_buf *b, const uint8_t *pattern, size_t n, size_t to)
{
	while (b->len + n <= to)
		(void)cseal_buf_add(b, pattern, n);
}

void
maker_hostile_bytes(const struct maker_hostile *h)
{
	struct cseal_buf b;
	char what[32];

	cseal_buf_init(&b, 0);
	for (unsigned v = 0; v < 256; v++) {
		const uint8_t byte = (uint8_t)v;

		repeat(&b, &byte, 1, MAKER_HOSTILE_BYTES);
		(void)snprintf(what, sizeof(what), "byte 0x%02x alone", v);
		give(h, what, &b);
	}
	cseal_buf_free(&b);
}

/* ---- CBOR ---- */

/* Nested in each other, down to the end of the bytes. */
static void
nested(const struct maker_hostile *h, size_t to)
{
	static const struct {
		const char *what;
		uint8_t pattern[4];
		size_t n;
	} rows[] = {
		{ "arrays of one in each other", { 0x81 }, 1 },
		{ "arrays of two in each other", { 0x82, 0x00 }, 2 },
		{ "maps as values", { 0xa1, 0x00 }, 2 },
		{ "maps as keys", { 0xa1 }, 1 },
		{ "arrays as keys", { 0xa1, 0x81 }, 2 },
		{ "maps as values of text", { 0xa1, 0x61, 'a' }, 3 },
		{ "tags in each other", { 0xc1 }, 1 },
		{ "long tags in each other", { 0xd8, 0x18 }, 2 },
		{ "arrays without end", { 0x9f }, 1 },
		{ "maps without end", { 0xbf, 0x00 }, 2 },
		{ "bytes without end", { 0x5f }, 1 },
		{ "text without end", { 0x7f }, 1 },
		{ "pieces of text", { 0x7f, 0x61, 'a', 0xff }, 4 },
		{ "halves", { 0xf9, 0x7e, 0x00 }, 3 },
		{ "long heads", { 0x98, 0x01 }, 2 },
		{ "longer heads", { 0x99, 0x00, 0x01 }, 3 },
	};
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		repeat(&b, rows[i].pattern, rows[i].n, to);
		give(h, rows[i].what, &b);
	}
	cseal_buf_free(&b);
}

/* Heads that promise more than there is; zeros behind them. */
static void
promises(const struct maker_hostile *h, size_t to)
{
	static const uint8_t majors[] = { 0x40, 0x60, 0x80, 0xa0, 0xc0 };
	static const uint64_t counts[] = { UINT64_MAX, UINT64_MAX - 1,
		(uint64_t)1 << 63, ((uint64_t)1 << 63) - 1, (uint64_t)1 << 62,
		(uint64_t)1 << 61, ((uint64_t)1 << 61) + 1, (uint64_t)1 << 60,
		((uint64_t)1 << 59) + 1, (uint64_t)1 << 32, UINT32_MAX,
		(uint64_t)1 << 31, 1u << 24, 65536, 65535, 65527, 32763 };
	static const uint8_t zero;
	char what[64];
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < COUNT(majors) * COUNT(counts); i++) {
		uint8_t major = majors[i / COUNT(counts)];
		uint64_t count = counts[i % COUNT(counts)];

		(void)cseal_buf_add_u8(&b, major | 27);
		(void)cseal_buf_add_u32(&b, (uint32_t)(count >> 32));
		(void)cseal_buf_add_u32(&b, (uint32_t)count);
		repeat(&b, &zero, 1, to);
		(void)snprintf(what, sizeof(what), "head 0x%02x of %llu",
		    major | 27u, (unsigned long long)count);
		give(h, what, &b);
		if (count > UINT32_MAX)
			continue;
		(void)cseal_buf_add_u8(&b, major | 26);
		(void)cseal_buf_add_u32(&b, (uint32_t)count);
		repeat(&b, &zero, 1, to);
		give(h, what, &b);
	}
	cseal_buf_free(&b);
}

/* As many items as there is room for. */
static void
long_ones(const struct maker_hostile *h, size_t to)
{
	static const uint8_t zero, emoji[] = { 0xf0, 0x9f, 0x94, 0x91 };
	struct cseal_buf b;
	size_t n;

	cseal_buf_init(&b, 0);
	dcbor_put_array(&b, to - 3);
	repeat(&b, &zero, 1, to);
	give(h, "a long list", &b);
	n = (to - 3) / 4;
	dcbor_put_map(&b, n);
	for (uint64_t i = 0; i < n; i++) {
		dcbor_put_uint(&b, 1000 + i);
		dcbor_put_uint(&b, 0);
	}
	give(h, "a long map", &b);
	dcbor_put_map(&b, (to - 3) / 2);
	repeat(&b, &zero, 1, to - 1);
	give(h, "one key again and again", &b);
	n = (to - 3) / 8;
	dcbor_put_map(&b, n);
	for (unsigned i = 0; i < n; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "a%05u", i);
		dcbor_put_str(&b, name);
		dcbor_put_array(&b, 0);
	}
	give(h, "a long map of names", &b);
	(void)cseal_buf_add_u8(&b, 0x7a);
	(void)cseal_buf_add_u32(&b, (uint32_t)(to - to % 4 - 8));
	repeat(&b, emoji, sizeof(emoji), to - to % 4 - 3);
	give(h, "long text", &b);
	cseal_buf_free(&b);
}

static void
all_cbor(const struct maker_hostile *h, size_t to)
{
	nested(h, to);
	promises(h, to);
	long_ones(h, to);
}

void
maker_hostile_cbor(const struct maker_hostile *h)
{
	all_cbor(h, MAKER_HOSTILE_BYTES);
}

/* ---- inside of something that is right up to there ---- */

struct wrapping {
	const struct maker_hostile *h;
	struct cseal_buf b;
};

static void
put_envelope(struct cseal_buf *b, uint64_t kind)
{
	static const uint8_t hash[CSEAL_HASH_BYTES];

	dcbor_put_map(b, 8);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 2);
	dcbor_put_uint(b, kind);
	dcbor_put_uint(b, 3);
	dcbor_put_bytes(b, hash, sizeof(hash));
	dcbor_put_uint(b, 4);
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, 5);
	dcbor_put_bytes(b, hash, sizeof(hash));
	dcbor_put_uint(b, 5);
	dcbor_put_bytes(b, hash, sizeof(hash));
	dcbor_put_uint(b, 7);
	dcbor_put_uint(b, 0);
	dcbor_put_uint(b, 8);
	dcbor_put_uint(b, 0);
	dcbor_put_uint(b, 9);
}

/* The first members of a request, up to the one that is hostile. */
static void
put_request(struct cseal_buf *b, bool detail)
{
	static const uint8_t hash[CSEAL_HASH_BYTES], facts = 0xa0;

	put_envelope(b, CSEAL_REQUEST);
	dcbor_put_map(b, detail ? 9 : 8);
	dcbor_put_uint(b, 1);
	dcbor_put_str(b, "key.add");
	dcbor_put_uint(b, 2);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 3);
	dcbor_put_str(b, "");
	dcbor_put_uint(b, 4);
	dcbor_put_str(b, "lin");
	dcbor_put_uint(b, 5);
	if (!detail)
		return;
	dcbor_put_map(b, 0);
	dcbor_put_uint(b, 6);
	dcbor_put_bytes(b, hash, sizeof(hash));
	dcbor_put_uint(b, 7);
	dcbor_put_uint(b, 0);
	dcbor_put_uint(b, 8);
	(void)cseal_buf_add_u8(b, facts);
	dcbor_put_uint(b, 9);
}

static void
wrap_statement(void *ctx, const char *what, struct cseal_slice inner)
{
	static const uint64_t kinds[] = { CSEAL_GENESIS, CSEAL_REQUEST,
		CSEAL_APPROVE, CSEAL_OBSERVE, CSEAL_ERASE, CSEAL_IGNORED_FROM,
		UINT64_MAX };
	struct wrapping *w = ctx;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		put_envelope(&w->b, kinds[i]);
		(void)cseal_buf_add(&w->b, inner.data, inner.len);
		give(w->h, what, &w->b);
	}
	for (int detail = 0; detail < 2; detail++) {
		put_request(&w->b, detail);
		(void)cseal_buf_add(&w->b, inner.data, inner.len);
		give(w->h, what, &w->b);
	}
}

/* In the four strings of an entry, and in the members of an attestation. */
static void
wrap_string(void *ctx, const char *what, struct cseal_slice inner)
{
	static const char *const keys[] = { "fmt", "attStmt", "authData" };
	struct wrapping *w = ctx;

	for (unsigned i = 0; i < 4; i++) {
		dcbor_put_array(&w->b, 4);
		for (unsigned k = 0; k < 4; k++)
			dcbor_put_bytes(
			    &w->b, inner.data, k == i ? inner.len : 40);
		give(w->h, what, &w->b);
	}
	for (unsigned i = 0; i < COUNT(keys); i++) {
		dcbor_put_map(&w->b, 3);
		for (unsigned k = 0; k < i; k++) {
			dcbor_put_str(&w->b, keys[k]);
			if (k == 0)
				dcbor_put_str(&w->b, "packed");
			else
				dcbor_put_map(&w->b, 0);
		}
		dcbor_put_str(&w->b, keys[i]);
		if (i == 2)
			dcbor_put_bytes(&w->b, inner.data, inner.len);
		else
			(void)cseal_buf_add(&w->b, inner.data, inner.len);
		give(w->h, what, &w->b);
	}
}

void
maker_hostile_wrapped(const struct maker_hostile *h)
{
	struct wrapping w = { .h = h };
	const struct maker_hostile statements = { wrap_statement, &w };
	const struct maker_hostile strings = { wrap_string, &w };

	cseal_buf_init(&w.b, 0);
	all_cbor(&statements, INNER);
	all_cbor(&strings, INNER);
	cseal_buf_free(&w.b);
}

/* ---- the largest that is right ---- */

static void
put_many_persons(struct cseal_buf *b, uint64_t n)
{
	dcbor_put_array(b, n);
	for (unsigned i = 0; i < n; i++) {
		dcbor_put_array(b, 2);
		dcbor_put_str(b, "a");
		dcbor_put_array(b, 16);
		for (unsigned k = 0; k < 16; k++)
			dcbor_put_str(b, "a");
	}
}

static void
put_many_keys(struct cseal_buf *b, uint64_t n)
{
	static const uint8_t bytes[40];

	dcbor_put_array(b, n);
	for (unsigned i = 0; i < n; i++) {
		dcbor_put_map(b, 6);
		dcbor_put_uint(b, 1);
		dcbor_put_str(b, "a");
		dcbor_put_uint(b, 2);
		dcbor_put_bytes(b, bytes, 1);
		dcbor_put_uint(b, 3);
		dcbor_put_bytes(b, bytes, 1);
		dcbor_put_uint(b, 4);
		dcbor_put_array(b, 3);
		dcbor_put_bytes(b, bytes, 37);
		dcbor_put_bytes(b, bytes, 1);
		dcbor_put_bytes(b, bytes, 1);
		dcbor_put_uint(b, 5);
		dcbor_put_array(b, 4);
		dcbor_put_uint(b, 0);
		dcbor_put_null(b);
		dcbor_put_null(b);
		dcbor_put_uint(b, 0);
		dcbor_put_uint(b, 7);
		dcbor_put_bytes(b, bytes, 16);
	}
}

void
maker_hostile_largest(const struct maker_hostile *h)
{
	static const uint8_t nonce[CSEAL_NONCE_BYTES];
	struct cseal_buf b, filler;

	cseal_buf_init(&b, 0);
	cseal_buf_init(&filler, 0);
	put_envelope(&b, CSEAL_GENESIS);
	dcbor_put_map(&b, 8);
	dcbor_put_uint(&b, 1);
	dcbor_put_str(&b, "a");
	dcbor_put_uint(&b, 2);
	dcbor_put_str(&b, "a");
	dcbor_put_uint(&b, 3);
	put_many_persons(&b, 256);
	dcbor_put_uint(&b, 4);
	put_many_keys(&b, 256);
	dcbor_put_uint(&b, 5);
	dcbor_put_array(&b, 2);
	dcbor_put_uint(&b, 1);
	(void)cseal_buf_add_u8(&filler, 'a');
	repeat(&filler, (const uint8_t *)"a", 1,
	    INNER - b.len > CSEAL_POLICY_MAX ? CSEAL_POLICY_MAX
					     : INNER - b.len);
	dcbor_put_text(&b, filler.data, filler.len);
	dcbor_put_uint(&b, 6);
	dcbor_put_null(&b);
	dcbor_put_uint(&b, 7);
	dcbor_put_bool(&b, true);
	dcbor_put_uint(&b, 8);
	dcbor_put_bytes(&b, nonce, sizeof(nonce));
	/* Genesis alone has no ledger id. */
	memmove(b.data + 6, b.data + 6 + 33, b.len - 6 - 33);
	b.data[5] = 0x03;
	b.data[6] = 0xf6;
	b.len -= 33;
	cseal_buf_reset(&filler);
	dcbor_put_array(&filler, 4);
	dcbor_put_bytes(&filler, b.data, b.len);
	give(h, "genesis of 256 persons and 256 keys", &b);
	repeat(&b, nonce, 1, 37);
	for (unsigned i = 0; i < 3; i++)
		dcbor_put_bytes(&filler, b.data, b.len);
	give(h, "an entry of them", &filler);
	cseal_buf_free(&b);
	cseal_buf_free(&filler);
}

/* ---- good bytes, spoilt ---- */

void
maker_hostile_spoilt(const struct maker_hostile *h, struct cseal_slice good)
{
	static const uint8_t heads[] = { 0x5b, 0x7b, 0x9b, 0xbb, 0x9a, 0xba,
		0xdb, 0x9f, 0x81 };
	char what[64];
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < good.len * COUNT(heads); i++) {
		size_t at = i / COUNT(heads);
		uint8_t head = heads[i % COUNT(heads)];

		(void)cseal_buf_add(&b, good.data, at);
		(void)cseal_buf_add_u8(&b, head);
		for (unsigned k = 0; k < 8; k++)
			(void)cseal_buf_add_u8(&b, head == 0x81 ? head : 0xff);
		if (good.len > b.len)
			(void)cseal_buf_add(
			    &b, good.data + b.len, good.len - b.len);
		(void)snprintf(
		    what, sizeof(what), "0x%02x at byte %zu", head, at);
		give(h, what, &b);
	}
	cseal_buf_free(&b);
}

/* ---- lines ---- */

static void
repeated_lines(const struct maker_hostile *h)
{
	static const char *const rows[] = { "\n", "\r\n", "; a\n", "a\n", "[\n",
		"[]\n", "[ledger]\n", "[store *]\n", "[store a]\n", " = \n",
		"a = b\n", "slots = payout\n", ": \n", "a: b\n", "iban: DE00\n",
		"iban: DE89370400440532013000\n", "holder: a\n",
		"kind: payout.iban\n", "reason: a\n", "#\n", "\t \t\n",
		"email: a@b.example\n", "\xef\xbb\xbf", "\xf0\x9f\x94\x91",
		"holder: \xf0\x9f\x94\x91", "iban: ", "[store ", "e\xcc\x81" };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t to = CSEAL_POLICY_MAX; to <= MAKER_HOSTILE_BYTES;
		     to *= 2) {
			repeat(
			    &b, (const uint8_t *)rows[i], strlen(rows[i]), to);
			give(h, rows[i], &b);
		}
	}
	cseal_buf_free(&b);
}

/* One value as long as a file may be, or as a line of a policy may be. */
static void
long_lines(const struct maker_hostile *h)
{
	static const char *const rows[] = { "[store ", "[change ",
		"slots = ", "by = ", "approvals = 1 ",
		"request lives = ", "iban: ", "holder: ", "email: ",
		"bank_name: ", "reason: ", "bic: ", "currency: ", "; ", "# " };
	static const char *const fillers[] = { "a", "1", " ", "a ", "=", ".",
		"@", "-", "\xf0\x9f\x94\x91", "e\xcc\x81", "\x01", "\xff" };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < COUNT(rows) * COUNT(fillers); i++) {
		const char *filler = fillers[i % COUNT(fillers)];
		const char *row = rows[i / COUNT(fillers)];

		(void)cseal_buf_add_str(&b, row);
		repeat(&b, (const uint8_t *)filler, strlen(filler), 1000);
		(void)cseal_buf_add_str(&b, "\n");
		give(h, row, &b);
		(void)cseal_buf_add_str(&b, row);
		repeat(&b, (const uint8_t *)filler, strlen(filler),
		    MAKER_HOSTILE_BYTES - 1);
		(void)cseal_buf_add_str(&b, "\n");
		give(h, row, &b);
	}
	cseal_buf_free(&b);
}

/* A policy of as many stores as there is room for. */
static void
many_stores(const struct maker_hostile *h)
{
	struct cseal_buf b;
	unsigned i = 0;

	cseal_buf_init(&b, 0);
	while (b.len + 40 < CSEAL_POLICY_MAX)
		(void)cseal_buf_printf(
		    &b, "[store a%u]\nslots = payout\n", i++);
	give(h, "a store after the other", &b);
	for (i = 0; i < 1000; i++)
		(void)cseal_buf_printf(&b, "[store a%u]\nslots = payout\n", i);
	give(h, "1000 stores", &b);
	cseal_buf_free(&b);
}

void
maker_hostile_lines(const struct maker_hostile *h)
{
	repeated_lines(h);
	long_lines(h);
	many_stores(h);
}
