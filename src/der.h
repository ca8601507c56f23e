/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader of DER (X.690 section 10) for forms that are fixed but for a few
 * strings. It keeps its first error, so that a form is read straight down and
 * checked once at its end. Lengths are definite and as short as can be, tags
 * of one byte; nothing recurses, nothing is allocated.
 */

#ifndef SRC_DER_H
#define SRC_DER_H

#include "counterseal/api.h"

#define DER_INTEGER  0x02
#define DER_BITS     0x03
#define DER_OCTETS   0x04
#define DER_SEQUENCE 0x30
#define DER_SET	     0x31
#define DER_IS(n)    (0x80 | (n)) /* [n] IMPLICIT, of a string */
#define DER_HAS(n)   (0xa0 | (n)) /* [n] around something */

struct der {
	const uint8_t *data;
	size_t left;
	bool bad;
};

void der_init(struct der *d, struct cseal_slice s);

/* Takes one item of that tag; its content, empty after an error. */
struct cseal_slice der_take(struct der *d, uint8_t tag);

/* Takes one item and reads what is in it; bad if `d` is. */
struct der der_enter(struct der *d, uint8_t tag);

/* Takes bytes that must be exactly these. */
void der_expect(struct der *d, const uint8_t *p, size_t n);

/* True if all was good and nothing is left. */
bool der_end(const struct der *d);

#endif
