/* SPDX-License-Identifier: BSD-2-Clause */

#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

/* The state of one parse: the reader, and where it is for a sentence. */
struct parse {
	struct dcbor_reader *r;
	struct schema_where *where;
	int err;
};

static void
fail(struct parse *p, int code, const struct schema *s, const char *member)
{
	if (p->err != CSEAL_OK)
		return;
	p->err = code;
	if (p->where != NULL) {
		p->where->record = s->name;
		p->where->member = member;
	}
}

static void *
at(void *base, size_t offset)
{
	return (uint8_t *)base + offset;
}

static const void *
at_const(const void *base, size_t offset)
{
	return (const uint8_t *)base + offset;
}

static bool
has_flag(const struct schema_member *m)
{
	return m->presence != SCHEMA_REQUIRED && m->type != SCHEMA_TRUE;
}

static bool
is_present(const struct schema_member *m, const void *in)
{
	if (m->type == SCHEMA_TRUE)
		return *(const bool *)at_const(in, m->offset);
	if (!has_flag(m))
		return true;
	return *(const bool *)at_const(in, m->flag);
}

static bool
text_is_plain(struct cseal_slice s, bool prose)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.data[i];

		if (prose && (c == '\n' || c == '\t'))
			continue;
		if (c < 0x20 || c == 0x7f)
			return false;
		/* C1 controls, which some terminals obey: U+0080 to U+009F. */
		if (c == 0xc2 && i + 1 < s.len && s.data[i + 1] < 0xa0)
			return false;
	}
	return true;
}

/* One row's rule over a string, for the parser and the encoder alike. */
static bool
string_fits(const struct schema_member *m, struct cseal_slice s)
{
	if (s.len < m->min || s.len > m->max)
		return false;
	if (m->type == SCHEMA_TEXT)
		return text_is_plain(s, false);
	if (m->type == SCHEMA_PROSE)
		return text_is_plain(s, true);
	if (m->type == SCHEMA_HANDLE && s.len > 0)
		return cseal_text_is_handle((const char *)s.data, s.len);
	return true;
}

static int
uint_fits(const struct schema_member *m, uint64_t v)
{
	if (v < m->min)
		return CSEAL_ERR_FORMAT;
	if (v > m->max)
		return m->enumerated ? CSEAL_ERR_NEWER : CSEAL_ERR_FORMAT;
	return CSEAL_OK;
}

static bool
int_fits(const struct schema_member *m, int64_t v)
{
	int64_t max = (int64_t)m->max;

	return v >= -max && v <= max;
}

static void parse_record(struct parse *p, const struct schema *s, void *out);

static void
parse_string(struct parse *p, const struct schema *s,
    const struct schema_member *m, void *out)
{
	struct cseal_slice v;

	if (m->type == SCHEMA_ANY)
		v = dcbor_get_any(p->r);
	else if (m->type == SCHEMA_BYTES || m->type == SCHEMA_FIXED)
		v = dcbor_get_bytes(p->r);
	else
		v = dcbor_get_text(p->r);
	if (p->r->err != CSEAL_OK)
		return;
	if (m->type == SCHEMA_FIXED) {
		if (v.len == m->max)
			memcpy(at(out, m->offset), v.data, v.len);
		else
			fail(p, CSEAL_ERR_FORMAT, s, m->name);
		return;
	}
	if (!string_fits(m, v))
		fail(p, CSEAL_ERR_FORMAT, s, m->name);
	memcpy(at(out, m->offset), &v, sizeof(v));
}

static void
parse_number(struct parse *p, const struct schema *s,
    const struct schema_member *m, void *out)
{
	uint64_t u;
	int64_t i;
	int r;

	if (m->type == SCHEMA_INT) {
		i = dcbor_get_int(p->r);
		if (!int_fits(m, i))
			fail(p, CSEAL_ERR_FORMAT, s, m->name);
		memcpy(at(out, m->offset), &i, sizeof(i));
		return;
	}
	u = dcbor_get_uint(p->r);
	if (p->r->err == CSEAL_OK && (r = uint_fits(m, u)) != CSEAL_OK)
		fail(p, r, s, m->name);
	memcpy(at(out, m->offset), &u, sizeof(u));
}

static void
parse_bool(struct parse *p, const struct schema *s,
    const struct schema_member *m, void *out)
{
	bool v = dcbor_get_bool(p->r);

	if (m->type == SCHEMA_TRUE && !v)
		fail(p, CSEAL_ERR_FORMAT, s, m->name);
	memcpy(at(out, m->offset), &v, sizeof(v));
}

/*
 * A list or a dict. The reader has checked the count against the bytes that
 * are left, and the row's maximum bounds the memory.
 */
static void
parse_list(struct parse *p, const struct schema *s,
    const struct schema_member *m, void *out)
{
	struct dcbor_map map = { 0, NULL, 0 };
	uint64_t n;
	uint8_t *items;

	if (m->type == SCHEMA_DICT) {
		dcbor_get_map(p->r, &map);
		n = map.left;
	} else {
		n = dcbor_get_array(p->r);
	}
	if (p->r->err == CSEAL_OK && (n < m->min || n > m->max))
		fail(p, CSEAL_ERR_FORMAT, s, m->name);
	if (p->r->err != CSEAL_OK || p->err != CSEAL_OK || n == 0)
		return;
	items = calloc((size_t)n, m->sub->size);
	if (items == NULL) {
		fail(p, CSEAL_ERR_NOMEM, s, m->name);
		return;
	}
	memcpy(at(out, m->offset), &items, sizeof(items));
	for (size_t i = 0; i < n; i++) {
		size_t count = i + 1;
		size_t from = p->r->off;

		memcpy(at(out, m->count), &count, sizeof(count));
		if (m->type == SCHEMA_DICT) {
			/* Order of keys; then both members are read again. */
			(void)dcbor_map_more(p->r, &map);
			if (m->sub->members[0].type == SCHEMA_UINT)
				(void)dcbor_map_key_uint(p->r, &map);
			else
				(void)dcbor_map_key_text(p->r, &map);
			p->r->off = from;
		}
		parse_record(p, m->sub, items + i * m->sub->size);
		if (p->r->err != CSEAL_OK || p->err != CSEAL_OK)
			return;
	}
}

static void
parse_member(struct parse *p, const struct schema *s,
    const struct schema_member *m, void *out)
{
	bool present = true;

	if (m->presence == SCHEMA_NULL && dcbor_peek(p->r) == DCBOR_NULL) {
		dcbor_get_null(p->r);
		return;
	}
	if (has_flag(m))
		memcpy(at(out, m->flag), &present, sizeof(present));
	switch (m->type) {
	case SCHEMA_UINT:
	case SCHEMA_INT: parse_number(p, s, m, out); break;
	case SCHEMA_BOOL:
	case SCHEMA_TRUE: parse_bool(p, s, m, out); break;
	case SCHEMA_BYTES:
	case SCHEMA_TEXT:
	case SCHEMA_PROSE:
	case SCHEMA_HANDLE:
	case SCHEMA_FIXED:
	case SCHEMA_ANY: parse_string(p, s, m, out); break;
	case SCHEMA_SUB: parse_record(p, m->sub, at(out, m->offset)); break;
	case SCHEMA_LIST:
	case SCHEMA_DICT: parse_list(p, s, m, out); break;
	}
	if (p->r->err != CSEAL_OK)
		fail(p, CSEAL_ERR_FORMAT, s, m->name);
}

static void
parse_map(struct parse *p, const struct schema *s, void *out)
{
	struct dcbor_map map;
	size_t next = 0;

	dcbor_get_map(p->r, &map);
	while (p->err == CSEAL_OK && dcbor_map_more(p->r, &map)) {
		uint64_t key = dcbor_map_key_uint(p->r, &map);

		while (next < s->n && s->members[next].key < key &&
		       s->members[next].presence == SCHEMA_OPTIONAL)
			next++;
		if (p->r->err != CSEAL_OK)
			break;
		if (next == s->n || s->members[next].key > key) {
			fail(p, CSEAL_ERR_NEWER, s, "an unknown key");
			return;
		}
		if (s->members[next].key < key) {
			fail(p, CSEAL_ERR_FORMAT, s, s->members[next].name);
			return;
		}
		parse_member(p, s, &s->members[next++], out);
	}
	if (p->r->err != CSEAL_OK)
		fail(p, CSEAL_ERR_FORMAT, s, "the map");
	for (; p->err == CSEAL_OK && next < s->n; next++) {
		if (s->members[next].presence != SCHEMA_OPTIONAL)
			fail(p, CSEAL_ERR_FORMAT, s, s->members[next].name);
	}
}

static void
parse_record(struct parse *p, const struct schema *s, void *out)
{
	uint64_t n = s->n;

	memset(out, 0, s->size);
	if (s->shape == SCHEMA_MAP) {
		parse_map(p, s, out);
		return;
	}
	if (s->shape == SCHEMA_ARRAY) {
		n = dcbor_get_array(p->r);
		if (p->r->err != CSEAL_OK || n != s->n) {
			fail(p, CSEAL_ERR_FORMAT, s, "the array");
			return;
		}
	}
	for (size_t i = 0; i < s->n && p->err == CSEAL_OK; i++)
		parse_member(p, s, &s->members[i], out);
}

int
schema_parse(const struct schema *s, struct dcbor_reader *r, void *out,
    struct schema_where *where)
{
	struct parse p = { r, where, CSEAL_OK };

	parse_record(&p, s, out);
	if (p.err == CSEAL_OK)
		p.err = r->err;
	if (p.err != CSEAL_OK)
		schema_free(s, out);
	return p.err;
}

int
schema_parse_all(const struct schema *s, struct cseal_slice bytes, void *out,
    struct schema_where *where)
{
	struct dcbor_reader r;
	int err;

	dcbor_reader_init(&r, bytes.data, bytes.len);
	err = schema_parse(s, &r, out, where);
	if (err != CSEAL_OK)
		return err;
	err = dcbor_reader_end(&r);
	if (err != CSEAL_OK) {
		if (where != NULL) {
			where->record = s->name;
			where->member = "the bytes behind its end";
		}
		schema_free(s, out);
	}
	return err;
}

static int encode_record(
    const struct schema *s, struct cseal_buf *b, const void *in);

static int
encode_string(
    const struct schema_member *m, struct cseal_buf *b, const void *in)
{
	struct cseal_slice v;

	if (m->type == SCHEMA_FIXED) {
		dcbor_put_bytes(b, at_const(in, m->offset), (size_t)m->max);
		return CSEAL_OK;
	}
	memcpy(&v, at_const(in, m->offset), sizeof(v));
	if (!string_fits(m, v))
		return CSEAL_ERR_FORMAT;
	if (m->type == SCHEMA_ANY)
		(void)cseal_buf_add(b, v.data, v.len);
	else if (m->type == SCHEMA_BYTES)
		dcbor_put_bytes(b, v.data, v.len);
	else
		dcbor_put_text(b, v.data, v.len);
	return CSEAL_OK;
}

/* Compares the key just encoded at `from` with the one before it. */
static bool
key_rises(const struct cseal_buf *b, size_t last, size_t last_end, size_t from)
{
	struct dcbor_reader r;
	struct cseal_slice a, k;

	dcbor_reader_init(&r, b->data + from, b->len - from);
	k = dcbor_get_any(&r);
	dcbor_reader_init(&r, b->data + last, last_end - last);
	a = dcbor_get_any(&r);
	return dcbor_key_compare(a, k) < 0;
}

static int
encode_list(const struct schema_member *m, struct cseal_buf *b, const void *in)
{
	const uint8_t *items;
	size_t n, last = 0, from = 0;
	int r;

	memcpy(&items, at_const(in, m->offset), sizeof(items));
	memcpy(&n, at_const(in, m->count), sizeof(n));
	if (n < m->min || n > m->max)
		return CSEAL_ERR_FORMAT;
	if (m->type == SCHEMA_DICT)
		dcbor_put_map(b, n);
	else
		dcbor_put_array(b, n);
	for (size_t i = 0; i < n; i++, last = from) {
		from = b->len;
		r = encode_record(m->sub, b, items + i * m->sub->size);
		if (r != CSEAL_OK || b->err != CSEAL_OK)
			return r;
		if (m->type == SCHEMA_DICT && i > 0 &&
		    !key_rises(b, last, from, from))
			return CSEAL_ERR_FORMAT;
	}
	return CSEAL_OK;
}

static int
encode_number(
    const struct schema_member *m, struct cseal_buf *b, const void *in)
{
	uint64_t u;
	int64_t i;

	if (m->type == SCHEMA_INT) {
		memcpy(&i, at_const(in, m->offset), sizeof(i));
		if (!int_fits(m, i))
			return CSEAL_ERR_FORMAT;
		dcbor_put_int(b, i);
		return CSEAL_OK;
	}
	memcpy(&u, at_const(in, m->offset), sizeof(u));
	if (uint_fits(m, u) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	dcbor_put_uint(b, u);
	return CSEAL_OK;
}

static int
encode_member(
    const struct schema_member *m, struct cseal_buf *b, const void *in)
{
	if (!is_present(m, in)) {
		dcbor_put_null(b);
		return CSEAL_OK;
	}
	switch (m->type) {
	case SCHEMA_UINT:
	case SCHEMA_INT: return encode_number(m, b, in);
	case SCHEMA_BOOL:
	case SCHEMA_TRUE:
		dcbor_put_bool(b, *(const bool *)at_const(in, m->offset));
		return CSEAL_OK;
	case SCHEMA_BYTES:
	case SCHEMA_TEXT:
	case SCHEMA_PROSE:
	case SCHEMA_HANDLE:
	case SCHEMA_FIXED:
	case SCHEMA_ANY: return encode_string(m, b, in);
	case SCHEMA_SUB:
		return encode_record(m->sub, b, at_const(in, m->offset));
	case SCHEMA_LIST:
	case SCHEMA_DICT: return encode_list(m, b, in);
	}
	return CSEAL_ERR_INTERNAL;
}

static bool
is_left_out(const struct schema_member *m, const void *in)
{
	return m->presence == SCHEMA_OPTIONAL && !is_present(m, in);
}

static int
encode_record(const struct schema *s, struct cseal_buf *b, const void *in)
{
	uint64_t n = 0;
	int r;

	for (size_t i = 0; i < s->n; i++)
		n += is_left_out(&s->members[i], in) ? 0 : 1;
	if (s->shape == SCHEMA_MAP)
		dcbor_put_map(b, n);
	else if (s->shape == SCHEMA_ARRAY)
		dcbor_put_array(b, n);
	for (size_t i = 0; i < s->n; i++) {
		if (is_left_out(&s->members[i], in))
			continue;
		if (s->shape == SCHEMA_MAP)
			dcbor_put_uint(b, s->members[i].key);
		r = encode_member(&s->members[i], b, in);
		if (r != CSEAL_OK)
			return r;
	}
	return CSEAL_OK;
}

int
schema_encode(const struct schema *s, struct cseal_buf *b, const void *in)
{
	int r = encode_record(s, b, in);

	return r != CSEAL_OK ? r : cseal_buf_error(b);
}

void
schema_free(const struct schema *s, void *in)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct schema_member *m = &s->members[i];
		uint8_t *items;
		size_t n;

		if (m->type == SCHEMA_SUB)
			schema_free(m->sub, at(in, m->offset));
		if (m->type != SCHEMA_LIST && m->type != SCHEMA_DICT)
			continue;
		memcpy(&items, at(in, m->offset), sizeof(items));
		memcpy(&n, at(in, m->count), sizeof(n));
		for (size_t k = 0; k < n && items != NULL; k++)
			schema_free(m->sub, items + k * m->sub->size);
		free(items);
		items = NULL;
		n = 0;
		memcpy(at(in, m->offset), &items, sizeof(items));
		memcpy(at(in, m->count), &n, sizeof(n));
	}
}
