/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proofs are made from the rows of hashes that the store keeps, so each of
 * them must be right, not only those that today's root happens to read. The
 * lowest row is right if it gives the root that the entries gave: that needs
 * no second reading of the entries.
 */

#include "tree_check.h"

#include <stdlib.h>
#include <string.h>

#include "frontier.h"

#define TILE CSEAL_TILE_HASHES

typedef uint8_t hash_bytes[CSEAL_HASH_BYTES];

/* The root of a full tile, in place. */
static int
tile_root(struct digest *d, hash_bytes *tile)
{
	int r = CSEAL_OK;

	for (size_t n = TILE; n > 1 && r == CSEAL_OK; n /= 2) {
		for (size_t i = 0; i < n / 2 && r == CSEAL_OK; i++)
			r = merkle_node(
			    d, tile[2 * i], tile[2 * i + 1], tile[i]);
	}
	return r;
}

/* The tree being made: its lowest row, by a digest that serves for all. */
struct growing {
	struct cseal_frontier f;
	struct digest d;
};

/*
 * One row: compared with `expected` (NULL for the lowest, which goes into
 * the frontier), its full tiles' roots into `above`. CSEAL_ERR_CORRUPT if a
 * hash is missing or wrong.
 */
static int
check_row(const struct cseal_hash_source *s, unsigned level, uint64_t n,
    hash_bytes *expected, struct growing *g, hash_bytes *above)
{
	hash_bytes tile[TILE];

	for (uint64_t at = 0; at < n; at += TILE) {
		size_t want = n - at < TILE ? (size_t)(n - at) : TILE;

		if (s->tile(s->ctx, level, at / TILE, want, tile) != CSEAL_OK)
			return CSEAL_ERR_CORRUPT;
		for (size_t i = 0; i < want && expected == NULL; i++) {
			if (frontier_add(&g->d, &g->f, tile[i]) != CSEAL_OK)
				return CSEAL_ERR_CORRUPT;
		}
		if (expected != NULL &&
		    memcmp(tile, expected + at, want * sizeof(*tile)) != 0)
			return CSEAL_ERR_CORRUPT;
		if (want < TILE)
			continue;
		if (tile_root(&g->d, tile) != CSEAL_OK)
			return CSEAL_ERR_CORRUPT;
		memcpy(above[at / TILE], tile[0], sizeof(*tile));
	}
	return CSEAL_OK;
}

static int
check_rows(const struct cseal_hash_source *s, const struct cseal_head *head)
{
	hash_bytes *expected = NULL, *above, root;
	struct growing g;
	uint64_t n = head->size;
	int r = CSEAL_OK;

	cseal_frontier_init(&g.f);
	digest_init(&g.d);
	for (unsigned level = 0; n > 0 && r == CSEAL_OK; level++, n /= TILE) {
		above = calloc((size_t)(n / TILE) + 1, sizeof(*above));
		if (above == NULL) {
			r = CSEAL_ERR_NOMEM;
			break;
		}
		r = check_row(s, level, n, expected, &g, above);
		free(expected);
		expected = above; /* transferred */
		if (r == CSEAL_OK && level == 0 &&
		    (frontier_root(&g.d, &g.f, root) != CSEAL_OK ||
			memcmp(root, head->root, sizeof(root)) != 0))
			r = CSEAL_ERR_CORRUPT;
	}
	digest_free(&g.d);
	free(expected);
	return r;
}

/* The first entry whose stored leaf is not the hash of its bytes. */
struct leaf_search {
	struct cseal_hash_source hashes;
	struct tree_check *out;
};

static int
compare_leaf(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct leaf_search *k = ctx;
	hash_bytes tile[TILE], leaf;
	size_t at = (size_t)(index % TILE);

	if (k->out->has_entry)
		return CSEAL_OK;
	if (k->hashes.tile(k->hashes.ctx, 0, index / TILE, at + 1, tile) !=
		CSEAL_OK ||
	    cseal_merkle_leaf(entry.data, entry.len, leaf) != CSEAL_OK ||
	    memcmp(leaf, tile[at], sizeof(leaf)) != 0) {
		k->out->has_entry = true;
		k->out->entry = index;
	}
	return CSEAL_OK;
}

int
tree_check(struct cseal_ledger *l, const struct cseal_head *head,
    struct tree_check *out, struct cseal_error *err)
{
	struct leaf_search k = { .hashes = cseal_ledger_hashes(l), .out = out };
	int r;

	memset(out, 0, sizeof(*out));
	r = check_rows(&k.hashes, head);
	out->fits = r == CSEAL_OK;
	if (r != CSEAL_ERR_CORRUPT)
		return r;
	return cseal_ledger_read(l, 0, head->size, compare_leaf, &k, err);
}
