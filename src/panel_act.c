/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the panel of an act about a change is made of: the statement, the state
 * at its seen head, and the openings of requests. A desk fills it in before
 * the touch, an auditor years later, and both do it here.
 */

#include <string.h>

#include "commitment.h"
#include "panel.h"
#include "slice.h"

void
panel_change_free(struct panel_change *p)
{
	for (size_t i = 0; i < p->n_values; i++)
		cseal_buf_free(&p->values[i].alike);
	cseal_buf_free(&p->about);
	cseal_buf_free(&p->evidence);
	cseal_buf_free(&p->evidence_short);
	cseal_buf_free(&p->reentered);
}

void
panel_put_fields(struct panel_change *p)
{
	for (p->n_values = 0; p->n_values < p->kind->n_fields; p->n_values++)
		p->values[p->n_values].field = &p->kind->fields[p->n_values];
}

/* Authority changes have no values: their detail is told in words. */
static int
put_detail(struct panel_change *p)
{
	const struct cseal_request *q = &p->change->statement.u.request;
	struct cseal_revocation v;
	struct cseal_key k;

	if (p->kind->detail == CSEAL_DETAIL_KEY_ADD) {
		if (cseal_key_parse(&k, q->detail) != CSEAL_OK)
			return CSEAL_ERR_FORMAT;
		return panel_key(&p->about, &k);
	}
	if (p->kind->detail == CSEAL_DETAIL_POLICY_SET)
		return panel_policy(&p->about, p->state, q->detail);
	if (p->kind->detail != CSEAL_DETAIL_KEY_REVOKE)
		return panel_authority(&p->about, p->state, p->kind, q->detail);
	if (cseal_revocation_parse(&v, q->detail) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	return panel_revocation(&p->about, p->state, &v);
}

/* One that the request has, and that nobody can judge without. */
static int
get_asked(struct panel_change *p, const char *name, struct cseal_slice *out,
    bool *has, struct cseal_error *err)
{
	int r;

	*has = commitment_find(&p->change->statement, name) != NULL;
	if (!*has)
		return CSEAL_OK;
	r = values_get(p->openings, p->change, name, out, err);
	if (r == CSEAL_ERR_NOT_FOUND)
		return cseal_error_set(err, r, name,
		    "its value is not on this desk, so nobody can judge it "
		    "here");
	return r;
}

/* Fields, values, reason or detail of p->change. */
static int
put_change(struct panel_change *p, struct cseal_error *err)
{
	struct cseal_slice name;
	bool has;
	int r;

	panel_put_fields(p);
	r = p->kind->authority ? put_detail(p) : CSEAL_OK;
	if (r == CSEAL_OK && p->kind->detail == CSEAL_DETAIL_PERSON_SET) {
		r = get_asked(p, CSEAL_DISPLAY_NAME, &name, &has, err);
		if (r == CSEAL_OK && has)
			panel_named(&p->about, name);
	}
	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++) {
		struct panel_value *v = &p->values[i];

		r = get_asked(p, v->field->name, &v->next, &v->has_next, err);
	}
	if (r == CSEAL_OK)
		r = get_asked(p, "reason", &p->why, &has, err);
	return r;
}

/* With this touch somebody will ... */
static const char *
word_of(const struct cseal_statement *st)
{
	static const char *const outcomes[] = {
		[CSEAL_APPLY_ENTERED] = "state that it was entered so",
		[CSEAL_APPLY_REFUSED] = "state that the console refused it",
		[CSEAL_APPLY_DIFFERS] =
		    "state that the console shows otherwise",
	};
	uint64_t outcome = st->u.act.outcome;

	switch (st->kind) {
	case CSEAL_APPROVE: return "approve this change";
	case CSEAL_REJECT: return "reject this change for good";
	case CSEAL_WITHDRAW: return "withdraw this change for good";
	default:
		return outcome < sizeof(outcomes) / sizeof(*outcomes)
			   ? outcomes[outcome]
			   : NULL;
	}
}

static int
put_reentered(struct panel_change *p, const struct cseal_act *act)
{
	const struct cseal_field *f;

	for (size_t i = 0; i < act->n_reentered; i++) {
		f = cseal_kind_field(p->kind,
		    (const char *)act->reentered[i].data,
		    act->reentered[i].len);
		if (f != NULL)
			(void)cseal_buf_printf(&p->reentered, "%s%s",
			    p->reentered.len > 0 ? ", " : "", f->label);
	}
	return cseal_buf_error(&p->reentered);
}

int
panel_begin_act(struct panel_change *p, const struct cseal_statement *st)
{
	const struct state_change *c = state_change(p->state, st->u.act.index);
	const struct state_key *k = state_key(p->state, st->key);

	p->act = word_of(st);
	if (c == NULL || k == NULL || p->act == NULL)
		return CSEAL_ERR_NOT_FOUND;
	p->signer = state_person(p->state, k->pub.person)->handle;
	p->change = c;
	p->kind = c->pub.kind;
	p->op = c->pub.op;
	p->store = c->pub.store;
	p->slot = c->pub.slot;
	p->not_after = c->pub.not_after;
	if (st->kind == CSEAL_REJECT)
		p->reason =
		    cseal_word_name(cseal_reject_reasons, st->u.act.reason);
	return CSEAL_OK;
}

int
panel_act(struct cseal_buf *out, struct panel_change *p,
    const struct cseal_statement *st, struct cseal_error *err)
{
	int r;

	p->facts = p->change->pub.facts;
	if ((r = put_reentered(p, &st->u.act)) != CSEAL_OK ||
	    (r = put_change(p, err)) != CSEAL_OK ||
	    (r = panel_evidence(p, st, err)) != CSEAL_OK ||
	    (r = panel_look(p, err)) != CSEAL_OK)
		return r;
	return panel_change(out, p);
}
