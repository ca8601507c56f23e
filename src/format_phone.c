/* SPDX-License-Identifier: BSD-2-Clause */
/* Telephone numbers, as ITU-T E.164 numbers them all over the world. */

#include "format_phone.h"

#include <string.h>

#include "format.h"

#define PHONE_MIN 7
#define PHONE_MAX 15 /* E.164 section 6.2.1, the calling code included */
#define TAIL	  2  /* digits that a mask shows */

#define PHONE_WAY                                                           \
	"write + and the calling code, such as +86, then digits, with one " \
	"space or hyphen between groups at most"

/* E.164 assigned country codes: of one digit, of two; the others have three. */
static const char *const of_one = "17";
static const char *const of_two =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 "
    "57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

static bool
is_of_two(const uint8_t *digits)
{
	for (const char *s = of_two; *s != '\0'; s += 3) {
		if (memcmp(s, digits, 2) == 0)
			return true;
	}
	return false;
}

/*
 * Of three: those of countries and of networks all over the world. The others
 * are spare, reserved or for trials (list of assigned country codes, ITU-T).
 */
static const struct {
	unsigned short first, last;
} of_three[] = {
	{ 211, 213 },
	{ 216, 216 },
	{ 218, 218 },
	{ 220, 258 },
	{ 260, 269 },
	{ 290, 291 },
	{ 297, 299 },
	{ 350, 359 },
	{ 370, 378 },
	{ 380, 383 },
	{ 385, 387 },
	{ 389, 389 },
	{ 420, 421 },
	{ 423, 423 },
	{ 500, 509 },
	{ 590, 599 },
	{ 670, 670 },
	{ 672, 683 },
	{ 685, 692 },
	{ 800, 800 },
	{ 808, 808 },
	{ 850, 850 },
	{ 852, 853 },
	{ 855, 856 },
	{ 870, 870 },
	{ 878, 878 },
	{ 880, 883 },
	{ 886, 886 },
	{ 888, 888 },
	{ 960, 968 },
	{ 970, 977 },
	{ 979, 979 },
	{ 992, 996 },
	{ 998, 998 },
};

static bool
is_of_three(const uint8_t *digits)
{
	unsigned code = (unsigned)(digits[0] - '0') * 100 +
			(unsigned)(digits[1] - '0') * 10 +
			(unsigned)(digits[2] - '0');

	for (size_t i = 0; i < sizeof(of_three) / sizeof(*of_three); i++) {
		if (code >= of_three[i].first && code <= of_three[i].last)
			return true;
	}
	return false;
}

size_t
phone_calling(const void *value, size_t n)
{
	const uint8_t *p = value;
	size_t digits = 0;

	if (n < 2 || p[0] != '+' || p[1] == '0')
		return 0;
	while (digits < 3 && digits + 1 < n &&
	       format_in(FORMAT_DIGITS, p[digits + 1]))
		digits++;
	if (digits >= 1 && format_in(of_one, p[1]))
		return 2;
	if (digits >= 2 && is_of_two(p + 1))
		return 3;
	return digits == 3 && is_of_three(p + 1) ? 4 : 0;
}

static int
collect(const char *field, const uint8_t *p, size_t n, char to[PHONE_MAX + 2],
    struct cseal_error *err)
{
	size_t len = 0;

	if (p[0] != '+')
		return format_refuse(field, p, n, 0, PHONE_WAY, err);
	to[0] = '+';
	for (size_t i = 1; i < n; i++) {
		if (format_separates(p, n, i))
			continue;
		if (!format_in(FORMAT_DIGITS, p[i]))
			return format_refuse(field, p, n,
			    format_culprit(p, n, i), PHONE_WAY, err);
		if (len == 0 && p[i] == '0')
			return format_refuse(field, p, n, i,
			    "no calling code begins with 0", err);
		if (len < PHONE_MAX)
			to[len + 1] = (char)p[i];
		len++;
	}
	if (len < PHONE_MIN || len > PHONE_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu digit%s, but a telephone number has %d to %d with its "
		    "calling code",
		    len, len == 1 ? "" : "s", PHONE_MIN, PHONE_MAX);
	to[len + 1] = '\0';
	if (phone_calling(to, len + 1) == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "no country has the calling code that it begins with, "
		    "%.4s: compare with where it is from",
		    to);
	return CSEAL_OK;
}

/*
 * Of the telephone numbers with 13 digits, such as those of China, each tenth
 * satisfies the Luhn formula; nothing of 16 digits gets in. What is left of
 * payment cards begins in a way, for its length, that no country's numbers do:
 * +1 has 11 digits, +20 to +39 and +21x at most 13.
 */
static const struct {
	const char *begins;
	size_t digits;
} cards[] = {
	{ "34", 15 }, { "37", 15 },		      /* American Express */
	{ "30", 14 }, { "36", 14 }, { "38", 14 },     /* Diners Club */
	{ "39", 14 }, { "1800", 15 }, { "2131", 15 }, /* JCB */
};

static int
check_card(const char *field, const char *text, struct cseal_error *err)
{
	const char *digits = text + 1;
	size_t n = strlen(digits);

	for (size_t i = 0; i < sizeof(cards) / sizeof(*cards); i++) {
		if (n == cards[i].digits && strncmp(digits, cards[i].begins,
						strlen(cards[i].begins)) == 0)
			return format_no_card(
			    field, (const uint8_t *)digits, n, err);
	}
	return CSEAL_OK;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	char text[PHONE_MAX + 2];
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	r = collect(field, p, n, text, err);
	if (r == CSEAL_OK)
		r = check_card(field, text, err);
	if (r == CSEAL_OK)
		r = format_accept(field, text, strlen(text), out, err);
	cseal_wipe(text, sizeof(text));
	return r;
}

/* The calling code stands apart: it tells the country. */
static int
group(const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	size_t n = phone_calling(value, strlen(value));

	if (n == 0)
		return format_plain(f, value, out);
	(void)cseal_buf_add(out, value, n);
	(void)cseal_buf_add_u8(out, ' ');
	return format_fours(f, value + n, out);
}

static int
mask(const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	size_t len = strlen(value), n = phone_calling(value, len);

	if (n == 0 || len < n + (size_t)2 * TAIL)
		return format_mask(f, value, out);
	(void)cseal_buf_add(out, value, n);
	return cseal_buf_printf(out, " .... %s", value + len - TAIL);
}

const struct cseal_format format_phone = {
	.name = "phone",
	.about = "telephone number of E.164: +, the calling code and the "
		 "number, 7 to 15 digits in all",
	.example = "+86 138 0013 8000",
	.canon = canon,
	.group = group,
	.mask = mask,
};
