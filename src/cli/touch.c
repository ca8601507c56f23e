/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define LINE_COLUMNS 79

/* ---- the time before it ---- */

/* One line that counts down; where there is no terminal, one that stays. */
static void
hold_line(struct cli *c, uint64_t seconds, bool first)
{
	char line[LINE_COLUMNS + 1];

	snprintf(line, sizeof(line),
	    "Read it: the key is asked in %llu s. [Ctrl-C stops]",
	    (unsigned long long)seconds);
	if (cli_terminal(c))
		dprintf(c->tty, "\r%-*s", LINE_COLUMNS, line);
	else if (first)
		cli_note(c, "%s\n", line);
}

int
cli_hold(struct cli *c, uint64_t seconds)
{
	const uint64_t end = cli_now_ms() + seconds * 1000;
	struct pollfd p = { .events = POLLIN };
	uint64_t left, now;
	int r = cli_signals_hold(c);

	p.fd = c->signals;
	for (bool first = true; r == CSEAL_OK; first = false) {
		now = cli_now_ms();
		if (now >= end)
			break;
		left = (end - now + 999) / 1000;
		hold_line(c, left, first);
		/* Until the number on the line is another one. */
		if (poll(&p, 1, (int)(end - now - (left - 1) * 1000)) < 0 &&
		    errno != EINTR)
			r = cli_error(c, CSEAL_ERR_INTERNAL, "",
			    "nothing can be waited for");
		else if (cli_signals_pending(c))
			r = cli_error(c, CSEAL_ERR_CANCELLED, "",
			    "stopped; nothing was sealed");
	}
	if (seconds > 0 && cli_terminal(c))
		dprintf(c->tty, "\r%*s\r", LINE_COLUMNS, "");
	return r;
}

/* ---- the touch ---- */

/* On a terminal one line that counts down, else a line that stays. */
static void
touch_line(const struct cli_touch *t, int seconds)
{
	char line[160];
	int n;

	n = snprintf(line, sizeof(line),
	    "Touch your key%s%s%s %s. [%d s, Ctrl-C stops]",
	    t->who != NULL ? " (" : "", t->who != NULL ? t->who : "",
	    t->who != NULL ? ")" : "", t->why, seconds);
	if (n > LINE_COLUMNS)
		line[LINE_COLUMNS] = '\0';
	if (cli_terminal(t->c))
		dprintf(t->c->tty, "\r%-*s", LINE_COLUMNS, line);
	else
		cli_note(t->c, "%s\n", line);
}

static void
touch_begin(void *ctx, const char *token_name)
{
	struct cli_touch *t = ctx;

	(void)token_name;
	t->shown = CSEAL_TOKEN_TOUCH_SECONDS;
	touch_line(t, t->shown);
}

static int
touch_tick(void *ctx, int ms_left)
{
	struct cli_touch *t = ctx;
	int seconds = (ms_left + 999) / 1000;

	if (t->shown >= 0 && seconds != t->shown && cli_terminal(t->c)) {
		t->shown = seconds;
		touch_line(t, seconds);
	}
	return cli_signals_pending(t->c) ? 1 : 0;
}

static void
touch_done(void *ctx)
{
	struct cli_touch *t = ctx;

	if (t->shown >= 0 && cli_terminal(t->c))
		dprintf(t->c->tty, "\r%*s\r", LINE_COLUMNS, "");
	t->shown = -1;
}

/* What a person must know before a PIN is typed. */
static void
pin_warn(const struct cli_touch *t, int retries)
{
	if (retries >= 0 && retries < t->retries)
		cli_note(t->c, "The PIN was wrong.\n");
	if (retries == 1)
		cli_note(t->c,
		    "This is the last try. A wrong PIN now blocks the key for "
		    "good: then it must be\nreset, which ends its credentials "
		    "(Ctrl-C stops).\n");
}

static int
touch_pin(void *ctx, const char *token_name, int retries, struct cseal_buf *pin)
{
	struct cli_touch *t = ctx;
	char text[256];
	char left[48] = "";

	if (!cli_terminal(t->c)) {
		t->mute = true;
		return -1;
	}
	touch_done(t);
	pin_warn(t, retries);
	t->retries = retries;
	if (retries >= 0)
		snprintf(left, sizeof(left), " (%d %s left)", retries,
		    retries == 1 ? "try" : "tries");
	snprintf(text, sizeof(text), "PIN of %.120s%s: ", token_name, left);
	return cli_ask(t->c, text, false, pin) == CSEAL_OK ? 0 : -1;
}

void
cli_touch_init(struct cli_touch *t, struct cli *c)
{
	*t = (struct cli_touch){
		.c = c,
		.why = "",
		.shown = -1,
		.retries = -1,
		.prompt = {
			.ctx = t,
			.touch = touch_begin,
			.tick = touch_tick,
			.done = touch_done,
			.pin = touch_pin,
		},
	};
}

int
cli_token_fail(struct cli *c, const struct cli_touch *t, int r)
{
	if (r == CSEAL_OK || r == CSEAL_ERR_CANCELLED || r == CSEAL_ERR_NOMEM ||
	    r == CSEAL_ERR_USAGE) {
		if (r != CSEAL_ERR_CANCELLED || !t->mute)
			return r;
	}
	c->failed_as = CLI_TOKEN;
	if (t->mute)
		return cli_error(c, CSEAL_ERR_TOKEN_PIN, "",
		    "the key wants its PIN, and there is no terminal to ask "
		    "for it");
	return r;
}
