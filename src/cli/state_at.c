/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger as it was at a time: as it ended when the last entry with a clock
 * up to that time had been appended. Clocks are claims of signers.
 */
#include "state.h"

#include <string.h>

struct search {
	uint64_t time;
	uint64_t size; /* entries up to the last one that is not later */
};

static int
look(void *ctx, const struct reading_entry *e)
{
	struct search *s = ctx;

	if (e->statement->clock <= s->time)
		s->size = e->index + 1;
	return CSEAL_OK;
}

/* A date alone is its last second. */
static int
read_time(struct cli *c, uint64_t *out)
{
	const char *text = cli_option(c, "at");
	char whole[40];

	if (strlen(text) != 10)
		return cli_time_parse(c, "--at", text, out);
	snprintf(whole, sizeof(whole), "%sT23:59:59Z", text);
	return cli_time_parse(c, "--at", whole, out);
}

int
state_view_open(struct state_view *v)
{
	struct cseal_replay_options o = { .progress = cli_progress,
		.ctx = v->c };
	struct search search = { 0 };
	struct cli *c = v->c;
	int r;

	v->s = cseal_desk_state(v->d);
	v->now = cseal_desk_now(v->d);
	v->at = cli_option_given(c, "at");
	if (!v->at)
		return CSEAL_OK;
	if ((r = read_time(c, &search.time)) != CSEAL_OK ||
	    (r = reading_entries(c, v->d, 0, cseal_state_size(v->s), look,
		 &search)) != CSEAL_OK)
		return r;
	v->now = search.time;
	if (search.size == 0)
		return cli_error(
		    c, CSEAL_ERR_INPUT, "--at", "the ledger begins later");
	if (search.size == cseal_state_size(v->s))
		return CSEAL_OK;
	o.limit = search.size;
	r = cseal_replay_new(&v->replay, cseal_desk_ledger(v->d), &o, &c->err);
	if (r == CSEAL_OK)
		v->s = cseal_replay_state(v->replay);
	return r;
}

void
state_view_close(struct state_view *v)
{
	cseal_replay_free(v->replay);
}
