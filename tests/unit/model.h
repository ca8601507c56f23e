/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small model of the fold, written from docs/format.md section 5 and from
 * nothing else: no bytes, no hashes, only who may do what and when. It names
 * the finding that an act must get; test_property plays many acts against it
 * and against the fold.
 *
 * Indices of entries and numbers of keys are the ledger's. Index 0 is genesis
 * and stands for "none" where a request is meant.
 */

#ifndef TESTS_UNIT_MODEL_H
#define TESTS_UNIT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counterseal/replay.h"

#define MODEL_PERSONS	6
#define MODEL_KEYS	12
#define MODEL_SPARES	3 /* keys that are enrolled and not yet added */
#define MODEL_STORES	2
#define MODEL_ENTRIES	32
#define MODEL_APPROVALS 24
#define MODEL_NOTES	4
#define MODEL_COMMITS	4 /* commitments of one act, at most */

/* Roles are bits. */
enum {
	MODEL_ADMIN = 1,
	MODEL_APPROVER = 2,
	MODEL_OPERATOR = 4,
	MODEL_FINANCE = 8,
	MODEL_ROLES = 4,
};

/* What a policy can demand, as bits. */
enum {
	MODEL_WANT_REASON = 1,
	MODEL_WANT_CALLBACK = 2,
	MODEL_WANT_NAME = 4,
	MODEL_WANT_DOCUMENT = 8,
	MODEL_WANTS = 4,
};

enum model_what {
	MODEL_IBAN,
	MODEL_EMAIL,
	MODEL_KEY_ADD,
	MODEL_KEY_REVOKE,
	MODEL_PERSON_SET,
	MODEL_PERSON_LEAVE,
	MODEL_POLICY_SET,
	MODEL_LOG_SET,
	MODEL_FREEZE_LIFT,
	MODEL_WHATS,
};

/* A policy. Slots are bits: 1 << MODEL_IBAN, 1 << MODEL_EMAIL. */
struct model_rules {
	struct model_kind {
		bool there;
		unsigned role[2], count[2]; /* places: one role each */
		unsigned request, apply, observe;
		uint64_t lives, cooling;
		unsigned reenter;  /* fields: 0 none, 1 the account, 2 all */
		uint64_t level;	   /* that a match is to have, to confirm */
		bool himself;	   /* who entered it may confirm it */
		unsigned evidence; /* what must be given: MODEL_WANT_* bits */
	} kind[MODEL_WHATS];
	bool has_store[MODEL_STORES]; /* its own section, before that of * */
	unsigned store[MODEL_STORES];
	unsigned any;
	unsigned freeze_by;
	bool on_drift, uv_optional, attested;
	uint64_t tolerance;
};

/* What is wrong with an act by itself. One thing at most. */
enum model_lie {
	MODEL_TRUE,
	MODEL_LEDGER, /* another ledger's id */
	MODEL_ROOT,   /* of the seen head */
	MODEL_A,
	MODEL_T,
	MODEL_LEAF, /* of the request that it is about */
	MODEL_UP,   /* clear */
	MODEL_UV,   /* clear */
	MODEL_KIND, /* of change: in no table */
	MODEL_SLOT,
	MODEL_STORE,  /* that the policy cannot know, or of authority */
	MODEL_FIELDS, /* of a request: one is missing */
	MODEL_DETAIL, /* missing, or of no use */
	MODEL_POLICY, /* its text */
	MODEL_FACTS,
	MODEL_BEFORE, /* the leaf of nothing */
	MODEL_TWINS,  /* one commitment twice in it */
	MODEL_NAMES,  /* a name that is no field */
	MODEL_LIES,
};

struct model_act {
	uint64_t kind; /* enum cseal_statement_kind */
	uint64_t key;
	uint64_t seen; /* size */
	uint64_t clock;
	uint32_t counter;
	enum model_lie lie;
	bool copy;	  /* of a statement that stands, sealed again */
	uint64_t commits; /* its own are this number and those behind it */
	uint64_t reused;  /* stands in place of the first; 0: none */
	/* request, approve */
	bool reason, document;	  /* evidence */
	unsigned callback, names; /* results of checks; 0: not stated */
	/* request */
	enum model_what what;
	uint64_t op;
	unsigned store, item;
	uint64_t before; /* index */
	uint64_t not_after;
	/*
	 * request: person, key, spare key or freeze, by what; freeze: key;
	 * endorse: size
	 */
	uint64_t number;
	unsigned roles;			 /* person.set */
	const struct model_rules *rules; /* policy.set */
	/* acts about a change */
	uint64_t change; /* index */
	uint64_t outcome;
	uint64_t level;	    /* observe */
	unsigned reentered; /* approve: as in model_kind */
	/* freeze */
	bool has_store, has_key;
};

struct model_change {
	struct model_act asked;
	uint64_t index;
	unsigned slot; /* store and slot as one number */
	size_t requester, subject;
	enum cseal_change_status status;
	uint64_t forced;    /* entry that put it in force */
	size_t applier;	    /* who entered it; MODEL_NOBODY */
	uint64_t confirmed; /* entry that confirmed it last; 0: none */
	bool reason;	    /* it has one, or an approval of it has */
	struct model_approval {
		uint64_t key, clock, policy;
		size_t person;
		bool lapsed;
	} approvals[MODEL_APPROVALS];
	size_t n_approvals;
};

struct model {
	uint64_t size;
	struct model_person {
		bool there, joined, left;
		unsigned roles;
	} persons[MODEL_PERSONS];
	struct model_key {
		size_t person;
		bool revoked, monitor;
	} keys[MODEL_KEYS];
	size_t n_keys;
	struct model_spare {
		size_t person;
		bool added;
	} spares[MODEL_SPARES];
	const struct model_rules *rules;
	uint64_t policies, rules_since;
	struct model_freeze {
		uint64_t entry, key, lifted_at;
		unsigned store;
		bool has_store, has_key, lifted;
	} freezes[MODEL_ENTRIES];
	size_t n_freezes;
	struct model_change changes[MODEL_ENTRIES];
	size_t n_changes;
	/* Of each entry. */
	struct model_entry {
		uint64_t key, clock, about;
		uint32_t counter;
		bool moved_a;
		uint64_t commits[MODEL_COMMITS];
	} entries[MODEL_ENTRIES];
};

#define MODEL_NOBODY SIZE_MAX

/* The code of the finding that the act gets as the next entry; NULL: none. */
const char *model_judge(const struct model *m, const struct model_act *a);

/* What is told of an act that stands; returns how many. */
size_t model_notes(const struct model *m, const struct model_act *a,
    const char *notes[MODEL_NOTES]);

/* Takes an act that stands. */
void model_accept(struct model *m, const struct model_act *a);

/* The commitments that the act carries; returns how many. */
size_t model_commits(
    const struct model_act *a, uint64_t commits[MODEL_COMMITS]);

struct model_change *model_change(struct model *m, uint64_t index);
/* Has every person joined? */
bool model_is_founded(const struct model *m);
bool model_is_open(const struct model_change *c);
/* Index of the request in force in a slot; 0: none. */
uint64_t model_in_force(const struct model *m, unsigned slot);
/* The slot that a request is for. */
unsigned model_slot(const struct model *m, const struct model_act *a);

#endif
