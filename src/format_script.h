/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats of names in scripts of East Asia, each a list of its characters. */

#ifndef SRC_FORMAT_SCRIPT_H
#define SRC_FORMAT_SCRIPT_H

#include "counterseal/field.h"

extern const struct cseal_format format_holder_kana;
extern const struct cseal_format format_holder_han;
extern const struct cseal_format format_bank_name_han;

struct script_range {
	uint32_t first, last;
};

/* What such a format has in `how`. */
struct script {
	const struct script_range *ranges;
	size_t n;
	size_t most;	 /* characters */
	const char *way; /* what to write instead */
	/* Where each character is allowed: more rules. CSEAL_ERR_INPUT. */
	int (*check)(const char *field, const uint8_t *p, size_t n,
	    struct cseal_error *err);
};

/* For the table of such a format. */
int script_canon(const struct cseal_format *f, const char *field,
    const uint8_t *p, size_t n, struct cseal_buf *out, struct cseal_error *err);

bool script_has(const struct script_range *ranges, size_t n, uint32_t c);

#endif
