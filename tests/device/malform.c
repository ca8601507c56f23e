/* SPDX-License-Identifier: BSD-2-Clause */
#include "malform.h"

#include <string.h>

#define PIECE_MAX 64

uint64_t
malform_draw(struct malform *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

uint32_t
malform_below(struct malform *c, uint32_t n)
{
	return (uint32_t)((malform_draw(c) >> 32) * n >> 32);
}

/* An offset in a message that is not empty. */
static size_t
place(struct malform *c, const struct malform_bytes *m)
{
	return malform_below(c, (uint32_t)m->len);
}

/* Bytes from `at` on, at most PIECE_MAX and what is there. */
static size_t
piece(struct malform *c, const struct malform_bytes *m, size_t at)
{
	size_t most = m->len - at;

	return 1 + malform_below(
		       c, (uint32_t)(most < PIECE_MAX ? most : PIECE_MAX));
}

static void
flip_bit(struct malform *c, struct malform_bytes *m)
{
	size_t at = place(c, m);

	m->data[at] ^= (uint8_t)(1U << malform_below(c, 8));
}

/* Heads of CBOR items, breaks, lengths and the edges of numbers. */
static void
set_byte(struct malform *c, struct malform_bytes *m)
{
	static const uint8_t edges[] = { 0x00, 0x01, 0x17, 0x18, 0x19, 0x1a,
		0x1b, 0x1f, 0x20, 0x38, 0x3b, 0x40, 0x58, 0x59, 0x5a, 0x5b,
		0x5f, 0x60, 0x78, 0x7b, 0x7f, 0x80, 0x98, 0x9b, 0x9f, 0xa0,
		0xb8, 0xbb, 0xbf, 0xc0, 0xdb, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
		0xf9, 0xfa, 0xfb, 0xff };
	size_t at = place(c, m);

	m->data[at] = malform_below(c, 4) == 0
			  ? (uint8_t)malform_draw(c)
			  : edges[malform_below(c, sizeof(edges))];
}

static void
set_status(struct malform *c, struct malform_bytes *m)
{
	m->data[0] = (uint8_t)malform_draw(c);
}

static void
cut_end(struct malform *c, struct malform_bytes *m)
{
	m->len = place(c, m);
}

static void
add_end(struct malform *c, struct malform_bytes *m)
{
	size_t n = malform_below(c, 8) == 0 ? malform_below(c, 4000)
					    : malform_below(c, PIECE_MAX);

	for (; n > 0 && m->len < sizeof(m->data); n--)
		m->data[m->len++] = (uint8_t)malform_draw(c);
}

static void
take_out(struct malform *c, struct malform_bytes *m)
{
	size_t at = place(c, m), n = piece(c, m, at);

	memmove(m->data + at, m->data + at + n, m->len - at - n);
	m->len -= n;
}

static void
put_in(struct malform_bytes *m, size_t at, const uint8_t *p, size_t n)
{
	if (m->len + n > sizeof(m->data))
		return;
	memmove(m->data + at + n, m->data + at, m->len - at);
	memcpy(m->data + at, p, n);
	m->len += n;
}

static void
double_piece(struct malform *c, struct malform_bytes *m)
{
	size_t from = place(c, m), n = piece(c, m, from);
	uint8_t copy[PIECE_MAX];

	memcpy(copy, m->data + from, n);
	put_in(m, place(c, m), copy, n);
}

static void
nest(struct malform *c, struct malform_bytes *m)
{
	static const uint8_t heads[] = { 0x81, 0xa1, 0xc1, 0x9f, 0xbf, 0x5f };
	uint8_t deep[PIECE_MAX];
	size_t n = 1 + malform_below(c, PIECE_MAX);

	memset(deep, heads[malform_below(c, sizeof(heads))], n);
	put_in(m, place(c, m), deep, n);
}

static void (*const ways[])(struct malform *, struct malform_bytes *) = {
	flip_bit,
	flip_bit,
	set_byte,
	set_byte,
	set_byte,
	set_status,
	cut_end,
	add_end,
	take_out,
	double_piece,
	nest,
};

/* A piece of another reply in the place of what was there. */
static void
exchange(struct malform *c, struct malform_bytes *m,
    const struct malform_bytes *other)
{
	size_t from = place(c, other), n = piece(c, other, from),
	       at = place(c, m);

	if (at + n > m->len)
		n = m->len - at;
	memcpy(m->data + at, other->data + from, n);
}

void
malform_message(struct malform *c, struct malform_bytes *m,
    const struct malform_bytes *others, size_t n_others)
{
	const struct malform_bytes was = *m;
	uint32_t n;

	do {
		n = 1 + malform_below(c, 3);
		for (; n > 0 && m->len > 0; n--) {
			uint32_t way =
			    malform_below(c, sizeof(ways) / sizeof(*ways) + 1);

			if (way < sizeof(ways) / sizeof(*ways))
				ways[way](c, m);
			else
				exchange(c, m,
				    &others[malform_below(
					c, (uint32_t)n_others)]);
		}
	} while (m->len == was.len && memcmp(m->data, was.data, m->len) == 0);
}

size_t
malform_reports(struct malform *c, uint8_t (*r)[CTAPHID_REPORT], size_t first,
    size_t tail, size_t max)
{
	uint32_t n = (uint32_t)(tail - first);
	uint8_t *at = r[first + malform_below(c, n)];
	uint8_t *other = r[first + malform_below(c, n)];
	uint8_t copy[CTAPHID_REPORT];

	switch (malform_below(c, 6)) {
	case 0:
		at[malform_below(c, 7)] ^= (uint8_t)(1 + malform_below(c, 255));
		return tail;
	case 1: at[4] = (uint8_t)malform_draw(c); return tail;
	case 2: /* another length */
		r[first][5] = (uint8_t)malform_below(c, 40);
		r[first][6] = (uint8_t)malform_draw(c);
		return tail;
	case 3: /* one is lost */
		memmove(at, at + CTAPHID_REPORT,
		    (size_t)(r[tail] - at) - CTAPHID_REPORT);
		return tail - 1;
	case 4: /* two change places */
		memcpy(copy, at, sizeof(copy));
		memcpy(at, other, sizeof(copy));
		memcpy(other, copy, sizeof(copy));
		return tail;
	default: /* one comes again at the end */
		if (tail < max)
			memcpy(r[tail++], at, sizeof(copy));
		return tail;
	}
}
