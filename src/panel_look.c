/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands beside a change, as far as it is here: what is in force in its
 * slot, who else has the account, which approved values it could be taken for.
 */

#include <string.h>

#include "panel.h"
#include "slice.h"
#include "used.h"

/* ---- what is in force ---- */

/* The change in force in the slot; NULL: none, or it is this one. */
static const struct state_change *
in_force(const struct panel_change *p)
{
	const struct cseal_state_slot *t =
	    state_slot(p->state, p->store, p->slot);
	const struct state_change *c =
	    t != NULL ? state_change(p->state, t->change) : NULL;

	return c != p->change ? c : NULL;
}

static int
put_now(struct panel_change *p, const struct state_change *now,
    struct panel_value *v, struct cseal_error *err)
{
	const struct cseal_kind *k = now->pub.kind;
	const char *name = v->field->name;
	int r;

	/* Another scheme of the slot has other fields. */
	if (cseal_kind_field(k, name, strlen(name)) == NULL)
		return CSEAL_OK;
	r = values_get(p->openings, now, name, &v->now, err);
	v->has_now = r == CSEAL_OK;
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

static int
look_at_now(struct panel_change *p, struct cseal_error *err)
{
	const struct state_change *now = in_force(p);
	struct panel_choice *choice = &p->choices[PANEL_CHOICE_NOW];
	bool any = false;
	int r;

	for (size_t i = 0; now != NULL && i < p->n_values; i++) {
		r = put_now(p, now, &p->values[i], err);
		if (r != CSEAL_OK)
			return r;
		any = any || p->values[i].has_now;
	}
	choice->ways = any ? 2 : 1;
	for (size_t i = 0; choice->way == 1 && i < p->n_values; i++)
		p->values[i].has_now = false;
	p->now_missing = now != NULL && now->statement.u.request.n_fields > 0 &&
			 (!any || choice->way == 1);
	return CSEAL_OK;
}

/* ---- who else has the account ---- */

/*
 * Told, from the first way to the last: the latest change elsewhere, the one
 * before it ...; nothing, if it was asked for at this store; that it is the
 * first.
 */
struct used_found {
	unsigned elsewhere;
	bool here;
};

static int
look_at_used(struct panel_change *p, struct cseal_error *err)
{
	struct panel_choice *choice = &p->choices[PANEL_CHOICE_USED];
	struct used_found found = { 0 };
	enum used_answer answer;
	struct used u;
	int r;

	used_begin(&u, p->kind);
	for (size_t i = 0; i < p->n_values; i++) {
		if (p->values[i].has_next)
			used_set(
			    &u, p->values[i].field->name, p->values[i].next);
	}
	if (!used_has_account(&u))
		return CSEAL_OK;
	for (size_t i = p->state->changes.n; i > 0; i--) {
		const struct state_change *c = p->state->changes.items[i - 1];

		if (p->change != NULL && c->pub.index >= p->change->pub.index)
			continue;
		r = used_by(&u, p->openings, c, &answer, err);
		if (r != CSEAL_OK)
			return r;
		if (answer != USED_YES)
			continue;
		if (strcmp(c->pub.store, p->store) == 0)
			found.here = true;
		else if (found.elsewhere++ == choice->way)
			p->used = c;
	}
	choice->ways = found.elsewhere + found.here + 1;
	p->first_account = choice->way + 1 == choice->ways;
	return CSEAL_OK;
}

int
panel_look(struct panel_change *p, struct cseal_error *err)
{
	int r;

	p->used = NULL;
	p->first_account = false;
	if ((r = look_at_now(p, err)) != CSEAL_OK ||
	    (r = look_at_used(p, err)) != CSEAL_OK)
		return r;
	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++)
		r = panel_look_alike(
		    p, &p->values[i], &p->choices[PANEL_CHOICE_ALIKE + i], err);
	return r;
}
