/* SPDX-License-Identifier: BSD-2-Clause */

#include "token_io.h"

#include <string.h>

#include "counterseal/text.h"

void
io_text(char *out, size_t size, const uint8_t *p, size_t n, size_t columns)
{
	struct cseal_buf b;
	const char *s;
	size_t len;

	cseal_buf_init(&b, 0);
	(void)cseal_text_safe(&b, p, n, columns);
	s = cseal_buf_str(&b);
	len = strlen(s);
	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(out, s, len);
	out[len] = '\0';
	cseal_buf_free(&b);
}
