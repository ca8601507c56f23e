/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

int
cli_withdraw(struct cli *c)
{
	struct cli_act a = {
		.name = "withdraw",
		.why = "to withdraw this change",
		.done = "withdrawn by",
	};
	int r;

	r = cli_act_begin(c, &a, c->words[0]);
	if (r == CSEAL_OK)
		r = cseal_draft_withdraw(
		    &a.draft, a.desk, a.key.number, a.change->index, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
