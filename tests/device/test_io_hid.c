/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys over hidapi, whose part the test plays: the functions that it defines
 * stand in for those of the library.  What hangs on the bus is the real key.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#include <cmocka.h>
#include <hidapi/hidapi.h>

#include "bus_fixture.h"
#include "token_dev.h"

#define FIDO	0xf1d0
#define KEY	"/dev/null" /* what exists, so that its path is real */
#define REPORTS 300

struct hid_device_ {
	int unused;
};

enum ailment { WELL, NO_HIDAPI, NO_ACCESS, NOT_OPENED, SILENT, PULLED };

static struct {
	struct hid_device_info plugged[8];
	size_t n_plugged;
	enum ailment ailment;
	struct hid_device_ opened;
	unsigned int n_opened, n_lists;
	struct bus bus;
	uint8_t report[REPORTS][CTAPHID_REPORT];
	size_t first, n_reports;
} world;

int
access(const char *path, int mode)
{
	if (world.ailment == NO_ACCESS && strcmp(path, KEY) == 0) {
		errno = EACCES;
		return -1;
	}
	return faccessat(AT_FDCWD, path, mode, 0);
}

int
hid_init(void)
{
	return world.ailment == NO_HIDAPI ? -1 : 0;
}

struct hid_device_info *
hid_enumerate(unsigned short vendor, unsigned short product)
{
	assert_int_equal(vendor | product, 0);
	for (size_t i = 0; i < world.n_plugged; i++)
		world.plugged[i].next =
		    i + 1 < world.n_plugged ? &world.plugged[i + 1] : NULL;
	world.n_lists++;
	return world.n_plugged > 0 ? &world.plugged[0] : NULL;
}

void
hid_free_enumeration(struct hid_device_info *list)
{
	(void)list;
	world.n_lists--;
}

hid_device *
hid_open_path(const char *path)
{
	assert_string_equal(path, KEY);
	if (world.ailment == NOT_OPENED)
		return NULL;
	world.n_opened++;
	return &world.opened;
}

void
hid_close(hid_device *dev)
{
	assert_ptr_equal(dev, &world.opened);
	world.n_opened--;
}

int
hid_write(hid_device *dev, const unsigned char *data, size_t n)
{
	assert_ptr_equal(dev, &world.opened);
	if (world.ailment == PULLED)
		return -1;
	assert_int_equal(n, CTAPHID_REPORT + 1);
	assert_int_equal(data[0], 0);
	if (world.ailment != SILENT)
		device_report_in(world.bus.dev, 0, data, n);
	return (int)n;
}

int
hid_read_timeout(hid_device *dev, unsigned char *data, size_t n, int ms)
{
	assert_ptr_equal(dev, &world.opened);
	assert_in_range(ms, 0, IO_SLICE_MS);
	assert_int_equal(n, CTAPHID_REPORT);
	if (world.ailment == PULLED)
		return -1;
	device_poll(world.bus.dev);
	if (world.first == world.n_reports)
		return 0;
	memcpy(data, world.report[world.first++], n);
	return (int)n;
}

static void
take(void *self, const uint8_t report[CTAPHID_REPORT])
{
	(void)self;
	assert_in_range(world.n_reports, 0, REPORTS - 1);
	memcpy(world.report[world.n_reports++], report, CTAPHID_REPORT);
}

/* Another device on the bus; its strings stay the caller's. */
static struct hid_device_info *
plug(const char *path, unsigned short page)
{
	struct hid_device_info *d = &world.plugged[world.n_plugged++];

	memset(d, 0, sizeof(*d));
	d->path = (char *)(uintptr_t)path;
	d->usage_page = page;
	d->usage = 1;
	return d;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.bus.send = take;
	if (bus_open(&world.bus) != 0)
		return -1;
	world.bus.send = take;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	device_free(world.bus.dev);
	close(world.bus.kernel);
	close(world.bus.key);
	/* All that was opened is closed, all lists are given back. */
	return world.n_opened == 0 && world.n_lists == 0 ? 0 : -1;
}

/* A clock that moves on by a little whenever somebody looks at it. */
static uint64_t
tick(void *ctx)
{
	uint64_t *now = ctx;

	return *now += 1;
}

static int
open_key(const char *path, struct cseal_token **out, struct cseal_error *err)
{
	static uint64_t now;
	const struct token_timing timing = {
		.clock = { tick, &now },
		.quick_ms = world.ailment == SILENT ? 300 : 60000,
		.touch_ms = 200,
		.grace_ms = 100,
		.hang_up_ms = 100,
	};

	memset(err, 0, sizeof(*err));
	return token_open_io(out, path, &io_hid, &timing, NULL, err);
}

static void
refused(int code, const char *words)
{
	struct cseal_token *t = NULL;
	struct cseal_error err;

	assert_int_equal(open_key(KEY, &t, &err), code);
	assert_null(t);
	if (strstr(err.what, words) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", err.what, words);
}

static void
opens(void)
{
	struct cseal_token *t = NULL;
	struct cseal_error err;
	struct cseal_token_info info;

	if (open_key(KEY, &t, &err) != CSEAL_OK)
		fail_msg("%s", err.what);
	assert_int_equal(cseal_token_get_info(t, &info, &err), CSEAL_OK);
	assert_true(info.software);
	cseal_token_close(t);
}

static size_t
list(struct cseal_token_entry *out, size_t max)
{
	struct cseal_error err;
	size_t n = 99;

	assert_int_equal(cseal_token_list(out, max, &n, &err), CSEAL_OK);
	return n;
}

static void
usage_page_makes_a_key(void **state)
{
	struct cseal_token_entry all[8];

	(void)state;
	assert_int_equal(list(all, 8), 0);
	plug("/dev/hidraw0", 0x0001); /* a keyboard */
	plug("/dev/hidraw1", 0xff00); /* a maker's own */
	plug(KEY, FIDO)->vendor_id = 0x1209;
	plug("/dev/hidraw3", 0xd0f1);
	assert_int_equal(list(all, 8), 1);
	assert_string_equal(all[0].path, KEY);
	assert_int_equal(all[0].vendor, 0x1209);
}

static void
paths_are_plain(void **state)
{
	static char longest[CSEAL_TOKEN_PATH_BYTES + 1];
	struct cseal_token_entry all[8];

	(void)state;
	memset(longest, 'a', CSEAL_TOKEN_PATH_BYTES);
	plug(NULL, FIDO);
	plug("/dev/with space", FIDO);
	plug("/dev/\033[2J", FIDO);
	plug("/dev/\xc3\xa4", FIDO);
	plug(longest, FIDO);
	assert_int_equal(list(all, 8), 0);
	plug(longest + 1, FIDO);
	assert_int_equal(list(all, 8), 1);
}

static void
is_safe(const char *s, size_t size)
{
	assert_in_range(strlen(s), 0, size - 1);
	for (; *s != '\0'; s++)
		assert_true((uint8_t)*s >= ' ' && *s != 0x7f);
}

/* What a device says of itself is shown on a terminal. */
static void
names_are_filtered(void **state)
{
	static wchar_t endless[400];
	static const wchar_t *const hostile[] = { L"\033[2J\007", L"a\nb\tc",
		L"\x202e\x2066gnp.exe",
		L"\x9b"
		L"31m",
		L"\xd800\xdfff", NULL, L"" };
	static const wchar_t beyond[] = { 0x7fffffff, 0x110000, 0 };
	struct cseal_token_entry e;

	(void)state;
	wmemset(endless, L'x', 399);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]) + 2; i++) {
		const wchar_t *s = i == 0   ? endless
				   : i == 1 ? beyond
					    : hostile[i - 2];
		struct hid_device_info *d;

		world.n_plugged = 0;
		d = plug(KEY, FIDO);
		d->manufacturer_string = (wchar_t *)(uintptr_t)s;
		d->product_string = (wchar_t *)(uintptr_t)s;
		d->serial_number = (wchar_t *)(uintptr_t)s;
		assert_int_equal(list(&e, 1), 1);
		is_safe(e.name, sizeof(e.name));
		is_safe(e.serial, sizeof(e.serial));
		/* RIGHT-TO-LEFT OVERRIDE in UTF-8 */
		assert_null(strstr(e.name, "\xe2\x80\xae"));
	}
}

static void
maker_and_model_are_the_name(void **state)
{
	static const struct {
		const wchar_t *maker, *model;
		const char *name;
	} cases[] = {
		{ L"Maker", L"Model", "Maker Model" },
		{ NULL, L"Model", "Model" },
		{ L"", L"Model", "Model" },
		{ L"Maker", NULL, "Maker" },
		{ NULL, NULL, "" },
	};
	struct cseal_token_entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hid_device_info *d;

		world.n_plugged = 0;
		d = plug(KEY, FIDO);
		d->manufacturer_string = (wchar_t *)(uintptr_t)cases[i].maker;
		d->product_string = (wchar_t *)(uintptr_t)cases[i].model;
		assert_int_equal(list(&e, 1), 1);
		assert_string_equal(e.name, cases[i].name);
	}
}

static void
identical_keys_are_two(void **state)
{
	static wchar_t name[] = L"Key", serial[] = L"0001";
	struct cseal_token_entry all[8];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct hid_device_info *d =
		    plug(i == 0 ? "/dev/hidraw0" : "/dev/hidraw1", FIDO);

		d->product_string = name;
		d->serial_number = serial;
	}
	assert_int_equal(list(all, 8), 2);
	assert_string_equal(all[0].name, all[1].name);
	assert_string_equal(all[0].serial, all[1].serial);
	assert_string_not_equal(all[0].path, all[1].path);
	assert_int_equal(list(all, 1), 1);
}

static void
key_is_opened_and_closed(void **state)
{
	(void)state;
	plug(KEY, FIDO);
	opens();
	/* Unplugged, and plugged in again. */
	world.n_plugged = 0;
	refused(CSEAL_ERR_TOKEN, "not a security key");
	plug(KEY, FIDO);
	opens();
}

static void
every_reason_why_not(void **state)
{
	static const struct {
		enum ailment ailment;
		int code;
		const char *words;
	} cases[] = {
		{ NO_ACCESS, CSEAL_ERR_PERMISSION, "70-counterseal.rules" },
		{ NOT_OPENED, CSEAL_ERR_TOKEN, "could not be opened" },
		{ NO_HIDAPI, CSEAL_ERR_TOKEN, "not a security key" },
		{ SILENT, CSEAL_ERR_TOKEN, "does not answer" },
		{ PULLED, CSEAL_ERR_TOKEN, "does not answer" },
	};

	(void)state;
	plug(KEY, FIDO);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world.ailment = cases[i].ailment;
		refused(cases[i].code, cases[i].words);
	}
	world.ailment = WELL;
	opens();
}

static void
no_hidapi_is_told(void **state)
{
	struct cseal_token_entry e;
	struct cseal_error err;
	size_t n = 99;

	(void)state;
	world.ailment = NO_HIDAPI;
	assert_int_equal(cseal_token_list(&e, 1, &n, &err), CSEAL_ERR_TOKEN);
	assert_int_equal(n, 0);
	assert_non_null(strstr(err.what, "hidapi could not be started"));
}

/* Pulled out while a command runs. */
static void
key_that_is_pulled_out(void **state)
{
	struct cseal_token *t = NULL;
	struct cseal_error err;

	(void)state;
	plug(KEY, FIDO);
	if (open_key(KEY, &t, &err) != CSEAL_OK)
		fail_msg("%s", err.what);
	world.ailment = PULLED;
	assert_int_equal(cseal_token_wink(t, &err), CSEAL_ERR_TOKEN);
	assert_non_null(strstr(err.what, "gone"));
	cseal_token_close(t);
}

#define with_bus(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_bus(usage_page_makes_a_key),
		with_bus(paths_are_plain),
		with_bus(names_are_filtered),
		with_bus(maker_and_model_are_the_name),
		with_bus(identical_keys_are_two),
		with_bus(key_is_opened_and_closed),
		with_bus(every_reason_why_not),
		with_bus(no_hidapi_is_told),
		with_bus(key_that_is_pulled_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
