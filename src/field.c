/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/field.h"

#include <string.h>

#include "format.h"
#include "format_digits.h"
#include "format_latin.h"
#include "format_script.h"
#include "format_words.h"

/* One object each, then whole families. */
static const struct cseal_format *const formats[] = {
	&format_iban,
	&format_bic,
	&format_holder,
	&format_bank_name,
	&format_currency,
	&format_country,
	&format_email,
	&format_text,
	&format_ifsc,
	&format_account,
	&format_code,
	&format_phone,
	&format_date,
	&format_month,
	&format_account_any,
	&format_provider,
	&format_customer,
	&format_holder_kana,
	&format_holder_han,
	&format_bank_name_han,
	&format_domain,
	NULL,
};

static const struct {
	const struct cseal_format *rows;
	size_t n;
} families[] = {
	{ format_digits, DIGITS_FORMATS },
	{ format_words, WORDS_FORMATS },
	{ format_latin, LATIN_FORMATS },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

const struct cseal_format *
cseal_format_at(size_t i)
{
	for (size_t k = 0; formats[k] != NULL; k++) {
		if (i-- == 0)
			return formats[k];
	}
	for (size_t k = 0; k < COUNT(families); k++) {
		if (i < families[k].n)
			return &families[k].rows[i];
		i -= families[k].n;
	}
	return NULL;
}

const struct cseal_format *
cseal_format_find(const char *name)
{
	const struct cseal_format *f;

	for (size_t i = 0; (f = cseal_format_at(i)) != NULL; i++) {
		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}
