/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes in one line: \x9B is a byte, \u{202E} a character, \\ itself. */

#ifndef TESTS_UNIT_ESCAPED_H
#define TESTS_UNIT_ESCAPED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/buf.h"

static inline void
escaped_add_character(struct cseal_buf *out, uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t first[] = { 0x00, 0xc0, 0xe0, 0xf0 };

	(void)cseal_buf_add_u8(out, (uint8_t)(first[more] | (c >> (6 * more))));
	while (more-- > 0)
		(void)cseal_buf_add_u8(
		    out, (uint8_t)(0x80 | ((c >> (6 * more)) & 0x3f)));
}

/* False if the text is not written so. */
static inline bool
escaped_read(const char *text, struct cseal_buf *out)
{
	char *end;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '\\') {
			(void)cseal_buf_add_u8(out, (uint8_t)*p);
		} else if (p[1] == '\\') {
			(void)cseal_buf_add_u8(out, (uint8_t) * ++p);
		} else if (p[1] == 'x' && strlen(p) >= 4) {
			char hex[3] = { p[2], p[3], '\0' };

			(void)cseal_buf_add_u8(
			    out, (uint8_t)strtoul(hex, &end, 16));
			if (*end != '\0')
				return false;
			p += 3;
		} else if (p[1] == 'u' && p[2] == '{') {
			escaped_add_character(
			    out, (uint32_t)strtoul(p + 3, &end, 16));
			if (*end != '}')
				return false;
			p = end;
		} else {
			return false;
		}
	}
	return cseal_buf_error(out) == CSEAL_OK;
}

#endif
