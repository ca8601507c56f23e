/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply.h"

const struct cli_option cli_apply_options[] = {
	{ "outcome", 0, "OUTCOME", false,
	    "entered (if not given), refused, differs" },
	{ "level", 0, "LEVEL", false,
	    "read back: none (if not given), tail, full ..." },
	{ "clipboard", 0, "WORD", false,
	    "wl-copy, xclip, xsel, osc52, none (the screen)" },
	{ "yes", 0, NULL, false, "hand nothing over, and do not ask" },
	{ NULL, 0, NULL, false, NULL },
};

static const char *const questions[] = {
	[CSEAL_APPLY_ENTERED] = "Entered in the console exactly so?",
	[CSEAL_APPLY_REFUSED] = "Did the console refuse this?",
	[CSEAL_APPLY_DIFFERS] = "Does the console show something else?",
};

/* Nobody types an account for nothing: what the fold would say is asked. */
static int
may_apply(struct apply *p)
{
	struct cseal_draft *draft = NULL;
	int r;

	r = cseal_draft_apply(&draft, p->act.desk, p->act.key.number,
	    p->act.change->index, p->outcome, 0, &p->c->err);
	cseal_draft_free(draft);
	return r;
}

/* On a terminal alone: the panel that follows is all that a log needs. */
static int
confirm(struct apply *p)
{
	const bool asked = !cli_option_given(p->c, "yes");
	int r;

	if (!cli_terminal(p->c))
		return !asked
			   ? CSEAL_OK
			   : cli_error(p->c, CSEAL_ERR_USAGE, "--yes",
				 "is needed where there is no terminal to ask "
				 "on");
	if (asked && p->outcome == CSEAL_APPLY_ENTERED && p->n_fields > 0)
		r = apply_hand(p);
	else
		r = apply_show(p);
	return r == CSEAL_OK && asked ? cli_confirm(p->c, questions[p->outcome])
				      : r;
}

static int
read_options(struct apply *p)
{
	struct cli *c = p->c;
	int r = CSEAL_OK;

	p->outcome = CSEAL_APPLY_ENTERED;
	p->level = 0;
	if (cli_option_given(c, "outcome"))
		r = cli_word_option(
		    c, "outcome", cseal_apply_outcomes, &p->outcome);
	if (r == CSEAL_OK && cli_option_given(c, "level"))
		r = cli_word_option(c, "level", cseal_levels, &p->level);
	return r == CSEAL_OK ? clipboard_choose(c, &p->clip) : r;
}

int
cli_apply(struct cli *c)
{
	struct apply p = {
		.c = c,
		.act = {
			.name = "apply",
			.why = "to seal this",
			.done = "told of by",
		},
	};
	int r;

	r = read_options(&p);
	if (p.outcome == CSEAL_APPLY_ENTERED)
		p.act.done = "entered by";
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &p.act, c->words[0]);
	if (r == CSEAL_OK)
		r = may_apply(&p);
	if (r == CSEAL_OK) {
		apply_find_fields(&p);
		r = confirm(&p);
	}
	if (r == CSEAL_OK)
		r = cseal_draft_apply(&p.act.draft, p.act.desk,
		    p.act.key.number, p.act.change->index, p.outcome, p.level,
		    &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &p.act);
	return cli_act_end(c, &p.act, r);
}
