/* SPDX-License-Identifier: BSD-2-Clause */
/* The folded state as bytes: what a memory keeps beside its head. */

#ifndef SRC_MEMORY_STATE_H
#define SRC_MEMORY_STATE_H

#include "memory_codec.h"
#include "state.h"

/*
 * Walks the whole state of the tree of that size. Reading fills an empty one
 * (state_new()) with what was written, or fails; a state that was read never
 * makes the fold reach outside its memory, whoever wrote the bytes.
 *
 * What grows with the ledger: the request statement of every change (some
 * 400 bytes), its thread digest and approvals, hashes of statements and
 * commitments (32 bytes each), the index and counter of every seal of a key
 * (12 bytes; a loss that is told later looks back on all of them). Roots and
 * clocks are kept as far back as a seen head may reach, 65,536 entries.
 */
void memory_state_move(
    struct memory_codec *c, struct cseal_state *s, uint64_t size);

/* ---- its parts ---- */

/* The walk's context: persons, keys and rules come before who names them. */
struct memory_walk {
	struct cseal_state *state;
	uint64_t size;
};

/* Persons, keys, policies, freezes. */
void memory_people_move(struct memory_codec *c, struct memory_walk *w);
void memory_freezes_move(struct memory_codec *c, struct memory_walk *w);
/* Changes, and the slots in which some are in force. */
void memory_changes_move(struct memory_codec *c, struct memory_walk *w);
/* The tree: its compact range, roots and clocks within the window. */
void memory_tree_move(struct memory_codec *c, struct memory_walk *w);
/* A running digest from the oldest head on that may still be named. */
void memory_digests_move(
    struct memory_codec *c, struct digest_log *l, uint64_t size);
/* Sorted, so that one set has one form. */
void memory_set_move(struct memory_codec *c, struct hashset *s);

#endif
