/* SPDX-License-Identifier: BSD-2-Clause */
/* The panel of a change: what it is, what it alters, what is still needed. */

#include <string.h>

#include "panel.h"

/* "main-de (amazon)": of which marketplace it is, if the policy says so. */
static void
put_store(struct cseal_buf *text, const struct panel_change *p)
{
	const struct cseal_policy_store *store =
	    cseal_policy_store(cseal_state_policy(p->state), p->store);

	(void)cseal_buf_printf(text, "   store %s", p->store);
	if (store != NULL && strcmp(store->platform, "other") != 0)
		(void)cseal_buf_printf(text, " (%s)", store->platform);
	(void)cseal_buf_printf(text, "   %s", cseal_op_name(p->op));
}

static void
put_title(struct cseal_buf *out, const struct panel_change *p)
{
	char name[CSEAL_CHANGE_NAME_BYTES] = "(new)";
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	if (p->change != NULL)
		cseal_change_name(&p->change->pub, name);
	(void)cseal_buf_printf(&text, "Change %s   %s", name, p->kind->name);
	if (p->kind->authority && p->kind->slot[0] == '\0')
		(void)cseal_buf_printf(&text, "   person %s", p->slot);
	else if (p->kind->authority)
		(void)cseal_buf_printf(&text, "   %s", p->slot);
	else
		put_store(&text, p);
	if (!p->kind->authority && strcmp(p->slot, p->kind->slot) != 0)
		(void)cseal_buf_printf(&text, "   slot %s", p->slot);
	panel_say(out, cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
put_asked(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_state_person *who;

	if (p->change == NULL)
		return;
	who = state_person(p->state, p->change->pub.requester);
	(void)cseal_buf_printf(out, "  asked for by %s on ", who->handle);
	(void)panel_time(out, p->change->pub.clock, p->utc_offset);
	(void)cseal_buf_add_str(out, ", by that machine's clock\n");
}

/* Of the fields that stay, the labels. */
static void
put_sames(
    struct cseal_buf *out, const struct panel_change *p, enum panel_terse terse)
{
	struct cseal_buf list;

	cseal_buf_init(&list, 0);
	for (size_t i = 0; i < p->n_values; i++) {
		if (panel_is_same(&p->values[i]))
			(void)cseal_buf_printf(&list, "%s%s",
			    list.len > 0 ? ", " : "The same as now: ",
			    p->values[i].field->label);
	}
	if (terse >= PANEL_NO_OLD)
		(void)cseal_buf_printf(&list,
		    "%sFor the others see: "
		    "counterseal state",
		    list.len > 0 ? ". " : "");
	panel_say(out, cseal_buf_str(&list));
	cseal_buf_free(&list);
}

static void
put_values(
    struct cseal_buf *out, const struct panel_change *p, enum panel_terse terse)
{
	for (size_t i = 0; i < p->n_values; i++) {
		if (terse < PANEL_SAMES_TOGETHER ||
		    !panel_is_same(&p->values[i]))
			panel_put_value(out, &p->values[i], terse);
	}
	if (terse >= PANEL_SAMES_TOGETHER)
		put_sames(out, p, terse);
}

/* The labels are the table's own. */
static void
put_typed(struct cseal_buf *out, const struct panel_change *p)
{
	struct cseal_buf text;

	if (p->reentered.len == 0)
		return;
	cseal_buf_init(&text, 0);
	(void)cseal_buf_add(&text, p->reentered.data, p->reentered.len);
	(void)cseal_buf_printf(
	    &text, ": by %s, from the source document", p->signer);
	panel_row(out, "typed again", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
put_why(
    struct cseal_buf *out, const struct panel_change *p, enum panel_terse terse)
{
	size_t most = terse >= PANEL_REASON_CUT ? PANEL_VALUE_COLUMNS - 3
						: PANEL_VALUE_COLUMNS * 4;
	struct cseal_buf text;

	if (p->why.data == NULL)
		return;
	cseal_buf_init(&text, 0);
	panel_safe(&text, p->why, most);
	panel_row(out, "reason", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
put_evidence(
    struct cseal_buf *out, const struct panel_change *p, enum panel_terse terse)
{
	const struct cseal_buf *b =
	    terse >= PANEL_REASON_CUT ? &p->evidence_short : &p->evidence;

	(void)cseal_buf_add(out, b->data, b->len);
}

/* Of a change that is being asked for, the clock is what it lives from. */
static int
all_places(const struct panel_change *p,
    const struct cseal_policy_change *rules, struct cseal_places *out)
{
	if (p->change != NULL)
		return cseal_change_places(p->state, &p->change->pub, out);
	return cseal_places_for(p->state, p->kind, p->op, p->store, &p->facts,
	    p->not_after - rules->request_lives, out);
}

/* "24 h", "90 min" */
static void
put_length(struct cseal_buf *out, uint64_t seconds)
{
	const bool hours = seconds % 3600 == 0;

	(void)cseal_buf_printf(out, "%llu %s",
	    (unsigned long long)(seconds / (hours ? 3600 : 60)),
	    hours ? "h" : "min");
}

/* What must still happen: the places of the policy, and those on top. */
static void
put_needs(struct cseal_buf *out, const struct panel_change *p)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(p->state), p->kind);
	struct cseal_places places;
	struct cseal_buf text;

	if (rules == NULL || all_places(p, rules, &places) != CSEAL_OK)
		return;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < places.n; i++) {
		const struct cseal_place *place = &places.place[i];

		(void)cseal_buf_printf(&text, "%s%u %s%s", i > 0 ? " and " : "",
		    place->count, place->role, place->count == 1 ? "" : "s");
	}
	if (rules->cooling_off > 0) {
		(void)cseal_buf_add_str(&text, ", then ");
		put_length(&text, rules->cooling_off);
		(void)cseal_buf_add_str(&text, " of cooling-off");
	}
	panel_row(out, "needs", "", cseal_buf_str(&text));
	cseal_buf_reset(&text);
	(void)panel_time(&text, p->not_after, p->utc_offset);
	panel_row(out, "expires", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static void
put_end(struct cseal_buf *out, const struct panel_change *p)
{
	if (p->op == CSEAL_OP_BASELINE)
		panel_say(out,
		    "A baseline: what the console shows today. Approved, it is "
		    "in force at once.");
	if (cseal_state_demo(p->state))
		panel_say(out, "DEMONSTRATION: software keys prove nothing.");
	(void)cseal_buf_printf(
	    out, "  With this touch %s will %s.\n", p->signer, p->act);
}

static void
put_all(
    struct cseal_buf *out, const struct panel_change *p, enum panel_terse terse)
{
	put_title(out, p);
	put_asked(out, p);
	panel_put_history(out, p);
	panel_put_warnings(out, p);
	put_values(out, p, terse);
	(void)cseal_buf_add(out, p->about.data, p->about.len);
	put_typed(out, p);
	put_evidence(out, p, terse);
	put_why(out, p, terse);
	if (p->reason != NULL)
		panel_row(out, "rejected as", "", p->reason);
	put_needs(out, p);
	put_end(out, p);
}

static size_t
count_lines(const struct cseal_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == '\n';
	return n;
}

int
panel_change(struct cseal_buf *out, const struct panel_change *p)
{
	for (int terse = PANEL_WHOLE; terse < PANEL_TERSE; terse++) {
		cseal_buf_reset(out);
		put_all(out, p, (enum panel_terse)terse);
		if (count_lines(out) <= PANEL_LINES)
			break;
	}
	return cseal_buf_error(out);
}
