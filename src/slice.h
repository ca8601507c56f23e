/* SPDX-License-Identifier: BSD-2-Clause */
/* Small questions about slices. */

#ifndef SRC_SLICE_H
#define SRC_SLICE_H

#include <string.h>

#include "counterseal/api.h"

/* The bytes of a C string, without its NUL. */
static inline struct cseal_slice
slice_of(const char *text)
{
	return (struct cseal_slice){ (const uint8_t *)text, strlen(text) };
}

static inline bool
slice_same(struct cseal_slice a, struct cseal_slice b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
slice_is(struct cseal_slice s, const char *text)
{
	return slice_same(s, slice_of(text));
}

#endif
