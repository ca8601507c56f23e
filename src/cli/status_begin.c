/* SPDX-License-Identifier: BSD-2-Clause */
/* status: the settings, and how to begin where there is no ledger yet. */

#include "status.h"

#include <unistd.h>

static void
say_setting(struct cli *c, const char *name, const struct cli_setting *s,
    const char *unset)
{
	cli_say(c, "  %-7s %s (%s)\n", name,
	    s->value != NULL ? s->value : unset, cli_source_name(s->source));
}

void
status_settings_say(struct cli *c)
{
	cli_say(c, "\nsettings\n");
	say_setting(c, "ledger", &c->ledger, "");
	say_setting(c, "token", &c->token, "any that is inserted");
	cli_say(c, "  %-7s %s%s\n", "config", c->config_path,
	    access(c->config_path, F_OK) == 0 ? "" : " (not there)");
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
	status_settings_say(c);
	return CLI_DONE;
}
