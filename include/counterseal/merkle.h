/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFC 6962 section 2.1 (RFC 9162 section 2.1) Merkle trees with SHA-256:
 * hashes, roots, inclusion and consistency proofs. Pure: hashes come through
 * a callback, in tiles of 256 as C2SP tlog-tiles names them.
 */

#ifndef COUNTERSEAL_MERKLE_H
#define COUNTERSEAL_MERKLE_H

#include "counterseal/api.h"

#define CSEAL_TILE_HASHES 256 /* hashes of a full tile */
#define CSEAL_PROOF_MAX	  64  /* hashes of the longest proof */

/* Tree size and root: [size, root] of docs/format.md section 1. */
struct cseal_head {
	uint64_t size;
	uint8_t root[CSEAL_HASH_BYTES];
};

struct cseal_proof {
	uint8_t hashes[CSEAL_PROOF_MAX][CSEAL_HASH_BYTES];
	size_t n;
};

/*
 * Where hashes come from. `tile` fills `out` with the first `want` hashes of
 * tile `index` of `level` (level 0: leaves; level L: roots of subtrees of
 * 256^L leaves). CSEAL_OK, or an error that the caller hands on.
 */
struct cseal_hash_source {
	int (*tile)(void *ctx, unsigned level, uint64_t index, size_t want,
	    uint8_t (*out)[CSEAL_HASH_BYTES]);
	void *ctx;
};

/* leaf = SHA-256(0x00 || entry) */
CSEAL_API int cseal_merkle_leaf(
    const uint8_t *entry, size_t n, uint8_t out[CSEAL_HASH_BYTES]);

/* node = SHA-256(0x01 || left || right) */
CSEAL_API int cseal_merkle_node(const uint8_t left[CSEAL_HASH_BYTES],
    const uint8_t right[CSEAL_HASH_BYTES], uint8_t out[CSEAL_HASH_BYTES]);

/* Root of the first `size` leaves; size 0 gives SHA-256(""). */
CSEAL_API int cseal_merkle_root(const struct cseal_hash_source *s,
    uint64_t size, uint8_t out[CSEAL_HASH_BYTES]);

/* Proof that leaf `index` stands in the tree of `size` (2.1.1). */
CSEAL_API int cseal_merkle_inclusion(const struct cseal_hash_source *s,
    uint64_t index, uint64_t size, struct cseal_proof *out);

/* Proof that the tree of size `old` is a prefix of that of `size` (2.1.2). */
CSEAL_API int cseal_merkle_consistency(const struct cseal_hash_source *s,
    uint64_t old, uint64_t size, struct cseal_proof *out);

/*
 * RFC 9162 sections 2.1.3.2 and 2.1.4.2. CSEAL_OK if the proof holds,
 * CSEAL_ERR_SIGNATURE if it does not (too short and too long included).
 */
CSEAL_API int cseal_merkle_check_inclusion(const uint8_t leaf[CSEAL_HASH_BYTES],
    uint64_t index, const struct cseal_head *head, const struct cseal_proof *p);
CSEAL_API int cseal_merkle_check_consistency(const struct cseal_head *old,
    const struct cseal_head *head, const struct cseal_proof *p);

/*
 * A compact range: the roots of the complete subtrees of a growing tree.
 * Adding a leaf costs one node hash on average and needs no reads.
 */
struct cseal_frontier {
	uint64_t size;
	uint8_t nodes[64][CSEAL_HASH_BYTES]; /* by level; bits of size */
};
CSEAL_API void cseal_frontier_init(struct cseal_frontier *f);
CSEAL_API int cseal_frontier_add(
    struct cseal_frontier *f, const uint8_t leaf[CSEAL_HASH_BYTES]);
CSEAL_API int cseal_frontier_root(
    const struct cseal_frontier *f, uint8_t out[CSEAL_HASH_BYTES]);

#endif
