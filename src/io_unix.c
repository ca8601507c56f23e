/* SPDX-License-Identifier: BSD-2-Clause */

#include "token_io.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fido.h>

struct unix_handle {
	struct io_wait wait; /* first: token.c looks for it here */
	int fd;
};

/* connect(2) says ECONNREFUSED for a plain file too; tell the two apart. */
static int
connect_path(int fd, const char *path)
{
	struct sockaddr_un sa;
	struct stat st;
	size_t n = strlen(path);

	memset(&sa, 0, sizeof(sa));
	sa.sun_family = AF_UNIX;
	if (n == 0 || n >= sizeof(sa.sun_path)) {
		errno = n == 0 ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memcpy(sa.sun_path, path, n + 1);
	if (stat(path, &st) != 0)
		return -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = ENOTSOCK;
		return -1;
	}
	return connect(fd, (const struct sockaddr *)&sa, sizeof(sa));
}

static void *
unix_open(const char *path)
{
	const size_t skip = sizeof(IO_UNIX_PREFIX) - 1;
	struct unix_handle *h;
	int saved;

	if (strncmp(path, IO_UNIX_PREFIX, skip) != 0) {
		errno = EINVAL;
		return NULL;
	}
	if ((h = calloc(1, sizeof(*h))) == NULL)
		return NULL;
	io_wait_init(&h->wait);
	h->fd =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (h->fd >= 0 && connect_path(h->fd, path + skip) == 0)
		return h;
	saved = errno;
	if (h->fd >= 0)
		close(h->fd);
	free(h);
	errno = saved;
	return NULL;
}

static void
unix_close(void *handle)
{
	struct unix_handle *h = handle;

	if (h == NULL)
		return;
	close(h->fd);
	free(h);
}

/* 1: ready, 0: not within `ms`, -1: broken. */
static int
wait_for(int fd, short what, int ms)
{
	struct pollfd p = { .fd = fd, .events = what };
	int n = poll(&p, 1, ms);

	if (n < 0)
		return errno == EINTR ? 0 : -1;
	return n;
}

static int
again(void)
{
	return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static int
read_slice(void *handle, unsigned char *buf, size_t len, int ms)
{
	const struct unix_handle *h = handle;
	ssize_t n;
	int ready;

	if ((ready = wait_for(h->fd, POLLIN, ms)) <= 0)
		return ready;
	/* MSG_TRUNC: the datagram's own length, so that no long one passes. */
	n = recv(h->fd, buf, len, MSG_TRUNC);
	if (n < 0)
		return again();
	if (n == 0)
		return -1; /* the peer closed */
	return n > INT32_MAX ? INT32_MAX : (int)n;
}

static int
write_slice(void *handle, const unsigned char *buf, size_t len, int ms)
{
	const struct unix_handle *h = handle;
	ssize_t n;
	int ready;

	if ((ready = wait_for(h->fd, POLLOUT, ms)) <= 0)
		return ready;
	/* The report id in front is HID's affair and does not travel. */
	n = send(h->fd, buf + 1, len - 1, MSG_NOSIGNAL);
	if (n < 0)
		return again();
	return (int)n + 1;
}

static int
unix_read(void *handle, unsigned char *buf, size_t len, int ms)
{
	struct unix_handle *h = handle;

	return io_wait_read(&h->wait, read_slice, h, buf, len, ms);
}

static int
unix_write(void *handle, const unsigned char *buf, size_t len)
{
	struct unix_handle *h = handle;

	return io_wait_write(&h->wait, write_slice, h, buf, len);
}

const struct fido_dev_io io_unix = {
	.open = unix_open,
	.close = unix_close,
	.read = unix_read,
	.write = unix_write,
};
