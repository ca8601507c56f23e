/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where one value differs from another, by characters: of two with as many
 * characters, each place by itself; of others, what is left between the
 * characters that both begin and end with.
 */

#ifndef SRC_DIFFER_H
#define SRC_DIFFER_H

#include "counterseal/buf.h"
#include "counterseal/field.h"

struct differ {
	size_t n_old; /* characters; a broken byte is one */
	size_t n_new;
	size_t n;		  /* of the new one that differ */
	bool at[CSEAL_VALUE_MAX]; /* which of them */
	/* Of the old one, counted from 0: not in the new one. */
	size_t gone_from, gone_to;
};

/* Of what is longer than CSEAL_VALUE_MAX bytes, the rest is not looked at. */
void differ_find(
    struct differ *d, struct cseal_slice before, struct cseal_slice after);

/* "differs in characters 5 to 8 and 12", appended; ASCII. */
int differ_words(const struct differ *d, struct cseal_buf *out);

#endif
