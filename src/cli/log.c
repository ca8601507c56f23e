/* SPDX-License-Identifier: BSD-2-Clause */
/* log: the ledger's entries, a line each, in their order. */

#include <inttypes.h>
#include <string.h>

#include "reading.h"

const struct cli_option cli_log_options[] = {
	{ "change", 0, "N", false, "only what is about this change" },
	{ NULL, 0, NULL, false, NULL },
};

/* The lines are written as the entries come, so widths are known before. */
#define INDEX_WIDTH   6
#define KIND_WIDTH    8 /* "withdraw" */
#define PERSON_WIDTH  14
#define TIME_WIDTH    20
#define COUNTER_WIDTH 10

struct log {
	struct cli *c;
	const struct cseal_state *s;
	const struct cseal_state_change *only; /* NULL: all entries */
	int status; /* CLI_DONE until writing fails */
};

static void
say_heads(const struct log *w)
{
	cli_say(w->c, "%*s  %-*s  %-*s  %-*s  %*s  %s\n", INDEX_WIDTH, "ENTRY",
	    KIND_WIDTH, "ACT", PERSON_WIDTH, "BY", TIME_WIDTH,
	    "CLOCK (CLAIMED)", COUNTER_WIDTH, "COUNTER", "CHANGE");
}

static void
say_line(const struct log *w, const struct reading_entry *e)
{
	char when[CLI_TIME_BYTES];

	cli_time(e->statement->clock, when);
	cli_say(w->c, "%*" PRIu64 "  %-*s  %-*.*s  %*s  %*" PRIu32 "%s%s\n",
	    INDEX_WIDTH, e->index, KIND_WIDTH, e->kind, PERSON_WIDTH,
	    PERSON_WIDTH, e->person, TIME_WIDTH, when, COUNTER_WIDTH,
	    cseal_seal_counter(e->seal), e->subject[0] != '\0' ? "  #" : "",
	    e->subject);
}

static json_t *
line_json(const struct reading_entry *e)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:o, s:o, s:o, s:I, s:o}",
	    "index", (json_int_t)e->index, "act", e->kind, "person", e->person,
	    "key", (json_int_t)e->statement->key, "clock",
	    cli_json_time(e->statement->clock), "change",
	    e->has_change ? json_integer((json_int_t)e->change) : json_null(),
	    "name",
	    e->subject[0] != '\0' ? json_string(e->subject) : json_null(),
	    "counter", (json_int_t)cseal_seal_counter(e->seal), "leaf",
	    cli_json_hex(e->leaf, sizeof(e->leaf)));
}

static int
take(void *ctx, const struct reading_entry *e)
{
	struct log *w = ctx;

	if (w->only != NULL && (!e->has_change || e->change != w->only->index))
		return CSEAL_OK;
	if (w->c->json)
		w->status = cli_json(w->c, line_json(e));
	else
		say_line(w, e);
	return w->status == CLI_DONE ? CSEAL_OK : CSEAL_ERR_CANCELLED;
}

static int
tell(struct log *w, struct cseal_desk *d)
{
	const char *word = cli_option(w->c, "change");
	uint64_t from = 0;
	int r;

	if (word != NULL) {
		r = cli_change_find(w->c, w->s, word, &w->only);
		if (r != CSEAL_OK)
			return r;
		from = w->only->index;
	}
	if (!w->c->json)
		say_heads(w);
	r = reading_entries(w->c, d, from, UINT64_MAX, take, w);
	return w->status == CLI_DONE ? r : CSEAL_OK;
}

int
cli_log(struct cli *c)
{
	struct log w = { .c = c };
	struct cseal_desk *d = NULL;
	int r;

	if ((r = cli_desk_open(c, false, &d)) != CSEAL_OK)
		return cli_fail(c, r);
	w.s = cseal_desk_state(d);
	if ((r = tell(&w, d)) != CSEAL_OK)
		w.status = cli_fail(c, r);
	cseal_desk_close(d);
	return w.status;
}
