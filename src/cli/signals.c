/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No handler anywhere: where a terminal or a key must be left in order, the
 * signals are held back, looked for, and let go when order is restored. They
 * then do what they always do, so that the process dies by its signal.
 */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PAUSE_MS 200 /* between two looks at what is plugged in */

static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* What is ignored (nohup, background jobs) stays ignored. */
static void
held_set(sigset_t *set)
{
	struct sigaction sa;

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		if (sigaction(held[i], NULL, &sa) == 0 &&
		    sa.sa_handler != SIG_IGN)
			sigaddset(set, held[i]);
	}
}

int
cli_signals_hold(struct cli *c)
{
	sigset_t set;

	if (c->signals >= 0)
		return CSEAL_OK;
	held_set(&set);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return cli_error(
		    c, CSEAL_ERR_INTERNAL, "", "signals cannot be held back");
	c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->signals >= 0)
		return CSEAL_OK;
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return cli_error(
	    c, CSEAL_ERR_INTERNAL, "", "signals cannot be held back");
}

bool
cli_signals_pending(const struct cli *c)
{
	sigset_t set;

	if (c->signals < 0 || sigpending(&set) != 0)
		return false;
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		if (sigismember(&set, held[i]) == 1)
			return true;
	}
	return false;
}

int
cli_pause(struct cli *c)
{
	struct pollfd p = { .events = POLLIN };
	int r = cli_signals_hold(c);

	if (r != CSEAL_OK)
		return r;
	p.fd = c->signals;
	if (poll(&p, 1, PAUSE_MS) < 0 && errno != EINTR)
		return cli_error(
		    c, CSEAL_ERR_INTERNAL, "", "nothing can be waited for");
	if (cli_signals_pending(c))
		return cli_error(
		    c, CSEAL_ERR_CANCELLED, "", "stopped; nothing was sealed");
	return CSEAL_OK;
}

void
cli_signals_release(struct cli *c)
{
	sigset_t set;

	if (c->signals < 0)
		return;
	close(c->signals);
	c->signals = -1;
	held_set(&set);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
