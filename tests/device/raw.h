/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 requests put together from raw CBOR, and values found in replies.
 *
 *	struct raw r = raw_new(0x02);
 *
 *	raw_set(&r, 1, "\x61x", 2);
 *	status = raw_send(h, &r, &reply);
 */
#ifndef DEVICE_RAW_H
#define DEVICE_RAW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "device_harness.h"

#define RAW_KEYS 16

struct raw {
	uint8_t command;
	struct {
		const void *p;
		size_t n;
	} at[RAW_KEYS]; /* by key */
};

/* A piece of CBOR; p is NULL if there is none. */
struct piece {
	const uint8_t *p;
	size_t n;
};

#define RAW_SET(r, key, literal) raw_set(r, key, literal, sizeof(literal) - 1)

static inline struct raw
raw_new(uint8_t command)
{
	return (struct raw){ .command = command };
}

/* The bytes stay the caller's. */
static inline void
raw_set(struct raw *r, uint8_t key, const void *p, size_t n)
{
	assert_true(key < RAW_KEYS);
	r->at[key].p = p;
	r->at[key].n = n;
}

static inline size_t
raw_build(const struct raw *r, uint8_t out[CTAPHID_MESSAGE_MAX])
{
	size_t n = 2;

	out[0] = r->command;
	out[1] = 0xa0;
	for (size_t i = 0; i < RAW_KEYS; i++) {
		if (r->at[i].p == NULL)
			continue;
		out[1]++;
		assert_true(n + 1 + r->at[i].n <= CTAPHID_MESSAGE_MAX);
		out[n++] = (uint8_t)i;
		memcpy(out + n, r->at[i].p, r->at[i].n);
		n += r->at[i].n;
	}
	return n;
}

/* On a channel of its own. */
static inline int
raw_send(struct harness *h, const struct raw *r, struct harness_message *reply)
{
	uint8_t m[CTAPHID_MESSAGE_MAX];

	return harness_ctap(h, m, raw_build(r, m), reply);
}

/* On a channel that stays open. */
static inline int
raw_on(struct harness *h, int client, uint32_t cid, const struct raw *r,
    struct harness_message *reply)
{
	uint8_t m[CTAPHID_MESSAGE_MAX];

	harness_send_message(h, client, cid, CTAPHID_CBOR, m, raw_build(r, m));
	assert_true(harness_receive_message(h, client, reply));
	assert_int_equal(reply->cmd, CTAPHID_CBOR);
	assert_true(reply->len >= 1);
	return reply->data[0];
}

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
