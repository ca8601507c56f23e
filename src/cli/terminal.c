/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096 /* what a terminal gives as one line */

/* A prompt while it is on the terminal. */
struct prompt {
	struct cli *c;
	const char *text;
	bool echo;
	struct termios before;
	int stop; /* signalfd for SIGTSTP */
};

bool
cli_terminal(struct cli *c)
{
	if (c->tty == -1) {
		c->tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (c->tty == -1)
			c->tty = -2; /* looked for, and there is none */
	}
	return c->tty >= 0;
}

static int
prompt_show(struct prompt *p)
{
	struct termios t = p->before;

	if (!p->echo) {
		t.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
		t.c_lflag |= ECHONL | ICANON | ISIG;
	}
	/* Flushing: a PIN is not read from what was typed before the prompt. */
	if (tcsetattr(p->c->tty, p->echo ? TCSADRAIN : TCSAFLUSH, &t) != 0)
		return CSEAL_ERR_IO;
	cli_note(p->c, "%s", p->text);
	return CSEAL_OK;
}

static void
prompt_hide(struct prompt *p)
{
	(void)tcsetattr(p->c->tty, TCSADRAIN, &p->before);
}

static void
stop_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	pthread_sigmask(how, &set, NULL);
}

/* Ctrl-Z: the terminal as it was; stops here; the prompt again afterwards. */
static int
prompt_suspend(struct prompt *p)
{
	prompt_hide(p);
	stop_mask(SIG_UNBLOCK);
	stop_mask(SIG_BLOCK);
	if (tcgetattr(p->c->tty, &p->before) != 0)
		return CSEAL_ERR_IO;
	return prompt_show(p);
}

/* One line from the terminal, which is in canonical mode. */
static int
read_line(struct cli *c, struct cseal_buf *out)
{
	char line[LINE_MAX_BYTES];
	ssize_t n;
	int r;

	n = read(c->tty, line, sizeof(line));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return CSEAL_ERR_AGAIN;
	if (n < 0)
		return cli_error(
		    c, CSEAL_ERR_IO, "/dev/tty", "%s", strerror(errno));
	if (n == 0)
		return cli_error(c, CSEAL_ERR_CANCELLED, "",
		    "stopped at the end of input; nothing was sealed");
	if (line[n - 1] == '\n')
		n--;
	r = cseal_buf_add(out, line, (size_t)n);
	cseal_wipe(line, sizeof(line));
	return r;
}

static int
prompt_wait(struct prompt *p, struct cseal_buf *out)
{
	struct pollfd fds[3] = {
		{ .fd = p->c->signals, .events = POLLIN },
		{ .fd = p->stop, .events = POLLIN },
		{ .fd = p->c->tty, .events = POLLIN },
	};
	int r = CSEAL_ERR_AGAIN;

	while (r == CSEAL_ERR_AGAIN) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return CSEAL_ERR_IO;
		if (cli_signals_pending(p->c))
			return cli_error(p->c, CSEAL_ERR_CANCELLED, "",
			    "stopped; nothing was sealed");
		if (fds[1].revents != 0) {
			if (prompt_suspend(p) != CSEAL_OK)
				return CSEAL_ERR_IO;
		} else if (fds[2].revents != 0) {
			r = read_line(p->c, out);
		}
	}
	return r;
}

static int
prompt_run(struct prompt *p, struct cseal_buf *out)
{
	int r;

	if (tcgetattr(p->c->tty, &p->before) != 0)
		return CSEAL_ERR_IO;
	r = prompt_show(p);
	if (r == CSEAL_OK)
		r = prompt_wait(p, out);
	prompt_hide(p);
	if (r == CSEAL_ERR_CANCELLED)
		cli_note(p->c, "\n");
	return r;
}

/* SIGTSTP waits for the prompt, unless it is ignored anyway. */
static int
stop_hold(void)
{
	struct sigaction sa;
	sigset_t set;

	if (sigaction(SIGTSTP, NULL, &sa) != 0 || sa.sa_handler == SIG_IGN)
		return -1;
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	stop_mask(SIG_BLOCK);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
cli_ask(struct cli *c, const char *text, bool echo, struct cseal_buf *out)
{
	struct prompt p = { .c = c, .text = text, .echo = echo };
	int r;

	if (!cli_terminal(c))
		return cli_error(
		    c, CSEAL_ERR_USAGE, "", "there is no terminal to ask on");
	r = cli_signals_hold(c);
	if (r != CSEAL_OK)
		return r;
	p.stop = stop_hold();
	r = prompt_run(&p, out);
	stop_mask(SIG_UNBLOCK);
	if (p.stop >= 0)
		close(p.stop);
	if (r == CSEAL_ERR_IO)
		return cli_error(
		    c, r, "/dev/tty", "the terminal cannot be used");
	return r;
}

/* y or yes; a keyboard set to full width gives another y. */
static bool
is_yes(struct cseal_buf *answer)
{
	static const char *const yes[] = { "y", "yes", "\xef\xbd\x99",
		"\xef\xbc\xb9" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		if (strcasecmp(cseal_buf_str(answer), yes[i]) == 0)
			return true;
	}
	return false;
}

int
cli_ask_yes(struct cli *c, const char *question, bool *yes)
{
	struct cseal_buf answer, text;
	int r;

	*yes = false;
	cseal_buf_init(&answer, 0);
	cseal_buf_init(&text, 0);
	(void)cseal_buf_printf(&text, "%s [y/N] ", question);
	r = cli_ask(c, cseal_buf_str(&text), true, &answer);
	if (r == CSEAL_OK)
		*yes = is_yes(&answer);
	cseal_buf_free(&text);
	cseal_buf_free(&answer);
	return r;
}

int
cli_confirm(struct cli *c, const char *question)
{
	bool yes;
	int r;

	r = cli_ask_yes(c, question, &yes);
	if (r == CSEAL_OK && !yes)
		r = cli_error(c, CSEAL_ERR_CANCELLED, "",
		    "not confirmed; nothing was sealed");
	return r;
}
