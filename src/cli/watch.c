/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/*
 * What other programs do with this desk's ledger makes no event in a shared
 * folder, and a network's file system may tell of none: so there is an end to
 * every wait.
 */
#define LOOK_MS 2000

int
cli_watch(struct cli *c, const char *folder, bool written, int *fd)
{
	const uint32_t what =
	    written ? IN_MODIFY | IN_CREATE : IN_CLOSE_WRITE | IN_MOVED_TO;

	*fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (*fd >= 0 && inotify_add_watch(*fd, folder,
			    what | IN_ONLYDIR | IN_DELETE_SELF) >= 0)
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_IO, folder,
	    errno == ENOTDIR ? "--follow watches a folder, not a file"
			     : "watching it: %s",
	    strerror(errno));
}

void
cli_watch_wait(struct cli *c, int fd)
{
	/* Of standard output only that its reader has gone. */
	struct pollfd fds[3] = { { .fd = fd, .events = POLLIN },
		{ .fd = c->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO } };
	char events[4096];

	(void)poll(fds, 3, LOOK_MS);
	if ((fds[2].revents & POLLERR) != 0 && c->broken == 0)
		c->broken = EPIPE;
	/* What is in the queue says only that there is something. */
	while (read(fd, events, sizeof(events)) > 0)
		;
}

bool
cli_watch_ended(struct cli *c)
{
	errno = 0;
	if (fflush(stdout) != 0 && c->broken == 0)
		c->broken = errno != 0 ? errno : EIO;
	return c->broken != 0 || cli_signals_pending(c);
}
