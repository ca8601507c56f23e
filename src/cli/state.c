/* SPDX-License-Identifier: BSD-2-Clause */
/* state: what is in force, by store and slot, and what was seen of it. */

#include "state.h"

#include <string.h>

const struct cli_option cli_state_options[] = {
	{ "store", 0, "ALIAS", false, "this store alone" },
	{ "at", 0, "TIME", false, "as it was at that time" },
	{ NULL, 0, NULL, false, NULL },
};

static int
take(void *ctx, const struct reading_entry *e)
{
	const struct cseal_observe *o = &e->statement->u.observe;
	struct state_entry *s = ctx;

	s->index = e->index;
	s->clock = e->statement->clock;
	snprintf(s->person, sizeof(s->person), "%s", e->person);
	if (e->statement->kind != CSEAL_OBSERVE)
		return CSEAL_OK;
	s->outcome = o->outcome;
	s->level = o->level;
	snprintf(s->source, sizeof(s->source), "%.*s", (int)o->source.len,
	    (const char *)o->source.data);
	return CSEAL_OK;
}

static int
read_entry(const struct state_view *v, bool there, uint64_t index,
    struct state_entry *s)
{
	memset(s, 0, sizeof(*s));
	return there ? reading_entries(v->c, v->d, index, 1, take, s)
		     : CSEAL_OK;
}

/* Somebody should look: it is due, or nobody has confirmed it. */
static void
put_next(const struct state_view *v, struct state_place *p)
{
	p->next[0] = '\0';
	if (!v->at && !p->change->kind->authority &&
	    (p->back.due != CSEAL_DUE_NOT || !p->slot->confirmed))
		reading_observe_command(p->change, p->next);
}

static int
read_place(const struct state_view *v, struct state_place *p)
{
	const struct cseal_state_slot *t = p->slot;
	int r;

	p->frozen = p->change->kind->authority
			? NULL
			: cseal_state_frozen(v->s, t->store);
	p->known = cseal_slot_read_back(
		       v->s, t, v->now, &p->back, &v->c->err) == CSEAL_OK;
	put_next(v, p);
	if ((r = read_entry(v, true, t->since, &p->since)) != CSEAL_OK ||
	    (r = read_entry(v, t->observed, t->observed_at, &p->observed)) !=
		CSEAL_OK)
		return r;
	return read_entry(v, t->confirmed, t->confirmed_at, &p->confirmed);
}

static int
each_slot(const struct state_view *v, int *status)
{
	const char *store = cli_option(v->c, "store");
	struct state_place p;
	int r = CSEAL_OK;
	size_t shown = 0;

	for (size_t i = 0; r == CSEAL_OK && *status == CLI_DONE &&
			   (p.slot = cseal_state_slot(v->s, i)) != NULL;
	     i++) {
		p.change = cseal_state_change_find(v->s, p.slot->change);
		if (p.change == NULL ||
		    (store != NULL && strcmp(p.slot->store, store) != 0))
			continue;
		if ((r = read_place(v, &p)) != CSEAL_OK)
			break;
		if (shown++ > 0 && !v->c->json)
			cli_say(v->c, "\n");
		r = v->c->json ? state_json(v, &p, status) : state_say(v, &p);
	}
	if (r == CSEAL_OK && shown == 0 && !v->c->json)
		cli_say(v->c, "Nothing is in force%s%s.\n",
		    store != NULL ? " for store " : "",
		    store != NULL ? store : "");
	return r;
}

static void
say_time(const struct state_view *v)
{
	char when[CLI_TIME_BYTES];

	if (!v->at || v->c->json)
		return;
	cli_time(v->now, when);
	cli_say(v->c,
	    "As of %s, by the signers' clocks: the first %llu entries.\n\n",
	    when, (unsigned long long)cseal_state_size(v->s));
}

int
cli_state(struct cli *c)
{
	struct state_view v = { .c = c };
	int status = CLI_DONE;
	int r;

	if ((r = cli_desk_open(c, false, &v.d)) != CSEAL_OK)
		return cli_fail(c, r);
	r = state_view_open(&v);
	if (r == CSEAL_OK) {
		say_time(&v);
		r = each_slot(&v, &status);
	}
	if (r != CSEAL_OK)
		status = cli_fail(c, r);
	state_view_close(&v);
	cseal_desk_close(v.d);
	return status;
}
