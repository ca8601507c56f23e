/* SPDX-License-Identifier: BSD-2-Clause */
/* One item, by libcbor's streaming calls. */

#include "dcbor_item.h"

#include <string.h>

#include <cbor.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

static void
on_uint(struct dcbor_item *it, uint64_t v)
{
	it->type = DCBOR_UINT;
	it->value = v;
}

static void
on_nint(struct dcbor_item *it, uint64_t v)
{
	it->type = DCBOR_NINT;
	it->value = v;
}

static void
on_uint8(void *ctx, uint8_t v)
{
	on_uint(ctx, v);
}

static void
on_uint16(void *ctx, uint16_t v)
{
	on_uint(ctx, v);
}

static void
on_uint32(void *ctx, uint32_t v)
{
	on_uint(ctx, v);
}

static void
on_uint64(void *ctx, uint64_t v)
{
	on_uint(ctx, v);
}

static void
on_nint8(void *ctx, uint8_t v)
{
	on_nint(ctx, v);
}

static void
on_nint16(void *ctx, uint16_t v)
{
	on_nint(ctx, v);
}

static void
on_nint32(void *ctx, uint32_t v)
{
	on_nint(ctx, v);
}

static void
on_nint64(void *ctx, uint64_t v)
{
	on_nint(ctx, v);
}

static void
on_bytes(void *ctx, cbor_data p, size_t n)
{
	struct dcbor_item *it = ctx;

	it->type = DCBOR_BYTES;
	it->value = n;
	it->data = p;
}

static void
on_text(void *ctx, cbor_data p, size_t n)
{
	struct dcbor_item *it = ctx;

	it->type = DCBOR_TEXT;
	it->value = n;
	it->data = p;
}

static void
on_array(void *ctx, size_t n)
{
	struct dcbor_item *it = ctx;

	it->type = DCBOR_ARRAY;
	it->value = n;
}

static void
on_map(void *ctx, size_t n)
{
	struct dcbor_item *it = ctx;

	it->type = DCBOR_MAP;
	it->value = n;
}

static void
on_bool(void *ctx, bool v)
{
	struct dcbor_item *it = ctx;

	it->type = v ? DCBOR_TRUE : DCBOR_FALSE;
}

static void
on_null(void *ctx)
{
	struct dcbor_item *it = ctx;

	it->type = DCBOR_NULL;
}

/* Indefinite lengths, tags, undefined and floating point stay DCBOR_NONE. */
static void
on_refused(void *ctx)
{
	(void)ctx;
}

static void
on_refused_tag(void *ctx, uint64_t v)
{
	(void)ctx;
	(void)v;
}

static void
on_refused_float(void *ctx, float v)
{
	(void)ctx;
	(void)v;
}

static void
on_refused_double(void *ctx, double v)
{
	(void)ctx;
	(void)v;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8,
	.uint16 = on_uint16,
	.uint32 = on_uint32,
	.uint64 = on_uint64,
	.negint8 = on_nint8,
	.negint16 = on_nint16,
	.negint32 = on_nint32,
	.negint64 = on_nint64,
	.byte_string = on_bytes,
	.byte_string_start = on_refused,
	.string = on_text,
	.string_start = on_refused,
	.array_start = on_array,
	.indef_array_start = on_refused,
	.map_start = on_map,
	.indef_map_start = on_refused,
	.tag = on_refused_tag,
	.float2 = on_refused_float,
	.float4 = on_refused_float,
	.float8 = on_refused_double,
	.undefined = on_refused,
	.null = on_null,
	.boolean = on_bool,
	.indef_break = on_refused,
};

size_t
dcbor_item_head(const struct dcbor_item *it, uint8_t head[DCBOR_HEAD_MAX])
{
	switch (it->type) {
	case DCBOR_UINT:
		return cbor_encode_uint(it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_NINT:
		return cbor_encode_negint(it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_BYTES:
		return cbor_encode_bytestring_start(
		    it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_TEXT:
		return cbor_encode_string_start(
		    it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_ARRAY:
		return cbor_encode_array_start(it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_MAP:
		return cbor_encode_map_start(it->value, head, DCBOR_HEAD_MAX);
	case DCBOR_FALSE: return cbor_encode_bool(false, head, DCBOR_HEAD_MAX);
	case DCBOR_TRUE: return cbor_encode_bool(true, head, DCBOR_HEAD_MAX);
	case DCBOR_NULL: return cbor_encode_null(head, DCBOR_HEAD_MAX);
	case DCBOR_NONE: break;
	}
	return 0;
}

/*
 * The head is encoded again and compared: libcbor takes lengths that are
 * longer than needed, we do not.
 */
bool
dcbor_item_look(
    const struct dcbor_reader *r, struct dcbor_item *it, size_t *size)
{
	struct cbor_decoder_result res;
	uint8_t head[DCBOR_HEAD_MAX];
	size_t n, left = r->len - r->off;
	const uint8_t *p;

	memset(it, 0, sizeof(*it));
	it->type = DCBOR_NONE;
	if (r->err != CSEAL_OK || left == 0)
		return false;
	p = r->data + r->off;
	res = cbor_stream_decode(p, left, &callbacks, it);
	if (res.status != CBOR_DECODER_FINISHED || it->type == DCBOR_NONE)
		return false;
	n = dcbor_item_head(it, head);
	if (n == 0 || n > left || memcmp(head, p, n) != 0)
		return false;
	*size = n;
	if (it->type == DCBOR_BYTES || it->type == DCBOR_TEXT) {
		*size = n + (size_t)it->value;
		return it->type == DCBOR_BYTES ||
		       cseal_text_is_utf8(it->data, (size_t)it->value);
	}
	if (it->type == DCBOR_ARRAY)
		return it->value <= left - n;
	if (it->type == DCBOR_MAP)
		return it->value <= (left - n) / 2;
	return true;
}
