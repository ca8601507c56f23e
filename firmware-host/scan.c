/* SPDX-License-Identifier: BSD-2-Clause */
#include "scan.h"

#include <string.h>

#include "printable.h"

struct cursor {
	const uint8_t *p;
	size_t left;
};

enum major {
	MAJOR_UINT,
	MAJOR_NEGINT,
	MAJOR_BYTES,
	MAJOR_TEXT,
	MAJOR_ARRAY,
	MAJOR_MAP,
	MAJOR_TAG,
	MAJOR_SIMPLE
};

static bool scan_item(struct cursor *c, unsigned int depth);

/*
 * Reads the argument of a head.  For everything but floats a longer form
 * than needed is refused.
 */
static bool
scan_argument(struct cursor *c, uint8_t info, bool shortest, uint64_t *value)
{
	size_t n;

	*value = info;
	if (info < 24)
		return true;
	if (info > 27)
		return false;
	n = (size_t)1 << (info - 24);
	if (c->left < n)
		return false;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value = *value << 8 | c->p[i];
	c->p += n;
	c->left -= n;
	if (!shortest)
		return true;
	return n == 1 ? *value >= 24 : *value >> (n * 4) != 0;
}

static bool
scan_string(struct cursor *c, uint64_t len, bool is_text)
{
	if (len > c->left)
		return false;
	if (is_text && !printable_is_utf8(c->p, (size_t)len))
		return false;
	c->p += len;
	c->left -= (size_t)len;
	return true;
}

static bool
scan_array(struct cursor *c, uint64_t count, unsigned int depth)
{
	/* Every element takes a byte at least. */
	if (depth == 0 || count > c->left)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!scan_item(c, depth - 1))
			return false;
	}
	return true;
}

/* True if key a stands before key b: type, then length, then bytes. */
static bool
key_before(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	uint8_t amajor = a[0] >> 5;
	uint8_t bmajor = b[0] >> 5;

	if (amajor != bmajor)
		return amajor < bmajor;
	if (alen != blen)
		return alen < blen;
	return memcmp(a, b, alen) < 0;
}

static bool
scan_map(struct cursor *c, uint64_t count, unsigned int depth)
{
	const uint8_t *last = NULL;
	size_t last_len = 0;

	if (depth == 0 || count > c->left / 2)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		const uint8_t *key = c->p;
		size_t len;

		/* Depth 0: a key is no array and no map. */
		if (!scan_item(c, 0))
			return false;
		len = (size_t)(c->p - key);
		if (last != NULL && !key_before(last, last_len, key, len))
			return false;
		if (!scan_item(c, depth - 1))
			return false;
		last = key;
		last_len = len;
	}
	return true;
}

/* false, true, null, undefined and floats of any width. */
static bool
scan_simple(struct cursor *c, uint8_t info)
{
	uint64_t bits;

	if (info >= 20 && info <= 23)
		return true;
	if (info >= 25 && info <= 27)
		return scan_argument(c, info, false, &bits);
	return false;
}

static bool
scan_item(struct cursor *c, unsigned int depth)
{
	uint8_t head;
	uint64_t value;

	if (c->left == 0)
		return false;
	head = *c->p++;
	c->left--;
	if (head >> 5 == MAJOR_SIMPLE)
		return scan_simple(c, head & 0x1f);
	if (!scan_argument(c, head & 0x1f, true, &value))
		return false;
	switch ((enum major)(head >> 5)) {
	case MAJOR_UINT:
	case MAJOR_NEGINT: return true;
	case MAJOR_BYTES: return scan_string(c, value, false);
	case MAJOR_TEXT: return scan_string(c, value, true);
	case MAJOR_ARRAY: return scan_array(c, value, depth);
	case MAJOR_MAP: return scan_map(c, value, depth);
	case MAJOR_TAG:
	case MAJOR_SIMPLE: break;
	}
	return false;
}

bool
scan_is_canonical(const uint8_t *p, size_t n)
{
	struct cursor c = { p, n };

	return scan_item(&c, SCAN_DEPTH) && c.left == 0;
}

const uint8_t *
scan_member(const uint8_t *p, size_t n, uint8_t key, size_t *len)
{
	struct cursor c;
	uint64_t count;

	if (n == 0 || p[0] >> 5 != MAJOR_MAP)
		return NULL;
	c = (struct cursor){ p + 1, n - 1 };
	if (!scan_argument(&c, p[0] & 0x1f, true, &count))
		return NULL;
	for (uint64_t i = 0; i < count; i++) {
		const bool is_it = c.left > 0 && c.p[0] == key;
		const uint8_t *value;

		if (!scan_item(&c, 0))
			return NULL;
		value = c.p;
		if (!scan_item(&c, SCAN_DEPTH))
			return NULL;
		if (is_it) {
			*len = (size_t)(c.p - value);
			return value;
		}
	}
	return NULL;
}
