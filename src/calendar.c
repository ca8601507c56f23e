/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates are counted as days since 1970 here, and local times as the seconds
 * that a clock there would count: a Unix time plus the offset of the zone.
 */

#include "counterseal/calendar.h"

#include <string.h>

#include "zone.h"

#define DAY	  INT64_C(86400)
#define YEAR_LAST 2099
#define DAY_LAST  INT64_C(47481) /* 2099-12-31 */

/* ---- dates ---- */

static int64_t
leaps_before(int64_t year)
{
	year--;
	return year / 4 - year / 100 + year / 400;
}

static bool
is_leap(int64_t year)
{
	return leaps_before(year + 1) > leaps_before(year);
}

/* Days of a common year before the month; the last is behind December. */
static const int64_t days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243,
	273, 304, 334, 365 };

/* Day of the year, from 0, on which a month begins; `month` 0 is January. */
static int64_t
month_begins(int64_t year, int64_t month)
{
	return days_before[month] + (month > 1 && is_leap(year) ? 1 : 0);
}

static int64_t
year_begins(int64_t year)
{
	return (year - 1970) * 365 + leaps_before(year) - leaps_before(1970);
}

/* False for what is no date. */
static bool
day_of(uint32_t date, int64_t *day)
{
	const int64_t year = date / 10000, month = date / 100 % 100 - 1;
	const int64_t in_month = date % 100 - 1;

	if (year < 1970 || year > YEAR_LAST || month < 0 || month > 11 ||
	    in_month < 0 ||
	    month_begins(year, month) + in_month >=
		month_begins(year, month + 1))
		return false;
	*day = year_begins(year) + month_begins(year, month) + in_month;
	return true;
}

static uint32_t
date_of(int64_t day)
{
	int64_t year = 1970 + day / 366, month = 11;

	while (year_begins(year + 1) <= day)
		year++;
	day -= year_begins(year);
	while (month_begins(year, month) > day)
		month--;
	day -= month_begins(year, month);
	return (uint32_t)(year * 10000 + (month + 1) * 100 + day + 1);
}

/* 0 Monday; 1 January 1970 was a Thursday. */
static unsigned
weekday_of(int64_t day)
{
	return (unsigned)((day + 3) % 7);
}

bool
cseal_date_exists(uint32_t date)
{
	int64_t day;

	return day_of(date, &day);
}

static bool
works(const struct cseal_calendar *c, uint32_t date, int64_t day)
{
	if ((c->weekdays >> weekday_of(day) & 1) == 0)
		return false;
	for (size_t i = 0; i < c->n_holidays && c->holidays[i] <= date; i++) {
		if (c->holidays[i] == date)
			return false;
	}
	return true;
}

bool
cseal_calendar_works(const struct cseal_calendar *c, uint32_t date)
{
	int64_t day;

	return day_of(date, &day) && works(c, date, day);
}

/* The `n`-th working day that follows; behind DAY_LAST if there is none. */
static int64_t
working_day(const struct cseal_calendar *c, int64_t day, uint64_t n)
{
	while (n > 0 && day <= DAY_LAST) {
		day++;
		n -= works(c, date_of(day), day) ? 1 : 0;
	}
	return day;
}

/* ---- zones ---- */

bool
cseal_zone_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-";
	unsigned parts = 0;
	size_t n = strnlen(name, CSEAL_ZONE_BYTES);

	if (strcmp(name, "UTC") == 0)
		return true;
	if (n == CSEAL_ZONE_BYTES)
		return false;
	for (const char *p = name;; p += n + 1) {
		n = strspn(p, letters);
		if (n == 0 || *p < 'A' || *p > 'Z')
			return false;
		parts++;
		if (p[n] == '\0')
			return parts > 1;
		if (p[n] != '/')
			return false;
	}
}

static int
open_zone(struct zone **out, const char *name, struct cseal_error *err)
{
	*out = NULL;
	if (!cseal_zone_is_name(name))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "time zone",
		    "write UTC, or area and place such as Europe/Berlin");
	return zone_open(out, name, err);
}

int
cseal_zone_check(const char *name, struct cseal_error *err)
{
	struct zone *z;
	int r = open_zone(&z, name, err);

	zone_close(z);
	return r;
}

/* The day that the clock shows; -1 if 1970 has not begun there. */
static int64_t
day_at(const struct zone *z, uint64_t t)
{
	return ((int64_t)t + zone_offset(z, (int64_t)t) + DAY) / DAY - 1;
}

/*
 * The time from which on the clock shows no date before `day` any more. Where
 * clocks are put forward over midnight that is when they are; where they are
 * put back over it, midnight comes twice, and the later one counts.
 */
static int64_t
day_begins(const struct zone *z, int64_t day)
{
	/* No clock is a day ahead of UTC, or behind it. */
	int64_t t = (day - 1) * DAY;
	const int64_t last = (day + 1) * DAY;
	int64_t begins = t;

	while (t < last) {
		const int64_t until = zone_until(z, t, last);
		const int64_t midnight = day * DAY - zone_offset(z, t);

		if (midnight > t)
			begins = midnight < until ? midnight : until;
		t = until;
	}
	return begins;
}

static uint64_t
or_never(int64_t t)
{
	return (uint64_t)t > CSEAL_TIME_MAX ? CSEAL_TIME_NEVER : (uint64_t)t;
}

int
cseal_calendar_local(const struct cseal_calendar *c, uint64_t t,
    struct cseal_local *out, struct cseal_error *err)
{
	struct zone *z;
	int64_t day;
	int r;

	memset(out, 0, sizeof(*out));
	if (t > CSEAL_TIME_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "time",
		    "lies behind the year %d", YEAR_LAST);
	if ((r = open_zone(&z, c->zone, err)) != CSEAL_OK)
		return r;
	day = day_at(z, t);
	out->offset = (int32_t)zone_offset(z, (int64_t)t);
	out->second = (uint32_t)((int64_t)t + out->offset - day * DAY);
	out->date = day < 0 ? 19691231 : date_of(day);
	out->weekday = weekday_of(day);
	zone_close(z);
	return CSEAL_OK;
}

/* The `n`-th working day behind the date of `t`: when it begins and ends. */
static int
working_days(const struct cseal_calendar *c, uint64_t t, uint64_t n,
    uint64_t *starts, uint64_t *ends, struct cseal_error *err)
{
	struct zone *z;
	int64_t day;
	int r;

	*starts = *ends = CSEAL_TIME_NEVER;
	if (c->weekdays % 128 == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "working days",
		    "there are none: write weekdays, such as mon tue wed");
	if ((r = open_zone(&z, c->zone, err)) != CSEAL_OK)
		return r;
	if (t <= CSEAL_TIME_MAX) {
		day = working_day(c, day_at(z, t), n);
		if (day <= DAY_LAST) {
			*starts = or_never(day_begins(z, day));
			*ends = or_never(day_begins(z, day + 1));
		}
	}
	zone_close(z);
	return CSEAL_OK;
}

int
cseal_calendar_after(const struct cseal_calendar *c, uint64_t t,
    struct cseal_span span, uint64_t *out, struct cseal_error *err)
{
	uint64_t starts;

	*out = CSEAL_TIME_NEVER;
	if (span.n == 0)
		return CSEAL_OK;
	if (span.working_days)
		return working_days(c, t, span.n, &starts, out, err);
	if (t <= CSEAL_TIME_MAX && span.n <= CSEAL_TIME_MAX - t)
		*out = t + span.n;
	return CSEAL_OK;
}

int
cseal_calendar_next(const struct cseal_calendar *c, uint64_t t,
    uint64_t *starts, uint64_t *ends, struct cseal_error *err)
{
	return working_days(c, t, 1, starts, ends, err);
}
