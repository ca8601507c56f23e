/* SPDX-License-Identifier: BSD-2-Clause */
/* The key as a HID device of the kernel, whose part the test plays. */
#include <errno.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "bus_fixture.h"
#include "hidreport.h"
#include "transport_uhid.h"

struct fixture {
	struct bus bus; /* first */
	struct uhid *uhid;
};

static void
send_report(void *self, const uint8_t report[CTAPHID_REPORT])
{
	uhid_send(self, report);
}

/* What the key wrote last; the type, or -1 if there is nothing. */
static int
written(const struct fixture *f, struct uhid_event *ev)
{
	ssize_t n = recv(f->bus.kernel, ev, sizeof(*ev), 0);

	if (n == -1 && errno == EAGAIN)
		return -1;
	assert_int_equal(n, sizeof(*ev));
	return (int)ev->type;
}

static int
set_up(void **state)
{
	static struct fixture f;
	struct uhid_event ev;
	char why[128];

	*state = &f;
	if (bus_open(&f.bus) != 0)
		return -1;
	f.uhid = uhid_attach(f.bus.key, "lin", why, sizeof(why));
	f.bus.self = f.uhid;
	f.bus.send = send_report;
	return f.uhid != NULL && written(&f, &ev) == UHID_CREATE2 ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	uhid_close(f->uhid);
	device_free(f->bus.dev);
	close(f->bus.kernel);
	return 0;
}

/* The kernel gives an event; the key takes it. */
static void
give(struct fixture *f, const struct uhid_event *ev)
{
	assert_int_equal(send(f->bus.kernel, ev, sizeof(*ev), 0), sizeof(*ev));
	assert_int_equal(uhid_serve(f->uhid, f->bus.dev), 0);
}

static void
give_type(struct fixture *f, uint32_t type)
{
	struct uhid_event ev = { .type = type };

	give(f, &ev);
}

/* A report written by a program: as it is, or with the report id first. */
static void
output(struct fixture *f, size_t size, const uint8_t report[CTAPHID_REPORT])
{
	struct uhid_event ev = { .type = UHID_OUTPUT };

	ev.u.output.rtype = UHID_OUTPUT_REPORT;
	ev.u.output.size = (uint16_t)size;
	memcpy(
	    ev.u.output.data + size - CTAPHID_REPORT, report, CTAPHID_REPORT);
	give(f, &ev);
}

static uint32_t
channel(struct fixture *f, size_t size)
{
	uint8_t r[CTAPHID_REPORT];
	struct uhid_event ev;

	bus_packet(r, CTAPHID_BROADCAST, CTAPHID_INIT, "12345678", 8);
	output(f, size, r);
	assert_int_equal(written(f, &ev), UHID_INPUT2);
	assert_int_equal(ev.u.input2.size, CTAPHID_REPORT);
	assert_memory_equal(ev.u.input2.data + 7, "12345678", 8);
	return bus_channel(ev.u.input2.data);
}

static void
device_is_a_fido_device(void **state)
{
	struct uhid_event ev;
	char why[128];
	int pair[2];
	struct uhid *u;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	u = uhid_attach(pair[0], "lin", why, sizeof(why));
	assert_non_null(u);
	assert_int_equal(recv(pair[1], &ev, sizeof(ev), 0), sizeof(ev));
	assert_int_equal(ev.type, UHID_CREATE2);
	assert_string_equal((char *)ev.u.create2.name, "counterseal-token");
	assert_string_equal((char *)ev.u.create2.uniq, "lin");
	assert_int_equal(ev.u.create2.bus, BUS_USB);
	assert_int_equal(ev.u.create2.rd_size, HIDREPORT_DESCRIPTOR);
	assert_memory_equal(
	    ev.u.create2.rd_data, "\x06\xd0\xf1\x09\x01\xa1\x01", 7);
	uhid_close(u);
	assert_int_equal(recv(pair[1], &ev, sizeof(ev), 0), sizeof(ev));
	assert_int_equal(ev.type, UHID_DESTROY);
	close(pair[1]);
}

/* The name reaches the lines of an uevent. */
static void
names_are_plain(void **state)
{
	static const char hostile[] = "a\nDEVNAME=sda\033[2J";
	struct uhid_event ev;
	char why[128], longer[200];
	int pair[2];

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? hostile : longer;
		struct uhid *u;

		assert_int_equal(
		    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
		u = uhid_attach(pair[0], name, why, sizeof(why));
		assert_non_null(u);
		assert_int_equal(recv(pair[1], &ev, sizeof(ev), 0), sizeof(ev));
		for (const uint8_t *p = ev.u.create2.uniq; *p != '\0'; p++)
			assert_in_range(*p, ' ', '~');
		assert_in_range(strlen((char *)ev.u.create2.uniq), 10, 63);
		uhid_close(u);
		close(pair[1]);
	}
}

static void
no_device_is_a_sentence(void **state)
{
	char why[128] = "";
	int pair[2];

	(void)state;
	assert_null(transport_uhid.open("/nowhere", "x", why, sizeof(why)));
	assert_non_null(strstr(why, "module uhid"));
	assert_int_equal(pipe(pair), 0);
	close(pair[1]);
	/* The reading end takes nothing. */
	assert_null(uhid_attach(pair[0], "x", why, sizeof(why)));
	assert_non_null(strstr(why, "makes no HID device"));
	transport_uhid.close(NULL);
}

static void
reports_of_both_lengths(void **state)
{
	struct fixture *f = *state;
	uint32_t a = channel(f, CTAPHID_REPORT);
	uint32_t b = channel(f, CTAPHID_REPORT + 1);

	assert_int_not_equal(a, b);
	give_type(f, UHID_START);
	give_type(f, UHID_OPEN);
}

static void
other_lengths_are_nothing(void **state)
{
	static const uint16_t sizes[] = { 0, 1, 63, 66, UHID_DATA_MAX,
		UINT16_MAX };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct uhid_event ev = { .type = UHID_OUTPUT };

		ev.u.output.rtype = UHID_OUTPUT_REPORT;
		ev.u.output.size = sizes[i];
		bus_packet(ev.u.output.data, CTAPHID_BROADCAST, CTAPHID_INIT,
		    "12345678", 8);
		give(f, &ev);
		assert_int_equal(written(f, &ev), -1);
	}
}

static void
feature_reports_are_nothing(void **state)
{
	struct fixture *f = *state;
	struct uhid_event ev = { .type = UHID_OUTPUT };

	ev.u.output.rtype = UHID_FEATURE_REPORT;
	ev.u.output.size = CTAPHID_REPORT;
	bus_packet(
	    ev.u.output.data, CTAPHID_BROADCAST, CTAPHID_INIT, "12345678", 8);
	give(f, &ev);
	assert_int_equal(written(f, &ev), -1);
}

static void
short_events_are_taken(void **state)
{
	struct fixture *f = *state;
	struct uhid_event ev = { .type = UHID_OPEN };

	assert_int_equal(
	    send(f->bus.kernel, &ev, sizeof(ev.type), 0), sizeof(ev.type));
	assert_int_equal(uhid_serve(f->uhid, f->bus.dev), 0);
	assert_int_equal(send(f->bus.kernel, &ev, 2, 0), 2);
	assert_int_equal(uhid_serve(f->uhid, f->bus.dev), 0);
	/* And if there is none at all. */
	assert_int_equal(uhid_serve(f->uhid, f->bus.dev), 0);
}

static void
get_report_is_refused(void **state)
{
	struct fixture *f = *state;
	struct uhid_event ev = { .type = UHID_GET_REPORT };

	ev.u.get_report.id = 77;
	give(f, &ev);
	assert_int_equal(written(f, &ev), UHID_GET_REPORT_REPLY);
	assert_int_equal(ev.u.get_report_reply.id, 77);
	assert_int_equal(ev.u.get_report_reply.err, EIO);
}

static void
set_report_writes_output_reports(void **state)
{
	struct fixture *f = *state;
	struct uhid_event ev = { .type = UHID_SET_REPORT };

	ev.u.set_report.id = 5;
	ev.u.set_report.rtype = UHID_OUTPUT_REPORT;
	ev.u.set_report.size = CTAPHID_REPORT;
	bus_packet(ev.u.set_report.data, CTAPHID_BROADCAST, CTAPHID_INIT,
	    "12345678", 8);
	give(f, &ev);
	assert_int_equal(written(f, &ev), UHID_SET_REPORT_REPLY);
	assert_int_equal(ev.u.set_report_reply.id, 5);
	assert_int_equal(ev.u.set_report_reply.err, 0);
	assert_int_equal(written(f, &ev), UHID_INPUT2);
}

static void
set_report_of_others_is_refused(void **state)
{
	struct fixture *f = *state;
	struct uhid_event ev = { .type = UHID_SET_REPORT };

	ev.u.set_report.id = 6;
	ev.u.set_report.rtype = UHID_FEATURE_REPORT;
	ev.u.set_report.size = CTAPHID_REPORT;
	give(f, &ev);
	assert_int_equal(written(f, &ev), UHID_SET_REPORT_REPLY);
	assert_int_equal(ev.u.set_report_reply.id, 6);
	assert_int_equal(ev.u.set_report_reply.err, EIO);
	ev.type = UHID_SET_REPORT;
	ev.u.set_report.rtype = UHID_OUTPUT_REPORT;
	ev.u.set_report.size = UHID_DATA_MAX + 1;
	give(f, &ev);
	assert_int_equal(written(f, &ev), UHID_SET_REPORT_REPLY);
	assert_int_equal(ev.u.set_report_reply.err, EIO);
}

/* Who waited has gone: nobody is asked any longer. */
static void
last_close_ends_the_question(void **state)
{
	static const uint32_t ends[] = { UHID_CLOSE, UHID_STOP };
	const uint8_t select = SELECTION;
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		uint8_t r[CTAPHID_REPORT];

		bus_packet(
		    r, channel(f, CTAPHID_REPORT), CTAPHID_CBOR, &select, 1);
		output(f, CTAPHID_REPORT, r);
		device_poll(f->bus.dev);
		assert_true(f->bus.asked);
		give_type(f, ends[i]);
		assert_false(f->bus.asked);
		for (struct uhid_event ev; written(f, &ev) != -1;)
			;
	}
}

static void
kernel_that_is_gone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(shutdown(f->bus.kernel, SHUT_WR), 0);
	assert_int_equal(uhid_serve(f->uhid, f->bus.dev), -1);
	assert_int_equal(errno, ENODEV);
}

#define with_uhid(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device_is_a_fido_device),
		cmocka_unit_test(names_are_plain),
		cmocka_unit_test(no_device_is_a_sentence),
		with_uhid(reports_of_both_lengths),
		with_uhid(other_lengths_are_nothing),
		with_uhid(feature_reports_are_nothing),
		with_uhid(short_events_are_taken),
		with_uhid(get_report_is_refused),
		with_uhid(set_report_writes_output_reports),
		with_uhid(set_report_of_others_is_refused),
		with_uhid(last_close_ends_the_question),
		with_uhid(kernel_that_is_gone),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
