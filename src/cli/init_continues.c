/* SPDX-License-Identifier: BSD-2-Clause */
/* init --continues: the ledger that nobody can act in any more. */

#include "init.h"

#include <string.h>

static void
take(struct founding *f, const struct cseal_state *s)
{
	const char *org = cli_option(f->c, "org");
	const struct cseal_slice was = cseal_state_org(s);

	f->continues = true;
	f->predecessor.head = cseal_state_head(s);
	memcpy(f->predecessor.ledger, cseal_state_ledger_id(s),
	    sizeof(f->predecessor.ledger));
	if (was.len != strlen(org) || memcmp(was.data, org, was.len) != 0)
		cli_warn(f->c,
		    "--continues: that ledger is of another organisation's "
		    "name");
}

int
init_continues(struct founding *f)
{
	struct cli *c = f->c;
	const char *path = cli_option(c, "continues");
	struct cseal_desk_options o = {
		.ledger = path,
		.replay = { .progress = cli_progress, .ctx = c },
		.notice = cli_notice,
		.ctx = c,
	};
	struct cseal_desk *d = NULL;
	int r;

	if (path == NULL)
		return CSEAL_OK;
	o.state_dir = cli_memory_folder(c, path);
	r = cseal_desk_open(&d, &o, &c->err);
	cli_progress_end(c);
	if (r == CSEAL_OK)
		take(f, cseal_desk_state(d));
	else if (r == CSEAL_ERR_NOT_FOUND)
		r = cli_error(c, r, path, "there is no ledger here");
	if (r != CSEAL_OK && r != CSEAL_ERR_VIOLATION)
		c->failed_as = CLI_FILE;
	cseal_desk_close(d);
	return r;
}
