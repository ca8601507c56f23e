/* SPDX-License-Identifier: BSD-2-Clause */
/* status: what waits for whoever sits at this desk, and what comes next. */

#include "status.h"

#include <string.h>
#include <unistd.h>

const struct cli_option cli_status_options[] = {
	{ "forget", 0, NULL, false, "forget what the home refused" },
	{ NULL, 0, NULL, false, NULL },
};

enum waiting
status_waits(const struct status *w, const struct cseal_state_change *h)
{
	if (w->me == NULL || !status_may_act(w, h, w->me) ||
	    status_sealed_has(w, CSEAL_APPROVE, h->index) ||
	    status_sealed_has(w, CSEAL_REJECT, h->index) ||
	    status_sealed_has(w, CSEAL_WITHDRAW, h->index) ||
	    status_sealed_has(w, CSEAL_APPLY, h->index))
		return WAITS_FOR_NOBODY;
	return reading_status(w->d, h) == CSEAL_CHANGE_ASKED
		   ? WAITS_TO_BE_APPROVED
		   : WAITS_TO_BE_APPLIED;
}

bool
status_is_mine(const struct status *w, const struct cseal_state_change *h)
{
	enum cseal_change_status status = reading_status(w->d, h);

	return w->me != NULL && h->requester == w->person &&
	       (status == CSEAL_CHANGE_ASKED ||
		   status == CSEAL_CHANGE_APPROVED) &&
	       status_waits(w, h) == WAITS_FOR_NOBODY &&
	       !status_sealed_has(w, CSEAL_WITHDRAW, h->index);
}

bool
status_must_join(const struct status *w)
{
	return w->me != NULL && !w->me->joined && !w->me->left &&
	       !status_sealed_has(w, CSEAL_JOIN, 0);
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

static int
tell(struct status *w)
{
	int r = status_sealed_read(w);

	if (r == CSEAL_OK && cli_option_given(w->c, "forget"))
		r = status_sealed_forget(w);
	if (r != CSEAL_OK)
		return cli_fail(w->c, r);
	return w->c->json ? status_json(w) : status_say(w);
}

int
cli_status(struct cli *c)
{
	const bool write = cli_option_given(c, "forget");
	struct status w = { .c = c };
	int status, r;

	if ((r = cli_desk_open(c, write, &w.d)) != CSEAL_OK) {
		/* A ledger that somebody named ought to be there. */
		if (!is_missing(c) || c->ledger.source != CLI_FROM_DEFAULT)
			return cli_fail(c, r);
		if (c->json)
			return status_begin_json(c);
		return status_begin_say(c);
	}
	w.s = cseal_desk_state(w.d);
	find_me(&w);
	status = tell(&w);
	status_sealed_free(&w);
	cseal_desk_close(w.d);
	return status;
}
