/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A desk: a person's machine at work on one ledger. It verifies before it
 * reads, drafts what is to be sealed, judges it by replay, and is the only
 * caller of append.
 *
 * The way of every act: draft (refused here, before a touch, if the fold
 * would refuse it) -> panel -> seal on the key -> append. When another desk
 * was faster the same seal is judged again against the longer ledger, without
 * a new touch.
 */

#ifndef COUNTERSEAL_DESK_H
#define COUNTERSEAL_DESK_H

#include "counterseal/change.h"
#include "counterseal/evidence.h"
#include "counterseal/offer.h"
#include "counterseal/replay.h"

struct cseal_desk;
struct cseal_desk_key;

struct cseal_desk_options {
	const char *ledger;	    /* path */
	bool write;		    /* acts will be appended */
	uint64_t (*now)(void *ctx); /* Unix seconds; NULL: the system's */
	int utc_offset;		    /* minutes east of UTC, for texts shown */
	/* Borrowed; NULL: values from other desks cannot be read. */
	const struct cseal_desk_key *key;
	const char *machine; /* tells it from others, or NULL */
	struct cseal_replay_options replay;
	/*
	 * Where the desk remembers (counterseal/memory.h); borrowed until it
	 * is closed. NULL: it remembers nothing.
	 */
	const char *state_dir;
	void (*notice)(void *ctx, const char *where, const char *what);
	void *ctx;
};

/*
 * Opens and verifies the ledger; with a memory, what came since this desk
 * looked last. CSEAL_ERR_VIOLATION (and no desk) if the ledger holds a damaged
 * or violating entry: no honest command extends it; `err` carries the first
 * finding. The same if it is not the ledger that the desk remembers. Other
 * errors as cseal_ledger_open(). What stands is remembered, also after every
 * append and refresh.
 */
CSEAL_API int cseal_desk_open(struct cseal_desk **out,
    const struct cseal_desk_options *o, struct cseal_error *err);
CSEAL_API void cseal_desk_close(struct cseal_desk *d);

/* State at the ledger's end. Borrowed; changed by append and refresh. */
CSEAL_API const struct cseal_state *cseal_desk_state(
    const struct cseal_desk *d);
CSEAL_API struct cseal_ledger *cseal_desk_ledger(struct cseal_desk *d);
CSEAL_API uint64_t cseal_desk_now(const struct cseal_desk *d);
CSEAL_API const struct cseal_replay *cseal_desk_replay(
    const struct cseal_desk *d);

/* Reads and folds what others appended. */
CSEAL_API int cseal_desk_refresh(struct cseal_desk *d, struct cseal_error *err);

/* ---- drafts ---- */

struct cseal_draft; /* a statement of this desk, its openings, its panel */

/*
 * Each makes a draft for the key of the given number. CSEAL_ERR_REFUSED if
 * the fold would refuse it (err: rule and remedy), CSEAL_ERR_NOT_FOUND for a
 * change or key that is not there.
 */
CSEAL_API int cseal_draft_join(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, struct cseal_error *err);
/*
 * `c` is closed; its values are copied into the draft. `given`: evidence and
 * checks beside the reason in `c`, or NULL; it must stay until the append.
 */
CSEAL_API int cseal_draft_request(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const struct cseal_change *c,
    const struct cseal_evidence_set *given, struct cseal_error *err);
CSEAL_API int cseal_draft_key_add(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const struct cseal_offer *offer,
    struct cseal_error *err);
CSEAL_API int cseal_draft_key_revoke(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const struct cseal_revocation *what,
    struct cseal_error *err);
/* `text`: expanded (cseal_policy_source_text()); copied into the draft. */
CSEAL_API int cseal_draft_policy_set(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, struct cseal_slice text,
    struct cseal_error *err);

/* How large the ledger was at a time, by the word of those who saw it. */
struct cseal_attested {
	uint64_t size;	/* 0: nobody's word reaches so far back */
	bool has_entry; /* the one that says so: */
	uint64_t entry;
	size_t person;
	uint64_t clock; /* a claim */
};
/*
 * Of a key that is lost since `since` (Unix seconds): the largest head that a
 * person other than its own had seen by then. What the key sealed from that
 * size on is in doubt: docs/format.md 5, Completion. CSEAL_ERR_INPUT: a time to
 * come; CSEAL_ERR_NOT_FOUND.
 */
CSEAL_API int cseal_desk_attested(struct cseal_desk *d, uint64_t key,
    uint64_t since, struct cseal_attested *out, struct cseal_error *err);
/*
 * `typed`: what the approver re-entered, compared once more
 * (counterseal/reentry.h), or NULL if nothing was. `given`: what the approver
 * himself states, as in a request.
 */
CSEAL_API int cseal_draft_approve(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, uint64_t change,
    const struct cseal_change *typed, const struct cseal_evidence_set *given,
    struct cseal_error *err);
/*
 * Could the key ask for it at all, now? Kind, operation, store and slot of the
 * change are looked at, and none of its values. Codes of the drafts; a store
 * that is not declared is told together with the near ones.
 */
CSEAL_API int cseal_desk_may_request(struct cseal_desk *d, uint64_t key,
    const struct cseal_change *c, struct cseal_error *err);
/*
 * Could the key approve it at all, now, with that evidence (NULL: none)?
 * Asked before somebody types. The values need not be here. Codes of the
 * drafts.
 */
CSEAL_API int cseal_desk_may_approve(struct cseal_desk *d, uint64_t key,
    uint64_t change, const struct cseal_evidence_set *given,
    struct cseal_error *err);
CSEAL_API int cseal_draft_reject(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, uint64_t reason, struct cseal_error *err);
CSEAL_API int cseal_draft_withdraw(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, uint64_t change,
    struct cseal_error *err);
CSEAL_API int cseal_draft_apply(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, uint64_t outcome, uint64_t level,
    struct cseal_error *err);
/*
 * Asks that a person have these roles, and no others; a handle that is new is
 * a new person, whose key comes by key.add. The display name (UTF-8 without
 * control characters, 120 bytes at most; or NULL) stays beside the ledger, in
 * which its commitment stands. CSEAL_ERR_INPUT: no handle, no role, one twice,
 * no such name.
 */
CSEAL_API int cseal_draft_person_set(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const char *handle,
    const struct cseal_roles *roles, const char *name, struct cseal_error *err);
/* Asks that a person leave, and all keys of that person with them. */
CSEAL_API int cseal_draft_person_leave(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const char *handle,
    struct cseal_error *err);
/*
 * A freeze of a store, of a key, or (neither) of all stores; it stands at once,
 * by one seal. CSEAL_ERR_NOT_FOUND: no such store in the policy, no such key.
 */
CSEAL_API int cseal_draft_freeze(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_freeze *what, struct cseal_error *err);
/* Asks that what the entry `freeze` froze be lifted, as another agrees. */
CSEAL_API int cseal_draft_lift(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t freeze, struct cseal_error *err);
CSEAL_API void cseal_draft_free(struct cseal_draft *p);

/* The panel to show before the touch: plain text, at most 80x24, filtered. */
CSEAL_API const char *cseal_draft_panel(const struct cseal_draft *p);

/* What the token is asked to sign: clientDataJSON, and the key's rp id. */
CSEAL_API struct cseal_slice cseal_draft_client_data(
    const struct cseal_draft *p);
CSEAL_API const char *cseal_draft_rp_id(const struct cseal_draft *p);
/* Credential id of the key that is to seal it. */
CSEAL_API struct cseal_slice cseal_draft_credential(
    const struct cseal_draft *p);
CSEAL_API const struct cseal_statement *cseal_draft_statement(
    const struct cseal_draft *p);

/*
 * Appends the draft with the assertion the key gave for it. At a replica it
 * is kept for the home instead (counterseal/exchange.h), and *index is
 * CSEAL_INDEX_NONE. The seal is verified first. CSEAL_ERR_SIGNATURE,
 * CSEAL_ERR_REFUSED (what happened meanwhile made it void: err says why),
 * CSEAL_ERR_BUSY, CSEAL_ERR_IO. The index of the new entry into *index.
 */
#define CSEAL_INDEX_NONE UINT64_MAX
CSEAL_API int cseal_desk_append(struct cseal_desk *d,
    const struct cseal_draft *p, struct cseal_slice auth_data,
    struct cseal_slice signature, uint64_t *index, struct cseal_error *err);

/* ---- a new ledger ---- */

struct cseal_founding {
	const char *org; /* UTF-8, 1 to 200 bytes, no control characters */
	bool demo;
	const struct cseal_offer *offers; /* two or more */
	/* Roles of each offer's person; n == 0: admin, approver, operator. */
	const struct cseal_roles *roles;
	size_t n_offers;
	const char *policy; /* expanded text; NULL: the fixed rules */
	const struct cseal_predecessor *continues; /* NULL: none */
};

/*
 * The genesis statement, to be sealed by the key of the first offer. Checks
 * everything the fold demands of genesis, among it that software keys are
 * refused without demo. Several offers of one person are that person's keys.
 */
CSEAL_API int cseal_draft_genesis(struct cseal_draft **out,
    const struct cseal_founding *f, uint64_t now, struct cseal_error *err);

/*
 * Creates the ledger at `where`, its home, with the sealed genesis as its
 * entry 0. `machine` as in the options of a desk.
 */
CSEAL_API int cseal_desk_found(const char *where, const struct cseal_draft *p,
    struct cseal_slice auth_data, struct cseal_slice signature,
    const char *machine, struct cseal_error *err);

/* ---- values, as far as their openings are on this desk ---- */

/*
 * Canonical value of a field of a request ("reason": the reason text),
 * checked against its commitment.
 * CSEAL_ERR_NOT_FOUND: erased, or never here. CSEAL_ERR_CORRUPT: the opening
 * beside the ledger does not fit the commitment in it.
 */
CSEAL_API int cseal_desk_value(struct cseal_desk *d,
    const struct cseal_state_change *c, const char *field,
    struct cseal_buf *out, struct cseal_error *err);

/*
 * All values of a change, into a closed one without the reason; codes as
 * above, of the first that is not here. After an error there is nothing to
 * free.
 */
CSEAL_API int cseal_desk_values(struct cseal_desk *d,
    const struct cseal_state_change *c, struct cseal_change *out,
    struct cseal_error *err);

/*
 * Evidence `i` of entry `index`, a request or an approval with this statement:
 * the name of its opening, and its text, checked against its commitment and
 * appended. Codes of cseal_desk_value(); the name is there in each case.
 * CSEAL_ERR_USAGE: there is no `i`.
 */
CSEAL_API int cseal_desk_evidence(struct cseal_desk *d, uint64_t index,
    const struct cseal_statement *st, size_t i,
    char name[CSEAL_EVIDENCE_NAME_BYTES], struct cseal_buf *text,
    struct cseal_error *err);

/*
 * The file given as the evidence of that name, checked against the digest that
 * was committed to, and appended. CSEAL_ERR_INPUT if it is no file.
 */
CSEAL_API int cseal_desk_evidence_file(struct cseal_desk *d, uint64_t index,
    const struct cseal_statement *st, const char *name,
    struct cseal_evidence_file *about, struct cseal_buf *out,
    struct cseal_error *err);

#endif
