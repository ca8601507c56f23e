/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "country.h"
#include "format.h"

#define IBAN_MIN 15 /* NO */
#define IBAN_MAX 34 /* ISO 13616-1; the registry's longest has 33 */

#define IBAN_WAY   "use A-Z, 0-9, and the space between groups"
#define LETTER_WAY "write letters in capitals"

/* An IBAN without its spaces, and where each character was typed. */
struct iban {
	uint8_t text[IBAN_MAX];
	size_t at[IBAN_MAX]; /* counted from 1 */
	size_t len;
};

static int
collect(struct iban *iban, const char *field, const uint8_t *p, size_t n,
    struct cseal_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == ' ')
			continue;
		if (format_in(FORMAT_LOWER, p[i]))
			return format_refuse(field, p, n, i, LETTER_WAY, err);
		if (!format_in(FORMAT_UPPER FORMAT_DIGITS, p[i]))
			return format_refuse(field, p, n, i, IBAN_WAY, err);
		if (iban->len == IBAN_MAX)
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "more than %d characters, which no IBAN has",
			    IBAN_MAX);
		iban->text[iban->len] = p[i];
		iban->at[iban->len++] = i + 1;
	}
	if (iban->len < 4)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "too short: an IBAN has at least %d characters", IBAN_MIN);
	return CSEAL_OK;
}

/* The country's row, or NULL and the reason in `err`. */
static const struct cseal_iban_country *
find_country(
    const struct iban *iban, const char *field, struct cseal_error *err)
{
	const char *cc = (const char *)iban->text, *home;
	const struct cseal_iban_country *row = cseal_iban_country(cc);

	if (row != NULL)
		return row;
	if (!cseal_is_country(cc))
		cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "it begins with %.2s, which is no country; an IBAN begins "
		    "with the account's country, such as DE",
		    cc);
	else if ((home = country_iban_home(cc)) != NULL)
		cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%.2s has no IBAN of its own: the IBANs of its banks begin "
		    "with %s",
		    cc, home);
	else
		cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%.2s has no IBAN: ask for the kind of change that has the "
		    "account numbers of that country (counterseal kinds)",
		    cc);
	return NULL;
}

/* How many characters of which class follow; the class is 0 at the end. */
static const char *
next_part(const char *structure, unsigned *count, char *class)
{
	*count = 0;
	*class = '\0';
	while (*structure >= '0' && *structure <= '9')
		*count = *count * 10 + (unsigned)(*structure++ - '0');
	if (*structure == '!')
		structure++;
	if (*structure != '\0')
		*class = *structure++;
	return structure;
}

static bool
fits(uint8_t c, char class)
{
	switch (class) {
	case 'n': return format_in(FORMAT_DIGITS, c);
	case 'a': return format_in(FORMAT_UPPER, c);
	default: return format_in(FORMAT_UPPER FORMAT_DIGITS, c);
	}
}

static int
refuse_class(const struct iban *iban, size_t i, char class, const char *field,
    struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_INPUT, field,
	    "character %zu must be a %s in an IBAN of %.2s: compare with the "
	    "bank's letter",
	    iban->at[i], class == 'n' ? "digit" : "letter",
	    (const char *)iban->text);
}

static int
check_structure(const struct iban *iban, const struct cseal_iban_country *row,
    const char *field, struct cseal_error *err)
{
	const char *s = row->structure;
	unsigned count;
	size_t i = 4;
	char class;

	for (size_t k = 2; k < 4; k++) {
		if (!fits(iban->text[k], 'n'))
			return refuse_class(iban, k, 'n', field, err);
	}
	if (iban->len != row->length)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but an IBAN of %s has %u: compare with "
		    "the bank's letter",
		    iban->len, row->country, row->length);
	for (s = next_part(s, &count, &class); class != '\0';
	     s = next_part(s, &count, &class)) {
		for (; count > 0 && i < iban->len; count--, i++) {
			if (!fits(iban->text[i], class))
				return refuse_class(iban, i, class, field, err);
		}
	}
	return CSEAL_OK;
}

/*
 * ISO 7064 mod 97-10 with the first four characters at the end and letters as
 * 10 to 35. Two check digits are 98 less a remainder: 02 to 98; 00, 01 and 99
 * could satisfy the remainder as well, and are refused (ISO 13616-1).
 */
static bool
check_digits_fit(const struct iban *iban)
{
	unsigned rest = 0, digits, c;

	digits = (unsigned)(iban->text[2] - '0') * 10 +
		 (unsigned)(iban->text[3] - '0');
	for (size_t i = 0; i < iban->len; i++) {
		c = iban->text[(i + 4) % iban->len];
		if (c >= 'A')
			rest = (rest * 100 + (c - 'A' + 10)) % 97;
		else
			rest = (rest * 10 + (c - '0')) % 97;
	}
	return rest == 1 && digits >= 2 && digits <= 98;
}

static int
check(struct iban *iban, const char *field, const uint8_t *p, size_t n,
    struct cseal_error *err)
{
	const struct cseal_iban_country *row;
	int r;

	if ((r = collect(iban, field, p, n, err)) != CSEAL_OK)
		return r;
	if ((row = find_country(iban, field, err)) == NULL)
		return CSEAL_ERR_INPUT;
	if ((r = check_structure(iban, row, field, err)) != CSEAL_OK)
		return r;
	if (!check_digits_fit(iban))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "the check digits do not fit: at least one character was "
		    "mistyped; compare with the bank's letter");
	return CSEAL_OK;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	struct iban iban;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	memset(&iban, 0, sizeof(iban));
	if ((r = check(&iban, field, p, n, err)) == CSEAL_OK)
		r = format_accept(field, iban.text, iban.len, out, err);
	cseal_wipe(&iban, sizeof(iban));
	return r;
}

/* Country and check digits stay: people know an account by them. */
static int
mask(const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	size_t n = strlen(value);

	if (n < IBAN_MIN)
		return format_mask(f, value, out);
	cseal_buf_add(out, value, 4);
	cseal_buf_add_str(out, " .... ");
	return cseal_buf_add_str(out, value + n - 4);
}

const struct cseal_format format_iban = {
	.name = "iban",
	.about = "account number of ISO 13616: country, two check digits, "
		 "account; capitals and digits, spaces between groups allowed",
	.example = "DE89 3704 0044 0532 0130 00",
	.canon = canon,
	.group = format_fours,
	.mask = mask,
};
