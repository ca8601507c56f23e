/* SPDX-License-Identifier: BSD-2-Clause */

#include "status.h"

#include <inttypes.h>
#include <unistd.h>

static void
say_ledger(const struct status *w)
{
	struct cseal_slice org = cseal_state_org(w->s);
	uint64_t remembered = cseal_replay_remembered(cseal_desk_replay(w->d));
	char hex[2 * CSEAL_HASH_BYTES + 1];
	struct cseal_buf name;

	cseal_hex(cseal_state_ledger_id(w->s), CSEAL_HASH_BYTES, hex);
	cseal_buf_init(&name, 0);
	cseal_text_safe(&name, org.data, org.len, 60);
	cli_say(w->c, "%s\n  ledger %.8s, %" PRIu64 " entries, ",
	    cseal_buf_str(&name), hex, cseal_state_size(w->s));
	if (remembered == 0)
		cli_say(w->c, "all verified now\n");
	else
		cli_say(w->c,
		    "%" PRIu64 " remembered, %" PRIu64 " verified now\n",
		    remembered, cseal_state_size(w->s) - remembered);
	cseal_buf_free(&name);
	if (cseal_state_demo(w->s))
		cli_say(w->c, "  demonstration ledger: software keys prove "
			      "nothing\n");
}

static void
say_me(const struct status *w)
{
	uint64_t keys;

	if (w->handle[0] == '\0') {
		cli_say(w->c, "  who you are is not known here: key offer "
			      "--person HANDLE says it\n");
		return;
	}
	if (w->me == NULL) {
		cli_say(w->c, "  you are %s, who is no person of this ledger\n",
		    w->handle);
		return;
	}
	keys = status_keys(w);
	cli_say(w->c, "  you are %s (", w->handle);
	for (size_t i = 0; i < w->me->roles.n; i++)
		cli_say(w->c, "%s%s", i > 0 ? ", " : "", w->me->roles.names[i]);
	cli_say(w->c, "%s), %" PRIu64 " key%s\n",
	    w->me->left ? "; has left" : "", keys, keys == 1 ? "" : "s");
}

static void
say_change(const struct status *w, const struct cseal_state_change *h,
    const char *until, uint64_t t)
{
	char name[CSEAL_CHANGE_NAME_BYTES], when[CLI_TIME_BYTES];
	char place[READING_PLACE_BYTES], cell[READING_CELL_BYTES];

	cseal_change_name(h, name);
	reading_place(h, place);
	reading_cut(place, 24, cell);
	cli_time(t, when);
	cli_say(w->c, "  #%s  %s  %s  by %s\n      %s %s\n", name,
	    h->kind->name, cell, reading_handle(w->s, h->requester), until,
	    when);
}

static void
say_waiting(const struct status *w)
{
	const struct cseal_state_change *h;
	char command[READING_COMMAND_BYTES];
	enum waiting why;
	bool any = false;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if ((why = status_waits(w, h)) == WAITS_FOR_NOBODY)
			continue;
		cli_say(w->c, "%s", any ? "" : "\nwaiting for you\n");
		any = true;
		if (why == WAITS_TO_BE_APPROVED)
			say_change(w, h, "approve until", h->not_after);
		else
			say_change(
			    w, h, "may be entered from", h->apply_not_before);
		reading_command(w->d, h, command);
		cli_say(w->c, "      %s\n", command);
	}
	if (!any && w->me != NULL && !status_must_join(w))
		cli_say(w->c, "\nNothing waits for you.\n");
}

static void
say_mine(const struct status *w)
{
	const struct cseal_state_change *h;
	bool any = false;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if (!status_is_mine(w, h))
			continue;
		cli_say(w->c, "%s", any ? "" : "\nasked for by you\n");
		any = true;
		if (reading_status(w->d, h) == CSEAL_CHANGE_ASKED)
			say_change(w, h, "not approved; expires", h->not_after);
		else
			say_change(w, h, "approved; may be entered from",
			    h->apply_not_before);
	}
}

static void
say_joining(const struct status *w)
{
	const struct cseal_state_person *p;

	if (cseal_state_founded(w->s))
		return;
	cli_say(w->c, "\nThe ledger begins when all have joined. Not yet:");
	for (size_t i = 0; (p = cseal_state_person(w->s, i)) != NULL; i++) {
		if (!p->joined && !p->left)
			cli_say(w->c, " %s", p->handle);
	}
	cli_say(w->c, "\n");
	if (status_must_join(w))
		cli_say(w->c, "      counterseal join\n");
}

static void
say_setting(struct cli *c, const char *name, const struct cli_setting *s,
    const char *unset)
{
	cli_say(c, "  %-7s %s (%s)\n", name,
	    s->value != NULL ? s->value : unset, cli_source_name(s->source));
}

static void
say_settings(struct cli *c)
{
	cli_say(c, "\nsettings\n");
	say_setting(c, "ledger", &c->ledger, "");
	say_setting(c, "token", &c->token, "any that is inserted");
	cli_say(c, "  %-7s %s%s\n", "config", c->config_path,
	    access(c->config_path, F_OK) == 0 ? "" : " (not there)");
}

int
status_say(const struct status *w)
{
	say_ledger(w);
	say_me(w);
	say_joining(w);
	say_waiting(w);
	say_mine(w);
	say_settings(w->c);
	return CLI_DONE;
}

int
status_begin_say(struct cli *c)
{
	cli_say(c,
	    "There is no ledger here yet. To begin:\n\n"
	    "1. Each person, at their own desk, makes a key offer:\n"
	    "      counterseal key offer --person HANDLE --org NAME -o FILE\n"
	    "2. One of them makes the ledger from two offers or more:\n"
	    "      counterseal init --org NAME --from FILE --from FILE\n"
	    "3. The others agree to it:\n"
	    "      counterseal join\n");
	say_settings(c);
	return CLI_DONE;
}
