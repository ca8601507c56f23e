/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of what is decided about a change: approve, reject, withdraw, apply.
 */

#include <string.h>

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
	m->panel.change = &m->change->pub;
	m->panel.kind = m->change->pub.kind;
	m->panel.op = m->change->pub.op;
	m->panel.store = m->change->pub.store;
	m->panel.slot = m->change->pub.slot;
	m->panel.not_after = m->change->pub.not_after;
	act->index = change;
	memcpy(act->leaf, m->change->pub.leaf, CSEAL_HASH_BYTES);
	m->st.has_thread = true;
	memcpy(m->st.thread, digest_log_last(&m->change->thread),
	    CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

/* The values asked for, from the openings of the request. */
static int
put_values_of_change(struct making *m)
{
	const struct cseal_kind *k = m->panel.kind;
	const struct cseal_request *req = &m->change->statement.u.request;
	struct panel_value *v;
	struct cseal_buf *b;
	int r;

	for (size_t i = 0; i < k->n_fields; i++) {
		v = making_add_value(m, &k->fields[i]);
		b = &m->values[CSEAL_KIND_FIELDS_MAX + i];
		r = cseal_desk_value(
		    m->desk, m->panel.change, v->name, b, m->err);
		if (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND)
			return r;
		v->has_next = r == CSEAL_OK;
		v->next = cseal_buf_slice(b);
		if ((r = making_put_now(m, v)) != CSEAL_OK)
			return r;
		for (size_t j = 0; j < req->n_fields && !v->has_next; j++) {
			if (slice_is(req->fields[j].name, v->name))
				return cseal_error_set(m->err,
				    CSEAL_ERR_NOT_FOUND, v->name,
				    "its value is not on this desk, so nobody "
				    "can judge it here");
		}
	}
	return CSEAL_OK;
}

/* The requester's reason, if one was given and is still here. */
static int
put_reason(struct making *m)
{
	int r = cseal_desk_value(
	    m->desk, m->panel.change, "reason", &m->why, m->err);

	if (r == CSEAL_OK)
		m->panel.why = cseal_buf_slice(&m->why);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* Authority changes have no values: their detail is told in words. */
static int
put_detail(struct making *m)
{
	const struct cseal_request *q = &m->change->statement.u.request;
	struct cseal_revocation v;
	struct cseal_key k;

	if (m->panel.kind->detail == CSEAL_DETAIL_KEY_ADD) {
		if (cseal_key_parse(&k, q->detail) != CSEAL_OK)
			return CSEAL_ERR_FORMAT;
		return panel_key(&m->panel.about, &k);
	}
	if (m->panel.kind->detail != CSEAL_DETAIL_KEY_REVOKE)
		return CSEAL_OK;
	if (cseal_revocation_parse(&v, q->detail) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	return panel_revocation(&m->panel.about, &v);
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
	int r;

	r = m->panel.kind->authority ? put_detail(m) : put_values_of_change(m);
	if (r == CSEAL_OK)
		r = put_reason(m);
	if (r != CSEAL_OK ||
	    (r = panel_change(&m->p->panel, &m->panel)) != CSEAL_OK)
		return r;
	return put_shown(m);
}

/* Each approver's machine computes the facts from the openings again. */
static int
check_facts(struct making *m)
{
	struct cseal_change c = {
		.kind = m->panel.kind, .op = m->panel.op, .closed = true
	};
	const struct cseal_slice asked = m->change->statement.u.request.facts;
	struct cseal_facts facts;
	int r;

	for (size_t i = 0; i < m->panel.n_values; i++) {
		const struct panel_value *v = &m->panel.values[i];
		struct cseal_value *to = &c.values[c.n_values];

		if (!v->has_next)
			continue;
		to->field = cseal_kind_field(c.kind, v->name, strlen(v->name));
		to->text = m->values[CSEAL_KIND_FIELDS_MAX + i];
		c.n_values++;
	}
	if ((r = cseal_change_facts(&c, &facts, m->err)) != CSEAL_OK ||
	    (r = cseal_facts_encode(&m->facts, &facts)) != CSEAL_OK)
		return r;
	if (m->facts.len == asked.len &&
	    memcmp(m->facts.data, asked.data, asked.len) == 0)
		return CSEAL_OK;
	return cseal_error_set(m->err, CSEAL_ERR_REFUSED, "facts",
	    "the requester's machine stated other facts of these values than "
	    "this machine finds: do not approve, and ask the requester");
}

/* What was typed again, in the kind's order; it fits what was asked for. */
static int
put_reentered(struct making *m, const struct cseal_change *typed)
{
	const struct cseal_kind *k = m->panel.kind;
	struct cseal_act *act = &m->st.u.act;
	int r;

	if (typed == NULL)
		return CSEAL_OK;
	r = reentry_compare(m->desk, m->panel.change, typed, m->err);
	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < k->n_fields; i++) {
		if (cseal_change_value(typed, k->fields[i].name) == NULL)
			continue;
		m->names[act->n_reentered++] = slice_of(k->fields[i].name);
		(void)cseal_buf_printf(&m->panel.reentered, "%s%s",
		    m->panel.reentered.len > 0 ? ", " : "", k->fields[i].label);
	}
	act->reentered = m->names;
	return cseal_buf_error(&m->panel.reentered);
}

int
cseal_draft_approve(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, const struct cseal_change *typed,
    struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_APPROVE, change, err);
	m.panel.act = "approve this change";
	if (r == CSEAL_OK)
		r = put_reentered(&m, typed);
	if (r == CSEAL_OK)
		r = show(&m);
	if (r == CSEAL_OK)
		r = check_facts(&m);
	m.st.u.act.facts = cseal_buf_slice(&m.facts);
	return making_end(&m, r, out);
}

int
cseal_desk_may_approve(struct cseal_desk *d, uint64_t key, uint64_t change,
    struct cseal_error *err)
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
	m.panel.act = "reject this change for good";
	m.panel.reason = cseal_word_name(cseal_reject_reasons, reason);
	if (r == CSEAL_OK)
		r = panel_change(&m.p->panel, &m.panel);
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
	m.panel.act = "withdraw this change for good";
	if (r == CSEAL_OK)
		r = panel_change(&m.p->panel, &m.panel);
	return making_end(&m, r, out);
}

int
cseal_draft_apply(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t change, uint64_t outcome, uint64_t level, struct cseal_error *err)
{
	static const char *const acts[] = {
		[CSEAL_APPLY_ENTERED] = "state that it was entered so",
		[CSEAL_APPLY_REFUSED] = "state that the console refused it",
		[CSEAL_APPLY_DIFFERS] =
		    "state that the console shows otherwise",
	};
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
	if (r == CSEAL_OK) {
		m.panel.act = acts[outcome];
		r = show(&m);
	}
	return making_end(&m, r, out);
}
