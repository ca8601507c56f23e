/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One value on a panel: what is in force beside what is asked for, where they
 * differ marked, and said in words for who hears the panel.
 */

#include <string.h>

#include "counterseal/text.h"

#include "differ.h"
#include "panel.h"
#include "slice.h"

/* A canonical value as people compare it, filtered. */
static void
group(const struct panel_value *v, struct cseal_slice value,
    struct cseal_buf *out)
{
	const struct cseal_format *f = v->field->format;
	struct cseal_buf text, grouped;

	cseal_buf_init(&text, 0);
	cseal_buf_init(&grouped, 0);
	(void)cseal_buf_add(&text, value.data, value.len);
	(void)f->group(f, cseal_buf_str(&text), &grouped);
	panel_safe(out, cseal_buf_slice(&grouped), 0);
	cseal_buf_free(&text);
	cseal_buf_free(&grouped);
}

/*
 * Which bytes of the text, as it is shown, begin a character that differs.
 * False if it is not the value with separators in it: it was escaped.
 */
static bool
place_marks(const struct differ *d, struct cseal_slice value, const char *text,
    struct cseal_buf *marks)
{
	size_t at = 0, i = 0, n;

	for (; (n = cseal_text_next(text, NULL)) > 0; text += n) {
		bool own = at + n <= value.len &&
			   memcmp(value.data + at, text, n) == 0;

		for (size_t k = 0; k < n; k++)
			(void)cseal_buf_add_u8(
			    marks, k == 0 && own && i < d->n_new && d->at[i]);
		at += own ? n : 0;
		i += own;
	}
	return at == value.len && cseal_buf_error(marks) == CSEAL_OK;
}

/* '^' under every character of a line that differs; nothing if none does. */
static void
mark(struct cseal_buf *out, const char *line, size_t n, const uint8_t *marks)
{
	size_t len, columns, blank = 0;
	bool any = memchr(marks, 1, n) != NULL;

	if (any)
		(void)cseal_buf_printf(
		    out, "    %-*s      ", PANEL_LABEL_COLUMNS, "");
	for (size_t i = 0; any && i < n; i += len) {
		len = cseal_text_next(line + i, &columns);
		blank += marks[i] ? 0 : columns;
		if (!marks[i])
			continue;
		(void)cseal_buf_printf(
		    out, "%*s%.*s", (int)blank, "", (int)columns, "^^");
		blank = 0;
	}
	(void)cseal_buf_add_str(out, any ? "\n" : "");
}

/* The new value, each line of it with its marks. */
static void
put_marked(struct cseal_buf *out, const char *text, const uint8_t *marks)
{
	const char *which = "new";
	size_t n;

	while ((n = cseal_text_fit(text, PANEL_VALUE_COLUMNS)) > 0) {
		(void)cseal_buf_printf(out, "    %-*s %-4s %.*s\n",
		    PANEL_LABEL_COLUMNS, "", which, (int)n, text);
		mark(out, text, n, marks);
		text += n;
		marks += n;
		which = "";
	}
}

static void
put_new(struct cseal_buf *out, const struct panel_value *v,
    const struct differ *d, const char *text, enum panel_terse terse)
{
	const char *label = terse >= PANEL_NO_OLD ? v->field->label : "";
	struct cseal_buf marks;

	cseal_buf_init(&marks, 0);
	if (terse < PANEL_NO_MARKS && place_marks(d, v->next, text, &marks))
		put_marked(out, text, marks.data);
	else
		panel_row(out, label, "new", text);
	cseal_buf_free(&marks);
}

static void
put_old(struct cseal_buf *out, const struct panel_value *v, const char *text,
    enum panel_terse terse)
{
	struct cseal_buf cut;

	cseal_buf_init(&cut, 0);
	panel_safe(&cut, slice_of(text),
	    terse >= PANEL_OLD_CUT ? PANEL_VALUE_COLUMNS - 3 : 0);
	if (terse < PANEL_NO_OLD)
		panel_row(out, v->field->label, "old", cseal_buf_str(&cut));
	cseal_buf_free(&cut);
}

static void
put_both(struct cseal_buf *out, const struct panel_value *v, const char *now,
    const char *next, enum panel_terse terse)
{
	struct cseal_buf words;
	struct differ d;

	cseal_buf_init(&words, 0);
	differ_find(&d, v->now, v->next);
	put_old(out, v, now, terse);
	put_new(out, v, &d, next, terse);
	(void)differ_words(&d, &words);
	if (terse < PANEL_NO_WORDS)
		panel_row(out, "", "", cseal_buf_str(&words));
	cseal_buf_free(&words);
}

bool
panel_is_same(const struct panel_value *v)
{
	return v->has_now && v->has_next && slice_same(v->now, v->next);
}

void
panel_put_value(
    struct cseal_buf *out, const struct panel_value *v, enum panel_terse terse)
{
	const char *label = v->field->label;
	struct cseal_buf now, next;

	cseal_buf_init(&now, 0);
	cseal_buf_init(&next, 0);
	if (v->has_now)
		group(v, v->now, &now);
	if (v->has_next)
		group(v, v->next, &next);
	if (panel_is_same(v))
		panel_row(out, label, "same", cseal_buf_str(&next));
	else if (v->has_now && v->has_next)
		put_both(
		    out, v, cseal_buf_str(&now), cseal_buf_str(&next), terse);
	else if (v->has_next)
		panel_row(out, label, "new", cseal_buf_str(&next));
	else if (v->has_now)
		panel_row(out, label, "gone", cseal_buf_str(&now));
	cseal_buf_free(&now);
	cseal_buf_free(&next);
}
