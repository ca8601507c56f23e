/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

const struct cli_option cli_reject_options[] = {
	{ "reason", 0, "REASON", false,
	    "reentry_mismatch, name_mismatch, not_asked_for ..." },
	{ NULL, 0, NULL, false, NULL },
};

int
cli_reject(struct cli *c)
{
	struct cli_act a = {
		.name = "reject",
		.why = "to reject this change",
		.done = "rejected by",
	};
	uint64_t reason;
	int r;

	r = cli_word_option(c, "reason", cseal_reject_reasons, &reason);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, c->words[0]);
	if (r == CSEAL_OK)
		r = cseal_draft_reject(&a.draft, a.desk, a.key.number,
		    a.change->index, reason, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
