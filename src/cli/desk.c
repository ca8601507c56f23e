/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <time.h>

/* Minutes east of UTC, here and now. */
static int
utc_offset(void)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return 0;
	return (int)(tm.tm_gmtoff / 60);
}

int
cli_desk_open(struct cli *c, bool write, struct cseal_desk **out)
{
	const struct cseal_desk_options o = {
		.ledger = c->ledger.value,
		.write = write,
		.utc_offset = utc_offset(),
		.replay = { .progress = cli_progress, .ctx = c },
		.state_dir = cli_memory_folder(c, c->ledger.value),
		.notice = cli_notice,
		.ctx = c,
	};
	int r;

	r = cseal_desk_open(out, &o, &c->err);
	cli_progress_end(c);
	if (r == CSEAL_ERR_NOT_FOUND)
		r = cli_error(c, r, c->ledger.value,
		    "there is no ledger here (%s); `counterseal init` makes "
		    "a new one, --ledger names another",
		    cli_source_name(c->ledger.source));
	if (r != CSEAL_OK && r != CSEAL_ERR_VIOLATION)
		c->failed_as = CLI_FILE;
	return r;
}

int
cli_change_find(struct cli *c, const struct cseal_state *s, const char *word,
    const struct cseal_state_change **out)
{
	return cseal_change_resolve(s, word, out, &c->err);
}
