/* SPDX-License-Identifier: BSD-2-Clause */

#include "status.h"

#include <inttypes.h>

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
say_change(const struct status *w, const struct cseal_state_change *h)
{
	char name[CSEAL_CHANGE_NAME_BYTES];
	char place[READING_PLACE_BYTES], cell[READING_CELL_BYTES];

	cseal_change_name(h, name);
	reading_place(h, place);
	reading_cut(place, 24, cell);
	cli_say(w->c, "  #%s  %s  %s  by %s\n", name, h->kind->name, cell,
	    reading_handle(w->s, h->requester));
}

/* What a line of the lists ends with: until when, and who else could. */
static void
say_until(const struct status *w, const struct cseal_state_change *h,
    const char *until, uint64_t t, const char *others)
{
	struct cseal_buf text, who;
	char when[CLI_TIME_BYTES];

	cseal_buf_init(&text, 0);
	cseal_buf_init(&who, 0);
	cli_time(t, when);
	(void)cseal_buf_printf(&text, "%s %s", until, when);
	if (status_others(w, h, &who) == CSEAL_OK && who.len > 0)
		(void)cseal_buf_printf(
		    &text, "; %s %s", cseal_buf_str(&who), others);
	reading_wrap(w->c, 6, cseal_buf_str(&text));
	cseal_buf_free(&who);
	cseal_buf_free(&text);
}

/* From when and until when it may be entered. */
static void
say_window(const struct status *w, const struct cseal_state_change *h)
{
	char from[CLI_TIME_BYTES], text[80];
	uint64_t opens, closes;

	if (cseal_change_window(cseal_state_policy(w->s), h, &opens, &closes,
		&w->c->err) != CSEAL_OK ||
	    closes == CSEAL_TIME_NEVER) {
		say_until(w, h, "may be entered from", h->apply_not_before,
		    "could as well");
		return;
	}
	cli_time(opens, from);
	snprintf(text, sizeof(text), "may be entered from %s until", from);
	say_until(w, h, text, closes, "could as well");
}

static void
say_waiting(const struct status *w)
{
	const struct cseal_state_change *h;
	char command[READING_COMMAND_BYTES];
	bool any = false, none = true;
	enum waiting why;
	uint64_t since;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if ((why = status_waits(w, h)) == WAITS_FOR_NOBODY)
			continue;
		none = false;
		if (status_is_late(w, h, &since)) /* was told already */
			continue;
		cli_say(w->c, "%s", any ? "" : "\nwaiting for you\n");
		any = true;
		say_change(w, h);
		if (why == WAITS_TO_BE_APPROVED)
			say_until(w, h, "approve until", h->not_after,
			    "could as well");
		else
			say_window(w, h);
		reading_command(w->d, h, command);
		cli_say(w->c, "      %s\n", command);
	}
	if (none && w->me != NULL && !status_must_join(w) &&
	    !status_back_waits(w))
		cli_say(w->c, "\nNothing waits for you.\n");
}

static void
say_mine(const struct status *w)
{
	const struct cseal_state_change *h;
	bool any = false;
	uint64_t since;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if (!status_is_mine(w, h) || status_is_late(w, h, &since))
			continue;
		cli_say(w->c, "%s", any ? "" : "\nasked for by you\n");
		any = true;
		say_change(w, h);
		if (reading_status(w->d, h) == CSEAL_CHANGE_ASKED)
			say_until(w, h, "not approved; expires", h->not_after,
			    "can approve");
		else
			say_until(w, h, "approved; may be entered from",
			    h->apply_not_before, "can enter it");
	}
}

static void
say_late(const struct status *w)
{
	const struct cseal_state_change *h;
	char command[READING_COMMAND_BYTES];
	bool any = false;
	uint64_t since;

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		if (!status_is_late(w, h, &since))
			continue;
		cli_say(w->c, "%s", any ? "" : "\noverdue\n");
		any = true;
		say_change(w, h);
		if (reading_status(w->d, h) == CSEAL_CHANGE_EXPIRED)
			say_until(w, h, "not approved, expired", since, "");
		else
			say_until(w, h, "approved, to be entered before", since,
			    "can enter it");
		reading_command(w->d, h, command);
		if (command[0] != '\0')
			cli_say(w->c, "      %s\n", command);
	}
	status_back_say(w, true, &any);
}

static void
say_read_backs(const struct status *w)
{
	bool any = false;

	status_back_say(w, false, &any);
}

/* A file that is not the home's, and what that means here. */
static void
say_site(const struct status *w)
{
	switch (cseal_desk_site(w->d)) {
	case CSEAL_SITE_REPLICA:
		cli_say(w->c, "  a replica: what is sealed here goes to the "
			      "home by counterseal send DIR\n");
		break;
	case CSEAL_SITE_COPY:
		cli_say(w->c,
		    "  a copy of the home's file: nothing is appended to it\n"
		    "      counterseal home --leave   if there is a home "
		    "elsewhere\n"
		    "      counterseal home --here    if this one is to be the "
		    "home\n");
		break;
	case CSEAL_SITE_RESTORED:
		cli_say(w->c,
		    "  to be the home when all other desks were heard; till "
		    "then nothing is appended\n"
		    "      counterseal home           tells which are missing"
		    "\n");
		break;
	default: break;
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

int
status_say(const struct status *w)
{
	if (cli_option_given(w->c, "forget"))
		cli_say(w->c, "%zu refused statement%s forgotten.\n\n",
		    w->forgotten, w->forgotten == 1 ? "" : "s");
	say_ledger(w);
	say_site(w);
	say_me(w);
	say_joining(w);
	status_frozen_say(w);
	say_late(w);
	say_waiting(w);
	say_read_backs(w);
	say_mine(w);
	status_sealed_say(w);
	status_settings_say(w->c);
	return CLI_DONE;
}
