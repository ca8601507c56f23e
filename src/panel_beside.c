/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Beside the values: what they could be taken for, what was not seen before,
 * and what became of the slot lately.
 */

#include <string.h>

#include "counterseal/text.h"

#include "differ.h"
#include "panel.h"
#include "slice.h"

#define LATELY	     ((uint64_t)30 * 86400)
#define LATELY_DAYS  30
#define CHANGES_TOLD 3

/* ---- warnings ---- */

/* The first character that differs: "character 3 is 0, not O". */
static void
say_first(
    struct cseal_buf *out, struct cseal_slice mine, struct cseal_slice other)
{
	struct cseal_buf a, b;
	const char *x, *y;
	size_t n, m, at = 1;

	cseal_buf_init(&a, 0);
	cseal_buf_init(&b, 0);
	panel_safe(&a, mine, 0);
	panel_safe(&b, other, 0);
	x = cseal_buf_str(&a);
	y = cseal_buf_str(&b);
	while ((n = cseal_text_next(x, NULL)) > 0 &&
	       (m = cseal_text_next(y, NULL)) == n && memcmp(x, y, n) == 0) {
		x += n;
		y += m;
		at++;
	}
	n = cseal_text_next(x, NULL);
	m = cseal_text_next(y, NULL);
	if (n > 0 && m > 0)
		(void)cseal_buf_printf(out, "character %zu is %.*s, not %.*s",
		    at, (int)n, x, (int)m, y);
	else
		(void)cseal_buf_printf(
		    out, "it is %s", n > 0 ? "longer" : "shorter");
	cseal_buf_free(&a);
	cseal_buf_free(&b);
}

static struct cseal_slice
part_of(const struct panel_value *v)
{
	struct cseal_slice s = v->next;

	if (v->alike_of == PANEL_ALIKE_DOMAIN) {
		const uint8_t *at = memchr(s.data, '@', s.len);
		size_t n = at != NULL ? (size_t)(at + 1 - s.data) : 0;

		s.data += n;
		s.len -= n;
	}
	return s;
}

static void
warn_alike(struct cseal_buf *out, const struct panel_value *v)
{
	struct cseal_buf text;

	if (v->alike.len == 0)
		return;
	cseal_buf_init(&text, 0);
	(void)cseal_buf_printf(&text, "Warning: %s%s looks like '",
	    v->alike_of == PANEL_ALIKE_DOMAIN ? "the domain of " : "",
	    v->field->label);
	panel_safe(&text, cseal_buf_slice(&v->alike), 0);
	(void)cseal_buf_printf(&text, "', which %s, but is not the same: ",
	    v->alike_is_rule ? "stands in the policy" : "was approved before");
	say_first(&text, part_of(v), cseal_buf_slice(&v->alike));
	(void)cseal_buf_add_str(&text, ".");
	panel_say(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
tell_used(struct cseal_buf *out, const struct panel_change *p)
{
	char name[CSEAL_CHANGE_NAME_BYTES];
	struct cseal_buf text;

	if (p->used == NULL && !p->facts.has_elsewhere)
		return;
	cseal_buf_init(&text, 0);
	(void)cseal_buf_add_str(
	    &text, "Warning: the same is known at another store");
	if (p->used != NULL) {
		cseal_change_name(&p->used->pub, name);
		(void)cseal_buf_printf(
		    &text, ", %s (#%s)", p->used->pub.store, name);
	}
	(void)cseal_buf_add_str(&text, ".");
	panel_say(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
tell_now_missing(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_state_slot *t =
	    state_slot(p->state, p->store, p->slot);
	char name[CSEAL_CHANGE_NAME_BYTES];
	struct cseal_buf text;

	if (!p->now_missing)
		return;
	cseal_buf_init(&text, 0);
	cseal_change_name(&state_change(p->state, t->change)->pub, name);
	(void)cseal_buf_printf(&text,
	    "Warning: #%s is in force, but its values are not on this desk: "
	    "the new ones cannot be compared with them.",
	    name);
	panel_say(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
}

void
panel_put_warnings(struct cseal_buf *out, const struct panel_change *p)
{
	tell_now_missing(out, p);
	for (size_t i = 0; i < p->n_values; i++)
		warn_alike(out, &p->values[i]);
	tell_used(out, p);
}

/* ---- what was not seen before ---- */

/* A fact that is called out when it comes for the first time. */
static const struct {
	const char *name;
	size_t offset;
} seen_facts[] = {
	{ "country", offsetof(struct cseal_facts, country) },
	{ "bank", offsetof(struct cseal_facts, bank_code) },
	{ "provider", offsetof(struct cseal_facts, provider) },
};

static const char *
fact_of(const struct cseal_facts *f, size_t i)
{
	return (const char *)f + seen_facts[i].offset;
}

/* The changes asked for before this one. */
static const struct state_change *
earlier(const struct panel_change *p, size_t i)
{
	const struct state_change *c = vec_at(&p->state->changes, i);

	if (c == NULL ||
	    (p->change != NULL && c->pub.index >= p->change->pub.index))
		return NULL;
	return c;
}

static bool
is_first(const struct panel_change *p, size_t fact)
{
	const struct state_change *c;

	for (size_t i = 0; (c = earlier(p, i)) != NULL; i++) {
		if (strcmp(fact_of(&c->pub.facts, fact),
			fact_of(&p->facts, fact)) == 0)
			return false;
	}
	return true;
}

static void
add_first(struct cseal_buf *list, const char *what, const char *value)
{
	(void)cseal_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", what);
	if (value[0] == '\0')
		return;
	(void)cseal_buf_add_str(list, " ");
	panel_safe(list, slice_of(value), 0);
}

/* By the field that people call the account. */
static void
add_first_account(struct cseal_buf *list, const struct panel_change *p)
{
	const struct cseal_field *best = NULL;

	for (size_t i = 0; i < p->n_values; i++) {
		const struct cseal_field *f = p->values[i].field;

		if (f->account && p->values[i].has_next &&
		    (best == NULL || (best->grade != CSEAL_GRADE_SECRET &&
					 f->grade == CSEAL_GRADE_SECRET)))
			best = f;
	}
	if (best != NULL)
		(void)cseal_buf_printf(list,
		    "%sthis %s, among the values that are here",
		    list->len > 0 ? ", " : "", best->label);
}

static void
tell_firsts(struct cseal_buf *out, const struct panel_change *p)
{
	struct cseal_buf list, text;

	cseal_buf_init(&list, 0);
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < sizeof(seen_facts) / sizeof(*seen_facts); i++) {
		if (fact_of(&p->facts, i)[0] != '\0' && is_first(p, i))
			add_first(
			    &list, seen_facts[i].name, fact_of(&p->facts, i));
	}
	if (p->first_account)
		add_first_account(&list, p);
	if (list.len > 0) {
		(void)cseal_buf_printf(&text, "First seen in this ledger: %s.",
		    cseal_buf_str(&list));
		panel_say(out, cseal_buf_str(&text));
	}
	cseal_buf_free(&text);
	cseal_buf_free(&list);
}

/* ---- earlier changes ---- */

/* A mistyped alias would be a new store: no change of it came before. */
static bool
is_first_of_store(const struct panel_change *p)
{
	const struct state_change *c;

	for (size_t i = 0; (c = earlier(p, i)) != NULL; i++) {
		if (strcmp(c->pub.store, p->store) == 0)
			return false;
	}
	return true;
}

/* Of the last entry that was seen: no clock of a machine at work is asked. */
static uint64_t
seen_clock(const struct cseal_state *s)
{
	return s->frontier.size > 0 ? s->clocks[s->frontier.size - 1] : 0;
}

static bool
is_lately(const struct panel_change *p, const struct state_change *c)
{
	return c != p->change && strcmp(c->pub.store, p->store) == 0 &&
	       strcmp(c->pub.slot, p->slot) == 0 &&
	       (c->pub.clock > UINT64_MAX - LATELY ||
		   c->pub.clock + LATELY >= seen_clock(p->state));
}

static void
name_change(struct cseal_buf *text, const struct state_change *c, size_t n)
{
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(&c->pub, name);
	(void)cseal_buf_printf(text, "%s#%s %s", n > 0 ? ", " : "", name,
	    cseal_change_status_name(c->pub.status));
}

static void
tell_lately(struct cseal_buf *out, const struct panel_change *p)
{
	struct cseal_buf list, text;
	size_t n = 0;

	cseal_buf_init(&list, 0);
	cseal_buf_init(&text, 0);
	for (size_t i = p->state->changes.n; i > 0; i--) {
		const struct state_change *c = p->state->changes.items[i - 1];

		if (is_lately(p, c) && n++ < CHANGES_TOLD)
			name_change(&list, c, n - 1);
	}
	(void)cseal_buf_printf(&text,
	    "In the last %d days %zu other change%s of this slot: %s%s.",
	    LATELY_DAYS, n, n == 1 ? "" : "s", cseal_buf_str(&list),
	    n > CHANGES_TOLD ? " ..." : "");
	if (n > 0)
		panel_say(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
	cseal_buf_free(&list);
}

void
panel_put_history(struct cseal_buf *out, const struct panel_change *p)
{
	if (p->kind->authority)
		return;
	if (is_first_of_store(p))
		(void)cseal_buf_printf(out,
		    "  The first change of store %s in this ledger.\n",
		    p->store);
	tell_firsts(out, p);
	tell_lately(out, p);
}
