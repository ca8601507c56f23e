/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading entries of a tree that was verified at another time. The proof that
 * the first leaf of a tile stands in the tree names, or hashes, every other
 * leaf of that tile: so one proof serves the 256 entries of a tile.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/ledger.h"

struct proving {
	struct cseal_hash_source stored;
	const struct cseal_head *head;
	bool loaded;
	uint64_t tile; /* number of the proven tile */
	uint8_t leaves[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
	int (*fn)(void *ctx, uint64_t index, struct cseal_slice entry);
	void *ctx;
	struct cseal_error *err;
};

/* The leaves in hand are those that the proof is made from. */
static int
give_tile(void *ctx, unsigned level, uint64_t index, size_t want,
    uint8_t (*out)[CSEAL_HASH_BYTES])
{
	const struct proving *p = ctx;

	if (level > 0 || index != p->tile)
		return p->stored.tile(p->stored.ctx, level, index, want, out);
	memcpy(out, p->leaves, want * CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

static int
load_tile(struct proving *p, uint64_t tile)
{
	const struct cseal_hash_source source = { give_tile, p };
	const uint64_t first = tile * CSEAL_TILE_HASHES;
	const uint64_t left = p->head->size - first;
	struct cseal_proof proof;
	int r;

	p->tile = tile;
	r = p->stored.tile(p->stored.ctx, 0, tile,
	    left < CSEAL_TILE_HASHES ? (size_t)left : CSEAL_TILE_HASHES,
	    p->leaves);
	if (r == CSEAL_OK)
		r = cseal_merkle_inclusion(
		    &source, first, p->head->size, &proof);
	if (r == CSEAL_OK)
		r = cseal_merkle_check_inclusion(
		    p->leaves[0], first, p->head, &proof);
	p->loaded = r == CSEAL_OK;
	return r;
}

static int
fail(const struct proving *p, uint64_t index, int r)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "entry %" PRIu64, index);
	if (r != CSEAL_ERR_SIGNATURE)
		return cseal_error_set(p->err, r, where,
		    "its place in the tree cannot be read: %s",
		    cseal_strerror(r));
	return cseal_error_set(p->err, CSEAL_ERR_VIOLATION, where,
	    "it, or its tree, is not what was verified: it was altered since. "
	    "See: counterseal verify");
}

static int
prove(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct proving *p = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];
	int r = CSEAL_OK;

	if (!p->loaded || index / CSEAL_TILE_HASHES != p->tile)
		r = load_tile(p, index / CSEAL_TILE_HASHES);
	if (r == CSEAL_OK)
		r = cseal_merkle_leaf(entry.data, entry.len, leaf);
	if (r == CSEAL_OK && memcmp(leaf, p->leaves[index % CSEAL_TILE_HASHES],
				 sizeof(leaf)) != 0)
		r = CSEAL_ERR_SIGNATURE;
	return r == CSEAL_OK ? p->fn(p->ctx, index, entry) : fail(p, index, r);
}

int
cseal_ledger_read_proven(struct cseal_ledger *l, const struct cseal_head *head,
    uint64_t from, uint64_t n,
    int (*fn)(void *ctx, uint64_t index, struct cseal_slice entry), void *ctx,
    struct cseal_error *err)
{
	struct proving p = { .stored = cseal_ledger_hashes(l),
		.head = head,
		.fn = fn,
		.ctx = ctx,
		.err = err };

	if (from >= head->size)
		return CSEAL_OK;
	if (n > head->size - from)
		n = head->size - from;
	return cseal_ledger_read(l, from, n, prove, &p, err);
}
