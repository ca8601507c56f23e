/* SPDX-License-Identifier: BSD-2-Clause */
#include "printable.h"

#include <stdio.h>
#include <string.h>

struct utf8_form {
	uint8_t mask, lead;
	size_t len;
	uint32_t least;
};

static const struct utf8_form forms[] = {
	{ 0x80, 0x00, 1, 0x0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

static const struct utf8_form *
form_of(uint8_t lead)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((lead & forms[i].mask) == forms[i].lead)
			return &forms[i];
	}
	return NULL;
}

size_t
printable_next(const uint8_t *p, size_t n, uint32_t *cp)
{
	const struct utf8_form *f;
	uint32_t c;

	*cp = 0;
	if (n == 0 || (f = form_of(p[0])) == NULL || n < f->len)
		return 0;
	c = p[0] & (uint8_t)~f->mask;
	for (size_t i = 1; i < f->len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < f->least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return f->len;
}

bool
printable_is_utf8(const uint8_t *p, size_t n)
{
	uint32_t cp;

	while (n > 0) {
		size_t len = printable_next(p, n, &cp);

		if (len == 0)
			return false;
		p += len;
		n -= len;
	}
	return true;
}

void
printable_show(char *out, size_t cap, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t used = 0;

	out[0] = '\0';
	while (n > 0) {
		char one[16];
		uint32_t cp;
		size_t len = printable_next(p, n, &cp);
		int w;

		if (len == 0) {
			cp = 0xfffd;
			len = 1;
		}
		if (cp >= 0x20 && cp <= 0x7e)
			w = snprintf(one, sizeof(one), "%c", (char)cp);
		else
			w = snprintf(one, sizeof(one), "\\u{%04X}", cp);
		if (w < 0 || (size_t)w >= cap - used)
			return;
		memcpy(out + used, one, (size_t)w + 1);
		used += (size_t)w;
		p += len;
		n -= len;
	}
}
