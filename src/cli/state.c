/* SPDX-License-Identifier: BSD-2-Clause */
/* state: what is in force, by store and slot. */

#include <inttypes.h>
#include <string.h>

#include "reading.h"

const struct cli_option cli_state_options[] = {
	{ "store", 0, "ALIAS", false, "this store alone" },
	{ NULL, 0, NULL, false, NULL },
};

/* The entry by which a change came into force. */
struct since {
	char person[CSEAL_HANDLE_BYTES];
	uint64_t clock;
};

static int
take_since(void *ctx, const struct reading_entry *e)
{
	struct since *s = ctx;

	snprintf(s->person, sizeof(s->person), "%s", e->person);
	s->clock = e->statement->clock;
	return CSEAL_OK;
}

static void
say_approvers(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_change *h)
{
	for (size_t i = 0; i < h->n_approvals; i++)
		cli_say(c, "%s%s", i == 0 ? ", approved by " : ", ",
		    reading_handle(s, h->approvals[i].person));
}

static int
say_slot(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_slot *slot, const struct cseal_state_change *h)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct since since = { .person = "?" };
	char name[CSEAL_CHANGE_NAME_BYTES], when[CLI_TIME_BYTES];
	char place[READING_PLACE_BYTES];
	int r;

	if ((r = reading_entries(c, d, slot->since, 1, take_since, &since)) !=
	    CSEAL_OK)
		return r;
	cseal_change_name(h, name);
	reading_place(h, place);
	cli_time(since.clock, when);
	cli_say(c, "%s  %s  #%s\n", place, h->kind->name, name);
	cli_say(c, "  since %s by %s; asked by %s", when, since.person,
	    reading_handle(s, h->requester));
	say_approvers(c, s, h);
	cli_say(c, "\n");
	if (h->op == CSEAL_OP_REMOVE)
		cli_say(c, "  removed: there is nothing in this slot\n");
	return reading_values_say(c, d, h, 2, false);
}

static int
slot_json(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_slot *slot, const struct cseal_state_change *h,
    int *status)
{
	struct since since = { .person = "?" };
	json_t *j, *values = NULL;
	int r;

	if ((r = reading_entries(c, d, slot->since, 1, take_since, &since)) !=
		CSEAL_OK ||
	    (r = reading_values_json(c, d, h, &values)) != CSEAL_OK) {
		json_decref(values);
		return r;
	}
	j = reading_change_json(d, h);
	json_object_set_new(j, "since_time", cli_json_time(since.clock));
	json_object_set_new(j, "since", json_integer((json_int_t)slot->since));
	json_object_set_new(j, "since_person", json_string(since.person));
	json_object_set_new(j, "fields", values); /* transferred */
	*status = cli_json(c, j);
	return CSEAL_OK;
}

static int
each_slot(struct cli *c, struct cseal_desk *d, int *status)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const char *store = cli_option(c, "store");
	const struct cseal_state_slot *slot;
	const struct cseal_state_change *h;
	int r = CSEAL_OK;
	size_t shown = 0;

	for (size_t i = 0; r == CSEAL_OK && *status == CLI_DONE &&
			   (slot = cseal_state_slot(s, i)) != NULL;
	     i++) {
		h = cseal_state_change_find(s, slot->change);
		if (h == NULL ||
		    (store != NULL && strcmp(slot->store, store) != 0))
			continue;
		if (shown++ > 0 && !c->json)
			cli_say(c, "\n");
		r = c->json ? slot_json(c, d, slot, h, status)
			    : say_slot(c, d, slot, h);
	}
	if (r == CSEAL_OK && shown == 0 && !c->json)
		cli_say(c, "Nothing is in force%s%s.\n",
		    store != NULL ? " for store " : "",
		    store != NULL ? store : "");
	return r;
}

int
cli_state(struct cli *c)
{
	struct cseal_desk *d = NULL;
	int status = CLI_DONE;
	int r;

	if ((r = cli_desk_open(c, false, &d)) != CSEAL_OK)
		return cli_fail(c, r);
	if ((r = each_slot(c, d, &status)) != CSEAL_OK)
		status = cli_fail(c, r);
	cseal_desk_close(d);
	return status;
}
