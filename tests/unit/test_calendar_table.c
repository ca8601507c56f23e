/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calendar against a table that another tool reckons from the same tzdata
 * (tests/vectors/calendar/mkcalendar.py, which tells what its rows are).
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/calendar.h"

#define MAKER	     "tests/vectors/calendar/mkcalendar.py"
#define HOLIDAYS_MAX 256

struct table {
	struct cseal_calendar c;
	uint32_t holidays[HOLIDAYS_MAX];
	unsigned calendars;
	unsigned rows;
};

static void
take_holidays(struct table *t, char *list)
{
	char *rest = NULL, *word = strtok_r(list, ",-\n", &rest);

	t->c.holidays = t->holidays;
	t->c.n_holidays = 0;
	for (; word != NULL; word = strtok_r(NULL, ",\n", &rest)) {
		assert_true(t->c.n_holidays < HOLIDAYS_MAX);
		t->holidays[t->c.n_holidays++] =
		    (uint32_t)strtoul(word, NULL, 10);
	}
}

static void
take_calendar(struct table *t, char *line)
{
	int at = 0;

	assert_int_equal(
	    sscanf(line, "calendar %64s %u %n", t->c.zone, &t->c.weekdays, &at),
	    2);
	take_holidays(t, line + at);
	t->calendars++;
}

static bool
local_is(const struct table *t, const char *line)
{
	struct cseal_local seen, want;
	struct cseal_error err;
	uint64_t time;

	return sscanf(line,
		   "local %" SCNu64 " %" SCNu32 " %" SCNu32 " %" SCNd32 " %u",
		   &time, &want.date, &want.second, &want.offset,
		   &want.weekday) == 5 &&
	       cseal_calendar_local(&t->c, time, &seen, &err) == CSEAL_OK &&
	       seen.date == want.date && seen.second == want.second &&
	       seen.offset == want.offset && seen.weekday == want.weekday;
}

static bool
after_is(const struct table *t, const char *line)
{
	struct cseal_span span = { 0, true };
	struct cseal_error err;
	uint64_t time, want, ends;

	return sscanf(line, "after %" SCNu64 " %" SCNu64 " %" SCNu64, &time,
		   &span.n, &want) == 3 &&
	       cseal_calendar_after(&t->c, time, span, &ends, &err) ==
		   CSEAL_OK &&
	       ends == want;
}

static bool
next_is(const struct table *t, const char *line)
{
	uint64_t time, want_start, want_end, starts, ends;
	struct cseal_error err;

	return sscanf(line, "next %" SCNu64 " %" SCNu64 " %" SCNu64, &time,
		   &want_start, &want_end) == 3 &&
	       cseal_calendar_next(&t->c, time, &starts, &ends, &err) ==
		   CSEAL_OK &&
	       starts == want_start && ends == want_end;
}

static void
take_row(struct table *t, char *line)
{
	bool ok = true;

	t->rows++;
	if (line[0] == 'c')
		take_calendar(t, line);
	else if (line[0] == 'l')
		ok = local_is(t, line);
	else
		ok = line[0] == 'a' ? after_is(t, line) : next_is(t, line);
	if (!ok)
		fail_msg("%s: not so: %s", t->c.zone, line);
}

static void
other_tool(void **state)
{
	static struct table t;
	static char line[8192];
	FILE *pipe;

	(void)state;
	if (system("python3 -c 'import zoneinfo; zoneinfo.ZoneInfo(\"UTC\")' "
		   ">/dev/null 2>&1") != 0)
		skip();
	pipe = popen("python3 -B " MAKER, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe) != NULL)
		take_row(&t, line);
	assert_int_equal(pclose(pipe), 0);
	assert_true(t.calendars >= 14);
	assert_true(t.rows > 15000);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
