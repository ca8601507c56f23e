/* SPDX-License-Identifier: BSD-2-Clause */
#include "transport_unix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Two whole messages of 129 reports, as the kernel counts them. */
#define SEND_ROOM (512 * 1024)

struct client {
	int fd; /* -1: free */
	int id;
	bool doomed;
};

struct unix_server {
	int fd;
	int last_id;
	struct sockaddr_un addr;
	bool bound;
	dev_t dev;
	ino_t ino;
	struct client client[UNIX_CLIENTS];
};

static int
try_bind(struct unix_server *s)
{
	struct stat st;
	/* So that the socket never stands there with a wider mode. */
	mode_t old = umask(0177);
	int r = bind(s->fd, (const struct sockaddr *)&s->addr, sizeof(s->addr));
	int saved = errno;

	umask(old);
	errno = saved;
	if (r != 0 || stat(s->addr.sun_path, &st) != 0)
		return -1;
	s->bound = true;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return 0;
}

/* True if the path is a socket whose listener is gone. */
static bool
is_stale(const struct sockaddr_un *addr)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(addr->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return false;
	stale =
	    connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) != 0 &&
	    errno == ECONNREFUSED;
	close(fd);
	return stale;
}

static int
start(struct unix_server *s, char *why, size_t cap)
{
	s->fd =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd == -1) {
		snprintf(why, cap, "socket: %s", strerror(errno));
		return -1;
	}
	if (try_bind(s) == 0)
		return 0;
	if (errno == EADDRINUSE && is_stale(&s->addr) &&
	    unlink(s->addr.sun_path) == 0 && try_bind(s) == 0)
		return 0;
	if (errno == EADDRINUSE)
		snprintf(why, cap, "the path is in use");
	else
		snprintf(why, cap, "%s", strerror(errno));
	return -1;
}

struct unix_server *
unix_server_open(const char *path, char *why, size_t cap)
{
	struct unix_server *s = calloc(1, sizeof(*s));
	size_t n = strlen(path);

	if (s == NULL) {
		snprintf(why, cap, "out of memory");
		return NULL;
	}
	s->fd = -1;
	for (size_t i = 0; i < UNIX_CLIENTS; i++)
		s->client[i].fd = -1;
	s->addr.sun_family = AF_UNIX;
	if (n == 0 || n >= sizeof(s->addr.sun_path)) {
		snprintf(why, cap, "a socket's path has 1 to %zu bytes",
		    sizeof(s->addr.sun_path) - 1);
		goto fail;
	}
	memcpy(s->addr.sun_path, path, n);
	if (start(s, why, cap) != 0)
		goto fail;
	if (listen(s->fd, UNIX_CLIENTS) != 0) {
		snprintf(why, cap, "listen: %s", strerror(errno));
		goto fail;
	}
	return s;
fail:
	unix_server_close(s);
	return NULL;
}

void
unix_server_close(struct unix_server *s)
{
	struct stat st;

	if (s == NULL)
		return;
	for (size_t i = 0; i < UNIX_CLIENTS; i++) {
		if (s->client[i].fd != -1)
			close(s->client[i].fd);
	}
	if (s->bound && lstat(s->addr.sun_path, &st) == 0 &&
	    st.st_dev == s->dev && st.st_ino == s->ino)
		unlink(s->addr.sun_path);
	if (s->fd != -1)
		close(s->fd);
	free(s);
}

void
unix_server_poll(const struct unix_server *s, struct pollfd *fds)
{
	for (size_t i = 0; i < UNIX_CLIENTS; i++)
		fds[i] = (struct pollfd){ s->client[i].fd, POLLIN, 0 };
	fds[UNIX_CLIENTS] = (struct pollfd){ s->fd, POLLIN, 0 };
}

static struct client *
free_slot(struct unix_server *s)
{
	for (size_t i = 0; i < UNIX_CLIENTS; i++) {
		if (s->client[i].fd == -1)
			return &s->client[i];
	}
	return NULL;
}

static void
take_client(struct unix_server *s)
{
	int room = SEND_ROOM;
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;

	if (fd == -1)
		return;
	if ((c = free_slot(s)) == NULL) {
		close(fd);
		return;
	}
	/* The kernel may grant less: then a client must read sooner. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	c->fd = fd;
	c->id = ++s->last_id;
	c->doomed = false;
}

static void
serve_client(struct client *c, struct device *dev)
{
	/* One more than the longest, to notice what is longer. */
	uint8_t data[CTAPHID_REPORT + 2];
	ssize_t n = recv(c->fd, data, sizeof(data), 0);

	if (n > 0)
		device_report_in(dev, c->id, data, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		c->doomed = true;
}

static void
reap(struct unix_server *s, struct device *dev)
{
	for (size_t i = 0; i < UNIX_CLIENTS; i++) {
		struct client *c = &s->client[i];

		if (c->fd == -1 || !c->doomed)
			continue;
		device_client_gone(dev, c->id);
		close(c->fd);
		c->fd = -1;
	}
}

void
unix_server_serve(
    struct unix_server *s, const struct pollfd *fds, struct device *dev)
{
	for (size_t i = 0; i < UNIX_CLIENTS; i++) {
		if (s->client[i].fd != -1 && fds[i].revents != 0)
			serve_client(&s->client[i], dev);
	}
	reap(s, dev);
	if (fds[UNIX_CLIENTS].revents != 0)
		take_client(s);
}

void
unix_server_send(
    struct unix_server *s, int client, const uint8_t report[CTAPHID_REPORT])
{
	for (size_t i = 0; i < UNIX_CLIENTS; i++) {
		struct client *c = &s->client[i];

		if (c->fd == -1 || c->doomed || c->id != client)
			continue;
		if (send(c->fd, report, CTAPHID_REPORT,
			MSG_DONTWAIT | MSG_NOSIGNAL) != CTAPHID_REPORT)
			c->doomed = true;
	}
}

static void *
open_any(const char *place, const char *name, char *why, size_t cap)
{
	(void)name;
	return unix_server_open(place, why, cap);
}

static void
close_any(void *self)
{
	unix_server_close(self);
}

static size_t
poll_any(const void *self, struct pollfd *fds)
{
	unix_server_poll(self, fds);
	return UNIX_POLLFDS;
}

static int
serve_any(void *self, const struct pollfd *fds, struct device *dev)
{
	unix_server_serve(self, fds, dev);
	return 0;
}

static void
send_any(void *self, int client, const uint8_t report[CTAPHID_REPORT])
{
	unix_server_send(self, client, report);
}

_Static_assert(UNIX_POLLFDS <= TRANSPORT_POLLFDS, "room for poll");

const struct transport transport_unix = {
	.open = open_any,
	.close = close_any,
	.poll = poll_any,
	.serve = serve_any,
	.send = send_any,
};
