/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of a change, as far as they are on this desk. */

#include "reading.h"

#include <string.h>

#define LABEL_COLUMN  20 /* where values begin */
#define VALUE_COLUMNS 60

static bool
has_field(const struct cseal_state_change *h, const struct cseal_field *f)
{
	const struct cseal_request *q = &h->request->u.request;
	size_t len = strlen(f->name);

	for (size_t i = 0; i < q->n_fields; i++) {
		if (q->fields[i].name.len == len &&
		    memcmp(q->fields[i].name.data, f->name, len) == 0)
			return true;
	}
	return false;
}

/* The next field that the change has, from the i-th of its kind on. */
static const struct cseal_field *
next_field(const struct cseal_state_change *h, size_t *i)
{
	const struct cseal_field *f;

	while (*i < h->kind->n_fields) {
		f = &h->kind->fields[(*i)++];
		if (has_field(h, f))
			return f;
	}
	return NULL;
}

/*
 * What an approver is still to type himself is not told beforehand; but its
 * requester may look.
 */
static bool
is_blind(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const struct cseal_field *f)
{
	const struct cseal_state *s = cseal_desk_state(d);
	char person[CSEAL_HANDLE_BYTES];

	if (h->status != CSEAL_CHANGE_ASKED || !cseal_change_reenters(s, h, f))
		return false;
	return cli_person_read(c, person) != CSEAL_OK ||
	       strcmp(person, cseal_state_person(s, h->requester)->handle) != 0;
}

bool
reading_is_blind(
    struct cli *c, struct cseal_desk *d, const struct cseal_state_change *h)
{
	for (size_t i = 0; i < h->kind->n_fields; i++) {
		if (is_blind(c, d, h, &h->kind->fields[i]))
			return true;
	}
	return false;
}

int
reading_value(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const struct cseal_field *f, bool full,
    struct cseal_buf *out, bool *known)
{
	struct cseal_buf value;
	int r;

	*known = false;
	cseal_buf_init(&value, CSEAL_VALUE_MAX);
	r = cseal_desk_value(d, h, f->name, &value, &c->err);
	if ((r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND) &&
	    is_blind(c, d, h, f)) {
		r = cseal_buf_add_str(
		    out, "(to be typed from the source document)");
	} else if (r == CSEAL_OK) {
		*known = true;
		r = (full || f->grade != CSEAL_GRADE_SECRET)
			? f->format->group(
			      f->format, cseal_buf_str(&value), out)
			: f->format->mask(
			      f->format, cseal_buf_str(&value), out);
	} else if (r == CSEAL_ERR_NOT_FOUND) {
		r = cseal_buf_add_str(out, "(not on this desk)");
	}
	cseal_buf_free(&value);
	return r;
}

int
reading_reason(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_buf *out, bool *known)
{
	int r = cseal_desk_value(d, h, "reason", out, &c->err);

	*known = r == CSEAL_OK;
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* Behind its label, in lines of whole characters. */
static int
say_value(struct cli *c, unsigned indent, const char *label,
    const struct cseal_buf *value)
{
	const char *text;
	struct cseal_buf safe;
	size_t n;
	int r;

	cseal_buf_init(&safe, 0);
	r = cseal_text_safe(&safe, value->data, value->len, 0);
	text = cseal_buf_str(&safe);
	do {
		n = cseal_text_fit(text, VALUE_COLUMNS);
		cli_say(c, "%*s%-*s %.*s\n", (int)indent, "",
		    LABEL_COLUMN - (int)indent - 1, label, (int)n, text);
		label = "";
		text += n;
	} while (n > 0 && *text != '\0');
	cseal_buf_free(&safe);
	return r;
}

int
reading_values_say(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, unsigned indent, bool full)
{
	const struct cseal_field *f;
	struct cseal_buf text;
	int r = CSEAL_OK;
	size_t i = 0;
	bool known;

	cseal_buf_init(&text, 0);
	while (r == CSEAL_OK && (f = next_field(h, &i)) != NULL) {
		cseal_buf_reset(&text);
		r = reading_value(c, d, h, f, full, &text, &known);
		if (r == CSEAL_OK)
			r = say_value(c, indent, f->label, &text);
	}
	cseal_buf_free(&text);
	return r;
}

static json_t *
value_json(
    const struct cseal_field *f, const struct cseal_buf *text, bool known)
{
	return json_pack("{s:s, s:o, s:b}", "name", f->name, "value",
	    known ? cli_json_text(cseal_buf_slice(text)) : json_null(),
	    "masked", (int)(f->grade == CSEAL_GRADE_SECRET));
}

int
reading_values_json(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, json_t **out)
{
	const struct cseal_field *f;
	struct cseal_buf text;
	int r = CSEAL_OK;
	size_t i = 0;
	bool known;

	*out = json_array();
	cseal_buf_init(&text, 0);
	while (r == CSEAL_OK && (f = next_field(h, &i)) != NULL) {
		cseal_buf_reset(&text);
		r = reading_value(c, d, h, f, false, &text, &known);
		if (r == CSEAL_OK)
			json_array_append_new(
			    *out, value_json(f, &text, known));
	}
	cseal_buf_free(&text);
	return r;
}
