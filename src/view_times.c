/* SPDX-License-Identifier: BSD-2-Clause */
/* Views of a state in time: what the rules let be done until when. */

#include "counterseal/replay.h"

int
cseal_change_window(const struct cseal_policy *p,
    const struct cseal_state_change *c, uint64_t *opens, uint64_t *closes,
    struct cseal_error *err)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(p, c->kind);
	int r;

	*opens = *closes = CSEAL_TIME_NEVER;
	/* Set by the approval that completed it; no clock says 1970. */
	if (rules == NULL || c->apply_not_before == 0)
		return CSEAL_OK;
	*opens = c->apply_not_before;
	r = cseal_calendar_after(
	    cseal_policy_calendar(p), *opens, rules->apply_window, closes, err);
	if (r != CSEAL_OK)
		*closes = *opens;
	return r;
}

int
cseal_read_back_due(const struct cseal_policy *p, const struct cseal_kind *kind,
    uint64_t entered, uint64_t *within, uint64_t *again,
    struct cseal_error *err)
{
	const struct cseal_calendar *calendar = cseal_policy_calendar(p);
	const struct cseal_policy_change *rules = cseal_policy_change(p, kind);
	int r, r2;

	*within = *again = CSEAL_TIME_NEVER;
	if (rules == NULL)
		return CSEAL_OK;
	r = cseal_calendar_after(
	    calendar, entered, rules->read_back_within, within, err);
	r2 = cseal_calendar_after(
	    calendar, entered, rules->read_back_again, again, err);
	return r != CSEAL_OK ? r : r2;
}
