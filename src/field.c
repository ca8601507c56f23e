/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/field.h"

#include <string.h>

#include "format.h"

static const struct cseal_format *const formats[] = {
	&format_iban,
	&format_bic,
	&format_holder,
	&format_bank_name,
	&format_currency,
	&format_email,
	&format_text,
};

#define N_FORMATS (sizeof(formats) / sizeof(*formats))

const struct cseal_format *
cseal_format_find(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

const struct cseal_format *
cseal_format_at(size_t i)
{
	return i < N_FORMATS ? formats[i] : NULL;
}
