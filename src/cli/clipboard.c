/* SPDX-License-Identifier: BSD-2-Clause */
#include "clipboard.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

#define WAYS_MAX	8
#define SHOWN_CHARS	4
#define READ_MAX	((size_t)CSEAL_VALUE_MAX * 2)
#define OSC52_BEGIN	"\033]52;c;"
#define OSC52_END	"\a"
#define OSC52_NO_BASE64 "!" /* clears the selection */

/* A table row: how one kind of clipboard is written, read and cleared. */
struct clipboard_way {
	const char *name;     /* for --clipboard */
	const char *variable; /* of the environment, if it is offered */
	const char *copy[5];  /* reads the value from standard input */
	const char *paste[5]; /* writes what the clipboard holds */
	const char *empty[5]; /* clears it; none: copies nothing */
	bool by_terminal;     /* an escape sequence, no program */
};

static const struct clipboard_way ways[] = {
	{ "wl-copy", "WAYLAND_DISPLAY", { "wl-copy", "--type", "text/plain" },
	    { "wl-paste", "--no-newline" }, { "wl-copy", "--clear" }, false },
	{ "xclip", "DISPLAY", { "xclip", "-selection", "clipboard", "-in" },
	    { "xclip", "-selection", "clipboard", "-out" }, { NULL }, false },
	{ "xsel", "DISPLAY", { "xsel", "--clipboard", "--input" },
	    { "xsel", "--clipboard", "--output" },
	    { "xsel", "--clipboard", "--clear" }, false },
	{ "osc52", NULL, { NULL }, { NULL }, { NULL }, true },
	{ "none", NULL, { NULL }, { NULL }, { NULL }, false },
};

#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

/* ---- which one ---- */

static const struct clipboard_way *
find(const char *name)
{
	for (size_t i = 0; i < N_WAYS; i++) {
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	}
	return NULL;
}

int
cli_clipboard_word(struct cli *c, const char *where, const char *word)
{
	const char *names[WAYS_MAX];
	struct cseal_buf b;

	if (find(word) != NULL)
		return CSEAL_OK;
	for (size_t i = 0; i < N_WAYS; i++)
		names[i] = ways[i].name;
	cseal_buf_init(&b, 0);
	(void)cli_list_names(&b, names, N_WAYS);
	cli_error(c, CSEAL_ERR_USAGE, where, "no such word; it is one of: %s",
	    cseal_buf_str(&b));
	cseal_buf_free(&b);
	return CSEAL_ERR_USAGE;
}

static bool
may_use_osc52(const struct cli *c)
{
	return c->osc52.value != NULL && strcmp(c->osc52.value, "allowed") == 0;
}

/* Are its programs there? Those of a terminal are none. */
static bool
is_there(struct clipboard *b, const struct clipboard_way *w)
{
	b->copy[0] = b->paste[0] = '\0';
	if (w->copy[0] == NULL)
		return true;
	return program_find(w->copy[0], b->copy) &&
	       program_find(w->paste[0], b->paste);
}

static int
take_word(
    struct cli *c, struct clipboard *b, const char *where, const char *word)
{
	const struct clipboard_way *w = find(word);
	int r = cli_clipboard_word(c, where, word);

	if (r != CSEAL_OK)
		return r;
	if (w->by_terminal && !may_use_osc52(c))
		return cli_error(c, CSEAL_ERR_USAGE, where,
		    "every program that writes to a terminal could do the "
		    "same, so it is used only where %s has the line "
		    "\"osc52 = allowed\"",
		    c->config_path);
	if (!is_there(b, w))
		return cli_error(c, CSEAL_ERR_NOT_FOUND, where,
		    "%s is not installed (no %s in PATH); --clipboard none "
		    "shows the values instead",
		    word, b->copy[0] == '\0' ? w->copy[0] : w->paste[0]);
	b->way = w;
	return CSEAL_OK;
}

/* What the environment offers; that of a remote screen alone by OSC 52. */
static void
take_offered(struct cli *c, struct clipboard *b)
{
	const char *value;

	for (size_t i = 0; i < N_WAYS; i++) {
		b->way = &ways[i];
		if (b->way->by_terminal && may_use_osc52(c))
			return;
		if (b->way->variable == NULL)
			continue;
		value = getenv(b->way->variable);
		if (value != NULL && value[0] != '\0' && is_there(b, b->way))
			return;
	}
}

int
clipboard_choose(struct cli *c, struct clipboard *b)
{
	*b = (struct clipboard){ .c = c };
	if (cli_option_given(c, "clipboard"))
		return take_word(
		    c, b, "--clipboard", cli_option(c, "clipboard"));
	if (c->clipboard.value != NULL)
		return take_word(c, b, "clipboard", c->clipboard.value);
	take_offered(c, b);
	return CSEAL_OK;
}

const char *
clipboard_name(const struct clipboard *b)
{
	return b->way->name;
}

bool
clipboard_is_screen(const struct clipboard *b)
{
	return b->way->copy[0] == NULL && !b->way->by_terminal;
}

bool
clipboard_is_watched(const struct clipboard *b)
{
	return b->way->paste[0] != NULL;
}

/* ---- what is in it ---- */

/* Straight to the terminal: the filter would take the sequence apart. */
static int
write_osc52(struct clipboard *b, struct cseal_slice value, bool clear)
{
	struct cseal_buf s;
	ssize_t n = -1;

	cseal_buf_init(&s, 0);
	(void)cseal_buf_add_str(&s, OSC52_BEGIN);
	if (clear)
		(void)cseal_buf_add_str(&s, OSC52_NO_BASE64);
	else
		(void)cseal_base64(&s, value.data, value.len, 0);
	(void)cseal_buf_add_str(&s, OSC52_END);
	if (cseal_buf_error(&s) == CSEAL_OK && cli_terminal(b->c))
		n = write(b->c->tty, s.data, s.len);
	if (n == (ssize_t)s.len && n > 0) {
		cseal_buf_free(&s);
		return CSEAL_OK;
	}
	cseal_buf_free(&s);
	return CSEAL_ERR_IO;
}

static int
fail(struct clipboard *b, int r)
{
	if (r == CSEAL_ERR_CANCELLED)
		return cli_error(b->c, r, "", "stopped; nothing was sealed");
	return cli_error(b->c, CSEAL_ERR_IO, "clipboard",
	    "%s %s, so the clipboard cannot be used; nothing was sealed. "
	    "--clipboard none shows the values instead",
	    b->way->name, r == CSEAL_ERR_TIMEOUT ? "does not end" : "failed");
}

int
clipboard_put(struct clipboard *b, struct cseal_slice value)
{
	const struct program p = {
		.path = b->copy,
		.argv = b->way->copy,
		.in = value,
	};
	int r = cli_signals_hold(b->c);

	if (r != CSEAL_OK)
		return r;
	b->full = true;
	r = b->way->by_terminal ? write_osc52(b, value, false)
				: program_run(b->c, &p);
	return r == CSEAL_OK ? r : fail(b, r);
}

/* "DE44....": no more of what may be anybody's password. */
static int
say_changed(
    struct clipboard *b, const char *where, const struct cseal_buf *found)
{
	struct cseal_buf text;
	size_t n = 0;
	int r;

	if (found->len == 0)
		return cli_error(b->c, CSEAL_ERR_REFUSED, where,
		    "the clipboard was emptied between copy and paste: stop, "
		    "and look at what was pasted. Nothing was sealed.");
	cseal_buf_init(&text, 0);
	while (n < found->len && n < SHOWN_CHARS && found->data[n] < 0x80)
		n++;
	if (found->len >= (size_t)SHOWN_CHARS * 2)
		(void)cseal_text_safe(&text, found->data, n, 0);
	r = cli_error(b->c, CSEAL_ERR_REFUSED, where,
	    "the clipboard changed to %s.... between copy and paste: stop, "
	    "this machine may be infected. Nothing was sealed.",
	    cseal_buf_str(&text));
	cseal_buf_free(&text);
	return r;
}

int
clipboard_check(
    struct clipboard *b, struct cseal_slice value, const char *where)
{
	struct cseal_buf found;
	const struct program p = {
		.path = b->paste,
		.argv = b->way->paste,
		.out = &found,
	};
	int r;

	if (!clipboard_is_watched(b))
		return CSEAL_OK;
	cseal_buf_init(&found, READ_MAX);
	r = program_run(b->c, &p);
	/* An empty clipboard is an error to some of these programs. */
	if (r == CSEAL_ERR_IO && found.len == 0)
		r = CSEAL_OK;
	if (r != CSEAL_OK && r != CSEAL_ERR_TOO_LARGE)
		r = fail(b, r);
	else if (r != CSEAL_OK || found.len != value.len ||
		 memcmp(found.data, value.data, value.len) != 0)
		r = say_changed(b, where, &found);
	cseal_buf_free(&found);
	return r;
}

void
clipboard_clear(struct clipboard *b)
{
	const bool own = b->way != NULL && b->way->empty[0] != NULL;
	const struct program p = {
		.path = b->copy,
		.argv = own		 ? b->way->empty
			: b->way != NULL ? b->way->copy
					 : NULL,
		.stubborn = true,
	};
	int r;

	if (!b->full)
		return;
	r = b->way->by_terminal
		? write_osc52(b, (struct cseal_slice){ 0 }, true)
		: program_run(b->c, &p);
	b->full = false;
	if (r != CSEAL_OK)
		cli_warn(b->c,
		    "clipboard: it could not be cleared: clear it yourself");
}
