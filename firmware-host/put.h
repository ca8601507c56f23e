/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes canonical CBOR (CTAP 2.1 section 8), one item after the other:
 *
 *	struct writer w = put_begin(out, cap);
 *
 *	put_map(&w, 1);
 *	put_int(&w, 0x01);
 *	put_bool(&w, true);
 *	return put_end(&w);
 *
 * The order of a map's keys is the caller's business.  Once it is full it
 * writes nothing more, and the end says so.
 */
#ifndef FIRMWARE_PUT_H
#define FIRMWARE_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writer {
	uint8_t *p;
	size_t cap, len;
	bool full;
};

struct writer put_begin(uint8_t *out, size_t cap);
/* The length, or 0 if `cap` was short. */
size_t put_end(const struct writer *w);

/* Followed by the n pairs, or the n items. */
void put_map(struct writer *w, size_t n);
void put_array(struct writer *w, size_t n);

void put_int(struct writer *w, int64_t v);
void put_bool(struct writer *w, bool value);
void put_bytes(struct writer *w, const uint8_t *p, size_t n);
void put_text(struct writer *w, const char *s);
void put_chars(struct writer *w, const char *p, size_t n);

#endif
