/* SPDX-License-Identifier: BSD-2-Clause */
#include "notice.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_MAX 2048

/* All that a hook learns of our environment: it is at the same desk. */
static const char *const kept[] = { "HOME", "LANG", "LOGNAME", "PATH", "USER",
	"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME" };
#define KEPT_MAX (sizeof(kept) / sizeof(kept[0]))

/* One run: its process and our ends of its pipes. */
struct run {
	struct hook *h;
	pid_t pid;
	int process; /* pidfd */
	int in;	     /* what the hook reads */
	int said;    /* what it says, our end */
	int saying;  /* and its own */
	int64_t ends_at;
	char *arguments[2];
	char *environment[KEPT_MAX + 1];
};

/* ---- before ---- */

static int
gather_environment(struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < KEPT_MAX; i++) {
		const char *value = getenv(kept[i]);

		if (value == NULL)
			continue;
		if (asprintf(&r->environment[n], "%s=%s", kept[i], value) < 0) {
			r->environment[n] = NULL;
			return ENOMEM;
		}
		n++;
	}
	return 0;
}

/*
 * All of the notice is in the pipe before the hook runs: a hook that does not
 * read it holds nobody up, and one that has gone is no broken pipe.
 */
static int
fill(struct run *r)
{
	const struct cseal_slice in = r->h->in;
	int ends[2];
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return errno;
	r->in = ends[0];
	n = write(ends[1], in.data, in.len);
	(void)close(ends[1]);
	if (n < 0 || (size_t)n != in.len)
		return n < 0 ? errno : EMSGSIZE;
	/* Ours does not block; what the hook gets should. */
	return fcntl(r->in, F_SETFL, 0) == 0 ? 0 : errno;
}

static int
prepare(struct run *r)
{
	int ends[2];
	int error;

	if ((r->arguments[0] = strdup(r->h->path)) == NULL)
		return ENOMEM;
	if ((error = gather_environment(r)) != 0 || (error = fill(r)) != 0)
		return error;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	r->said = ends[0];
	r->saying = ends[1];
	return fcntl(r->said, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

/* ---- the hook's process, until it is the hook ---- */

static void
reset_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A session of its own has no terminal, and is a group that can be ended. */
static void
become(const struct run *r, int failure)
{
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int error;

	reset_signals();
	if (setsid() >= 0 && chdir("/") == 0 && null >= 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
	    dup2(r->in, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	    dup2(r->saying, STDERR_FILENO) >= 0 &&
	    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		(void)execve(r->h->path, r->arguments, r->environment);
	error = errno;
	(void)!write(failure, &error, sizeof(error));
	_exit(127);
}

/* 0, or why it does not run. The pipe closes when it does. */
static int
start(struct run *r)
{
	int failure[2];
	int error = 0;
	ssize_t n;

	if (pipe2(failure, O_CLOEXEC) != 0)
		return errno;
	r->pid = fork();
	if (r->pid == 0)
		become(r, failure[1]);
	if (r->pid < 0)
		error = errno;
	(void)close(failure[1]);
	if (r->pid > 0) {
		do
			n = read(failure[0], &error, sizeof(error));
		while (n < 0 && errno == EINTR);
		r->process = pidfd_open(r->pid, 0);
		if (error == 0 && r->process < 0)
			error = errno;
	}
	(void)close(failure[0]);
	(void)close(r->saying);
	r->saying = -1;
	return error;
}

/* ---- while it runs ---- */

/* What is more than we keep is read too, or the hook would wait. */
static void
listen_to(struct run *r)
{
	struct hook *h = r->h;
	char part[1024];
	ssize_t n = read(r->said, part, sizeof(part));
	size_t room = SAID_MAX - h->said.len;

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		(void)close(r->said);
		r->said = -1;
	}
	if (n <= 0)
		return;
	h->said_more = h->said_more || (size_t)n > room;
	(void)cseal_buf_add(
	    &h->said, part, (size_t)n < room ? (size_t)n : room);
}

/* True until it has ended, by itself or not. */
static bool
goes_on(struct run *r, enum hook_end *end)
{
	struct pollfd fds[3] = { { .fd = r->process, .events = POLLIN },
		{ .fd = r->said, .events = POLLIN },
		{ .fd = r->h->signals, .events = POLLIN } };
	const int64_t left = r->ends_at - (int64_t)cli_now_ms();

	if (left <= 0) {
		*end = HOOK_LATE;
		return false;
	}
	if (poll(fds, 3, (int)left) < 0)
		return true;
	if (fds[1].revents != 0)
		listen_to(r);
	if (fds[2].revents != 0)
		*end = HOOK_STOPPED;
	return fds[0].revents == 0 && fds[2].revents == 0;
}

/* The group first: while its leader is not waited for, its number is ours. */
static enum hook_end
reap(struct run *r, enum hook_end end)
{
	int status = 0;

	(void)kill(-r->pid, SIGKILL);
	(void)kill(r->pid, SIGKILL);
	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	for (int i = 0; r->said >= 0 && i < SAID_MAX; i++) {
		const size_t had = r->h->said.len;

		listen_to(r);
		if (r->h->said.len == had)
			break;
	}
	if (end != HOOK_DONE)
		return end;
	if (WIFSIGNALED(status)) {
		r->h->number = WTERMSIG(status);
		return HOOK_SIGNAL;
	}
	r->h->number = WEXITSTATUS(status);
	return r->h->number == 0 ? HOOK_DONE : HOOK_STATUS;
}

static void
release(struct run *r)
{
	const int fds[] = { r->process, r->in, r->said, r->saying };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			(void)close(fds[i]);
	}
	free(r->arguments[0]);
	for (size_t i = 0; i < KEPT_MAX; i++)
		free(r->environment[i]);
}

enum hook_end
hook_run(struct hook *h)
{
	struct run r = { .h = h,
		.pid = -1,
		.process = -1,
		.in = -1,
		.said = -1,
		.saying = -1 };
	enum hook_end end = HOOK_DONE;

	cseal_buf_init(&h->said, SAID_MAX);
	h->said_more = false;
	h->number = prepare(&r);
	if (h->number == 0)
		h->number = start(&r);
	r.ends_at = (int64_t)cli_now_ms() + (int64_t)h->seconds * 1000;
	if (h->number != 0)
		end = HOOK_FAILED;
	while (end == HOOK_DONE && goes_on(&r, &end))
		;
	if (r.pid > 0)
		end = reap(&r, end);
	release(&r);
	return end;
}
