/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time zones, working days and holidays, for what the policy says of time
 * (docs/policy.md, docs/times.md). Never the process's own zone: neither TZ
 * nor localtime(3) is asked. Rules of zones are those of the machine's tzdata.
 *
 * A time is seconds since 1970 (UTC). A date is a number, 20261225, of the
 * Gregorian calendar. What lies behind the year 2099 is not reckoned.
 */

#ifndef COUNTERSEAL_CALENDAR_H
#define COUNTERSEAL_CALENDAR_H

#include "counterseal/err.h"

#define CSEAL_ZONE_BYTES 65		      /* name of a zone, with the NUL */
#define CSEAL_TIME_NEVER UINT64_MAX	      /* later than any time */
#define CSEAL_TIME_MAX	 UINT64_C(4102444799) /* 2099-12-31T23:59:59Z */

/* How long: seconds, or working days. `n` 0: there is no limit. */
struct cseal_span {
	uint64_t n;
	bool working_days;
};

/* When an organisation works. Holidays are borrowed. */
struct cseal_calendar {
	char zone[CSEAL_ZONE_BYTES]; /* "UTC", "Europe/Berlin" */
	unsigned weekdays;	     /* bit 0 Monday .. bit 6 Sunday */
	const uint32_t *holidays;    /* dates, ascending */
	size_t n_holidays;
};

/* What calendar and clock on the wall show at one time. */
struct cseal_local {
	uint32_t date;	  /* 20261225 */
	uint32_t second;  /* of the day as the clock counts it, 0 .. 86399 */
	int32_t offset;	  /* seconds by which that clock is ahead of UTC */
	unsigned weekday; /* 0 Monday .. 6 Sunday */
};

/* Is it a day of the calendar, from 1970 to 2099? 20270229 is none. */
CSEAL_API bool cseal_date_exists(uint32_t date);

/*
 * Is it written like a zone: UTC, or Area/Place with a capital at the
 * beginning of each part? Says nothing of whether there is such a zone: pure.
 */
CSEAL_API bool cseal_zone_is_name(const char *name);

/*
 * Does this machine know the zone? CSEAL_ERR_INPUT for what is no name of one,
 * CSEAL_ERR_NOT_FOUND if tzdata is missing here or does not have it. UTC is
 * known everywhere.
 */
CSEAL_API int cseal_zone_check(const char *name, struct cseal_error *err);

/* Is the date one of the weekdays, and no holiday? */
CSEAL_API bool cseal_calendar_works(
    const struct cseal_calendar *c, uint32_t date);

/*
 * Calendar and clock of the zone at time `t`. Errors are those of
 * cseal_zone_check(); CSEAL_ERR_INPUT too for a time behind CSEAL_TIME_MAX.
 */
CSEAL_API int cseal_calendar_local(const struct cseal_calendar *c, uint64_t t,
    struct cseal_local *out, struct cseal_error *err);

/*
 * The time at which the span that begins at `t` is over. Seconds are added as
 * they are, in no zone. Three working days are over at the end of the third
 * working day that follows the local date of `t`; a day ends when the clock
 * there leaves its date for good, so it has 23, 24 or 25 hours.
 * CSEAL_TIME_NEVER for a span without limit, and for what would lie behind
 * CSEAL_TIME_MAX.
 *
 * Errors, for working days alone: those of cseal_zone_check(), and
 * CSEAL_ERR_INPUT for a calendar without weekdays. `out` is
 * CSEAL_TIME_NEVER then; no other zone is guessed.
 */
CSEAL_API int cseal_calendar_after(const struct cseal_calendar *c, uint64_t t,
    struct cseal_span span, uint64_t *out, struct cseal_error *err);

/*
 * Beginning and end of the first working day that follows the local date of
 * `t`. Errors as above; both are CSEAL_TIME_NEVER then.
 */
CSEAL_API int cseal_calendar_next(const struct cseal_calendar *c, uint64_t t,
    uint64_t *starts, uint64_t *ends, struct cseal_error *err);

#endif
