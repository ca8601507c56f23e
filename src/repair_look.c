/* SPDX-License-Identifier: BSD-2-Clause */
/* Was it appended against the rules, or altered afterwards? */

#include <stdio.h>
#include <string.h>

#include "repair.h"
#include "rules.h"

/* Whose key of this ledger sealed the entry, revoked or not; NULL: none. */
static const struct cseal_state_key *
find_sealer(const struct cseal_state *s, const struct cseal_entry *e)
{
	const struct cseal_state_key *k;

	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		const struct cseal_demand demand = {
			.rp_id = { (const uint8_t *)k->rp_id,
			    strlen(k->rp_id) },
			.silent = true,
			.synced = true,
		};

		if (cseal_seal_check(e, CSEAL_NAMESPACE, &demand) ==
			CSEAL_SEAL_OK &&
		    cseal_seal_verify(&e->seal, k->pubkey) == CSEAL_SEAL_OK)
			return k;
	}
	return NULL;
}

/*
 * Who seals states how many entries his machine had verified. A good seal
 * over more than would be left: another entry stood there then, and was
 * altered since. Without a key of the ledger nobody can pretend that.
 */
static void
look_for_witness(
    struct cseal_repair *r, uint64_t index, struct cseal_slice body)
{
	const struct cseal_state *s = cseal_repair_state(r);
	const struct cseal_state_key *k;
	struct cseal_statement st;
	struct cseal_entry e;

	if (r->witness.found || index == r->keep || body.data == NULL ||
	    cseal_entry_parse(&e, body) != CSEAL_OK ||
	    cseal_statement_parse(&st, e.statement, NULL) != CSEAL_OK)
		return;
	if (st.has_ledger && st.seen.size > r->keep &&
	    memcmp(st.ledger, cseal_state_ledger_id(s), CSEAL_HASH_BYTES) ==
		0 &&
	    (k = find_sealer(s, &e)) != NULL) {
		r->witness.found = true;
		r->witness.entry = index;
		(void)snprintf(r->witness.handle, sizeof(r->witness.handle),
		    "%s", cseal_state_person(s, k->person)->handle);
	}
	cseal_statement_free(&st);
}

/* Is the leaf that was stored with the entry that of its bytes? */
static bool
was_altered(const struct cseal_repair *r, struct cseal_slice body)
{
	struct cseal_hash_source s = cseal_ledger_hashes(r->ledger);
	uint8_t tile[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
	uint8_t leaf[CSEAL_HASH_BYTES];
	const size_t at = (size_t)(r->keep % CSEAL_TILE_HASHES);

	return s.tile(s.ctx, 0, r->keep / CSEAL_TILE_HASHES, at + 1, tile) ==
		   CSEAL_OK &&
	       cseal_merkle_leaf(body.data, body.len, leaf) == CSEAL_OK &&
	       memcmp(leaf, tile[at], sizeof(leaf)) != 0;
}

/* Anybody can write what looks newer; only a key of the ledger seals it. */
static bool
is_newer(const struct cseal_repair *r, struct cseal_slice body)
{
	const struct cseal_finding *f = cseal_replay_ended(r->replay);
	struct cseal_entry e;

	return f != NULL && f->rule == rule_row(RULE_ENTRY_NEWER) &&
	       cseal_entry_parse(&e, body) == CSEAL_OK &&
	       find_sealer(cseal_repair_state(r), &e) != NULL;
}

int
repair_look(void *ctx, uint64_t index, struct cseal_slice body)
{
	struct cseal_repair *r = ctx;

	if (index == r->keep && body.data != NULL) {
		if (is_newer(r, body))
			return CSEAL_ERR_NEWER;
		r->altered = was_altered(r, body);
	}
	look_for_witness(r, index, body);
	return CSEAL_OK;
}
