/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats that are digits alone: the numbers of banks and accounts. */

#ifndef SRC_FORMAT_DIGITS_H
#define SRC_FORMAT_DIGITS_H

#include "counterseal/field.h"

enum format_digits_name {
	DIGITS_ABA,
	DIGITS_ACCOUNT_US,
	DIGITS_SORT_CODE,
	DIGITS_ACCOUNT_UK,
	DIGITS_BSB,
	DIGITS_ACCOUNT_AU,
	DIGITS_INSTITUTION,
	DIGITS_TRANSIT,
	DIGITS_ACCOUNT_CA,
	DIGITS_CLABE,
	DIGITS_ACCOUNT_IN,
	DIGITS_BANK_HK,
	DIGITS_BRANCH,
	DIGITS_ACCOUNT_HK,
	DIGITS_BANK_SG,
	DIGITS_ACCOUNT_SG,
	DIGITS_BANK_JP,
	DIGITS_ACCOUNT_JP,
	DIGITS_CNAPS,
	DIGITS_ACCOUNT_CN,
	DIGITS_LAST4,
	DIGITS_PERCENT,
	DIGITS_RESERVE,
	DIGITS_FORMATS /* how many there are */
};

extern const struct cseal_format format_digits[];

#endif
