/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of mkmutants. */

#ifndef TESTS_SECOND_MUTANT_H
#define TESTS_SECOND_MUTANT_H

#include "maker.h"

/* ---- chance (Steele, Lea, Flood: SplitMix64) ---- */

#define TURNS 16 /* by kind of statement; 0 is whose turn it is */

struct chance {
	uint64_t state;
	size_t *turns; /* of members; they go on from base to base */
};

uint64_t chance_next(struct chance *c);
/* Below `n`, which is not 0. */
size_t chance_below(struct chance *c, size_t n);
bool chance_one_in(struct chance *c, size_t n);

/* ---- acts: a ledger as data, to be played again ---- */

enum act_kind {
	ACT_GENESIS,
	ACT_JOIN,
	ACT_IBAN,
	ACT_ITEM,
	ACT_EMAIL,
	ACT_AGAIN,
	ACT_REMOVE,
	ACT_BASELINE,
	ACT_KEY_ADD,
	ACT_KEY_REVOKE,
	ACT_PERSON_SET,
	ACT_PERSON_LEAVE,
	ACT_POLICY_SET,
	ACT_LOG_SET,
	ACT_LIFT,
	ACT_APPROVE,
	ACT_REJECT,
	ACT_WITHDRAW,
	ACT_APPLY,
	ACT_OBSERVE,
	ACT_FREEZE_STORE,
	ACT_FREEZE_KEY,
	ACT_ERASE,
	ACT_ENDORSE,
	ACT_RESERVED,
	ACT_KINDS,
};

struct act {
	enum act_kind kind;
	size_t key;	 /* the maker's, of who acts */
	uint64_t about;	 /* entry that it is about, or a key's number */
	unsigned choice; /* of person, outcome, rules, ... */
	unsigned days;	 /* that pass before it */
	unsigned wrong;	 /* what is wrong with it; 0 for nothing */
};

#define ACTS_MAX 48

struct script {
	uint64_t seed;
	unsigned founding; /* of persons and rules */
	struct act acts[ACTS_MAX];
	size_t n;
};

/* A ledger of `n` entries, in which every act stands. */
void script_draw(struct script *s, uint64_t seed, size_t n);
/* An act of any kind, by and about anything, right or wrong. */
void act_draw(struct act *a, struct chance *c, size_t entries, size_t keys);

/* One thing wrong in a draft, by its kind and a->wrong. */
void act_spoil(struct maker *m, struct maker_draft *d, const struct act *a);

/* The maker of a script, before its first act. */
struct maker *script_maker(const struct script *s);
/* The draft of an act; NULL if it cannot even be put into words. */
struct maker_draft *act_draft(struct maker *m, const struct act *a);

/* ---- mutants ---- */

/* Entries that are a ledger, or were. */
struct entries {
	struct vec list; /* struct cseal_buf */
};

void entries_add(struct entries *e, struct cseal_slice bytes);
void entries_insert(struct entries *e, size_t at, struct cseal_slice bytes);
void entries_remove(struct entries *e, size_t at);
struct cseal_slice entries_at(const struct entries *e, size_t i);
void entries_free(struct entries *e);

/* Plays a script: to its maker, or to its entries. */
struct maker *script_played(const struct script *s);
void script_play(const struct script *s, struct entries *out);

/*
 * What is done to the draft of act `at`: the statement's bytes go to d->raw,
 * the seal's parts are set where they shall not be the usual. What was done,
 * in a few words.
 */
typedef const char *(*mutate_draft_fn)(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);

const char *mutate_member(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);
const char *mutate_actor(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);
const char *mutate_look(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);
const char *mutate_clock(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);
const char *mutate_seal(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c);

/* An act of the script whose kind of statement has its turn. */
size_t turn_of_kind(const struct script *s, struct chance *c);

/* The maker's key of a number of the ledger; NULL if there is none. */
struct maker_key *key_of_number(struct maker *m, uint64_t number);

/* Plays up to act `at`, alters it, and goes on (or leaves the rest be). */
const char *mutant_of_draft(const struct script *s, const struct entries *base,
    mutate_draft_fn fn, struct chance *c, struct entries *out);
/* Other acts, each honestly stated. */
const char *mutant_of_acts(const struct script *s, const struct entries *base,
    struct chance *c, struct entries *out);
/* The list of entries as bytes. */
const char *mutant_of_entries(const struct script *s,
    const struct entries *base, struct chance *c, struct entries *out);

/*
 * What stands beside the entries of the ledger at `path` is altered: an
 * opening, or one hash of the tree. What was done, in a few words.
 */
const char *mutant_of_file(const char *path, struct chance *c);

#endif
