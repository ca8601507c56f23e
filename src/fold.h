/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fold: state' = judge(state, entry), in two halves. The check is pure
 * and says which rule the entry breaks; accept changes the state and cannot
 * refuse. A draft is checked by the same half as an entry, without its seal.
 */

#ifndef SRC_FOLD_H
#define SRC_FOLD_H

#include "rules.h"
#include "state.h"

#define FOLD_DETAIL_BYTES 160

/* One entry (or draft) on its way through the fold. */
struct fold_entry {
	uint64_t index;
	uint8_t leaf[CSEAL_HASH_BYTES];
	uint8_t digest[CSEAL_HASH_BYTES]; /* SHA-256 of the statement */
	struct cseal_entry entry;	  /* borrows from the caller's bytes */
	struct cseal_statement st;	  /* owned: fold_entry_free() */
	bool is_draft;			  /* there is no seal yet */
	char detail[FOLD_DETAIL_BYTES];	  /* particulars of the broken rule */
};

/* Told by the check for things that are no bar (warnings, notices). */
struct fold_notes {
	enum rule_id rules[4];
	size_t n;
};

/*
 * Reads an entry's bytes. RULE_OK, RULE_ENTRY_MALFORMED, RULE_ENTRY_NEWER
 * (with detail). Free it in every case.
 */
enum rule_id fold_entry_read(
    struct fold_entry *e, uint64_t index, struct cseal_slice bytes);
/* The same for a statement that is not sealed yet, at the next index. */
enum rule_id fold_draft_read(struct fold_entry *e, const struct cseal_state *s,
    struct cseal_slice statement);
void fold_entry_free(struct fold_entry *e);

/*
 * Which rule the entry breaks; RULE_OK if it stands. All but the signature's
 * arithmetic. `notes` may be NULL.
 */
enum rule_id fold_check(const struct cseal_state *s, struct fold_entry *e,
    struct fold_notes *notes);

/* Takes the checked entry into the state. Error codes of memory alone. */
int fold_accept(struct cseal_state *s, struct fold_entry *e);

/* The public key that must have sealed it; NULL if there is none. */
const struct cseal_pubkey *fold_signer(
    const struct cseal_state *s, const struct fold_entry *e);

/* ---- between the fold's files ---- */

enum rule_id fold_say(struct fold_entry *e, enum rule_id rule, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

enum rule_id fold_check_genesis(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_genesis(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_join(const struct cseal_state *s, struct fold_entry *e);
int fold_accept_join(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_request(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_request(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_approve(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_approve(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_reject(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_reject(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_withdraw(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_withdraw(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_apply(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_apply(struct cseal_state *s, struct fold_entry *e);

enum rule_id fold_check_observe(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_observe(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_freeze(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_freeze(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_erase(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_erase(struct cseal_state *s, struct fold_entry *e);
enum rule_id fold_check_endorse(
    const struct cseal_state *s, struct fold_entry *e);
int fold_accept_endorse(struct cseal_state *s, struct fold_entry *e);

/* A checked rejection of what came into force after the rejecter looked. */
bool fold_is_late_rejection(
    const struct cseal_state *s, const struct fold_entry *e);

/* For every statement about a change: the right request, seen, its thread. */
enum rule_id fold_check_about(const struct cseal_state *s, struct fold_entry *e,
    uint64_t index, const uint8_t leaf[CSEAL_HASH_BYTES]);
/*
 * Evidence and checks. Commitments of a request or an approval: none stands
 * in the ledger, and they differ; then they are noted. An approval: does it,
 * with the request, rest on what the policy in force demands?
 */
enum rule_id fold_check_commitments(
    const struct cseal_state *s, const struct cseal_statement *st);
int fold_accept_commitments(
    struct cseal_state *s, const struct cseal_statement *st);
enum rule_id fold_check_evidence(const struct cseal_state *s,
    struct fold_entry *e, const struct state_change *c);
/* The evidence of a change as a whole, for what may be erased. */
void fold_note_evidence(
    struct state_change *c, const struct cseal_evidence *v, size_t n);
/* Has its request, or an approval of it, evidence of that name? */
bool fold_has_evidence(const struct state_change *c, struct cseal_slice name);
/* Has the signer one of these roles? */
bool fold_signer_in(const struct cseal_state *s, const struct fold_entry *e,
    const struct cseal_roles *roles);

/* Does the policy allow what the facts tell of the values? */
enum rule_id fold_check_facts(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_policy_change *rules, const struct cseal_facts *f);

/* Authority changes: what a request must carry, and what completion does. */
enum rule_id fold_check_authority(const struct cseal_state *s,
    struct fold_entry *e, const struct cseal_kind *k, size_t *subject);
enum rule_id fold_check_completion(const struct cseal_state *s,
    struct fold_entry *e, const struct state_change *c);
int fold_complete(
    struct cseal_state *s, struct fold_entry *e, struct state_change *c);

/*
 * What a change takes over from the request statement in its `bytes`; status,
 * index, leaf and subject are the caller's. CSEAL_ERR_FORMAT if the bytes are
 * no request by a key of this ledger.
 */
int fold_fill_change(const struct cseal_state *s, struct state_change *c);

/* A key record against the rules and what the ledger already has. */
enum rule_id fold_check_key(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_key *k, const struct cseal_genesis *genesis);
/* Takes one that was checked: its proofs are not looked at again. */
int fold_add_key(struct cseal_state *s, const struct cseal_key *k,
    size_t person, uint64_t since);

/*
 * Handles that would share a slot with another kind of authority change:
 * "policy", "log", "freeze".
 */
bool fold_handle_reserved(struct cseal_slice handle);

/* Puts a change in force in its slot and supersedes the slot's other ones. */
int fold_put_in_force(struct cseal_state *s, struct state_change *c,
    size_t applier, uint64_t entry);

#endif
