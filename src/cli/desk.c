/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <limits.h>
#include <string.h>
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

const char *
cli_machine(struct cli *c)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	if (c->machine[0] == '\0' && cseal_buf_read_file(&b, "/etc/machine-id",
					 sizeof(c->machine) - 1) == CSEAL_OK)
		snprintf(c->machine, sizeof(c->machine), "%.*s",
		    (int)strcspn(cseal_buf_str(&b), "\n"), cseal_buf_str(&b));
	cseal_buf_free(&b);
	return c->machine;
}

int
cli_ledger_id(struct cli *c, uint8_t out[CSEAL_HASH_BYTES])
{
	const char *word = cli_option(c, "ledger-id");

	if (word == NULL)
		return CSEAL_ERR_NOT_FOUND;
	if (strlen(word) != (size_t)2 * CSEAL_HASH_BYTES ||
	    cseal_unhex(word, out, CSEAL_HASH_BYTES) != CSEAL_OK)
		return cli_error(c, CSEAL_ERR_USAGE, "--ledger-id",
		    "a ledger's id is 64 hexadecimal digits");
	return CSEAL_OK;
}

/* The folder of the default place is ours to make; others are not. */
int
cli_ledger_folder(struct cli *c)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(c->ledger.value, '/');

	if (c->ledger.source != CLI_FROM_DEFAULT || slash == NULL)
		return CSEAL_OK;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - c->ledger.value),
	    c->ledger.value);
	return cli_folder_make(c, folder);
}

static int
open_desk(
    struct cli *c, bool write, const char *memory, struct cseal_desk **out)
{
	struct cseal_desk_options o = {
		.ledger = c->ledger.value,
		.write = write,
		.utc_offset = utc_offset(),
		.machine = cli_machine(c),
		.replay = { .progress = cli_progress, .ctx = c },
		.state_dir = memory,
		.notice = cli_notice,
		.ctx = c,
	};
	int r = CSEAL_OK;

	/* Values are sealed to it and opened with it; to read needs neither. */
	if (write && c->desk_key == NULL)
		r = cli_desk_key(c, true, &c->desk_key);
	if (r != CSEAL_OK)
		return r;
	o.key = c->desk_key;
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
cli_desk_open(struct cli *c, bool write, struct cseal_desk **out)
{
	return open_desk(c, write, cli_memory_folder(c, c->ledger.value), out);
}

int
cli_desk_open_new(struct cli *c, struct cseal_desk **out)
{
	return open_desk(c, true, NULL, out);
}

int
cli_change_find(struct cli *c, const struct cseal_state *s, const char *word,
    const struct cseal_state_change **out)
{
	return cseal_change_resolve(s, word, out, &c->err);
}
