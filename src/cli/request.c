/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TRIES 3

const struct cli_option cli_request_options[] = {
	{ "store", 0, "ALIAS", false, "the store it is about" },
	{ "slot", 0, "SLOT", false, "its place, if not the kind's own" },
	{ "op", 0, "OP", false,
	    "replace (if not given), add, remove, baseline" },
	{ "from", 0, "FILE", false,
	    "lines \"FIELD: VALUE\"; - is standard input" },
	{ NULL, 0, NULL, false, NULL },
};

/* Empty change of the command line's kind, place and operation. */
static int
begin(struct cli *c, struct cseal_change *ch)
{
	const char *op = cli_option(c, "op");
	const char *store = cli_option(c, "store");
	const struct cseal_kind *kind;

	kind = cseal_kind_find(c->words[0], strlen(c->words[0]));
	if (kind != NULL && kind->authority)
		return cli_error(c, CSEAL_ERR_USAGE, kind->name,
		    "is asked for by a command of its own: "
		    "see counterseal key --help");
	if (store == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--store",
		    "is needed: the alias of the store");
	if (op != NULL && cseal_op_find(op) == 0)
		return cli_error(c, CSEAL_ERR_USAGE, "--op",
		    "no such operation; it is replace, add, remove or "
		    "baseline");
	return cseal_change_init(ch, c->words[0],
	    op != NULL ? cseal_op_find(op) : 0, store, cli_option(c, "slot"),
	    &c->err);
}

static int
read_file(struct cli *c, struct cseal_change *ch, const char *path)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, CSEAL_CHANGE_FILE_MAX);
	errno = 0;
	if (strcmp(path, "-") == 0)
		r = cseal_buf_read_fd(&b, STDIN_FILENO, CSEAL_CHANGE_FILE_MAX);
	else
		r = cseal_buf_read_file(&b, path, CSEAL_CHANGE_FILE_MAX);
	if (r == CSEAL_OK)
		r = cseal_change_set_lines(ch, b.data, b.len, &c->err);
	else
		cli_error(c, r, path, "%s",
		    errno != 0 ? strerror(errno) : cseal_strerror(r));
	cseal_buf_free(&b);
	return r;
}

static int
ask_once(struct cli *c, struct cseal_change *ch, const char *name,
    const char *prompt)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	r = cli_ask(c, prompt, true, &b);
	if (r == CSEAL_OK && b.len > 0)
		r = cseal_change_set(
		    ch, name, strlen(name), b.data, b.len, &c->err);
	else if (r == CSEAL_OK)
		r = CSEAL_ERR_NOT_FOUND;
	cseal_buf_free(&b);
	return r;
}

/* A value that breaks its format is told, and asked for again. */
static int
ask_field(struct cli *c, struct cseal_change *ch, const char *name,
    const char *label, bool required)
{
	char prompt[128];
	int r = CSEAL_ERR_INPUT;

	snprintf(prompt, sizeof(prompt), "  %s%s: ", label,
	    required ? "" : " (optional, Enter to skip)");
	for (int i = 0; i < TRIES; i++) {
		r = ask_once(c, ch, name, prompt);
		if (r == CSEAL_ERR_NOT_FOUND && !required)
			return CSEAL_OK;
		if (r == CSEAL_ERR_NOT_FOUND)
			r = cli_error(c, CSEAL_ERR_INPUT, name, "is needed");
		if (r != CSEAL_ERR_INPUT && r != CSEAL_ERR_TOO_LARGE)
			return r;
		if (i + 1 < TRIES)
			cli_note(c, "  ! %s: %s\n", c->err.where, c->err.what);
	}
	return r;
}

static int
ask_missing(struct cli *c, struct cseal_change *ch)
{
	const struct cseal_field *f;
	int r = CSEAL_OK;

	for (size_t i = 0; i < ch->kind->n_fields && r == CSEAL_OK; i++) {
		f = &ch->kind->fields[i];
		if (ch->op != CSEAL_OP_REMOVE &&
		    cseal_change_value(ch, f->name) == NULL)
			r = ask_field(c, ch, f->name, f->label, f->required);
	}
	if (r == CSEAL_OK && ch->reason.len == 0)
		r = ask_field(c, ch, "reason", "Reason", false);
	return r;
}

/* Names what is missing where nobody can be asked. */
static int
check_missing(struct cli *c, const struct cseal_change *ch)
{
	const struct cseal_field *f;
	struct cseal_buf b;
	int r = CSEAL_OK;

	cseal_buf_init(&b, 300);
	for (size_t i = 0; i < ch->kind->n_fields; i++) {
		f = &ch->kind->fields[i];
		if (f->required && ch->op != CSEAL_OP_REMOVE &&
		    cseal_change_value(ch, f->name) == NULL)
			(void)cseal_buf_printf(
			    &b, "%s%s", b.len > 0 ? ", " : "", f->name);
	}
	if (b.len > 0)
		r = cli_error(c, CSEAL_ERR_USAGE, cseal_buf_str(&b),
		    "not given, and there is no terminal to ask on: "
		    "use --from FILE, or --from - for standard input");
	cseal_buf_free(&b);
	return r;
}

/* Values from words and the file; true in *ask if people are to be asked. */
static int
gather(struct cli *c, struct cseal_change *ch, bool *ask)
{
	const char *from = cli_option(c, "from");
	int r = CSEAL_OK;

	for (size_t i = 1; i < c->n_words && r == CSEAL_OK; i++)
		r = cseal_change_set_word(ch, c->words[i], &c->err);
	if (r == CSEAL_OK && from != NULL)
		r = read_file(c, ch, from);
	*ask = from == NULL && cli_terminal(c);
	if (r == CSEAL_OK && from == NULL && !*ask)
		r = check_missing(c, ch);
	return r;
}

static int
request(struct cli *c, struct cli_act *a, struct cseal_change *ch)
{
	bool ask = false;
	int r;

	r = begin(c, ch);
	if (r == CSEAL_OK)
		r = gather(c, ch, &ask);
	if (r == CSEAL_OK && !ask)
		r = cseal_change_close(ch, &c->err);
	/* Nobody types an account for nothing: is there a key at all? */
	if (r == CSEAL_OK)
		r = cli_act_begin(c, a, NULL);
	if (r == CSEAL_OK && ask)
		r = ask_missing(c, ch);
	if (r == CSEAL_OK && ask)
		r = cseal_change_close(ch, &c->err);
	if (r == CSEAL_OK)
		r = cseal_draft_request(
		    &a->draft, a->desk, a->key.number, ch, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, a);
	return r;
}

int
cli_request(struct cli *c)
{
	struct cli_act a = {
		.name = "request",
		.why = "to ask for this change",
		.done = "asked for by",
	};
	struct cseal_change ch = { 0 };
	int r;

	r = request(c, &a, &ch);
	cseal_change_free(&ch);
	return cli_act_end(c, &a, r);
}
