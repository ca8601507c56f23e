/* SPDX-License-Identifier: BSD-2-Clause */
#include "transport_gadget.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gadget {
	int fd;
	bool deaf;	/* the host fetched nothing in time */
	size_t first;	/* the oldest report that waits */
	size_t waiting; /* how many do */
	uint8_t queue[GADGET_QUEUE][CTAPHID_REPORT];
};

struct gadget *
gadget_attach(int fd)
{
	struct gadget *g = calloc(1, sizeof(*g));

	if (g == NULL) {
		close(fd);
		return NULL;
	}
	g->fd = fd;
	return g;
}

void
gadget_close(struct gadget *g)
{
	if (g == NULL)
		return;
	close(g->fd);
	free(g);
}

void
gadget_poll(const struct gadget *g, struct pollfd *fd)
{
	*fd = (struct pollfd){ g->fd, POLLIN, 0 };
	if (g->waiting > 0)
		fd->events |= POLLOUT;
}

/* The kernel has room for one report at a time: the host polls for each. */
static void
flush(struct gadget *g)
{
	ssize_t n;

	while (g->waiting > 0) {
		n = write(g->fd, g->queue[g->first], CTAPHID_REPORT);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return;
		if (n != CTAPHID_REPORT) {
			/* ESHUTDOWN: the cable was pulled. */
			g->deaf = true;
			return;
		}
		g->first = (g->first + 1) % GADGET_QUEUE;
		g->waiting--;
	}
}

static int
take_report(struct gadget *g, struct device *dev)
{
	/* One more than the longest, to notice what is longer. */
	uint8_t data[CTAPHID_REPORT + 2];
	ssize_t n = read(g->fd, data, sizeof(data));

	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (n == 0) {
		errno = ENODEV;
		return -1;
	}
	device_report_in(dev, TRANSPORT_BUS_CLIENT, data, (size_t)n);
	return 0;
}

int
gadget_serve(struct gadget *g, const struct pollfd *fd, struct device *dev)
{
	int r = 0;

	if ((fd->revents & POLLOUT) != 0)
		flush(g);
	if ((fd->revents & ~POLLOUT) != 0)
		r = take_report(g, dev);
	if (g->deaf) {
		g->deaf = false;
		g->waiting = 0;
		device_client_gone(dev, TRANSPORT_BUS_CLIENT);
	}
	return r;
}

void
gadget_send(struct gadget *g, const uint8_t report[CTAPHID_REPORT])
{
	size_t last = (g->first + g->waiting) % GADGET_QUEUE;

	if (g->waiting == GADGET_QUEUE) {
		g->deaf = true;
		return;
	}
	memcpy(g->queue[last], report, CTAPHID_REPORT);
	g->waiting++;
	flush(g);
}

static void *
open_any(const char *place, const char *name, char *why, size_t cap)
{
	int fd = open(place, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	struct gadget *g;

	(void)name; /* what the host sees stands in configfs */
	if (fd == -1) {
		snprintf(why, cap, "%s%s", strerror(errno),
		    errno == ENOENT ? "; set the USB gadget up first" : "");
		return NULL;
	}
	if ((g = gadget_attach(fd)) == NULL)
		snprintf(why, cap, "out of memory");
	return g;
}

static void
close_any(void *self)
{
	gadget_close(self);
}

static size_t
poll_any(const void *self, struct pollfd *fds)
{
	gadget_poll(self, fds);
	return 1;
}

static int
serve_any(void *self, const struct pollfd *fds, struct device *dev)
{
	return gadget_serve(self, fds, dev);
}

static void
send_any(void *self, int client, const uint8_t report[CTAPHID_REPORT])
{
	(void)client;
	gadget_send(self, report);
}

const struct transport transport_gadget = {
	.open = open_any,
	.close = close_any,
	.poll = poll_any,
	.serve = serve_any,
	.send = send_any,
};
