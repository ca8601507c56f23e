/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in force and is to be read back, by whom and until when. */

#include "status.h"

#include <string.h>

#define NAMES_MAX 8 /* more of them would not help a reader */

/* Would this person's match confirm it? */
static bool
may_confirm(const struct status *w, const struct cseal_state_slot *t, size_t i)
{
	const struct cseal_state_person *p = cseal_state_person(w->s, i);

	return p != NULL && cseal_slot_may_observe(w->s, t, p) &&
	       cseal_slot_confirming(w->s, t, i, CSEAL_LEVEL_FUNDS) ==
		   CSEAL_CONFIRMS;
}

/* A report of that place by this person waits for the home. */
static bool
is_on_its_way(const struct status *w, const struct cseal_state_slot *t)
{
	for (size_t i = 0; i < w->n_sealed; i++) {
		const struct status_sealed *e = &w->sealed[i];

		if (e->act == CSEAL_OBSERVE && e->refused == NULL &&
		    e->person == w->person && strcmp(e->store, t->store) == 0 &&
		    strcmp(e->slot, t->slot) == 0)
			return true;
	}
	return false;
}

/* The next one that is to be read back, from the i-th slot on. */
static const struct cseal_state_slot *
next_back(const struct status *w, size_t *i, struct cseal_read_back *back)
{
	const uint64_t now = cseal_desk_now(w->d);
	const struct cseal_state_slot *t;

	while ((t = cseal_state_slot(w->s, *i)) != NULL) {
		(*i)++;
		/* What cannot be reckoned is never due. */
		(void)cseal_slot_read_back(w->s, t, now, back, NULL);
		if (!is_on_its_way(w, t) &&
		    (back->due != CSEAL_DUE_NOT ||
			(!t->confirmed && back->within != CSEAL_TIME_NEVER)))
			return t;
	}
	return NULL;
}

/* ---- for people ---- */

static void
put_others(const struct status *w, const struct cseal_state_slot *t,
    struct cseal_buf *out)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; n < NAMES_MAX && cseal_state_person(w->s, i) != NULL;
	     i++) {
		if ((w->me == NULL || i != w->person) && may_confirm(w, t, i))
			names[n++] = cseal_state_person(w->s, i)->handle;
	}
	if (n == 0)
		return;
	(void)cseal_buf_add_str(out, "; ");
	(void)cli_list_names(out, names, n);
	(void)cseal_buf_add_str(
	    out, w->me != NULL && may_confirm(w, t, w->person)
		     ? " could as well"
		     : " can read it back");
}

static void
say_back(const struct status *w, const struct cseal_state_slot *t,
    const struct cseal_read_back *back)
{
	const struct cseal_state_change *h =
	    cseal_state_change_find(w->s, t->change);
	char command[READING_COMMAND_BYTES], when[CLI_TIME_BYTES];
	char name[CSEAL_CHANGE_NAME_BYTES], place[READING_PLACE_BYTES];
	char cell[READING_CELL_BYTES];
	struct cseal_buf text;

	cseal_change_name(h, name);
	reading_place(h, place);
	reading_cut(place, 24, cell);
	cli_say(w->c, "  #%s  %s  %s\n", name, h->kind->name, cell);
	cseal_buf_init(&text, 0);
	cli_time(
	    back->due != CSEAL_DUE_NOT ? back->due_since : back->within, when);
	(void)cseal_buf_printf(&text, "%s %s",
	    back->due == CSEAL_DUE_AGAIN
		? "to be read back once more, from"
		: "in force, and not confirmed; to be read back until",
	    when);
	put_others(w, t, &text);
	reading_wrap(w->c, 6, cseal_buf_str(&text));
	cseal_buf_free(&text);
	reading_observe_command(h, command);
	cli_say(w->c, "      %s\n", command);
}

void
status_back_say(const struct status *w, bool late, bool *any)
{
	const struct cseal_state_slot *t;
	struct cseal_read_back back;
	size_t i = 0;

	while ((t = next_back(w, &i, &back)) != NULL) {
		if ((back.due != CSEAL_DUE_NOT) != late)
			continue;
		/* What is not late yet concerns those who can confirm it. */
		if (!late && (w->me == NULL || !may_confirm(w, t, w->person)))
			continue;
		if (!*any)
			cli_say(w->c, "\n%s\n",
			    late ? "overdue" : "to be read back");
		*any = true;
		say_back(w, t, &back);
	}
}

bool
status_back_waits(const struct status *w)
{
	const struct cseal_state_slot *t;
	struct cseal_read_back back;
	size_t i = 0;

	while ((t = next_back(w, &i, &back)) != NULL) {
		if (w->me != NULL && may_confirm(w, t, w->person))
			return true;
	}
	return false;
}

/* ---- for programs ---- */

static json_t *
others_json(const struct status *w, const struct cseal_state_slot *t)
{
	json_t *list = json_array();

	for (size_t i = 0; cseal_state_person(w->s, i) != NULL; i++) {
		if ((w->me == NULL || i != w->person) && may_confirm(w, t, i))
			json_array_append_new(list,
			    json_string(cseal_state_person(w->s, i)->handle));
	}
	return list;
}

static json_t *
back_json(const struct status *w, const struct cseal_state_slot *t,
    const struct cseal_read_back *back)
{
	const struct cseal_state_change *h =
	    cseal_state_change_find(w->s, t->change);
	const bool late = back->due != CSEAL_DUE_NOT;
	char command[READING_COMMAND_BYTES];
	json_t *j = reading_change_json(w->d, h);

	reading_observe_command(h, command);
	json_object_set_new(j, "next", json_string(command));
	json_object_set_new(j, "others", others_json(w, t));
	json_object_set_new(j, "mine",
	    json_boolean(w->me != NULL && may_confirm(w, t, w->person)));
	json_object_set_new(j, "confirmed", json_boolean(t->confirmed));
	json_object_set_new(j, "overdue", json_boolean(late));
	json_object_set_new(j, "until",
	    back->due == CSEAL_DUE_AGAIN || back->within == CSEAL_TIME_NEVER
		? json_null()
		: cli_json_time(back->within));
	json_object_set_new(
	    j, "since", late ? cli_json_time(back->due_since) : json_null());
	return j;
}

json_t *
status_back_json(const struct status *w)
{
	const struct cseal_state_slot *t;
	struct cseal_read_back back;
	json_t *list = json_array();
	size_t i = 0;

	while ((t = next_back(w, &i, &back)) != NULL)
		json_array_append_new(list, back_json(w, t, &back));
	return list;
}
