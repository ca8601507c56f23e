/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

bool
program_find(const char *name, char path[PATH_MAX])
{
	const char *p = getenv("PATH");
	size_t len;
	int n;

	for (; p != NULL && *p != '\0'; p += len + (p[len] == ':')) {
		len = strcspn(p, ":");
		n = snprintf(path, PATH_MAX, "%.*s/%s", (int)len, p, name);
		if (*p == '/' && n > 0 && n < PATH_MAX &&
		    access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* One run: its process, and the ends of its pipes. */
struct running {
	struct cli *c;
	const struct program *p;
	pid_t pid;
	int pidfd; /* readable when it has ended */
	int in;
	int out; /* -1: nobody reads */
	uint64_t until;
};

/* Signals that wait here are not to wait there. */
static int
set_attributes(posix_spawnattr_t *a)
{
	sigset_t none, usual;
	int r;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	if ((r = posix_spawnattr_init(a)) != 0)
		return r;
	(void)posix_spawnattr_setsigmask(a, &none);
	(void)posix_spawnattr_setsigdefault(a, &usual);
	(void)posix_spawnattr_setpgroup(a, 0);
	return posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGMASK |
					       POSIX_SPAWN_SETSIGDEF |
					       POSIX_SPAWN_SETPGROUP);
}

static int
set_files(posix_spawn_file_actions_t *f, int in, int out)
{
	int r = posix_spawn_file_actions_init(f);

	if (r == 0)
		r = posix_spawn_file_actions_adddup2(f, in, STDIN_FILENO);
	if (r == 0 && out >= 0)
		r = posix_spawn_file_actions_adddup2(f, out, STDOUT_FILENO);
	else if (r == 0)
		r = posix_spawn_file_actions_addopen(
		    f, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_addopen(
		    f, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(
		    f, STDERR_FILENO + 1);
	return r;
}

static int
spawn(struct running *g, int in, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int r;

	if ((r = set_attributes(&attributes)) != 0)
		return r;
	r = set_files(&files, in, out);
	/* posix_spawn() promises not to write into its arguments. */
	if (r == 0)
		r = posix_spawn(&g->pid, g->p->path, &files, &attributes,
		    (char *const *)(uintptr_t)g->p->argv, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
	return r;
}

static void
close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			(void)close(pair[i]);
		pair[i] = -1;
	}
}

static int
start(struct running *g)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	int r = CSEAL_ERR_IO;

	if (pipe2(in, O_CLOEXEC) != 0 ||
	    (g->p->out != NULL && pipe2(out, O_CLOEXEC) != 0) ||
	    (errno = spawn(g, in[0], out[1])) != 0)
		goto out;
	g->pidfd = pidfd_open(g->pid, 0);
	g->in = in[1];
	g->out = out[0];
	in[1] = out[0] = -1; /* transferred */
	r = CSEAL_OK;
out:
	close_pair(in);
	close_pair(out);
	return r;
}

/* Until `fd` has something; CSEAL_ERR_CANCELLED, CSEAL_ERR_TIMEOUT. */
static int
wait_for(const struct running *g, int fd)
{
	struct pollfd fds[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = g->p->stubborn ? -1 : g->c->signals, .events = POLLIN },
	};
	uint64_t now;

	for (;;) {
		if (!g->p->stubborn && cli_signals_pending(g->c))
			return CSEAL_ERR_CANCELLED;
		now = cli_now_ms();
		if (now >= g->until)
			return CSEAL_ERR_TIMEOUT;
		if (poll(fds, 2, (int)(g->until - now)) < 0 && errno != EINTR)
			return CSEAL_ERR_IO;
		if (fds[0].revents != 0)
			return CSEAL_OK;
	}
}

static int
read_all(const struct running *g)
{
	uint8_t bytes[512];
	ssize_t n = 1;
	int r = CSEAL_OK;

	while (r == CSEAL_OK && n > 0) {
		if ((r = wait_for(g, g->out)) != CSEAL_OK)
			break;
		n = read(g->out, bytes, sizeof(bytes));
		if (n > 0)
			r = cseal_buf_add(g->p->out, bytes, (size_t)n);
		else if (n < 0)
			r = CSEAL_ERR_IO;
	}
	cseal_wipe(bytes, sizeof(bytes));
	return r;
}

/* The pipe has room for any value, so this does not wait. */
static int
write_all(struct running *g)
{
	const struct cseal_slice in = g->p->in;
	ssize_t n = 0;

	if (in.len > 0)
		n = write(g->in, in.data, in.len);
	(void)close(g->in);
	g->in = -1;
	/* That it did not read shows in how it ends. */
	return n == (ssize_t)in.len || errno == EPIPE ? CSEAL_OK : CSEAL_ERR_IO;
}

/* How it ended; ended by force if `r` says that something went wrong. */
static int
finish(struct running *g, int r)
{
	int status = 0;

	if (r == CSEAL_OK)
		r = g->pidfd >= 0 ? wait_for(g, g->pidfd) : CSEAL_ERR_IO;
	if (r != CSEAL_OK)
		(void)kill(-g->pid, SIGKILL);
	while (waitpid(g->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r == CSEAL_OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		r = CSEAL_ERR_IO;
	return r;
}

int
program_run(struct cli *c, const struct program *p)
{
	struct running g = {
		.c = c,
		.p = p,
		.pidfd = -1,
		.in = -1,
		.out = -1,
		.until = cli_now_ms() + PROGRAM_MS,
	};
	int r;

	r = start(&g);
	if (r != CSEAL_OK)
		return r;
	r = write_all(&g);
	if (r == CSEAL_OK && p->out != NULL)
		r = read_all(&g);
	r = finish(&g, r);
	if (g.in >= 0)
		(void)close(g.in);
	if (g.out >= 0)
		(void)close(g.out);
	if (g.pidfd >= 0)
		(void)close(g.pidfd);
	return r;
}
