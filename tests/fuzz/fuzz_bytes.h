/* SPDX-License-Identifier: BSD-2-Clause */
/* For targets of the library: bytes compared. */

#ifndef TESTS_FUZZ_FUZZ_BYTES_H
#define TESTS_FUZZ_FUZZ_BYTES_H

#include <string.h>

#include "counterseal/buf.h"

#include "fuzz.h"

/* What was parsed must have been written to the same bytes. */
static inline void
fuzz_must_be(
    const struct cseal_buf *written, struct cseal_slice read, const char *what)
{
	fuzz_must(written->err == 0 && written->len == read.len &&
		      (read.len == 0 ||
			  memcmp(written->data, read.data, read.len) == 0),
	    what);
}

#endif
