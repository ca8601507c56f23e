/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of the policy language, written as their readers read them: one form
 * for one meaning.
 */

#include <string.h>

#include "counterseal/statement.h"

#include "policy_parts.h"

/* A space before every word but the first. */
static void
add_word(struct cseal_buf *out, bool *first, const char *word)
{
	(void)cseal_buf_printf(out, "%s%s", *first ? "" : " ", word);
	*first = false;
}

static uint64_t
number_at(const void *from)
{
	uint64_t v;

	memcpy(&v, from, sizeof(v));
	return v;
}

void
policy_write_choice(const void *from, const void *how, struct cseal_buf *out)
{
	const char *word = cseal_word_name(how, number_at(from));

	(void)cseal_buf_add_str(out, word != NULL ? word : "");
}

void
policy_write_bits(const void *from, const void *how, struct cseal_buf *out)
{
	const uint64_t bits = number_at(from);
	bool first = true;

	for (const struct cseal_word *w = how; w->name != NULL; w++) {
		if ((bits & w->value) != 0)
			add_word(out, &first, w->name);
	}
	if (first)
		(void)cseal_buf_add_str(out, "none");
}

void
policy_write_platform(const void *from, const void *how, struct cseal_buf *out)
{
	const char *platform;

	(void)how;
	memcpy(&platform, from, sizeof(platform));
	(void)cseal_buf_add_str(out, platform);
}

/* ---- times ---- */

/* Up to three days people count in hours. */
#define HOURS_MOST ((uint64_t)72 * 3600)

static void
write_seconds(uint64_t s, const char *zero, struct cseal_buf *out)
{
	static const struct {
		uint64_t seconds;
		const char *letter;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } };
	size_t i = s > HOURS_MOST ? 0 : 1;

	if (s == 0) {
		(void)cseal_buf_printf(out, "0%s", zero);
		return;
	}
	while (s % units[i].seconds != 0)
		i++;
	(void)cseal_buf_printf(out, "%llu%s",
	    (unsigned long long)(s / units[i].seconds), units[i].letter);
}

void
policy_write_duration(const void *from, const void *how, struct cseal_buf *out)
{
	write_seconds(number_at(from), how != NULL ? how : "h", out);
}

void
policy_write_span(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_span *span = from;

	(void)how;
	if (span->n == 0)
		(void)cseal_buf_add_str(out, "none");
	else if (!span->working_days)
		write_seconds(span->n, "h", out);
	else
		(void)cseal_buf_printf(out, "%llu working day%s",
		    (unsigned long long)span->n, span->n == 1 ? "" : "s");
}

/* ---- roles and places ---- */

void
policy_write_roles(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_roles *roles = from;
	bool first = true;

	(void)how;
	for (size_t i = 0; i < roles->n; i++)
		add_word(out, &first, roles->names[i]);
	if (first)
		(void)cseal_buf_add_str(out, "none");
}

void
policy_write_places(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_places *places = from;

	(void)how;
	for (size_t i = 0; i < places->n; i++)
		(void)cseal_buf_printf(out, "%s%u %s", i > 0 ? " and " : "",
		    places->place[i].count, places->place[i].role);
}

void
policy_write_extra(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_extra *extra = from;

	if (extra->count == 0) {
		(void)cseal_buf_add_str(out, "none");
		return;
	}
	(void)cseal_buf_printf(out, "%u more %s", extra->count, extra->role);
	if (how == NULL)
		return;
	(void)cseal_buf_add_str(out, " for ");
	write_seconds(extra->within, "h", out);
}

/* ---- kinds ---- */

static void
write_kinds(uint64_t bits, bool by_slot, struct cseal_buf *out)
{
	const struct cseal_kind *k;
	bool first = true;

	for (size_t i = 0;
	     i < POLICY_KINDS_MAX && (k = cseal_kind_at(i)) != NULL; i++) {
		if ((bits >> i & 1) != 0)
			add_word(out, &first, by_slot ? k->slot : k->name);
	}
}

void
policy_write_slots(const void *from, const void *how, struct cseal_buf *out)
{
	(void)how;
	write_kinds(number_at(from), true, out);
}

void
policy_write_schemes(const void *from, const void *how, struct cseal_buf *out)
{
	(void)how;
	write_kinds(number_at(from), false, out);
}

/* ---- lists ---- */

void
policy_write_names(const void *from, const void *how, struct cseal_buf *out)
{
	const struct policy_list *form = how;
	const struct cseal_names *names = from;

	for (size_t i = 0; i < names->n; i++)
		(void)cseal_buf_printf(
		    out, "%s%s", i > 0 ? form->between : "", names->items[i]);
	if (names->n == 0)
		(void)cseal_buf_add_str(out, form->none);
}

/* ---- the calendar ---- */

void
policy_write_zone(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_calendar *calendar = from;

	(void)how;
	(void)cseal_buf_add_str(out, calendar->zone);
}

void
policy_write_weekdays(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_calendar *calendar = from;
	bool first = true;

	(void)how;
	for (const struct cseal_word *d = policy_days; d->name != NULL; d++) {
		if ((calendar->weekdays & d->value) != 0)
			add_word(out, &first, d->name);
	}
}

void
policy_write_holidays(const void *from, const void *how, struct cseal_buf *out)
{
	const struct cseal_calendar *calendar = from;

	(void)how;
	for (size_t i = 0; i < calendar->n_holidays; i++) {
		const uint32_t date = calendar->holidays[i];

		(void)cseal_buf_printf(out, "%s%04u-%02u-%02u",
		    i > 0 ? " " : "", date / 10000, date / 100 % 100,
		    date % 100);
	}
	if (calendar->n_holidays == 0)
		(void)cseal_buf_add_str(out, "none");
}
