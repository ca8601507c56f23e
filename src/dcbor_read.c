/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader: items by their type, maps in their order. */

#include <string.h>

#include "counterseal/err.h"

#include "dcbor_item.h"

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

static bool
take(struct dcbor_reader *r, struct dcbor_item *it)
{
	size_t size = 0;

	if (!dcbor_item_look(r, it, &size)) {
		it->type = DCBOR_NONE;
		dcbor_refuse(r);
		return false;
	}
	r->off += size;
	return true;
}

static bool
take_type(struct dcbor_reader *r, struct dcbor_item *it, enum dcbor_type type)
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
	struct dcbor_item it;
	size_t size = 0;

	return dcbor_item_look(r, &it, &size) ? it.type : DCBOR_NONE;
}

uint64_t
dcbor_get_uint(struct dcbor_reader *r)
{
	struct dcbor_item it;

	return take_type(r, &it, DCBOR_UINT) ? it.value : 0;
}

int64_t
dcbor_get_int(struct dcbor_reader *r)
{
	struct dcbor_item it;

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
	struct dcbor_item it;

	if (!take(r, &it))
		return false;
	if (it.type != DCBOR_TRUE && it.type != DCBOR_FALSE)
		dcbor_refuse(r);
	return it.type == DCBOR_TRUE;
}

void
dcbor_get_null(struct dcbor_reader *r)
{
	struct dcbor_item it;

	(void)take_type(r, &it, DCBOR_NULL);
}

static struct cseal_slice
get_string(struct dcbor_reader *r, enum dcbor_type type)
{
	struct cseal_slice s = { NULL, 0 };
	struct dcbor_item it;

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
	struct dcbor_item it;

	return take_type(r, &it, DCBOR_ARRAY) ? it.value : 0;
}

void
dcbor_get_map(struct dcbor_reader *r, struct dcbor_map *m)
{
	struct dcbor_item it;

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
open_level(struct level *l, const struct dcbor_item *it)
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
	struct dcbor_item it;

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
