/* SPDX-License-Identifier: BSD-2-Clause */

#include "differ.h"

#include <string.h>

#include "utf8.h"

#define RANGES_SAID 4 /* more of them nobody follows when it is read aloud */

struct chars {
	size_t n;
	size_t at[CSEAL_VALUE_MAX + 1]; /* where each begins; the end */
	const uint8_t *p;
};

static void
split(struct chars *c, struct cseal_slice s)
{
	size_t n = s.len < CSEAL_VALUE_MAX ? s.len : CSEAL_VALUE_MAX;
	size_t len, at = 0;

	c->p = s.data;
	c->n = 0;
	c->at[0] = 0;
	while (at < n) {
		(void)utf8_next(s.data + at, n - at, &len);
		at += len;
		c->at[++c->n] = at;
	}
}

static bool
is_same(const struct chars *a, size_t i, const struct chars *b, size_t k)
{
	size_t n = a->at[i + 1] - a->at[i];

	return n == b->at[k + 1] - b->at[k] &&
	       memcmp(a->p + a->at[i], b->p + b->at[k], n) == 0;
}

static void
note(struct differ *d, size_t i)
{
	d->at[i] = true;
	d->n++;
}

/* What is left between the same beginning and the same end. */
static void
find_between(struct differ *d, const struct chars *a, const struct chars *b)
{
	size_t least = a->n < b->n ? a->n : b->n, begin = 0, end = 0;

	while (begin < least && is_same(a, begin, b, begin))
		begin++;
	while (end < least - begin &&
	       is_same(a, a->n - 1 - end, b, b->n - 1 - end))
		end++;
	for (size_t i = begin; i < b->n - end; i++)
		note(d, i);
	d->gone_from = begin;
	d->gone_to = a->n - end;
}

void
differ_find(
    struct differ *d, struct cseal_slice before, struct cseal_slice after)
{
	struct chars a, b;

	memset(d, 0, sizeof(*d));
	split(&a, before);
	split(&b, after);
	d->n_old = a.n;
	d->n_new = b.n;
	if (a.n != b.n) {
		find_between(d, &a, &b);
		return;
	}
	for (size_t i = 0; i < b.n; i++) {
		if (!is_same(&a, i, &b, i))
			note(d, i);
	}
}

/* ---- in words ---- */

/* "5 to 8", "5 and 6", "5": counted from 1, `to` is the first behind it. */
static void
say_range(struct cseal_buf *out, size_t from, size_t to)
{
	(void)cseal_buf_printf(out, "%zu", from + 1);
	if (to - from > 1)
		(void)cseal_buf_printf(
		    out, to - from == 2 ? " and %zu" : " to %zu", to);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* The first run of differing characters from `i` on; false: there is none. */
static bool
next_range(const struct differ *d, size_t i, size_t *from, size_t *to)
{
	while (i < d->n_new && !d->at[i])
		i++;
	*from = i;
	while (i < d->n_new && d->at[i])
		i++;
	*to = i;
	return *to > *from;
}

static size_t
count_ranges(const struct differ *d)
{
	size_t from, to = 0, n = 0;

	while (next_range(d, to, &from, &to))
		n++;
	return n;
}

static int
say_places(const struct differ *d, struct cseal_buf *out)
{
	size_t from, to = 0, ranges = count_ranges(d);

	if (ranges > RANGES_SAID) {
		(void)next_range(d, 0, &from, &to);
		return cseal_buf_printf(out,
		    "differs in %zu of %zu characters, from character %zu on",
		    d->n, d->n_new, from + 1);
	}
	(void)cseal_buf_printf(out, "differs in character%s ", plural(d->n));
	for (size_t i = 0; next_range(d, to, &from, &to); i++) {
		if (i > 0)
			(void)cseal_buf_add_str(
			    out, i + 1 < ranges ? ", " : " and ");
		say_range(out, from, to);
	}
	return cseal_buf_error(out);
}

int
differ_words(const struct differ *d, struct cseal_buf *out)
{
	size_t gone = d->gone_to - d->gone_from;

	if (d->n == d->n_new && (gone == d->n_old || d->n_old == d->n_new))
		return cseal_buf_add_str(out, "differs as a whole");
	if (d->n_old == d->n_new)
		return say_places(d, out);
	(void)cseal_buf_printf(
	    out, "character%s ", plural(d->n > 0 ? d->n : gone));
	if (d->n == 0) {
		say_range(out, d->gone_from, d->gone_to);
		return cseal_buf_printf(
		    out, " of the old one %s gone", gone == 1 ? "is" : "are");
	}
	say_range(out, d->gone_from, d->gone_from + d->n);
	if (gone == 0)
		return cseal_buf_printf(
		    out, " %s new", d->n == 1 ? "is" : "are");
	(void)cseal_buf_printf(
	    out, " took the place of %zu of the old one", gone);
	return cseal_buf_error(out);
}
