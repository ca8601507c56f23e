/* SPDX-License-Identifier: BSD-2-Clause */
/* A device on a bus whose other end, the kernel's, the test holds. */
#ifndef DEVICE_BUS_FIXTURE_H
#define DEVICE_BUS_FIXTURE_H

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "device.h"
#include "transport.h"

#define SELECTION 0x0b /* authenticatorSelection, CTAP 2.1 section 6.9 */

struct bus {
	int kernel; /* our end; packets, non-blocking */
	int key;    /* the transport's, which closes it */
	struct device *dev;
	bool asked;
	/* Sends a report by the transport under test. */
	void (*send)(void *self, const uint8_t report[CTAPHID_REPORT]);
	void *self;
};

static uint64_t
bus_now(void *ctx)
{
	(void)ctx;
	return 0;
}

static int
bus_random(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	memset(p, 1, n);
	return 0;
}

static void
bus_ask(void *ctx, const struct presence_request *req)
{
	struct bus *b = ctx;

	(void)req;
	b->asked = true;
}

static enum presence_answer
bus_answer(void *ctx, uint64_t *due)
{
	(void)ctx;
	(void)due;
	return PRESENCE_PENDING;
}

static void
bus_forget(void *ctx)
{
	struct bus *b = ctx;

	b->asked = false;
}

static int
bus_save(void *ctx, const struct device_state *state)
{
	(void)ctx;
	(void)state;
	return 0;
}

static void
bus_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	const struct bus *b = ctx;

	(void)client;
	b->send(b->self, report);
}

static void
bus_wink(void *ctx)
{
	(void)ctx;
}

/* 0, or -1. */
static int
bus_open(struct bus *b)
{
	const struct device_hooks hooks = { .ctx = b,
		.now = bus_now,
		.random = bus_random,
		.ask = bus_ask,
		.answer = bus_answer,
		.forget = bus_forget,
		.save = bus_save,
		.report = bus_report,
		.wink = bus_wink };
	const struct device_state none = { .counter = 0 };
	const struct device_model model = { .uv = true };
	int pair[2];

	memset(b, 0, sizeof(*b));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0, pair) != 0)
		return -1;
	b->kernel = pair[0];
	b->key = pair[1];
	b->dev = device_new(&hooks, &model, &none);
	return b->dev != NULL ? 0 : -1;
}

/* An init packet of one report. */
static inline void
bus_packet(uint8_t out[CTAPHID_REPORT], uint32_t cid, uint8_t cmd,
    const void *data, uint8_t n)
{
	const uint8_t head[7] = { (uint8_t)(cid >> 24), (uint8_t)(cid >> 16),
		(uint8_t)(cid >> 8), (uint8_t)cid, cmd, 0, n };

	memset(out, 0, CTAPHID_REPORT);
	memcpy(out, head, sizeof(head));
	memcpy(out + sizeof(head), data, n);
}

/* The channel in a reply to INIT. */
static inline uint32_t
bus_channel(const uint8_t r[CTAPHID_REPORT])
{
	return (uint32_t)r[15] << 24 | (uint32_t)r[16] << 16 |
	       (uint32_t)r[17] << 8 | r[18];
}

#endif
