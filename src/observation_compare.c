/* SPDX-License-Identifier: BSD-2-Clause */
/* What is shown against what was approved, and the level that this reaches. */

#include <string.h>

#include "observation.h"

#include "format.h"
#include "format_latin.h"
#include "format_script.h"
#include "slice.h"

/* What was approved. */
struct approved {
	const struct cseal_kind *kind;
	const struct cseal_value *values;
	size_t n;
	struct cseal_facts facts;
};

static const struct cseal_value *
value_of(const struct approved *a, const struct cseal_field *f)
{
	for (size_t i = 0; i < a->n; i++) {
		if (a->values[i].field == f)
			return &a->values[i];
	}
	return NULL;
}

/* ---- one value ---- */

bool
observation_is_text(const struct cseal_format *f)
{
	static const struct cseal_format *const names[] = { &format_holder,
		&format_bank_name, &format_holder_han, &format_holder_kana,
		&format_bank_name_han, NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		if (f == names[i])
			return true;
	}
	for (size_t i = 0; i < LATIN_FORMATS; i++) {
		if (f == &format_latin[i])
			return true;
	}
	return false;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* The next byte of a name that counts, 0 at its end. */
static uint8_t
next_letter(struct cseal_slice s, size_t *i)
{
	while (*i < s.len && (s.data[*i] == '.' || s.data[*i] == ','))
		++*i;
	return *i < s.len ? lower(s.data[(*i)++]) : 0;
}

/* Consoles write names in capitals, and drop dots and commas. */
static bool
same_name(struct cseal_slice a, struct cseal_slice b)
{
	size_t i = 0, k = 0;
	uint8_t c;

	do {
		c = next_letter(a, &i);
		if (c != next_letter(b, &k))
			return false;
	} while (c != 0);
	return true;
}

static enum cseal_same
same_if(bool same)
{
	return same ? CSEAL_SAME : CSEAL_DIFFERS;
}

/* The field of the approved kind that is shown; NULL if it has none. */
static const struct cseal_field *
field_of(const struct approved *a, const struct cseal_observed *s)
{
	if (s->field != NULL)
		return s->field;
	if (s->part == CSEAL_OBSERVED_TAIL)
		return tail_field(a->kind);
	return cseal_kind_field(a->kind, s->name, strlen(s->name));
}

/*
 * What says where money or mail goes and was never approved differs; anything
 * else that was not approved tells nothing.
 */
static enum cseal_same
compare_field(const struct approved *a, const struct cseal_observed *s)
{
	const struct cseal_field *f = field_of(a, s);
	const struct cseal_value *v = f != NULL ? value_of(a, f) : NULL;
	struct cseal_slice shown = cseal_buf_slice(&s->text), text;

	if (v == NULL)
		return f != NULL && f->account ? CSEAL_DIFFERS
					       : CSEAL_NOT_COMPARED;
	text = cseal_buf_slice(&v->text);
	if (s->part == CSEAL_OBSERVED_TAIL)
		return same_if(tail_ends(text, shown));
	if (s->foreign)
		return CSEAL_DIFFERS;
	return same_if(observation_is_text(f->format)
			   ? same_name(text, shown)
			   : slice_same(text, shown));
}

static enum cseal_same
compare_country(const struct approved *a, const struct cseal_observed *s)
{
	if (cseal_kind_field(a->kind, s->name, strlen(s->name)) != NULL)
		return compare_field(a, s);
	if (a->facts.country[0] == '\0')
		return CSEAL_NOT_COMPARED;
	return same_if(slice_is(cseal_buf_slice(&s->text), a->facts.country));
}

/* Of several accounts of a store, each in its own item, one is the default. */
static enum cseal_same
compare_default(
    const struct cseal_observation *o, const struct cseal_observed *s)
{
	if (strcmp(o->slot, "payout") == 0 &&
	    slice_is(cseal_buf_slice(&s->text), "no"))
		return CSEAL_DIFFERS;
	return CSEAL_NOT_COMPARED;
}

static enum cseal_same
compare_one(const struct cseal_observation *o, const struct approved *a,
    const struct cseal_observed *s)
{
	switch (s->part) {
	case CSEAL_OBSERVED_COUNTRY: return compare_country(a, s);
	case CSEAL_OBSERVED_DEFAULT: return compare_default(o, s);
	default: return compare_field(a, s);
	}
}

/* ---- the level ---- */

/* Is the field shown, and the same? `whole`: a tail is not enough. */
static bool
is_seen(const struct cseal_observation *o, const struct approved *a,
    const struct cseal_comparison *k, const struct cseal_field *f, bool whole)
{
	for (size_t i = 0; i < o->n_shown; i++) {
		const struct cseal_observed *s = &o->shown[i];

		if (k->same[i] == CSEAL_SAME &&
		    s->part != CSEAL_OBSERVED_DEFAULT && field_of(a, s) == f)
			return !whole || s->part != CSEAL_OBSERVED_TAIL;
	}
	return false;
}

/* Has it fields that say where money or mail goes, and were approved? */
static bool
has_accounts(const struct approved *a)
{
	for (size_t i = 0; i < a->n; i++) {
		if (a->values[i].field->account)
			return true;
	}
	return false;
}

/* All of those fields whole; where there are none, all that was approved. */
static bool
is_full(const struct cseal_observation *o, const struct approved *a,
    const struct cseal_comparison *k)
{
	bool accounts = has_accounts(a);

	for (size_t i = 0; i < a->n; i++) {
		const struct cseal_field *f = a->values[i].field;

		if ((f->account || !accounts) && !is_seen(o, a, k, f, true))
			return false;
	}
	return true;
}

/* Each number among those fields, or an address in full. */
static bool
is_tail(const struct cseal_observation *o, const struct approved *a,
    const struct cseal_comparison *k)
{
	const struct cseal_field *number = tail_field(a->kind);
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct cseal_field *f = a->values[i].field;

		if (f != number &&
		    (!f->account || f->grade != CSEAL_GRADE_SECRET))
			continue;
		if (!is_seen(o, a, k, f, false))
			return false;
		n++;
	}
	return n > 0;
}

static bool
is_country_seen(
    const struct cseal_observation *o, const struct cseal_comparison *k)
{
	for (size_t i = 0; i < o->n_shown; i++) {
		if (k->same[i] == CSEAL_SAME &&
		    strcmp(o->shown[i].name, "country") == 0)
			return true;
	}
	return false;
}

static uint64_t
level_of(const struct cseal_observation *o, const struct approved *a,
    const struct cseal_comparison *k)
{
	const struct cseal_field *holder =
	    cseal_kind_field(a->kind, "holder", 6);
	uint64_t level;

	if (!k->matches)
		return CSEAL_LEVEL_NONE;
	if (a->n == 0 || is_full(o, a, k))
		level = CSEAL_LEVEL_FULL;
	else if (!is_tail(o, a, k))
		return CSEAL_LEVEL_NONE;
	else if (holder != NULL && is_seen(o, a, k, holder, true) &&
		 is_country_seen(o, k))
		level = CSEAL_LEVEL_TAIL_NAME_COUNTRY;
	else
		level = CSEAL_LEVEL_TAIL;
	return o->funds ? CSEAL_LEVEL_FUNDS : level;
}

/* ---- all of it ---- */

static void
compare_all(const struct cseal_observation *o, const struct approved *a,
    struct cseal_comparison *out)
{
	out->other_kind = o->kind != NULL && o->kind != a->kind;
	for (size_t i = 0; i < o->n_shown; i++) {
		out->same[i] = out->other_kind || a->n == 0
				   ? CSEAL_DIFFERS
				   : compare_one(o, a, &o->shown[i]);
		out->n_same += out->same[i] == CSEAL_SAME;
		out->n_differ += out->same[i] == CSEAL_DIFFERS;
	}
}

int
cseal_observation_compare(const struct cseal_observation *o,
    const struct cseal_kind *kind, const struct cseal_value *approved, size_t n,
    struct cseal_comparison *out, struct cseal_error *err)
{
	struct approved a = { .kind = kind, .values = approved, .n = n };
	int r;

	memset(out, 0, sizeof(*out));
	r = cseal_kind_facts(kind, approved, n, &a.facts, err);
	if (r != CSEAL_OK)
		return r;
	compare_all(o, &a, out);
	out->matches =
	    o->empty ? n == 0 : out->n_same > 0 && out->n_differ == 0;
	out->level = level_of(o, &a, out);
	return CSEAL_OK;
}
