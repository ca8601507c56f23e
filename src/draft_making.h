/* SPDX-License-Identifier: BSD-2-Clause */
/* A draft in the making: what the acts have in common. */

#ifndef SRC_DRAFT_MAKING_H
#define SRC_DRAFT_MAKING_H

#include "desk.h"
#include "panel.h"

/* A draft in the making: the statement, and memory that it borrows. */
struct making {
	struct cseal_desk *desk;
	const struct cseal_state *s;
	const struct cseal_state_key *key;
	const struct state_change *change; /* for acts about one */
	struct cseal_draft *p;
	struct cseal_statement st;
	struct cseal_commitment fields[CSEAL_KIND_FIELDS_MAX];
	struct cseal_slice names[CSEAL_KIND_FIELDS_MAX]; /* re-entered */
	struct cseal_evidence evidence[CSEAL_EVIDENCE_MAX];
	size_t n_evidence;
	struct cseal_check checks[CSEAL_CHECKS_MAX];
	size_t n_checks;
	struct cseal_buf facts;
	struct cseal_buf detail;
	struct values *openings;
	struct panel_change panel;
	struct cseal_error *err;
};

/*
 * The header: head, A and clock as this desk has verified them. To be followed
 * by making_end(), after an error too.
 */
int making_begin(struct making *m, struct cseal_desk *d, uint64_t key,
    uint64_t kind, struct cseal_error *err);

/* Finishes the draft if `r` is CSEAL_OK; frees what it was made with. */
int making_end(struct making *m, int r, struct cseal_draft **out);

/*
 * Finishes a request of authority: m->detail and m->panel.about are in.
 * making_end() is called, in failure too.
 */
int making_authority(struct making *m, const char *kind, const char *slot,
    struct cseal_draft **out);

/*
 * For qsort(), of struct cseal_commitment. Maps are written in the order of
 * their encoded keys: shorter ones first.
 */
int making_by_key(const void *a, const void *b);

/*
 * Commits to a piece of evidence, whose opening is kept; `text` is for the
 * panel, too, and stays the caller's.
 */
int making_commit_evidence(
    struct making *m, uint64_t kind, struct cseal_slice text);

/*
 * The same for all that was given (NULL: nothing), and the checks; then they
 * stand in the statement of a request or an approval.
 */
int making_put_evidence(
    struct making *m, const struct cseal_evidence_set *given);

#endif
