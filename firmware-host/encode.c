/* SPDX-License-Identifier: BSD-2-Clause */
#include "encode.h"

#include <string.h>

enum major {
	MAJOR_UINT,
	MAJOR_NEGINT,
	MAJOR_BYTES,
	MAJOR_TEXT,
	MAJOR_ARRAY,
	MAJOR_MAP
};

/* Writes until it is full; then `full` stays set and the result is 0. */
struct writer {
	uint8_t *p;
	size_t cap, len;
	bool full;
};

static void
put_raw(struct writer *w, const void *p, size_t n)
{
	if (n > w->cap - w->len) {
		w->full = true;
		return;
	}
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
	put_raw(w, head, 1 + n);
}

static void
put_int(struct writer *w, int64_t v)
{
	if (v >= 0)
		put_head(w, MAJOR_UINT, (uint64_t)v);
	else
		put_head(w, MAJOR_NEGINT, (uint64_t)(-1 - v));
}

static void
put_map(struct writer *w, size_t n)
{
	put_head(w, MAJOR_MAP, n);
}

static void
put_array(struct writer *w, size_t n)
{
	put_head(w, MAJOR_ARRAY, n);
}

static void
put_bytes(struct writer *w, const uint8_t *p, size_t n)
{
	put_head(w, MAJOR_BYTES, n);
	put_raw(w, p, n);
}

static void
put_text(struct writer *w, const char *s)
{
	put_head(w, MAJOR_TEXT, strlen(s));
	put_raw(w, s, strlen(s));
}

static void
put_bool(struct writer *w, bool value)
{
	const uint8_t byte = value ? 0xf5 : 0xf4;

	put_raw(w, &byte, 1);
}

static size_t
finish(const struct writer *w)
{
	return w->full ? 0 : w->len;
}

static void
put_algs(struct writer *w)
{
	put_array(w, keyalg_count());
	for (size_t i = 0; i < keyalg_count(); i++) {
		put_map(w, 2);
		put_text(w, "alg");
		put_int(w, keyalg_at(i)->cose);
		put_text(w, "type");
		put_text(w, "public-key");
	}
}

size_t
encode_info(const struct encode_info_in *in, uint8_t *out, size_t cap)
{
	struct writer w = { out, cap, 0, false };

	put_map(&w, 8);
	put_int(&w, 0x01);
	put_array(&w, in->nversions);
	for (size_t i = 0; i < in->nversions; i++)
		put_text(&w, in->versions[i]);
	put_int(&w, 0x03);
	put_bytes(&w, in->aaguid, AUTHDATA_AAGUID);
	put_int(&w, 0x04);
	put_map(&w, in->noptions);
	for (size_t i = 0; i < in->noptions; i++) {
		put_text(&w, in->options[i].name);
		put_bool(&w, in->options[i].value);
	}
	put_int(&w, 0x05);
	put_int(&w, (int64_t)in->max_message);
	put_int(&w, 0x07);
	put_int(&w, CODEC_CREDENTIALS);
	put_int(&w, 0x08);
	put_int(&w, CODEC_CRED_ID_MAX);
	put_int(&w, 0x0a);
	put_algs(&w);
	put_int(&w, 0x0e);
	put_int(&w, in->firmware);
	return finish(&w);
}

size_t
encode_cose(const struct keyalg *alg, const struct public_key *pub,
    uint8_t *out, size_t cap)
{
	struct writer w = { out, cap, 0, false };

	put_map(&w, alg->y_len != 0 ? 5 : 4);
	put_int(&w, 1);
	put_int(&w, alg->kty);
	put_int(&w, 3);
	put_int(&w, alg->cose);
	put_int(&w, -1);
	put_int(&w, alg->crv);
	put_int(&w, -2);
	put_bytes(&w, pub->x, alg->x_len);
	if (alg->y_len != 0) {
		put_int(&w, -3);
		put_bytes(&w, pub->y, alg->y_len);
	}
	return finish(&w);
}

size_t
encode_attested(const struct authdata *ad, int32_t alg, const uint8_t *sig,
    size_t sig_len, uint8_t *out, size_t cap)
{
	struct writer w = { out, cap, 0, false };

	put_map(&w, 3);
	put_int(&w, 0x01);
	put_text(&w, "packed");
	put_int(&w, 0x02);
	put_bytes(&w, ad->data, ad->len);
	put_int(&w, 0x03);
	put_map(&w, 2);
	put_text(&w, "alg");
	put_int(&w, alg);
	put_text(&w, "sig");
	put_bytes(&w, sig, sig_len);
	return finish(&w);
}

size_t
encode_assertion(const struct codec_credential *cred, const struct authdata *ad,
    const uint8_t *sig, size_t sig_len, uint8_t *out, size_t cap)
{
	struct writer w = { out, cap, 0, false };

	put_map(&w, 3);
	put_int(&w, 0x01);
	put_map(&w, 2);
	put_text(&w, "id");
	put_bytes(&w, cred->id, cred->len);
	put_text(&w, "type");
	put_text(&w, "public-key");
	put_int(&w, 0x02);
	put_bytes(&w, ad->data, ad->len);
	put_int(&w, 0x03);
	put_bytes(&w, sig, sig_len);
	return finish(&w);
}
