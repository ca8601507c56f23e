/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

#define COLUMNS 80

/* A synopsis in lines of 80, broken between its parts, never inside [ ]. */
static void
say_synopsis(struct cli *c, const char *name, const char *synopsis)
{
	const char *p = synopsis;
	size_t column = 0;
	size_t len;

	cli_say(c, "counterseal %s", name);
	column = strlen("counterseal ") + strlen(name);
	while (*p != '\0') {
		len = strcspn(p, " ");
		while (memchr(p, '[', len) != NULL &&
		       memchr(p, ']', len) == NULL && p[len] != '\0')
			len += 1 + strcspn(p + len + 1, " ");
		if (column + 1 + len >= COLUMNS) {
			cli_say(c, "\n   ");
			column = 3;
		}
		cli_say(c, " %.*s", (int)len, p);
		column += 1 + len;
		p += len;
		p += strspn(p, " ");
	}
	cli_say(c, "\n");
}

static void
say_options(struct cli *c, const struct cli_option *o)
{
	char left[64];

	for (; o != NULL && o->name != NULL; o++) {
		if (o->help == NULL)
			continue;
		snprintf(left, sizeof(left), "%c%c%c --%s%s%s",
		    o->letter != 0 ? '-' : ' ',
		    o->letter != 0 ? o->letter : ' ',
		    o->letter != 0 ? ',' : ' ', o->name,
		    o->argument != NULL && o->argument[0] != '[' ? " " : "",
		    o->argument != NULL ? o->argument : "");
		cli_say(c, "  %-24s %s\n", left, o->help);
	}
}

static void
usage_verb(struct cli *c)
{
	say_synopsis(c, c->verb->name, c->verb->synopsis);
	cli_say(c, "  %s\n", c->verb->about);
	if (c->verb->options != NULL) {
		cli_say(c, "\n");
		say_options(c, c->verb->options);
	}
	cli_say(c, "\n");
	say_options(c, cli_globals);
}

static bool
in_group(const struct cli_verb *v, const char *group)
{
	size_t len = group != NULL ? strlen(group) : 0;

	return group == NULL ||
	       (strncmp(v->name, group, len) == 0 && v->name[len] == ' ');
}

void
cli_usage(struct cli *c)
{
	const struct cli_verb *v;

	if (c->verb != NULL) {
		usage_verb(c);
		return;
	}
	cli_say(c, "counterseal [--ledger LEDGER] [--token TOKEN] [--json] "
		   "[COMMAND ...]\n\n");
	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		if (in_group(v, c->group))
			cli_say(c, "  %-12s %s\n", v->name, v->about);
	}
	cli_say(c, "\n");
	say_options(c, cli_globals);
	cli_say(c, "\nN is a change: 41, 41-7hq3 or 7hq3. "
		   "`counterseal COMMAND --help` tells more.\n");
}

void
cli_synopsis(struct cli *c)
{
	const struct cli_verb *v;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++)
		cli_say(c, "counterseal %s%s%s\n", v->name,
		    v->synopsis[0] != '\0' ? " " : "", v->synopsis);
}
