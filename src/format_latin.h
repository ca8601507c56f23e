/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats of free text in Latin script: names, and parts of addresses. */

#ifndef SRC_FORMAT_LATIN_H
#define SRC_FORMAT_LATIN_H

#include "counterseal/field.h"

enum format_latin_name {
	LATIN_NAME,
	LATIN_LINE,
	LATIN_CITY,
	LATIN_POSTCODE,
	LATIN_DEVICE,
	LATIN_ROLE,
	LATIN_APP,
	LATIN_APP_ID,
	LATIN_SCOPES,
	LATIN_FORMATS /* how many there are */
};

extern const struct cseal_format format_latin[];

#endif
