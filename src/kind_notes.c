/* SPDX-License-Identifier: BSD-2-Clause */
/* What values may be, but rarely are: no rule, but worth a second look. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"
#include "kind_rows.h"

#define AMAZON_JP_MOST	  16 /* characters of a holder */
#define CARD_LEAST_MONTHS 6

__attribute__((format(printf, 3, 4))) static void
add(struct cseal_notes *out, const char *field, const char *fmt, ...)
{
	struct cseal_note *note = &out->list[out->n];
	va_list ap;

	if (out->n == CSEAL_NOTES_MAX)
		return;
	out->n++;
	note->field = field;
	va_start(ap, fmt);
	(void)vsnprintf(note->what, sizeof(note->what), fmt, ap);
	va_end(ap);
}

/*
 * What the cross-check of a BIC lets pass: the Netherlands, where IBANs keep
 * the letters of banks that were merged, and territories.
 */
static void
note_bank(const char *iban, const char *bic, struct cseal_notes *out)
{
	static const char *const countries[] = { "BG", "GB", "GI", "IE", "LV",
		"MT", "NL", "RO" };

	if (iban == NULL || bic == NULL || strlen(iban) < 8)
		return;
	for (size_t i = 0; i < sizeof(countries) / sizeof(*countries); i++) {
		if (memcmp(iban, countries[i], 2) == 0 &&
		    memcmp(iban + 4, bic, 4) != 0)
			add(out, "bic",
			    "the bank in the IBAN is %.4s, but that of the BIC "
			    "is %.4s: in %s both are the same as a rule",
			    iban + 4, bic, countries[i]);
	}
}

void
kind_notes_iban(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out)
{
	(void)now;
	note_bank(kind_value(v, n, "iban", 8), kind_value(v, n, "bic", 8), out);
}

void
kind_notes_withdrawal(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out)
{
	const char *country = kind_value(v, n, "country", 2);

	(void)now;
	if (country != NULL && cseal_iban_country(country) != NULL)
		note_bank(kind_value(v, n, "account", 8),
		    kind_value(v, n, "bic", 8), out);
}

void
kind_notes_jp(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out)
{
	const char *holder = kind_value(v, n, "holder", 1);
	size_t columns = holder != NULL ? cseal_text_columns(holder) : 0;

	(void)now;
	if (columns > AMAZON_JP_MOST)
		add(out, "holder",
		    "%zu characters: Amazon pays nothing to a holder of more "
		    "than %d, others take 30",
		    columns, AMAZON_JP_MOST);
}

/* Of "08/2027" or of "2027-08...": months since the year 0. */
static int
months(const char *s, size_t year, size_t month)
{
	int m = 0;

	for (size_t i = 0; i < 4; i++)
		m = m * 10 + (s[year + i] - '0');
	return m * 12 + (s[month] - '0') * 10 + (s[month + 1] - '0');
}

void
kind_notes_card(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out)
{
	const char *expiry = kind_value(v, n, "expiry", 7);
	char today[CSEAL_TIME_BYTES];
	int left;

	cseal_time_utc(now, today);
	if (expiry == NULL || today[0] == '@')
		return;
	left = months(expiry, 3, 0) - months(today, 0, 5);
	if (left < 0)
		add(out, "expiry", "the card has expired");
	else if (left < CARD_LEAST_MONTHS)
		add(out, "expiry",
		    "the card expires soon: Amazon wants %d months at least",
		    CARD_LEAST_MONTHS);
}
