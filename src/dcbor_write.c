/* SPDX-License-Identifier: BSD-2-Clause */
/* The writer. */

#include <string.h>

#include "dcbor_item.h"

static void
put_head(struct cseal_buf *b, enum dcbor_type type, uint64_t value)
{
	struct dcbor_item it = { type, value, NULL };
	uint8_t head[DCBOR_HEAD_MAX];
	size_t n = dcbor_item_head(&it, head);

	(void)cseal_buf_add(b, head, n);
}

void
dcbor_put_uint(struct cseal_buf *b, uint64_t v)
{
	put_head(b, DCBOR_UINT, v);
}

void
dcbor_put_int(struct cseal_buf *b, int64_t v)
{
	if (v >= 0)
		put_head(b, DCBOR_UINT, (uint64_t)v);
	else
		put_head(b, DCBOR_NINT, (uint64_t)(-1 - v));
}

void
dcbor_put_bool(struct cseal_buf *b, bool v)
{
	put_head(b, v ? DCBOR_TRUE : DCBOR_FALSE, 0);
}

void
dcbor_put_null(struct cseal_buf *b)
{
	put_head(b, DCBOR_NULL, 0);
}

void
dcbor_put_bytes(struct cseal_buf *b, const uint8_t *p, size_t n)
{
	put_head(b, DCBOR_BYTES, n);
	(void)cseal_buf_add(b, p, n);
}

void
dcbor_put_text(struct cseal_buf *b, const uint8_t *p, size_t n)
{
	put_head(b, DCBOR_TEXT, n);
	(void)cseal_buf_add(b, p, n);
}

void
dcbor_put_str(struct cseal_buf *b, const char *s)
{
	put_head(b, DCBOR_TEXT, strlen(s));
	(void)cseal_buf_add(b, s, strlen(s));
}

void
dcbor_put_array(struct cseal_buf *b, uint64_t n)
{
	put_head(b, DCBOR_ARRAY, n);
}

void
dcbor_put_map(struct cseal_buf *b, uint64_t n)
{
	put_head(b, DCBOR_MAP, n);
}
