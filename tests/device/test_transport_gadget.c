/* SPDX-License-Identifier: BSD-2-Clause */
/* The key at the end of a USB cable; the test is the host at the other. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "bus_fixture.h"
#include "transport_gadget.h"

struct fixture {
	struct bus bus; /* first */
	struct gadget *gadget;
};

static void
send_report(void *self, const uint8_t report[CTAPHID_REPORT])
{
	gadget_send(self, report);
}

static int
set_up(void **state)
{
	static struct fixture f;
	int small = 1; /* the kernel makes it some reports' worth */

	*state = &f;
	if (bus_open(&f.bus) != 0 || setsockopt(f.bus.key, SOL_SOCKET,
					 SO_SNDBUF, &small, sizeof(small)) != 0)
		return -1;
	f.gadget = gadget_attach(f.bus.key);
	f.bus.self = f.gadget;
	f.bus.send = send_report;
	return f.gadget != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	gadget_close(f->gadget);
	device_free(f->bus.dev);
	close(f->bus.kernel);
	return 0;
}

/* Serves what poll(2) finds; 0, or what gadget_serve() returned. */
static int
serve(struct fixture *f)
{
	struct pollfd fd;

	for (;;) {
		gadget_poll(f->gadget, &fd);
		if (poll(&fd, 1, 0) == 0)
			return 0;
		if (gadget_serve(f->gadget, &fd, f->bus.dev) != 0)
			return -1;
	}
}

static void
give(struct fixture *f, const void *data, size_t n)
{
	assert_int_equal(send(f->bus.kernel, data, n, 0), n);
	assert_int_equal(serve(f), 0);
}

static bool
get(const struct fixture *f, uint8_t r[CTAPHID_REPORT])
{
	return recv(f->bus.kernel, r, CTAPHID_REPORT, 0) == CTAPHID_REPORT;
}

static uint32_t
channel(struct fixture *f)
{
	uint8_t r[CTAPHID_REPORT];

	bus_packet(r, CTAPHID_BROADCAST, CTAPHID_INIT, "12345678", 8);
	give(f, r, sizeof(r));
	assert_true(get(f, r));
	assert_memory_equal(r + 7, "12345678", 8);
	return bus_channel(r);
}

static void
reports_of_both_lengths(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT + 1] = { 0 };

	assert_int_not_equal(channel(f), 0);
	bus_packet(r + 1, CTAPHID_BROADCAST, CTAPHID_INIT, "87654321", 8);
	give(f, r, sizeof(r));
	assert_true(get(f, r));
	assert_memory_equal(r + 7, "87654321", 8);
}

static void
other_lengths_are_nothing(void **state)
{
	static const size_t sizes[] = { 1, 63, 66, 128 };
	struct fixture *f = *state;
	uint8_t r[128] = { 0 };

	bus_packet(r, CTAPHID_BROADCAST, CTAPHID_INIT, "12345678", 8);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		give(f, r, sizes[i]);
		assert_false(get(f, r));
	}
}

/* More than the wire takes at once waits, and comes in order. */
static void
reports_wait_for_the_host(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT] = { 0 };
	struct pollfd fd;

	for (unsigned int i = 0; i < GADGET_QUEUE; i++) {
		r[0] = (uint8_t)i;
		gadget_send(f->gadget, r);
	}
	gadget_poll(f->gadget, &fd);
	assert_int_equal(fd.events, POLLIN | POLLOUT);
	for (unsigned int i = 0; i < GADGET_QUEUE; i++) {
		assert_true(get(f, r));
		assert_int_equal(r[0], (uint8_t)i);
		assert_int_equal(serve(f), 0);
	}
	assert_false(get(f, r));
	gadget_poll(f->gadget, &fd);
	assert_int_equal(fd.events, POLLIN);
}

static void
ask(struct fixture *f, uint32_t cid)
{
	const uint8_t select = SELECTION;
	uint8_t r[CTAPHID_REPORT];

	bus_packet(r, cid, CTAPHID_CBOR, &select, 1);
	give(f, r, sizeof(r));
	device_poll(f->bus.dev);
	assert_true(f->bus.asked);
}

/* A host that fetches nothing does not keep the key waiting for ever. */
static void
host_that_is_deaf(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT] = { 0 };
	const struct pollfd out = { .revents = POLLOUT };

	ask(f, channel(f));
	for (int i = 0; i < 4 * GADGET_QUEUE; i++)
		gadget_send(f->gadget, r);
	assert_int_equal(gadget_serve(f->gadget, &out, f->bus.dev), 0);
	assert_false(f->bus.asked);
	while (get(f, r))
		;
	assert_int_not_equal(channel(f), 0);
}

static void
cable_that_is_pulled(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT] = { 0 };
	const struct pollfd out = { .revents = POLLOUT };

	ask(f, channel(f));
	assert_int_equal(shutdown(f->bus.kernel, SHUT_RDWR), 0);
	gadget_send(f->gadget, r);
	assert_int_equal(gadget_serve(f->gadget, &out, f->bus.dev), 0);
	assert_false(f->bus.asked);
	assert_int_equal(serve(f), -1);
	assert_int_equal(errno, ENODEV);
}

static void
no_device_is_a_sentence(void **state)
{
	char why[128] = "";

	(void)state;
	assert_null(transport_gadget.open("/nowhere", "x", why, sizeof(why)));
	assert_non_null(strstr(why, "set the USB gadget up"));
	assert_null(transport_gadget.open("/", "x", why, sizeof(why)));
	assert_null(strstr(why, "set the USB gadget up"));
	transport_gadget.close(NULL);
}

#define with_gadget(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_gadget(reports_of_both_lengths),
		with_gadget(other_lengths_are_nothing),
		with_gadget(reports_wait_for_the_host),
		with_gadget(host_that_is_deaf),
		with_gadget(cable_that_is_pulled),
		cmocka_unit_test(no_device_is_a_sentence),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
