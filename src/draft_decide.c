/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of what is decided about a change: approve, reject, withdraw, apply.
 */

#include <string.h>

#include "attested.h"
#include "claims.h"
#include "digest.h"
#include "draft_making.h"
#include "reentry.h"
#include "slice.h"

static int
begin_act(struct making *m, struct cseal_desk *d, uint64_t key, uint64_t kind,
    uint64_t change, struct cseal_error *err)
{
	struct cseal_act *act = &m->st.u.act;
	int r;

	r = making_begin(m, d, key, kind, err);
	if (r != CSEAL_OK)
		return r;
	m->change = state_change(m->s, change);
	if (m->change == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "change",
		    "there is no change #%llu; see: counterseal list",
		    (unsigned long long)change);
	act->index = change;
	memcpy(act->leaf, m->change->pub.leaf, CSEAL_HASH_BYTES);
	m->st.has_thread = true;
	memcpy(m->st.thread, digest_log_last(&m->change->thread),
	    CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

/* The commitment to what the panel shows. */
static int
put_shown(struct making *m)
{
	struct cseal_shown *shown = &m->st.u.act.shown;

	shown->template_number = PANEL_TEMPLATE;
	shown->language = slice_of(PANEL_LANGUAGE);
	shown->utc_offset = m->panel.utc_offset;
	return draft_commit(
	    m->p, "", cseal_buf_slice(&m->p->panel), false, shown->hash);
}

/* The panel, and the commitment to it. */
static int
show(struct making *m)
{
	int r = panel_begin_act(&m->panel, &m->st);

	if (r == CSEAL_OK)
		r = panel_act(&m->p->panel, &m->panel, &m->st, m->err);
	return r != CSEAL_OK ? r : put_shown(m);
}

/* For who ends a change: its values need not be here, and are not shown. */
static int
show_alone(struct making *m)
{
	int r = panel_begin_act(&m->panel, &m->st);

	return r != CSEAL_OK ? r : panel_change(&m->p->panel, &m->panel);
}

/* The values on the panel as a change; they are copied. */
static int
put_values(const struct panel_change *p, struct cseal_change *c)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++) {
		const struct panel_value *v = &p->values[i];
		struct cseal_value *to = &c->values[c->n_values];

		if (!v->has_next)
			continue;
		to->field = v->field;
		cseal_buf_init(&to->text, 0);
		r = cseal_buf_add(&to->text, v->next.data, v->next.len);
		c->n_values++;
	}
	return r;
}

/* Each approver's machine computes the facts from the openings again. */
static int
check_facts(struct making *m)
{
	const struct cseal_statement *q = &m->change->statement;
	struct cseal_change c = {
		.kind = m->panel.kind, .op = m->panel.op, .closed = true
	};
	const struct claims claims = { .state = m->s,
		.openings = m->openings,
		.change = &c,
		.seen = q->seen.size };
	bool hold = false;
	int r;

	memcpy(c.store, m->change->pub.store, sizeof(c.store));
	r = put_values(&m->panel, &c);
	if (r == CSEAL_OK)
		r = claims_blocked(cseal_state_policy(m->s), &c, m->err);
	if (r == CSEAL_OK)
		r = claims_hold(&claims, q->u.request.facts, &hold, m->err);
	cseal_change_free(&c);
	if (r != CSEAL_OK || hold)
		return r;
	return cseal_error_set(m->err, CSEAL_ERR_REFUSED, "facts",
	    "the requester's machine stated other facts of these values than "
	    "this machine finds: do not approve, and ask the requester");
}

/* What was typed again, in the kind's order; it fits what was asked for. */
static int
put_reentered(struct making *m, const struct cseal_change *typed)
{
	const struct cseal_kind *k = m->change->pub.kind;
	struct cseal_act *act = &m->st.u.act;
	int r;

	if (typed == NULL)
		return CSEAL_OK;
	r = reentry_compare(m->desk, &m->change->pub, typed, m->err);
	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < k->n_fields; i++) {
		if (cseal_change_value(typed, k->fields[i].name) != NULL)
			m->names[act->n_reentered++] =
			    slice_of(k->fields[i].name);
	}
	act->reentered = m->names;
	return CSEAL_OK;
}

int
cseal_draft_approve(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, const struct cseal_change *typed,
    const struct cseal_evidence_set *given, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_APPROVE, change, err);
	if (r == CSEAL_OK)
		r = put_reentered(&m, typed);
	if (r == CSEAL_OK)
		r = making_put_evidence(&m, given);
	if (r == CSEAL_OK)
		r = show(&m);
	if (r == CSEAL_OK)
		r = attested_check(d, m.change, err);
	if (r == CSEAL_OK && (r = check_facts(&m)) == CSEAL_OK)
		m.st.u.act.facts = m.change->statement.u.request.facts;
	return making_end(&m, r, out);
}

int
cseal_desk_may_approve(struct cseal_desk *d, uint64_t key, uint64_t change,
    const struct cseal_evidence_set *given, struct cseal_error *err)
{
	const char *names[CSEAL_KIND_FIELDS_MAX];
	struct cseal_draft *p = NULL;
	struct making m;
	int r;

	r = begin_act(&m, d, key, CSEAL_APPROVE, change, err);
	if (r == CSEAL_OK) {
		struct cseal_act *act = &m.st.u.act;

		/* As it will be, if nothing else stands against it. */
		act->facts = m.change->statement.u.request.facts;
		act->n_reentered =
		    reentry_names(m.s, &m.change->statement, names);
		for (size_t i = 0; i < act->n_reentered; i++)
			m.names[i] = slice_of(names[i]);
		act->reentered = m.names;
		r = making_put_evidence(&m, given);
		if (r == CSEAL_OK)
			r = put_shown(&m);
	}
	r = making_end(&m, r, &p);
	cseal_draft_free(p);
	return r;
}

int
cseal_draft_reject(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t change, uint64_t reason, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_REJECT, change, err);
	m.st.u.act.reason = reason;
	if (r == CSEAL_OK)
		r = show_alone(&m);
	return making_end(&m, r, out);
}

int
cseal_draft_withdraw(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_WITHDRAW, change, err);
	if (r == CSEAL_OK)
		r = show_alone(&m);
	return making_end(&m, r, out);
}

int
cseal_draft_apply(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t change, uint64_t outcome, uint64_t level, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_APPLY, change, err);
	m.st.u.act.outcome = outcome;
	m.st.u.act.level = level;
	if (r == CSEAL_OK &&
	    (outcome < CSEAL_APPLY_ENTERED || outcome > CSEAL_APPLY_DIFFERS))
		r = cseal_error_set(err, CSEAL_ERR_INPUT, "outcome",
		    "entered, refused or differs is wanted");
	if (r == CSEAL_OK)
		r = show(&m);
	return making_end(&m, r, out);
}
