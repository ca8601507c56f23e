/* SPDX-License-Identifier: BSD-2-Clause */

#include "memory_codec.h"

#include <string.h>

#include "counterseal/err.h"

void
codec_init_write(struct memory_codec *c, struct cseal_buf *out)
{
	memset(c, 0, sizeof(*c));
	c->out = out;
}

void
codec_init_read(struct memory_codec *c, struct cseal_slice in)
{
	memset(c, 0, sizeof(*c));
	dcbor_reader_init(&c->in, in.data, in.len);
}

bool
codec_reads(const struct memory_codec *c)
{
	return c->out == NULL;
}

void
codec_fail(struct memory_codec *c, int code)
{
	if (c->err == CSEAL_OK)
		c->err = code;
	/* So that every later read gives nothing. */
	if (codec_reads(c))
		dcbor_refuse(&c->in);
}

void
codec_demand(struct memory_codec *c, bool so)
{
	if (!so || c->in.err != CSEAL_OK)
		codec_fail(c, CSEAL_ERR_FORMAT);
}

int
codec_end(struct memory_codec *c)
{
	if (c->err != CSEAL_OK)
		return c->err;
	return codec_reads(c) ? dcbor_reader_end(&c->in)
			      : cseal_buf_error(c->out);
}

/* Was the last read good? */
static bool
is_good(struct memory_codec *c)
{
	codec_demand(c, true);
	return c->err == CSEAL_OK;
}

void
codec_array(struct memory_codec *c, uint64_t n)
{
	if (codec_reads(c))
		codec_demand(c, dcbor_get_array(&c->in) == n);
	else
		dcbor_put_array(c->out, n);
}

size_t
codec_list(struct memory_codec *c, size_t n)
{
	if (codec_reads(c)) {
		/* The reader has compared it with the bytes that are left. */
		n = (size_t)dcbor_get_array(&c->in);
		return is_good(c) ? n : 0;
	}
	dcbor_put_array(c->out, n);
	return n;
}

void
codec_uint(struct memory_codec *c, uint64_t *v)
{
	if (codec_reads(c)) {
		*v = dcbor_get_uint(&c->in);
		codec_demand(c, true);
	} else {
		dcbor_put_uint(c->out, *v);
	}
}

void
codec_below(struct memory_codec *c, uint64_t *v, uint64_t end)
{
	codec_uint(c, v);
	codec_demand(c, *v < end);
}

void
codec_place(struct memory_codec *c, size_t *v, size_t end, bool may_be_null)
{
	uint64_t wide = *v;

	if (codec_reads(c) && may_be_null && dcbor_peek(&c->in) == DCBOR_NULL) {
		dcbor_get_null(&c->in);
		*v = SIZE_MAX;
	} else if (!codec_reads(c) && *v == SIZE_MAX) {
		dcbor_put_null(c->out);
	} else {
		codec_below(c, &wide, end);
		*v = (size_t)wide;
	}
}

void
codec_bool(struct memory_codec *c, bool *v)
{
	if (codec_reads(c)) {
		*v = dcbor_get_bool(&c->in);
		codec_demand(c, true);
	} else {
		dcbor_put_bool(c->out, *v);
	}
}

void
codec_fixed(struct memory_codec *c, uint8_t *p, size_t n)
{
	struct cseal_slice s;

	if (!codec_reads(c)) {
		dcbor_put_bytes(c->out, p, n);
		return;
	}
	s = dcbor_get_bytes(&c->in);
	codec_demand(c, s.len == n);
	if (c->err == CSEAL_OK)
		memcpy(p, s.data, n);
}

void
codec_text(struct memory_codec *c, char *s, size_t size)
{
	struct cseal_slice t;

	if (!codec_reads(c)) {
		dcbor_put_str(c->out, s);
		return;
	}
	t = dcbor_get_text(&c->in);
	codec_demand(c, t.len < size && (t.len == 0 || memchr(t.data, '\0',
							   t.len) == NULL));
	if (c->err != CSEAL_OK)
		return;
	memcpy(s, t.data, t.len);
	s[t.len] = '\0';
}

void
codec_buf(struct memory_codec *c, struct cseal_buf *b, size_t max)
{
	struct cseal_slice s;

	if (!codec_reads(c)) {
		dcbor_put_bytes(c->out, b->data, b->len);
		return;
	}
	s = dcbor_get_bytes(&c->in);
	cseal_buf_init(b, max);
	if (is_good(c) && cseal_buf_add(b, s.data, s.len) != CSEAL_OK)
		codec_fail(c, b->err == CSEAL_ERR_NOMEM ? CSEAL_ERR_NOMEM
							: CSEAL_ERR_FORMAT);
}

struct cseal_slice
codec_run(struct memory_codec *c, const struct cseal_buf *run, size_t unit)
{
	struct cseal_slice s = { NULL, 0 };

	if (!codec_reads(c)) {
		if (run == NULL) {
			codec_fail(c, CSEAL_ERR_INTERNAL);
			return s;
		}
		if (cseal_buf_error(run) != CSEAL_OK)
			codec_fail(c, cseal_buf_error(run));
		dcbor_put_bytes(c->out, run->data, run->len);
		return s;
	}
	s = dcbor_get_bytes(&c->in);
	codec_demand(c, s.len % unit == 0);
	if (c->err != CSEAL_OK)
		s.len = 0;
	return s;
}

void
codec_put_u64(struct cseal_buf *run, uint64_t v)
{
	(void)cseal_buf_add_u32(run, (uint32_t)(v >> 32));
	(void)cseal_buf_add_u32(run, (uint32_t)v);
}

uint64_t
codec_get_u64(const uint8_t *p)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

void
codec_vec(struct memory_codec *c, struct vec *v, size_t size,
    void (*move)(struct memory_codec *c, void *ctx, void *item), void *ctx)
{
	size_t n = codec_list(c, v->n);

	for (size_t i = 0; i < n && c->err == CSEAL_OK; i++) {
		if (codec_reads(c) && vec_add(v, size) == NULL) {
			codec_fail(c, CSEAL_ERR_NOMEM);
			return;
		}
		move(c, ctx, v->items[i]);
	}
}
