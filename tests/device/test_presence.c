/* SPDX-License-Identifier: BSD-2-Clause */
/* The persons that the software token can be given, but for a terminal's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "presence.h"

static const struct presence_request request = { .act = ACT_SELECT };

static char path[] = "/tmp/test_presence.XXXXXX";

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd != -1 && close(fd) == 0 ? 0 : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static struct presence *
scripted(const char *script, char *why, size_t cap)
{
	char spec[64];
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(script, f) >= 0);
	assert_int_equal(fclose(f), 0);
	snprintf(spec, sizeof(spec), "scripted:%s", path);
	return presence_new(spec, "test", why, cap);
}

/* Asks at `now`, looks at `then`. */
static void
expect(
    struct presence *p, uint64_t now, uint64_t then, enum presence_answer want)
{
	uint64_t due = DEVICE_NEVER;

	presence_ask(p, &request, now);
	assert_int_equal(presence_answer(p, then, &due), want);
	presence_forget(p);
}

static void
forms_of_a_spec(void **state)
{
	static const char *const good[] = { "tty", "always", "never",
		"scripted:x", "scripted:" };
	static const char *const bad[] = { "", "tt", "ttyx",
		"tty:", "always:", "scripted", "Never", " never", ":" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(presence_is_spec(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(presence_is_spec(bad[i]));
}

static void
always_and_never(void **state)
{
	char why[64];
	struct presence *p = presence_new("always", "a", why, sizeof(why));

	(void)state;
	assert_non_null(p);
	expect(p, 5, 5, PRESENCE_GRANTED);
	expect(p, 9, 9, PRESENCE_GRANTED);
	assert_int_equal(presence_fd(p), -1);
	presence_free(p);
	p = presence_new("never", "n", why, sizeof(why));
	assert_non_null(p);
	expect(p, 5, 100000, PRESENCE_PENDING);
	assert_int_equal(presence_fd(p), -1);
	presence_free(p);
	presence_free(NULL);
}

static void
one_line_a_request(void **state)
{
	char why[64];
	struct presence *p =
	    scripted("touch\n# no line\n\ndeny\r\nignore\nstranger\ntouch", why,
		sizeof(why));

	(void)state;
	assert_non_null(p);
	expect(p, 1, 1, PRESENCE_GRANTED);
	expect(p, 2, 2, PRESENCE_DENIED);
	expect(p, 3, 90000, PRESENCE_PENDING);
	expect(p, 4, 4, PRESENCE_STRANGER);
	expect(p, 5, 5, PRESENCE_GRANTED);
	expect(p, 6, 90000, PRESENCE_PENDING);
	presence_free(p);
}

static void
delay_tells_when_to_look_again(void **state)
{
	uint64_t due = DEVICE_NEVER;
	char why[64];
	struct presence *p = scripted("delay 250\ndelay 0\n", why, sizeof(why));

	(void)state;
	assert_non_null(p);
	presence_ask(p, &request, 1000);
	assert_int_equal(presence_answer(p, 1000, &due), PRESENCE_PENDING);
	assert_int_equal(due, 1250);
	assert_int_equal(presence_answer(p, 1249, &due), PRESENCE_PENDING);
	assert_int_equal(presence_answer(p, 1250, &due), PRESENCE_GRANTED);
	presence_forget(p);
	expect(p, 2000, 2000, PRESENCE_GRANTED);
	presence_free(p);
}

static void
wrong_lines_are_named(void **state)
{
	static const char *const bad[] = { "Touch", "touch ", " touch", "delay",
		"delay ", "delay -1", "delay +1", "delay 1x", "delay 3600001",
		"delay 99999999999999999999", "touchdeny", "denied" };
	char script[64], why[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(script, sizeof(script), "touch\n\n%s\n", bad[i]);
		if (scripted(script, why, sizeof(why)) != NULL)
			fail_msg("accepted: %s", bad[i]);
		assert_non_null(strstr(why, "line 3 of the script"));
	}
	assert_null(presence_new("scripted:", "t", why, sizeof(why)));
	assert_non_null(strstr(why, "cannot open"));
}

/* Its end must not pass for a line of its own. */
static void
lengthy_line_is_refused(void **state)
{
	char script[200], why[64];

	(void)state;
	memset(script, '#', sizeof(script));
	memcpy(script + 127, "touch\n", sizeof("touch\n"));
	assert_null(scripted(script, why, sizeof(why)));
	assert_non_null(strstr(why, "line 1 of the script"));
}

static void
script_has_a_limit(void **state)
{
	const size_t lines = 4097;
	char *script = test_malloc(lines * 6 + 1), why[64];

	(void)state;
	for (size_t i = 0; i < lines; i++)
		memcpy(script + i * 6, "touch\n", 6);
	script[lines * 6] = '\0';
	assert_null(scripted(script, why, sizeof(why)));
	assert_non_null(strstr(why, "line 4097"));
	test_free(script);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_a_spec),
		cmocka_unit_test(always_and_never),
		cmocka_unit_test(one_line_a_request),
		cmocka_unit_test(delay_tells_when_to_look_again),
		cmocka_unit_test(wrong_lines_are_named),
		cmocka_unit_test(lengthy_line_is_refused),
		cmocka_unit_test(script_has_a_limit),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
