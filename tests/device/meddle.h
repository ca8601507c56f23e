/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The harness's key seen through somebody who sits on the wire: requests pass,
 * replies pass through the test's hands and may come out as something else.
 * Also what makes the harness usable for token_open_io: a handle that begins
 * with a struct io_wait, on the key's own clock.
 */
#ifndef TESTS_DEVICE_MEDDLE_H
#define TESTS_DEVICE_MEDDLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device_harness.h"
#include "token_dev.h"

#define MEDDLE_PATH    "device:"
#define RP	       "a1b2.counterseal.invalid"
#define MEDDLE_MESSAGE 4096
#define MEDDLE_FRAMES  128

/* CTAP commands. */
#define CMD_MAKE 0x01
#define CMD_GET	 0x02
#define CMD_INFO 0x04
#define CMD_PIN	 0x06
#define CMD_NEXT 0x08

/* What is signed in all these tests. */
static const struct cseal_slice client_data = {
	(const uint8_t *)"{\"type\":\"webauthn.get\"}",
	23,
};

struct meddler;

/* A reply on its way: status byte first. The hook may write it anew. */
struct meddle_reply {
	size_t len;
	uint8_t data[MEDDLE_MESSAGE];
};

typedef void meddle_hook(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply);

struct meddler {
	/* The test sets these. */
	struct harness *h;
	meddle_hook *hook; /* for CBOR replies; may be NULL */
	void *ctx;
	int init_flags;	      /* capabilities in INIT's reply; -1: as are */
	uint8_t babble_after; /* after this command: keepalives for ever */
	bool deaf;	      /* goes on after CANCEL, too */
	bool gone;	      /* unplugged */
	int cut;	      /* so many bytes are missing of each report */

	/* And reads these. */
	unsigned int cancels, requests[256]; /* by CTAP command */

	/* Its own. */
	struct {
		size_t want, len;
		uint8_t data[MEDDLE_MESSAGE];
	} request;
	bool babbling;
	size_t head, tail;
	uint8_t frames[MEDDLE_FRAMES][IO_REPORT_BYTES];
};

struct meddle_handle {
	struct io_wait wait; /* first */
	struct meddler *m;
	void *inner;
};

/* libfido2's open() gets a path and nothing else. */
static struct meddler *meddle_now;

static inline uint64_t
meddle_clock(void *ctx)
{
	const struct harness *h = ctx;

	return h->now;
}

static inline void *
meddle_open(const char *path)
{
	struct meddle_handle *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->m = meddle_now;
	io_wait_init(&h->wait);
	h->wait.clock = (struct io_clock){ meddle_clock, h->m->h };
	io_wait_begin(&h->wait, IO_OPEN_MS, 0);
	h->inner = harness_io()->open(path);
	assert_non_null(h->inner);
	return h;
}

static inline void
meddle_close(void *handle)
{
	struct meddle_handle *h = handle;

	harness_io()->close(h->inner);
	free(h);
}

static inline void
meddle_push(struct meddler *m, const uint8_t frame[IO_REPORT_BYTES])
{
	assert_true(m->tail - m->head < MEDDLE_FRAMES);
	memcpy(m->frames[m->tail++ % MEDDLE_FRAMES], frame, IO_REPORT_BYTES);
}

static inline int
meddle_pop(struct meddler *m, unsigned char *buf)
{
	memcpy(buf, m->frames[m->head++ % MEDDLE_FRAMES], IO_REPORT_BYTES);
	return IO_REPORT_BYTES;
}

/* The rest of a reply whose first frame is in `frame`. */
static inline void
meddle_collect(
    struct meddle_handle *h, const uint8_t *frame, struct meddle_reply *reply)
{
	size_t want = (size_t)frame[5] << 8 | frame[6], got, n;
	uint8_t next[IO_REPORT_BYTES];

	assert_true(want <= sizeof(reply->data));
	got = want < CTAPHID_INIT_DATA ? want : CTAPHID_INIT_DATA;
	memcpy(reply->data, frame + 7, got);
	while (got < want) {
		assert_int_equal(
		    harness_io()->read(h->inner, next, sizeof(next), 100),
		    IO_REPORT_BYTES);
		n = want - got < CTAPHID_CONT_DATA ? want - got
						   : CTAPHID_CONT_DATA;
		memcpy(reply->data + got, next + 5, n);
		got += n;
	}
	reply->len = want;
}

static inline void
meddle_emit(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	(void)client;
	meddle_push(ctx, report);
}

static inline void
meddle_send(struct meddler *m, const uint8_t channel[4], uint8_t cmd,
    const struct meddle_reply *reply)
{
	uint32_t cid = (uint32_t)channel[0] << 24 | (uint32_t)channel[1] << 16 |
		       (uint32_t)channel[2] << 8 | channel[3];

	ctaphid_split(0, cid, cmd, reply->data, reply->len, meddle_emit, m);
}

/* A keepalive every 10 ms of the key's clock: no slice ever runs out. */
static inline int
meddle_babble(struct meddle_handle *h, unsigned char *buf)
{
	memset(buf, 0, IO_REPORT_BYTES);
	memcpy(buf, h->wait.channel, 4);
	buf[4] = CTAPHID_KEEPALIVE;
	buf[6] = 1;
	buf[7] = 2; /* UPNEEDED */
	h->m->h->now += 10;
	return IO_REPORT_BYTES;
}

static inline int
meddle_read_slice(void *handle, unsigned char *buf, size_t len, int ms)
{
	struct meddle_handle *h = handle;
	struct meddler *m = h->m;
	struct meddle_reply reply;

	assert_in_range(ms, 0, IO_SLICE_MS);
	if (m->gone)
		return -1;
	if (m->head < m->tail)
		return meddle_pop(m, buf);
	if (m->babbling)
		return meddle_babble(h, buf);
	if (harness_io()->read(h->inner, buf, len, ms) != (int)len)
		return 0;
	if (m->cut != 0)
		return IO_REPORT_BYTES - m->cut;
	if (buf[4] == CTAPHID_INIT && m->init_flags >= 0)
		buf[7 + CTAPHID_INIT_REPLY - 1] = (uint8_t)m->init_flags;
	if (buf[4] != CTAPHID_CBOR || m->hook == NULL)
		return IO_REPORT_BYTES;
	meddle_collect(h, buf, &reply);
	m->hook(m, m->request.data, m->request.len, &reply);
	meddle_send(m, buf, CTAPHID_CBOR, &reply);
	return meddle_pop(m, buf);
}

/* Keeps the request, so that the hook can see what was asked. */
static inline void
meddle_note(struct meddler *m, const uint8_t *frame)
{
	size_t n, at = (frame[4] & 0x80) != 0 ? 7 : 5;

	if (frame[4] == CTAPHID_CBOR) {
		m->request.want = (size_t)frame[5] << 8 | frame[6];
		m->request.len = 0;
		m->requests[frame[7]]++;
		m->babbling = m->babble_after == frame[7];
	} else if ((frame[4] & 0x80) != 0) {
		return;
	}
	n = m->request.want - m->request.len;
	if (n > IO_REPORT_BYTES - at)
		n = IO_REPORT_BYTES - at;
	assert_true(m->request.len + n <= sizeof(m->request.data));
	memcpy(m->request.data + m->request.len, frame + at, n);
	m->request.len += n;
}

static inline int
meddle_write_slice(void *handle, const unsigned char *buf, size_t len, int ms)
{
	static const struct meddle_reply cancelled = { 1, { 0x2d } };
	struct meddle_handle *h = handle;
	struct meddler *m = h->m;

	(void)ms;
	if (m->gone)
		return -1;
	meddle_note(m, buf + 1);
	if (buf[5] == CTAPHID_CANCEL)
		m->cancels++;
	if (!m->babbling)
		return harness_io()->write(h->inner, buf, len);
	if (buf[5] == CTAPHID_CANCEL && !m->deaf) {
		m->babbling = false;
		meddle_send(m, buf + 1, CTAPHID_CBOR, &cancelled);
	}
	return (int)len;
}

static inline int
meddle_read(void *handle, unsigned char *buf, size_t len, int ms)
{
	struct meddle_handle *h = handle;

	return io_wait_read(&h->wait, meddle_read_slice, h, buf, len, ms);
}

static inline int
meddle_write(void *handle, const unsigned char *buf, size_t len)
{
	struct meddle_handle *h = handle;

	return io_wait_write(&h->wait, meddle_write_slice, h, buf, len);
}

/* Opens the harness's key through the meddler. */
static inline int
meddle_token(struct meddler *m, struct cseal_token **t,
    const struct cseal_prompt *prompt, struct cseal_error *err)
{
	static const fido_dev_io_t io = { meddle_open, meddle_close,
		meddle_read, meddle_write };
	const struct token_timing timing = {
		.clock = { meddle_clock, m->h },
		.quick_ms = 3000,
		.touch_ms = CSEAL_TOKEN_TOUCH_SECONDS * 1000,
		.grace_ms = 2000,
		.hang_up_ms = 500,
	};

	meddle_now = m;
	return token_open_io(t, m->h->path, &io, &timing, prompt, err);
}

/* The sentence has the words. */
static inline void
meddle_expect(const struct cseal_error *err, const char *words)
{
	if (strstr(err->what, words) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", err->what, words);
}

#endif
