/* SPDX-License-Identifier: BSD-2-Clause */
/* What an observation means, in sentences; secret values masked. */

#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "observation.h"
#include "observe.h"

#define VALUE_COLUMNS 40

/* ---- values ---- */

static void
add_safe(struct cseal_buf *out, struct cseal_buf *text)
{
	(void)cseal_text_safe(out, text->data, text->len, VALUE_COLUMNS);
}

/* A value of what is in force, masked if it is secret. */
static void
add_approved(const struct cseal_value *v, struct cseal_buf *out)
{
	const struct cseal_format *f = v->field->format;
	const char *text = (const char *)v->text.data; /* terminated */
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	(void)(v->field->grade == CSEAL_GRADE_SECRET ? f->mask(f, text, &b)
						     : f->group(f, text, &b));
	add_safe(out, &b);
	cseal_buf_free(&b);
}

/* The value by which people know what is in force: its number, if any. */
static const struct cseal_value *
main_value(const struct cseal_change *c)
{
	const struct cseal_field *number = tail_field(c->kind);

	for (size_t i = 0; i < c->n_values; i++) {
		if (c->values[i].field == number)
			return &c->values[i];
	}
	for (size_t i = 0; i < c->n_values; i++) {
		if (c->values[i].field->account)
			return &c->values[i];
	}
	return c->n_values > 0 ? &c->values[0] : NULL;
}

static bool
is_payout(const struct sight *v)
{
	return strncmp(v->o->slot, "payout", 6) == 0;
}

/* "an account ending 3417", "IBAN DE02 .... 2051", "the country FR" */
static void
add_shown(const struct sight *v, const struct cseal_observed *s,
    struct cseal_buf *out)
{
	struct cseal_buf b;

	if (s->part == CSEAL_OBSERVED_DEFAULT) {
		(void)cseal_buf_add_str(out, "that another account is paid to");
		return;
	}
	cseal_buf_init(&b, 0);
	if (s->part == CSEAL_OBSERVED_TAIL) {
		(void)cseal_buf_printf(out, "%s ending ",
		    is_payout(v) ? "an account" : "a number");
		(void)cseal_buf_add(&b, s->text.data, s->text.len);
	} else {
		(void)cseal_buf_printf(out, "%s ",
		    s->field != NULL			? s->field->label
		    : s->part == CSEAL_OBSERVED_COUNTRY ? "the country"
							: s->name);
		(void)cseal_observed_mask(s, &b);
	}
	add_safe(out, &b);
	cseal_buf_free(&b);
}

/* What tells most: the first value that differs, the number before others. */
static const struct cseal_observed *
telling(const struct sight *v)
{
	const struct cseal_observed *found = NULL;

	for (size_t i = 0; i < v->o->n_shown; i++) {
		const struct cseal_observed *s = &v->o->shown[i];

		if (v->j.compared.same[i] != CSEAL_DIFFERS)
			continue;
		if (s->part == CSEAL_OBSERVED_TAIL)
			return s;
		if (found == NULL ||
		    (s->field != NULL && s->field->account &&
			(found->field == NULL || !found->field->account)))
			found = s;
	}
	return found;
}

/* The approved value beside the one that differs; NULL if there is none. */
static const struct cseal_value *
counterpart(const struct sight *v, const struct cseal_observed *s)
{
	const struct cseal_change *c = &v->approved;

	for (size_t i = 0; s != NULL && i < c->n_values; i++) {
		if (c->values[i].field == s->field)
			return &c->values[i];
	}
	return main_value(c);
}

/* ---- sentences ---- */

static void
add_in_force(const struct sight *v, const struct cseal_observed *s,
    struct cseal_buf *out)
{
	const struct cseal_state *state = cseal_desk_state(v->d);
	const struct cseal_value *a;
	char since[CSEAL_TIME_BYTES];

	if (v->j.slot == NULL) {
		(void)cseal_buf_printf(
		    out, "nothing is approved in its slot %s", v->o->slot);
		return;
	}
	cseal_time_utc(state->clocks[v->j.slot->since], since);
	(void)cseal_buf_printf(out, "%s since %.10s: ",
	    v->j.outcome == CSEAL_OBSERVE_MISMATCH
		? "in force, and not yet confirmed,"
		: "approved",
	    since);
	a = counterpart(v, s);
	if (a == NULL)
		(void)cseal_buf_add_str(out, "nothing at all");
	else
		add_approved(a, out);
}

/* Where what is shown comes from, as far as the ledger tells. */
static void
add_origin(const struct sight *v, struct cseal_buf *out)
{
	const struct cseal_state_change *c = v->j.fits;
	char name[CSEAL_CHANGE_NAME_BYTES];

	if (c == NULL) {
		(void)cseal_buf_add_str(out, " No change was asked for.");
		return;
	}
	cseal_change_name(c, name);
	if (c->status == CSEAL_CHANGE_REPLACED)
		(void)cseal_buf_printf(out,
		    " It is what #%s had put there before: some consoles take "
		    "two working days to show a change.",
		    name);
	else
		(void)cseal_buf_printf(out,
		    " It is what #%s asks for, which is %s and was not "
		    "sealed as entered.",
		    name,
		    c->status == CSEAL_CHANGE_APPROVED ? "approved"
						       : "not approved");
}

static int
say_match(const struct sight *v, struct cseal_buf *out)
{
	const struct cseal_value *a;
	const char *level = cseal_word_name(cseal_levels, v->j.compared.level);

	if (v->j.is_idle)
		return cseal_buf_printf(out,
		    "NOTHING: %s shows nothing in %s, and nothing is approved "
		    "there.",
		    v->o->store, v->o->slot);
	a = main_value(&v->approved);
	(void)cseal_buf_printf(
	    out, "MATCH: %s shows what is approved", v->o->store);
	if (a != NULL) {
		(void)cseal_buf_add_str(out, ": ");
		add_approved(a, out);
	}
	return cseal_buf_printf(out, " (seen: %s).", level);
}

int
sight_text(const struct sight *v, struct cseal_buf *out)
{
	const struct cseal_observed *s = telling(v);

	if (v->j.outcome == CSEAL_OBSERVE_MATCH)
		return say_match(v, out);
	(void)cseal_buf_printf(out, "%s: %s shows ",
	    v->j.outcome == CSEAL_OBSERVE_DRIFT ? "DRIFT" : "MISMATCH",
	    v->o->store);
	if (s != NULL)
		add_shown(v, s, out);
	else
		(void)cseal_buf_add_str(out, "nothing");
	(void)cseal_buf_add_str(out, "; ");
	add_in_force(v, s, out);
	(void)cseal_buf_add_str(out, ".");
	add_origin(v, out);
	return cseal_buf_error(out);
}

int
cseal_judgement_text(struct cseal_desk *d, const struct cseal_observation *o,
    const struct cseal_judgement *j, struct cseal_buf *out)
{
	struct sight v = { .d = d, .o = o, .j = *j };
	int r = CSEAL_OK;

	if (j->change != NULL)
		r = cseal_desk_values(d, j->change, &v.approved, NULL);
	if (r == CSEAL_OK)
		r = sight_text(&v, out);
	sight_close(&v);
	return r;
}
