/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of banks and accounts that are digits alone, by country. What is not
 * digits is a space or a hyphen between two of them, and is left out.
 */

#include <string.h>

#include "format.h"
#include "format_digits.h"

#define DIGITS_MAX 32

struct digits {
	unsigned char min, max; /* digits that may be typed */
	unsigned char pad;	/* zeros in front, up to so many; 0: none */
	const char *groups;	/* "2-2-2": how it is shown; NULL: as it is */
	const char *thing;	/* "a sort code has 6 digits" */
	/* Check digits and ranges; CSEAL_ERR_INPUT. NULL if there are none. */
	int (*check)(
	    const char *field, const char *digits, struct cseal_error *err);
};

#define LETTER "compare with the bank's letter"

static unsigned
digit(const char *digits, size_t i)
{
	return (unsigned)(digits[i] - '0');
}

/* ---- typed ---- */

/* The digits at the end of `to`, which has room for the zeros before them. */
static int
collect(const struct digits *d, const char *field, const uint8_t *p, size_t n,
    char to[DIGITS_MAX + 1], size_t *len, struct cseal_error *err)
{
	*len = 0;
	for (size_t i = 0; i < n; i++) {
		if (format_separates(p, n, i))
			continue;
		if (!format_in(FORMAT_DIGITS, p[i]))
			return format_refuse(field, p, n,
			    format_culprit(p, n, i),
			    "write digits, and one space or hyphen between "
			    "groups at most",
			    err);
		if (*len < DIGITS_MAX)
			to[*len] = (char)p[i];
		++*len;
	}
	if (*len < d->min || *len > d->max)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu digit%s, but %s: " LETTER, *len, *len == 1 ? "" : "s",
		    d->thing);
	to[*len] = '\0';
	return CSEAL_OK;
}

static void
pad(char digits[DIGITS_MAX + 1], size_t *len, size_t to)
{
	if (*len >= to)
		return;
	memmove(digits + to - *len, digits, *len + 1);
	memset(digits, '0', to - *len);
	*len = to;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const struct digits *d = f->how;
	char digits[DIGITS_MAX + 1];
	size_t len;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	r = collect(d, field, p, n, digits, &len, err);
	if (r == CSEAL_OK)
		pad(digits, &len, d->pad);
	if (r == CSEAL_OK && d->check != NULL)
		r = d->check(field, digits, err);
	if (r == CSEAL_OK)
		r = format_accept(field, digits, len, out, err);
	cseal_wipe(digits, sizeof(digits));
	return r;
}

/* ---- shown ---- */

/* By the pattern's numbers; what is left over stands in fours. */
static int
group(const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	const struct digits *d = f->how;
	const char *pattern = d->groups;
	size_t len = strlen(value), at = 0, n;

	if (pattern == NULL)
		return cseal_buf_add_str(out, value);
	while (at < len) {
		n = *pattern >= '1' && *pattern <= '9'
			? (size_t)(*pattern++ - '0')
			: 4;
		if (n > len - at)
			n = len - at;
		(void)cseal_buf_add(out, value + at, n);
		at += n;
		if (at < len)
			(void)cseal_buf_add_u8(
			    out, *pattern != '\0' ? (uint8_t)*pattern++ : ' ');
	}
	return cseal_buf_error(out);
}

/* ---- check digits and ranges ---- */

/* What the first two digits of a routing number that pays out can be. */
static bool
is_district(unsigned two)
{
	return (two >= 1 && two <= 12) || (two >= 21 && two <= 32);
}

/* American Bankers Association: weights 3, 7, 1. */
static int
check_aba(const char *field, const char *digits, struct cseal_error *err)
{
	static const unsigned weights[] = { 3, 7, 1 };
	unsigned sum = 0;

	if (!is_district(digit(digits, 0) * 10 + digit(digits, 1)))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "it begins with %.2s, but the routing number of a bank "
		    "begins with 01 to 12 or 21 to 32: " LETTER,
		    digits);
	for (size_t i = 0; i < 9; i++)
		sum += weights[i % 3] * digit(digits, i);
	if (sum % 10 != 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "the check digit does not fit: at least one digit was "
		    "mistyped; " LETTER);
	return CSEAL_OK;
}

/* Banco de Mexico: weights 3, 7, 1, of each product the last digit. */
static int
check_clabe(const char *field, const char *digits, struct cseal_error *err)
{
	static const unsigned weights[] = { 3, 7, 1 };
	unsigned sum = 0;

	for (size_t i = 0; i < 17; i++)
		sum += weights[i % 3] * digit(digits, i) % 10;
	if ((10 - sum % 10) % 10 != digit(digits, 17))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "the check digit does not fit: at least one digit was "
		    "mistyped; " LETTER);
	return CSEAL_OK;
}

/* Canada: three digits, and the zero before them that forms and files want. */
static int
check_institution(
    const char *field, const char *digits, struct cseal_error *err)
{
	if (digits[0] != '0')
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "an institution number has 3 digits, and of 4 the first "
		    "is 0: " LETTER);
	return CSEAL_OK;
}

/* One number is written in one way. */
static int
check_number(const char *field, const char *digits, struct cseal_error *err)
{
	if (digits[0] == '0' && digits[1] != '\0')
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "it begins with 0: leave that out");
	return CSEAL_OK;
}

static int
check_percent(const char *field, const char *digits, struct cseal_error *err)
{
	int r = check_number(field, digits, err);

	if (r == CSEAL_OK && strlen(digits) == 3 && strcmp(digits, "100") != 0)
		r = cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "more than 100 percent: write 0 to 100");
	return r;
}

/* ---- the formats ---- */

static const struct digits rules[] = {
	[DIGITS_ABA] = { 9, 9, 0, NULL, "a routing number has 9", check_aba },
	[DIGITS_ACCOUNT_US] = { 1, 17, 0, "4 4 4 4",
	    "an account number has 1 to 17", NULL },
	[DIGITS_SORT_CODE] = { 6, 6, 0, "2-2-2", "a sort code has 6", NULL },
	[DIGITS_ACCOUNT_UK] = { 7, 8, 8, "4 4", "an account number has 8",
	    NULL },
	[DIGITS_BSB] = { 6, 6, 0, "3-3", "a BSB number has 6", NULL },
	[DIGITS_ACCOUNT_AU] = { 1, 9, 0, "3 3 3",
	    "an account number has 1 to 9", NULL },
	[DIGITS_INSTITUTION] = { 3, 4, 4, NULL, "an institution number has 3",
	    check_institution },
	[DIGITS_TRANSIT] = { 5, 5, 0, NULL, "a transit number has 5", NULL },
	[DIGITS_ACCOUNT_CA] = { 5, 12, 0, "4 4 4",
	    "an account number has 5 to 12", NULL },
	[DIGITS_CLABE] = { 18, 18, 0, "3 3 4 4 3 1", "a CLABE has 18",
	    check_clabe },
	[DIGITS_ACCOUNT_IN] = { 9, 18, 0, "4 4 4 4 2",
	    "an account number has 9 to 18", NULL },
	[DIGITS_BANK_HK] = { 3, 3, 0, NULL, "a clearing code has 3", NULL },
	[DIGITS_BRANCH] = { 3, 3, 0, NULL, "a branch's code has 3", NULL },
	[DIGITS_ACCOUNT_HK] = { 6, 12, 0, "3 3 3 3",
	    "an account number has 6 to 12", NULL },
	[DIGITS_BANK_SG] = { 4, 4, 0, NULL, "a bank's code has 4", NULL },
	[DIGITS_ACCOUNT_SG] = { 6, 14, 0, "4 4 4 2",
	    "an account number has 6 to 14", NULL },
	[DIGITS_BANK_JP] = { 4, 4, 0, NULL, "a bank's code has 4", NULL },
	[DIGITS_ACCOUNT_JP] = { 1, 7, 7, NULL, "an account number has 7",
	    NULL },
	[DIGITS_CNAPS] = { 12, 12, 0, "3 4 4 1", "a CNAPS code has 12", NULL },
	[DIGITS_ACCOUNT_CN] = { 8, 32, 0, "4 4 4 4 4 4 4 4",
	    "an account number has 8 to 32", NULL },
	[DIGITS_LAST4] = { 4, 4, 0, NULL, "only a card's last 4 belong here",
	    NULL },
	[DIGITS_PERCENT] = { 1, 3, 0, NULL, "a share has 1 to 3",
	    check_percent },
	[DIGITS_RESERVE] = { 1, 9, 0, NULL, "an amount has 1 to 9",
	    check_number },
};

/* The name of a bank or a branch is shown as it is, that of an account not. */
#define CODE(i) .canon = canon, .group = group, .mask = group, .how = &rules[i]
#define ACCOUNT(i) \
	.canon = canon, .group = group, .mask = format_mask, .how = &rules[i]

const struct cseal_format format_digits[] = {
	[DIGITS_ABA] = {
		.name = "aba",
		.about = "routing number of a bank in the United States: 9 "
			"digits, the last of them a check digit",
		.example = "021000021",
		CODE(DIGITS_ABA),
	},
	[DIGITS_ACCOUNT_US] = {
		.name = "account_us",
		.about = "account number in the United States: 1 to 17 "
			"digits",
		.example = "000123456789",
		ACCOUNT(DIGITS_ACCOUNT_US),
	},
	[DIGITS_SORT_CODE] = {
		.name = "sort_code",
		.about = "sort code of a bank in the United Kingdom: 6 "
			"digits",
		.example = "60-16-13",
		CODE(DIGITS_SORT_CODE),
	},
	[DIGITS_ACCOUNT_UK] = {
		.name = "account_uk",
		.about = "account number in the United Kingdom: 8 digits; "
			"one of 7 gets a 0 in front",
		.example = "31926819",
		ACCOUNT(DIGITS_ACCOUNT_UK),
	},
	[DIGITS_BSB] = {
		.name = "bsb",
		.about = "BSB number of a bank in Australia: 6 digits",
		.example = "062-217",
		CODE(DIGITS_BSB),
	},
	[DIGITS_ACCOUNT_AU] = {
		.name = "account_au",
		.about = "account number in Australia: 1 to 9 digits",
		.example = "123456789",
		ACCOUNT(DIGITS_ACCOUNT_AU),
	},
	[DIGITS_INSTITUTION] = {
		.name = "institution",
		.about = "institution number of a bank in Canada: 3 digits; "
			"a 0 is put before them",
		.example = "003",
		CODE(DIGITS_INSTITUTION),
	},
	[DIGITS_TRANSIT] = {
		.name = "transit",
		.about = "transit number of a branch in Canada: 5 digits",
		.example = "02169",
		CODE(DIGITS_TRANSIT),
	},
	[DIGITS_ACCOUNT_CA] = {
		.name = "account_ca",
		.about = "account number in Canada: 5 to 12 digits",
		.example = "06940234567",
		ACCOUNT(DIGITS_ACCOUNT_CA),
	},
	[DIGITS_CLABE] = {
		.name = "clabe",
		.about = "CLABE of an account in Mexico: 18 digits, the last"
			" of them a check digit",
		.example = "032180000118359719",
		ACCOUNT(DIGITS_CLABE),
	},
	[DIGITS_ACCOUNT_IN] = {
		.name = "account_in",
		.about = "account number in India: 9 to 18 digits",
		.example = "00012345678",
		ACCOUNT(DIGITS_ACCOUNT_IN),
	},
	[DIGITS_BANK_HK] = {
		.name = "bank_hk",
		.about = "clearing code of a bank in Hong Kong: 3 digits",
		.example = "004",
		CODE(DIGITS_BANK_HK),
	},
	[DIGITS_BRANCH] = {
		.name = "branch",
		.about = "code of a branch of a bank: 3 digits",
		.example = "001",
		CODE(DIGITS_BRANCH),
	},
	[DIGITS_ACCOUNT_HK] = {
		.name = "account_hk",
		.about = "account number in Hong Kong: 6 to 12 digits, "
			"without bank and branch",
		.example = "123456838",
		ACCOUNT(DIGITS_ACCOUNT_HK),
	},
	[DIGITS_BANK_SG] = {
		.name = "bank_sg",
		.about = "code of a bank in Singapore: 4 digits",
		.example = "7171",
		CODE(DIGITS_BANK_SG),
	},
	[DIGITS_ACCOUNT_SG] = {
		.name = "account_sg",
		.about = "account number in Singapore: 6 to 14 digits, "
			"without bank and branch",
		.example = "0012345678",
		ACCOUNT(DIGITS_ACCOUNT_SG),
	},
	[DIGITS_BANK_JP] = {
		.name = "bank_jp",
		.about = "code of a bank in Japan (Zengin): 4 digits",
		.example = "0001",
		CODE(DIGITS_BANK_JP),
	},
	[DIGITS_ACCOUNT_JP] = {
		.name = "account_jp",
		.about = "account number in Japan: 7 digits; a shorter one "
			"gets zeros in front",
		.example = "0009876",
		ACCOUNT(DIGITS_ACCOUNT_JP),
	},
	[DIGITS_CNAPS] = {
		.name = "cnaps",
		.about = "CNAPS code of a bank's branch in China: 12 digits",
		.example = "201451000016",
		CODE(DIGITS_CNAPS),
	},
	[DIGITS_ACCOUNT_CN] = {
		.name = "account_cn",
		.about = "account number in China, or the number of a card "
			"that is one: 8 to 32 digits",
		.example = "00012345678901234567",
		ACCOUNT(DIGITS_ACCOUNT_CN),
	},
	[DIGITS_LAST4] = {
		.name = "last4",
		.about = "the last 4 digits of a card's number, and no more",
		.example = "4242",
		CODE(DIGITS_LAST4),
	},
	[DIGITS_PERCENT] = {
		.name = "percent",
		.about = "share in percent: 0 to 100",
		.example = "50",
		CODE(DIGITS_PERCENT),
	},
	[DIGITS_RESERVE] = {
		.name = "reserve",
		.about = "amount that the marketplace keeps back, in whole "
			 "units of the account's currency",
		.example = "500",
		CODE(DIGITS_RESERVE),
	},
};
