/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blind re-entry: before an approver is shown what was asked for, he types the
 * fields that policy names from the source document, and they are compared by
 * their commitments (docs/policy.md, re-enter). At a desk other than the
 * requester's the values come locked, and open with what he typed
 * (docs/format.md section 6, Openings).
 *
 * It makes a person look at the document. It does not stop a program at the
 * approver's desk, which can keep what was typed.
 */

#ifndef COUNTERSEAL_REENTRY_H
#define COUNTERSEAL_REENTRY_H

#include "counterseal/desk.h"

/* Tries that a desk gives for one change, whoever makes them, and for good. */
#define CSEAL_REENTRY_TRIES 3

struct cseal_reentry {
	/* What must be typed, in the kind's order. */
	const struct cseal_field *fields[CSEAL_KIND_FIELDS_MAX];
	size_t n;
	bool locked;   /* the values here open with these alone */
	unsigned left; /* tries, if the desk remembers (desk.h, state_dir) */
};

/*
 * Does the policy in force have an approver of the change re-enter the field?
 * False for one that the request does not have.
 */
CSEAL_API bool cseal_change_reenters(const struct cseal_state *s,
    const struct cseal_state_change *c, const struct cseal_field *f);

/*
 * What must be typed at this desk before the change can be approved: what the
 * policy names, and what the values here are locked with. CSEAL_ERR_NOT_FOUND
 * for a change that is not there. That its values are not here in any form is
 * said by the two below.
 */
CSEAL_API int cseal_desk_reentry(struct cseal_desk *d, uint64_t change,
    struct cseal_reentry *out, struct cseal_error *err);

/*
 * Compares what was typed with what was asked for: all values of `typed`,
 * which need not be closed, and may have more fields than are wanted. If they
 * are the same, values that were locked are kept beside the ledger.
 *
 * CSEAL_ERR_REFUSED if they differ; that never says in which of several fields,
 * nor where. Each such miss takes one of the tries, and without one nothing is
 * compared any more: CSEAL_ERR_REFUSED, and err says the ways out.
 * CSEAL_ERR_USAGE if a field that is wanted was not typed, or the
 * kind is another one; CSEAL_ERR_NOT_FOUND if the values are not at this desk;
 * CSEAL_ERR_CORRUPT if what came as the values is not what was sealed.
 */
CSEAL_API int cseal_desk_reenter(struct cseal_desk *d, uint64_t change,
    const struct cseal_change *typed, struct cseal_error *err);

#endif
