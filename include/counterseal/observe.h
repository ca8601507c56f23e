/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is seen in a console, judged at a desk against what is in force there,
 * and the statement that reports it (docs/observe.md; docs/format.md section 4,
 * observe).
 */

#ifndef COUNTERSEAL_OBSERVE_H
#define COUNTERSEAL_OBSERVE_H

#include "counterseal/desk.h"
#include "counterseal/observation.h"

/* Whether a match would confirm what is in force. */
enum cseal_confirming {
	CSEAL_CONFIRMS,
	CSEAL_CONFIRMS_NOTHING,	   /* nothing is in force there */
	CSEAL_CONFIRMS_NOT_LEVEL,  /* less was seen than the policy asks for */
	CSEAL_CONFIRMS_NOT_BY_HIM, /* by the person who entered it */
};

/*
 * Does a match of that level by that person (an index into persons) confirm
 * what is in force in the slot? `t` NULL: nothing is.
 */
CSEAL_API enum cseal_confirming cseal_slot_confirming(
    const struct cseal_state *s, const struct cseal_state_slot *t,
    size_t person, uint64_t level);

/* The level that the policy asks of a match in this slot (cseal_levels). */
CSEAL_API uint64_t cseal_slot_level(
    const struct cseal_state *s, const struct cseal_state_slot *t);

/* What an observation comes to; pointers are the state's. */
struct cseal_judgement {
	uint64_t outcome; /* enum cseal_observe_outcome */
	/* Nothing is in force, and nothing is shown: nothing to report. */
	bool is_idle;
	struct cseal_comparison compared;	 /* with what is in force */
	const struct cseal_state_slot *slot;	 /* NULL: nothing is in force */
	const struct cseal_state_change *change; /* that is in force there */
	/*
	 * Of a mismatch or drift: another change of that place which it would
	 * match, open or replaced; NULL if there is none that is known here.
	 */
	const struct cseal_state_change *fits;
	bool freezes; /* the policy freezes the store for it */
	/*
	 * Of bad news: the entry that reported the very same and is not dealt
	 * with yet, for its freeze stands; or, where the policy freezes
	 * nothing, it was the last report.
	 */
	bool is_reported;
	uint64_t reported_at;
};

/*
 * Judges an observation that is complete. `seen_at`: when the console was
 * read, Unix seconds; 0: now. CSEAL_ERR_INPUT: nothing that is shown can be
 * compared, or it was read in the future or before what is in force was
 * entered; CSEAL_ERR_NOT_FOUND: the policy does not declare the place, or the
 * approved values are not on this desk; CSEAL_ERR_CORRUPT.
 */
CSEAL_API int cseal_desk_observe(struct cseal_desk *d,
    const struct cseal_observation *o, uint64_t seen_at,
    struct cseal_judgement *out, struct cseal_error *err);

/*
 * The draft that reports it; the openings of what is shown are kept. `source`
 * says who or what read it: a handle ("console", "sp-api"). Codes of
 * cseal_desk_observe() and of the other drafts.
 */
CSEAL_API int cseal_draft_observe(struct cseal_draft **out,
    struct cseal_desk *d, uint64_t key, const struct cseal_observation *o,
    uint64_t seen_at, const char *source, struct cseal_error *err);

/*
 * What it means, in sentences for people: "DRIFT: main-de shows an account
 * ending 3417; approved since 2026-08-02: DE89 .... 3000. No change was asked
 * for." Without secret values; appended.
 */
CSEAL_API int cseal_judgement_text(struct cseal_desk *d,
    const struct cseal_observation *o, const struct cseal_judgement *j,
    struct cseal_buf *out);

#endif
