/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

const struct cli_option cli_policy_set_options[] = {
	{ "accept-single-keys", 0, NULL, false,
	    "one lost key may end it all: a warning" },
	{ NULL, 0, NULL, false, NULL },
};

/* Rules that nobody could live with are not asked for. */
static int
judge(
    struct cli *c, const struct cli_act *a, const struct cseal_policy_source *s)
{
	const struct cseal_lint_change then = {
		.policy = cseal_policy_source_rules(s),
		.accept_single_keys = cli_option_given(c, "accept-single-keys"),
	};
	struct cseal_lint *l;
	int r;

	r = cseal_lint_state(&l, cseal_desk_state(a->desk), &then);
	if (r == CSEAL_OK)
		r = policy_judge(c, l, c->words[0], s);
	cseal_lint_free(l);
	return r;
}

int
cli_policy_set(struct cli *c)
{
	struct cli_act a = {
		.name = "policy set",
		.why = "to ask for these rules",
		.done = "asked for by",
	};
	struct cseal_policy_source *s;
	int r;

	r = policy_read(c, c->words[0], &s);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK)
		r = judge(c, &a, s);
	if (r == CSEAL_OK)
		r = cseal_draft_policy_set(&a.draft, a.desk, a.key.number,
		    cseal_policy_source_text(s), &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	cseal_policy_source_free(s);
	return cli_act_end(c, &a, r);
}
