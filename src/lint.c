/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of findings, and what all looks at a policy share. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/policy_source.h"

#include "lint.h"

#define NAMES_SHOWN 3

/* ---- kinds and sections ---- */

uint64_t
lint_kind(const char *kind)
{
	const struct cseal_kind *k;

	for (size_t i = 0; i < 64 && (k = cseal_kind_at(i)) != NULL; i++) {
		if (strcmp(k->name, kind) == 0)
			return (uint64_t)1 << i;
	}
	return 0;
}

const struct cseal_policy_change *
lint_rules_of(const struct cseal_lint *l, const char *kind)
{
	return cseal_policy_change(l->p, cseal_kind_find(kind, strlen(kind)));
}

/* Sections in the order of their first kinds. */
const struct cseal_policy_change *
lint_change(const struct cseal_lint *l, size_t i)
{
	const struct cseal_policy_change *c;
	const struct cseal_kind *k;

	for (size_t at = 0; at < 64 && (k = cseal_kind_at(at)) != NULL; at++) {
		c = cseal_policy_change(l->p, k);
		/* Those of an earlier kind were counted there. */
		if (c == NULL || (c->kinds & (((uint64_t)1 << at) - 1)) != 0)
			continue;
		if (i-- == 0)
			return c;
	}
	return NULL;
}

bool
lint_has_values(const struct cseal_policy_change *c)
{
	const struct cseal_kind *k;

	for (size_t i = 0; i < 64 && (k = cseal_kind_at(i)) != NULL; i++) {
		if ((c->kinds >> i & 1) != 0)
			return !k->authority;
	}
	return false;
}

bool
lint_pays(const struct cseal_policy_change *c)
{
	const struct cseal_kind *k;

	for (size_t i = 0; i < 64 && (k = cseal_kind_at(i)) != NULL; i++) {
		if ((c->kinds >> i & 1) != 0 && strcmp(k->slot, "payout") == 0)
			return true;
	}
	return false;
}

/* ---- how a section is called ---- */

/* "change payout.* access.app and 3 more". */
static void
name_kinds(uint64_t kinds, char *out, size_t size)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	(void)cseal_policy_heads(kinds, NAMES_SHOWN, &b);
	(void)snprintf(out, size, "change %s", cseal_buf_str(&b));
	cseal_buf_free(&b);
}

static void
name_first(uint64_t kinds, char *out, size_t size)
{
	const struct cseal_kind *k;

	for (size_t i = 0; i < 64 && (k = cseal_kind_at(i)) != NULL; i++) {
		if ((kinds >> i & 1) == 0)
			continue;
		(void)snprintf(out, size, "%s", k->name);
		return;
	}
}

static void
set_place(struct lint_row *row)
{
	struct cseal_lint_finding *f = &row->pub;

	if (strcmp(f->section, "change") == 0) {
		name_first(row->kinds, f->name, sizeof(f->name));
		name_kinds(row->kinds, f->head, sizeof(f->head));
	} else {
		(void)snprintf(f->head, sizeof(f->head), "%s%s%s", f->section,
		    f->name[0] != '\0' ? " " : "", f->name);
	}
}

/* ---- the list ---- */

static bool
same_key(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The same was found of other kinds. */
static struct lint_row *
find_same(struct cseal_lint *l, const struct lint_row *row)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct cseal_lint_finding *f = &l->rows[i].pub;

		if (f->rule == row->pub.rule &&
		    strcmp(f->section, row->pub.section) == 0 &&
		    same_key(f->key, row->pub.key) &&
		    strcmp(f->sentence, row->pub.sentence) == 0 &&
		    row->kinds != 0)
			return &l->rows[i];
	}
	return NULL;
}

static void
add_row(struct cseal_lint *l, const struct lint_row *row)
{
	struct lint_row *same = find_same(l, row), *grown;
	size_t cap = l->cap == 0 ? 16 : 2 * l->cap;

	if (same != NULL) {
		same->kinds |= row->kinds;
		return;
	}
	if (l->n == l->cap) {
		grown = reallocarray(l->rows, cap, sizeof(*grown));
		if (grown == NULL) {
			l->r = CSEAL_ERR_NOMEM;
			return;
		}
		l->rows = grown;
		l->cap = cap;
	}
	l->rows[l->n++] = *row;
}

static void __attribute__((format(printf, 5, 0)))
say(struct cseal_lint *l, bool accepted, enum lint_id id,
    const struct lint_place *where, const char *fmt, va_list ap)
{
	struct lint_row row = { .kinds = where->kinds };
	struct cseal_lint_finding *f = &row.pub;

	f->rule = &lint_rules[id];
	f->error = f->rule->error && !accepted;
	f->section = where->section;
	f->key = where->key;
	(void)snprintf(f->name, sizeof(f->name), "%s",
	    where->name != NULL ? where->name : "");
	(void)vsnprintf(f->sentence, sizeof(f->sentence), fmt, ap);
	add_row(l, &row);
}

void
lint_say(struct cseal_lint *l, enum lint_id id, const struct lint_place *where,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(l, false, id, where, fmt, ap);
	va_end(ap);
}

void
lint_say_unless(struct cseal_lint *l, bool accepted, enum lint_id id,
    const struct lint_place *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(l, accepted, id, where, fmt, ap);
	va_end(ap);
}

/* Errors first, then in the order of the table; else as they were found. */
static int
by_weight(const void *a, const void *b)
{
	const struct lint_row *x = a, *y = b;

	if (x->pub.error != y->pub.error)
		return x->pub.error ? -1 : 1;
	if (x->pub.rule != y->pub.rule)
		return x->pub.rule < y->pub.rule ? -1 : 1;
	return strcmp(x->pub.head, y->pub.head);
}

int
cseal_lint_new(struct cseal_lint **out, const struct cseal_policy *p,
    const struct cseal_lint_options *o)
{
	struct cseal_lint *l = calloc(1, sizeof(*l));
	int r;

	*out = NULL;
	if (l == NULL)
		return CSEAL_ERR_NOMEM;
	l->p = p;
	l->o = o;
	if (o->n_persons > LINT_PERSONS_MAX) {
		free(l);
		return CSEAL_ERR_USAGE;
	}
	lint_words(l);
	lint_stores(l);
	lint_team(l);
	lint_losses(l);
	for (size_t i = 0; i < l->n; i++)
		set_place(&l->rows[i]);
	if (l->n > 0)
		qsort(l->rows, l->n, sizeof(*l->rows), by_weight);
	l->p = NULL;
	l->o = NULL;
	if ((r = l->r) == CSEAL_OK)
		*out = l; /* transferred */
	else
		cseal_lint_free(l);
	return r;
}

void
cseal_lint_free(struct cseal_lint *l)
{
	if (l == NULL)
		return;
	free(l->rows);
	free(l);
}

const struct cseal_lint_finding *
cseal_lint_finding(const struct cseal_lint *l, size_t i)
{
	return i < l->n ? &l->rows[i].pub : NULL;
}

size_t
cseal_lint_errors(const struct cseal_lint *l)
{
	size_t n = 0;

	while (n < l->n && l->rows[n].pub.error)
		n++;
	return n;
}
