/* SPDX-License-Identifier: BSD-2-Clause */
/* What this desk remembers of ledgers: where it is kept, how it is told. */

#include <unistd.h>

#include "cli.h"

void
cli_notice(void *ctx, const char *where, const char *what)
{
	struct cli *c = ctx;

	cli_progress_end(c);
	cli_warn(c, "%s: %s", where, what);
}

const char *
cli_memory_folder(struct cli *c, const char *ledger)
{
	/* A ledger that is not there leaves nothing behind. */
	if (access(ledger, F_OK) != 0)
		return NULL;
	if (cli_folder_make(c, c->state_dir) == CSEAL_OK)
		return c->state_dir;
	cli_warn(c, "%s: %s; this desk remembers nothing", c->err.where,
	    c->err.what);
	c->err.code = CSEAL_OK;
	return NULL;
}

void
cli_memory_pin(struct cli *c)
{
	const char *folder = cli_memory_folder(c, c->ledger.value);
	struct cseal_error err = { 0 };

	if (folder != NULL &&
	    cseal_memory_pin(folder, c->ledger.value, &err) != CSEAL_OK)
		cli_notice(c, err.where, err.what);
}
