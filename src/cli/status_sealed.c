/* SPDX-License-Identifier: BSD-2-Clause */
/* What was sealed at this replica: on its way to the home, or refused there. */

#include "status.h"

#include <stdlib.h>
#include <string.h>

static void
copy(char *out, size_t size, struct cseal_slice s)
{
	snprintf(out, size, "%.*s", (int)(s.len < size ? s.len : size - 1),
	    (const char *)s.data);
}

/* Kind and place of the change that it asks for, or is about. */
static void
take_change(const struct cseal_state *s, const struct cseal_statement *st,
    struct status_sealed *e)
{
	const struct cseal_request *q = &st->u.request;
	const struct cseal_state_change *h;

	if (st->kind == CSEAL_REQUEST) {
		e->kind = cseal_kind_find(
		    (const char *)q->change_kind.data, q->change_kind.len);
		copy(e->store, sizeof(e->store), q->store);
		copy(e->slot, sizeof(e->slot), q->slot);
	} else if (st->kind >= CSEAL_APPROVE && st->kind <= CSEAL_APPLY &&
		   (h = cseal_state_change_find(s, st->u.act.index)) != NULL) {
		e->has_change = true;
		e->change = h->index;
		e->kind = h->kind;
		snprintf(e->store, sizeof(e->store), "%s", h->store);
		snprintf(e->slot, sizeof(e->slot), "%s", h->slot);
	} else if (st->kind == CSEAL_OBSERVE) {
		copy(e->store, sizeof(e->store), st->u.observe.store);
		copy(e->slot, sizeof(e->slot), st->u.observe.slot);
	}
}

static int
take(void *ctx, const struct cseal_pending *p)
{
	struct status *w = ctx;
	const struct cseal_state_key *k;
	struct status_sealed *e;

	e = reallocarray(w->sealed, w->n_sealed + 1, sizeof(*e));
	if (e == NULL)
		return CSEAL_ERR_NOMEM;
	w->sealed = e;
	e += w->n_sealed;
	memset(e, 0, sizeof(*e));
	if (p->refused != NULL && (e->refused = strdup(p->refused)) == NULL)
		return CSEAL_ERR_NOMEM;
	w->n_sealed++;
	e->act = p->statement->kind;
	e->clock = p->statement->clock;
	memcpy(e->leaf, p->leaf, sizeof(e->leaf));
	k = cseal_state_key(w->s, p->statement->key);
	e->person = k != NULL ? k->person : SIZE_MAX;
	take_change(w->s, p->statement, e);
	return CSEAL_OK;
}

static int
by_clock(const void *a, const void *b)
{
	const struct status_sealed *x = a, *y = b;

	return (x->clock > y->clock) - (x->clock < y->clock);
}

int
status_sealed_read(struct status *w)
{
	int r = cseal_desk_pending(w->d, take, w, &w->c->err);

	if (w->n_sealed > 0)
		qsort(w->sealed, w->n_sealed, sizeof(*w->sealed), by_clock);
	return r;
}

void
status_sealed_free(struct status *w)
{
	for (size_t i = 0; i < w->n_sealed; i++)
		free(w->sealed[i].refused);
	free(w->sealed);
	w->sealed = NULL;
	w->n_sealed = 0;
}

int
status_sealed_forget(struct status *w)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < w->n_sealed && r == CSEAL_OK; i++) {
		if (w->sealed[i].refused == NULL)
			continue;
		r = cseal_desk_pending_drop(
		    w->d, w->sealed[i].leaf, &w->c->err);
		w->forgotten += r == CSEAL_OK ? 1 : 0;
	}
	status_sealed_free(w);
	return r == CSEAL_OK ? status_sealed_read(w) : r;
}

bool
status_sealed_has(const struct status *w, uint64_t act, uint64_t change)
{
	const struct status_sealed *e;

	for (size_t i = 0; i < w->n_sealed; i++) {
		e = &w->sealed[i];
		if (e->refused == NULL && e->act == act &&
		    e->person == w->person &&
		    (act == CSEAL_JOIN ||
			(e->has_change && e->change == change)))
			return true;
	}
	return false;
}

/* "approve of #3-7hq3" */
static void
name_act(const struct status *w, const struct status_sealed *e, char *out,
    size_t size)
{
	const char *act = cseal_word_name(cseal_statement_kinds, e->act);
	const struct cseal_state_change *h = NULL;
	char name[CSEAL_CHANGE_NAME_BYTES] = "";

	if (e->has_change)
		h = cseal_state_change_find(w->s, e->change);
	if (h != NULL)
		cseal_change_name(h, name);
	snprintf(out, size, "%s%s%s", act != NULL ? act : "?",
	    h != NULL ? " of #" : "", name);
}

static void
say_one(const struct status *w, const struct status_sealed *e)
{
	char act[64], place[READING_CELL_BYTES], when[CLI_TIME_BYTES];

	name_act(w, e, act, sizeof(act));
	reading_cut(e->store[0] != '\0' ? e->store : e->slot, 24, place);
	cli_time(e->clock, when);
	cli_say(w->c, "  %s", act);
	if (e->kind != NULL)
		cli_say(w->c, "  %s  %s", e->kind->name, place);
	else if (e->act == CSEAL_OBSERVE)
		cli_say(w->c, "  %s  %s", e->slot, place);
	cli_say(w->c, "\n      sealed by %s %s\n",
	    reading_handle(w->s, e->person), when);
}

void
status_sealed_say(const struct status *w)
{
	bool any[2] = { false, false };

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < w->n_sealed; i++) {
			const struct status_sealed *e = &w->sealed[i];

			if ((e->refused != NULL) != (k == 1))
				continue;
			if (!any[k])
				cli_say(w->c, "\n%s\n",
				    k == 0 ? "on its way to the home"
					   : "refused by the home");
			any[k] = true;
			say_one(w, e);
			if (e->refused != NULL)
				reading_wrap(w->c, 6, e->refused);
		}
		if (any[k])
			cli_say(w->c, "      counterseal %s\n",
			    k == 0 ? "send DIR" : "status --forget");
	}
}

json_t *
status_sealed_json(const struct status *w, bool refused)
{
	const struct status_sealed *e;
	json_t *list = json_array(), *j;
	char name[CSEAL_CHANGE_NAME_BYTES];
	const struct cseal_state_change *h;

	for (size_t i = 0; i < w->n_sealed; i++) {
		e = &w->sealed[i];
		if ((e->refused != NULL) != refused)
			continue;
		j = json_pack("{s:s?, s:s, s:o, s:n, s:n, s:s?, s:s, s:s, "
			      "s:o}",
		    "act", cseal_word_name(cseal_statement_kinds, e->act),
		    "person", reading_handle(w->s, e->person), "clock",
		    cli_json_time(e->clock), "change", "name", "kind",
		    e->kind != NULL ? e->kind->name : NULL, "store", e->store,
		    "slot", e->slot, "leaf",
		    cli_json_hex(e->leaf, sizeof(e->leaf)));
		h = e->has_change ? cseal_state_change_find(w->s, e->change)
				  : NULL;
		if (h != NULL) {
			cseal_change_name(h, name);
			json_object_set_new(
			    j, "change", json_integer((json_int_t)h->index));
			json_object_set_new(j, "name", json_string(name));
		}
		if (refused)
			json_object_set_new(
			    j, "sentence", json_string(e->refused));
		json_array_append_new(list, j);
	}
	return list;
}
