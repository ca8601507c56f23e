/* SPDX-License-Identifier: BSD-2-Clause */

#include "frontier.h"

#include <string.h>

#include "counterseal/err.h"

void
cseal_frontier_init(struct cseal_frontier *f)
{
	memset(f, 0, sizeof(*f));
}

int
frontier_add(struct digest *d, struct cseal_frontier *f,
    const uint8_t leaf[CSEAL_HASH_BYTES])
{
	uint8_t node[CSEAL_HASH_BYTES];
	unsigned level = 0;
	int r;

	if (f->size == UINT64_MAX)
		return CSEAL_ERR_TOO_LARGE;
	memcpy(node, leaf, sizeof(node));
	for (; (f->size >> level & 1) != 0; level++) {
		r = merkle_node(d, f->nodes[level], node, node);
		if (r != CSEAL_OK)
			return r;
	}
	memcpy(f->nodes[level], node, sizeof(node));
	f->size++;
	return CSEAL_OK;
}

/*
 * RFC 9162 section 2.1.1: the right part of each split is the incomplete one,
 * so the roots are joined from the smallest subtree leftwards.
 */
int
frontier_root(struct digest *d, const struct cseal_frontier *f,
    uint8_t out[CSEAL_HASH_BYTES])
{
	uint8_t node[CSEAL_HASH_BYTES];
	unsigned level = 0;
	int r;

	if (f->size == 0)
		return digest_next(d, out, NULL, 0);
	while ((f->size >> level & 1) == 0)
		level++;
	memcpy(node, f->nodes[level], sizeof(node));
	for (level++; level < 64; level++) {
		if ((f->size >> level & 1) == 0)
			continue;
		r = merkle_node(d, f->nodes[level], node, node);
		if (r != CSEAL_OK)
			return r;
	}
	memcpy(out, node, sizeof(node));
	return CSEAL_OK;
}

int
cseal_frontier_add(
    struct cseal_frontier *f, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	struct digest d;
	int r;

	digest_init(&d);
	r = frontier_add(&d, f, leaf);
	digest_free(&d);
	return r;
}

int
cseal_frontier_root(
    const struct cseal_frontier *f, uint8_t out[CSEAL_HASH_BYTES])
{
	struct digest d;
	int r;

	digest_init(&d);
	r = frontier_root(&d, f, out);
	digest_free(&d);
	return r;
}
