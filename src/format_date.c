/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates: a day, and the month in which a card expires. */

#include <string.h>

#include "format.h"

/* Where the numbers stand in a date; `day` is absent from a month alone. */
struct date {
	const char *pattern; /* 'd' is a digit, all else is itself */
	size_t year, month, day;
	bool has_day;
	const char *way;
};

static const struct date of_day = { "dddd-dd-dd", 0, 5, 8, true,
	"write year, month and day, such as 2027-08-31" };
static const struct date of_month = { "dd/dddd", 3, 0, 0, false,
	"write month and year, such as 08/2027" };

static unsigned
number(const uint8_t *p, size_t at, size_t n)
{
	unsigned value = 0;

	while (n-- > 0)
		value = value * 10 + (p[at++] - '0');
	return value;
}

/* Of the Gregorian calendar. */
static unsigned
days_of(unsigned year, unsigned month)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int
check_pattern(const struct date *d, const char *field, const uint8_t *p,
    size_t n, struct cseal_error *err)
{
	size_t length = strlen(d->pattern);

	for (size_t i = 0; i < n && i < length; i++) {
		if (d->pattern[i] == 'd' ? !format_in(FORMAT_DIGITS, p[i])
					 : p[i] != (uint8_t)d->pattern[i])
			return format_refuse(field, p, n, i, d->way, err);
	}
	if (n > length)
		return format_refuse(field, p, n, length, d->way, err);
	if (n < length)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but a date here has %zu: %s", n, length,
		    d->way);
	return CSEAL_OK;
}

/* Years of this century: what expires in another one was mistyped. */
static int
check_numbers(const struct date *d, const char *field, const uint8_t *p,
    struct cseal_error *err)
{
	unsigned year = number(p, d->year, 4);
	unsigned month = number(p, d->month, 2);
	unsigned day = d->has_day ? number(p, d->day, 2) : 1;

	if (year < 2000 || year > 2099)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "the year %04u: it lies between 2000 and 2099", year);
	if (month < 1 || month > 12)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "there is no month %02u: %s", month, d->way);
	if (day < 1 || day > days_of(year, month))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "that month has no day %02u", day);
	return CSEAL_OK;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const struct date *d = f->how;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = check_pattern(d, field, p, n, err)) != CSEAL_OK ||
	    (r = check_numbers(d, field, p, err)) != CSEAL_OK)
		return r;
	return format_accept(field, p, n, out, err);
}

const struct cseal_format format_date = {
	.name = "date",
	.about = "date: year-month-day, such as 2027-08-31",
	.example = "2027-08-31",
	.canon = canon,
	.group = format_plain,
	.mask = format_plain,
	.how = &of_day,
};

const struct cseal_format format_month = {
	.name = "month",
	.about = "month in which a card expires: month/year, such as 08/2027",
	.example = "08/2027",
	.canon = canon,
	.group = format_plain,
	.mask = format_plain,
	.how = &of_month,
};
