/* SPDX-License-Identifier: BSD-2-Clause */
#include "state.h"

#include <inttypes.h>

/* ---- for people ---- */

static void
say_approvers(const struct state_view *v, const struct cseal_state_change *h)
{
	for (size_t i = 0; i < h->n_approvals; i++)
		cli_say(v->c, "%s%s", i == 0 ? ", approved by " : ", ",
		    reading_handle(v->s, h->approvals[i].person));
}

static void
say_confirmed(const struct state_view *v, const struct state_place *p)
{
	const struct state_entry *e = &p->confirmed;
	char when[CLI_TIME_BYTES];

	if (p->slot->confirmed) {
		cli_time(e->clock, when);
		cli_say(v->c, "  confirmed %s by %s, seen: %s\n", when,
		    e->person, cseal_word_name(cseal_levels, e->level));
		return;
	}
	cli_say(v->c, "  not confirmed");
	if (p->back.within != CSEAL_TIME_NEVER &&
	    p->back.due == CSEAL_DUE_NOT) {
		cli_time(p->back.within, when);
		cli_say(v->c, "; to be read back until %s", when);
	}
	cli_say(v->c, "\n");
}

static void
say_observed(const struct state_view *v, const struct state_place *p)
{
	const struct state_entry *e = &p->observed;
	char when[CLI_TIME_BYTES];

	if (!p->slot->observed ||
	    (p->slot->confirmed &&
		p->slot->confirmed_at == p->slot->observed_at))
		return;
	cli_time(e->clock, when);
	cli_say(v->c, "  last report %s by %s: %s, seen: %s, from %s\n", when,
	    e->person, cseal_word_name(cseal_observe_outcomes, e->outcome),
	    cseal_word_name(cseal_levels, e->level), e->source);
}

static void
say_due(const struct state_view *v, const struct state_place *p)
{
	char when[CLI_TIME_BYTES];

	cli_time(p->back.due_since, when);
	if (p->back.due == CSEAL_DUE_WITHIN)
		cli_say(v->c, "  overdue: to be read back until %s\n", when);
	else if (p->back.due == CSEAL_DUE_AGAIN)
		cli_say(
		    v->c, "  overdue: to be read back again from %s\n", when);
	if (!p->known)
		cli_say(v->c,
		    "  when it is to be read back is not known here: %s\n",
		    v->c->err.what);
}

static void
say_frozen(const struct state_view *v, const struct state_place *p)
{
	const struct cseal_state_freeze *f = p->frozen;

	if (f != NULL)
		cli_say(v->c,
		    "  the store is frozen by entry %" PRIu64 " of %s: %s\n",
		    f->entry, reading_handle(v->s, f->person),
		    cseal_word_name(cseal_reasons, f->reason));
}

int
state_say(const struct state_view *v, const struct state_place *p)
{
	const struct cseal_state_change *h = p->change;
	char name[CSEAL_CHANGE_NAME_BYTES], when[CLI_TIME_BYTES];
	char place[READING_PLACE_BYTES];
	struct cli *c = v->c;

	cseal_change_name(h, name);
	reading_place(h, place);
	cli_time(p->since.clock, when);
	cli_say(c, "%s  %s  #%s\n", place, h->kind->name, name);
	cli_say(c, "  since %s by %s; asked by %s", when, p->since.person,
	    reading_handle(v->s, h->requester));
	say_approvers(v, h);
	cli_say(c, "\n");
	if (!h->kind->authority) {
		say_confirmed(v, p);
		say_observed(v, p);
		say_due(v, p);
		say_frozen(v, p);
	}
	if (p->next[0] != '\0')
		cli_say(c, "      %s\n", p->next);
	if (h->op == CSEAL_OP_REMOVE)
		cli_say(c, "  removed: there is nothing in this slot\n");
	return reading_values_say(c, v->d, h, 2, false);
}

/* ---- for programs ---- */

static json_t *
time_json(uint64_t t)
{
	return t == 0 || t == CSEAL_TIME_NEVER ? json_null() : cli_json_time(t);
}

static json_t *
entry_json(const struct state_entry *e)
{
	return json_pack("{s:I, s:o, s:s, s:s}", "index", (json_int_t)e->index,
	    "time", cli_json_time(e->clock), "person", e->person, "level",
	    cseal_word_name(cseal_levels, e->level));
}

static json_t *
observed_json(const struct state_entry *e)
{
	json_t *j = entry_json(e);

	json_object_set_new(j, "outcome",
	    json_string(cseal_word_name(cseal_observe_outcomes, e->outcome)));
	json_object_set_new(j, "source", json_string(e->source));
	return j;
}

static json_t *
frozen_json(const struct state_view *v, const struct cseal_state_freeze *f)
{
	return f == NULL
		   ? json_null()
		   : json_pack("{s:I, s:s, s:s}", "index", (json_int_t)f->entry,
			 "person", reading_handle(v->s, f->person), "reason",
			 cseal_word_name(cseal_reasons, f->reason));
}

static json_t *
back_json(const struct state_place *p)
{
	static const char *const words[] = {
		[CSEAL_DUE_NOT] = NULL,
		[CSEAL_DUE_WITHIN] = "within",
		[CSEAL_DUE_AGAIN] = "again",
	};

	return json_pack("{s:o, s:o, s:s?, s:o}", "within",
	    time_json(p->back.within), "again", time_json(p->back.again), "due",
	    words[p->back.due], "since", time_json(p->back.due_since));
}

int
state_json(const struct state_view *v, const struct state_place *p, int *status)
{
	json_t *j, *values = NULL;
	int r = reading_values_json(v->c, v->d, p->change, &values);

	if (r != CSEAL_OK) {
		json_decref(values);
		return r;
	}
	j = reading_change_json(v->d, p->change);
	json_object_set_new(j, "since_time", cli_json_time(p->since.clock));
	json_object_set_new(
	    j, "since", json_integer((json_int_t)p->since.index));
	json_object_set_new(j, "since_person", json_string(p->since.person));
	json_object_set_new(j, "fields", values); /* transferred */
	json_object_set_new(j, "confirmed",
	    p->slot->confirmed ? entry_json(&p->confirmed) : json_null());
	json_object_set_new(j, "observed",
	    p->slot->observed ? observed_json(&p->observed) : json_null());
	json_object_set_new(j, "read_back", back_json(p));
	json_object_set_new(j, "frozen", frozen_json(v, p->frozen));
	json_object_set_new(
	    j, "next", p->next[0] != '\0' ? json_string(p->next) : json_null());
	if (v->at)
		json_object_set_new(j, "size",
		    json_integer((json_int_t)cseal_state_size(v->s)));
	*status = cli_json(v->c, j);
	return CSEAL_OK;
}
