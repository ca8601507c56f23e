/* SPDX-License-Identifier: BSD-2-Clause */

#include "status.h"

static json_t *
setting_json(const struct cli_setting *s)
{
	return json_pack("{s:s?, s:s}", "value", s->value, "source",
	    cli_source_name(s->source));
}

static json_t *
settings_json(const struct cli *c)
{
	return json_pack("{s:o, s:o, s:s, s:s}", "ledger",
	    setting_json(&c->ledger), "token", setting_json(&c->token),
	    "config", c->config_path, "state", c->state_dir);
}

static json_t *
changes_json(const struct status *w, bool waiting)
{
	const struct cseal_state_change *h;
	char command[READING_COMMAND_BYTES];
	json_t *list = json_array(), *j;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if (waiting ? status_waits(w, h) == WAITS_FOR_NOBODY
			    : !status_is_mine(w, h))
			continue;
		j = reading_change_json(w->d, h);
		reading_command(w->d, h, command);
		json_object_set_new(j, "next", json_string(command));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *
me_json(const struct status *w)
{
	json_t *roles;

	if (w->me == NULL)
		return json_null();
	roles = json_array();
	for (size_t i = 0; i < w->me->roles.n; i++)
		json_array_append_new(
		    roles, json_string(w->me->roles.names[i]));
	return json_pack("{s:s, s:o, s:I, s:b, s:b}", "person", w->handle,
	    "roles", roles, "keys", (json_int_t)status_keys(w), "joined",
	    (int)w->me->joined, "left", (int)w->me->left);
}

int
status_json(const struct status *w)
{
	struct cseal_head head = cseal_state_head(w->s);

	return cli_json(w->c,
	    json_pack("{s:o, s:o, s:b, s:o, s:I, s:b, s:s?, s:o, s:o, s:o, "
		      "s:o}",
		"ledger",
		cli_json_hex(cseal_state_ledger_id(w->s), CSEAL_HASH_BYTES),
		"org", cli_json_text(cseal_state_org(w->s)), "demo",
		cseal_state_demo(w->s), "head", cli_json_head(&head),
		"remembered",
		(json_int_t)cseal_replay_remembered(cseal_desk_replay(w->d)),
		"founded", cseal_state_founded(w->s), "person",
		w->handle[0] != '\0' ? w->handle : NULL, "me", me_json(w),
		"waiting", changes_json(w, true), "mine",
		changes_json(w, false), "settings", settings_json(w->c)));
}

int
status_begin_json(struct cli *c)
{
	return cli_json(
	    c, json_pack("{s:n, s:o}", "ledger", "settings", settings_json(c)));
}
