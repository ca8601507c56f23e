/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "format.h"

/*
 * ISO 9362:2022: party prefix (letters and digits since that edition), country,
 * party suffix, and a branch, of which XXX is the one that says "none".
 */
static int
check(const char *field, const uint8_t *p, size_t n, struct cseal_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!format_in(FORMAT_UPPER FORMAT_DIGITS, p[i]))
			return format_refuse(field, p, n, i,
			    format_in(FORMAT_LOWER, p[i])
				? "write letters in capitals"
				: "use A-Z and 0-9, without spaces",
			    err);
	}
	if (n != 8 && n != 11)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but a BIC has 8 or 11", n);
	if (!cseal_is_country((const char *)p + 4))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "characters 5 and 6 are %.2s, which is no country: compare "
		    "with the bank's letter",
		    (const char *)p + 4);
	if (p[7] == '0')
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "character 8 is 0, which marks a BIC for tests: ask the "
		    "bank for the live one");
	return CSEAL_OK;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = check(field, p, n, err)) != CSEAL_OK)
		return r;
	if (n == 11 && memcmp(p + 8, "XXX", 3) == 0)
		n = 8;
	return format_accept(field, p, n, out, err);
}

const struct cseal_format format_bic = {
	.name = "bic",
	.about = "a bank's code of ISO 9362, 8 or 11 capitals and digits; a "
		 "branch XXX is the same as none",
	.example = "DEUTDEFF",
	.canon = canon,
	.group = format_plain,
	.mask = format_plain,
};
