/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fold: state' = judge(state, entry), or a violation (docs/format.md 5).
 *
 * Pure: no clock, no input or output, no values. It ends at the first damaged
 * or violating entry; the state is then that of the head before it. What
 * depends on the time of day is a view of a state at a time.
 */

#ifndef COUNTERSEAL_REPLAY_H
#define COUNTERSEAL_REPLAY_H

#include "counterseal/attestation.h"
#include "counterseal/ledger.h"
#include "counterseal/policy.h"
#include "counterseal/seal.h"

/* ---- findings: what verify has to say ---- */

enum cseal_finding_grade {
	CSEAL_FINDING_ERROR,
	CSEAL_FINDING_WARNING,
	CSEAL_FINDING_NOTICE,
};

/* A row of the one table of rules; docs/findings.md is made from it. */
struct cseal_rule {
	const char *code; /* stable: "approver-is-requester" */
	enum cseal_finding_grade grade;
	const char *sentence;  /* "the approver is the person who asked" */
	const char *reference; /* "docs/format.md, 5 Counting" */
	const char *remedy;    /* what to do, for a refusal; may be NULL */
};
CSEAL_API const struct cseal_rule *cseal_rule_at(size_t i);
CSEAL_API const struct cseal_rule *cseal_rule_find(const char *code);

struct cseal_finding {
	const struct cseal_rule *rule;
	bool has_entry;
	uint64_t entry; /* index of the entry it is about */
	bool has_change;
	uint64_t change;  /* index of the request concerned */
	char detail[160]; /* the particulars, filtered text; "" if none */
};

/* ---- state ---- */

#define CSEAL_HANDLE_BYTES 33 /* with the NUL; also stores and roles */

struct cseal_state_person {
	char handle[CSEAL_HANDLE_BYTES];
	struct cseal_roles roles;
	bool joined;
	bool left;
};

struct cseal_state_key {
	uint64_t number;
	size_t person; /* index into persons */
	struct cseal_pubkey *pubkey;
	uint8_t aaguid[16];
	struct cseal_buf credential; /* credential id */
	char rp_id[254];
	uint64_t verdict; /* enum cseal_verdict_level */
	bool monitor;
	bool has_desk;
	/* Of the desk on which it was enrolled; openings go there. */
	uint8_t desk[CSEAL_DESK_KEY_BYTES];
	uint64_t since; /* index of the entry that completed it */
	bool revoked;
	uint64_t revoked_at; /* index of the entry that completed it */
	uint64_t revoked_reason;
	bool lost; /* in doubt from tree size lost_size on */
	uint64_t lost_size;
	uint32_t counter; /* last seen */
};

enum cseal_change_status {
	CSEAL_CHANGE_ASKED,    /* approvals are missing */
	CSEAL_CHANGE_APPROVED, /* places filled; not yet entered */
	CSEAL_CHANGE_IN_FORCE, /* entered, or an authority change done */
	CSEAL_CHANGE_REPLACED, /* was in force until a later change */
	CSEAL_CHANGE_REJECTED,
	CSEAL_CHANGE_WITHDRAWN,
	CSEAL_CHANGE_SUPERSEDED, /* another came into force in its slot */
	CSEAL_CHANGE_FAILED,	 /* console refused it, or shows otherwise */
	CSEAL_CHANGE_EXPIRED,	 /* a view: asked, and its time is over */
};
/* "asked", "approved", "in force", ... static. */
CSEAL_API const char *cseal_change_status_name(enum cseal_change_status s);

struct cseal_state_approval {
	/* Results of its checks, by check less 1; 0: not stated. */
	uint8_t checks[CSEAL_CHECKS_MAX];
	uint64_t entry;
	uint64_t key;
	size_t person;
	uint64_t clock;
	size_t policy; /* number of the policy in force when it was given */
	bool lapsed;   /* it filled no place any more, and never will again */
};

#define CSEAL_APPROVALS_MAX 64

struct cseal_state_change {
	uint64_t index; /* of the request */
	uint8_t leaf[CSEAL_HASH_BYTES];
	const struct cseal_kind *kind;
	uint64_t op;
	char store[CSEAL_HANDLE_BYTES];
	char slot[65];
	uint64_t key;	  /* who asked */
	size_t requester; /* index into persons */
	uint64_t clock;	  /* of the request: a claim */
	uint64_t not_after;
	bool has_before;
	uint8_t before[CSEAL_HASH_BYTES];
	struct cseal_facts facts;
	const struct cseal_statement *request; /* borrowed from the state */
	enum cseal_change_status status;
	uint64_t decided_by;  /* entry that ended it or put it in force */
	uint64_t approved_by; /* entry that completed its approvals */
	struct cseal_state_approval *approvals; /* accepted ones, in order */
	size_t n_approvals;
	uint64_t apply_not_before; /* Unix seconds; set when approved */
	bool erased; /* some of its values were erased by an admin */
	/* Its country or its provider was new when it was asked for. */
	bool first_seen;
};

/* One slot of one store (or an authority slot) and what is in force there. */
struct cseal_state_slot {
	char store[CSEAL_HANDLE_BYTES];
	char slot[65];
	uint64_t change;	   /* index of the request in force */
	uint64_t since;		   /* entry by which it came into force */
	size_t applier;		   /* who entered it; an index into persons */
	bool observed;		   /* something was reported since */
	uint64_t observed_at;	   /* entry of the last report */
	uint64_t observed_outcome; /* cseal_observe_outcomes */
	bool confirmed; /* a match, reported by another than the applier */
	uint64_t confirmed_at;
	uint64_t confirmed_level; /* cseal_levels */
};

/* A freeze: of a store, of a key, or (neither) of all stores. */
struct cseal_state_freeze {
	uint64_t entry;
	uint8_t leaf[CSEAL_HASH_BYTES];
	bool has_store;
	char store[CSEAL_HANDLE_BYTES];
	bool has_key;
	uint64_t key;
	uint64_t reason; /* cseal_reasons */
	size_t person;	 /* who froze it */
	bool lifted;
	uint64_t lifted_at; /* entry that completed the lift */
};

struct cseal_state;

CSEAL_API uint64_t cseal_state_size(const struct cseal_state *s);
CSEAL_API struct cseal_head cseal_state_head(const struct cseal_state *s);
CSEAL_API const uint8_t *cseal_state_ledger_id(const struct cseal_state *s);
CSEAL_API struct cseal_slice cseal_state_org(const struct cseal_state *s);
CSEAL_API const char *cseal_state_rp_id(const struct cseal_state *s);
CSEAL_API bool cseal_state_demo(const struct cseal_state *s);
/* The ledger, and its head, that this one says to continue; NULL if none. */
CSEAL_API const struct cseal_predecessor *cseal_state_predecessor(
    const struct cseal_state *s);
CSEAL_API const struct cseal_policy *cseal_state_policy(
    const struct cseal_state *s);
/*
 * Its text as it was signed, and into *since (unless NULL) the entry that
 * completed it. Borrowed.
 */
CSEAL_API struct cseal_slice cseal_state_policy_text(
    const struct cseal_state *s, uint64_t *since);
/* A: digest of all authority entries so far. */
CSEAL_API const uint8_t *cseal_state_authority(const struct cseal_state *s);
/* True when every person of genesis has joined. */
CSEAL_API bool cseal_state_founded(const struct cseal_state *s);

/* Counts and items in the order of the ledger; NULL behind the last. */
CSEAL_API const struct cseal_state_person *cseal_state_person(
    const struct cseal_state *s, size_t i);
CSEAL_API const struct cseal_state_key *cseal_state_key(
    const struct cseal_state *s, uint64_t number);
CSEAL_API const struct cseal_state_change *cseal_state_change(
    const struct cseal_state *s, size_t i);
CSEAL_API const struct cseal_state_slot *cseal_state_slot(
    const struct cseal_state *s, size_t i);

CSEAL_API const struct cseal_state_freeze *cseal_state_freeze(
    const struct cseal_state *s, size_t i);
/* The freeze that stands over a store; NULL if none does. */
CSEAL_API const struct cseal_state_freeze *cseal_state_frozen(
    const struct cseal_state *s, const char *store);

/* By name, by request index, by place; NULL if there is none. */
CSEAL_API const struct cseal_state_person *cseal_state_person_find(
    const struct cseal_state *s, const char *handle);
CSEAL_API const struct cseal_state_change *cseal_state_change_find(
    const struct cseal_state *s, uint64_t index);
CSEAL_API const struct cseal_state_slot *cseal_state_slot_find(
    const struct cseal_state *s, const char *store, const char *slot);

/* Status as seen at time `t` (Unix seconds): asked may be expired. */
CSEAL_API enum cseal_change_status cseal_change_view(
    const struct cseal_state_change *c, uint64_t t);

/*
 * When an approved change may be entered under the policy: from `opens`, the
 * end of its cooling-off, until before `closes`, the end of the apply window;
 * CSEAL_TIME_NEVER where there is none, and for both of a change that was not
 * approved. Errors are those of cseal_calendar_after(), where the window is
 * of working days; it is empty then.
 */
CSEAL_API int cseal_change_window(const struct cseal_policy *p,
    const struct cseal_state_change *c, uint64_t *opens, uint64_t *closes,
    struct cseal_error *err);

/*
 * Until when what was entered at the time `entered` (the apply's clock) is to
 * be read back, and from when on once more; CSEAL_TIME_NEVER where the policy
 * does not ask for it. Errors as above; what cannot be reckoned is
 * CSEAL_TIME_NEVER then, and the other one is right.
 */
CSEAL_API int cseal_read_back_due(const struct cseal_policy *p,
    const struct cseal_kind *kind, uint64_t entered, uint64_t *within,
    uint64_t *again, struct cseal_error *err);

/* Is what is in force to be read back now, and why? */
enum cseal_due {
	CSEAL_DUE_NOT,
	CSEAL_DUE_WITHIN, /* it is not confirmed, and its time is over */
	CSEAL_DUE_AGAIN,  /* once more, and it was not since then */
};

/* Of what is in force in a slot. Times are the clocks of entries: claims. */
struct cseal_read_back {
	uint64_t entered;   /* when it came into force */
	uint64_t observed;  /* the last report; 0: none */
	uint64_t confirmed; /* the last match that confirmed it; 0: none */
	uint64_t within;    /* until when it is to be confirmed */
	uint64_t again;	    /* from when on once more */
	enum cseal_due due;
	uint64_t due_since;
};

/*
 * How the slot stands at the time `now`. `within` and `again` and the errors
 * are those of cseal_read_back_due(); what could be reckoned is right then.
 */
CSEAL_API int cseal_slot_read_back(const struct cseal_state *s,
    const struct cseal_state_slot *t, uint64_t now, struct cseal_read_back *out,
    struct cseal_error *err);

/* Does the policy let this person report what stands in the slot? */
CSEAL_API bool cseal_slot_may_observe(const struct cseal_state *s,
    const struct cseal_state_slot *t, const struct cseal_state_person *p);

/*
 * All places that the policy in force asks of the change: its `approvals`,
 * and what comes on top (docs/policy.md, first seen, after contact change).
 * CSEAL_ERR_NOT_FOUND if the policy does not allow its kind any more.
 */
CSEAL_API int cseal_change_places(const struct cseal_state *s,
    const struct cseal_state_change *c, struct cseal_places *out);

/* The same of a change that is still to be asked for, at clock `clock`. */
CSEAL_API int cseal_places_for(const struct cseal_state *s,
    const struct cseal_kind *kind, uint64_t op, const char *store,
    const struct cseal_facts *facts, uint64_t clock, struct cseal_places *out);

/*
 * Places of the change that are still empty under the policy in force, as
 * text: "1 approver and 1 finance"; "" when all are filled.
 */
CSEAL_API int cseal_change_missing(const struct cseal_state *s,
    const struct cseal_state_change *c, struct cseal_buf *out);

/*
 * May this person fill one of the places still empty? False for requester,
 * subject, one who approved already, one not in the role.
 */
CSEAL_API bool cseal_change_may_approve(const struct cseal_state *s,
    const struct cseal_state_change *c, const struct cseal_state_person *p);

/*
 * The text that a change of kind policy.set asks for. CSEAL_ERR_NOT_FOUND for
 * another kind. Borrowed from the state.
 */
CSEAL_API int cseal_change_policy_text(
    const struct cseal_state_change *c, struct cseal_slice *out);

/*
 * Into *key the key that a change of kind key.revoke asks to revoke.
 * CSEAL_ERR_NOT_FOUND for another kind.
 */
CSEAL_API int cseal_change_revoked_key(
    const struct cseal_state_change *c, uint64_t *key);

/*
 * Resolves what a person types: an index ("41"), an index with the leaf's
 * short name ("41-7hq3"), or a unique prefix of the short name ("7hq3") to
 * the change. Digits alone that number an entry, or are fewer than four, are
 * an index and nothing else. CSEAL_ERR_NOT_FOUND, CSEAL_ERR_AMBIGUOUS,
 * CSEAL_ERR_INPUT.
 */
CSEAL_API int cseal_change_resolve(const struct cseal_state *s,
    const char *word, const struct cseal_state_change **out,
    struct cseal_error *err);

/* "41-7hq3": index and four characters of the leaf's short name. */
#define CSEAL_CHANGE_NAME_BYTES 32
CSEAL_API void cseal_change_name(
    const struct cseal_state_change *c, char out[CSEAL_CHANGE_NAME_BYTES]);

/* ---- replay ---- */

struct cseal_replay; /* a state, its findings, and how far it came */

struct cseal_replay_options {
	unsigned threads; /* for signatures; 0: one a core */
	/* Progress, called now and then on the caller's thread; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
	uint64_t limit; /* as if the ledger ended there; 0: the whole */
};

/*
 * Folds the whole ledger and checks every seal. CSEAL_OK even if there are
 * findings of grade error: ask cseal_replay_clean(). Errors are those of
 * reading the store.
 */
CSEAL_API int cseal_replay_new(struct cseal_replay **out,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err);
CSEAL_API void cseal_replay_free(struct cseal_replay *r);

/* Folds what was appended since; the same rules. */
CSEAL_API int cseal_replay_extend(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err);

/* State at the last clean head. Borrowed; changed by cseal_replay_extend. */
CSEAL_API const struct cseal_state *cseal_replay_state(
    const struct cseal_replay *r);

/*
 * Adds what the openings tell, where they are: values that do not fit their
 * commitments, facts that the values do not bear out, and a notice of how
 * many changes could not be rechecked. The state is not touched.
 */
CSEAL_API int cseal_replay_recheck(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err);

/*
 * Adds what the evidence for the ledger's keys tells: verdicts that it does
 * not bear out, as of the time and by the roots and metadata that they name,
 * as far as `t` has those; and, by the metadata of `t` as of `t->at`, models
 * that are reported as compromised. The state is not touched.
 */
CSEAL_API int cseal_replay_recheck_keys(struct cseal_replay *r,
    struct cseal_ledger *l, const struct cseal_trust *t,
    struct cseal_error *err);

/* Findings in the order in which they were made; NULL behind the last. */
CSEAL_API const struct cseal_finding *cseal_replay_finding(
    const struct cseal_replay *r, size_t i);

/*
 * The finding that ended the fold: the entries from there on were not judged,
 * and no honest command extends the ledger. NULL if it was folded to its end.
 */
CSEAL_API const struct cseal_finding *cseal_replay_ended(
    const struct cseal_replay *r);

/* No finding of grade error. */
CSEAL_API bool cseal_replay_clean(const struct cseal_replay *r);

/*
 * Entries in the store; entries whose seal is good; and how many of those
 * were checked by this desk at an earlier time (counterseal/memory.h).
 */
CSEAL_API uint64_t cseal_replay_entries(const struct cseal_replay *r);
CSEAL_API uint64_t cseal_replay_sealed(const struct cseal_replay *r);
CSEAL_API uint64_t cseal_replay_remembered(const struct cseal_replay *r);

/* A finding as a line: "entry 733 (approve): ...". Appended. */
CSEAL_API int cseal_finding_text(
    const struct cseal_finding *f, struct cseal_buf *out);

#endif
