/* SPDX-License-Identifier: BSD-2-Clause */
/* A key and, for both protocols in turn, a client that wants a PIN of it. */
#ifndef TESTS_DEVICE_PIN_FIXTURE_H
#define TESTS_DEVICE_PIN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "pin_client.h"
#include "pinuv.h"
#include "status.h"

#define PIN   "1234"
#define WRONG "4321"

struct fixture {
	struct harness *h;
	struct client c;
};

/* The number of the protocol is the test's initial state. */
static inline int
fixture_begin(void **state, bool uv)
{
	static struct fixture f;
	const unsigned int *protocol = *state;

	f.h = harness_new("device:", uv);
	client_begin(&f.c, f.h, *protocol);
	*state = &f;
	return 0;
}

static inline int
set_up(void **state)
{
	return fixture_begin(state, false);
}

static inline int
set_up_uv(void **state)
{
	return fixture_begin(state, true);
}

static inline int
set_up_pin(void **state)
{
	struct fixture *f;

	fixture_begin(state, false);
	f = *state;
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	return 0;
}

static inline int
set_up_uv_pin(void **state)
{
	struct fixture *f;

	fixture_begin(state, true);
	f = *state;
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *f = *state;

	client_end(&f->c);
	harness_free(f->h);
	return 0;
}

/* The power goes off and on, and the client finds new keys. */
static inline void
restart(struct fixture *f)
{
	unsigned int protocol = f->c.protocol;

	harness_power_cycle(f->h);
	client_begin(&f->c, f->h, protocol);
}

/* After a wrong PIN the device has new keys (6.5.5.6, step 7.1.1). */
static inline void
agree_again(struct fixture *f)
{
	client_begin(&f->c, f->h, f->c.protocol);
}

static unsigned int protocol_one = 1, protocol_two = 2;

/* A test with each protocol. */
#define BOTH(f, before)                                                   \
	{ #f " (protocol one)", f, before, tear_down, &protocol_one },    \
	{                                                                 \
#f " (protocol two)", f, before, tear_down, &protocol_two \
	}

#endif
