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
	NULL,
};

const struct cseal_format *
cseal_format_find(const char *name)
{
	for (size_t i = 0; formats[i] != NULL; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

const struct cseal_format *
cseal_format_at(size_t i)
{
	for (size_t k = 0; formats[k] != NULL; k++) {
		if (k == i)
			return formats[k];
	}
	return NULL;
}
