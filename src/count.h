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

/*
 * Marks the approvals that fill no place now: they never count again, even if
 * the person gets the role back, so the change needs approvals again and who
 * gave them may give them again.
 */
void count_lapse(const struct cseal_state *s, struct state_change *c);

/*
 * Number of places that the policy in force asks of the change, with those on
 * top; 0 if its kind is not allowed.
 */
size_t count_places(const struct cseal_state *s, const struct state_change *c);

/*
 * How many places can these persons fill at most, each one? A person of whom
 * no roles are given (NULL) fills none.
 */
size_t count_seated(const struct cseal_place *places, size_t n_places,
    const struct cseal_roles *const *persons, size_t n);

/* Are all places filled? */
bool count_is_approved(
    const struct cseal_state *s, const struct state_change *c);

/* Does the approval count today? */
bool count_approval(
    const struct cseal_state *s, const struct cseal_state_approval *a);

/* A state that would come: what is different from the one at hand. */
struct count_what_if {
	bool has_without;
	uint64_t without; /* a key that would be revoked or frozen */
	bool thawed;	  /* frozen keys count as usable */
	size_t person;	  /* whose roles would be `roles`; STATE_NOBODY */
	const struct cseal_roles *roles;   /* NULL: the person would leave */
	const struct cseal_policy *policy; /* NULL: the one in force */
	size_t subject; /* who may ask and not decide; STATE_NOBODY */
};
#define COUNT_AS_IT_IS                                  \
	{                                               \
		.person = STATE_NOBODY, .thawed = true, \
		.subject = STATE_NOBODY                 \
	}

/*
 * Could two or more distinct persons with usable keys then ask for and
 * approve a change of this kind?
 */
bool count_possible(const struct cseal_state *s, const struct cseal_kind *k,
    const struct count_what_if *w);

/* The same for key.add, key.revoke and policy.set: can all be mended? */
bool count_administrable(
    const struct cseal_state *s, const struct count_what_if *w);

#endif
