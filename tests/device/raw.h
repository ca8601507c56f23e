/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 requests put together from raw CBOR.
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
#include "piece.h"

#define RAW_KEYS 16

struct raw {
	uint8_t command;
	struct {
		const void *p;
		size_t n;
	} at[RAW_KEYS]; /* by key */
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

#endif
