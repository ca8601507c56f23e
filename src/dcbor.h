/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core deterministic CBOR (RFC 8949 section 4.2.1): a writer and a pull
 * reader over libcbor's streaming calls, which allocate nothing.
 *
 * Both keep their first error, so that a codec is written straight down and
 * checked once at its end. The reader refuses what the writer would not
 * write: lengths and integers in more bytes than needed, indefinite lengths,
 * tags, floating point, unsorted or doubled map keys, broken UTF-8, depth
 * over DCBOR_DEPTH_MAX, a count that the bytes left cannot hold.
 */

#ifndef SRC_DCBOR_H
#define SRC_DCBOR_H

#include "counterseal/api.h"
#include "counterseal/buf.h"

#define DCBOR_DEPTH_MAX 16

enum dcbor_type {
	DCBOR_UINT,
	DCBOR_NINT, /* -1 - value */
	DCBOR_BYTES,
	DCBOR_TEXT,
	DCBOR_ARRAY,
	DCBOR_MAP,
	DCBOR_FALSE,
	DCBOR_TRUE,
	DCBOR_NULL,
	DCBOR_NONE, /* end of input, or a kind of item that is refused */
};

struct dcbor_reader {
	const uint8_t *data;
	size_t len;
	size_t off; /* of the next item */
	int err;    /* CSEAL_OK, CSEAL_ERR_FORMAT */
};

/* A map being read: the keys must rise strictly in their encoded order. */
struct dcbor_map {
	uint64_t left; /* pairs not yet read */
	const uint8_t
	    *last; /* encoded bytes of the key before; NULL at first */
	size_t last_len;
};

void dcbor_reader_init(struct dcbor_reader *r, const uint8_t *p, size_t n);

/* Type of the next item without taking it; DCBOR_NONE if there is none. */
enum dcbor_type dcbor_peek(struct dcbor_reader *r);

/*
 * Each takes one item of the named type, or marks the error and returns zero,
 * an empty slice, false.
 */
uint64_t dcbor_get_uint(struct dcbor_reader *r);
int64_t dcbor_get_int(struct dcbor_reader *r);
bool dcbor_get_bool(struct dcbor_reader *r);
void dcbor_get_null(struct dcbor_reader *r);
struct cseal_slice dcbor_get_bytes(struct dcbor_reader *r);
struct cseal_slice dcbor_get_text(struct dcbor_reader *r);
uint64_t dcbor_get_array(struct dcbor_reader *r); /* count of items */
void dcbor_get_map(struct dcbor_reader *r, struct dcbor_map *m);

/* Before every key: counts the pair. False when all pairs were read. */
bool dcbor_map_more(struct dcbor_reader *r, struct dcbor_map *m);
/* The key, checked to be greater than the one before it. */
uint64_t dcbor_map_key_uint(struct dcbor_reader *r, struct dcbor_map *m);
int64_t dcbor_map_key_int(struct dcbor_reader *r, struct dcbor_map *m);
struct cseal_slice dcbor_map_key_text(
    struct dcbor_reader *r, struct dcbor_map *m);

/* A whole item of any type with all below it, checked; its encoded bytes. */
struct cseal_slice dcbor_get_any(struct dcbor_reader *r);

/* Marks the error: a value that the caller refuses. */
void dcbor_refuse(struct dcbor_reader *r);

/* CSEAL_OK if no error happened and nothing is left over. */
int dcbor_reader_end(struct dcbor_reader *r);

/* The writer: a head, or a whole scalar, appended to `b` (errors stick). */
void dcbor_put_uint(struct cseal_buf *b, uint64_t v);
void dcbor_put_int(struct cseal_buf *b, int64_t v);
void dcbor_put_bool(struct cseal_buf *b, bool v);
void dcbor_put_null(struct cseal_buf *b);
void dcbor_put_bytes(struct cseal_buf *b, const uint8_t *p, size_t n);
void dcbor_put_text(struct cseal_buf *b, const uint8_t *p, size_t n);
void dcbor_put_str(struct cseal_buf *b, const char *s);
void dcbor_put_array(struct cseal_buf *b, uint64_t n);
void dcbor_put_map(struct cseal_buf *b, uint64_t n);

/* Bytewise order of two encoded keys: <0, 0, >0 (RFC 8949 4.2.1). */
int dcbor_key_compare(struct cseal_slice a, struct cseal_slice b);

#endif
