/* SPDX-License-Identifier: BSD-2-Clause */
#include "put.h"

#include <string.h>

enum major {
	MAJOR_UINT,
	MAJOR_NEGINT,
	MAJOR_BYTES,
	MAJOR_TEXT,
	MAJOR_ARRAY,
	MAJOR_MAP
};

static void
put_bare(struct writer *w, const void *p, size_t n)
{
	if (n > w->cap - w->len) {
		w->full = true;
		return;
	}
	if (n > 0)
		memcpy(w->p + w->len, p, n);
	w->len += n;
}

/* The shortest head, as section 8 demands. */
static void
put_head(struct writer *w, enum major major, uint64_t value)
{
	uint8_t head[9];
	size_t n = 0;

	if (value >= 24)
		n = value <= 0xff ? 1 : value <= 0xffff ? 2 : 4;
	if (value > 0xffffffff)
		n = 8;
	head[0] = (uint8_t)(major << 5 | (uint8_t)value);
	if (n > 0)
		head[0] = (uint8_t)(major << 5 | (n == 1      ? 24
						     : n == 2 ? 25
						     : n == 4 ? 26
							      : 27));
	for (size_t i = 0; i < n; i++)
		head[1 + i] = (uint8_t)(value >> 8 * (n - 1 - i));
	put_bare(w, head, 1 + n);
}

void
put_int(struct writer *w, int64_t v)
{
	if (v >= 0)
		put_head(w, MAJOR_UINT, (uint64_t)v);
	else
		put_head(w, MAJOR_NEGINT, (uint64_t)(-1 - v));
}

void
put_map(struct writer *w, size_t n)
{
	put_head(w, MAJOR_MAP, n);
}

void
put_array(struct writer *w, size_t n)
{
	put_head(w, MAJOR_ARRAY, n);
}

void
put_bytes(struct writer *w, const uint8_t *p, size_t n)
{
	put_head(w, MAJOR_BYTES, n);
	put_bare(w, p, n);
}

void
put_text(struct writer *w, const char *s)
{
	put_chars(w, s, strlen(s));
}

void
put_chars(struct writer *w, const char *p, size_t n)
{
	put_head(w, MAJOR_TEXT, n);
	put_bare(w, p, n);
}

void
put_bool(struct writer *w, bool value)
{
	const uint8_t byte = value ? 0xf5 : 0xf4;

	put_bare(w, &byte, 1);
}

size_t
put_end(const struct writer *w)
{
	return w->full ? 0 : w->len;
}

struct writer
put_begin(uint8_t *out, size_t cap)
{
	const struct writer w = { out, cap, 0, false };

	return w;
}
