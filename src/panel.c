/* SPDX-License-Identifier: BSD-2-Clause */

#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "counterseal/offer.h"
#include "counterseal/text.h"

#define LABEL_COLUMNS 15
#define VALUE_COLUMNS 54

int
panel_time(struct cseal_buf *out, uint64_t t, int utc_offset)
{
	time_t local = (time_t)t + (time_t)utc_offset * 60;
	struct tm tm;
	char text[40];

	if (t > (uint64_t)INT32_MAX * 100 || gmtime_r(&local, &tm) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm) == 0)
		return cseal_buf_add_str(out, "at no time");
	(void)cseal_buf_add_str(out, text);
	if (utc_offset == 0)
		return cseal_buf_add_str(out, " UTC");
	return cseal_buf_printf(out, " (UTC%c%02d:%02d)",
	    utc_offset < 0 ? '-' : '+', abs(utc_offset) / 60,
	    abs(utc_offset) % 60);
}

static void
safe(struct cseal_buf *out, struct cseal_slice s, size_t columns)
{
	(void)cseal_text_safe(out, s.data, s.len, columns);
}

/* A canonical value as people compare it, filtered. */
static void
group(const struct cseal_kind *k, const struct panel_value *v,
    struct cseal_slice value, struct cseal_buf *out)
{
	const struct cseal_field *f =
	    cseal_kind_field(k, v->name, strlen(v->name));
	struct cseal_buf text, grouped;

	cseal_buf_init(&text, 0);
	cseal_buf_init(&grouped, 0);
	(void)cseal_buf_add(&text, value.data, value.len);
	if (f != NULL)
		(void)f->format->group(
		    f->format, cseal_buf_str(&text), &grouped);
	safe(out, cseal_buf_slice(f != NULL ? &grouped : &text),
	    (size_t)VALUE_COLUMNS * 2);
	cseal_buf_free(&text);
	cseal_buf_free(&grouped);
}

/* '^' under every place where the two lines differ. */
static void
mark(struct cseal_buf *out, struct cseal_buf *now, struct cseal_buf *next)
{
	const char *a = cseal_buf_str(now), *b = cseal_buf_str(next);
	size_t na = strlen(a), nb = strlen(b);
	size_t n = na > nb ? na : nb;

	(void)cseal_buf_printf(out, "    %-*s      ", LABEL_COLUMNS, "");
	for (size_t i = 0; i < n && i < VALUE_COLUMNS; i++) {
		bool differs = i >= na || i >= nb || a[i] != b[i];

		(void)cseal_buf_add_str(out, differs ? "^" : " ");
	}
	(void)cseal_buf_add_str(out, "\n");
}

/* One row; what is longer than a line goes on below. Values are ASCII. */
static void
row(struct cseal_buf *out, const char *label, const char *which,
    struct cseal_buf *value)
{
	const char *s = cseal_buf_str(value);
	size_t n = strlen(s);

	for (size_t at = 0; at == 0 || at < n; at += VALUE_COLUMNS) {
		(void)cseal_buf_printf(out, "    %-*s %-4s %.*s\n",
		    LABEL_COLUMNS, at == 0 ? label : "", at == 0 ? which : "",
		    VALUE_COLUMNS, s + at);
	}
}

static void
value_rows(struct cseal_buf *out, const struct panel_change *p,
    const struct panel_value *v)
{
	struct cseal_buf now, next;
	bool same;

	cseal_buf_init(&now, 0);
	cseal_buf_init(&next, 0);
	if (v->has_now)
		group(p->kind, v, v->now, &now);
	if (v->has_next)
		group(p->kind, v, v->next, &next);
	same = v->has_now && v->has_next &&
	       strcmp(cseal_buf_str(&now), cseal_buf_str(&next)) == 0;
	if (same) {
		row(out, v->label, "same", &now);
	} else if (v->has_now && v->has_next) {
		row(out, v->label, "old", &now);
		row(out, "", "new", &next);
		mark(out, &now, &next);
	} else if (v->has_next) {
		row(out, v->label, "new", &next);
	} else if (v->has_now) {
		row(out, v->label, "gone", &now);
	}
	cseal_buf_free(&now);
	cseal_buf_free(&next);
}

static void
title(struct cseal_buf *out, const struct panel_change *p)
{
	char name[CSEAL_CHANGE_NAME_BYTES] = "(new)";

	if (p->change != NULL)
		cseal_change_name(p->change, name);
	(void)cseal_buf_printf(out, "  Change %s   %s", name, p->kind->name);
	if (p->kind->authority)
		(void)cseal_buf_printf(out, "   person %s", p->slot);
	else
		(void)cseal_buf_printf(
		    out, "   store %s   %s", p->store, cseal_op_name(p->op));
	if (!p->kind->authority && strcmp(p->slot, p->kind->slot) != 0)
		(void)cseal_buf_printf(out, "   slot %s", p->slot);
	(void)cseal_buf_add_str(out, "\n");
}

static void
who_asked(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_state_person *who;

	if (p->change == NULL)
		return;
	who = cseal_state_person(p->state, p->change->requester);
	(void)cseal_buf_printf(out, "  asked for by %s on ", who->handle);
	(void)panel_time(out, p->change->clock, p->utc_offset);
	(void)cseal_buf_add_str(out, ", by that machine's clock\n");
}

static const char *
plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

/* What must still happen: the places of the policy. */
static void
needs(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(p->state), p->kind);

	if (rules == NULL)
		return;
	(void)cseal_buf_printf(out, "    %-*s      ", LABEL_COLUMNS, "needs");
	for (size_t i = 0; i < rules->places.n; i++) {
		const struct cseal_place *place = &rules->places.place[i];

		(void)cseal_buf_printf(out, "%s%u %s%s", i > 0 ? " and " : "",
		    place->count, place->role, plural(place->count));
	}
	if (rules->cooling_off > 0)
		(void)cseal_buf_printf(out, ", then %llu h of cooling-off",
		    (unsigned long long)(rules->cooling_off / 3600));
	(void)cseal_buf_printf(
	    out, "\n    %-*s      ", LABEL_COLUMNS, "expires");
	(void)panel_time(out, p->not_after, p->utc_offset);
	(void)cseal_buf_add_str(out, "\n");
}

/* A mistyped alias would be a new store: no change of it came before. */
static void
first_of_store(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_state_change *c;

	if (p->kind->authority)
		return;
	for (size_t i = 0; (c = cseal_state_change(p->state, i)) != NULL; i++) {
		if (c == p->change)
			break;
		if (strcmp(c->store, p->store) == 0)
			return;
	}
	(void)cseal_buf_printf(
	    out, "  The first change of store %s in this ledger.\n", p->store);
}

static void
why(struct cseal_buf *out, const struct panel_change *p)
{
	struct cseal_buf text;

	if (p->why.data == NULL)
		return;
	cseal_buf_init(&text, 0);
	safe(&text, p->why, (size_t)VALUE_COLUMNS * 4);
	row(out, "reason", "", &text);
	cseal_buf_free(&text);
}

/* The labels are the table's own. */
static void
typed_again(struct cseal_buf *out, const struct panel_change *p)
{
	struct cseal_buf text;

	if (p->reentered.len == 0)
		return;
	cseal_buf_init(&text, 0);
	(void)cseal_buf_add(&text, p->reentered.data, p->reentered.len);
	(void)cseal_buf_printf(
	    &text, ": by %s, from the source document", p->signer);
	row(out, "typed again", "", &text);
	cseal_buf_free(&text);
}

int
panel_change(struct cseal_buf *out, const struct panel_change *p)
{
	title(out, p);
	who_asked(out, p);
	first_of_store(out, p);
	for (size_t i = 0; i < p->n_values; i++)
		value_rows(out, p, &p->values[i]);
	if (p->about.len > 0)
		(void)cseal_buf_add(out, p->about.data, p->about.len);
	typed_again(out, p);
	why(out, p);
	if (p->reason != NULL)
		(void)cseal_buf_printf(out, "    %-*s      %s\n", LABEL_COLUMNS,
		    "rejected as", p->reason);
	needs(out, p);
	if (p->op == CSEAL_OP_BASELINE)
		(void)cseal_buf_add_str(out,
		    "  A baseline: what the console shows today. Approved, it "
		    "is in force at once.\n");
	if (cseal_state_demo(p->state))
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	(void)cseal_buf_printf(
	    out, "  With this touch %s will %s.\n", p->signer, p->act);
	return cseal_buf_error(out);
}

int
panel_key(struct cseal_buf *out, const struct cseal_key *k)
{
	const char *level = cseal_word_name(cseal_verdicts, k->verdict.level);
	struct cseal_credential c;
	char id[17], aaguid[33];

	if (cseal_credential_parse(&c, k->attestation) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	cseal_hex(c.id.data, c.id.len < 8 ? c.id.len : 8, id);
	cseal_hex(c.aaguid, sizeof(c.aaguid), aaguid);
	(void)cseal_buf_printf(
	    out, "    %-*s      %s...\n", LABEL_COLUMNS, "key", id);
	(void)cseal_buf_printf(
	    out, "    %-*s      %s\n", LABEL_COLUMNS, "model", aaguid);
	return cseal_buf_printf(out, "    %-*s      %s%s\n", LABEL_COLUMNS,
	    "hardware",
	    k->verdict.level == CSEAL_VERDICT_SOFTWARE
		? "SOFTWARE KEY: anybody may have a copy"
		: "attestation: ",
	    k->verdict.level == CSEAL_VERDICT_SOFTWARE ? "" : level);
}

int
panel_revocation(struct cseal_buf *out, const struct cseal_revocation *v)
{
	return cseal_buf_printf(out, "    %-*s      key number %llu (%s)\n",
	    LABEL_COLUMNS, "revoke", (unsigned long long)v->key,
	    cseal_word_name(cseal_reasons, v->reason));
}

#define PERSONS_SHOWN 8

static void
person_row(struct cseal_buf *out, const struct cseal_person *p)
{
	(void)cseal_buf_add_str(out, "    ");
	safe(out, p->handle, 32);
	(void)cseal_buf_add_str(out, ":");
	for (size_t i = 0; i < p->n_roles && i < 5; i++) {
		(void)cseal_buf_add_str(out, i > 0 ? ", " : " ");
		safe(out, p->roles[i], 12);
	}
	(void)cseal_buf_add_str(out, p->n_roles > 5 ? " ...\n" : "\n");
}

static size_t
count_software(const struct cseal_genesis *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_keys; i++)
		n += g->keys[i].verdict.level == CSEAL_VERDICT_SOFTWARE;
	return n;
}

int
panel_founding(
    struct cseal_buf *out, const struct cseal_genesis *g, const char *signer)
{
	size_t software = count_software(g);

	(void)cseal_buf_add_str(out, "  New ledger of ");
	safe(out, g->org, 60);
	(void)cseal_buf_printf(out, "\n  persons and roles (%zu keys%s)\n",
	    g->n_keys, software > 0 ? ", SOFTWARE KEYS among them" : "");
	for (size_t i = 0; i < g->n_persons && i < PERSONS_SHOWN; i++)
		person_row(out, &g->persons[i]);
	if (g->n_persons > PERSONS_SHOWN)
		(void)cseal_buf_printf(
		    out, "    and %zu more\n", g->n_persons - PERSONS_SHOWN);
	if (g->demo)
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	(void)cseal_buf_printf(
	    out, "  With this touch %s will found this ledger.\n", signer);
	return cseal_buf_error(out);
}

int
panel_join(
    struct cseal_buf *out, const struct cseal_state *s, const char *signer)
{
	const struct cseal_state_person *p;
	char id[2 * CSEAL_HASH_BYTES + 1], aloud[CSEAL_FINGERPRINT_BYTES];

	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, id);
	cseal_fingerprint(cseal_state_ledger_id(s), aloud);
	(void)cseal_buf_add_str(out, "  Ledger of ");
	safe(out, cseal_state_org(s), 60);
	(void)cseal_buf_printf(out,
	    "\n  id %s\n  fingerprint %s   (compare it by voice)\n  persons:",
	    id, aloud);
	for (size_t i = 0;
	     i < PERSONS_SHOWN && (p = cseal_state_person(s, i)) != NULL; i++)
		(void)cseal_buf_printf(out, "%s %.30s",
		    i > 0 && i % 2 == 0 ? "\n          " : "", p->handle);
	(void)cseal_buf_add_str(out, "\n");
	if (cseal_state_demo(s))
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	(void)cseal_buf_printf(out,
	    "  With this touch %s will join this ledger as founded.\n", signer);
	return cseal_buf_error(out);
}
