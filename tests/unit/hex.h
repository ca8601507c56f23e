/* SPDX-License-Identifier: BSD-2-Clause */
/* Few bytes, as tests write them down. */

#ifndef TESTS_UNIT_HEX_H
#define TESTS_UNIT_HEX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define BYTES_MAX 64

struct bytes {
	uint8_t p[BYTES_MAX];
	size_t n;
};

static inline struct bytes
from_hex(const char *hex)
{
	struct bytes b = { { 0 }, strlen(hex) / 2 };

	assert_in_range(b.n, 0, BYTES_MAX);
	assert_int_equal(cseal_unhex(hex, b.p, b.n), CSEAL_OK);
	return b;
}

#endif
