/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of a change as this desk finds them: those that its values bear
 * out, and those that the ledger and the openings here do (docs/format.md
 * section 5, Facts).
 */

#ifndef SRC_CLAIMS_H
#define SRC_CLAIMS_H

#include "counterseal/change.h"

#include "values.h"

struct claims {
	const struct cseal_state *state; /* of this ledger, at any later head */
	struct values *openings;
	const struct cseal_change *change; /* closed, with its store */
	uint64_t seen; /* size of the seen head of its request */
};

/* The facts that a request states. */
int claims_make(
    const struct claims *c, struct cseal_facts *out, struct cseal_error *err);

/*
 * Are the facts that were stated those of claims_make()? That the account is
 * used at another store may be stated by who has values that are not here.
 */
int claims_hold(const struct claims *c, struct cseal_slice stated, bool *hold,
    struct cseal_error *err);

/*
 * CSEAL_ERR_REFUSED (err names the field) if a domain of it is among those
 * that the policy blocks for its kind. It stands in no fact: each person's
 * machine asks its own.
 */
int claims_blocked(const struct cseal_policy *p, const struct cseal_change *c,
    struct cseal_error *err);

#endif
