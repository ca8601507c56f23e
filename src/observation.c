/* SPDX-License-Identifier: BSD-2-Clause */

#include "observation.h"

#include <stdio.h>
#include <string.h>

#include "format.h"
#include "format_words.h"
#include "near.h"

#define TAIL	    "_tail"
#define SLOT_ANY    "payout" /* where no slot is named */
#define NAMES_MAX   (2 * CSEAL_KIND_FIELDS_MAX + 4)
#define FOREIGN_MAX 200 /* bytes of a value that has no format's form */

/* Names that need no kind. */
static const struct {
	const char *name;
	enum cseal_observed_part part;
	const struct cseal_format *format; /* NULL: a tail */
} general[] = {
	{ "tail", CSEAL_OBSERVED_TAIL, NULL },
	{ "holder", CSEAL_OBSERVED_WHOLE, &format_holder },
	{ "country", CSEAL_OBSERVED_COUNTRY, &format_country },
	{ "default", CSEAL_OBSERVED_DEFAULT, &format_words[WORDS_YES_NO] },
};
#define GENERAL (sizeof(general) / sizeof(*general))

/* ---- the place ---- */

static bool
stands_in(const struct cseal_kind *k, const char *slot)
{
	return !k->authority && strlen(k->slot) == strcspn(slot, "/") &&
	       strncmp(k->slot, slot, strlen(k->slot)) == 0;
}

/* Some kind of that slot, and whether there is no other. */
static const struct cseal_kind *
kind_of_slot(const char *slot, bool *alone)
{
	const struct cseal_kind *k, *found = NULL;

	*alone = false;
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (!stands_in(k, slot))
			continue;
		*alone = found == NULL;
		found = k;
	}
	return found;
}

static int
refuse_slot(const char *slot, struct cseal_error *err)
{
	const char *names[NAMES_MAX];
	const struct cseal_kind *k;
	size_t n = 0;

	for (size_t i = 0; n < NAMES_MAX && (k = cseal_kind_at(i)) != NULL;
	     i++) {
		if (!k->authority)
			names[n++] = k->slot;
	}
	return near_refuse("slot", "a console has no slot", slot, strlen(slot),
	    names, n, "'counterseal kinds' lists them", err);
}

int
cseal_observation_init(struct cseal_observation *o, const char *kind,
    const char *store, const char *slot, struct cseal_error *err)
{
	const struct cseal_kind *k = NULL;
	struct cseal_change c;
	bool alone = true;
	int r;

	memset(o, 0, sizeof(*o));
	if (kind == NULL) {
		if (slot == NULL)
			slot = SLOT_ANY;
		k = kind_of_slot(slot, &alone);
		if (k == NULL)
			return refuse_slot(slot, err);
		kind = k->name;
	}
	/* The rules of a change's place are those of what is seen there. */
	r = cseal_change_init(&c, kind, 0, store, slot, err);
	if (r != CSEAL_OK)
		return r;
	if (c.kind->authority)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "kind",
		    "%s is of the ledger: no console shows it", c.kind->name);
	o->kind = alone ? c.kind : NULL;
	memcpy(o->store, c.store, sizeof(o->store));
	memcpy(o->slot, c.slot, sizeof(o->slot));
	return CSEAL_OK;
}

void
cseal_observation_free(struct cseal_observation *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->n_shown; i++)
		cseal_buf_free(&o->shown[i].text);
	memset(o, 0, sizeof(*o));
}

/* ---- names ---- */

/* The kind's names: its fields, their tails, and the general ones. */
static int
refuse_name(const struct cseal_observation *o, const char *name, size_t len,
    struct cseal_error *err)
{
	char tails[CSEAL_KIND_FIELDS_MAX][CSEAL_OBSERVED_NAME_BYTES];
	const char *names[NAMES_MAX];
	struct cseal_buf way;
	size_t n = 0, n_tails = 0;
	int r;

	cseal_buf_init(&way, 0);
	for (size_t i = 0; o->kind != NULL && i < o->kind->n_fields; i++) {
		const struct cseal_field *f = &o->kind->fields[i];

		names[n++] = f->name;
		if (!cseal_field_has_tail(f))
			continue;
		(void)snprintf(
		    tails[n_tails], sizeof(tails[0]), "%s%s", f->name, TAIL);
		names[n++] = tails[n_tails++];
	}
	for (size_t i = 0; i < GENERAL; i++) {
		if (o->kind == NULL ||
		    cseal_kind_field(o->kind, general[i].name,
			strlen(general[i].name)) == NULL)
			names[n++] = general[i].name;
	}
	(void)cseal_buf_add_str(&way, "a console shows ");
	for (size_t i = 0; i < n; i++)
		(void)cseal_buf_printf(
		    &way, "%s%s", i > 0 ? ", " : "", names[i]);
	if (o->kind == NULL)
		(void)cseal_buf_add_str(
		    &way, ", and more when the kind is named");
	r = near_refuse(o->kind != NULL ? o->kind->name : o->slot,
	    "nothing is called", name, len, names, n, cseal_buf_str(&way), err);
	cseal_buf_free(&way);
	return r;
}

static void
set_name(struct cseal_observed *s, const char *name, const char *behind)
{
	(void)snprintf(s->name, sizeof(s->name), "%s%s", name, behind);
}

/* "iban_tail": the field before it, if its end alone can be shown. */
static int
find_tail(const struct cseal_observation *o, const char *name, size_t len,
    struct cseal_observed *s, struct cseal_error *err)
{
	const size_t skip = sizeof(TAIL) - 1;
	const struct cseal_field *f;

	if (o->kind == NULL || len <= skip ||
	    memcmp(name + len - skip, TAIL, skip) != 0)
		return CSEAL_ERR_NOT_FOUND;
	f = cseal_kind_field(o->kind, name, len - skip);
	if (f == NULL)
		return CSEAL_ERR_NOT_FOUND;
	if (!cseal_field_has_tail(f))
		return cseal_error_set(err, CSEAL_ERR_INPUT, f->name,
		    "its end alone tells nothing: give it whole, as %s",
		    f->name);
	s->part = CSEAL_OBSERVED_TAIL;
	s->field = f;
	set_name(s, f->name, TAIL);
	return CSEAL_OK;
}

static int
find_general(const struct cseal_observation *o, const char *name, size_t len,
    struct cseal_observed *s, struct cseal_error *err)
{
	for (size_t i = 0; i < GENERAL; i++) {
		if (strlen(general[i].name) != len ||
		    memcmp(general[i].name, name, len) != 0)
			continue;
		s->part = general[i].part;
		s->format = general[i].format;
		set_name(s, general[i].name, "");
		if (s->part != CSEAL_OBSERVED_TAIL || o->kind == NULL)
			return CSEAL_OK;
		s->field = tail_field(o->kind);
		if (s->field == NULL)
			return cseal_error_set(err, CSEAL_ERR_INPUT, "tail",
			    "%s has no number that a console shows the end of: "
			    "give its fields",
			    o->kind->name);
		set_name(s, s->field->name, TAIL);
		return CSEAL_OK;
	}
	return CSEAL_ERR_NOT_FOUND;
}

static int
find_name(const struct cseal_observation *o, const char *name, size_t len,
    struct cseal_observed *s, struct cseal_error *err)
{
	int r;

	memset(s, 0, sizeof(*s));
	s->part = CSEAL_OBSERVED_WHOLE;
	if (o->kind != NULL)
		s->field = cseal_kind_field(o->kind, name, len);
	if (s->field != NULL) {
		s->format = s->field->format;
		set_name(s, s->field->name, "");
		return CSEAL_OK;
	}
	r = find_tail(o, name, len, s, err);
	if (r == CSEAL_ERR_NOT_FOUND)
		r = find_general(o, name, len, s, err);
	return r == CSEAL_ERR_NOT_FOUND ? refuse_name(o, name, len, err) : r;
}

static int
check_once(const struct cseal_observation *o, const struct cseal_observed *s,
    struct cseal_error *err)
{
	for (size_t i = 0; i < o->n_shown; i++) {
		if (strcmp(o->shown[i].name, s->name) == 0)
			return cseal_error_set(err, CSEAL_ERR_INPUT, s->name,
			    "it was given twice: give it once");
		if (s->field != NULL && o->shown[i].field == s->field)
			return cseal_error_set(err, CSEAL_ERR_INPUT, s->name,
			    "%s was given too: give the whole, or its end",
			    o->shown[i].name);
	}
	if (o->n_shown == CSEAL_OBSERVED_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, s->name,
		    "more than %d values are shown: leave some out",
		    CSEAL_OBSERVED_MAX);
	return CSEAL_OK;
}

/* ---- values ---- */

static bool
is_control(const uint8_t *p, size_t i)
{
	return p[i] < 0x20 || p[i] == 0x7f ||
	       (p[i] >= 0x80 && p[i] < 0xa0 && i > 0 && p[i - 1] == 0xc2);
}

/* Clean text that no format knows: a console shows what it wants. */
static int
take_foreign(const char *name, const uint8_t *p, size_t n,
    struct cseal_buf *out, struct cseal_error *err)
{
	int r;

	if (n == 0 || n > FOREIGN_MAX || !cseal_text_is_utf8(p, n))
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "it is not text of 1 to %d bytes in UTF-8", FOREIGN_MAX);
	for (size_t i = 0; i < n; i++) {
		if (is_control(p, i))
			return format_refuse(name, p, n, i,
			    "take the value out of the page as text", err);
	}
	if ((r = format_no_card(name, p, n, err)) != CSEAL_OK)
		return r;
	return format_accept(name, p, n, out, err);
}

/* Pages break lines and pad: of names one space between words is kept. */
static int
squeeze(struct cseal_buf *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != ' ')
			(void)cseal_buf_add_u8(out, p[i]);
		else if (out->len > 0 && i + 1 < n && p[i + 1] != ' ')
			(void)cseal_buf_add_u8(out, ' ');
	}
	return cseal_buf_error(out);
}

static int
read_text(const struct cseal_observation *o, struct cseal_observed *s,
    const uint8_t *p, size_t n, struct cseal_error *err)
{
	struct cseal_plain plain;
	struct cseal_buf text;
	int r;

	cseal_buf_init(&text, CSEAL_VALUE_MAX);
	r = squeeze(&text, p, n);
	if (r == CSEAL_OK)
		r = s->format->canon(
		    s->format, s->name, text.data, text.len, &s->text, err);
	if (r == CSEAL_ERR_INPUT && cseal_format_plain(s->format, text.data,
					text.len, &s->text, &plain) == CSEAL_OK)
		r = CSEAL_OK;
	if (r == CSEAL_ERR_INPUT && o->by_script) {
		s->foreign = true;
		r = take_foreign(s->name, text.data, text.len, &s->text, err);
	}
	cseal_buf_free(&text);
	return r == CSEAL_ERR_TOO_LARGE
		   ? cseal_error_set(err, CSEAL_ERR_INPUT, s->name,
			 "%zu bytes, but a value has at most %d", n,
			 CSEAL_VALUE_MAX)
		   : r;
}

static int
read_value(const struct cseal_observation *o, struct cseal_observed *s,
    const uint8_t *p, size_t n, struct cseal_error *err)
{
	if (s->part == CSEAL_OBSERVED_TAIL)
		return tail_canon(s->name, p, n, &s->text, err);
	if (observation_is_text(s->format))
		return read_text(o, s, p, n, err);
	return s->format->canon(s->format, s->name, p, n, &s->text, err);
}

int
cseal_observation_set(struct cseal_observation *o, const char *name,
    size_t name_len, const uint8_t *value, size_t len, struct cseal_error *err)
{
	struct cseal_observed s;
	int r;

	if ((r = find_name(o, name, name_len, &s, err)) != CSEAL_OK ||
	    (r = check_once(o, &s, err)) != CSEAL_OK)
		return r;
	cseal_buf_init(&s.text, CSEAL_VALUE_MAX);
	r = read_value(o, &s, value, len, err);
	if (r != CSEAL_OK) {
		cseal_buf_free(&s.text);
		return r;
	}
	(void)cseal_buf_str(&s.text); /* terminated */
	o->shown[o->n_shown++] = s;   /* transferred */
	return CSEAL_OK;
}

/* ---- arguments ---- */

static int
refuse_argument(const char *name, const char *what, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_INPUT, name,
	    "%s, and arguments can be read in the list of processes and in the "
	    "shell's history: enter it at the prompt, or give it with --from "
	    "FILE or --from -",
	    what);
}

int
cseal_observation_set_word(
    struct cseal_observation *o, const char *word, struct cseal_error *err)
{
	const char *equals = strchr(word, '=');
	struct cseal_observed *s;
	size_t n;
	int r;

	if (equals == NULL || equals == word)
		return cseal_error_set(err, CSEAL_ERR_INPUT, o->slot,
		    "what the console shows is given as FIELD=VALUE");
	n = (size_t)(equals - word);
	for (size_t i = 0; o->kind != NULL && i < o->kind->n_fields; i++) {
		const struct cseal_field *f = &o->kind->fields[i];

		if (f->grade == CSEAL_GRADE_SECRET && strlen(f->name) == n &&
		    memcmp(f->name, word, n) == 0)
			return refuse_argument(f->name, "it is secret", err);
	}
	r = cseal_observation_set(
	    o, word, n, (const uint8_t *)equals + 1, strlen(equals + 1), err);
	if (r != CSEAL_OK)
		return r;
	s = &o->shown[o->n_shown - 1];
	if (s->part != CSEAL_OBSERVED_TAIL ||
	    s->text.len <= CSEAL_TAIL_WORD_MAX)
		return CSEAL_OK;
	r = refuse_argument(
	    s->name, "it is more than the last four characters", err);
	cseal_buf_free(&s->text);
	o->n_shown--;
	return r;
}

/* ---- for people ---- */

int
cseal_observed_mask(const struct cseal_observed *s, struct cseal_buf *out)
{
	const char *text = (const char *)s->text.data; /* terminated */

	if (s->part == CSEAL_OBSERVED_TAIL)
		return cseal_buf_printf(out, "....%s", text);
	if (s->foreign)
		return cseal_buf_add_str(out, text);
	if (s->field != NULL && s->field->grade == CSEAL_GRADE_SECRET)
		return s->format->mask(s->format, text, out);
	return s->format->group(s->format, text, out);
}
