/* SPDX-License-Identifier: BSD-2-Clause */
/* Parcels: written and read, at each limit, cut short, newer, and hostile. */

#include "parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/envelope.h"
#include "counterseal/ledger.h"

static uint8_t room[CSEAL_ENVELOPE_MAX + 1]; /* any bytes; letters */

static struct cseal_slice
bytes(size_t n)
{
	const struct cseal_slice s = { room, n };

	assert_true(n <= sizeof(room));
	return s;
}

static int
setup(void **state)
{
	(void)state;
	memset(room, 'a', sizeof(room));
	return 0;
}

/* ---- a parcel with everything ---- */

struct full {
	struct cseal_slice entries[2], sealed[2];
	struct parcel_envelope envelopes[2];
	struct parcel_refusal refusals[2];
	struct parcel p;
};

static void
fill(struct full *f)
{
	memset(f, 0, sizeof(*f));
	for (size_t i = 0; i < 2; i++) {
		f->entries[i] = bytes(i + 1);
		f->sealed[i] = bytes(i + 3);
		memset(f->envelopes[i].leaf, (int)i + 1, CSEAL_HASH_BYTES);
		f->envelopes[i].der = bytes(i + 5);
		memset(f->refusals[i].leaf, (int)i + 3, CSEAL_HASH_BYTES);
		f->refusals[i].code = bytes(i + 1);
		f->refusals[i].sentence = bytes(i + 7);
	}
	memset(f->p.ledger, 9, sizeof(f->p.ledger));
	f->p.version = 1;
	f->p.has_entries = f->p.has_sealed = f->p.has_envelopes = true;
	f->p.has_refusals = f->p.has_heard = f->p.has_question = true;
	f->p.entries = (struct parcel_entries){ 41, f->entries, 2 };
	f->p.sealed = f->sealed;
	f->p.envelopes = f->envelopes;
	f->p.refusals = f->refusals;
	f->p.n_sealed = f->p.n_envelopes = f->p.n_refusals = 2;
	f->p.heard.key = 7;
	f->p.heard.head.size = 43;
	f->p.heard.has_answer = true;
	memset(f->p.heard.answer, 5, sizeof(f->p.heard.answer));
	memset(f->p.question, 6, sizeof(f->p.question));
}

static void
encode(const struct parcel *p, struct cseal_buf *out)
{
	cseal_buf_init(out, 0);
	assert_int_equal(parcel_encode(out, p), CSEAL_OK);
}

/* What is read is written to the same bytes. */
static void
assert_same(const struct parcel *p)
{
	struct cseal_error err = { 0 };
	struct cseal_buf once, twice;
	struct parcel got;

	encode(p, &once);
	if (parcel_parse(&got, cseal_buf_slice(&once), &err) != CSEAL_OK)
		fail_msg("%s", err.what);
	encode(&got, &twice);
	assert_int_equal(once.len, twice.len);
	assert_memory_equal(once.data, twice.data, once.len);
	parcel_free(&got);
	cseal_buf_free(&once);
	cseal_buf_free(&twice);
}

static void
test_round_trip(void **state)
{
	struct parcel got;
	struct cseal_buf b;
	struct full f;

	(void)state;
	fill(&f);
	assert_same(&f.p);
	encode(&f.p, &b);
	assert_int_equal(
	    parcel_parse(&got, cseal_buf_slice(&b), NULL), CSEAL_OK);
	assert_int_equal(got.entries.first, 41);
	assert_int_equal(got.entries.n, 2);
	assert_int_equal(got.entries.list[1].len, 2);
	assert_int_equal(got.sealed[1].len, 4);
	assert_int_equal(got.envelopes[1].leaf[0], 2);
	assert_int_equal(got.envelopes[1].der.len, 6);
	assert_int_equal(got.refusals[1].sentence.len, 8);
	assert_int_equal(got.heard.key, 7);
	assert_int_equal(got.heard.head.size, 43);
	assert_true(got.heard.has_answer);
	assert_int_equal(got.heard.answer[15], 5);
	assert_int_equal(got.question[0], 6);
	parcel_free(&got);
	cseal_buf_free(&b);
}

/* Each member alone, and none of them. */
static void
test_alone(void **state)
{
	struct full f;

	(void)state;
	for (unsigned i = 0; i <= 6; i++) {
		fill(&f);
		f.p.has_entries = i == 0;
		f.p.has_sealed = i == 1;
		f.p.has_envelopes = i == 2;
		f.p.has_refusals = i == 3;
		f.p.has_heard = i == 4;
		f.p.heard.has_answer = false;
		f.p.has_question = i == 5;
		assert_same(&f.p);
	}
}

static void
test_truncated(void **state)
{
	struct cseal_slice part;
	struct parcel got;
	struct cseal_error err;
	struct cseal_buf b;
	struct full f;

	(void)state;
	fill(&f);
	encode(&f.p, &b);
	for (part = cseal_buf_slice(&b), part.len = 0; part.len < b.len;
	     part.len++) {
		/* A copy of its own size: a step beyond it is noticed. */
		uint8_t *copy = malloc(part.len + 1);
		const struct cseal_slice cut = { copy, part.len };

		assert_non_null(copy);
		memcpy(copy, part.data, part.len);
		memset(&err, 0, sizeof(err));
		assert_int_equal(
		    parcel_parse(&got, cut, &err), CSEAL_ERR_FORMAT);
		assert_non_null(strstr(err.what, "cut short"));
		free(copy);
	}
	assert_int_equal(cseal_buf_add(&b, room, 1), CSEAL_OK);
	assert_int_equal(
	    parcel_parse(&got, cseal_buf_slice(&b), &err), CSEAL_ERR_FORMAT);
	cseal_buf_free(&b);
}

/* No bit of it makes the parser read what it would not write. */
static void
test_flipped(void **state)
{
	struct cseal_buf b;
	struct full f;

	(void)state;
	fill(&f);
	encode(&f.p, &b);
	for (size_t bit = 0; bit < 8 * b.len; bit++) {
		struct cseal_buf again;
		struct parcel got;

		b.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (parcel_parse(&got, cseal_buf_slice(&b), NULL) == CSEAL_OK) {
			encode(&got, &again);
			assert_int_equal(again.len, b.len);
			assert_memory_equal(again.data, b.data, b.len);
			cseal_buf_free(&again);
			parcel_free(&got);
		}
		b.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cseal_buf_free(&b);
}

/* ---- limits, in bytes that no table of ours wrote ---- */

static void
put_bytes(struct cseal_buf *b, size_t n)
{
	dcbor_put_bytes(b, room, n);
}

static void
put_many(struct cseal_buf *b, size_t n, size_t len)
{
	dcbor_put_array(b, n);
	while (n-- > 0)
		put_bytes(b, len);
}

static void
put_entries(struct cseal_buf *b, uint64_t first, size_t n, size_t len)
{
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, first);
	put_many(b, n, len);
}

static void
put_envelopes(struct cseal_buf *b, size_t n, size_t leaf, size_t len)
{
	dcbor_put_array(b, n);
	while (n-- > 0) {
		dcbor_put_array(b, 2);
		put_bytes(b, leaf);
		put_bytes(b, len);
	}
}

static void
put_refusals(
    struct cseal_buf *b, size_t n, size_t leaf, size_t code, size_t sentence)
{
	dcbor_put_array(b, n);
	while (n-- > 0) {
		dcbor_put_array(b, 3);
		put_bytes(b, leaf);
		dcbor_put_text(b, room, code);
		dcbor_put_text(b, room, sentence);
	}
}

static void
put_heard(struct cseal_buf *b, uint64_t key, uint64_t size, size_t root,
    size_t answer)
{
	dcbor_put_array(b, 3);
	dcbor_put_uint(b, key);
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, size);
	put_bytes(b, root);
	if (answer > 0)
		put_bytes(b, answer);
	else
		dcbor_put_null(b);
}

/* One member of a parcel, by its numbers; which are what, the kind says. */
struct limit {
	uint64_t member;
	uint64_t n, a, b, c;
	bool good;
};

static void
put_member(struct cseal_buf *b, const struct limit *l)
{
	const size_t n = (size_t)l->n, x = (size_t)l->b, y = (size_t)l->c;

	switch (l->member) {
	case 3: put_entries(b, l->a, n, x); break;
	case 4: put_many(b, n, (size_t)l->a); break;
	case 5: put_envelopes(b, n, (size_t)l->a, x); break;
	case 6: put_refusals(b, n, (size_t)l->a, x, y); break;
	case 7: put_heard(b, l->a, l->n, x, y); break;
	default: put_bytes(b, n); break;
	}
}

static const struct limit limits[] = {
	/* entries: how many, first, bytes of each */
	{ 3, 0, 0, 1, 0, false },
	{ 3, 1, 0, 0, 0, false },
	{ 3, 1, 0, 1, 0, true },
	{ 3, 1, INT64_MAX, 1, 0, true },
	{ 3, 1, (uint64_t)INT64_MAX + 1, 1, 0, false },
	{ 3, 4096, 0, 1, 0, true },
	{ 3, 4097, 0, 1, 0, false },
	{ 3, 1, 0, CSEAL_ENTRY_MAX, 0, true },
	{ 3, 1, 0, CSEAL_ENTRY_MAX + 1, 0, false },
	/* sealed: how many, bytes of each */
	{ 4, 0, 1, 0, 0, false },
	{ 4, 1, 0, 0, 0, false },
	{ 4, 256, 1, 0, 0, true },
	{ 4, 257, 1, 0, 0, false },
	{ 4, 1, CSEAL_ENTRY_MAX, 0, 0, true },
	{ 4, 1, CSEAL_ENTRY_MAX + 1, 0, 0, false },
	/* envelopes: how many, bytes of the leaf, of the message */
	{ 5, 0, 32, 1, 0, false },
	{ 5, 256, 32, 1, 0, true },
	{ 5, 257, 32, 1, 0, false },
	{ 5, 1, 31, 1, 0, false },
	{ 5, 1, 33, 1, 0, false },
	{ 5, 1, 32, 0, 0, false },
	{ 5, 1, 32, CSEAL_ENVELOPE_MAX, 0, true },
	{ 5, 1, 32, CSEAL_ENVELOPE_MAX + 1, 0, false },
	/* refusals: how many, bytes of the leaf, the code, the sentence */
	{ 6, 0, 32, 1, 1, false },
	{ 6, 256, 32, 1, 1, true },
	{ 6, 257, 32, 1, 1, false },
	{ 6, 1, 31, 1, 1, false },
	{ 6, 1, 32, 0, 1, false },
	{ 6, 1, 32, 64, 1, true },
	{ 6, 1, 32, 65, 1, false },
	{ 6, 1, 32, 1, 0, false },
	{ 6, 1, 32, 1, 512, true },
	{ 6, 1, 32, 1, 513, false },
	/* heard: size, key, bytes of the root, of the answer (0: null) */
	{ 7, 0, 0, 32, 0, true },
	{ 7, INT64_MAX, INT64_MAX, 32, 16, true },
	{ 7, UINT64_MAX, 0, 32, 16, true },
	{ 7, 0, (uint64_t)INT64_MAX + 1, 32, 16, false },
	{ 7, 0, 0, 31, 16, false },
	{ 7, 0, 0, 32, 15, false },
	{ 7, 0, 0, 32, 17, false },
	/* question: its bytes */
	{ 8, 15, 0, 0, 0, false },
	{ 8, 16, 0, 0, 0, true },
	{ 8, 17, 0, 0, 0, false },
	/* a member that version 1 does not have */
	{ 9, 1, 0, 0, 0, false },
};

static void
put_head(struct cseal_buf *b, uint64_t members, uint64_t version, size_t ledger)
{
	dcbor_put_map(b, members);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, version);
	dcbor_put_uint(b, 2);
	put_bytes(b, ledger);
}

static int
parse(struct cseal_buf *b, struct cseal_error *err)
{
	struct parcel got;
	int r;

	memset(err, 0, sizeof(*err));
	assert_int_equal(cseal_buf_error(b), CSEAL_OK);
	r = parcel_parse(&got, cseal_buf_slice(b), err);
	if (r == CSEAL_OK)
		parcel_free(&got);
	else
		assert_true(err->what[0] != '\0');
	cseal_buf_free(b);
	return r;
}

static void
test_limits(void **state)
{
	struct cseal_error err;
	struct cseal_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		cseal_buf_init(&b, 0);
		put_head(&b, 3, 1, CSEAL_HASH_BYTES);
		dcbor_put_uint(&b, limits[i].member);
		put_member(&b, &limits[i]);
		if ((parse(&b, &err) == CSEAL_OK) != limits[i].good)
			fail_msg("row %zu, member %llu: %s", i,
			    (unsigned long long)limits[i].member, err.what);
	}
}

/* What cannot be read is not written either. */
static void
test_limits_written(void **state)
{
	struct cseal_buf b;
	struct full f;

	(void)state;
	cseal_buf_init(&b, 0);
	fill(&f);
	f.p.n_sealed = 0;
	assert_int_not_equal(parcel_encode(&b, &f.p), CSEAL_OK);
	cseal_buf_free(&b);
	cseal_buf_init(&b, 0);
	fill(&f);
	f.refusals[0].sentence = bytes(PARCEL_TEXT_MAX + 1);
	assert_int_not_equal(parcel_encode(&b, &f.p), CSEAL_OK);
	cseal_buf_free(&b);
}

static void
test_versions(void **state)
{
	static const struct {
		uint64_t members, version;
		size_t ledger;
		int want;
	} rows[] = {
		{ 2, 0, CSEAL_HASH_BYTES, CSEAL_ERR_FORMAT },
		{ 2, 1, CSEAL_HASH_BYTES, CSEAL_OK },
		{ 2, 2, CSEAL_HASH_BYTES, CSEAL_ERR_NEWER },
		{ 2, 1, CSEAL_HASH_BYTES - 1, CSEAL_ERR_FORMAT },
		{ 2, 1, CSEAL_HASH_BYTES + 1, CSEAL_ERR_FORMAT },
		{ 3, 1, CSEAL_HASH_BYTES, CSEAL_ERR_FORMAT }, /* cut */
	};
	struct cseal_error err;
	struct cseal_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cseal_buf_init(&b, 0);
		put_head(&b, rows[i].members, rows[i].version, rows[i].ledger);
		assert_int_equal(parse(&b, &err), rows[i].want);
	}
	/* A newer one may have members that are not known here. */
	cseal_buf_init(&b, 0);
	put_head(&b, 3, 2, CSEAL_HASH_BYTES);
	dcbor_put_uint(&b, 9);
	dcbor_put_str(&b, "news");
	assert_int_equal(parse(&b, &err), CSEAL_ERR_NEWER);
	assert_non_null(strstr(err.what, "newer counterseal"));
	/* Out of order, and twice. */
	cseal_buf_init(&b, 0);
	put_head(&b, 4, 1, CSEAL_HASH_BYTES);
	dcbor_put_uint(&b, 8);
	put_bytes(&b, 16);
	dcbor_put_uint(&b, 4);
	put_many(&b, 1, 1);
	assert_int_equal(parse(&b, &err), CSEAL_ERR_FORMAT);
	cseal_buf_init(&b, 0);
	put_head(&b, 4, 1, CSEAL_HASH_BYTES);
	for (int i = 0; i < 2; i++) {
		dcbor_put_uint(&b, 8);
		put_bytes(&b, 16);
	}
	assert_int_equal(parse(&b, &err), CSEAL_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_limits_written),
		cmocka_unit_test(test_versions),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
