/* SPDX-License-Identifier: BSD-2-Clause */
#include "presence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "printable.h"

#define SCRIPT_LINES 4096
#define DELAY_MAX    3600000

struct presence_mode {
	const char *name;
	bool takes_file;
	int (*open)(
	    struct presence *p, const char *file, char *why, size_t cap);
	void (*ask)(struct presence *p, const struct presence_request *req,
	    uint64_t now);
};

/* An answer that becomes known at a time. */
struct presence_play {
	enum presence_answer answer;
	uint64_t at;
};

struct presence {
	const struct presence_mode *mode;
	char *name;
	bool asked;
	struct presence_play play;
	struct presence_play script[SCRIPT_LINES]; /* `at` from the request */
	size_t nscript, next;
	int in, out; /* terminal; -1: none, or at its end */
	bool own_terminal;
	size_t typed; /* bytes of the line so far, of which the first: */
	char first;
};

static int
open_nothing(struct presence *p, const char *file, char *why, size_t cap)
{
	(void)p;
	(void)file;
	(void)why;
	(void)cap;
	return 0;
}

static int
open_tty(struct presence *p, const char *file, char *why, size_t cap)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)file;
	(void)why;
	(void)cap;
	p->own_terminal = fd != -1;
	p->in = fd != -1 ? fd : STDIN_FILENO;
	p->out = fd != -1 ? fd : STDOUT_FILENO;
	return 0;
}

/* A line without its end; false if it is none of the words. */
static bool
parse_line(const char *s, struct presence_play *out)
{
	static const struct {
		const char *word;
		struct presence_play play;
	} words[] = {
		{ "touch", { PRESENCE_GRANTED, 0 } },
		{ "deny", { PRESENCE_DENIED, 0 } },
		{ "stranger", { PRESENCE_STRANGER, 0 } },
		{ "ignore", { PRESENCE_PENDING, 0 } },
	};
	unsigned long ms;
	char *end;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(s, words[i].word) == 0) {
			*out = words[i].play;
			return true;
		}
	}
	if (strncmp(s, "delay ", 6) != 0 || s[6] < '0' || s[6] > '9')
		return false;
	errno = 0;
	ms = strtoul(s + 6, &end, 10);
	if (errno != 0 || *end != '\0' || ms > DELAY_MAX)
		return false;
	out->answer = PRESENCE_GRANTED;
	out->at = ms;
	return true;
}

static int
read_script(struct presence *p, FILE *f, char *why, size_t cap)
{
	char line[128];

	for (unsigned int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		/* A line without its end is too long to be one of ours. */
		bool whole = strchr(line, '\n') != NULL || feof(f);

		line[strcspn(line, "\r\n")] = '\0';
		if (whole && (line[0] == '\0' || line[0] == '#'))
			continue;
		if (!whole || p->nscript == SCRIPT_LINES ||
		    !parse_line(line, &p->script[p->nscript])) {
			snprintf(why, cap,
			    "line %u of the script: expected touch, deny, "
			    "stranger, ignore or delay MS",
			    n);
			return -1;
		}
		p->nscript++;
	}
	if (ferror(f)) {
		snprintf(why, cap, "cannot read the script");
		return -1;
	}
	return 0;
}

static int
open_script(struct presence *p, const char *file, char *why, size_t cap)
{
	FILE *f = fopen(file, "re");
	int r;

	if (f == NULL) {
		snprintf(
		    why, cap, "cannot open the script: %s", strerror(errno));
		return -1;
	}
	r = read_script(p, f, why, cap);
	fclose(f);
	return r;
}

static void
ask_always(struct presence *p, const struct presence_request *req, uint64_t now)
{
	(void)req;
	p->play.answer = PRESENCE_GRANTED;
	p->play.at = now;
}

static void
ask_never(struct presence *p, const struct presence_request *req, uint64_t now)
{
	(void)p;
	(void)req;
	(void)now;
}

static void
ask_script(struct presence *p, const struct presence_request *req, uint64_t now)
{
	(void)req;
	if (p->next == p->nscript)
		return;
	p->play = p->script[p->next++];
	p->play.at += now;
}

/* A terminal that went away is no reason to stop serving. */
static void
say(const struct presence *p, const char *text)
{
	if (p->out != -1 && write(p->out, text, strlen(text)) < 0)
		return;
}

static void
describe(const struct presence_request *req, char *out, size_t cap)
{
	char rp[CODEC_RP_ID_MAX * 4], user[CODEC_NAME_MAX * 4];

	if (req->act == ACT_SELECT) {
		snprintf(out, cap, "Touch requested to select this key");
		return;
	}
	if (req->act == ACT_RESET) {
		snprintf(out, cap,
		    "Touch requested to RESET this key and lose all its "
		    "credentials");
		return;
	}
	if (req->rp == NULL) {
		snprintf(out, cap, "Touch requested to verify you");
		return;
	}
	printable_show(rp, sizeof(rp), req->rp->id, req->rp->len);
	if (req->act == ACT_VERIFY) {
		snprintf(
		    out, cap, "Touch requested to verify you for rp id %s", rp);
		return;
	}
	if (req->act == ACT_SIGN) {
		snprintf(out, cap, "Touch requested for rp id %s", rp);
		return;
	}
	printable_show(
	    user, sizeof(user), req->user->name, req->user->name_len);
	snprintf(out, cap,
	    "New credential for \"%s\"\nTouch requested for rp "
	    "id %s",
	    user, rp);
}

static void
ask_tty(struct presence *p, const struct presence_request *req, uint64_t now)
{
	char what[2048], text[3072];

	(void)now;
	/* What was typed before the question answers nothing. */
	if (p->in != -1 && isatty(p->in))
		tcflush(p->in, TCIFLUSH);
	p->typed = 0;
	describe(req, what, sizeof(what));
	snprintf(text, sizeof(text),
	    "[%s] %s: press Enter to touch, n + Enter to refuse%s\n", p->name,
	    what, req->verify ? " (verifies you too)" : "");
	say(p, text);
	if (p->in == -1)
		say(p, "Nobody can answer: the input has ended\n");
}

static const struct presence_mode modes[] = {
	{ "tty", false, open_tty, ask_tty },
	{ "always", false, open_nothing, ask_always },
	{ "never", false, open_nothing, ask_never },
	{ "scripted", true, open_script, ask_script },
};

/* The mode, and in *file what stands behind its colon. */
static const struct presence_mode *
mode_find(const char *spec, const char **file)
{
	size_t n = strcspn(spec, ":");

	*file = spec[n] == ':' ? spec + n + 1 : NULL;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strlen(modes[i].name) == n &&
		    strncmp(modes[i].name, spec, n) == 0 &&
		    modes[i].takes_file == (*file != NULL))
			return &modes[i];
	}
	return NULL;
}

bool
presence_is_spec(const char *spec)
{
	const char *file;

	return mode_find(spec, &file) != NULL;
}

struct presence *
presence_new(const char *spec, const char *name, char *why, size_t cap)
{
	const struct presence_mode *mode;
	struct presence *p;
	const char *file;
	size_t room = strlen(name) * 8 + 1;

	if ((mode = mode_find(spec, &file)) == NULL) {
		snprintf(why, cap,
		    "expected tty, always, never or "
		    "scripted:FILE");
		return NULL;
	}
	if ((p = calloc(1, sizeof(*p))) == NULL ||
	    (p->name = malloc(room)) == NULL) {
		snprintf(why, cap, "out of memory");
		free(p);
		return NULL;
	}
	p->in = p->out = -1;
	p->mode = mode;
	printable_show(p->name, room, name, strlen(name));
	if (mode->open(p, file, why, cap) != 0) {
		presence_free(p);
		return NULL;
	}
	return p;
}

void
presence_free(struct presence *p)
{
	if (p == NULL)
		return;
	if (p->own_terminal)
		close(p->out);
	free(p->name);
	free(p);
}

void
presence_ask(
    struct presence *p, const struct presence_request *req, uint64_t now)
{
	p->asked = true;
	p->play.answer = PRESENCE_PENDING;
	p->play.at = now;
	p->mode->ask(p, req, now);
}

enum presence_answer
presence_answer(const struct presence *p, uint64_t now, uint64_t *due)
{
	if (p->play.answer == PRESENCE_PENDING)
		return PRESENCE_PENDING;
	if (now < p->play.at) {
		*due = p->play.at;
		return PRESENCE_PENDING;
	}
	return p->play.answer;
}

void
presence_forget(struct presence *p)
{
	if (p->play.answer == PRESENCE_PENDING)
		say(p, "The request has ended without a touch\n");
	p->asked = false;
}

int
presence_fd(const struct presence *p)
{
	return p->asked && p->play.answer == PRESENCE_PENDING ? p->in : -1;
}

static void
take_byte(struct presence *p, char c)
{
	if (c != '\n') {
		if (p->typed++ == 0)
			p->first = c;
		return;
	}
	if (p->typed == 0)
		p->play.answer = PRESENCE_GRANTED;
	else if (p->typed == 1 && (p->first == 'n' || p->first == 'N'))
		p->play.answer = PRESENCE_DENIED;
	else
		say(p, "Press Enter to touch, n + Enter to refuse\n");
	p->typed = 0;
}

/* A byte a read: what stands behind the line answers the next question. */
void
presence_input(struct presence *p)
{
	char c;
	ssize_t n = read(p->in, &c, 1);

	if (n == 1) {
		take_byte(p, c);
		return;
	}
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	p->in = -1;
	say(p, "Nobody can answer: the input has ended\n");
}
