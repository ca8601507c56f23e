/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sits between counterseal and a software key and counts:
 *	meter LISTEN KEY
 *	meter LISTEN
 * Passes reports on between a client of the socket LISTEN and the key at the
 * socket KEY, one client at a time.  For each that has gone it prints a line:
 * CTAP2 commands, and microseconds from the last report of a message to the
 * last one of its answer.  The second form is a client that does nothing: after
 * its line, "0 0", all that came before has been told.
 */
#include <err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define REPORT	  64
#define CBOR	  0x90 /* CTAP 2.1 section 11.2.9.1.2 */
#define KEEPALIVE 0xbb
#define INIT_DATA (REPORT - 7)
#define CONT_DATA (REPORT - 5)

/* How far a message has gone by, one way. */
struct way {
	size_t left; /* bytes that are still to come */
	uint8_t command;
};

struct meter {
	struct way to, from;
	unsigned int commands;
	uint64_t asked_at, in_key;
};

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* True if the message is whole with this report. */
static bool
follow(struct way *w, const uint8_t *r)
{
	size_t data = CONT_DATA;

	if ((r[4] & 0x80) != 0) {
		w->command = r[4];
		w->left = (size_t)r[5] << 8 | r[6];
		data = INIT_DATA;
	}
	w->left = w->left > data ? w->left - data : 0;
	return w->left == 0;
}

/* A report as it stands on the wire: without the report id. */
static void
count(struct meter *m, bool to_key, const uint8_t *r)
{
	if (to_key) {
		if (!follow(&m->to, r))
			return;
		m->asked_at = now_us();
		if (m->to.command == CBOR)
			m->commands++;
	} else if (r[4] != KEEPALIVE && follow(&m->from, r)) {
		m->in_key += now_us() - m->asked_at;
	}
}

/* False at the end of one side. */
static bool
pass(struct meter *m, int from, int to, bool to_key)
{
	uint8_t data[REPORT + 1];
	ssize_t n = recv(from, data, sizeof(data), 0);

	if (n != REPORT && n != REPORT + 1)
		return false;
	count(m, to_key, data + (n - REPORT));
	return send(to, data, (size_t)n, MSG_NOSIGNAL) == n;
}

static struct sockaddr_un
address(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(a.sun_path))
		errx(1, "%s: too long", path);
	memcpy(a.sun_path, path, strlen(path));
	return a;
}

static void
serve(int client, const char *path)
{
	const struct sockaddr_un a = address(path);
	int key = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct pollfd fds[2] = { { client, POLLIN, 0 }, { key, POLLIN, 0 } };
	struct meter m = { .commands = 0 };
	bool going = true;

	if (key == -1 ||
	    connect(key, (const struct sockaddr *)&a, sizeof(a)) != 0)
		err(1, "%s", path);
	while (going && poll(fds, 2, -1) > 0) {
		if (fds[0].revents != 0)
			going = pass(&m, client, key, true);
		if (going && fds[1].revents != 0)
			going = pass(&m, key, client, false);
	}
	close(key);
	close(client);
	printf("%u %llu\n", m.commands, (unsigned long long)m.in_key);
	fflush(stdout);
}

static int
ask_for_nothing(const char *path)
{
	const struct sockaddr_un a = address(path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd == -1 ||
	    connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
		err(1, "%s", path);
	return close(fd);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_un a;
	int fd, client;

	if (argc == 2)
		return ask_for_nothing(argv[1]);
	if (argc != 3)
		errx(2, "usage: meter LISTEN KEY");
	a = address(argv[1]);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd == -1 || bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(fd, 4) != 0)
		err(1, "%s", argv[1]);
	printf("ready\n");
	fflush(stdout);
	while ((client = accept(fd, NULL, NULL)) != -1)
		serve(client, argv[2]);
	err(1, "accept");
}
