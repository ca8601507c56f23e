/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A digit is 0, everything else itself. */
static bool
is_like(const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++) {
		if (*shape == '0' ? *text < '0' || *text > '9'
				  : *text != *shape)
			return false;
	}
	return *text == '\0';
}

static int
number(const char *text, size_t n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*text++ - '0');
	return v;
}

int
cli_time_parse(
    struct cli *c, const char *where, const char *text, uint64_t *out)
{
	const bool seconds = is_like(text, "0000-00-00T00:00:00Z");
	struct tm tm = { 0 };
	time_t t;

	*out = 0;
	if (!seconds && !is_like(text, "0000-00-00T00:00Z"))
		return cli_error(c, CSEAL_ERR_INPUT, where,
		    "a time is written 2026-11-23T14:10:00Z, in UTC");
	tm.tm_year = number(text, 4) - 1900;
	tm.tm_mon = number(text + 5, 2) - 1;
	tm.tm_mday = number(text + 8, 2);
	tm.tm_hour = number(text + 11, 2);
	tm.tm_min = number(text + 14, 2);
	tm.tm_sec = seconds ? number(text + 17, 2) : 0;
	if (!cseal_date_exists(
		(uint32_t)(number(text, 4) * 10000 + (tm.tm_mon + 1) * 100 +
			   tm.tm_mday)) ||
	    tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59 ||
	    (t = timegm(&tm)) < 0)
		return cli_error(c, CSEAL_ERR_INPUT, where,
		    "there is no such time, from 1970 to 2099");
	*out = (uint64_t)t;
	return CSEAL_OK;
}

uint64_t
cli_now_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
