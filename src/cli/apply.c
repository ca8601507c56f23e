/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply.h"

const struct cli_option cli_apply_options[] = {
	{ "outcome", 0, "OUTCOME", false,
	    "entered (if not given), refused, differs" },
	{ "level", 0, "LEVEL", false,
	    "what must be read back at least: tail, full ..." },
	{ "clipboard", 0, "WORD", false,
	    "wl-copy, xclip, xsel, osc52, none (the screen)" },
	{ "read-back-from", 0, "FILE", false,
	    "what a script read there, as JSON" },
	{ "yes", 0, NULL, false, "hand nothing over, read nothing back" },
	{ NULL, 0, NULL, false, NULL },
};

static const struct {
	const char *question; /* where nothing is handed over */
	const char *done;     /* "#41 ... lin" */
} outcomes[] = {
	[CSEAL_APPLY_ENTERED] = { "", "entered by" },
	[CSEAL_APPLY_REFUSED] = { "Did the console refuse this?",
	    "refused by the console, as told by" },
	[CSEAL_APPLY_DIFFERS] = { "Does the console show something else?",
	    "not what the console shows, as told by" },
};

/*
 * The window is a view, no rule of the fold: when it closes depends on zones
 * and holidays, and what was entered late was entered.
 */
static int
check_window(struct apply *p)
{
	const struct cseal_state *s = cseal_desk_state(p->act.desk);
	char opened[CLI_TIME_BYTES], closed[CLI_TIME_BYTES];
	char name[CSEAL_CHANGE_NAME_BYTES];
	uint64_t opens, closes;
	int r;

	r = cseal_change_window(
	    cseal_state_policy(s), p->act.change, &opens, &closes, &p->c->err);
	if (r != CSEAL_OK || cseal_desk_now(p->act.desk) < closes)
		return r;
	cseal_change_name(p->act.change, name);
	cli_time(opens, opened);
	cli_time(closes, closed);
	return cli_error(p->c, CSEAL_ERR_REFUSED, "apply window",
	    "it opened at %s and closed at %s, so this is not entered any "
	    "more: ask for it again (counterseal request --replaces %s)",
	    opened, closed, name);
}

/* Nobody types an account for nothing: what the fold would say is asked. */
static int
may_apply(struct apply *p)
{
	struct cseal_draft *draft = NULL;
	int r;

	r = cseal_draft_apply(&draft, p->act.desk, p->act.key.number,
	    p->act.change->index, p->outcome, CSEAL_LEVEL_NONE, &p->c->err);
	cseal_draft_free(draft);
	return r;
}

static int
say_no_terminal(struct cli *c)
{
	return cli_error(c, CSEAL_ERR_USAGE, "--yes",
	    "is needed where there is no terminal to ask on");
}

static int
say_nothing_read(struct cli *c)
{
	return cli_error(c, CSEAL_ERR_USAGE, "--level",
	    "is reached by what is read back from the console, and with --yes "
	    "or another outcome nothing is");
}

/* The values to the person, and what came of it back. */
static int
enter(struct apply *p)
{
	int r = apply_hand(p);

	return r == CSEAL_OK ? apply_read_back(p) : r;
}

/* On a terminal alone: the panel that follows is all that a log needs. */
static int
tell_and_ask(struct apply *p)
{
	const char *from = cli_option(p->c, "read-back-from");
	const bool asked = !cli_option_given(p->c, "yes");
	int r = CSEAL_OK;

	if (from != NULL)
		return apply_read_from(p, from);
	if (!cli_terminal(p->c) && asked)
		return say_no_terminal(p->c);
	if (asked && p->outcome == CSEAL_APPLY_ENTERED)
		return enter(p);
	if (p->wanted != CSEAL_LEVEL_NONE)
		return say_nothing_read(p->c);
	if (cli_terminal(p->c))
		r = apply_show(p);
	return r == CSEAL_OK && asked
		   ? cli_confirm(p->c, outcomes[p->outcome].question)
		   : r;
}

static int
read_options(struct apply *p)
{
	struct cli *c = p->c;
	int r = CSEAL_OK;

	p->outcome = CSEAL_APPLY_ENTERED;
	if (cli_option_given(c, "outcome"))
		r = cli_word_option(
		    c, "outcome", cseal_apply_outcomes, &p->outcome);
	if (r == CSEAL_OK && cli_option_given(c, "level"))
		r = cli_word_option(c, "level", cseal_levels, &p->wanted);
	return r == CSEAL_OK ? clipboard_choose(c, &p->clip) : r;
}

static int
run(struct apply *p)
{
	struct cli_act *a = &p->act;
	int r;

	if ((r = cli_act_begin(p->c, a, p->c->words[0])) != CSEAL_OK ||
	    (r = may_apply(p)) != CSEAL_OK ||
	    (r = p->outcome == CSEAL_APPLY_ENTERED ? check_window(p)
						   : CSEAL_OK) != CSEAL_OK ||
	    (r = apply_load(p)) != CSEAL_OK ||
	    (r = tell_and_ask(p)) != CSEAL_OK)
		return r;
	a->done = outcomes[p->outcome].done;
	r = cseal_draft_apply(&a->draft, a->desk, a->key.number,
	    a->change->index, p->outcome, p->level, &p->c->err);
	return r == CSEAL_OK ? cli_act_seal(p->c, a) : r;
}

int
cli_apply(struct cli *c)
{
	struct apply p = {
		.c = c,
		.act = { .name = "apply", .why = "to seal this" },
	};
	uint64_t asked;
	int r;

	r = read_options(&p);
	asked = p.outcome;
	if (r == CSEAL_OK)
		r = run(&p);
	apply_free(&p);
	r = cli_act_end(c, &p.act, r);
	/* Sealed as it came out, which is not what was to be done. */
	return r == CLI_DONE && p.outcome != asked ? CLI_NO : r;
}
