/* SPDX-License-Identifier: BSD-2-Clause */
#include "device_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct handle {
	struct harness *h;
	int client;
};

/* libfido2's open() gets a path and nothing else. */
static struct harness *by_path[HARNESS_PATHS];

static uint64_t
hook_now(void *ctx)
{
	const struct harness *h = ctx;

	return h->now;
}

/* splitmix64 */
static int
hook_random(void *ctx, uint8_t *p, size_t n)
{
	struct harness *h = ctx;

	if (h->random_fails)
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint64_t z = h->random += 0x9e3779b97f4a7c15U;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
		z = (z ^ z >> 27) * 0x94d049bb133111ebU;
		p[i] = (uint8_t)(z >> 56);
	}
	return 0;
}

static void
hook_ask(void *ctx, const struct presence_request *req)
{
	struct harness *h = ctx;

	/* The device asks once and forgets before it asks again. */
	assert_int_equal(h->asked, h->forgotten);
	h->asked++;
	h->asked_at = h->now;
	h->last_act = req->act;
	h->last_verify = req->verify;
	memset(h->last_rp, 0, sizeof(h->last_rp));
	if (req->rp != NULL)
		memcpy(h->last_rp, req->rp->id, req->rp->len);
}

static enum presence_answer
hook_answer(void *ctx, uint64_t *due)
{
	const struct harness *h = ctx;
	uint64_t at = h->asked_at + h->person_delay;

	assert_int_equal(h->asked, h->forgotten + 1);
	if (h->person == PRESENCE_PENDING)
		return PRESENCE_PENDING;
	if (h->now < at) {
		*due = at;
		return PRESENCE_PENDING;
	}
	return h->person;
}

static void
hook_forget(void *ctx)
{
	struct harness *h = ctx;

	h->forgotten++;
	assert_int_equal(h->asked, h->forgotten);
}

static int
hook_save(void *ctx, const struct device_state *state)
{
	struct harness *h = ctx;

	if (h->save_fails)
		return -1;
	h->saves++;
	h->saved = *state;
	return 0;
}

void
harness_report(
    struct harness *h, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct harness_report *r = &h->queue[h->tail++ % HARNESS_REPORTS];

	assert_true(h->tail - h->head <= HARNESS_REPORTS);
	r->client = client;
	memcpy(r->data, report, CTAPHID_REPORT);
}

static void
hook_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct harness *h = ctx;

	if (h->on_report != NULL)
		h->on_report(h->liar, client, report);
	else
		harness_report(h, client, report);
}

static void
hook_lie(void *ctx, const uint8_t *asked, size_t n, uint8_t *reply, size_t *len)
{
	struct harness *h = ctx;

	if (h->on_reply != NULL)
		h->on_reply(h->liar, asked, n, reply, len);
}

static void
hook_wink(void *ctx)
{
	struct harness *h = ctx;

	h->winks++;
}

static void
power_on(struct harness *h)
{
	const struct device_hooks hooks = { .ctx = h,
		.now = hook_now,
		.random = hook_random,
		.ask = hook_ask,
		.answer = hook_answer,
		.forget = hook_forget,
		.save = hook_save,
		.report = hook_report,
		.wink = hook_wink,
		.lie = hook_lie };

	h->dev = device_new(&hooks, &h->model, &h->saved);
	assert_non_null(h->dev);
}

struct harness *
harness_new(const char *path, bool uv)
{
	struct harness *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	assert_true(strlen(path) < sizeof(h->path));
	snprintf(h->path, sizeof(h->path), "%s", path);
	h->model.uv = uv;
	h->person = PRESENCE_GRANTED;
	h->event_at = DEVICE_NEVER;
	h->now = 1000;
	device_state_init(&h->saved);
	assert_int_equal(hook_random(h, h->saved.master, CRYPTO_KEY), 0);
	power_on(h);
	for (size_t i = 0; i < HARNESS_PATHS; i++) {
		if (by_path[i] == NULL) {
			by_path[i] = h;
			return h;
		}
	}
	fail_msg("more than %d tokens", HARNESS_PATHS);
	return NULL;
}

void
harness_free(struct harness *h)
{
	for (size_t i = 0; i < HARNESS_PATHS; i++) {
		if (by_path[i] == h)
			by_path[i] = NULL;
	}
	device_free(h->dev);
	free(h);
}

void
harness_power_cycle(struct harness *h)
{
	device_free(h->dev);
	h->head = h->tail;
	power_on(h);
}

int
harness_client(struct harness *h)
{
	return ++h->last_client;
}

void
harness_send(struct harness *h, int client, const uint8_t *p, size_t n)
{
	device_report_in(h->dev, client, p, n);
}

void
harness_send_packet(struct harness *h, int client, uint32_t cid, uint8_t head,
    size_t len, const void *data, size_t n)
{
	uint8_t r[CTAPHID_REPORT] = { (uint8_t)(cid >> 24),
		(uint8_t)(cid >> 16), (uint8_t)(cid >> 8), (uint8_t)cid, head };
	size_t at = 5;

	if ((head & 0x80) != 0) {
		r[5] = (uint8_t)(len >> 8);
		r[6] = (uint8_t)len;
		at = 7;
	}
	assert_true(n <= sizeof(r) - at);
	if (n > 0)
		memcpy(r + at, data, n);
	harness_send(h, client, r, sizeof(r));
}

/* Takes the client's oldest report out of the queue. */
static bool
take_report(struct harness *h, int client, uint8_t report[CTAPHID_REPORT])
{
	for (size_t i = h->head; i < h->tail; i++) {
		struct harness_report *r = &h->queue[i % HARNESS_REPORTS];

		if (r->client != client)
			continue;
		memcpy(report, r->data, CTAPHID_REPORT);
		r->client = -1;
		while (h->head < h->tail &&
		       h->queue[h->head % HARNESS_REPORTS].client == -1)
			h->head++;
		return true;
	}
	return false;
}

bool
harness_is_quiet(struct harness *h, int client)
{
	for (size_t i = h->head; i < h->tail; i++) {
		if (h->queue[i % HARNESS_REPORTS].client == client)
			return false;
	}
	return true;
}

/* Moves the clock to what comes next, at most to `limit`. */
static bool
wait_next(struct harness *h, uint64_t due, uint64_t limit)
{
	void (*event)(void *) = h->event;

	if (h->event_at < due)
		due = h->event_at;
	if (due == DEVICE_NEVER && limit == DEVICE_NEVER)
		return false;
	if (due > limit) {
		h->now = limit;
		return false;
	}
	if (due > h->now)
		h->now = due;
	if (h->now >= h->event_at) {
		h->event_at = DEVICE_NEVER;
		event(h->event_arg);
	}
	return true;
}

bool
harness_receive(
    struct harness *h, int client, uint8_t report[CTAPHID_REPORT], int ms)
{
	uint64_t limit = ms < 0 ? DEVICE_NEVER : h->now + (uint64_t)ms;

	for (;;) {
		uint64_t due;

		if (take_report(h, client, report))
			return true;
		due = device_poll(h->dev);
		if (take_report(h, client, report))
			return true;
		if (!wait_next(h, due, limit))
			return false;
	}
}

static void *
io_open(const char *path)
{
	for (size_t i = 0; i < HARNESS_PATHS; i++) {
		struct harness *h = by_path[i];
		struct handle *p;

		if (h == NULL || strcmp(h->path, path) != 0)
			continue;
		if ((p = calloc(1, sizeof(*p))) == NULL)
			return NULL;
		p->h = h;
		p->client = harness_client(h);
		return p;
	}
	return NULL;
}

static void
io_close(void *handle)
{
	struct handle *p = handle;

	device_client_gone(p->h->dev, p->client);
	free(p);
}

static int
io_read(void *handle, unsigned char *buf, size_t len, int ms)
{
	const struct handle *p = handle;

	if (len != CTAPHID_REPORT)
		return -1;
	return harness_receive(p->h, p->client, buf, ms) ? (int)len : -1;
}

static int
io_write(void *handle, const unsigned char *buf, size_t len)
{
	const struct handle *p = handle;

	harness_send(p->h, p->client, buf, len);
	return (int)len;
}

const fido_dev_io_t *
harness_io(void)
{
	static const fido_dev_io_t io = { io_open, io_close, io_read,
		io_write };

	return &io;
}

fido_dev_t *
harness_open(const struct harness *h)
{
	fido_dev_t *dev;

	fido_init(0);
	dev = fido_dev_new();
	assert_non_null(dev);
	assert_int_equal(fido_dev_set_io_functions(dev, harness_io()), FIDO_OK);
	assert_int_equal(fido_dev_open(dev, h->path), FIDO_OK);
	return dev;
}

void
harness_close(fido_dev_t **dev)
{
	assert_int_equal(fido_dev_close(*dev), FIDO_OK);
	fido_dev_free(dev);
}

struct out {
	struct harness *h;
	int client;
};

static void
emit(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct out *o = ctx;

	(void)client;
	harness_send(o->h, o->client, report, CTAPHID_REPORT);
}

void
harness_send_message(struct harness *h, int client, uint32_t cid, uint8_t cmd,
    const void *data, size_t len)
{
	struct out o = { h, client };

	ctaphid_split(client, cid, cmd, data, len, emit, &o);
}

static uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* An init packet that is no keepalive. */
static bool
receive_first(struct harness *h, int client, struct harness_message *out,
    uint8_t report[CTAPHID_REPORT])
{
	out->keepalives = 0;
	while (harness_receive(h, client, report, -1)) {
		if (report[4] != CTAPHID_KEEPALIVE)
			return true;
		out->keepalives++;
	}
	return false;
}

bool
harness_receive_message(
    struct harness *h, int client, struct harness_message *out)
{
	uint8_t report[CTAPHID_REPORT];
	size_t got;

	memset(out, 0, sizeof(*out));
	if (!receive_first(h, client, out, report))
		return false;
	assert_true((report[4] & 0x80) != 0);
	out->cid = load32(report);
	out->cmd = report[4];
	out->len = (size_t)report[5] << 8 | report[6];
	assert_true(out->len <= sizeof(out->data));
	got = out->len < CTAPHID_INIT_DATA ? out->len : CTAPHID_INIT_DATA;
	memcpy(out->data, report + 7, got);
	for (uint8_t seq = 0; got < out->len; seq++) {
		size_t n = out->len - got;

		if (n > CTAPHID_CONT_DATA)
			n = CTAPHID_CONT_DATA;
		assert_true(harness_receive(h, client, report, -1));
		assert_int_equal(load32(report), out->cid);
		assert_int_equal(report[4], seq);
		memcpy(out->data + got, report + 5, n);
		got += n;
	}
	return true;
}

uint32_t
harness_channel(struct harness *h, int client)
{
	static const uint8_t nonce[CTAPHID_INIT_NONCE] = "nonce-8";
	struct harness_message m;

	harness_send_message(
	    h, client, CTAPHID_BROADCAST, CTAPHID_INIT, nonce, sizeof(nonce));
	assert_true(harness_receive_message(h, client, &m));
	assert_int_equal(m.cmd, CTAPHID_INIT);
	assert_int_equal(m.len, CTAPHID_INIT_REPLY);
	assert_memory_equal(m.data, nonce, sizeof(nonce));
	return load32(m.data + CTAPHID_INIT_NONCE);
}

int
harness_ctap(
    struct harness *h, const void *msg, size_t n, struct harness_message *out)
{
	struct harness_message local, *m = out != NULL ? out : &local;
	int client = harness_client(h);
	uint32_t cid = harness_channel(h, client);

	harness_send_message(h, client, cid, CTAPHID_CBOR, msg, n);
	assert_true(harness_receive_message(h, client, m));
	assert_int_equal(m->cmd, CTAPHID_CBOR);
	assert_int_equal(m->cid, cid);
	assert_true(m->len >= 1);
	device_client_gone(h->dev, client);
	return m->data[0];
}
