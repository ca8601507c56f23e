/* SPDX-License-Identifier: BSD-2-Clause */
/* The other end of a key that is a socket. */

#ifndef TESTS_UNIT_SOCKET_SERVER_H
#define TESTS_UNIT_SOCKET_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A listening socket in a folder of its own. */
struct server {
	char dir[64];
	char path[80];	/* of the socket */
	char token[96]; /* "unix:" and the same */
	int listener;
	int peer; /* the accepted end */
	void *h;  /* ours, the test's to close */
};

static inline void
bind_socket(struct server *s, int type)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	s->listener = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	assert_true(s->listener >= 0);
	assert_true(strlen(s->path) < sizeof(sa.sun_path));
	memcpy(sa.sun_path, s->path, strlen(s->path));
	assert_int_equal(
	    bind(s->listener, (const struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(s->listener, 1), 0);
}

static inline int
server_setup(void **state)
{
	struct server *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->listener = s->peer = -1;
	memcpy(s->dir, "/tmp/cseal-io-XXXXXX", 21);
	assert_non_null(mkdtemp(s->dir));
	(void)snprintf(s->path, sizeof(s->path), "%s/s", s->dir);
	(void)snprintf(s->token, sizeof(s->token), "unix:%s", s->path);
	*state = s;
	return 0;
}

static inline int
server_teardown(void **state)
{
	struct server *s = *state;

	if (s->peer >= 0)
		close(s->peer);
	if (s->listener >= 0)
		close(s->listener);
	(void)unlink(s->path);
	assert_int_equal(rmdir(s->dir), 0);
	free(s);
	return 0;
}

#endif
