/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

/* The text in force, or what a change asks for. */
static int
find_text(struct cli *c, const struct cseal_state *s, struct cseal_slice *text,
    uint64_t *since, const struct cseal_state_change **change)
{
	int r;

	*change = NULL;
	if (c->n_words == 0) {
		*text = cseal_state_policy_text(s, since);
		return CSEAL_OK;
	}
	r = cli_change_find(c, s, c->words[0], change);
	if (r == CSEAL_OK)
		r = cseal_change_policy_text(*change, text);
	if (r == CSEAL_ERR_NOT_FOUND && *change != NULL)
		r = cli_error(c, CSEAL_ERR_INPUT, c->words[0],
		    "does not ask for other rules: it is of kind %s",
		    (*change)->kind->name);
	return r;
}

static int
tell_json(struct cli *c, struct cseal_slice text, const char *hex,
    uint64_t since, const struct cseal_state_change *change)
{
	json_t *o = json_pack("{s:i, s:s, s:o, s:o}", "language",
	    CSEAL_POLICY_LANGUAGE, "sha256", hex, "since",
	    change == NULL ? json_integer((json_int_t)since) : json_null(),
	    "change",
	    change != NULL ? json_integer((json_int_t)change->index)
			   : json_null());

	json_object_set_new(o, "text", cli_json_text(text));
	return cli_json(c, o);
}

int
cli_policy_show(struct cli *c)
{
	const struct cseal_state_change *change;
	char hex[2 * CSEAL_HASH_BYTES + 1];
	struct cseal_slice text;
	struct cseal_desk *d;
	uint64_t since = 0;
	int status = CLI_DONE;
	int r;

	r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	r = find_text(c, cseal_desk_state(d), &text, &since, &change);
	if (r == CSEAL_OK)
		r = policy_hex(text, hex);
	if (r == CSEAL_OK && c->json) {
		status = tell_json(c, text, hex, since, change);
	} else if (r == CSEAL_OK) {
		if (change == NULL)
			cli_say(c, "; in force since #%llu\n",
			    (unsigned long long)since);
		else
			cli_say(c, "; asked for by #%llu\n",
			    (unsigned long long)change->index);
		cli_say(c, "; SHA-256 of what follows this line\n; %s\n", hex);
		cli_say(c, "%.*s", (int)text.len, (const char *)text.data);
	}
	cseal_desk_close(d);
	return r == CSEAL_OK ? status : cli_fail(c, r);
}
