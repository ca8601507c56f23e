/* SPDX-License-Identifier: BSD-2-Clause */

#include "memory_state.h"

#define MEMBERS 14

void
memory_state_move(struct memory_codec *c, struct cseal_state *s, uint64_t size)
{
	struct memory_walk w = { s, size };

	/* Each entry left the hash of its statement: this bounds the rest. */
	codec_demand(
	    c, !codec_reads(c) || size <= c->in.len / CSEAL_HASH_BYTES);
	codec_array(c, MEMBERS);
	codec_fixed(c, s->id, sizeof(s->id));
	codec_fixed(c, s->genesis_leaf, sizeof(s->genesis_leaf));
	codec_buf(c, &s->org, 256);
	codec_text(c, s->rp_id, sizeof(s->rp_id));
	codec_bool(c, &s->demo);
	codec_array(c, 4);
	codec_bool(c, &s->has_predecessor);
	codec_fixed(c, s->predecessor.ledger, sizeof(s->predecessor.ledger));
	codec_uint(c, &s->predecessor.head.size);
	codec_fixed(
	    c, s->predecessor.head.root, sizeof(s->predecessor.head.root));
	codec_bool(c, &s->has_log_key);
	codec_fixed(c, s->log_key, sizeof(s->log_key));
	memory_tree_move(c, &w);
	memory_digests_move(c, &s->authority, size);
	memory_people_move(c, &w);
	memory_changes_move(c, &w);
	memory_freezes_move(c, &w);
	codec_array(c, 6);
	memory_set_move(c, &s->statements);
	codec_demand(c, s->statements.n + s->statements.has_zero == size);
	memory_set_move(c, &s->commitments);
	memory_set_move(c, &s->nonces);
	memory_set_move(c, &s->credentials);
	memory_set_move(c, &s->pubkeys);
	memory_set_move(c, &s->seen);
}
