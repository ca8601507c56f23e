/* SPDX-License-Identifier: BSD-2-Clause */
/* What a keyboard typed in full width, and its plain form for a yes. */
#include "cli.h"

#include <string.h>

static const struct cseal_format *
format_of(const struct cseal_change *ch, const char *name)
{
	const struct cseal_field *f =
	    cseal_kind_field(ch->kind, name, strlen(name));

	return f != NULL ? f->format : cseal_format_find("text");
}

/* In the words of the panel: what the person is to compare. */
static int
question(const char *label, const struct cseal_format *f,
    const struct cseal_buf *plain, struct cseal_buf *out)
{
	struct cseal_buf canonical;
	int r;

	cseal_buf_init(&canonical, 0);
	(void)cseal_buf_printf(out,
	    "  %s: these are full-width characters. The plain form is\n    ",
	    label);
	r = f->canon(f, label, plain->data, plain->len, &canonical, NULL);
	if (r == CSEAL_OK)
		r = f->group(f, cseal_buf_str(&canonical), out);
	if (r == CSEAL_OK)
		r = cseal_buf_add_str(out, "\n  Take it?");
	cseal_buf_free(&canonical);
	return r;
}

/* CSEAL_ERR_NOT_FOUND: it has no plain form, or that is not wanted. */
static int
offer(struct cli *c, const char *label, const struct cseal_format *f,
    const struct cseal_buf *typed, struct cseal_buf *plain)
{
	struct cseal_plain how;
	struct cseal_buf text;
	bool yes = false;
	int r;

	cseal_buf_init(&text, 0);
	r = cseal_format_plain(f, typed->data, typed->len, plain, &how);
	if (r == CSEAL_OK)
		r = question(label, f, plain, &text);
	if (r == CSEAL_OK)
		r = cli_ask_yes(c, cseal_buf_str(&text), &yes);
	cseal_buf_free(&text);
	return r == CSEAL_OK && !yes ? CSEAL_ERR_NOT_FOUND : r;
}

int
cli_change_type(struct cli *c, struct cseal_change *ch, const char *name,
    const char *label, const struct cseal_buf *typed)
{
	size_t n = strlen(name);
	struct cseal_buf plain;
	int r, offered;

	r = cseal_change_set(ch, name, n, typed->data, typed->len, &c->err);
	if (r != CSEAL_ERR_INPUT)
		return r;
	cseal_buf_init(&plain, 0);
	offered = offer(c, label, format_of(ch, name), typed, &plain);
	if (offered == CSEAL_OK)
		r = cseal_change_set(
		    ch, name, n, plain.data, plain.len, &c->err);
	else if (offered != CSEAL_ERR_NOT_FOUND)
		r = offered;
	cseal_buf_free(&plain);
	return r;
}
