/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

const struct cli_option cli_apply_options[] = {
	{ "outcome", 0, "OUTCOME", false,
	    "entered (if not given), refused, differs" },
	{ "level", 0, "LEVEL", false,
	    "read back: none (if not given), tail, full ..." },
	{ "yes", 0, NULL, false, "do not ask whether it is so" },
	{ NULL, 0, NULL, false, NULL },
};

static const char *const questions[] = {
	[CSEAL_APPLY_ENTERED] = "Entered in the console exactly so?",
	[CSEAL_APPLY_REFUSED] = "Did the console refuse this?",
	[CSEAL_APPLY_DIFFERS] = "Does the console show something else?",
};

static bool
has_field(const struct cseal_state_change *ch, const char *name)
{
	const struct cseal_request *q = &ch->request->u.request;

	for (size_t i = 0; i < q->n_fields; i++) {
		if (q->fields[i].name.len == strlen(name) &&
		    memcmp(q->fields[i].name.data, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

static int
show_value(struct cli *c, const struct cli_act *a, const struct cseal_field *f)
{
	struct cseal_buf value;
	struct cseal_buf shown;
	int r;

	cseal_buf_init(&value, 0);
	cseal_buf_init(&shown, 0);
	r = cseal_desk_value(a->desk, a->change, f->name, &value, &c->err);
	if (r == CSEAL_OK)
		r = f->format->group(f->format, cseal_buf_str(&value), &shown);
	if (r == CSEAL_OK)
		cli_note(c, "  %-16s %s\n", f->label, cseal_buf_str(&shown));
	cseal_buf_free(&value);
	cseal_buf_free(&shown);
	return r;
}

/* The approved values in the console's order, as they are to be typed. */
static int
show_values(struct cli *c, const struct cli_act *a)
{
	const struct cseal_kind *kind = a->change->kind;
	int r = CSEAL_OK;

	for (size_t i = 0; i < kind->n_fields && r == CSEAL_OK; i++) {
		if (has_field(a->change, kind->fields[i].name))
			r = show_value(c, a, &kind->fields[i]);
	}
	return r;
}

/* On a terminal alone: the panel that follows is all that a log needs. */
static int
confirm(struct cli *c, const struct cli_act *a, uint64_t outcome)
{
	const bool asked = !cli_option_given(c, "yes");
	int r;

	if (!cli_terminal(c))
		return !asked
			   ? CSEAL_OK
			   : cli_error(c, CSEAL_ERR_USAGE, "--yes",
				 "is needed where there is no terminal to ask on");
	r = show_values(c, a);
	return r == CSEAL_OK && asked ? cli_confirm(c, questions[outcome]) : r;
}

static int
read_options(struct cli *c, uint64_t *outcome, uint64_t *level)
{
	int r = CSEAL_OK;

	*outcome = CSEAL_APPLY_ENTERED;
	*level = 0;
	if (cli_option_given(c, "outcome"))
		r = cli_word_option(
		    c, "outcome", cseal_apply_outcomes, outcome);
	if (r == CSEAL_OK && cli_option_given(c, "level"))
		r = cli_word_option(c, "level", cseal_levels, level);
	return r;
}

int
cli_apply(struct cli *c)
{
	struct cli_act a = {
		.name = "apply",
		.why = "to seal this",
		.done = "told of by",
	};
	uint64_t outcome;
	uint64_t level;
	int r;

	r = read_options(c, &outcome, &level);
	if (outcome == CSEAL_APPLY_ENTERED)
		a.done = "entered by";
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, c->words[0]);
	if (r == CSEAL_OK)
		r = cseal_draft_apply(&a.draft, a.desk, a.key.number,
		    a.change->index, outcome, level, &c->err);
	if (r == CSEAL_OK)
		r = confirm(c, &a, outcome);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
