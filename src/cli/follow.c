/* SPDX-License-Identifier: BSD-2-Clause */
/* receive --follow: a shared folder that just works, until Ctrl-C. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "exchange.h"

/*
 * What other programs do with this desk's ledger makes no event in the folder,
 * and a network's file system may tell of none: so it is looked at anyway.
 */
#define LOOK_MS 2000

static int
watch(struct cli *c, const char *folder, int *fd)
{
	*fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (*fd >= 0 && inotify_add_watch(*fd, folder,
			    IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR |
				IN_DELETE_SELF) >= 0)
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_IO, folder,
	    errno == ENOTDIR ? "--follow watches a folder, not a file"
			     : "watching it: %s",
	    strerror(errno));
}

/* What is in the queue says only that there is something. */
static void
drain(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof(events)) > 0)
		;
}

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
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = c->signals, .events = POLLIN } };
	int r = CSEAL_OK;

	while (r == CSEAL_OK && !cli_signals_pending(c)) {
		drain(fd);
		r = exchange_once(t, folder);
		if (r == CSEAL_OK && say_events(t) != CLI_DONE)
			break;
		fflush(stdout);
		if (r == CSEAL_OK && !cli_signals_pending(c))
			(void)poll(fds, 2, LOOK_MS);
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
		r = watch(c, folder, &fd);
	if (r == CSEAL_OK && !c->json)
		cli_note(c, "Following %s; Ctrl-C ends it.\n", folder);
	if (r == CSEAL_OK)
		r = run(t, folder, fd);
	if (fd >= 0)
		(void)close(fd);
	return r == CSEAL_OK ? CLI_DONE : cli_fail(c, r);
}
