/* SPDX-License-Identifier: BSD-2-Clause */
#include "evidence.h"
#include "policy.h"
#include "trust.h"

#define MISMATCH 1 /* reject-reason reentry_mismatch, docs/format.md */

/* How long its panel stays at least before the key is asked. */
static uint64_t
least_on_screen(const struct cli_act *a)
{
	const struct cseal_policy_change *rules = cseal_policy_change(
	    cseal_state_policy(cseal_desk_state(a->desk)), a->change->kind);

	return rules != NULL ? rules->on_screen : 0;
}

/* What was typed is not what was asked for: the way out is offered. */
static int
offer_rejection(struct cli *c, struct cli_act *a)
{
	const struct cseal_error differs = c->err;
	int r;

	if (cli_option_given(c, "reenter-from") || !cli_terminal(c))
		return CSEAL_ERR_REFUSED;
	cli_note_error(c);
	r = cli_confirm(c, "Reject it now, as reentry_mismatch?");
	if (r == CSEAL_ERR_CANCELLED && cli_signals_pending(c))
		return r;
	if (r == CSEAL_OK) {
		a->name = "reject";
		a->why = "to reject this change";
		a->done = "rejected by";
		r = cseal_draft_reject(&a->draft, a->desk, a->key.number,
		    a->change->index, MISMATCH, &c->err);
		if (r == CSEAL_OK)
			r = cli_act_seal(c, a);
		if (r != CSEAL_OK)
			return r;
	}
	return cli_error(c, CSEAL_ERR_REFUSED, differs.where,
	    "not approved: what was typed differs from what was asked for");
}

/*
 * The approver sees what the requester saw. Values that this machine would
 * refuse are told by the draft, in which all of them are compared.
 */
static void
notes(struct cli *c, struct cli_act *a)
{
	struct cseal_change asked = { .kind = NULL };

	if (cli_change_load(c, a->desk, a->change, &asked) == CSEAL_OK)
		cli_act_notes(c, a, &asked);
	cseal_change_free(&asked);
}

static int
approve(struct cli *c, struct cli_act *a, struct cseal_change *typed,
    struct cseal_evidence_set *given)
{
	uint64_t change;
	int r;

	r = cli_evidence_gather(c, given, true);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, a, c->words[0]);
	if (r != CSEAL_OK)
		return r;
	change = a->change->index;
	/* Nobody types an account for nothing. */
	if ((r = cli_evidence_demanded(
		 c, cseal_desk_state(a->desk), a->change, given)) != CSEAL_OK ||
	    (r = cseal_desk_may_approve(
		 a->desk, a->key.number, change, given, &c->err)) != CSEAL_OK ||
	    (r = cli_evidence_number(c, given)) != CSEAL_OK)
		return r;
	if ((r = policy_review(c, a)) != CSEAL_OK ||
	    (r = cli_key_review(c, a->change)) != CSEAL_OK)
		return r;
	r = cli_reenter(c, a, typed);
	if (r == CSEAL_ERR_REFUSED)
		return offer_rejection(c, a);
	if (r == CSEAL_OK)
		notes(c, a);
	if (r == CSEAL_OK)
		r = cseal_draft_approve(&a->draft, a->desk, a->key.number,
		    change, typed->kind != NULL ? typed : NULL, given, &c->err);
	a->key.on_screen = least_on_screen(a);
	return r == CSEAL_OK ? cli_act_seal(c, a) : r;
}

int
cli_approve(struct cli *c)
{
	struct cseal_change typed = { .kind = NULL };
	struct cseal_evidence_set given = { .n = 0 };
	struct cli_act a = {
		.name = "approve",
		.why = "to approve this change",
		.done = "approved by",
	};
	int r;

	r = approve(c, &a, &typed, &given);
	cseal_change_free(&typed);
	r = cli_act_end(c, &a, r);
	cseal_evidence_free(&given);
	return r;
}
