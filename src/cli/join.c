/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

/* Persons of genesis who have not joined, as words or as JSON. */
static json_t *
waiting_json(const struct cseal_state *s)
{
	const struct cseal_state_person *p;
	json_t *list = json_array();

	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		if (!p->joined)
			json_array_append_new(list, json_string(p->handle));
	}
	return list;
}

static void
tell_text(struct cli *c, const struct cseal_state *s, const char *handle)
{
	const struct cseal_state_person *p;

	cli_say(c, "%s joined.", handle);
	if (cseal_state_founded(s)) {
		cli_say(c, " Everybody has: the ledger is open.\n");
		return;
	}
	cli_say(c, " Still to join:");
	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		if (!p->joined)
			cli_say(c, " %s", p->handle);
	}
	cli_say(c, "\n");
}

static int
tell(struct cli *c, const struct cli_act *a, uint64_t index)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const struct cseal_head head = cseal_state_head(s);
	json_t *o;

	if (!c->json) {
		tell_text(c, s, a->key.handle);
		return CSEAL_OK;
	}
	o = json_pack("{s:s, s:I, s:s, s:I, s:b}", "act", a->name, "index",
	    (json_int_t)index, "person", a->key.handle, "key",
	    (json_int_t)a->key.number, "founded", cseal_state_founded(s));
	json_object_set_new(o, "waiting", waiting_json(s));
	json_object_set_new(o, "head", cli_json_head(&head));
	return cli_json(c, o) == CLI_DONE ? CSEAL_OK : CSEAL_ERR_NOMEM;
}

int
cli_join(struct cli *c)
{
	struct cli_act a = { .name = "join" };
	uint64_t index;
	int r;

	r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK)
		r = cseal_draft_join(&a.draft, a.desk, a.key.number, &c->err);
	if (r == CSEAL_OK)
		r = cli_seal(
		    c, a.desk, a.draft, &a.key, "to join this ledger", &index);
	if (r == CSEAL_OK)
		r = index == CSEAL_INDEX_NONE ? cli_act_kept(c, &a)
					      : tell(c, &a, index);
	return cli_act_end(c, &a, r);
}
