/* SPDX-License-Identifier: BSD-2-Clause */
/* What confirms that a console shows what is in force. */

#include "state.h"

static const struct cseal_policy_change *
rules_of(const struct cseal_state *s, const struct cseal_state_slot *t)
{
	const struct state_change *c = state_change(s, t->change);

	return c == NULL
		   ? NULL
		   : cseal_policy_change(cseal_state_policy(s), c->pub.kind);
}

uint64_t
state_slot_level(const struct cseal_state *s, const struct cseal_state_slot *t)
{
	const struct cseal_policy_change *rules = rules_of(s, t);

	return rules != NULL ? rules->confirmed_level : CSEAL_LEVEL_NONE;
}

bool
state_slot_hears(const struct cseal_state *s, const struct cseal_state_slot *t,
    size_t person)
{
	const struct cseal_policy_change *rules = rules_of(s, t);

	return person != t->applier ||
	       (rules != NULL && rules->confirmed_by_another == 0);
}
