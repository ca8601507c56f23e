/* SPDX-License-Identifier: BSD-2-Clause */

#include "dcbor.h"

#include <string.h>

#include <cbor.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define HEAD_MAX 9 /* initial byte and at most eight more */

/* One item as libcbor's decoder told it. */
struct item {
	enum dcbor_type type;
	uint64_t value; /* integer, length or count */
	const uint8_t *data;
};

static void
on_uint(struct item *it, uint64_t v)
{
	it->type = DCBOR_UINT;
	it->value = v;
}

static void
on_nint(struct item *it, uint64_t v)
{
	it->type = DCBOR_NINT;
	it->value = v;
}

static void
on_uint8(void *ctx, uint8_t v)
{
	on_uint(ctx, v);
}

static void
on_uint16(void *ctx, uint16_t v)
{
	on_uint(ctx, v);
}

static void
on_uint32(void *ctx, uint32_t v)
{
	on_uint(ctx, v);
}

static void
on_uint64(void *ctx, uint64_t v)
{
	on_uint(ctx, v);
}

static void
on_nint8(void *ctx, uint8_t v)
{
	on_nint(ctx, v);
}

static void
on_nint16(void *ctx, uint16_t v)
{
	on_nint(ctx, v);
}

static void
on_nint32(void *ctx, uint32_t v)
{
	on_nint(ctx, v);
}

static void
on_nint64(void *ctx, uint64_t v)
{
	on_nint(ctx, v);
}

static void
on_bytes(void *ctx, cbor_data p, size_t n)
{
	struct item *it = ctx;

	it->type = DCBOR_BYTES;
	it->value = n;
	it->data = p;
}

static void
on_text(void *ctx, cbor_data p, size_t n)
{
	struct item *it = ctx;

	it->type = DCBOR_TEXT;
	it->value = n;
	it->data = p;
}

static void
on_array(void *ctx, size_t n)
{
	struct item *it = ctx;

	it->type = DCBOR_ARRAY;
	it->value = n;
}

static void
on_map(void *ctx, size_t n)
{
	struct item *it = ctx;

	it->type = DCBOR_MAP;
	it->value = n;
}

static void
on_bool(void *ctx, bool v)
{
	struct item *it = ctx;

	it->type = v ? DCBOR_TRUE : DCBOR_FALSE;
}

static void
on_null(void *ctx)
{
	struct item *it = ctx;

	it->type = DCBOR_NULL;
}

/* Indefinite lengths, tags, undefined and floating point stay DCBOR_NONE. */
static void
on_refused(void *ctx)
{
	(void)ctx;
}

static void
on_refused_tag(void *ctx, uint64_t v)
{
	(void)ctx;
	(void)v;
}

static void
on_refused_float(void *ctx, float v)
{
	(void)ctx;
	(void)v;
}

static void
on_refused_double(void *ctx, double v)
{
	(void)ctx;
	(void)v;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8,
	.uint16 = on_uint16,
	.uint32 = on_uint32,
	.uint64 = on_uint64,
	.negint8 = on_nint8,
	.negint16 = on_nint16,
	.negint32 = on_nint32,
	.negint64 = on_nint64,
	.byte_string = on_bytes,
	.byte_string_start = on_refused,
	.string = on_text,
	.string_start = on_refused,
	.array_start = on_array,
	.indef_array_start = on_refused,
	.map_start = on_map,
	.indef_map_start = on_refused,
	.tag = on_refused_tag,
	.float2 = on_refused_float,
	.float4 = on_refused_float,
	.float8 = on_refused_double,
	.undefined = on_refused,
	.null = on_null,
	.boolean = on_bool,
	.indef_break = on_refused,
};

static size_t
encode_head(const struct item *it, uint8_t head[HEAD_MAX])
{
	switch (it->type) {
	case DCBOR_UINT: return cbor_encode_uint(it->value, head, HEAD_MAX);
	case DCBOR_NINT: return cbor_encode_negint(it->value, head, HEAD_MAX);
	case DCBOR_BYTES:
		return cbor_encode_bytestring_start(it->value, head, HEAD_MAX);
	case DCBOR_TEXT:
		return cbor_encode_string_start(it->value, head, HEAD_MAX);
	case DCBOR_ARRAY:
		return cbor_encode_array_start(it->value, head, HEAD_MAX);
	case DCBOR_MAP: return cbor_encode_map_start(it->value, head, HEAD_MAX);
	case DCBOR_FALSE: return cbor_encode_bool(false, head, HEAD_MAX);
	case DCBOR_TRUE: return cbor_encode_bool(true, head, HEAD_MAX);
	case DCBOR_NULL: return cbor_encode_null(head, HEAD_MAX);
	case DCBOR_NONE: break;
	}
	return 0;
}

void
dcbor_reader_init(struct dcbor_reader *r, const uint8_t *p, size_t n)
{
	r->data = p;
	r->len = n;
	r->off = 0;
	r->err = CSEAL_OK;
}

void
dcbor_refuse(struct dcbor_reader *r)
{
	if (r->err == CSEAL_OK)
		r->err = CSEAL_ERR_FORMAT;
}

/*
 * Decodes the item at the reader's place without moving on. The head is
 * encoded again and compared: libcbor takes lengths that are longer than
 * needed, we do not. `size` is what the item takes (of an array or a map, its
 * head alone).
 */
static bool
look(struct dcbor_reader *r, struct item *it, size_t *size)
{
	struct cbor_decoder_result res;
	uint8_t head[HEAD_MAX];
	size_t n, left = r->len - r->off;
	const uint8_t *p;

	memset(it, 0, sizeof(*it));
	it->type = DCBOR_NONE;
	if (r->err != CSEAL_OK || left == 0)
		return false;
	p = r->data + r->off;
	res = cbor_stream_decode(p, left, &callbacks, it);
	if (res.status != CBOR_DECODER_FINISHED || it->type == DCBOR_NONE)
		return false;
	n = encode_head(it, head);
	if (n == 0 || n > left || memcmp(head, p, n) != 0)
		return false;
	*size = n;
	if (it->type == DCBOR_BYTES || it->type == DCBOR_TEXT) {
		*size = n + (size_t)it->value;
		return it->type == DCBOR_BYTES ||
		       cseal_text_is_utf8(it->data, (size_t)it->value);
	}
	if (it->type == DCBOR_ARRAY)
		return it->value <= left - n;
	if (it->type == DCBOR_MAP)
		return it->value <= (left - n) / 2;
	return true;
}

static bool
take(struct dcbor_reader *r, struct item *it)
{
	size_t size = 0;

	if (!look(r, it, &size)) {
		it->type = DCBOR_NONE;
		dcbor_refuse(r);
		return false;
	}
	r->off += size;
	return true;
}

static bool
take_type(struct dcbor_reader *r, struct item *it, enum dcbor_type type)
{
	if (!take(r, it))
		return false;
	if (it->type == type)
		return true;
	dcbor_refuse(r);
	return false;
}

enum dcbor_type
dcbor_peek(struct dcbor_reader *r)
{
	struct item it;
	size_t size = 0;

	return look(r, &it, &size) ? it.type : DCBOR_NONE;
}

uint64_t
dcbor_get_uint(struct dcbor_reader *r)
{
	struct item it;

	return take_type(r, &it, DCBOR_UINT) ? it.value : 0;
}

int64_t
dcbor_get_int(struct dcbor_reader *r)
{
	struct item it;

	if (!take(r, &it))
		return 0;
	if (it.value <= INT64_MAX) {
		if (it.type == DCBOR_UINT)
			return (int64_t)it.value;
		if (it.type == DCBOR_NINT)
			return -1 - (int64_t)it.value;
	}
	dcbor_refuse(r);
	return 0;
}

bool
dcbor_get_bool(struct dcbor_reader *r)
{
	struct item it;

	if (!take(r, &it))
		return false;
	if (it.type != DCBOR_TRUE && it.type != DCBOR_FALSE)
		dcbor_refuse(r);
	return it.type == DCBOR_TRUE;
}

void
dcbor_get_null(struct dcbor_reader *r)
{
	struct item it;

	(void)take_type(r, &it, DCBOR_NULL);
}

static struct cseal_slice
get_string(struct dcbor_reader *r, enum dcbor_type type)
{
	struct cseal_slice s = { NULL, 0 };
	struct item it;

	if (take_type(r, &it, type)) {
		s.data = it.data;
		s.len = (size_t)it.value;
	}
	return s;
}

struct cseal_slice
dcbor_get_bytes(struct dcbor_reader *r)
{
	return get_string(r, DCBOR_BYTES);
}

struct cseal_slice
dcbor_get_text(struct dcbor_reader *r)
{
	return get_string(r, DCBOR_TEXT);
}

uint64_t
dcbor_get_array(struct dcbor_reader *r)
{
	struct item it;

	return take_type(r, &it, DCBOR_ARRAY) ? it.value : 0;
}

void
dcbor_get_map(struct dcbor_reader *r, struct dcbor_map *m)
{
	struct item it;

	memset(m, 0, sizeof(*m));
	if (take_type(r, &it, DCBOR_MAP))
		m->left = it.value;
}

bool
dcbor_map_more(struct dcbor_reader *r, struct dcbor_map *m)
{
	if (r->err != CSEAL_OK || m->left == 0)
		return false;
	m->left--;
	return true;
}

int
dcbor_key_compare(struct cseal_slice a, struct cseal_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n == 0 ? 0 : memcmp(a.data, b.data, n);

	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

/* The key that began at `from` has just been read. */
static void
check_order(struct dcbor_reader *r, struct dcbor_map *m, size_t from)
{
	struct cseal_slice last = { m->last, m->last_len };
	struct cseal_slice key;

	if (r->err != CSEAL_OK)
		return;
	key.data = r->data + from;
	key.len = r->off - from;
	if (m->last != NULL && dcbor_key_compare(last, key) >= 0)
		dcbor_refuse(r);
	m->last = key.data;
	m->last_len = key.len;
}

uint64_t
dcbor_map_key_uint(struct dcbor_reader *r, struct dcbor_map *m)
{
	size_t from = r->off;
	uint64_t v = dcbor_get_uint(r);

	check_order(r, m, from);
	return v;
}

int64_t
dcbor_map_key_int(struct dcbor_reader *r, struct dcbor_map *m)
{
	size_t from = r->off;
	int64_t v = dcbor_get_int(r);

	check_order(r, m, from);
	return v;
}

struct cseal_slice
dcbor_map_key_text(struct dcbor_reader *r, struct dcbor_map *m)
{
	size_t from = r->off;
	struct cseal_slice s = dcbor_get_text(r);

	check_order(r, m, from);
	return s;
}

/* One open array or map of an item that is walked without knowing it. */
struct level {
	uint64_t left;
	bool is_map;
	bool at_key;
	struct dcbor_map map;
};

static void
open_level(struct level *l, const struct item *it)
{
	memset(l, 0, sizeof(*l));
	l->is_map = it->type == DCBOR_MAP;
	l->at_key = l->is_map;
	l->left = l->is_map ? it->value * 2 : it->value;
}

/* An item is complete: count it on its level, check the order of keys. */
static void
count_item(struct dcbor_reader *r, struct level *l, size_t from)
{
	l->left--;
	if (!l->is_map)
		return;
	if (l->at_key)
		check_order(r, &l->map, from);
	l->at_key = !l->at_key;
}

struct cseal_slice
dcbor_get_any(struct dcbor_reader *r)
{
	struct level levels[DCBOR_DEPTH_MAX];
	struct cseal_slice s = { NULL, 0 };
	size_t start = r->off, from, depth = 0;
	struct item it;

	do {
		from = r->off;
		if (!take(r, &it))
			return s;
		if (it.type == DCBOR_ARRAY || it.type == DCBOR_MAP) {
			/* A key that is itself a container has no use here. */
			if (depth == DCBOR_DEPTH_MAX ||
			    (depth > 0 && levels[depth - 1].at_key)) {
				dcbor_refuse(r);
				return s;
			}
			open_level(&levels[depth++], &it);
		} else if (depth > 0) {
			count_item(r, &levels[depth - 1], from);
		}
		while (depth > 0 && levels[depth - 1].left == 0) {
			depth--;
			if (depth > 0)
				count_item(r, &levels[depth - 1], from);
		}
	} while (depth > 0 && r->err == CSEAL_OK);
	if (r->err != CSEAL_OK)
		return s;
	s.data = r->data + start;
	s.len = r->off - start;
	return s;
}

int
dcbor_reader_end(struct dcbor_reader *r)
{
	if (r->err == CSEAL_OK && r->off != r->len)
		dcbor_refuse(r);
	return r->err;
}

static void
put_head(struct cseal_buf *b, enum dcbor_type type, uint64_t value)
{
	struct item it = { type, value, NULL };
	uint8_t head[HEAD_MAX];
	size_t n = encode_head(&it, head);

	(void)cseal_buf_add(b, head, n);
}

void
dcbor_put_uint(struct cseal_buf *b, uint64_t v)
{
	put_head(b, DCBOR_UINT, v);
}

void
dcbor_put_int(struct cseal_buf *b, int64_t v)
{
	if (v >= 0)
		put_head(b, DCBOR_UINT, (uint64_t)v);
	else
		put_head(b, DCBOR_NINT, (uint64_t)(-1 - v));
}

void
dcbor_put_bool(struct cseal_buf *b, bool v)
{
	put_head(b, v ? DCBOR_TRUE : DCBOR_FALSE, 0);
}

void
dcbor_put_null(struct cseal_buf *b)
{
	put_head(b, DCBOR_NULL, 0);
}

void
dcbor_put_bytes(struct cseal_buf *b, const uint8_t *p, size_t n)
{
	put_head(b, DCBOR_BYTES, n);
	(void)cseal_buf_add(b, p, n);
}

void
dcbor_put_text(struct cseal_buf *b, const uint8_t *p, size_t n)
{
	put_head(b, DCBOR_TEXT, n);
	(void)cseal_buf_add(b, p, n);
}

void
dcbor_put_str(struct cseal_buf *b, const char *s)
{
	put_head(b, DCBOR_TEXT, strlen(s));
	(void)cseal_buf_add(b, s, strlen(s));
}

void
dcbor_put_array(struct cseal_buf *b, uint64_t n)
{
	put_head(b, DCBOR_ARRAY, n);
}

void
dcbor_put_map(struct cseal_buf *b, uint64_t n)
{
	put_head(b, DCBOR_MAP, n);
}
