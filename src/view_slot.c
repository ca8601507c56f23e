/* SPDX-License-Identifier: BSD-2-Clause */
/* Views of what is in force: when it was confirmed, and is to be read back. */

#include <string.h>

#include "state.h"

/* Clocks are claims: what is reckoned from them is one, too. */
static uint64_t
clock_of(const struct cseal_state *s, uint64_t entry)
{
	return entry < s->frontier.size ? s->clocks[entry] : 0;
}

static void
judge_due(
    const struct cseal_state_slot *t, uint64_t now, struct cseal_read_back *out)
{
	bool once_more =
	    now >= out->again && (!t->confirmed || out->confirmed < out->again);

	if (!t->confirmed && now > out->within) {
		out->due = CSEAL_DUE_WITHIN;
		out->due_since = out->within;
	} else if (once_more) {
		out->due = CSEAL_DUE_AGAIN;
		out->due_since = out->again;
	}
}

int
cseal_slot_read_back(const struct cseal_state *s,
    const struct cseal_state_slot *t, uint64_t now, struct cseal_read_back *out,
    struct cseal_error *err)
{
	const struct state_change *c = state_change(s, t->change);
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	out->within = out->again = CSEAL_TIME_NEVER;
	out->entered = clock_of(s, t->since);
	if (t->observed)
		out->observed = clock_of(s, t->observed_at);
	if (t->confirmed)
		out->confirmed = clock_of(s, t->confirmed_at);
	if (c == NULL || c->pub.kind->authority)
		return CSEAL_OK;
	r = cseal_read_back_due(cseal_state_policy(s), c->pub.kind,
	    out->entered, &out->within, &out->again, err);
	judge_due(t, now, out);
	return r;
}

bool
cseal_slot_may_observe(const struct cseal_state *s,
    const struct cseal_state_slot *t, const struct cseal_state_person *p)
{
	const struct state_change *c = state_change(s, t->change);
	const struct cseal_policy_change *rules;

	if (c == NULL || c->pub.kind->authority || p->left)
		return false;
	rules = cseal_policy_change(cseal_state_policy(s), c->pub.kind);
	for (size_t i = 0; rules != NULL && i < p->roles.n; i++) {
		if (cseal_roles_has(&rules->may_observe, p->roles.names[i]))
			return true;
	}
	return false;
}
