/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes in their thousands: the tree, running digests, sets. */

#include <stdlib.h>
#include <string.h>

#include "memory_state.h"

#define DIGEST_AT_BYTES (8 + CSEAL_HASH_BYTES)

static uint64_t
oldest_seen(uint64_t size)
{
	return size > STATE_WINDOW ? size - STATE_WINDOW : 0;
}

/* ---- the tree ---- */

static void
move_frontier(struct memory_codec *c, struct cseal_frontier *f, uint64_t size)
{
	struct cseal_slice in;
	struct cseal_buf run;
	size_t n = 0;

	cseal_buf_init(&run, 0);
	for (unsigned h = 0; h < 64 && !codec_reads(c); h++) {
		if ((size >> h & 1) != 0)
			(void)cseal_buf_add(
			    &run, f->nodes[h], CSEAL_HASH_BYTES);
	}
	in = codec_run(c, &run, CSEAL_HASH_BYTES);
	cseal_buf_free(&run);
	if (!codec_reads(c))
		return;
	codec_demand(
	    c, in.len / CSEAL_HASH_BYTES == (size_t)__builtin_popcountll(size));
	for (unsigned h = 0; h < 64 && c->err == CSEAL_OK; h++) {
		if ((size >> h & 1) != 0)
			memcpy(f->nodes[h], in.data + CSEAL_HASH_BYTES * n++,
			    CSEAL_HASH_BYTES);
	}
	f->size = size;
}

static uint8_t *
root_at(const struct cseal_state *s, uint64_t size)
{
	return s->roots[size % (STATE_WINDOW + 1)];
}

/* Room as state_grow() would have made it. */
static void *
make_room(struct memory_codec *c, size_t *cap, uint64_t want, size_t unit)
{
	void *items;

	for (*cap = 64; *cap < want;)
		*cap *= 2;
	items = calloc(*cap, unit);
	if (items == NULL)
		codec_fail(c, CSEAL_ERR_NOMEM);
	return items;
}

static void
read_roots(struct memory_codec *c, struct cseal_state *s, uint64_t size)
{
	struct cseal_slice in = codec_run(c, NULL, CSEAL_HASH_BYTES);
	uint64_t from = oldest_seen(size);
	uint8_t root[CSEAL_HASH_BYTES];

	codec_demand(c, in.len / CSEAL_HASH_BYTES == size - from + 1);
	if (c->err != CSEAL_OK)
		return;
	free(s->roots);
	s->roots = make_room(c, &s->roots_cap,
	    size < STATE_WINDOW ? size + 1 : STATE_WINDOW + 1,
	    sizeof(*s->roots));
	for (uint64_t i = from; i <= size && s->roots != NULL; i++)
		memcpy(root_at(s, i), in.data + CSEAL_HASH_BYTES * (i - from),
		    CSEAL_HASH_BYTES);
	codec_demand(
	    c, s->roots != NULL &&
		   cseal_frontier_root(&s->frontier, root) == CSEAL_OK &&
		   memcmp(root, root_at(s, size), sizeof(root)) == 0);
}

static void
move_roots(struct memory_codec *c, struct cseal_state *s, uint64_t size)
{
	struct cseal_buf run;

	if (codec_reads(c)) {
		read_roots(c, s, size);
		return;
	}
	cseal_buf_init(&run, 0);
	for (uint64_t i = oldest_seen(size); i <= size; i++)
		(void)cseal_buf_add(&run, root_at(s, i), CSEAL_HASH_BYTES);
	(void)codec_run(c, &run, CSEAL_HASH_BYTES);
	cseal_buf_free(&run);
}

/*
 * All of them: a seen head names the clock of the entry before it, and since
 * when something is in force may be long ago.
 */
static void
move_clocks(struct memory_codec *c, struct cseal_state *s, uint64_t size)
{
	struct cseal_slice in;
	struct cseal_buf run;

	cseal_buf_init(&run, 0);
	for (uint64_t i = 0; i < size && !codec_reads(c); i++)
		codec_put_u64(&run, s->clocks[i]);
	in = codec_run(c, &run, 8);
	cseal_buf_free(&run);
	if (!codec_reads(c))
		return;
	codec_demand(c, in.len / 8 == size);
	if (c->err == CSEAL_OK)
		s->clocks =
		    make_room(c, &s->clocks_cap, size, sizeof(*s->clocks));
	for (uint64_t i = 0; i < size && c->err == CSEAL_OK; i++)
		s->clocks[i] = codec_get_u64(in.data + 8 * i);
}

void
memory_tree_move(struct memory_codec *c, struct memory_walk *w)
{
	codec_array(c, 3);
	move_frontier(c, &w->state->frontier, w->size);
	move_roots(c, w->state, w->size);
	move_clocks(c, w->state, w->size);
}

/* ---- running digests ---- */

/* The last digest that the oldest head may name, and all after it. */
static size_t
first_needed(const struct digest_log *l, uint64_t size)
{
	size_t i = 0;

	while (i + 1 < l->n && l->items[i + 1].size <= oldest_seen(size))
		i++;
	return i;
}

static void
read_digests(struct memory_codec *c, struct digest_log *l, uint64_t size)
{
	struct cseal_slice in = codec_run(c, NULL, DIGEST_AT_BYTES);
	uint64_t last = 0, at;

	codec_demand(c, in.len > 0);
	for (size_t i = 0; i < in.len; i += DIGEST_AT_BYTES) {
		at = codec_get_u64(in.data + i);
		codec_demand(c, at > last && at <= size);
		if (c->err != CSEAL_OK)
			return;
		if (digest_log_add(l, at, in.data + i + 8) != CSEAL_OK)
			codec_fail(c, CSEAL_ERR_NOMEM);
		last = at;
	}
}

void
memory_digests_move(struct memory_codec *c, struct digest_log *l, uint64_t size)
{
	struct cseal_buf run;

	if (codec_reads(c)) {
		read_digests(c, l, size);
		return;
	}
	cseal_buf_init(&run, 0);
	for (size_t i = first_needed(l, size); i < l->n; i++) {
		codec_put_u64(&run, l->items[i].size);
		(void)cseal_buf_add(&run, l->items[i].digest, CSEAL_HASH_BYTES);
	}
	(void)codec_run(c, &run, DIGEST_AT_BYTES);
	cseal_buf_free(&run);
}

/* ---- sets ---- */

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, CSEAL_HASH_BYTES);
}

static void
write_set(struct memory_codec *c, const struct hashset *s)
{
	static const uint8_t zero[CSEAL_HASH_BYTES];
	struct cseal_buf run;

	cseal_buf_init(&run, SIZE_MAX);
	if (s->has_zero)
		(void)cseal_buf_add(&run, zero, sizeof(zero));
	for (size_t i = 0; i < s->cap; i++) {
		if (memcmp(s->slots[i], zero, sizeof(zero)) != 0)
			(void)cseal_buf_add(
			    &run, s->slots[i], CSEAL_HASH_BYTES);
	}
	if (run.len > 0)
		qsort(run.data, run.len / CSEAL_HASH_BYTES, CSEAL_HASH_BYTES,
		    by_bytes);
	(void)codec_run(c, &run, CSEAL_HASH_BYTES);
	cseal_buf_free(&run);
}

void
memory_set_move(struct memory_codec *c, struct hashset *s)
{
	struct cseal_slice in;

	if (!codec_reads(c)) {
		write_set(c, s);
		return;
	}
	in = codec_run(c, NULL, CSEAL_HASH_BYTES);
	/* Sorted hashes would crowd in the slots of a table that grows. */
	if (hashset_reserve(s, in.len / CSEAL_HASH_BYTES) != CSEAL_OK)
		codec_fail(c, CSEAL_ERR_NOMEM);
	for (size_t i = 0; i < in.len && c->err == CSEAL_OK;
	     i += CSEAL_HASH_BYTES) {
		codec_demand(
		    c, i == 0 || memcmp(in.data + i - CSEAL_HASH_BYTES,
				     in.data + i, CSEAL_HASH_BYTES) < 0);
		if (c->err != CSEAL_OK)
			return;
		if (hashset_add(s, in.data + i) != CSEAL_OK)
			codec_fail(c, CSEAL_ERR_NOMEM);
	}
}
