/* SPDX-License-Identifier: BSD-2-Clause */
/* Codes of capitals and digits: of banks, and of accounts without an IBAN. */

#include <string.h>

#include "format.h"

#define ACCOUNT_MAX 34 /* ISO 20022, Max34Text: the longest account number */
#define CODE_MAX    20

/* Capitals and digits; `skip` may stand between two of them. */
static int
collect(const char *field, const uint8_t *p, size_t n, size_t max,
    const char *skip, char *to, struct cseal_error *err)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && i + 1 < n && format_in(skip, p[i]) &&
		    !format_in(skip, p[i + 1]))
			continue;
		if (format_in(FORMAT_LOWER, p[i]))
			return format_refuse(
			    field, p, n, i, "write letters in capitals", err);
		if (!format_in(FORMAT_UPPER FORMAT_DIGITS, p[i]))
			return format_refuse(field, p, n, i,
			    "use A-Z and 0-9, and one space or hyphen between "
			    "groups at most",
			    err);
		if (len == max)
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "more than %zu characters: enter the number alone",
			    max);
		to[len++] = (char)p[i];
	}
	to[len] = '\0';
	return CSEAL_OK;
}

static int
canon_account(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	char text[ACCOUNT_MAX + 1];
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	r = collect(field, p, n, ACCOUNT_MAX, " -", text, err);
	if (r == CSEAL_OK)
		r = format_accept(field, text, strlen(text), out, err);
	cseal_wipe(text, sizeof(text));
	return r;
}

static int
canon_code(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	char text[CODE_MAX + 1];
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = collect(field, p, n, CODE_MAX, " -", text, err)) != CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	return format_accept(field, text, strlen(text), out, err);
}

/* Reserve Bank of India: bank, a zero that is kept free, branch. */
static int
canon_ifsc(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	char text[CODE_MAX + 1];
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = collect(field, p, n, CODE_MAX, "", text, err)) != CSEAL_OK)
		return r;
	if (n != 11)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but an IFSC has 11", n);
	for (size_t i = 0; i < 4; i++) {
		if (!format_in(FORMAT_UPPER, p[i]))
			return format_refuse(field, p, n, i,
			    "an IFSC begins with the four letters of the bank",
			    err);
	}
	if (p[4] != '0')
		return format_refuse(field, p, n, 4,
		    "the fifth character of an IFSC is the digit 0", err);
	return format_accept(field, p, n, out, err);
}

static int
canon_country(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = format_check(field, p, n, FORMAT_UPPER,
		 "write two capital letters, such as DE", err)) != CSEAL_OK)
		return r;
	if (n != 2 || !cseal_is_country((const char *)p))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "no country of ISO 3166: write its two letters, such as "
		    "DE");
	return format_accept(field, p, n, out, err);
}

const struct cseal_format format_account = {
	.name = "account",
	.about = "account number of a country without a kind of its own here: "
		 "at most 34 capitals and digits",
	.example = "0012 3456 7890",
	.canon = canon_account,
	.group = format_fours,
	.mask = format_mask,
};

const struct cseal_format format_account_any = {
	.name = "account_any",
	.about = "IBAN where the country has them, otherwise an account number "
		 "of at most 34 capitals and digits",
	.example = "DE89 3704 0044 0532 0130 00",
	.canon = canon_account,
	.group = format_fours,
	.mask = format_mask,
};

const struct cseal_format format_code = {
	.name = "code",
	.about = "code of a bank or a branch in its country: at most 20 "
		 "capitals and digits",
	.example = "250655",
	.canon = canon_code,
	.group = format_plain,
	.mask = format_plain,
};

const struct cseal_format format_ifsc = {
	.name = "ifsc",
	.about = "IFSC of a bank's branch in India: four letters, 0, and six "
		 "letters or digits",
	.example = "SBIN0005943",
	.canon = canon_ifsc,
	.group = format_plain,
	.mask = format_plain,
};

const struct cseal_format format_country = {
	.name = "country",
	.about = "country: two capital letters of ISO 3166",
	.example = "DE",
	.canon = canon_country,
	.group = format_plain,
	.mask = format_plain,
};
