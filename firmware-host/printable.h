/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FIRMWARE_PRINTABLE_H
#define FIRMWARE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads one UTF-8 character of at most `n` bytes (RFC 3629: no surrogates,
 * no overlong forms).  Returns its length and sets *cp, or returns 0.
 */
size_t printable_next(const uint8_t *p, size_t n, uint32_t *cp);

bool printable_is_utf8(const uint8_t *p, size_t n);

/*
 * Writes `n` bytes of text from a client so that a terminal can show them:
 * printable ASCII as it is, any other character as \u{XXXX}, a broken byte
 * as \u{FFFD}.  Cuts between characters; always ends `out` with NUL.
 * `cap` is the size of `out` and at least 1.
 */
void printable_show(char *out, size_t cap, const char *s, size_t n);

#endif
