/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole ledgers: those that go on, and every rule broken alone. */

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ledgers.h"
#include "mkvectors.h"

static void
add_entries(struct vector *v, const struct maker *m)
{
	for (size_t i = 0; i < m->entries.n; i++)
		vector_add_bytes(v, "entry", maker_bytes(m, i));
}

static void
add_claims(struct vector *v, const char *claims)
{
	char one[80];

	while (*claims != '\0') {
		size_t n = strcspn(claims, ";");

		(void)snprintf(one, sizeof(one), "%.*s", (int)n, claims);
		vector_add(v, "finding", one);
		claims += n + strspn(claims + n, "; ");
	}
}

static void
write_ledger(struct out *o, const struct ledger_row *row)
{
	struct vector v = { .lines = { .items = NULL } };
	struct maker *m = row->make();
	char name[128];

	vector_add(&v, "kind", "ledger");
	add_claims(&v, row->claims);
	add_entries(&v, m);
	(void)snprintf(name, sizeof(name), "ledger/%s", row->name);
	out_write(o, &v, name, row->about);
	vector_free(&v);
	maker_free(m);
}

void
write_ledgers(struct out *o)
{
	static const struct ledger_row *const tables[] = { ledgers_life,
		ledgers_authority, ledgers_watch };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (const struct ledger_row *r = tables[t]; r->name != NULL;
		     r++)
			write_ledger(o, r);
	}
}

/* ---- every rule, broken alone ---- */

/* "approve: rejected" becomes "approve-rejected". */
static void
name_break(const struct maker_break *row, char *out, size_t size)
{
	size_t n;

	(void)snprintf(out, size, "break/%s-", rule_row(row->rule)->code);
	n = strlen(out);
	for (const char *p = row->what; *p != '\0' && n + 1 < size; p++) {
		if (isalnum((unsigned char)*p))
			out[n++] = (char)tolower((unsigned char)*p);
		else if (out[n - 1] != '-')
			out[n++] = '-';
	}
	out[n] = '\0';
}

/* What is told of entries before the last one. */
static void
add_earlier(struct vector *v, const struct maker_break *row)
{
	static const char *const fell_before[] = {
		"below one before the last",
		"the same as one before the last",
	};

	for (size_t i = 0; i < 2; i++) {
		if (strcmp(row->what, fell_before[i]) == 0)
			vector_add(v, "finding", "counter-disorder notice 5");
	}
}

static void
write_break(struct out *o, const struct maker_break *row)
{
	static const char *const grades[] = {
		[CSEAL_FINDING_ERROR] = "error",
		[CSEAL_FINDING_WARNING] = "warning",
		[CSEAL_FINDING_NOTICE] = "notice",
	};
	const struct cseal_rule *rule = rule_row(row->rule);
	struct vector v = { .lines = { .items = NULL } };
	struct maker_broken b;
	char name[160], text[200];

	maker_broken_init(&b, row);
	vector_add(&v, "kind", "ledger");
	add_earlier(&v, row);
	(void)snprintf(text, sizeof(text), "%s %s %zu", rule->code,
	    grades[rule->grade], b.m->entries.n);
	vector_add(&v, "finding", text);
	add_entries(&v, b.m);
	vector_add_bytes(&v, "entry", cseal_buf_slice(&b.entry));
	name_break(row, name, sizeof(name));
	(void)snprintf(text, sizeof(text), "%s: %s", rule->sentence, row->what);
	/* The state of an artificial one has entries that nobody has. */
	if (!b.artificial)
		out_write(o, &v, name, text);
	vector_free(&v);
	maker_broken_free(&b);
}

void
write_breaks(struct out *o)
{
	for (size_t t = 0; maker_breaks[t] != NULL; t++) {
		for (const struct maker_break *r = maker_breaks[t];
		     r->what != NULL; r++)
			write_break(o, r);
	}
}
