/* SPDX-License-Identifier: BSD-2-Clause */

#include "observe.h"

#include <string.h>

#include "desk.h"
#include "slice.h"

/* ---- confirming ---- */

uint64_t
cseal_slot_level(const struct cseal_state *s, const struct cseal_state_slot *t)
{
	return state_slot_level(s, t);
}

enum cseal_confirming
cseal_slot_confirming(const struct cseal_state *s,
    const struct cseal_state_slot *t, size_t person, uint64_t level)
{
	if (t == NULL)
		return CSEAL_CONFIRMS_NOTHING;
	if (level < state_slot_level(s, t))
		return CSEAL_CONFIRMS_NOT_LEVEL;
	return state_slot_hears(s, t, person) ? CSEAL_CONFIRMS
					      : CSEAL_CONFIRMS_NOT_BY_HIM;
}

/* ---- judging ---- */

static int
check_place(const struct sight *v)
{
	const struct cseal_policy *p =
	    cseal_state_policy(cseal_desk_state(v->d));

	if (cseal_policy_has_slot(p, v->o->store, v->o->slot))
		return CSEAL_OK;
	return cseal_error_set(v->err, CSEAL_ERR_NOT_FOUND, v->o->store,
	    "the policy declares no store %s with a slot %s", v->o->store,
	    v->o->slot);
}

/* What was read before the edit tells nothing of what came after it. */
static int
check_time(const struct sight *v, uint64_t seen_at)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	const uint64_t tolerance =
	    cseal_policy_tolerance(cseal_state_policy(s));
	const uint64_t now = cseal_desk_now(v->d);
	char name[CSEAL_CHANGE_NAME_BYTES];

	if (seen_at > now && seen_at - now > tolerance)
		return cseal_error_set(v->err, CSEAL_ERR_INPUT, "time",
		    "the console was read in the future: check the clock of "
		    "the machine that read it");
	if (seen_at == 0 || v->j.slot == NULL ||
	    seen_at >= s->clocks[v->j.slot->since])
		return CSEAL_OK;
	cseal_change_name(v->j.change, name);
	return cseal_error_set(v->err, CSEAL_ERR_INPUT, "time",
	    "the console was read before #%s came into force: read it again",
	    name);
}

static int
load_approved(struct sight *v)
{
	const struct cseal_state *s = cseal_desk_state(v->d);

	v->j.slot = cseal_state_slot_find(s, v->o->store, v->o->slot);
	if (v->j.slot == NULL)
		return CSEAL_OK;
	v->j.change = cseal_state_change_find(s, v->j.slot->change);
	return cseal_desk_values(v->d, v->j.change, &v->approved, v->err);
}

static int
compare_with(const struct cseal_observation *o, const struct cseal_change *c,
    struct cseal_comparison *out, struct cseal_error *err)
{
	return cseal_observation_compare(
	    o, c->kind, c->values, c->n_values, out, err);
}

/* Where nothing is in force, whatever is shown differs. */
static void
compare_with_nothing(struct sight *v)
{
	struct cseal_comparison *k = &v->j.compared;

	for (size_t i = 0; i < v->o->n_shown; i++)
		k->same[i] = CSEAL_DIFFERS;
	k->n_differ = v->o->n_shown;
	v->j.is_idle = v->o->empty;
	k->matches = v->o->empty;
}

static int
check_shown(const struct sight *v)
{
	const struct cseal_comparison *k = &v->j.compared;

	if (v->o->empty && v->o->n_shown > 0)
		return cseal_error_set(v->err, CSEAL_ERR_INPUT,
		    v->o->shown[0].name,
		    "the console shows it, or nothing: not both");
	if (v->o->empty || k->n_same + k->n_differ > 0)
		return CSEAL_OK;
	return cseal_error_set(v->err, CSEAL_ERR_INPUT, v->o->slot,
	    v->o->n_shown == 0
		? "what does the console show there? give its values, or say "
		  "that it shows nothing"
		: "nothing of what is shown was approved, so nothing can be "
		  "compared: give the number or its end");
}

/* Another change of that place which what is shown would match. */
static bool
would_fit(const struct sight *v, const struct cseal_state_change *c)
{
	struct cseal_comparison k = { .matches = false };
	struct cseal_change values;
	int r;

	if (c == v->j.change || c->kind->authority ||
	    strcmp(c->store, v->o->store) != 0 ||
	    strcmp(c->slot, v->o->slot) != 0 ||
	    (c->status != CSEAL_CHANGE_ASKED &&
		c->status != CSEAL_CHANGE_APPROVED &&
		c->status != CSEAL_CHANGE_REPLACED))
		return false;
	r = cseal_desk_values(v->d, c, &values, NULL);
	if (r == CSEAL_OK)
		r = compare_with(v->o, &values, &k, NULL);
	cseal_change_free(&values);
	return r == CSEAL_OK && k.matches &&
	       (k.level != CSEAL_LEVEL_NONE || v->o->empty);
}

/* The newest of them. */
static void
find_fitting(struct sight *v)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	const struct cseal_state_change *c;

	for (size_t i = 0; (c = cseal_state_change(s, i)) != NULL; i++) {
		if (would_fit(v, c))
			v->j.fits = c;
	}
}

/* ---- what was reported before ---- */

/* Is it a report of this place that shows the very same? */
static int
is_same_report(const struct sight *v, uint64_t index,
    const struct cseal_statement *st, bool *same)
{
	const struct cseal_observe *s = &st->u.observe;
	struct cseal_opening o;
	int r = CSEAL_OK;

	*same = st->kind == CSEAL_OBSERVE && slice_is(s->store, v->o->store) &&
		slice_is(s->slot, v->o->slot) && s->outcome == v->j.outcome &&
		s->n_fields == v->o->n_shown;
	for (size_t i = 0; *same && i < v->o->n_shown; i++) {
		const struct cseal_observed *x = &v->o->shown[i];

		r = cseal_ledger_opening(
		    v->d->ledger, index, x->name, &o, v->err);
		*same = r == CSEAL_OK && slice_same(cseal_buf_slice(&o.value),
					     cseal_buf_slice(&x->text));
		if (r == CSEAL_OK)
			cseal_opening_free(&o);
	}
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

static int
look_at_report(struct sight *v, uint64_t index)
{
	struct cseal_statement st;
	struct cseal_entry e;
	struct cseal_buf bytes;
	bool same = false;
	int r;

	cseal_buf_init(&bytes, 0);
	r = cseal_ledger_get(v->d->ledger, index, &bytes, v->err);
	if (r == CSEAL_OK)
		r = cseal_entry_parse(&e, cseal_buf_slice(&bytes));
	if (r == CSEAL_OK &&
	    (r = cseal_statement_parse(&st, e.statement, v->err)) == CSEAL_OK) {
		r = is_same_report(v, index, &st, &same);
		cseal_statement_free(&st);
	}
	cseal_buf_free(&bytes);
	if (same) {
		v->j.is_reported = true;
		v->j.reported_at = index;
	}
	return r;
}

static int
find_report(struct sight *v)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	const struct cseal_state_freeze *f;
	int r = CSEAL_OK;

	/* What two people lifted is dealt with: the same again is news. */
	if (!v->j.freezes && v->j.slot != NULL && v->j.slot->observed &&
	    v->j.slot->observed_outcome == v->j.outcome)
		r = look_at_report(v, v->j.slot->observed_at);
	for (size_t i = 0; r == CSEAL_OK && !v->j.is_reported &&
			   (f = cseal_state_freeze(s, i)) != NULL;
	     i++) {
		if (!f->lifted && f->has_store &&
		    strcmp(f->store, v->o->store) == 0)
			r = look_at_report(v, f->entry);
	}
	return r;
}

static int
conclude(struct sight *v)
{
	const struct cseal_policy *p =
	    cseal_state_policy(cseal_desk_state(v->d));

	if (v->j.compared.matches) {
		v->j.outcome = CSEAL_OBSERVE_MATCH;
		return CSEAL_OK;
	}
	v->j.outcome = v->j.slot != NULL && !v->j.slot->confirmed
			   ? CSEAL_OBSERVE_MISMATCH
			   : CSEAL_OBSERVE_DRIFT;
	v->j.freezes = cseal_policy_freezes_on_drift(p);
	find_fitting(v);
	return find_report(v);
}

int
sight_open(struct sight *v, struct cseal_desk *d,
    const struct cseal_observation *o, uint64_t seen_at,
    struct cseal_error *err)
{
	int r;

	memset(v, 0, sizeof(*v));
	v->d = d;
	v->o = o;
	v->err = err;
	if ((r = check_place(v)) != CSEAL_OK ||
	    (r = load_approved(v)) != CSEAL_OK ||
	    (r = check_time(v, seen_at)) != CSEAL_OK)
		return r;
	if (v->j.slot == NULL)
		compare_with_nothing(v);
	else
		r = compare_with(o, &v->approved, &v->j.compared, err);
	if (r == CSEAL_OK)
		r = check_shown(v);
	return r == CSEAL_OK ? conclude(v) : r;
}

void
sight_close(struct sight *v)
{
	cseal_change_free(&v->approved);
}

int
cseal_desk_observe(struct cseal_desk *d, const struct cseal_observation *o,
    uint64_t seen_at, struct cseal_judgement *out, struct cseal_error *err)
{
	struct sight v;
	int r = sight_open(&v, d, o, seen_at, err);

	*out = v.j;
	sight_close(&v);
	return r;
}
