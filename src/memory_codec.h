/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One walk in two directions: a function moves the members of a record
 * between memory and deterministic CBOR, and the codec knows which way. So
 * writing and reading cannot disagree. The first error stays; after it what
 * was written is of no use, and what is read is zero or empty.
 */

#ifndef SRC_MEMORY_CODEC_H
#define SRC_MEMORY_CODEC_H

#include "counterseal/buf.h"

#include "dcbor.h"
#include "vec.h"

struct memory_codec {
	struct cseal_buf *out; /* writing; NULL: reading */
	struct dcbor_reader in;
	int err; /* CSEAL_OK, CSEAL_ERR_FORMAT, CSEAL_ERR_NOMEM, ... */
};

void codec_init_write(struct memory_codec *c, struct cseal_buf *out);
void codec_init_read(struct memory_codec *c, struct cseal_slice in);
bool codec_reads(const struct memory_codec *c);

/* CSEAL_OK if no error happened and, reading, nothing is left over. */
int codec_end(struct memory_codec *c);
/* Marks the first error: CSEAL_ERR_FORMAT, CSEAL_ERR_NOMEM. */
void codec_fail(struct memory_codec *c, int code);
/* Refuses what was read if it is not so. */
void codec_demand(struct memory_codec *c, bool so);

/* The head of an array of exactly n items. */
void codec_array(struct memory_codec *c, uint64_t n);
/* The head of a list of n items; read, how many there are. */
size_t codec_list(struct memory_codec *c, size_t n);

void codec_uint(struct memory_codec *c, uint64_t *v);
/* A number below `end`. */
void codec_below(struct memory_codec *c, uint64_t *v, uint64_t end);
/* The same for a place in a list; SIZE_MAX, written as null, if allowed. */
void codec_place(
    struct memory_codec *c, size_t *v, size_t end, bool may_be_null);
void codec_bool(struct memory_codec *c, bool *v);
/* Exactly n bytes. */
void codec_fixed(struct memory_codec *c, uint8_t *p, size_t n);
/* Terminated text in an array of `size` bytes. */
void codec_text(struct memory_codec *c, char *s, size_t size);
/* At most `max` bytes; the buffer, empty before, is set up when read. */
void codec_buf(struct memory_codec *c, struct cseal_buf *b, size_t max);

/*
 * Many things of one length as one byte string, so that they are read by
 * copying: `run` holds them when writing; reading, the bytes, a multiple of
 * `unit`.
 */
struct cseal_slice codec_run(
    struct memory_codec *c, const struct cseal_buf *run, size_t unit);
/* A number in eight bytes, big end first: a part of a run. */
void codec_put_u64(struct cseal_buf *run, uint64_t v);
uint64_t codec_get_u64(const uint8_t *p);

/*
 * A list of items of `size` bytes that `move` walks one by one; read, they
 * are added to the empty vec. `ctx` is handed on.
 */
void codec_vec(struct memory_codec *c, struct vec *v, size_t size,
    void (*move)(struct memory_codec *c, void *ctx, void *item), void *ctx);

#endif
