/* SPDX-License-Identifier: BSD-2-Clause */

#include "base64.h"

#include <string.h>

/* 0 to 63; -1 for what is no digit of this form. */
static int
digit(uint8_t c, enum base64_form form)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (form == BASE64_URL ? '-' : '+'))
		return 62;
	return c == (form == BASE64_URL ? '_' : '/') ? 63 : -1;
}

/* The text without its padding, which is there as it must be. */
static bool
unpad(struct cseal_slice *text)
{
	if (text->len % 4 != 0)
		return false;
	for (int i = 0; i < 2 && text->len > 0; i++)
		text->len -= text->data[text->len - 1] == '=';
	return true;
}

/* Two to four digits as one to three bytes; bits left over must be zero. */
static bool
read_group(const uint8_t *p, size_t n, enum base64_form form, uint8_t bytes[3])
{
	uint32_t bits = 0;
	int d;

	for (size_t i = 0; i < 4; i++) {
		d = i < n ? digit(p[i], form) : 0;
		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
	}
	bytes[0] = (uint8_t)(bits >> 16);
	bytes[1] = (uint8_t)(bits >> 8);
	bytes[2] = (uint8_t)bits;
	return n == 4 || (n == 3 && bytes[2] == 0) ||
	       (n == 2 && bytes[1] == 0 && bytes[2] == 0);
}

int
base64_read(
    struct cseal_buf *out, struct cseal_slice text, enum base64_form form)
{
	const size_t before = out->len;
	uint8_t bytes[3];
	size_t n;

	if ((form == BASE64_PADDED && !unpad(&text)) || text.len == 0)
		return CSEAL_ERR_FORMAT;
	for (size_t i = 0; i < text.len; i += n) {
		n = text.len - i < 4 ? text.len - i : 4;
		if (!read_group(text.data + i, n, form, bytes)) {
			out->len = before;
			return CSEAL_ERR_FORMAT;
		}
		(void)cseal_buf_add(out, bytes, n - 1);
	}
	return cseal_buf_error(out);
}
