/* SPDX-License-Identifier: BSD-2-Clause */

#include "format.h"

#include <string.h>

#include "counterseal/text.h"
#include "utf8.h"

/* What people paste without seeing it, or take for another character. */
static const struct {
	uint32_t first;
	uint32_t last;
	const char *what;
} known[] = {
	{ 0x0000, 0x001f, ", a control character" },
	{ 0x0020, 0x0020, ", the space" },
	{ 0x007f, 0x009f, ", a control character" },
	{ 0x00a0, 0x00a0, ", a no-break space" },
	{ 0x00ad, 0x00ad, ", an invisible hyphen" },
	{ 0x00c0, 0x024f, ", a letter that is not plain A to Z" },
	{ 0x0300, 0x036f, ", a mark over another letter" },
	{ 0x0370, 0x03ff, ", a Greek letter" },
	{ 0x0400, 0x052f, ", a Cyrillic letter" },
	{ 0x061c, 0x061c, ", an invisible mark of writing direction" },
	{ 0x2000, 0x200a, ", a blank other than the space" },
	{ 0x200b, 0x200d, ", a character of zero width" },
	{ 0x200e, 0x200f, ", an invisible mark of writing direction" },
	{ 0x2010, 0x2015, ", a dash other than the keyboard's hyphen" },
	{ 0x2018, 0x201f, ", a curved quotation mark" },
	{ 0x202a, 0x202e, ", an invisible mark of writing direction" },
	{ 0x202f, 0x202f, ", a no-break space" },
	{ 0x2060, 0x2064, ", a character of zero width" },
	{ 0x2066, 0x2069, ", an invisible mark of writing direction" },
	{ 0x2e80, 0x2fdf, ", a radical, which looks like an ideograph" },
	{ 0x3000, 0x3000, ", a blank other than the space" },
	{ 0x3041, 0x3096, ", hiragana" },
	{ 0x3099, 0x309a, ", a mark over another letter" },
	{ 0x30a1, 0x30fa, ", full-width katakana" },
	{ 0x30fc, 0x30fc, ", the long-vowel mark" },
	{ 0xf900, 0xfaff, ", another form of an ideograph" },
	{ 0xfeff, 0xfeff, ", a character of zero width" },
	{ 0xff67, 0xff6f, ", small kana" },
	{ 0xff70, 0xff70, ", the long-vowel mark" },
	{ 0x2f800, 0x2fa1f, ", another form of an ideograph" },
	{ 0xe0000, 0xe007f, ", an invisible tag" },
};

static const char *
known_as(uint32_t c)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (c >= known[i].first && c <= known[i].last)
			return known[i].what;
	}
	return "";
}

bool
format_in(const char *set, uint8_t c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

bool
format_separates(const uint8_t *p, size_t n, size_t i)
{
	return (p[i] == ' ' || p[i] == '-') && i > 0 && i + 1 < n &&
	       format_in(FORMAT_DIGITS, p[i - 1]) &&
	       format_in(FORMAT_DIGITS, p[i + 1]);
}

size_t
format_culprit(const uint8_t *p, size_t n, size_t i)
{
	if (i == 0 || i + 1 == n || !format_in(" -", p[i]) ||
	    format_in(" -", p[i + 1]) || !format_in(FORMAT_DIGITS, p[i - 1]))
		return i;
	return i + 1;
}

int
format_begin(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_error *err)
{
	if (n > CSEAL_VALUE_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu bytes, but a value has at most %d: enter the value "
		    "alone",
		    n, CSEAL_VALUE_MAX);
	if (n == 0 || p == NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "nothing was entered; it looks like this: %s", f->example);
	return CSEAL_OK;
}

size_t
format_count(const uint8_t *p, size_t n, size_t off)
{
	size_t len, count = 0;

	for (size_t i = 0; i < off; i += len, count++)
		utf8_next(p + i, n - i, &len);
	return count;
}

int
format_refuse(const char *field, const uint8_t *p, size_t n, size_t off,
    const char *way, struct cseal_error *err)
{
	size_t len, at = format_count(p, n, off) + 1;
	uint32_t c;

	c = utf8_next(p + off, n - off, &len);
	if (c == UTF8_BROKEN)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "character %zu is the byte %02X, which is not UTF-8: %s",
		    at, p[off], way);
	if (c > 0x20 && c < 0x7f)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "character %zu is '%c', which is not allowed here: %s", at,
		    (int)c, way);
	/* What Chinese and Japanese keyboards type for ASCII. */
	if (c >= 0xff01 && c <= 0xff5e)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "character %zu is a full-width '%c': write the plain "
		    "one, with the keyboard set to half-width",
		    at, (int)(c - 0xff01 + '!'));
	return cseal_error_set(err, CSEAL_ERR_INPUT, field,
	    "character %zu is U+%04X%s, which is not allowed here: %s", at, c,
	    known_as(c), way);
}

int
format_check(const char *field, const uint8_t *p, size_t n, const char *set,
    const char *way, struct cseal_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!format_in(set, p[i]))
			return format_refuse(field, p, n, i, way, err);
	}
	return CSEAL_OK;
}

int
format_check_spaces(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err)
{
	size_t at;

	if (p[0] == ' ')
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "it begins with a space: leave the space out");
	if (p[n - 1] == ' ')
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "it ends with a space: leave the space out");
	for (size_t i = 1; i < n; i++) {
		if (p[i] != ' ' || p[i - 1] != ' ')
			continue;
		at = format_count(p, n, i);
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "characters %zu and %zu are both spaces: write one", at,
		    at + 1);
	}
	return CSEAL_OK;
}

int
format_accept(const char *field, const void *p, size_t n, struct cseal_buf *out,
    struct cseal_error *err)
{
	int r = cseal_buf_add(out, p, n);

	if (r != CSEAL_OK)
		return cseal_error_set(err, r, field, "%s", cseal_strerror(r));
	return CSEAL_OK;
}

int
format_plain(
    const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	(void)f;
	return cseal_buf_add_str(out, value);
}

int
format_fours(
    const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	(void)f;
	for (size_t i = 0; value[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			(void)cseal_buf_add_u8(out, ' ');
		(void)cseal_buf_add_u8(out, (uint8_t)value[i]);
	}
	return cseal_buf_error(out);
}

int
format_mask(
    const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	(void)f;
	size_t n = 0, len, tail;

	for (const char *s = value; (len = cseal_text_next(s, NULL)) > 0; n++)
		s += len;
	tail = n / 3 < 4 ? n / 3 : 4;
	for (size_t hidden = n - tail; hidden > 0; hidden--)
		value += cseal_text_next(value, NULL);
	cseal_buf_add_str(out, "....");
	return cseal_buf_add_str(out, value);
}
