/* SPDX-License-Identifier: BSD-2-Clause */
/* Blind re-entry: the approver types what the source document says. */
#include "evidence.h"

#include <string.h>

#define SLIPS 3 /* times that a field may be typed until its format fits */

const struct cli_option cli_approve_options[] = {
	{ "reenter-from", 0, "FILE", false,
	    "lines \"FIELD: VALUE\", or JSON; - is standard input" },
	CLI_EVIDENCE_OPTIONS,
	{ NULL, 0, NULL, false, NULL },
};

struct reentry {
	struct cli *c;
	const struct cli_act *act;
	struct cseal_reentry wanted;
	struct cseal_change *typed;
};

static int
begin(struct reentry *e)
{
	const struct cseal_state_change *h = e->act->change;

	cseal_change_free(e->typed);
	return cseal_change_init(
	    e->typed, h->kind->name, h->op, h->store, h->slot, &e->c->err);
}

/* ---- from a file ---- */

static int
from_file(struct reentry *e, const char *path)
{
	struct cli *c = e->c;
	int r;

	if (e->act->change->kind->authority)
		return cli_error(c, CSEAL_ERR_USAGE, "--reenter-from",
		    "a change of this kind has no fields to re-enter");
	r = begin(e);
	if (r == CSEAL_OK)
		r = cli_change_lines(c, e->typed, path);
	if (r == CSEAL_OK && e->typed->reason.len > 0)
		return cli_error(c, CSEAL_ERR_INPUT, "reason",
		    "is the requester's, and is not re-entered");
	return r == CSEAL_OK ? cseal_desk_reenter(e->act->desk,
				   e->act->change->index, e->typed, &c->err)
			     : r;
}

/* ---- from a person ---- */

static void
introduce(const struct reentry *e)
{
	const struct cseal_state *s = cseal_desk_state(e->act->desk);
	const struct cseal_state_change *h = e->act->change;
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(h, name);
	cli_note(e->c,
	    "  #%s: %s asks for %s at store %s (%s).\n"
	    "  Type what the source document says, not what a message says:\n",
	    name, cseal_state_person(s, h->requester)->handle, h->kind->name,
	    h->store, cseal_op_name(h->op));
}

static int
ask_once(struct reentry *e, const struct cseal_field *f)
{
	struct cseal_buf b, prompt;
	int r;

	cseal_buf_init(&b, 0);
	cseal_buf_init(&prompt, 0);
	(void)cseal_buf_printf(&prompt, "  %s: ", f->label);
	r = cli_ask(e->c, cseal_buf_str(&prompt), true, &b);
	if (r == CSEAL_OK)
		r = cli_change_type(e->c, e->typed, f->name, f->label, &b);
	cseal_buf_free(&b);
	cseal_buf_free(&prompt);
	return r;
}

/* What breaks the format is a slip of the finger, and no try. */
static int
ask_field(struct reentry *e, const struct cseal_field *f)
{
	struct cli *c = e->c;
	int r = CSEAL_ERR_INPUT;

	for (int i = 0; i < SLIPS; i++) {
		r = ask_once(e, f);
		if (r != CSEAL_ERR_INPUT && r != CSEAL_ERR_TOO_LARGE)
			break;
		if (i + 1 < SLIPS)
			cli_note_error(c);
	}
	return r;
}

static int
ask_all(struct reentry *e)
{
	int r = begin(e);

	for (size_t i = 0; i < e->wanted.n && r == CSEAL_OK; i++)
		r = ask_field(e, e->wanted.fields[i]);
	return r == CSEAL_OK ? cseal_desk_reenter(e->act->desk,
				   e->act->change->index, e->typed, &e->c->err)
			     : r;
}

/* Nobody types for nothing: the desk's sentence, and the ways out. */
static int
no_more(struct reentry *e)
{
	int r = begin(e);

	return r == CSEAL_OK ? cseal_desk_reenter(e->act->desk,
				   e->act->change->index, e->typed, &e->c->err)
			     : r;
}

static int
from_person(struct reentry *e)
{
	struct cli *c = e->c;
	int r = CSEAL_ERR_REFUSED;

	if (e->wanted.left == 0)
		return no_more(e);
	introduce(e);
	for (unsigned left = e->wanted.left; left > 0 && r == CSEAL_ERR_REFUSED;
	     left--) {
		r = ask_all(e);
		if (r == CSEAL_ERR_REFUSED && left > 1) {
			cli_note_error(c);
			cli_note(c, "  Look again: %u %s left.\n", left - 1,
			    left == 2 ? "try" : "tries");
		}
	}
	if (r == CSEAL_OK)
		cli_note(c, "  The same as asked for.\n");
	return r;
}

static int
nobody_to_ask(struct reentry *e)
{
	const char *names[CSEAL_KIND_FIELDS_MAX];
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 300);
	for (size_t i = 0; i < e->wanted.n; i++)
		names[i] = e->wanted.fields[i]->name;
	(void)cli_list_names(&b, names, e->wanted.n);
	r = cli_error(e->c, CSEAL_ERR_USAGE, cseal_buf_str(&b),
	    "is to be typed from the source document, and there is no "
	    "terminal to ask on: use --reenter-from FILE, or --reenter-from - "
	    "for standard input");
	cseal_buf_free(&b);
	return r;
}

int
cli_reenter(struct cli *c, const struct cli_act *a, struct cseal_change *typed)
{
	const char *from = cli_option(c, "reenter-from");
	struct reentry e = { .c = c, .act = a, .typed = typed };
	int r;

	r = cseal_desk_reentry(a->desk, a->change->index, &e.wanted, &c->err);
	if (r != CSEAL_OK)
		return r;
	if (from != NULL)
		return from_file(&e, from);
	if (e.wanted.n == 0)
		return CSEAL_OK;
	return cli_terminal(c) ? from_person(&e) : nobody_to_ask(&e);
}
