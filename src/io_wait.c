/* SPDX-License-Identifier: BSD-2-Clause */

#include "token_io.h"

#include <string.h>
#include <time.h>

/* A CTAPHID report (CTAP 2.1 section 11.2.4). */
#define REPORT_CMD	 4
#define REPORT_LEN	 5
#define REPORT_FIRST	 57 /* payload bytes of an initial report */
#define REPORT_NEXT	 59 /* of a continuation */
#define REPORT_INITIAL	 0x80
#define REPORT_KEEPALIVE 0xbb
#define REPORT_INIT	 0x86
#define REPORT_CBOR	 0x90
#define REPORT_CAN	 (7 + 16) /* in the answer to INIT (11.2.9.1.3) */

static uint64_t
system_now(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return UINT64_MAX; /* every deadline has passed */
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static uint64_t
now_of(const struct io_wait *w)
{
	return w->clock.now(w->clock.ctx);
}

void
io_wait_init(struct io_wait *w)
{
	memset(w, 0, sizeof(*w));
	w->clock.now = system_now;
	io_wait_begin(w, IO_OPEN_MS, 0);
}

void
io_wait_begin(struct io_wait *w, uint64_t ms, uint64_t grace)
{
	uint64_t now = now_of(w);

	w->deadline = now + ms + grace;
	w->grace = grace;
	w->next_tick = now;
	w->left = 0;
	w->heard = false;
	w->state = IO_OK;
}

static int
stop(struct io_wait *w, enum io_state why)
{
	w->state = why;
	return -1;
}

/*
 * True if the person's side wants to stop. A key that talks all the time must
 * not keep the prompt from being asked, and must not make it hectic either.
 */
static bool
tick_cancels(struct io_wait *w, uint64_t now)
{
	uint64_t left;

	if (w->prompt == NULL || w->prompt->tick == NULL || now < w->next_tick)
		return false;
	w->next_tick = now + IO_SLICE_MS;
	left = w->deadline > now ? w->deadline - now : 0;
	left = left > w->grace ? left - w->grace : 0;
	return w->prompt->tick(w->prompt->ctx,
		   left > INT32_MAX ? INT32_MAX : (int)left) != 0;
}

static enum io_state
why_late(const struct io_wait *w)
{
	if (w->left > 0)
		return IO_CUT;
	return w->heard ? IO_TIMEOUT : IO_SILENT;
}

/* The next slice in milliseconds, or -1: stop, for the reason in w->state. */
static int
next_slice(struct io_wait *w, uint64_t now, uint64_t end)
{
	if (w->state != IO_OK)
		return -1;
	if (now >= end)
		return stop(w, why_late(w));
	return end - now < IO_SLICE_MS ? (int)(end - now) : IO_SLICE_MS;
}

/* Nobody has to touch anything for the rest of an answer. */
static uint64_t
limit(const struct io_wait *w)
{
	return w->left > 0 && w->rest < w->deadline ? w->rest : w->deadline;
}

static uint64_t
end_of_wait(const struct io_wait *w, int ms)
{
	uint64_t end = limit(w), now;

	if (ms < 0)
		return end;
	now = now_of(w);
	return now >= end || end - now < (uint64_t)ms ? end
						      : now + (uint64_t)ms;
}

static int
moved(struct io_wait *w, int n, size_t want)
{
	if (n < 0)
		return stop(w, IO_GONE);
	if ((size_t)n != want)
		return stop(w, IO_BAD);
	return n;
}

/*
 * Keeps the answer: to know after a cancel what is still to be read away, and
 * to look at it whole before its last report is handed on. False if it is not
 * to be handed on.
 */
static bool
note_answer(struct io_wait *w, const unsigned char report[IO_REPORT_BYTES])
{
	size_t at = IO_REPORT_BYTES - REPORT_NEXT, n;

	if (memcmp(report, w->channel, sizeof(w->channel)) != 0)
		return true;
	w->heard = true;
	if (report[REPORT_CMD] == REPORT_KEEPALIVE)
		return true;
	if (report[REPORT_CMD] == REPORT_INIT)
		w->can = report[REPORT_CAN];
	if ((report[REPORT_CMD] & REPORT_INITIAL) != 0) {
		at = IO_REPORT_BYTES - REPORT_FIRST;
		w->command = report[REPORT_CMD];
		w->got = 0;
		w->rest = now_of(w) + IO_REST_MS;
		w->left =
		    (size_t)report[REPORT_LEN] << 8 | report[REPORT_LEN + 1];
	} else if (w->left == 0) {
		return true; /* a continuation of nothing */
	}
	if (w->left > sizeof(w->answer) - w->got)
		return false;
	n = IO_REPORT_BYTES - at;
	n = w->left < n ? w->left : n;
	memcpy(w->answer + w->got, report + at, n);
	w->got += n;
	w->left -= n;
	w->whole = w->left == 0;
	return !w->whole || w->command != REPORT_CBOR ||
	       io_answer_fits(w->asked, w->answer, w->got);
}

int
io_wait_read(struct io_wait *w, io_read_slice *slice, void *h,
    unsigned char *buf, size_t len, int ms)
{
	uint64_t end = end_of_wait(w, ms);
	int n, left;

	do {
		uint64_t now = now_of(w);

		if (w->state == IO_OK && tick_cancels(w, now))
			return stop(w, IO_CANCELLED);
		if ((left = next_slice(w, now, end)) < 0)
			return -1;
		n = slice(h, buf, len, left);
	} while (n == 0);
	n = moved(w, n, len);
	if (n == IO_REPORT_BYTES && !note_answer(w, buf))
		return stop(w, IO_DAMAGED);
	return n;
}

/*
 * Nobody is asked in the course of a write: a message cut in its middle would
 * leave the key waiting for the rest, deaf to CANCEL.
 */
int
io_wait_write(struct io_wait *w, io_write_slice *slice, void *h,
    const unsigned char *buf, size_t len)
{
	int n, left;

	if (len != IO_REPORT_BYTES + 1)
		return stop(w, IO_BAD);
	memcpy(w->channel, buf + 1, sizeof(w->channel));
	if (buf[1 + REPORT_CMD] == REPORT_CBOR)
		w->asked = buf[1 + IO_REPORT_BYTES - REPORT_FIRST];
	w->whole = false;
	do {
		if ((left = next_slice(w, now_of(w), w->deadline)) < 0)
			return -1;
		n = slice(h, buf, len, left);
	} while (n == 0);
	return moved(w, n, len);
}
