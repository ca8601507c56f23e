/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree's sums for who makes many of them: as those of merkle.h, with the
 * digest that is used handed in.
 */

#ifndef SRC_FRONTIER_H
#define SRC_FRONTIER_H

#include "counterseal/merkle.h"

#include "digest.h"

int merkle_node(struct digest *d, const uint8_t left[CSEAL_HASH_BYTES],
    const uint8_t right[CSEAL_HASH_BYTES], uint8_t out[CSEAL_HASH_BYTES]);
int frontier_add(struct digest *d, struct cseal_frontier *f,
    const uint8_t leaf[CSEAL_HASH_BYTES]);
int frontier_root(struct digest *d, const struct cseal_frontier *f,
    uint8_t out[CSEAL_HASH_BYTES]);

#endif
