/* SPDX-License-Identifier: BSD-2-Clause */
#include "notice.h"

/* Places, words and times that an act has or has not. */
static void
put_text(json_t *o, const char *key, const char *text)
{
	json_object_set_new(
	    o, key, text != NULL ? json_string(text) : json_null());
}

static void
put_slice(json_t *o, const char *key, struct cseal_slice s)
{
	json_object_set_new(o, key, cli_json_text(s));
}

static void
put_time(json_t *o, const char *key, uint64_t t)
{
	json_object_set_new(
	    o, key, t != CSEAL_TIME_NEVER ? cli_json_time(t) : json_null());
}

/* ---- what the statement itself says ---- */

static void
put_act(json_t *o, const struct cseal_statement *s)
{
	if (s->kind == CSEAL_REJECT)
		put_text(o, "reason",
		    cseal_word_name(cseal_reject_reasons, s->u.act.reason));
	if (s->kind != CSEAL_APPLY)
		return;
	put_text(o, "outcome",
	    cseal_word_name(cseal_apply_outcomes, s->u.act.outcome));
	put_text(o, "level", cseal_word_name(cseal_levels, s->u.act.level));
}

static void
put_observe(json_t *o, const struct cseal_observe *v)
{
	put_slice(o, "store", v->store);
	put_slice(o, "slot", v->slot);
	put_text(
	    o, "outcome", cseal_word_name(cseal_observe_outcomes, v->outcome));
	put_text(o, "level", cseal_word_name(cseal_levels, v->level));
}

static void
put_freeze(json_t *o, const struct cseal_freeze *z)
{
	if (z->has_store)
		put_slice(o, "store", z->store);
	if (z->has_key)
		json_object_set_new(
		    o, "frozen_key", json_integer((json_int_t)z->key));
	put_text(o, "reason", cseal_word_name(cseal_reasons, z->reason));
}

static void
put_statement(json_t *o, const struct cseal_statement *s)
{
	switch (s->kind) {
	case CSEAL_REJECT:
	case CSEAL_APPLY: put_act(o, s); break;
	case CSEAL_OBSERVE: put_observe(o, &s->u.observe); break;
	case CSEAL_FREEZE: put_freeze(o, &s->u.freeze); break;
	default: break;
	}
}

/* ---- how its change stands ---- */

static void
put_missing(
    json_t *o, const struct cseal_state *s, const struct cseal_state_change *h)
{
	struct cseal_buf missing;

	cseal_buf_init(&missing, 0);
	(void)cseal_change_missing(s, h, &missing);
	put_text(o, "missing", cseal_buf_str(&missing));
	cseal_buf_free(&missing);
	json_object_set_new(o, "may_approve", reading_who_json(s, h));
	put_time(o, "expires", h->not_after);
}

/* What cannot be reckoned, in a zone unknown here, is null. */
static void
put_window(
    json_t *o, const struct cseal_state *s, const struct cseal_state_change *h)
{
	uint64_t opens, closes;
	struct cseal_error err;

	if (cseal_change_window(
		cseal_state_policy(s), h, &opens, &closes, &err) != CSEAL_OK)
		closes = CSEAL_TIME_NEVER;
	put_time(o, "opens", opens);
	put_time(o, "closes", closes);
}

static void
put_read_back(json_t *o, const struct cseal_state *s,
    const struct cseal_state_change *h, const struct cseal_statement *st)
{
	uint64_t within, again;
	struct cseal_error err;

	if (st->kind != CSEAL_APPLY || h->status != CSEAL_CHANGE_IN_FORCE)
		return;
	(void)cseal_read_back_due(
	    cseal_state_policy(s), h->kind, st->clock, &within, &again, &err);
	put_time(o, "read_back_by", within);
	put_time(o, "read_back_again", again);
}

static void
put_change(json_t *o, const struct cseal_desk *d,
    const struct cseal_state_change *h, const char *name)
{
	const enum cseal_change_status status = reading_status(d, h);

	json_object_set_new(o, "change", json_integer((json_int_t)h->index));
	put_text(o, "name", name);
	put_text(o, "kind", h->kind->name);
	put_text(o, "op", cseal_op_name(h->op));
	put_text(o, "store", h->store);
	put_text(o, "slot", h->slot);
	put_text(o, "status", cseal_change_status_name(status));
	if (status == CSEAL_CHANGE_ASKED)
		put_missing(o, cseal_desk_state(d), h);
	if (status == CSEAL_CHANGE_APPROVED)
		put_window(o, cseal_desk_state(d), h);
}

/* Every key is there, so that a reader need not ask. */
static void
put_nothing(json_t *o)
{
	static const char *const keys[] = { "change", "name", "kind", "op",
		"store", "slot", "status", "missing", "may_approve", "expires",
		"opens", "closes", "read_back_by", "read_back_again", "reason",
		"outcome", "level", "frozen_key" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_object_set_new(o, keys[i], json_null());
}

json_t *
notice_json(const struct cseal_desk *d, const struct reading_entry *e)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_change *h = NULL;
	json_t *o = json_object();

	json_object_set_new(o, "ledger",
	    cli_json_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES));
	json_object_set_new(o, "org", cli_json_text(cseal_state_org(s)));
	json_object_set_new(o, "demo", json_boolean(cseal_state_demo(s)));
	json_object_set_new(o, "index", json_integer((json_int_t)e->index));
	put_text(o, "act", e->kind);
	put_text(o, "person", e->person);
	json_object_set_new(
	    o, "key", json_integer((json_int_t)e->statement->key));
	json_object_set_new(o, "clock", cli_json_time(e->statement->clock));
	json_object_set_new(o, "counter",
	    json_integer((json_int_t)cseal_seal_counter(e->seal)));
	json_object_set_new(o, "leaf", cli_json_hex(e->leaf, sizeof(e->leaf)));
	json_object_set_new(
	    o, "evidence", reading_evidence_names(e->statement));
	json_object_set_new(o, "checks", reading_checks_json(e->statement));
	put_nothing(o);
	if (e->has_change)
		h = cseal_state_change_find(s, e->change);
	if (h != NULL) {
		put_change(o, d, h, e->subject);
		put_read_back(o, s, h, e->statement);
	}
	put_statement(o, e->statement);
	return o;
}
