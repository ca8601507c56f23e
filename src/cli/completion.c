/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

static void
put_options(struct cli *c, const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (o->help != NULL)
			cli_say(c, " --%s", o->name);
	}
}

/* First words once each, in the table's order. */
static void
put_first_words(struct cli *c)
{
	const struct cli_verb *v;
	const char *last = "";
	size_t len;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		len = strcspn(v->name, " ");
		if (v->name[len] == ' ' && strncmp(last, v->name, len) == 0 &&
		    last[len] == ' ')
			continue;
		cli_say(c, " %.*s", (int)len, v->name);
		last = v->name;
	}
}

static void
put_second_words(struct cli *c, const char *first, size_t len)
{
	const struct cli_verb *v;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		if (strncmp(v->name, first, len) == 0 && v->name[len] == ' ')
			cli_say(c, " %s", v->name + len + 1);
	}
}

static void
put_groups(struct cli *c)
{
	const struct cli_verb *v;
	const char *last = "";
	size_t len;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		len = strcspn(v->name, " ");
		if (v->name[len] != ' ' || strncmp(last, v->name, len + 1) == 0)
			continue;
		cli_say(c, "    '%.*s') words='", (int)len, v->name);
		put_second_words(c, v->name, len);
		cli_say(c, "' ;;\n");
		last = v->name;
	}
}

static void
put_bash(struct cli *c)
{
	const struct cli_verb *v;

	cli_say(c,
	    "# bash completion for counterseal, made by\n"
	    "# `counterseal --completion bash`\n"
	    "_counterseal()\n{\n"
	    "    local word verb='' words='' skip=0 i\n"
	    "    local current=${COMP_WORDS[COMP_CWORD]}\n"
	    "    local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "        word=${COMP_WORDS[i]}\n"
	    "        if ((skip)); then skip=0; continue; fi\n"
	    "        case $word in\n"
	    "        --ledger|--token) skip=1 ;;\n"
	    "        -*) ;;\n"
	    "        *) verb=\"${verb:+$verb }$word\" ;;\n"
	    "        esac\n    done\n"
	    "    case $previous in\n"
	    "    --ledger|--token|--from|--output|-o)\n"
	    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
	    "        return ;;\n    esac\n"
	    "    case $verb in\n    '') words='");
	put_first_words(c);
	cli_say(c, "' ;;\n");
	put_groups(c);
	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		cli_say(c, "    '%s'*) words='", v->name);
		put_options(c, v->options);
		cli_say(c, "' ;;\n");
	}
	cli_say(
	    c, "    esac\n    mapfile -t COMPREPLY < <(compgen -W \"$words");
	put_options(c, cli_globals);
	cli_say(c, "\" -- \"$current\")\n}\n"
		   "complete -F _counterseal counterseal\n");
}

int
cli_completion(struct cli *c, const char *shell)
{
	if (strcmp(shell, "bash") != 0)
		return cli_error(c, CSEAL_ERR_USAGE, shell,
		    "no completion is made for this shell; there is bash");
	put_bash(c);
	return CSEAL_OK;
}
