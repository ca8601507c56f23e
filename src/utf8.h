/* SPDX-License-Identifier: BSD-2-Clause */
/* One character of UTF-8 at a time, and how wide it is when it is shown. */

#ifndef SRC_UTF8_H
#define SRC_UTF8_H

#include "counterseal/buf.h"

#define UTF8_BROKEN UINT32_MAX

/*
 * Reads the character at `p` (n > 0 bytes are there). *len is its length in
 * bytes. UTF8_BROKEN with *len 1 if RFC 3629 does not allow what stands there.
 */
uint32_t utf8_next(const uint8_t *p, size_t n, size_t *len);

/* Appends a character, at most U+10FFFF. */
int utf8_add(struct cseal_buf *out, uint32_t c);

/*
 * Columns of a character that may be shown as it is: 1 or 2; 0 for every
 * other one (controls, marks, blanks but U+0020, letters written from right to
 * left, unassigned and private ones, scripts that no field needs).
 */
size_t utf8_columns(uint32_t c);

#endif
