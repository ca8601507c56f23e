/* SPDX-License-Identifier: BSD-2-Clause */
/* receive --follow: a shared folder that just works, until Ctrl-C. */

#include <unistd.h>

#include "exchange.h"

static int
exchange_once(struct exchange_tale *t, const char *folder)
{
	struct cli *c = t->c;
	int r;

	r = cseal_desk_refresh(t->d, &c->err);
	if (r == CSEAL_OK)
		r = cseal_exchange_receive(
		    t->d, folder, exchange_tell, t, &c->err);
	if (r == CSEAL_OK)
		r = cseal_exchange_send(
		    t->d, folder, exchange_tell, t, &c->err);
	/* Another process writes: with the next look. */
	return r == CSEAL_ERR_BUSY || r == CSEAL_ERR_AGAIN ? CSEAL_OK : r;
}

/* An object a line, of what happened since the last one. */
static int
say_events(struct exchange_tale *t)
{
	json_t *o;

	if (t->events == NULL || json_array_size(t->events) == 0)
		return CLI_DONE;
	o = exchange_json(t, "receive");
	json_decref(t->events);
	t->events = json_array();
	return cli_json(t->c, o);
}

static int
run(struct exchange_tale *t, const char *folder, int fd)
{
	struct cli *c = t->c;
	int r = CSEAL_OK;

	while (!cli_watch_ended(c)) {
		r = exchange_once(t, folder);
		exchange_hooks(t);
		if (r != CSEAL_OK || say_events(t) != CLI_DONE)
			break;
		if (!cli_watch_ended(c)) {
			cli_hooks_run(c);
			cli_watch_wait(c, fd);
		}
	}
	return r;
}

int
exchange_follow(struct exchange_tale *t, const char *folder)
{
	struct cli *c = t->c;
	int fd = -1;
	int r;

	r = cli_signals_hold(c);
	if (r == CSEAL_OK)
		r = cli_watch(c, folder, false, &fd);
	if (r == CSEAL_OK && !c->json)
		cli_note(c, "Following %s; Ctrl-C ends it.\n", folder);
	if (r == CSEAL_OK)
		r = run(t, folder, fd);
	if (fd >= 0)
		(void)close(fd);
	return r == CSEAL_OK ? CLI_DONE : cli_fail(c, r);
}
