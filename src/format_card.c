/* SPDX-License-Identifier: BSD-2-Clause */

#include "format.h"

#define CARD_MIN 13
#define CARD_MAX 19

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

static bool
luhn(const uint8_t *digits, size_t n)
{
	unsigned sum = 0, d;

	for (size_t i = 0; i < n; i++) {
		d = digits[n - 1 - i];
		if (i % 2 == 1)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return sum % 10 == 0;
}

/*
 * Reads groups of digits from `p`, which is at the beginning of one, with one
 * separator between them, and asks at the end of each group: so far a card?
 */
static bool
card_begins(const uint8_t *p, size_t n)
{
	uint8_t digits[CARD_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_digit(p[i])) {
			if (is_letter(p[i]) || i + 1 == n ||
			    !is_digit(p[i + 1]))
				return false;
			continue;
		}
		if (count == CARD_MAX)
			return false;
		digits[count++] = (uint8_t)(p[i] - '0');
		if (count >= CARD_MIN && (i + 1 == n || !is_digit(p[i + 1])) &&
		    luhn(digits, count))
			return true;
	}
	return false;
}

int
format_no_card(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (is_digit(p[i]) && (i == 0 || !is_digit(p[i - 1])) &&
		    card_begins(p + i, n - i))
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "character %zu begins what looks like the number "
			    "of a payment card; card numbers must not be kept "
			    "here: leave it out",
			    format_count(p, n, i) + 1);
	}
	return CSEAL_OK;
}
