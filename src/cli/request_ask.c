/* SPDX-License-Identifier: BSD-2-Clause */
/* A person is asked for the values of a change, one by one. */

#include "request.h"

#include <string.h>

#define TRIES 3

/* The value of the change that is replaced; NULL if there is none. */
static struct cseal_buf *
old_value(struct request *q, const char *name)
{
	if (!q->replaces)
		return NULL;
	if (strcmp(name, "reason") == 0)
		return q->old.reason.len > 0 ? &q->old.reason : NULL;
	for (size_t i = 0; i < q->old.n_values; i++) {
		if (strcmp(q->old.values[i].field->name, name) == 0)
			return &q->old.values[i].text;
	}
	return NULL;
}

static int
keep(struct request *q, const char *name)
{
	const struct cseal_buf *b = old_value(q, name);

	return cseal_change_set(
	    &q->change, name, strlen(name), b->data, b->len, &q->c->err);
}

static int
take_answer(struct request *q, const char *name, const char *label,
    const struct cseal_buf *b)
{
	const bool had = old_value(q, name) != NULL;

	if (b->len == 0)
		return had ? keep(q, name) : CSEAL_ERR_NOT_FOUND;
	if (had && b->len == 1 && b->data[0] == '-')
		return CSEAL_ERR_NOT_FOUND;
	return cli_change_type(q->c, &q->change, name, label, b);
}

static int
ask_once(
    struct request *q, const char *name, const char *label, const char *prompt)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	r = cli_ask(q->c, prompt, true, &b);
	if (r == CSEAL_OK)
		r = take_answer(q, name, label, &b);
	cseal_buf_free(&b);
	return r;
}

/* "  IBAN [DE89 .... 3000]: " */
static void
write_prompt(struct request *q, const char *name, const char *label,
    const struct cseal_field *f, bool required, struct cseal_buf *out)
{
	struct cseal_buf *old = old_value(q, name);

	(void)cseal_buf_printf(out, "  %s", label);
	if (old != NULL) {
		(void)cseal_buf_add_str(out, " [");
		if (f == NULL)
			(void)cseal_buf_add_str(out, cseal_buf_str(old));
		else if (f->grade == CSEAL_GRADE_SECRET)
			(void)f->format->mask(
			    f->format, cseal_buf_str(old), out);
		else
			(void)f->format->group(
			    f->format, cseal_buf_str(old), out);
		(void)cseal_buf_add_str(out, required ? "]" : ", - for none]");
	} else if (!required) {
		(void)cseal_buf_add_str(out, " (optional, Enter to skip)");
	}
	(void)cseal_buf_add_str(out, ": ");
}

/* A value that breaks its format is told, and asked for again. */
static int
ask_field(struct request *q, const char *name, const char *label,
    const struct cseal_field *f, bool required)
{
	struct cli *c = q->c;
	struct cseal_buf prompt;
	int r = CSEAL_ERR_INPUT;

	cseal_buf_init(&prompt, 0);
	write_prompt(q, name, label, f, required, &prompt);
	for (int i = 0; i < TRIES; i++) {
		r = ask_once(q, name, label, cseal_buf_str(&prompt));
		if (r == CSEAL_ERR_NOT_FOUND && !required) {
			r = CSEAL_OK;
			break;
		}
		if (r == CSEAL_ERR_NOT_FOUND)
			r = cli_error(c, CSEAL_ERR_INPUT, name, "is needed");
		if (r != CSEAL_ERR_INPUT && r != CSEAL_ERR_TOO_LARGE)
			break;
		if (i + 1 < TRIES)
			cli_note_error(c);
	}
	cseal_buf_free(&prompt);
	return r;
}

int
request_ask(struct request *q)
{
	const struct cseal_change *ch = &q->change;
	const struct cseal_field *f;
	int r = CSEAL_OK;

	for (size_t i = 0; i < ch->kind->n_fields && r == CSEAL_OK; i++) {
		f = &ch->kind->fields[i];
		if (ch->op != CSEAL_OP_REMOVE &&
		    cseal_change_value(ch, f->name) == NULL)
			r = ask_field(q, f->name, f->label, f, f->required);
	}
	if (r == CSEAL_OK && ch->reason.len == 0)
		r = ask_field(q, "reason", "Reason", NULL, q->needs_reason);
	return r;
}

int
request_check(struct request *q)
{
	const struct cseal_change *ch = &q->change;
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
		r = cli_error(q->c, CSEAL_ERR_USAGE, cseal_buf_str(&b),
		    "not given, and there is no terminal to ask on: "
		    "use --from FILE, or --from - for standard input");
	cseal_buf_free(&b);
	return r;
}
