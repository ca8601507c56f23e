/* SPDX-License-Identifier: BSD-2-Clause */
/* A replay from within: between replay*.c, recheck.c and what resumes one. */

#ifndef SRC_REPLAY_H
#define SRC_REPLAY_H

#include "fold.h"

struct cseal_replay {
	struct cseal_state *state;
	struct cseal_replay_options options;
	struct vec findings; /* struct cseal_finding */
	const struct cseal_finding *ended;
	uint64_t entries;
	uint64_t sealed;
	/*
	 * A tree that was verified before: while it is not reached seals are
	 * not checked, and when it is not met all begins again without it.
	 */
	struct cseal_head known; /* size 0: none */
	bool expecting;		 /* it has still to be met */
	bool resumed;		 /* the first entries were not read at all */
	uint64_t remembered;	 /* entries whose seal was checked before */
};

/*
 * A replay that begins at a state (taken over, with its findings). `known` is
 * the tree of that state, or a later one that was verified from there: then
 * the entries between are folded again, and have to lead to it.
 */
int replay_resume(struct cseal_replay **out, struct cseal_state *s,
    struct vec *findings, const struct cseal_head *known,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err);

/* One from the first entry on that need not check the seals below `known`. */
int replay_knowing(struct cseal_replay **out, const struct cseal_head *known,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err);

/* A finding about an entry (NULL: about the ledger); `detail` is filtered. */
int replay_add_finding(struct cseal_replay *r, enum rule_id rule,
    const struct fold_entry *e, const char *detail);

/* Tells what a key sealed in doubt that the entry, an approve, has revoked. */
int replay_tell_doubts(struct cseal_replay *r, const struct fold_entry *e);
/* Takes back what was told so and is settled by now; it stays settled. */
void replay_settle(struct cseal_replay *r);

#endif
