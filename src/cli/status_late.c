/* SPDX-License-Identifier: BSD-2-Clause */
/* What is overdue, and who else could see to a change. */

#include "status.h"

#include <string.h>

#define NAMES_MAX 8 /* more of them would not help a reader */

/* The sum, or the end of time: clocks in the ledger are claims. */
static uint64_t
later(uint64_t t, uint64_t seconds)
{
	return t > UINT64_MAX - seconds ? UINT64_MAX : t + seconds;
}

/* Has anybody asked for that place again? */
static bool
is_asked_again(const struct cseal_state *s, const struct cseal_state_change *h)
{
	const struct cseal_state_change *o;

	for (size_t i = 0; (o = cseal_state_change(s, i)) != NULL; i++) {
		if (o->index > h->index && o->kind == h->kind &&
		    o->status != CSEAL_CHANGE_WITHDRAWN &&
		    strcmp(o->store, h->store) == 0 &&
		    strcmp(o->slot, h->slot) == 0)
			return true;
	}
	return false;
}

bool
status_is_late(
    const struct status *w, const struct cseal_state_change *h, uint64_t *since)
{
	const enum cseal_change_status status = reading_status(w->d, h);
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(w->s), h->kind);

	uint64_t opens;

	*since = h->not_after;
	if (status == CSEAL_CHANGE_EXPIRED)
		return !is_asked_again(w->s, h);
	if (status != CSEAL_CHANGE_APPROVED || rules == NULL ||
	    status_sealed_has(w, CSEAL_APPLY, h->index))
		return false;
	if (cseal_change_window(cseal_state_policy(w->s), h, &opens, since,
		&w->c->err) != CSEAL_OK ||
	    *since == CSEAL_TIME_NEVER)
		*since = later(h->apply_not_before, rules->request_lives);
	return cseal_desk_now(w->d) > *since;
}

bool
status_may_act(const struct status *w, const struct cseal_state_change *h,
    const struct cseal_state_person *p)
{
	const enum cseal_change_status status = reading_status(w->d, h);

	if (reading_stopped(w->d, h) != NULL)
		return false;
	if (status == CSEAL_CHANGE_ASKED)
		return cseal_change_may_approve(w->s, h, p);
	return status == CSEAL_CHANGE_APPROVED && reading_may_apply(w->s, h, p);
}

/* Who but me may act, from the i-th person on. */
static const struct cseal_state_person *
next_other(
    const struct status *w, const struct cseal_state_change *h, size_t *i)
{
	const struct cseal_state_person *p;

	while ((p = cseal_state_person(w->s, *i)) != NULL) {
		(*i)++;
		if (p != w->me && status_may_act(w, h, p))
			return p;
	}
	return NULL;
}

int
status_others(const struct status *w, const struct cseal_state_change *h,
    struct cseal_buf *out)
{
	const struct cseal_state_person *p;
	const char *names[NAMES_MAX];
	size_t i = 0, n = 0;

	while (n < NAMES_MAX && (p = next_other(w, h, &i)) != NULL)
		names[n++] = p->handle;
	return cli_list_names(out, names, n);
}

json_t *
status_others_json(const struct status *w, const struct cseal_state_change *h)
{
	const struct cseal_state_person *p;
	json_t *list = json_array();
	size_t i = 0;

	while ((p = next_other(w, h, &i)) != NULL)
		json_array_append_new(list, json_string(p->handle));
	return list;
}
