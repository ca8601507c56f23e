/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/err.h"

#define FIRST_CAP 64

void
cseal_wipe(void *p, size_t n)
{
	if (p != NULL && n > 0)
		explicit_bzero(p, n);
}

static void
wipe_free(uint8_t *p, size_t n)
{
	cseal_wipe(p, n);
	free(p);
}

void
cseal_buf_init(struct cseal_buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
cseal_buf_free(struct cseal_buf *b)
{
	if (b == NULL)
		return;
	wipe_free(b->data, b->cap);
	cseal_buf_init(b, b->max);
}

void
cseal_buf_reset(struct cseal_buf *b)
{
	cseal_wipe(b->data, b->cap);
	b->len = 0;
	b->err = CSEAL_OK;
}

int
cseal_buf_error(const struct cseal_buf *b)
{
	return b->err;
}

static int
fail(struct cseal_buf *b, int code)
{
	if (b->err == CSEAL_OK)
		b->err = code;
	return b->err;
}

/*
 * Makes room for `n` bytes and a NUL behind them. The memory left behind is
 * handed to the caller, who wipes it: bytes to append may still lie in it.
 */
static int
grow(struct cseal_buf *b, size_t n, uint8_t **old, size_t *old_cap)
{
	size_t max = b->max != 0 ? b->max : CSEAL_BUF_MAX;
	size_t need, cap;
	uint8_t *fresh;

	*old = NULL;
	*old_cap = 0;
	if (b->err != CSEAL_OK)
		return b->err;
	if (max == SIZE_MAX)
		max--;
	if (b->len > max || n > max - b->len)
		return fail(b, CSEAL_ERR_TOO_LARGE);
	need = b->len + n + 1;
	if (need <= b->cap)
		return CSEAL_OK;
	cap = b->cap > SIZE_MAX / 2 ? need : b->cap * 2;
	if (cap < FIRST_CAP)
		cap = FIRST_CAP;
	if (cap > max + 1)
		cap = max + 1;
	if (cap < need)
		cap = need;
	if ((fresh = malloc(cap)) == NULL)
		return fail(b, CSEAL_ERR_NOMEM);
	if (b->len > 0)
		memcpy(fresh, b->data, b->len);
	*old = b->data;
	*old_cap = b->cap;
	b->data = fresh;
	b->cap = cap;
	return CSEAL_OK;
}

static int
reserve(struct cseal_buf *b, size_t n)
{
	uint8_t *old;
	size_t old_cap;
	int r = grow(b, n, &old, &old_cap);

	wipe_free(old, old_cap);
	return r;
}

int
cseal_buf_add(struct cseal_buf *b, const void *p, size_t n)
{
	uint8_t *old;
	size_t old_cap;
	int r;

	if (n == 0)
		return b->err;
	if ((r = grow(b, n, &old, &old_cap)) == CSEAL_OK) {
		memmove(b->data + b->len, p, n);
		b->len += n;
	}
	wipe_free(old, old_cap);
	return r;
}

int
cseal_buf_add_u8(struct cseal_buf *b, uint8_t v)
{
	return cseal_buf_add(b, &v, 1);
}

int
cseal_buf_add_u32(struct cseal_buf *b, uint32_t v)
{
	uint8_t p[4];

	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
	return cseal_buf_add(b, p, sizeof(p));
}

int
cseal_buf_add_str(struct cseal_buf *b, const char *s)
{
	return cseal_buf_add(b, s, strlen(s));
}

static int print(struct cseal_buf *, const char *, va_list)
    __attribute__((format(printf, 2, 0)));

static int
print(struct cseal_buf *b, const char *fmt, va_list ap)
{
	va_list measure;
	int n, r;

	va_copy(measure, ap);
	n = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (n < 0)
		return fail(b, CSEAL_ERR_TOO_LARGE);
	if ((r = reserve(b, (size_t)n)) != CSEAL_OK)
		return r;
	/* grow() keeps one byte for the NUL. */
	if (vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap) != n)
		return fail(b, CSEAL_ERR_INTERNAL);
	b->len += (size_t)n;
	return CSEAL_OK;
}

int
cseal_buf_printf(struct cseal_buf *b, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = print(b, fmt, ap);
	va_end(ap);
	return r;
}

const char *
cseal_buf_str(struct cseal_buf *b)
{
	/* An earlier error must not hide what did go in. */
	if (b->len >= b->cap && reserve(b, 0) != CSEAL_OK)
		return "";
	b->data[b->len] = '\0';
	return (const char *)b->data;
}

struct cseal_slice
cseal_buf_slice(const struct cseal_buf *b)
{
	return (struct cseal_slice){ .data = b->data, .len = b->len };
}
