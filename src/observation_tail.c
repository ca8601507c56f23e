/* SPDX-License-Identifier: BSD-2-Clause */

#include "observation.h"

#include "format.h"
#include "format_digits.h"
#include "utf8.h"

/* ---- which fields have one ---- */

bool
cseal_field_has_tail(const struct cseal_field *f)
{
	return f->format == &format_digits[DIGITS_LAST4] ||
	       (f->grade == CSEAL_GRADE_SECRET && f->format != &format_email);
}

const struct cseal_field *
tail_field(const struct cseal_kind *k)
{
	const struct cseal_field *found = NULL;

	for (size_t i = 0; i < k->n_fields; i++) {
		if (!cseal_field_has_tail(&k->fields[i]))
			continue;
		if (k->fields[i].account)
			return &k->fields[i];
		if (found == NULL)
			found = &k->fields[i];
	}
	return found;
}

/* ---- its form ---- */

/* What consoles put for the characters that they hide. */
static bool
is_mask(uint32_t c)
{
	static const uint32_t marks[] = { '*', '.', '#', 0x00b7, 0x2022, 0x2026,
		0x2217, 0x2219, 0x22c5, 0x25cf };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (marks[i] == c)
			return true;
	}
	return false;
}

static bool
is_x(uint8_t c)
{
	return c == 'x' || c == 'X';
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '-';
}

/* Where the mask ends. A single x may be a letter of the number. */
static size_t
behind_mask(const uint8_t *p, size_t n)
{
	bool after_x = false; /* blanks between do not count */
	size_t end = 0, len;
	uint32_t c;

	for (size_t i = 0; i < n; i += len) {
		c = utf8_next(p + i, n - i, &len);
		if (is_mask(c) || (after_x && is_x(p[i])))
			end = i + len;
		if (!is_blank(p[i]))
			after_x = is_x(p[i]);
	}
	return end;
}

static int
check_length(const char *name, size_t n, struct cseal_error *err)
{
	if (n == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "no digits stand behind the mask: give those that the "
		    "console shows");
	if (n < CSEAL_TAIL_MIN)
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "%zu character%s: so many accounts end like that that it "
		    "tells nothing; give the last %d or more",
		    n, n == 1 ? "" : "s", CSEAL_TAIL_MIN);
	if (n > CSEAL_TAIL_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "%zu characters, but the end of a number has at most %d", n,
		    CSEAL_TAIL_MAX);
	return CSEAL_OK;
}

static uint8_t
upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

int
tail_canon(const char *name, const uint8_t *p, size_t n, struct cseal_buf *out,
    struct cseal_error *err)
{
	char text[CSEAL_TAIL_MAX + 1];
	size_t len = 0;
	int r;

	if (n > CSEAL_VALUE_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "%zu bytes: give the last characters alone", n);
	for (size_t i = behind_mask(p, n); i < n; i++) {
		if (is_blank(p[i]))
			continue;
		if (!format_in(FORMAT_DIGITS FORMAT_UPPER, upper(p[i])))
			return format_refuse(name, p, n, i,
			    "give the last letters and digits of the number",
			    err);
		if (len < CSEAL_TAIL_MAX)
			text[len] = (char)upper(p[i]);
		len++;
	}
	r = check_length(name, len, err);
	if (r == CSEAL_OK)
		r = format_accept(name, text, len, out, err);
	cseal_wipe(text, sizeof(text));
	return r;
}

bool
tail_ends(struct cseal_slice value, struct cseal_slice tail)
{
	size_t left = tail.len;

	for (size_t i = value.len; i > 0 && left > 0; i--) {
		uint8_t c = upper(value.data[i - 1]);

		if (!format_in(FORMAT_DIGITS FORMAT_UPPER, c))
			continue;
		if (c != tail.data[left - 1])
			return false;
		left--;
	}
	return left == 0;
}
