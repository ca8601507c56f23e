/* SPDX-License-Identifier: BSD-2-Clause */
/* The state that the fold folds into; private to fold, replay and views. */

#ifndef SRC_STATE_H
#define SRC_STATE_H

#include "counterseal/replay.h"

#include "vec.h"

#define STATE_WINDOW 65536 /* entries by which a seen head may be behind */

/* A running digest, with every size at which it moved. */
struct digest_at {
	uint64_t size;
	uint8_t digest[CSEAL_HASH_BYTES];
};
struct digest_log {
	struct digest_at *items;
	size_t n;
	size_t cap;
};

/* Adds the digest as of tree size `size`. */
int digest_log_add(struct digest_log *l, uint64_t size,
    const uint8_t digest[CSEAL_HASH_BYTES]);
/* The digest at a tree size; NULL before the first. */
const uint8_t *digest_log_at(const struct digest_log *l, uint64_t size);
const uint8_t *digest_log_last(const struct digest_log *l);
/* d' = SHA-256(d || leaf), as of `size`. */
int digest_log_step(
    struct digest_log *l, uint64_t size, const uint8_t leaf[CSEAL_HASH_BYTES]);

/* One seal of a key: for the rule of counters. */
struct state_count {
	uint64_t entry;
	uint32_t counter;
	uint32_t highest; /* of this seal and all before it */
};

/* Each public struct stands first in its private one. */
struct state_key {
	struct cseal_state_key pub;
	struct vec counts; /* struct state_count */
};

struct state_change {
	struct cseal_state_change pub;
	struct cseal_buf bytes; /* of the request statement */
	struct cseal_statement statement;
	struct digest_log thread;
	size_t subject; /* person whom it is about; STATE_NOBODY */
	/* Of each kind of evidence, the most that one statement has. */
	uint8_t evidence[CSEAL_EVIDENCE_KINDS];
};

#define STATE_NOBODY ((size_t)-1)

struct state_policy {
	struct cseal_policy *policy;
	uint64_t since; /* entry that completed it */
	uint64_t language;
	struct cseal_buf text; /* what it was parsed from */
};

struct cseal_state {
	struct cseal_frontier frontier;
	uint8_t (*roots)[CSEAL_HASH_BYTES]; /* by size, modulo the window */
	size_t roots_cap;
	uint64_t *clocks; /* by entry */
	size_t clocks_cap;
	uint8_t id[CSEAL_HASH_BYTES];
	uint8_t genesis_leaf[CSEAL_HASH_BYTES];
	struct cseal_buf org;
	char rp_id[254];
	bool demo;
	bool has_predecessor;
	struct cseal_predecessor predecessor;
	struct digest_log authority;
	struct vec persons;  /* struct cseal_state_person */
	struct vec keys;     /* struct state_key */
	struct vec changes;  /* struct state_change */
	struct vec slots;    /* struct cseal_state_slot */
	struct vec policies; /* struct state_policy */
	struct vec freezes;  /* struct cseal_state_freeze */
	bool has_log_key;
	uint8_t log_key[CSEAL_HASH_BYTES];
	/* Changes that were open when last looked at; not owned. */
	struct state_change **open;
	size_t n_open;
	size_t open_cap;
	struct hashset statements;
	struct hashset commitments;
	struct hashset nonces; /* SHA-256 of each */
	struct hashset credentials;
	struct hashset pubkeys;
	/* Of what is or was in force: state_seen.c. */
	struct hashset seen;
	struct vec contacts; /* struct state_contact */
};

/* When a contact of a store came into force last: the latest clock. */
struct state_contact {
	char store[CSEAL_HANDLE_BYTES];
	uint64_t clock;
};

/* Notes what came into force by the entry `c->pub.decided_by`. */
int state_seen_add(struct cseal_state *s, const struct state_change *c);
/* Is a country or a provider new among what was in force in such slots? */
bool state_is_first_seen(const struct cseal_state *s,
    const struct cseal_kind *kind, uint64_t op,
    const struct cseal_facts *facts);
/* False if no contact of the store ever came into force. */
bool state_contact_clock(
    const struct cseal_state *s, const char *store, uint64_t *clock);
/* Who can be reached, who gets in: what an intruder changes first. */
bool state_is_contact(const struct cseal_kind *kind);

struct cseal_state *state_new(void);
void state_free(struct cseal_state *s);

/* Root of the tree of that size, if it is within the window; else NULL. */
const uint8_t *state_root(const struct cseal_state *s, uint64_t size);

/* Adds a leaf to the tree, and the entry's clock. */
int state_grow(struct cseal_state *s, const uint8_t leaf[CSEAL_HASH_BYTES],
    uint64_t clock);

struct state_key *state_key(const struct cseal_state *s, uint64_t number);
struct state_change *state_change(const struct cseal_state *s, uint64_t index);
struct cseal_state_person *state_person(const struct cseal_state *s, size_t i);
/* STATE_NOBODY if there is none. */
size_t state_person_index(
    const struct cseal_state *s, struct cseal_slice handle);
const struct state_policy *state_policy_now(const struct cseal_state *s);
/* What was in force at a tree size; NULL before genesis. */
const struct cseal_policy *state_policy_at(
    const struct cseal_state *s, uint64_t size);
struct cseal_state_slot *state_slot(
    const struct cseal_state *s, const char *store, const char *slot);

/* The rules from now on; `policy` is taken over, in failure too. */
int state_policy_add(struct cseal_state *s, struct cseal_policy *policy,
    const struct cseal_policy_text *text, uint64_t since);

bool state_key_frozen(const struct cseal_state *s, uint64_t number);

/*
 * A person's key that is in use and was enrolled on a desk: values are sealed
 * to that desk, and it is to be heard.
 */
bool state_key_at_desk(
    const struct cseal_state *s, const struct cseal_state_key *k);

/* The level that the policy asks of a match which is to confirm. */
uint64_t state_slot_level(
    const struct cseal_state *s, const struct cseal_state_slot *t);
/* May this person's match confirm what is in force there? */
bool state_slot_hears(const struct cseal_state *s,
    const struct cseal_state_slot *t, size_t person);

/* Notes a new change as open; the ended ones are dropped now and then. */
int state_open_add(struct cseal_state *s, struct state_change *c);
bool state_is_open(const struct state_change *c);
/* Forgets the ended ones: call before walking s->open. */
void state_open_tidy(struct cseal_state *s);

/* Copies text into a terminated array; false if it does not fit. */
bool state_copy(char *to, size_t size, struct cseal_slice from);

#endif
