/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger beside the model: foundings that can be had again at no cost,
 * and acts of the model as entries. The seals are of the right form and their
 * signatures of none: the fold's rules are asked, not the arithmetic.
 */

#ifndef TESTS_UNIT_MODEL_LEDGER_H
#define TESTS_UNIT_MODEL_LEDGER_H

#include "maker.h"
#include "model.h"

#define MODEL_POLICIES 16

struct model_policy {
	struct model_rules rules;
	struct cseal_buf text;
};

/* Policies that can be asked for; the first is that of genesis. */
struct model_policies {
	struct model_policy at[MODEL_POLICIES];
	size_t n;
};

/* A founded ledger, the model of it, and keys enrolled for it. */
struct model_founding {
	const struct model_policies *policies;
	struct maker *m;
	struct model model;
	struct cseal_buf spares[MODEL_SPARES]; /* encoded key records */
};

/* The fixed rules of docs/policy.md. */
void model_rules_fixed(struct model_rules *r);
/* Appends the policy's text. */
void model_policy_text(const struct model_rules *r, struct cseal_buf *out);

/* Under the first policy. `joined`: the last person too. Asserts. */
void model_found(struct model_founding *f, const struct model_policies *p,
    uint64_t seed, bool joined);
void model_founding_free(struct model_founding *f);

/* The founded state once more. Its keys cannot verify. */
struct cseal_state *model_state(const struct model_founding *f);
void model_state_free(struct cseal_state *s);
/* A hash over all that the state knows. */
void model_state_digest(
    const struct cseal_state *s, uint8_t out[CSEAL_HASH_BYTES]);

/* Do both hold the same? If not, what differs first. */
#define MODEL_TEXT 160
bool model_same(
    const struct model *m, const struct cseal_state *s, char what[MODEL_TEXT]);

/* The act as an entry of the ledger whose state is `s`, appended. */
void model_entry(const struct model_founding *f, const struct cseal_state *s,
    const struct model_act *a, struct cseal_buf *out);

/* Judges an entry for the next index and takes it if it stands. */
enum rule_id model_fold(
    struct cseal_state *s, struct cseal_slice entry, struct fold_notes *notes);

#endif
