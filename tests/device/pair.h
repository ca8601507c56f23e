/* SPDX-License-Identifier: BSD-2-Clause */
/* Two clients at one software key. */

#ifndef TESTS_DEVICE_PAIR_H
#define TESTS_DEVICE_PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "device_harness.h"

/* authenticatorSelection, which asks for a touch alone (CTAP 2.1, 6.9). */
#define SELECTION "\x0b"

struct pair {
	struct harness *h;
	int a, b; /* clients */
	uint32_t cid_a, cid_b;
};

static inline int
set_up(void **state)
{
	static struct pair p;

	p.h = harness_new("device:", true);
	p.a = harness_client(p.h);
	p.b = harness_client(p.h);
	p.cid_a = harness_channel(p.h, p.a);
	p.cid_b = harness_channel(p.h, p.b);
	*state = &p;
	return 0;
}

static inline int
tear_down(void **state)
{
	const struct pair *p = *state;

	harness_free(p->h);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* What the client gets, and nothing else. */
static inline void
expect_error(struct pair *p, int client, uint32_t cid, uint8_t code)
{
	struct harness_message m;

	assert_true(harness_receive_message(p->h, client, &m));
	assert_int_equal(m.cmd, CTAPHID_ERROR);
	assert_int_equal(m.cid, cid);
	assert_int_equal(m.len, 1);
	assert_int_equal(m.data[0], code);
	assert_true(harness_is_quiet(p->h, client));
}

static inline void
expect_status(struct pair *p, int client, uint32_t cid, int status)
{
	struct harness_message m;

	assert_true(harness_receive_message(p->h, client, &m));
	assert_int_equal(m.cmd, CTAPHID_CBOR);
	assert_int_equal(m.cid, cid);
	assert_int_equal(m.len, 1);
	assert_int_equal(m.data[0], status);
}

/* The first one asks for a touch, and nobody comes. */
static inline void
start_waiting(struct pair *p)
{
	p->h->person = PRESENCE_PENDING;
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	assert_int_equal(p->h->asked, p->h->forgotten + 1);
}

#endif
