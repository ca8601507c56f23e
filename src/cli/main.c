/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#ifndef UNDER_SANITIZER
#define UNDER_SANITIZER 0
#endif

/*
 * A closed standard stream would become the next file that is opened, and be
 * written into. Opened the wrong way round, so that its use is an error.
 */
static int
open_streams(void)
{
	static const int how[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", how[fd]) != fd)
			return -1;
	}
	return 0;
}

/* Values and PINs pass through here: no core, no peeking, no open files. */
static void
close_doors(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
	/* The leak sanitizer is a debugger of its own process. */
	if (!UNDER_SANITIZER)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "");
}

static int
no_command(struct cli *c)
{
	c->verb = cli_verb_find("status");
	if (c->verb != NULL)
		return c->verb->run(c);
	cli_usage(c);
	return CLI_DONE;
}

static int
run(struct cli *c, int argc, char **argv)
{
	int r;

	r = cli_options_parse(c, argc, argv);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	if (cli_option_given(c, "completion")) {
		r = cli_completion(c, cli_option(c, "completion"));
		return r == CSEAL_OK ? CLI_DONE : cli_fail(c, r);
	}
	if (cli_option_given(c, "synopsis")) {
		cli_synopsis(c);
		return CLI_DONE;
	}
	if (cli_option_given(c, "help")) {
		cli_usage(c);
		return CLI_DONE;
	}
	if (cli_option_given(c, "version")) {
		cli_say(c, "counterseal %s\n", cseal_version());
		return CLI_DONE;
	}
	r = cli_settings_read(c);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	return c->verb != NULL ? c->verb->run(c) : no_command(c);
}

/*
 * What nobody could read was not told: status 4. A reader that went away
 * (`| head`) knows that, so nothing is said then.
 */
static int
flush(struct cli *c, int status)
{
	errno = 0;
	if (fflush(stdout) != 0 && c->broken == 0)
		c->broken = errno != 0 ? errno : EIO;
	if (c->broken == 0)
		return status;
	if (c->broken != EPIPE)
		cli_warn(c, "standard output: %s", strerror(c->broken));
	return CLI_FILE;
}

int
main(int argc, char **argv)
{
	struct cli c = { .tty = -1, .signals = -1 };
	int status;

	if (open_streams() != 0)
		return CLI_FILE;
	close_doors();
	cli_json_begin();
	status = run(&c, argc, argv);
	cli_progress_end(&c);
	status = flush(&c, status);
	cli_hooks_end(&c);
	cli_settings_free(&c);
	if (c.tty >= 0)
		close(c.tty);
	cli_signals_release(&c); /* may well not return */
	return status;
}
