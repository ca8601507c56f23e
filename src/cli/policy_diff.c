/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

#include <string.h>
#include <unistd.h>

struct telling {
	struct cli *c;
	size_t n;
	int status;
};

static int
tell(void *ctx, const struct cseal_policy_difference *d)
{
	struct telling *t = ctx;
	struct cseal_buf text;

	t->n++;
	if (t->c->json) {
		t->status = cli_json(
		    t->c, json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "section",
			      d->section, "names", d->names, "key", d->key,
			      "before", d->before, "after", d->after));
		return t->status == CLI_DONE ? CSEAL_OK : CSEAL_ERR_NOMEM;
	}
	cseal_buf_init(&text, 0);
	(void)cseal_policy_difference_text(d, &text);
	cli_say(t->c, "%s\n", cseal_buf_str(&text));
	cseal_buf_free(&text);
	return CSEAL_OK;
}

/* Of a change, if no file is called so; the rules it asks for. */
static int
parse_asked(
    struct cli *c, const struct cseal_state *s, struct cseal_policy **out)
{
	const struct cseal_state_change *change;
	struct cseal_slice text;
	int r;

	r = cli_change_find(c, s, c->words[0], &change);
	if (r != CSEAL_OK)
		return r;
	r = cseal_change_policy_text(change, &text);
	if (r == CSEAL_ERR_NOT_FOUND)
		return cli_error(c, CSEAL_ERR_INPUT, c->words[0],
		    "does not ask for other rules: it is of kind %s",
		    change->kind->name);
	return r != CSEAL_OK ? r
			     : cseal_policy_parse(
				   out, CSEAL_POLICY_LANGUAGE, text, &c->err);
}

/* Looks like a change, "41-7hq3", and is no file. */
static bool
names_change(const char *word)
{
	return access(word, F_OK) != 0 && strcmp(word, "-") != 0 &&
	       word[strspn(word, "0123456789abcdefghjkmnpqrstvwxyz-")] == '\0';
}

static int
diff(struct telling *t, const struct cseal_state *s)
{
	const struct cseal_policy *now = cseal_state_policy(s);
	struct cseal_policy_source *source = NULL;
	struct cseal_policy *asked = NULL;
	struct cli *c = t->c;
	int r;

	if (names_change(c->words[0]))
		r = parse_asked(c, s, &asked);
	else
		r = policy_read(c, c->words[0], &source);
	if (r == CSEAL_OK)
		r = cseal_policy_diff(now,
		    asked != NULL ? asked : cseal_policy_source_rules(source),
		    tell, t);
	if (r == CSEAL_OK && t->n == 0 && !c->json)
		cli_say(c, "It says the same as the rules in force.\n");
	cseal_policy_free(asked);
	cseal_policy_source_free(source);
	return r;
}

int
cli_policy_diff(struct cli *c)
{
	struct telling t = { .c = c, .status = CLI_DONE };
	struct cseal_desk *d;
	int r;

	r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	r = diff(&t, cseal_desk_state(d));
	cseal_desk_close(d);
	if (t.status != CLI_DONE)
		return t.status;
	return r == CSEAL_OK ? CLI_DONE : cli_fail(c, r);
}
