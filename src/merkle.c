/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/merkle.h"

#include <string.h>

#include "counterseal/err.h"

#include "frontier.h"

#define TILE_HEIGHT 8 /* log2 of CSEAL_TILE_HASHES */

/* The subtrees beside a way from the root downwards: leaves [from, to). */
struct way {
	struct {
		uint64_t from, to;
	} beside[CSEAL_PROOF_MAX];
	size_t n;
};

/*
 * A tree of `size` leaves over a source. The last tile is kept: the siblings
 * of eight heights lie in one, so that a proof reads a tile or two a level.
 */
struct tree {
	const struct cseal_hash_source *source;
	uint64_t size;
	uint64_t index; /* of the tile in `hashes` */
	unsigned level;
	bool loaded;
	uint8_t hashes[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
};

int
cseal_merkle_leaf(const uint8_t *entry, size_t n, uint8_t out[CSEAL_HASH_BYTES])
{
	static const uint8_t prefix = 0x00;
	const struct cseal_slice p[] = { { &prefix, 1 }, { entry, n } };

	return digest_sha256(out, p, 2);
}

int
merkle_node(struct digest *d, const uint8_t left[CSEAL_HASH_BYTES],
    const uint8_t right[CSEAL_HASH_BYTES], uint8_t out[CSEAL_HASH_BYTES])
{
	uint8_t in[1 + 2 * CSEAL_HASH_BYTES] = { 0x01 };
	const struct cseal_slice p = { in, sizeof(in) };

	memcpy(in + 1, left, CSEAL_HASH_BYTES);
	memcpy(in + 1 + CSEAL_HASH_BYTES, right, CSEAL_HASH_BYTES);
	return digest_next(d, out, &p, 1);
}

int
cseal_merkle_node(const uint8_t left[CSEAL_HASH_BYTES],
    const uint8_t right[CSEAL_HASH_BYTES], uint8_t out[CSEAL_HASH_BYTES])
{
	struct digest d;
	int r;

	digest_init(&d);
	r = merkle_node(&d, left, right, out);
	digest_free(&d);
	return r;
}

static void
tree_init(struct tree *t, const struct cseal_hash_source *s, uint64_t size)
{
	t->source = s;
	t->size = size;
	t->index = 0;
	t->level = 0;
	t->loaded = false;
}

static int
tree_load(struct tree *t, unsigned level, uint64_t index)
{
	uint64_t rest;
	int r;

	if (t->loaded && t->level == level && t->index == index)
		return CSEAL_OK;
	rest = (t->size >> (TILE_HEIGHT * level)) - index * CSEAL_TILE_HASHES;
	t->loaded = false;
	r = t->source->tile(t->source->ctx, level, index,
	    rest < CSEAL_TILE_HASHES ? (size_t)rest : CSEAL_TILE_HASHES,
	    t->hashes);
	if (r != CSEAL_OK)
		return r;
	t->level = level;
	t->index = index;
	t->loaded = true;
	return CSEAL_OK;
}

/* Root of the complete subtree of 2^height leaves that begins at `from`. */
static int
tree_complete(struct tree *t, unsigned height, uint64_t from,
    uint8_t out[CSEAL_HASH_BYTES])
{
	const unsigned level = height / TILE_HEIGHT;
	const size_t n = (size_t)1 << height % TILE_HEIGHT;
	const uint64_t first = from >> (TILE_HEIGHT * level);
	struct cseal_frontier f;
	int r;

	r = tree_load(t, level, first / CSEAL_TILE_HASHES);
	if (r != CSEAL_OK)
		return r;
	cseal_frontier_init(&f);
	for (size_t i = 0; i < n; i++) {
		r = cseal_frontier_add(
		    &f, t->hashes[first % CSEAL_TILE_HASHES + i]);
		if (r != CSEAL_OK)
			return r;
	}
	return cseal_frontier_root(&f, out);
}

/* MTH of leaves [from, to): `from` is a multiple of the first power in it. */
static int
tree_range(
    struct tree *t, uint64_t from, uint64_t to, uint8_t out[CSEAL_HASH_BYTES])
{
	struct cseal_frontier f;
	int r;

	cseal_frontier_init(&f);
	f.size = to - from;
	for (unsigned h = 64; h-- > 0;) {
		if ((f.size >> h & 1) == 0)
			continue;
		r = tree_complete(t, h, from, f.nodes[h]);
		if (r != CSEAL_OK)
			return r;
		from += (uint64_t)1 << h;
	}
	return cseal_frontier_root(&f, out);
}

int
cseal_merkle_root(const struct cseal_hash_source *s, uint64_t size,
    uint8_t out[CSEAL_HASH_BYTES])
{
	struct tree t;

	tree_init(&t, s, size);
	return tree_range(&t, 0, size, out);
}

/* The largest power of two smaller than `n`, for n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

static int
way_add(struct way *w, uint64_t from, uint64_t to)
{
	if (w->n == CSEAL_PROOF_MAX)
		return CSEAL_ERR_TOO_LARGE;
	w->beside[w->n].from = from;
	w->beside[w->n].to = to;
	w->n++;
	return CSEAL_OK;
}

/*
 * One step down from [*from, *to) to the half that holds leaf `target`; the
 * other half stands beside the way.
 */
static int
way_down(struct way *w, uint64_t target, uint64_t *from, uint64_t *to)
{
	const uint64_t middle = *from + split(*to - *from);
	const bool left = target < middle;
	int r;

	r = left ? way_add(w, middle, *to) : way_add(w, *from, middle);
	if (r == CSEAL_OK)
		*(left ? to : from) = middle;
	return r;
}

/* Proofs go from the leaf up, the way went from the root down. */
static int
way_hashes(const struct way *w, const struct cseal_hash_source *s,
    uint64_t size, struct cseal_proof *out)
{
	struct tree t;
	int r;

	tree_init(&t, s, size);
	for (size_t i = 0; i < w->n; i++) {
		r = tree_range(&t, w->beside[i].from, w->beside[i].to,
		    out->hashes[w->n - 1 - i]);
		if (r != CSEAL_OK)
			return r;
	}
	out->n = w->n;
	return CSEAL_OK;
}

/* RFC 9162 section 2.1.3.1 without its recursion. */
int
cseal_merkle_inclusion(const struct cseal_hash_source *s, uint64_t index,
    uint64_t size, struct cseal_proof *out)
{
	struct way w = { .n = 0 };
	uint64_t from = 0, to = size;
	int r;

	out->n = 0;
	if (index >= size)
		return CSEAL_ERR_USAGE;
	while (to - from > 1) {
		r = way_down(&w, index, &from, &to);
		if (r != CSEAL_OK)
			return r;
	}
	return way_hashes(&w, s, size, out);
}

/*
 * RFC 9162 section 2.1.4.1 without its recursion. A proof from the empty
 * tree, or to the same tree, has no hashes.
 */
int
cseal_merkle_consistency(const struct cseal_hash_source *s, uint64_t old,
    uint64_t size, struct cseal_proof *out)
{
	struct way w = { .n = 0 };
	uint64_t from = 0, to = size;
	int r;

	out->n = 0;
	if (old > size)
		return CSEAL_ERR_USAGE;
	if (old == 0)
		return CSEAL_OK;
	while (to != old) {
		r = way_down(&w, old - 1, &from, &to);
		if (r != CSEAL_OK)
			return r;
	}
	/* The verifier knows the old root unless a part of it is asked. */
	if (from > 0 && (r = way_add(&w, from, to)) != CSEAL_OK)
		return r;
	return way_hashes(&w, s, size, out);
}

/* One step of a check: shift both while the old edge has nothing beside it. */
static void
edge_up(uint64_t *fn, uint64_t *sn)
{
	while ((*fn & 1) == 0 && *fn != 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
}

static int
same(const uint8_t a[CSEAL_HASH_BYTES], const uint8_t b[CSEAL_HASH_BYTES])
{
	return memcmp(a, b, CSEAL_HASH_BYTES) == 0 ? CSEAL_OK
						   : CSEAL_ERR_SIGNATURE;
}

/* RFC 9162 section 2.1.3.2, with its names. */
int
cseal_merkle_check_inclusion(const uint8_t leaf[CSEAL_HASH_BYTES],
    uint64_t index, const struct cseal_head *head, const struct cseal_proof *p)
{
	uint64_t fn = index, sn = head->size - 1;
	uint8_t root[CSEAL_HASH_BYTES];
	int r;

	if (index >= head->size || p->n > CSEAL_PROOF_MAX)
		return CSEAL_ERR_SIGNATURE;
	memcpy(root, leaf, sizeof(root));
	for (size_t i = 0; i < p->n; i++) {
		if (sn == 0)
			return CSEAL_ERR_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			r = cseal_merkle_node(p->hashes[i], root, root);
			edge_up(&fn, &sn);
		} else {
			r = cseal_merkle_node(root, p->hashes[i], root);
		}
		if (r != CSEAL_OK)
			return r;
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 ? same(root, head->root) : CSEAL_ERR_SIGNATURE;
}

/* The cases that RFC 9162 leaves out: nothing before, or nothing after. */
static int
check_trivial(const struct cseal_head *old, const struct cseal_head *head,
    const struct cseal_proof *p)
{
	uint8_t empty[CSEAL_HASH_BYTES];
	int r;

	if (p->n != 0)
		return CSEAL_ERR_SIGNATURE;
	if (old->size == head->size)
		return same(old->root, head->root);
	r = digest_sha256(empty, NULL, 0);
	return r == CSEAL_OK ? same(old->root, empty) : r;
}

/* Steps 4 to 7 of RFC 9162 section 2.1.4.2; `path` goes on after `seed`. */
static int
check_path(const struct cseal_head *old, const struct cseal_head *head,
    const uint8_t seed[CSEAL_HASH_BYTES],
    const uint8_t (*path)[CSEAL_HASH_BYTES], size_t n)
{
	uint64_t fn = old->size - 1, sn = head->size - 1;
	uint8_t fr[CSEAL_HASH_BYTES], sr[CSEAL_HASH_BYTES];
	int r = CSEAL_OK;

	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	memcpy(fr, seed, sizeof(fr));
	memcpy(sr, seed, sizeof(sr));
	for (size_t i = 0; i < n && r == CSEAL_OK; i++) {
		if (sn == 0)
			return CSEAL_ERR_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			r = cseal_merkle_node(path[i], fr, fr);
			if (r == CSEAL_OK)
				r = cseal_merkle_node(path[i], sr, sr);
			edge_up(&fn, &sn);
		} else {
			r = cseal_merkle_node(sr, path[i], sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (r == CSEAL_OK)
		r = sn == 0 ? same(fr, old->root) : CSEAL_ERR_SIGNATURE;
	return r == CSEAL_OK ? same(sr, head->root) : r;
}

int
cseal_merkle_check_consistency(const struct cseal_head *old,
    const struct cseal_head *head, const struct cseal_proof *p)
{
	const bool whole = (old->size & (old->size - 1)) == 0;

	if (old->size > head->size || p->n > CSEAL_PROOF_MAX)
		return CSEAL_ERR_SIGNATURE;
	if (old->size == 0 || old->size == head->size)
		return check_trivial(old, head, p);
	if (p->n == 0)
		return CSEAL_ERR_SIGNATURE;
	/* Step 2: the old root of a whole subtree is the path's first hash. */
	if (whole)
		return check_path(old, head, old->root, p->hashes, p->n);
	return check_path(old, head, p->hashes[0], p->hashes + 1, p->n - 1);
}
