/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values found in replies, which are canonical CBOR: no tags, nothing of
 * indefinite length.  All functions fail the test on anything else.
 */
#ifndef DEVICE_PIECE_H
#define DEVICE_PIECE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A piece of CBOR; p is NULL if there is none. */
struct piece {
	const uint8_t *p;
	size_t n;
};

/* The argument of a head, and its length in *len. */
static inline uint64_t
piece_head(const uint8_t *p, size_t *len)
{
	uint8_t info = p[0] & 0x1f;
	uint64_t v = 0;

	*len = 1;
	if (info < 24)
		return info;
	assert_true(info <= 27);
	*len += (size_t)1 << (info - 24);
	for (size_t i = 1; i < *len; i++)
		v = v << 8 | p[i];
	return v;
}

/* How long the item at `p` is. */
static inline size_t
piece_len(const uint8_t *p)
{
	size_t n, items = 0;
	uint64_t v = piece_head(p, &n);

	switch (p[0] >> 5) {
	case 2:
	case 3: return n + (size_t)v;
	case 4: items = (size_t)v; break;
	case 5: items = 2 * (size_t)v; break;
	default: break;
	}
	for (; items > 0; items--)
		n += piece_len(p + n);
	return n;
}

/* The value of a key, which is raw CBOR, of the map at `map`. */
static inline struct piece
piece_find(const uint8_t *map, const void *key, size_t key_len)
{
	size_t n, pairs;

	assert_int_equal(map[0] >> 5, 5);
	pairs = (size_t)piece_head(map, &n);
	for (map += n; pairs > 0; pairs--) {
		size_t klen = piece_len(map), vlen = piece_len(map + klen);

		if (klen == key_len && memcmp(map, key, klen) == 0)
			return (struct piece){ map + klen, vlen };
		map += klen + vlen;
	}
	return (struct piece){ NULL, 0 };
}

#define PIECE_FIND(map, literal) piece_find(map, literal, sizeof(literal) - 1)

/* What is in the byte or text string at `p`. */
static inline struct piece
piece_string(const uint8_t *p)
{
	size_t n;
	uint64_t len = piece_head(p, &n);

	assert_true(p[0] >> 5 == 2 || p[0] >> 5 == 3);
	return (struct piece){ p + n, (size_t)len };
}

static inline bool
piece_is(struct piece c, const void *p, size_t n)
{
	return c.p != NULL && c.n == n && memcmp(c.p, p, n) == 0;
}

#endif
