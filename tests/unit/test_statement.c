/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements of every kind with content drawn from their own tables: what is
 * encoded is parsed and encoded to the same bytes, and no other bytes are.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dcbor.h"
#include "records.h"
#include "vec.h"

#define ROUNDS	  40
#define FLIPPED	  6 /* rounds of which every bit is turned */
#define TEXT_MAX  60
#define BYTES_MAX 80
#define LIST_MAX  3

/* Numbers that a seed determines (splitmix64), and the memory of a round. */
struct random {
	uint64_t state;
	struct vec memory;
};

static uint64_t
draw(struct random *r, uint64_t below)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	z ^= z >> 31;
	return below == 0 ? z : z % below;
}

static void *
memory(struct random *r, size_t n)
{
	void *p = vec_add(&r->memory, n + 1);

	assert_non_null(p);
	return p;
}

static size_t
length(struct random *r, const struct schema_member *m, size_t most)
{
	uint64_t max = m->max < most ? m->max : most;

	return (
	    size_t)(m->min + (max > m->min ? draw(r, max - m->min + 1) : 0));
}

/* Bounds, and numbers at which their encoding grows. */
static uint64_t
draw_uint(struct random *r, const struct schema_member *m)
{
	static const uint64_t edges[] = { 23, 24, 255, 256, 65535, 65536,
		UINT32_MAX, (uint64_t)UINT32_MAX + 1 };
	uint64_t v = edges[draw(r, sizeof(edges) / sizeof(edges[0]))];

	if (m->max - m->min < 16)
		return m->min + draw(r, m->max - m->min + 1);
	if (v < m->min || v > m->max || draw(r, 4) == 0)
		return draw(r, 2) == 0 ? m->min : m->max;
	return v;
}

static struct cseal_slice
draw_text(struct random *r, const struct schema_member *m)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	struct cseal_slice s = { NULL, length(r, m, TEXT_MAX) };
	char *p = memory(r, s.len);

	for (size_t i = 0; i < s.len; i++)
		p[i] = letters[draw(r, i == 0 ? 26 : sizeof(letters) - 1)];
	/* U+00E9, where the row allows it. */
	if (m->type != SCHEMA_HANDLE && s.len >= 4 && draw(r, 2) == 0)
		memcpy(p + 1, "\xc3\xa9", 2);
	if (m->type == SCHEMA_PROSE && s.len >= 4)
		p[3] = '\n';
	s.data = (const uint8_t *)p;
	return s;
}

static struct cseal_slice
draw_bytes(struct random *r, size_t n)
{
	uint8_t *p = memory(r, n);
	struct cseal_slice s = { p, n };

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)draw(r, 256);
	return s;
}

static struct cseal_slice
keep(struct random *r, struct cseal_buf *b)
{
	uint8_t *p = memory(r, b->len);
	struct cseal_slice s = { p, b->len };

	assert_int_equal(cseal_buf_error(b), CSEAL_OK);
	memcpy(p, b->data, b->len);
	cseal_buf_free(b);
	return s;
}

/* Any item; facts, which stand in such a place, are drawn by themselves. */
static struct cseal_slice
draw_any(struct random *r)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	dcbor_put_array(&b, 2);
	dcbor_put_uint(&b, draw(r, 0));
	dcbor_put_map(&b, 1);
	dcbor_put_str(&b, "k");
	dcbor_put_bool(&b, draw(r, 2) == 0);
	return keep(r, &b);
}

static struct cseal_slice
draw_facts(struct random *r)
{
	struct cseal_facts f = { .domain = (uint8_t)draw(r, 4) };
	struct cseal_buf b;

	if (draw(r, 2) == 0)
		memcpy(f.country, "DE", 3);
	if (draw(r, 2) == 0)
		memcpy(f.bank_code, "BIC:COBADEFF", 13);
	f.line = (uint8_t)draw(r, 4);
	f.has_percent = draw(r, 2) == 0;
	f.percent = f.has_percent ? (uint8_t)draw(r, 101) : 0;
	f.has_enabled = draw(r, 2) == 0;
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_facts_encode(&b, &f), CSEAL_OK);
	return keep(r, &b);
}

static void fill(struct random *r, const struct schema *s, void *out);

static uint8_t *
at(void *base, size_t offset)
{
	return (uint8_t *)base + offset;
}

/* Keys of a dict must rise: numbers do, and names of one length that do. */
static void
fill_key(struct random *r, const struct schema *pair, void *item, size_t i)
{
	const struct schema_member *m = &pair->members[0];
	uint64_t number = m->min + i;
	char name[8];
	struct cseal_slice s = { NULL, 3 };

	if (m->type == SCHEMA_UINT) {
		memcpy(at(item, m->offset), &number, sizeof(number));
		return;
	}
	snprintf(name, sizeof(name), "k%02u", (unsigned)(i % 100));
	s.data = memcpy(memory(r, 3), name, 3);
	memcpy(at(item, m->offset), &s, sizeof(s));
}

static void
fill_list(struct random *r, const struct schema_member *m, void *out)
{
	size_t n = length(r, m, LIST_MAX);
	uint8_t *items = memory(r, n * m->sub->size);

	for (size_t i = 0; i < n; i++) {
		fill(r, m->sub, items + i * m->sub->size);
		if (m->type == SCHEMA_DICT)
			fill_key(r, m->sub, items + i * m->sub->size, i);
	}
	memcpy(at(out, m->offset), &items, sizeof(items));
	memcpy(at(out, m->count), &n, sizeof(n));
}

static void
fill_slice(struct random *r, const struct schema_member *m, void *out)
{
	struct cseal_slice s;

	if (m->type == SCHEMA_BYTES)
		s = draw_bytes(r, length(r, m, BYTES_MAX));
	else if (m->type == SCHEMA_ANY && strcmp(m->name, "facts") == 0)
		s = draw_facts(r);
	else if (m->type == SCHEMA_ANY)
		s = draw_any(r);
	else
		s = draw_text(r, m);
	memcpy(at(out, m->offset), &s, sizeof(s));
}

static void
fill_member(struct random *r, const struct schema_member *m, void *out)
{
	bool yes = draw(r, 2) == 0;
	uint64_t u;
	int64_t i;

	if (m->presence != SCHEMA_REQUIRED && m->type != SCHEMA_TRUE) {
		memcpy(at(out, m->flag), &yes, sizeof(yes));
		if (!yes)
			return;
	}
	switch (m->type) {
	case SCHEMA_UINT:
		u = draw_uint(r, m);
		/* A check's own; every one has these. */
		if (strcmp(m->name, "result") == 0)
			u = 1 + u % 3;
		memcpy(at(out, m->offset), &u, sizeof(u));
		break;
	case SCHEMA_INT:
		i = (int64_t)draw(r, 2 * m->max + 1) - (int64_t)m->max;
		memcpy(at(out, m->offset), &i, sizeof(i));
		break;
	case SCHEMA_BOOL:
	case SCHEMA_TRUE: memcpy(at(out, m->offset), &yes, sizeof(yes)); break;
	case SCHEMA_FIXED:
		memcpy(at(out, m->offset), draw_bytes(r, m->max).data,
		    (size_t)m->max);
		break;
	case SCHEMA_SUB: fill(r, m->sub, at(out, m->offset)); break;
	case SCHEMA_LIST:
	case SCHEMA_DICT: fill_list(r, m, out); break;
	default: fill_slice(r, m, out); break;
	}
}

static void
fill(struct random *r, const struct schema *s, void *out)
{
	for (size_t i = 0; i < s->n; i++)
		fill_member(r, &s->members[i], out);
}

/* A statement of that kind; its lists are the round's memory. */
static void
make(struct random *r, uint64_t kind, struct cseal_statement *st)
{
	bool about = (kind >= CSEAL_APPROVE && kind <= CSEAL_APPLY) ||
		     kind == CSEAL_ERASE;

	memset(st, 0, sizeof(*st));
	fill(r, &record_envelope, st);
	st->version = CSEAL_FORMAT_VERSION;
	st->kind = kind;
	st->has_ledger = kind != CSEAL_GENESIS;
	if (kind < CSEAL_IGNORED_FROM) {
		st->has_thread = about;
		fill(r, record_payload(kind), &st->u);
	} else {
		st->u.ignored = draw_any(r);
	}
}

static void
assert_same_again(const uint8_t *p, size_t n)
{
	struct cseal_slice bytes = { p, n };
	struct cseal_statement st;
	struct cseal_error err = { 0 };
	struct cseal_buf again;

	cseal_buf_init(&again, 0);
	if (cseal_statement_parse(&st, bytes, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	assert_int_equal(cseal_statement_encode(&again, &st), CSEAL_OK);
	assert_int_equal(again.len, n);
	assert_memory_equal(again.data, p, n);
	cseal_buf_free(&again);
	cseal_statement_free(&st);
}

/* Refused, or another statement whose own bytes these are. */
static void
assert_no_second_form(const uint8_t *p, size_t n, struct cseal_buf *again)
{
	struct cseal_slice bytes = { p, n };
	struct cseal_statement st;
	int r = cseal_statement_parse(&st, bytes, NULL);

	if (r != CSEAL_OK) {
		assert_true(r == CSEAL_ERR_FORMAT || r == CSEAL_ERR_NEWER);
		cseal_statement_free(&st);
		return;
	}
	cseal_buf_reset(again);
	assert_int_equal(cseal_statement_encode(again, &st), CSEAL_OK);
	assert_int_equal(again->len, n);
	assert_memory_equal(again->data, p, n);
	cseal_statement_free(&st);
}

static void
flip_every_bit(struct cseal_buf *b, struct cseal_buf *again)
{
	for (size_t i = 0; i < b->len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			b->data[i] ^= (uint8_t)(1u << bit);
			assert_no_second_form(b->data, b->len, again);
			b->data[i] ^= (uint8_t)(1u << bit);
		}
	}
}

static void
cut_everywhere(const struct cseal_buf *b)
{
	struct cseal_statement st;

	for (size_t n = 0; n < b->len; n++) {
		struct cseal_slice bytes = { b->data, n };

		assert_int_equal(
		    cseal_statement_parse(&st, bytes, NULL), CSEAL_ERR_FORMAT);
	}
}

static void
try_kind(uint64_t kind)
{
	struct random r = { .state = kind };
	struct cseal_statement st;
	struct cseal_buf b, again;

	cseal_buf_init(&b, 0);
	cseal_buf_init(&again, 0);
	for (int round = 0; round < ROUNDS; round++) {
		make(&r, kind, &st);
		cseal_buf_reset(&b);
		assert_int_equal(cseal_statement_encode(&b, &st), CSEAL_OK);
		assert_same_again(b.data, b.len);
		if (round < FLIPPED) {
			flip_every_bit(&b, &again);
			cut_everywhere(&b);
		}
		vec_free(&r.memory, NULL);
	}
	cseal_buf_free(&b);
	cseal_buf_free(&again);
}

static void
test_round_trip(void **state)
{
	(void)state;
	for (uint64_t kind = CSEAL_GENESIS; record_payload(kind) != NULL;
	     kind++)
		try_kind(kind);
	try_kind(CSEAL_IGNORED_FROM);
	try_kind(UINT64_MAX);
}

/* ---- what rows alone cannot say ---- */

static int
parse_made(const struct cseal_statement *st, struct cseal_error *err)
{
	struct cseal_statement again;
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_statement_encode(&b, st), CSEAL_OK);
	r = cseal_statement_parse(&again, cseal_buf_slice(&b), err);
	cseal_statement_free(&again);
	cseal_buf_free(&b);
	return r;
}

static void
test_ledger_id(void **state)
{
	struct random r = { .state = 1 };
	struct cseal_error err = { 0 };
	struct cseal_statement st;

	(void)state;
	make(&r, CSEAL_GENESIS, &st);
	st.has_ledger = true;
	assert_int_equal(parse_made(&st, &err), CSEAL_ERR_FORMAT);
	assert_non_null(strstr(err.what, "ledger-id"));
	make(&r, CSEAL_JOIN, &st);
	st.has_ledger = false;
	assert_int_equal(parse_made(&st, &err), CSEAL_ERR_FORMAT);
	make(&r, CSEAL_IGNORED_FROM, &st);
	st.has_ledger = false;
	assert_int_equal(parse_made(&st, &err), CSEAL_ERR_FORMAT);
	vec_free(&r.memory, NULL);
}

static void
test_thread(void **state)
{
	struct random r = { .state = 2 };
	struct cseal_error err = { 0 };
	struct cseal_statement st;

	(void)state;
	for (uint64_t kind = CSEAL_GENESIS; record_payload(kind) != NULL;
	     kind++) {
		make(&r, kind, &st);
		st.has_thread = !st.has_thread;
		assert_int_equal(parse_made(&st, &err), CSEAL_ERR_FORMAT);
		assert_non_null(strstr(err.what, "thread"));
	}
	vec_free(&r.memory, NULL);
}

static void
test_facts(void **state)
{
	static const uint8_t newer[] = { 0xa1, 0x0c, 0x00 }, null[] = { 0xf6 };
	struct random r = { .state = 3 };
	struct cseal_error err = { 0 };
	struct cseal_statement st;

	(void)state;
	make(&r, CSEAL_REQUEST, &st);
	st.u.request.facts.data = newer;
	st.u.request.facts.len = sizeof(newer);
	assert_int_equal(parse_made(&st, &err), CSEAL_ERR_NEWER);
	make(&r, CSEAL_APPROVE, &st);
	st.u.act.facts.data = null;
	st.u.act.facts.len = sizeof(null);
	assert_int_equal(parse_made(&st, &err), CSEAL_ERR_FORMAT);
	assert_non_null(strstr(err.what, "facts"));
	vec_free(&r.memory, NULL);
}

static void
test_unknown_kind(void **state)
{
	struct random r = { .state = 4 };
	struct cseal_statement st;
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	make(&r, CSEAL_IGNORED_FROM, &st);
	for (uint64_t kind = CSEAL_ENDORSE + 1; kind < CSEAL_IGNORED_FROM;
	     kind++) {
		st.kind = kind;
		assert_int_equal(
		    cseal_statement_encode(&b, &st), CSEAL_ERR_FORMAT);
	}
	cseal_buf_free(&b);
	vec_free(&r.memory, NULL);
}

static void
test_too_long(void **state)
{
	static uint8_t zeros[65536];
	struct cseal_slice bytes = { zeros, sizeof(zeros) };
	struct cseal_statement st;

	(void)state;
	assert_int_equal(
	    cseal_statement_parse(&st, bytes, NULL), CSEAL_ERR_TOO_LARGE);
	bytes.len--;
	assert_int_equal(
	    cseal_statement_parse(&st, bytes, NULL), CSEAL_ERR_FORMAT);
}

/* ---- other records ---- */

static void
test_entry(void **state)
{
	static const struct {
		size_t statement, auth, client, signature;
		int wanted;
	} rows[] = {
		{ 1, 37, 1, 1, CSEAL_OK },
		{ 60000, 1024, 2048, 1024, CSEAL_OK },
		{ 0, 37, 1, 1, CSEAL_ERR_FORMAT },
		{ 1, 36, 1, 1, CSEAL_ERR_FORMAT },
		{ 1, 1025, 1, 1, CSEAL_ERR_FORMAT },
		{ 1, 37, 0, 1, CSEAL_ERR_FORMAT },
		{ 1, 37, 2049, 1, CSEAL_ERR_FORMAT },
		{ 1, 37, 1, 0, CSEAL_ERR_FORMAT },
		{ 1, 37, 1, 1025, CSEAL_ERR_FORMAT },
	};
	struct random r = { .state = 5 };
	struct cseal_entry e, again;
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		e.statement = draw_bytes(&r, rows[i].statement);
		e.seal.auth_data = draw_bytes(&r, rows[i].auth);
		e.seal.client_data = draw_bytes(&r, rows[i].client);
		e.seal.signature = draw_bytes(&r, rows[i].signature);
		cseal_buf_reset(&b);
		assert_int_equal(cseal_entry_encode(&b, &e), rows[i].wanted);
		cseal_buf_reset(&b);
		dcbor_put_array(&b, 4);
		dcbor_put_bytes(&b, e.statement.data, e.statement.len);
		dcbor_put_bytes(
		    &b, e.seal.auth_data.data, e.seal.auth_data.len);
		dcbor_put_bytes(
		    &b, e.seal.client_data.data, e.seal.client_data.len);
		dcbor_put_bytes(
		    &b, e.seal.signature.data, e.seal.signature.len);
		assert_int_equal(cseal_entry_parse(&again, cseal_buf_slice(&b)),
		    rows[i].wanted);
	}
	cseal_buf_free(&b);
	vec_free(&r.memory, NULL);
}

static void
test_revocation(void **state)
{
	struct cseal_revocation v = { .key = 7, .reason = 2 }, again;
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_revocation_encode(&b, &v), CSEAL_OK);
	assert_int_equal(
	    cseal_revocation_parse(&again, cseal_buf_slice(&b)), CSEAL_OK);
	assert_false(again.has_lost);
	v.has_lost = true;
	v.lost_since = UINT64_MAX;
	v.lost_size = 12;
	cseal_buf_reset(&b);
	assert_int_equal(cseal_revocation_encode(&b, &v), CSEAL_OK);
	assert_int_equal(
	    cseal_revocation_parse(&again, cseal_buf_slice(&b)), CSEAL_OK);
	assert_true(again.has_lost);
	assert_true(again.lost_since == UINT64_MAX);
	assert_int_equal(again.lost_size, 12);
	v.reason = 10;
	assert_int_not_equal(cseal_revocation_encode(&b, &v), CSEAL_OK);
	cseal_buf_free(&b);
}

static void
test_words(void **state)
{
	static const struct cseal_word *const tables[] = {
		cseal_statement_kinds, cseal_reject_reasons, cseal_reasons,
		cseal_apply_outcomes, cseal_observe_outcomes, cseal_levels,
		cseal_verdicts
	};
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct cseal_word *w = tables[i]; w->name != NULL;
		     w++) {
			assert_string_equal(
			    cseal_word_name(tables[i], w->value), w->name);
			assert_true(cseal_word_find(tables[i], w->name, &v));
			assert_int_equal(v, w->value);
		}
		assert_null(cseal_word_name(tables[i], 99));
		assert_false(cseal_word_find(tables[i], "", &v));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_ledger_id),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_unknown_kind),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
