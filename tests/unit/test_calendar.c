/* SPDX-License-Identifier: BSD-2-Clause */
/* Zones, dates and working days; days on which clocks are moved. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/calendar.h"

#define WORKWEEK 0x1fu /* Monday to Friday */

static const uint32_t christmas[] = { 20261225, 20261226, 20270101 };

static struct cseal_calendar
calendar(const char *zone)
{
	struct cseal_calendar c = {
		.weekdays = WORKWEEK, .holidays = christmas, .n_holidays = 3
	};

	strncpy(c.zone, zone, sizeof(c.zone) - 1);
	return c;
}

static void
names(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} v[] = {
		{ "UTC", true },
		{ "Europe/Berlin", true },
		{ "America/Argentina/Buenos_Aires", true },
		{ "Etc/GMT+12", true },
		{ "Asia/Ust-Nera", true },
		{ "", false },
		{ "CET", false },
		{ "EST5EDT", false },
		{ "Foo3", false },
		{ "+05", false },
		{ "utc", false },
		{ "europe/berlin", false },
		{ "right/Europe/Berlin", false },
		{ "posix/Europe/Berlin", false },
		{ "/etc/localtime", false },
		{ "/Europe/Berlin", false },
		{ "Europe/", false },
		{ "Europe//Berlin", false },
		{ "Europe/../Europe/Berlin", false },
		{ "../Europe/Berlin", false },
		{ "Europe/Berlin ", false },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", false },
		{ ":Europe/Berlin", false },
	};
	char longest[CSEAL_ZONE_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		if (cseal_zone_is_name(v[i].name) != v[i].good)
			fail_msg("%s", v[i].name);
	}
	memset(longest, 'A', sizeof(longest));
	longest[3] = '/';
	longest[CSEAL_ZONE_BYTES - 1] = '\0';
	assert_true(cseal_zone_is_name(longest));
	longest[CSEAL_ZONE_BYTES - 1] = 'A';
	longest[CSEAL_ZONE_BYTES] = '\0';
	assert_false(cseal_zone_is_name(longest));
}

/* Nothing is guessed for a zone that is not there. */
static void
unknown_zones(void **state)
{
	const struct cseal_span days = { 3, true }, seconds = { 60, false };
	struct cseal_calendar c = calendar("Europe/Atlantis");
	struct cseal_local local;
	struct cseal_error err;
	uint64_t starts = 1, ends = 1;

	(void)state;
	assert_int_equal(cseal_zone_check("Europe/Berlin", &err), CSEAL_OK);
	assert_int_equal(cseal_zone_check("UTC", NULL), CSEAL_OK);
	assert_int_equal(cseal_zone_check("CET", &err), CSEAL_ERR_INPUT);
	assert_int_equal(cseal_zone_check(c.zone, &err), CSEAL_ERR_NOT_FOUND);
	assert_string_equal(err.where, "time zone");
	assert_non_null(strstr(err.what, "Europe/Atlantis"));
	assert_int_equal(
	    cseal_calendar_local(&c, 0, &local, &err), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(local.date, 0);
	assert_int_equal(cseal_calendar_after(&c, 0, days, &ends, &err),
	    CSEAL_ERR_NOT_FOUND);
	assert_true(ends == CSEAL_TIME_NEVER);
	assert_int_equal(cseal_calendar_next(&c, 0, &starts, &ends, &err),
	    CSEAL_ERR_NOT_FOUND);
	assert_true(starts == CSEAL_TIME_NEVER);
	assert_true(ends == CSEAL_TIME_NEVER);
	/* Seconds are the same everywhere. */
	assert_int_equal(
	    cseal_calendar_after(&c, 100, seconds, &ends, &err), CSEAL_OK);
	assert_true(ends == 160);
	strcpy(c.zone, "../../etc/passwd");
	assert_int_equal(
	    cseal_calendar_after(&c, 0, days, &ends, &err), CSEAL_ERR_INPUT);
}

static void
dates(void **state)
{
	static const struct {
		uint32_t date;
		bool exists, works;
	} v[] = {
		{ 20261224, true, true },
		{ 20261225, true, false },
		{ 20261226, true, false },
		{ 20261227, true, false }, /* Sunday */
		{ 20261228, true, true },
		{ 20270101, true, false },
		{ 20270229, false, false },
		{ 20280229, true, true },
		{ 20000229, true, true },
		{ 20261301, false, false },
		{ 20260001, false, false },
		{ 20260100, false, false },
		{ 20260132, false, false },
		{ 20260431, false, false },
		{ 19700101, true, true },
		{ 19691231, false, false },
		{ 20991231, true, true },
		{ 21000101, false, false },
		{ 0, false, false },
		{ UINT32_MAX, false, false },
	};
	const struct cseal_calendar c = calendar("UTC");

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		if (cseal_date_exists(v[i].date) != v[i].exists ||
		    cseal_calendar_works(&c, v[i].date) != v[i].works)
			fail_msg("%u", v[i].date);
	}
}

struct ends_row {
	const char *zone;
	uint64_t t, n, ends;
};

/* Dates of the past, which no tzdata will have otherwise. */
static void
moved_clocks(void **state)
{
	static const struct ends_row v[] = {
		/* Friday noon; the day begins at 01:00 on Sunday: no matter,
		 * but Monday 2018-11-05 ends at 02:00Z. */
		{ "America/Sao_Paulo", 1541170800, 1, 1541469600 },
		/* Spring forward and back in Berlin: Fridays, then Mondays
		 * that end at 22:00Z and 23:00Z. */
		{ "Europe/Berlin", 1679662800, 1, 1679954400 },
		{ "Europe/Berlin", 1698404400, 1, 1698706800 },
		/* Cairo's Friday 2023-04-28 begins at 01:00. */
		{ "Africa/Cairo", 1682589600, 1, 1682715600 },
		{ "Africa/Cairo", 1682503200, 1, 1682632800 },
		{ "UTC", 1798200000, 1, 1798502400 }, /* over Christmas */
	};
	struct cseal_span span = { 0, true };
	struct cseal_calendar c;
	struct cseal_error err;
	uint64_t ends;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		c = calendar(v[i].zone);
		span.n = v[i].n;
		assert_int_equal(
		    cseal_calendar_after(&c, v[i].t, span, &ends, &err),
		    CSEAL_OK);
		if (ends != v[i].ends)
			fail_msg("row %zu: %llu", i, (unsigned long long)ends);
	}
}

/* How long a date was: 23, 24 or 25 hours, and what is odder still. */
static void
long_days(void **state)
{
	static const struct {
		const char *zone;
		uint64_t before; /* a time on the date before it */
		unsigned minutes;
	} v[] = {
		{ "Europe/Berlin", 1679745600, 23 * 60 },
		{ "Europe/Berlin", 1698487200, 25 * 60 },
		{ "Europe/Berlin", 1699000000, 24 * 60 },
		{ "America/Sao_Paulo", 1541257200, 23 * 60 },
		{ "America/Sao_Paulo", 1518793200, 25 * 60 },
		{ "Australia/Lord_Howe", 1696032000, 23 * 60 + 30 },
		{ "Australia/Lord_Howe", 1680307200, 24 * 60 + 30 },
		/* A minute after midnight back to the day before. */
		{ "America/St_Johns", 1289012400, 24 * 60 },
		{ "America/St_Johns", 1288926000, 25 * 60 },
		/* Midnight twice, on one date. */
		{ "America/Havana", 1667662200, 25 * 60 },
		/* A date that Samoa never had. */
		{ "Pacific/Apia", 1325152800, 0 },
	};
	uint64_t starts, ends;
	struct cseal_calendar c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		c = calendar(v[i].zone);
		c.weekdays = 0x7f;
		assert_int_equal(
		    cseal_calendar_next(&c, v[i].before, &starts, &ends, &err),
		    CSEAL_OK);
		if (ends - starts != v[i].minutes * UINT64_C(60))
			fail_msg("row %zu: %llu", i,
			    (unsigned long long)(ends - starts) / 60);
	}
}

static void
limits(void **state)
{
	struct cseal_calendar c = calendar("Europe/Berlin");
	struct cseal_span s = { 0, false };
	struct cseal_local local;
	struct cseal_error err;
	uint64_t out = 1, ends;

	(void)state;
	assert_int_equal(cseal_calendar_after(&c, 5, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_NEVER);
	s.n = CSEAL_TIME_MAX;
	assert_int_equal(cseal_calendar_after(&c, 0, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_MAX);
	assert_int_equal(cseal_calendar_after(&c, 1, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_NEVER);
	s.n = UINT64_MAX;
	assert_int_equal(
	    cseal_calendar_after(&c, UINT64_MAX, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_NEVER);
	s.working_days = true;
	assert_int_equal(cseal_calendar_after(&c, 5, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_NEVER);
	assert_int_equal(
	    cseal_calendar_after(&c, UINT64_MAX, s, &out, &err), CSEAL_OK);
	assert_true(out == CSEAL_TIME_NEVER);
	assert_int_equal(
	    cseal_calendar_local(&c, CSEAL_TIME_MAX + 1, &local, &err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_calendar_local(&c, CSEAL_TIME_MAX - 3600, &local, &err),
	    CSEAL_OK);
	assert_int_equal(local.date, 20991231);
	assert_int_equal(local.second, 86399);
	c.weekdays = 0x80;
	s.n = 1;
	assert_int_equal(
	    cseal_calendar_after(&c, 5, s, &out, &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "working days");
	assert_int_equal(
	    cseal_calendar_next(&c, 5, &out, &ends, &err), CSEAL_ERR_INPUT);
}

/* The process's own zone is nobody's business. */
static void
own_zone(void **state)
{
	const struct cseal_calendar c = calendar("Europe/Berlin");
	struct cseal_local local;
	struct cseal_error err;

	(void)state;
	assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
	assert_int_equal(
	    cseal_calendar_local(&c, 1698487200, &local, &err), CSEAL_OK);
	assert_int_equal(local.date, 20231028);
	assert_int_equal(local.second, 12 * 3600);
	assert_int_equal(local.offset, 7200);
	assert_int_equal(local.weekday, 5);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(unknown_zones),
		cmocka_unit_test(dates),
		cmocka_unit_test(moved_clocks),
		cmocka_unit_test(long_days),
		cmocka_unit_test(limits),
		cmocka_unit_test(own_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
