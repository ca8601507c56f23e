/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats that are one word of a list. */

#ifndef SRC_FORMAT_WORDS_H
#define SRC_FORMAT_WORDS_H

#include "counterseal/field.h"

enum format_words_name {
	WORDS_TYPE_US,
	WORDS_TYPE_JP,
	WORDS_YES_NO,
	WORDS_LINE,
	WORDS_CATEGORY,
	WORDS_PLACE,
	WORDS_METHOD,
	WORDS_USER_ACTION,
	WORDS_APP_ACTION,
	WORDS_BRAND,
	WORDS_CADENCE,
	WORDS_FORMATS /* how many there are */
};

extern const struct cseal_format format_words[];

#endif
