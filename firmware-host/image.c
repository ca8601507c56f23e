/* SPDX-License-Identifier: BSD-2-Clause */
#include "image.h"

#include <string.h>

#define MAGIC	"CSEALTOK"
#define VERSION 2

enum layout { OFF_VERSION = 8, OFF_LENGTH = 12, OFF_CONTENT = 16 };

enum flags { PIN_SET = 1, FORCE_CHANGE = 2, ALWAYS_UV = 4, ALL_FLAGS = 7 };

/* Reads until it is short or wrong; then `bad` stays set. */
struct reader {
	const uint8_t *p;
	size_t n;
	bool bad;
};

static void
store32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t
load32(const uint8_t *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | p[i];
	return v;
}

static void
get(struct reader *r, void *out, size_t n)
{
	if (r->bad || n > r->n) {
		r->bad = true;
		return;
	}
	memcpy(out, r->p, n);
	r->p += n;
	r->n -= n;
}

/* A number from `min` to `max`; `min` if it is not. */
static uint8_t
get8(struct reader *r, uint8_t min, uint8_t max)
{
	uint8_t v = min;

	get(r, &v, 1);
	if (v >= min && v <= max)
		return v;
	r->bad = true;
	return min;
}

static void
get_sized(struct reader *r, void *out, size_t *len, uint8_t min, uint8_t max)
{
	*len = get8(r, min, max);
	get(r, out, *len);
}

static void
get_resident(struct reader *r, struct resident *c)
{
	get_sized(r, c->rp.id, &c->rp.len, 1, CODEC_RP_ID_MAX);
	get_sized(r, c->user.id, &c->user.id_len, 0, CODEC_USER_ID_MAX);
	get_sized(r, c->user.name, &c->user.name_len, 0, CODEC_NAME_MAX);
	get_sized(r, c->user.display, &c->user.display_len, 0, CODEC_NAME_MAX);
	get_sized(r, c->id.data, &c->id.len, 1, CREDENTIAL_ID_MAX);
}

static void
get_v1(struct reader *r, struct device_state *s)
{
	uint8_t counter[4] = { 0 };

	get(r, s->master, CRYPTO_KEY);
	get(r, counter, sizeof(counter));
	s->counter = load32(counter);
}

static void
get_v2(struct reader *r, struct device_state *s)
{
	uint8_t flags;

	get_v1(r, s);
	flags = get8(r, 0, ALL_FLAGS);
	s->pin_set = (flags & PIN_SET) != 0;
	s->force_pin_change = (flags & FORCE_CHANGE) != 0;
	s->always_uv = (flags & ALWAYS_UV) != 0;
	get(r, s->pin_hash, sizeof(s->pin_hash));
	s->pin_length = get8(r, 0, DEVICE_PIN_MAX);
	s->pin_retries = get8(r, 0, DEVICE_PIN_TRIES);
	s->uv_retries = get8(r, 0, DEVICE_UV_TRIES);
	s->min_pin_length = get8(r, DEVICE_PIN_MIN, DEVICE_PIN_MAX);
	s->min_pin_rps.n = get8(r, 0, DEVICE_MIN_PIN_RPS);
	for (size_t i = 0; i < s->min_pin_rps.n; i++)
		get_sized(r, s->min_pin_rps.at[i].id, &s->min_pin_rps.at[i].len,
		    1, CODEC_RP_ID_MAX);
	s->residents.n = get8(r, 0, RESIDENT_MAX);
	for (size_t i = 0; i < s->residents.n; i++)
		get_resident(r, &s->residents.at[i]);
}

static bool
is_whole(const uint8_t *p, size_t n)
{
	uint8_t hash[CRYPTO_HASH];

	return n >= OFF_CONTENT + CRYPTO_HASH && memcmp(p, MAGIC, 8) == 0 &&
	       crypto_sha256(p, n - CRYPTO_HASH, hash) == 0 &&
	       memcmp(hash, p + n - CRYPTO_HASH, CRYPTO_HASH) == 0;
}

enum image_result
image_parse(const uint8_t *p, size_t n, struct device_state *out)
{
	struct reader r;

	memset(out, 0, sizeof(*out));
	if (!is_whole(p, n))
		return IMAGE_DAMAGED;
	r.p = p + OFF_CONTENT;
	r.n = n - OFF_CONTENT - CRYPTO_HASH;
	r.bad = load32(p + OFF_LENGTH) != r.n;
	device_state_init(out);
	switch (load32(p + OFF_VERSION)) {
	case 1: get_v1(&r, out); break;
	case VERSION: get_v2(&r, out); break;
	default: memset(out, 0, sizeof(*out)); return IMAGE_VERSION;
	}
	if (!r.bad && r.n == 0)
		return IMAGE_OK;
	crypto_wipe(out, sizeof(*out));
	return IMAGE_DAMAGED;
}

static uint8_t *
put(uint8_t *p, const void *from, size_t n)
{
	if (n > 0)
		memcpy(p, from, n);
	return p + n;
}

static uint8_t *
put8(uint8_t *p, size_t v)
{
	*p = (uint8_t)v;
	return p + 1;
}

static uint8_t *
put_sized(uint8_t *p, const void *from, size_t n)
{
	return put(put8(p, n), from, n);
}

static uint8_t *
put_resident(uint8_t *p, const struct resident *c)
{
	p = put_sized(p, c->rp.id, c->rp.len);
	p = put_sized(p, c->user.id, c->user.id_len);
	p = put_sized(p, c->user.name, c->user.name_len);
	p = put_sized(p, c->user.display, c->user.display_len);
	return put_sized(p, c->id.data, c->id.len);
}

static uint8_t *
put_content(uint8_t *p, const struct device_state *s)
{
	p = put(p, s->master, CRYPTO_KEY);
	store32(p, s->counter);
	p = put8(p + 4, (s->pin_set ? PIN_SET : 0U) |
			    (s->force_pin_change ? FORCE_CHANGE : 0U) |
			    (s->always_uv ? ALWAYS_UV : 0U));
	p = put(p, s->pin_hash, sizeof(s->pin_hash));
	p = put8(p, s->pin_length);
	p = put8(p, s->pin_retries);
	p = put8(p, s->uv_retries);
	p = put8(p, s->min_pin_length);
	p = put8(p, s->min_pin_rps.n);
	for (size_t i = 0; i < s->min_pin_rps.n; i++)
		p = put_sized(
		    p, s->min_pin_rps.at[i].id, s->min_pin_rps.at[i].len);
	p = put8(p, s->residents.n);
	for (size_t i = 0; i < s->residents.n; i++)
		p = put_resident(p, &s->residents.at[i]);
	return p;
}

size_t
image_encode(const struct device_state *state, uint8_t out[IMAGE_MAX])
{
	uint8_t *end = put_content(out + OFF_CONTENT, state);

	memcpy(out, MAGIC, 8);
	store32(out + OFF_VERSION, VERSION);
	store32(out + OFF_LENGTH, (uint32_t)(end - out - OFF_CONTENT));
	if (crypto_sha256(out, (size_t)(end - out), end) != 0)
		return 0;
	return (size_t)(end - out) + CRYPTO_HASH;
}
