/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports to and from keys: waiting, Unix sockets, HID devices, their errors.
 */

#include <setjmp.h>
#include <stdarg.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <fido.h>

#include "socket_server.h"
#include "token_io.h"

#define QUEUE_MAX 4096 /* reports that a socket surely does not hold */

/* A wait whose time is the test's. */
struct waiter {
	struct io_wait wait; /* first */
	uint64_t now;
	struct cseal_prompt prompt;
	unsigned int ticks, slices;
	unsigned int cancel_tick; /* this tick (from 1) cancels */
	int ms_left[64];	  /* what the ticks were told */
	int answer;		  /* of a slice that has one */
	unsigned int answer_at;	  /* slice (from 1) that has one */
	uint64_t step;		  /* of the clock in each slice; 0: its ms */
	int longest;
};

static uint64_t
waiter_now(void *ctx)
{
	const struct waiter *w = ctx;

	return w->now;
}

static int
waiter_tick(void *ctx, int ms_left)
{
	struct waiter *w = ctx;

	if (w->ticks < sizeof(w->ms_left) / sizeof(*w->ms_left))
		w->ms_left[w->ticks] = ms_left;
	return ++w->ticks == w->cancel_tick;
}

static int
slice(struct waiter *w, int ms)
{
	w->slices++;
	w->now += w->step != 0 ? w->step : (uint64_t)ms;
	if (ms > w->longest)
		w->longest = ms;
	return w->answer_at != 0 && w->slices >= w->answer_at ? w->answer : 0;
}

static int
read_slice(void *h, unsigned char *buf, size_t len, int ms)
{
	memset(buf, 0, len);
	return slice(h, ms);
}

static int
write_slice(void *h, const unsigned char *buf, size_t len, int ms)
{
	(void)buf;
	(void)len;
	return slice(h, ms);
}

static void
waiter_init(struct waiter *w, uint64_t ms, uint64_t grace)
{
	memset(w, 0, sizeof(*w));
	w->now = 1000000;
	w->prompt.ctx = w;
	w->prompt.tick = waiter_tick;
	io_wait_init(&w->wait);
	w->wait.clock = (struct io_clock){ waiter_now, w };
	w->wait.prompt = &w->prompt;
	io_wait_begin(&w->wait, ms, grace);
}

static int
wait_read(struct waiter *w, int ms)
{
	unsigned char buf[IO_REPORT_BYTES];

	return io_wait_read(&w->wait, read_slice, w, buf, sizeof(buf), ms);
}

static void
test_wait_slices(void **state)
{
	struct waiter w;

	(void)state;
	waiter_init(&w, 1000, 0);
	w.answer = IO_REPORT_BYTES;
	w.answer_at = 5;
	assert_int_equal(wait_read(&w, -1), IO_REPORT_BYTES);
	assert_int_equal(w.wait.state, IO_OK);
	assert_int_equal(w.slices, 5);
	assert_int_equal(w.longest, IO_SLICE_MS);
	assert_int_equal(w.ticks, 5);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(w.ms_left[i], 1000 - 100 * (int)i);
}

static void
test_wait_deadline(void **state)
{
	struct waiter w;

	(void)state;
	waiter_init(&w, 950, 200);
	assert_int_equal(wait_read(&w, -1), -1);
	assert_int_equal(w.wait.state, IO_SILENT);
	assert_int_equal(w.now, 1000000 + 1150);
	assert_int_equal(w.slices, 12);
	/* The grace is not shown. */
	assert_int_equal(w.ms_left[0], 950);
	assert_int_equal(w.ms_left[9], 50);
	assert_int_equal(w.ms_left[10], 0);
	/* What has ended stays so until the next exchange begins. */
	w.answer = IO_REPORT_BYTES;
	w.answer_at = 1;
	assert_int_equal(wait_read(&w, -1), -1);
	assert_int_equal(w.wait.state, IO_SILENT);
	io_wait_begin(&w.wait, 1, 0);
	assert_int_equal(wait_read(&w, -1), IO_REPORT_BYTES);
}

static void
test_wait_callers_limit(void **state)
{
	struct waiter w;

	(void)state;
	waiter_init(&w, 950, 0);
	assert_int_equal(wait_read(&w, 250), -1);
	assert_int_equal(w.wait.state, IO_SILENT);
	assert_int_equal(w.now, 1000000 + 250);
	waiter_init(&w, 950, 0);
	assert_int_equal(wait_read(&w, INT32_MAX), -1);
	assert_int_equal(w.now, 1000000 + 950);
}

/* A device that always has a report ready: deadline and prompt still rule. */
static void
test_wait_chatter(void **state)
{
	unsigned int reports = 0;
	struct waiter w;

	(void)state;
	waiter_init(&w, 3000, 0);
	w.answer = IO_REPORT_BYTES;
	w.answer_at = 1;
	w.step = 1;
	while (wait_read(&w, -1) == IO_REPORT_BYTES)
		reports++;
	assert_int_equal(w.wait.state, IO_TIMEOUT);
	assert_int_equal(reports, 3000);
	assert_int_equal(w.ticks, 31);
	waiter_init(&w, 3000, 0);
	w.answer = IO_REPORT_BYTES;
	w.answer_at = 1;
	w.step = 1;
	w.cancel_tick = 3;
	while (wait_read(&w, -1) == IO_REPORT_BYTES)
		;
	assert_int_equal(w.wait.state, IO_CANCELLED);
	assert_int_equal(w.now, 1000000 + 200);
}

static void
test_wait_cancel(void **state)
{
	struct waiter w;

	(void)state;
	waiter_init(&w, 1000, 0);
	w.cancel_tick = 4;
	assert_int_equal(wait_read(&w, -1), -1);
	assert_int_equal(w.wait.state, IO_CANCELLED);
	assert_int_equal(w.now, 1000000 + 300);
}

static void
test_wait_bad_slices(void **state)
{
	static const struct {
		int answer;
		enum io_state why;
	} rows[] = {
		{ -1, IO_GONE },
		{ 1, IO_BAD },
		{ IO_REPORT_BYTES - 1, IO_BAD },
		{ IO_REPORT_BYTES + 1, IO_BAD },
		{ INT32_MAX, IO_BAD },
	};
	struct waiter w;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		waiter_init(&w, 1000, 0);
		w.answer = rows[i].answer;
		w.answer_at = 2;
		assert_int_equal(wait_read(&w, -1), -1);
		assert_int_equal(w.wait.state, rows[i].why);
	}
}

static void
test_wait_write(void **state)
{
	static const unsigned char report[IO_REPORT_BYTES + 1] = { 0, 1, 2, 3,
		4 };
	struct waiter w;

	(void)state;
	waiter_init(&w, 500, 0);
	w.answer = sizeof(report);
	w.answer_at = 3;
	w.cancel_tick = 1; /* nobody is asked while a message goes out */
	assert_int_equal(
	    io_wait_write(&w.wait, write_slice, &w, report, sizeof(report)),
	    sizeof(report));
	assert_memory_equal(w.wait.channel, report + 1, 4);
	assert_int_equal(w.ticks, 0);
	waiter_init(&w, 500, 0);
	assert_int_equal(
	    io_wait_write(&w.wait, write_slice, &w, report, sizeof(report)),
	    -1);
	assert_int_equal(w.wait.state, IO_SILENT);
	assert_int_equal(w.now, 1000000 + 500);
	waiter_init(&w, 500, 0);
	assert_int_equal(
	    io_wait_write(&w.wait, write_slice, &w, report, sizeof(report) - 1),
	    -1);
	assert_int_equal(w.wait.state, IO_BAD);
	assert_int_equal(w.slices, 0);
}

/* Without a prompt, and on the system's clock. */
static void
test_wait_plain(void **state)
{
	struct waiter w;

	(void)state;
	waiter_init(&w, 100, 0);
	io_wait_init(&w.wait);
	assert_null(w.wait.prompt);
	w.answer = IO_REPORT_BYTES;
	w.answer_at = 3;
	assert_int_equal(wait_read(&w, -1), IO_REPORT_BYTES);
	io_wait_begin(&w.wait, 0, 0);
	assert_int_equal(wait_read(&w, -1), -1);
	assert_int_equal(w.wait.state, IO_SILENT);
}

static void
test_text(void **state)
{
	static const uint8_t evil[] = "a\x1b[31m\xe2\x80\xae"
				      "b";
	char out[32];

	(void)state;
	io_text(out, sizeof(out), evil, sizeof(evil) - 1, 0);
	assert_string_equal(out, "a\\u{001B}[31m\\u{202E}b");
	/* Cut at a character's end: U+00E9 has two bytes. */
	io_text(out, 4, (const uint8_t *)"ab\xc3\xa9", 4, 0);
	assert_string_equal(out, "ab");
	io_text(out, 1, (const uint8_t *)"x", 1, 0);
	assert_string_equal(out, "");
	io_text(out, sizeof(out), NULL, 0, 0);
	assert_string_equal(out, "");
}

static int
ends_teardown(void **state)
{
	struct server *s = *state;

	io_unix.close(s->h);
	return server_teardown(state);
}

static struct io_wait *
connect_both(struct server *s)
{
	bind_socket(s, SOCK_SEQPACKET);
	s->h = io_unix.open(s->token);
	assert_non_null(s->h);
	s->peer = accept(s->listener, NULL, NULL);
	assert_true(s->peer >= 0);
	return s->h;
}

static void
test_unix_reports(void **state)
{
	struct server *s = *state;
	unsigned char out[IO_REPORT_BYTES + 1], in[IO_REPORT_BYTES + 1];

	connect_both(s);
	memset(out, 0x5a, sizeof(out));
	out[0] = 0;
	assert_int_equal(io_unix.write(s->h, out, sizeof(out)), sizeof(out));
	assert_int_equal(recv(s->peer, in, sizeof(in), 0), IO_REPORT_BYTES);
	assert_memory_equal(in, out + 1, IO_REPORT_BYTES);
	assert_int_equal(
	    send(s->peer, in, IO_REPORT_BYTES, 0), IO_REPORT_BYTES);
	memset(in, 0, sizeof(in));
	assert_int_equal(
	    io_unix.read(s->h, in, IO_REPORT_BYTES, -1), IO_REPORT_BYTES);
	assert_memory_equal(in, out + 1, IO_REPORT_BYTES);
}

static void
test_unix_bad_reports(void **state)
{
	static const size_t sizes[] = { 1, 63, 65, 5000 };
	static const unsigned char noise[5000];
	struct server *s = *state;
	unsigned char in[IO_REPORT_BYTES];
	struct io_wait *w = connect_both(s);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		io_wait_begin(w, 1000, 0);
		assert_int_equal(send(s->peer, noise, sizes[i], 0), sizes[i]);
		assert_int_equal(io_unix.read(s->h, in, sizeof(in), -1), -1);
		assert_int_equal(w->state, IO_BAD);
	}
}

static void
test_unix_peer_closes(void **state)
{
	static const unsigned char out[IO_REPORT_BYTES + 1];
	struct server *s = *state;
	unsigned char in[IO_REPORT_BYTES];
	struct io_wait *w = connect_both(s);

	close(s->peer);
	s->peer = -1;
	assert_int_equal(io_unix.read(s->h, in, sizeof(in), -1), -1);
	assert_int_equal(w->state, IO_GONE);
	io_wait_begin(w, 1000, 0);
	assert_int_equal(io_unix.write(s->h, out, sizeof(out)), -1);
	assert_int_equal(w->state, IO_GONE);
}

static void
test_unix_silent_peer(void **state)
{
	struct server *s = *state;
	unsigned char in[IO_REPORT_BYTES];
	struct io_wait *w = connect_both(s);

	io_wait_begin(w, 30, 10);
	assert_int_equal(io_unix.read(s->h, in, sizeof(in), -1), -1);
	assert_int_equal(w->state, IO_SILENT);
}

/* A peer that never reads must not hold the writer for ever. */
static void
test_unix_full(void **state)
{
	static const unsigned char out[IO_REPORT_BYTES + 1];
	struct server *s = *state;
	struct io_wait *w = connect_both(s);
	int n = 0;

	io_wait_begin(w, 50, 0);
	while (n < QUEUE_MAX &&
	       io_unix.write(s->h, out, sizeof(out)) == sizeof(out))
		n++;
	assert_in_range(n, 1, QUEUE_MAX - 1);
	assert_int_equal(w->state, IO_SILENT);
}

static void
test_unix_close_on_exec(void **state)
{
	struct server *s = *state;
	int fd;

	bind_socket(s, SOCK_SEQPACKET);
	fd = dup(0); /* the lowest that is free, and free again */
	assert_true(fd >= 0);
	close(fd);
	s->h = io_unix.open(s->token);
	assert_non_null(s->h);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_null(io_unix.open(s->path)); /* without its prefix */
	assert_int_equal(errno, EINVAL);
}

#define SERVED(test) \
	cmocka_unit_test_setup_teardown(test, server_setup, ends_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wait_slices),
		cmocka_unit_test(test_wait_deadline),
		cmocka_unit_test(test_wait_callers_limit),
		cmocka_unit_test(test_wait_chatter),
		cmocka_unit_test(test_wait_cancel),
		cmocka_unit_test(test_wait_bad_slices),
		cmocka_unit_test(test_wait_write),
		cmocka_unit_test(test_wait_plain),
		cmocka_unit_test(test_text),
		SERVED(test_unix_reports),
		SERVED(test_unix_bad_reports),
		SERVED(test_unix_peer_closes),
		SERVED(test_unix_silent_peer),
		SERVED(test_unix_full),
		SERVED(test_unix_close_on_exec),
	};

	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
