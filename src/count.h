/* SPDX-License-Identifier: BSD-2-Clause */
/* Who fills which place: approvals matched one to one (docs/format.md 5). */

#ifndef SRC_COUNT_H
#define SRC_COUNT_H

#include "state.h"

/*
 * How many places of the change are filled by the approvals that count now
 * (policy in force, key unrevoked, person in the role), with `extra` (a
 * person's index, or STATE_NOBODY) as one approval more. The largest number
 * that any matching reaches.
 */
size_t count_filled(
    const struct cseal_state *s, const struct state_change *c, size_t extra);

/* Number of places that the policy in force asks for; 0 if not allowed. */
size_t count_places(const struct cseal_state *s, const struct cseal_kind *k);

/* Does the approval count today? */
bool count_approval(
    const struct cseal_state *s, const struct cseal_state_approval *a);

/*
 * Could two or more distinct persons with usable keys still ask for and
 * approve a change of this kind, if key `without` were revoked?
 */
bool count_possible(
    const struct cseal_state *s, const struct cseal_kind *k, uint64_t without);
#define COUNT_NO_KEY UINT64_MAX

#endif
