/* SPDX-License-Identifier: BSD-2-Clause */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "options.h"
#include "presence.h"
#include "tokenstate.h"
#include "transport.h"

#define EXIT_USAGE 2

enum poll_slot { SLOT_SIGNAL, SLOT_PERSON, SLOT_TRANSPORT };

#define POLLFDS (SLOT_TRANSPORT + TRANSPORT_POLLFDS)

struct host {
	const char *name;
	struct tokenstate *file;
	struct presence *presence;
	const struct transport *transport;
	void *bus; /* its own */
	struct attestation *attestation;
	struct device *dev;
	int signals;
};

static uint64_t
host_now(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	/* BOOTTIME cannot fail and counts suspended time too. */
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static int
host_random(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	/* Up to 256 bytes come whole (getrandom(2)). */
	return n <= 256 && getrandom(p, n, 0) == (ssize_t)n ? 0 : -1;
}

static void
host_ask(void *ctx, const struct presence_request *req)
{
	struct host *h = ctx;

	presence_ask(h->presence, req, host_now(h));
}

static enum presence_answer
host_answer(void *ctx, uint64_t *due)
{
	struct host *h = ctx;

	return presence_answer(h->presence, host_now(h), due);
}

static void
host_forget(void *ctx)
{
	struct host *h = ctx;

	presence_forget(h->presence);
}

static int
host_save(void *ctx, const struct device_state *state)
{
	struct host *h = ctx;
	enum tokenstate_result r = tokenstate_save(h->file, state);

	if (r == TOKENSTATE_OK)
		return 0;
	warn("%s", tokenstate_strerror(r));
	return -1;
}

static void
host_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct host *h = ctx;

	h->transport->send(h->bus, client, report);
}

static void
host_wink(void *ctx)
{
	const struct host *h = ctx;

	warnx("%s winks", h->name);
}

static int
harden(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		warn("cannot forbid core dumps");
		return -1;
	}
	return 0;
}

/* Signals come through a descriptor, so that no handler needs a global. */
static int
open_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	/* A token in the background must go on serving without its person. */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int
load_state(struct host *h, const char *path, struct device_state *state)
{
	enum tokenstate_result r = tokenstate_open(path, &h->file);

	if (r == TOKENSTATE_OK)
		r = tokenstate_load(h->file, state);
	if (r == TOKENSTATE_ABSENT) {
		device_state_init(state);
		if (host_random(h, state->master, sizeof(state->master)) != 0) {
			warnx("no randomness");
			return -1;
		}
		r = tokenstate_save(h->file, state);
		if (r == TOKENSTATE_OK)
			warnx("a new key, kept in %s", path);
	}
	if (r == TOKENSTATE_OK)
		return 0;
	if (r == TOKENSTATE_IO)
		warn("%s: %s", path, tokenstate_strerror(r));
	else
		warnx("%s: %s", path, tokenstate_strerror(r));
	return -1;
}

static int
open_device(struct host *h, const struct options *o)
{
	const struct device_hooks hooks = { .ctx = h,
		.now = host_now,
		.random = host_random,
		.ask = host_ask,
		.answer = host_answer,
		.forget = host_forget,
		.save = host_save,
		.report = host_report,
		.wink = host_wink };
	const struct device_model model = { .uv = o->uv,
		.no_pin = o->no_pin,
		.late_reset = o->late_reset,
		.attestation = h->attestation };
	struct device_state state = { 0 };

	if (load_state(h, o->state, &state) == 0)
		h->dev = device_new(&hooks, &model, &state);
	crypto_wipe(&state, sizeof(state));
	return h->dev != NULL ? 0 : -1;
}

static int
open_host(struct host *h, const struct options *o)
{
	char why[256];

	h->name = o->name;
	h->presence = presence_new(o->presence, o->name, why, sizeof(why));
	if (h->presence == NULL) {
		warnx("--presence %s: %s", o->presence, why);
		return -1;
	}
	h->attestation = attestation_new(o->attestation, why, sizeof(why));
	if (h->attestation == NULL) {
		warnx("--attestation %s: %s", o->attestation, why);
		return -1;
	}
	if ((h->signals = open_signals()) == -1) {
		warn("signals");
		return -1;
	}
	h->transport = o->transport;
	h->bus = h->transport->open(o->place, o->name, why, sizeof(why));
	if (h->bus == NULL) {
		warnx("%s: %s", o->place, why);
		return -1;
	}
	return open_device(h, o);
}

static void
close_host(struct host *h)
{
	if (h->transport != NULL)
		h->transport->close(h->bus);
	device_free(h->dev);
	attestation_free(h->attestation);
	presence_free(h->presence);
	tokenstate_close(h->file);
	if (h->signals != -1)
		close(h->signals);
}

static int
tell_ready(int fd)
{
	static const char text[] = "ready\n";
	const ssize_t n = sizeof(text) - 1;

	if (fd == -1)
		return 0;
	if (write(fd, text, (size_t)n) != n) {
		warn("--ready-fd");
		return -1;
	}
	return close(fd);
}

static int
timeout_until(uint64_t due)
{
	uint64_t now = host_now(NULL);

	if (due == DEVICE_NEVER)
		return -1;
	if (due <= now)
		return 0;
	return due - now > 60000 ? 60000 : (int)(due - now);
}

/* Until a signal ends it. */
static int
serve(struct host *h)
{
	struct pollfd fds[POLLFDS];

	for (;;) {
		uint64_t due = device_poll(h->dev);
		size_t n = SLOT_TRANSPORT;

		fds[SLOT_SIGNAL] = (struct pollfd){ h->signals, POLLIN, 0 };
		fds[SLOT_PERSON] =
		    (struct pollfd){ presence_fd(h->presence), POLLIN, 0 };
		n += h->transport->poll(h->bus, fds + SLOT_TRANSPORT);
		if (poll(fds, n, timeout_until(due)) < 0) {
			if (errno == EINTR)
				continue;
			warn("poll");
			return -1;
		}
		if (fds[SLOT_SIGNAL].revents != 0)
			return 0;
		if (fds[SLOT_PERSON].revents != 0)
			presence_input(h->presence);
		if (h->transport->serve(h->bus, fds + SLOT_TRANSPORT, h->dev) !=
		    0) {
			warn("the kernel took the device away");
			return -1;
		}
	}
}

int
main(int argc, char *argv[])
{
	struct host h = { .signals = -1 };
	struct options o;
	int r = -1;

	switch (options_parse(argc, argv, &o)) {
	case OPTIONS_RUN: break;
	case OPTIONS_DONE: return EXIT_SUCCESS;
	case OPTIONS_BAD: return EXIT_USAGE;
	}
	warnx("a SOFTWARE key; anyone who can read its state file can sign");
	if (harden() == 0 && open_host(&h, &o) == 0 &&
	    tell_ready(o.ready_fd) == 0)
		r = serve(&h);
	close_host(&h);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
