/* SPDX-License-Identifier: BSD-2-Clause */
/* The text before the touch that reports what a console shows. */

#include <string.h>

#include "counterseal/text.h"

#include "observe.h"

#define VALUE_COLUMNS 40
#define TEXT_COLUMNS  76

static const char *const acts[] = {
	[CSEAL_OBSERVE_MATCH] = "report that the console shows what is "
				"approved",
	[CSEAL_OBSERVE_MISMATCH] = "report this mismatch",
	[CSEAL_OBSERVE_DRIFT] = "report this drift",
};

static const char *const words[] = {
	[CSEAL_SAME] = "same",
	[CSEAL_DIFFERS] = "DIFFERS",
	[CSEAL_NOT_COMPARED] = "not compared",
};

static void
row(const struct sight *v, size_t i, struct cseal_buf *out)
{
	const struct cseal_observed *s = &v->o->shown[i];
	struct cseal_buf text, cell;

	cseal_buf_init(&text, 0);
	cseal_buf_init(&cell, 0);
	(void)cseal_observed_mask(s, &text);
	(void)cseal_text_safe(&cell, text.data, text.len, VALUE_COLUMNS);
	(void)cseal_buf_printf(out, "    %-17s %s  %s\n",
	    s->part == CSEAL_OBSERVED_WHOLE && s->field != NULL
		? s->field->label
		: s->name,
	    cseal_buf_str(&cell), words[v->j.compared.same[i]]);
	cseal_buf_free(&cell);
	cseal_buf_free(&text);
}

/* The sentences are ASCII but for what is masked. */
static void
paragraph(struct cseal_buf *out, const char *text)
{
	size_t n = strlen(text), at, end;

	for (at = 0; at < n; at = end) {
		end = n - at > TEXT_COLUMNS ? at + TEXT_COLUMNS : n;
		while (end < n && end > at + 1 && text[end] != ' ')
			end--;
		(void)cseal_buf_printf(
		    out, "  %.*s\n", (int)(end - at), text + at);
		end += end < n && text[end] == ' ';
	}
}

/* What a match will be good for. */
static void
confirming(const struct sight *v, size_t person, struct cseal_buf *out)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	const char *wanted;
	char name[CSEAL_CHANGE_NAME_BYTES];

	if (v->j.outcome != CSEAL_OBSERVE_MATCH || v->j.slot == NULL)
		return;
	cseal_change_name(v->j.change, name);
	wanted = cseal_word_name(cseal_levels, cseal_slot_level(s, v->j.slot));
	switch (
	    cseal_slot_confirming(s, v->j.slot, person, v->j.compared.level)) {
	case CSEAL_CONFIRMS:
		(void)cseal_buf_printf(out, "  It confirms #%s.\n", name);
		break;
	case CSEAL_CONFIRMS_NOT_BY_HIM:
		(void)cseal_buf_printf(out,
		    "  It does not confirm #%s: whoever entered it does not "
		    "confirm it.\n",
		    name);
		break;
	default:
		(void)cseal_buf_printf(out,
		    "  It does not confirm #%s: the policy asks for %s or "
		    "more.\n",
		    name, wanted);
		break;
	}
}

int
observe_panel(const struct sight *v, const struct cseal_state_key *key,
    const char *source, struct cseal_buf *out)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	struct cseal_buf text;

	(void)cseal_buf_printf(out,
	    "  Store %s   slot %s\n  what was read: %s\n", v->o->store,
	    v->o->slot, source);
	for (size_t i = 0; i < v->o->n_shown; i++)
		row(v, i, out);
	if (v->o->empty)
		(void)cseal_buf_add_str(
		    out, "    the console shows nothing there\n");
	cseal_buf_init(&text, 0);
	(void)sight_text(v, &text);
	paragraph(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
	confirming(v, key->person, out);
	if (cseal_state_demo(s))
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	return cseal_buf_printf(out, "  With this %s %s will %s%s.\n",
	    key->monitor ? "seal" : "touch",
	    cseal_state_person(s, key->person)->handle, acts[v->j.outcome],
	    v->j.freezes ? "; it freezes the store" : "");
}
