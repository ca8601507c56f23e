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

enum list { WAITING, MINE, OVERDUE };

static bool
is_in(const struct status *w, const struct cseal_state_change *h,
    enum list list, uint64_t *since)
{
	switch (list) {
	case WAITING: return status_waits(w, h) != WAITS_FOR_NOBODY;
	case MINE: return status_is_mine(w, h);
	default: return status_is_late(w, h, since);
	}
}

static json_t *
changes_json(const struct status *w, enum list which)
{
	const struct cseal_state_change *h;
	char command[READING_COMMAND_BYTES];
	json_t *list = json_array(), *j;
	uint64_t since = 0;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if (!is_in(w, h, which, &since))
			continue;
		j = reading_change_json(w->d, h);
		reading_command(w->d, h, command);
		json_object_set_new(j, "next", json_string(command));
		json_object_set_new(j, "others", status_others_json(w, h));
		if (which == OVERDUE)
			json_object_set_new(j, "since", cli_json_time(since));
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

	json_t *o;

	o = json_pack("{s:o, s:o, s:b, s:o, s:I, s:b, s:s?, s:o, s:o, s:o, "
		      "s:o}",
	    "ledger",
	    cli_json_hex(cseal_state_ledger_id(w->s), CSEAL_HASH_BYTES), "org",
	    cli_json_text(cseal_state_org(w->s)), "demo",
	    cseal_state_demo(w->s), "head", cli_json_head(&head), "remembered",
	    (json_int_t)cseal_replay_remembered(cseal_desk_replay(w->d)),
	    "founded", cseal_state_founded(w->s), "person",
	    w->handle[0] != '\0' ? w->handle : NULL, "me", me_json(w),
	    "waiting", changes_json(w, WAITING), "mine", changes_json(w, MINE),
	    "settings", settings_json(w->c));
	json_object_set_new(
	    o, "site", json_string(cseal_site_name(cseal_desk_site(w->d))));
	json_object_set_new(o, "overdue", changes_json(w, OVERDUE));
	json_object_set_new(o, "read_backs", status_back_json(w));
	json_object_set_new(o, "frozen", status_frozen_json(w));
	json_object_set_new(o, "on_its_way", status_sealed_json(w, false));
	json_object_set_new(o, "refused", status_sealed_json(w, true));
	if (cli_option_given(w->c, "forget"))
		json_object_set_new(
		    o, "forgotten", json_integer((json_int_t)w->forgotten));
	return cli_json(w->c, o);
}

int
status_begin_json(struct cli *c)
{
	return cli_json(
	    c, json_pack("{s:n, s:o}", "ledger", "settings", settings_json(c)));
}
