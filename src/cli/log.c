/* SPDX-License-Identifier: BSD-2-Clause */
/* log: the ledger's entries, a line each, in their order. */

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notice.h"

const struct cli_option cli_log_options[] = {
	{ "change", 0, "N", false, "only what is about this change" },
	{ "from", 0, "INDEX", false, "from this entry on" },
	{ "follow", 'f', NULL, false, "go on as entries come, until Ctrl-C" },
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
	struct cseal_desk *d;
	const struct cseal_state *s;
	bool one_change; /* only what is about this one: */
	uint64_t change;
	uint64_t next; /* the first entry that was not told yet */
	int status;    /* CLI_DONE until writing fails */
};

static void
say_heads(const struct log *w)
{
	cli_say(w->c, "%*s  %-*s  %-*s  %-*s  %*s  %s\n", INDEX_WIDTH, "ENTRY",
	    KIND_WIDTH, "ACT", PERSON_WIDTH, "BY", TIME_WIDTH,
	    "CLOCK (CLAIMED)", COUNTER_WIDTH, "COUNTER", "CHANGE");
}

/* What a freeze is about stands where others have their change. */
static void
say_frozen(const struct log *w, const struct cseal_freeze *f)
{
	if (f->has_store)
		cli_say(w->c, "  store %.*s", (int)f->store.len,
		    (const char *)f->store.data);
	else if (f->has_key)
		cli_say(w->c, "  key %" PRIu64, f->key);
	else
		cli_say(w->c, "  all stores");
}

static void
say_line(const struct log *w, const struct reading_entry *e)
{
	char when[CLI_TIME_BYTES];
	struct cseal_buf checks;

	cseal_buf_init(&checks, 0);
	reading_checks(e->statement, &checks);
	cli_time(e->statement->clock, when);
	cli_say(w->c, "%*" PRIu64 "  %-*s  %-*.*s  %*s  %*" PRIu32 "%s%s",
	    INDEX_WIDTH, e->index, KIND_WIDTH, e->kind, PERSON_WIDTH,
	    PERSON_WIDTH, e->person, TIME_WIDTH, when, COUNTER_WIDTH,
	    cseal_seal_counter(e->seal), e->subject[0] != '\0' ? "  #" : "",
	    e->subject);
	if (e->statement->kind == CSEAL_FREEZE)
		say_frozen(w, &e->statement->u.freeze);
	cli_say(
	    w->c, "%s%s\n", checks.len > 0 ? "  " : "", cseal_buf_str(&checks));
	cseal_buf_free(&checks);
}

static int
take(void *ctx, const struct reading_entry *e)
{
	struct log *w = ctx;

	if (w->one_change && (!e->has_change || e->change != w->change))
		return CSEAL_OK;
	if (w->c->json)
		w->status = cli_json(w->c, notice_json(w->d, e));
	else
		say_line(w, e);
	return w->status == CLI_DONE ? CSEAL_OK : CSEAL_ERR_CANCELLED;
}

/* Lines for what is there now and was not told yet. */
static int
tell(struct log *w)
{
	const uint64_t size = cseal_state_size(w->s);
	int r = CSEAL_OK;

	if (w->next < size)
		r = reading_entries(
		    w->c, w->d, w->next, size - w->next, take, w);
	if (w->status != CLI_DONE)
		return CSEAL_OK;
	if (w->next < size)
		w->next = size;
	return r;
}

/* Another process writes: with the next look. */
static int
look(struct log *w)
{
	int r = cseal_desk_refresh(w->d, &w->c->err);

	if (r == CSEAL_ERR_BUSY || r == CSEAL_ERR_AGAIN)
		return CSEAL_OK;
	if (r != CSEAL_OK)
		return r;
	w->s = cseal_desk_state(w->d);
	return tell(w);
}

static int
follow(struct log *w)
{
	struct cli *c = w->c;
	char folder[PATH_MAX];
	const char *slash = strrchr(c->ledger.value, '/');
	int fd = -1;
	int r;

	(void)snprintf(folder, sizeof(folder), "%.*s",
	    slash != NULL ? (int)(slash - c->ledger.value) + 1 : 1,
	    slash != NULL ? c->ledger.value : ".");
	r = cli_signals_hold(c);
	if (r == CSEAL_OK)
		r = cli_watch(c, folder, true, &fd);
	if (r == CSEAL_OK)
		r = look(w);
	while (r == CSEAL_OK && w->status == CLI_DONE && !cli_watch_ended(c)) {
		cli_watch_wait(c, fd);
		r = look(w);
	}
	if (fd >= 0)
		(void)close(fd);
	return r;
}

static int
read_from(struct log *w)
{
	const char *word = cli_option(w->c, "from");
	char *end = NULL;

	if (word == NULL)
		return CSEAL_OK;
	w->next = strtoull(word, &end, 10);
	if (strspn(word, "0123456789") != strlen(word) || *word == '\0' ||
	    strlen(word) > 18)
		return cli_error(w->c, CSEAL_ERR_USAGE, "--from",
		    "is an entry's index, such as 0 or 41");
	return CSEAL_OK;
}

static int
run(struct log *w)
{
	const char *word = cli_option(w->c, "change");
	const struct cseal_state_change *h = NULL;
	int r = read_from(w);

	if (r == CSEAL_OK && word != NULL)
		r = cli_change_find(w->c, w->s, word, &h);
	if (r != CSEAL_OK)
		return r;
	if (h != NULL) {
		w->one_change = true;
		w->change = h->index;
		w->next = w->next > h->index ? w->next : h->index;
	}
	if (!w->c->json)
		say_heads(w);
	r = tell(w);
	if (r == CSEAL_OK && cli_option_given(w->c, "follow"))
		r = follow(w);
	return r;
}

int
cli_log(struct cli *c)
{
	struct log w = { .c = c };
	int r;

	if ((r = cli_desk_open(c, false, &w.d)) != CSEAL_OK)
		return cli_fail(c, r);
	w.s = cseal_desk_state(w.d);
	if ((r = run(&w)) != CSEAL_OK)
		w.status = cli_fail(c, r);
	cseal_desk_close(w.d);
	return w.status;
}
