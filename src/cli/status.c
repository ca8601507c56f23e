/* SPDX-License-Identifier: BSD-2-Clause */
/* status: what waits for whoever sits at this desk, and what comes next. */

#include "status.h"

#include <string.h>
#include <unistd.h>

enum waiting
status_waits(const struct status *w, const struct cseal_state_change *h)
{
	enum cseal_change_status status = reading_status(w->d, h);

	if (w->me == NULL)
		return WAITS_FOR_NOBODY;
	if (status == CSEAL_CHANGE_ASKED &&
	    cseal_change_may_approve(w->s, h, w->me))
		return WAITS_TO_BE_APPROVED;
	if (status == CSEAL_CHANGE_APPROVED &&
	    reading_may_apply(w->s, h, w->me))
		return WAITS_TO_BE_APPLIED;
	return WAITS_FOR_NOBODY;
}

bool
status_is_mine(const struct status *w, const struct cseal_state_change *h)
{
	enum cseal_change_status status = reading_status(w->d, h);

	return w->me != NULL && h->requester == w->person &&
	       (status == CSEAL_CHANGE_ASKED ||
		   status == CSEAL_CHANGE_APPROVED) &&
	       status_waits(w, h) == WAITS_FOR_NOBODY;
}

bool
status_must_join(const struct status *w)
{
	return w->me != NULL && !w->me->joined && !w->me->left;
}

static void
find_me(struct status *w)
{
	const struct cseal_state_person *p;

	if (cli_person_read(w->c, w->handle) != CSEAL_OK)
		w->handle[0] = '\0';
	for (size_t i = 0; (p = cseal_state_person(w->s, i)) != NULL; i++) {
		if (strcmp(p->handle, w->handle) == 0) {
			w->me = p;
			w->person = i;
		}
	}
}

uint64_t
status_keys(const struct status *w)
{
	const struct cseal_state_key *k;
	uint64_t n = 0;

	for (uint64_t i = 0; (k = cseal_state_key(w->s, i)) != NULL; i++)
		n += k->person == w->person && !k->revoked ? 1 : 0;
	return n;
}

static bool
is_missing(struct cli *c)
{
	return c->err.code == CSEAL_ERR_NOT_FOUND &&
	       access(c->ledger.value, F_OK) != 0;
}

int
cli_status(struct cli *c)
{
	struct status w = { .c = c };
	int status, r;

	if ((r = cli_desk_open(c, false, &w.d)) != CSEAL_OK) {
		/* A ledger that somebody named ought to be there. */
		if (!is_missing(c) || c->ledger.source != CLI_FROM_DEFAULT)
			return cli_fail(c, r);
		if (c->json)
			return status_begin_json(c);
		return status_begin_say(c);
	}
	w.s = cseal_desk_state(w.d);
	find_me(&w);
	status = c->json ? status_json(&w) : status_say(&w);
	cseal_desk_close(w.d);
	return status;
}
