/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values against what the ledger says of them, as far as their openings are
 * here: a commitment that another value was put beside, facts that the
 * requester's machine made up. Nothing of it alters the state.
 */

#include <stdio.h>
#include <string.h>

#include "claims.h"
#include "commitment.h"
#include "replay.h"

struct recheck {
	struct cseal_replay *r;
	struct cseal_ledger *l;
	struct values *openings;
	const struct state_change *c;
	struct cseal_change change; /* as far as its values are here */
	bool missing;
	uint64_t unchecked; /* changes with values that are not here */
};

static int
add_finding(struct recheck *k, enum rule_id rule, const char *detail)
{
	struct fold_entry e = { .index = k->c->pub.index };

	return replay_add_finding(k->r, rule, &e, detail);
}

/* One field; its value is kept for the facts. */
static int
check_field(struct recheck *k, const struct cseal_commitment *f,
    struct cseal_error *err)
{
	char name[CSEAL_HANDLE_BYTES];
	struct cseal_opening o = { .name = "" };
	struct cseal_value *v;
	int r;

	if (!state_copy(name, sizeof(name), f->name))
		return CSEAL_ERR_FORMAT;
	r = cseal_ledger_opening(k->l, k->c->pub.index, name, &o, err);
	if (r == CSEAL_ERR_NOT_FOUND) {
		k->missing = true;
		return CSEAL_OK;
	}
	if (r != CSEAL_OK && r != CSEAL_ERR_FORMAT)
		return r;
	if (r == CSEAL_ERR_FORMAT ||
	    commitment_check(&k->c->statement, &o) != CSEAL_OK) {
		k->missing = true;
		cseal_opening_free(&o);
		return add_finding(k, RULE_OPENING_FALSE, name);
	}
	v = &k->change.values[k->change.n_values++];
	v->field = cseal_kind_field(k->c->pub.kind, name, strlen(name));
	v->text = o.value; /* transferred */
	return CSEAL_OK;
}

static int
check_facts(struct recheck *k, struct cseal_error *err)
{
	const struct cseal_statement *q = &k->c->statement;
	const struct claims claims = { .state = k->r->state,
		.openings = k->openings,
		.change = &k->change,
		.seen = q->seen.size };
	bool hold;
	int r;

	k->change.closed = true;
	r = claims_hold(&claims, q->u.request.facts, &hold, err);
	/* Values that make no fact can have been put beside any entry. */
	if (r == CSEAL_ERR_FORMAT)
		hold = false;
	else if (r != CSEAL_OK)
		return r;
	return hold ? CSEAL_OK : add_finding(k, RULE_FACT_FALSE, "");
}

static int
check_change(struct recheck *k, struct cseal_error *err)
{
	const struct cseal_request *q = &k->c->statement.u.request;
	int r = CSEAL_OK;

	memset(&k->change, 0, sizeof(k->change));
	k->change.kind = k->c->pub.kind;
	k->change.op = k->c->pub.op;
	memcpy(k->change.store, k->c->pub.store, sizeof(k->change.store));
	k->missing = false;
	for (size_t i = 0; i < q->n_fields && r == CSEAL_OK; i++)
		r = check_field(k, &q->fields[i], err);
	if (r == CSEAL_OK && k->missing)
		k->unchecked++;
	else if (r == CSEAL_OK)
		r = check_facts(k, err);
	cseal_change_free(&k->change);
	return r;
}

int
cseal_replay_recheck(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err)
{
	struct recheck k = { .r = r, .l = l, .openings = values_new(l) };
	char detail[64];
	int e = k.openings != NULL ? CSEAL_OK : CSEAL_ERR_NOMEM;

	for (size_t i = 0; i < r->state->changes.n && e == CSEAL_OK; i++) {
		k.c = r->state->changes.items[i];
		if (!k.c->pub.kind->authority)
			e = check_change(&k, err);
	}
	values_free(k.openings);
	if (e != CSEAL_OK || k.unchecked == 0)
		return e;
	(void)snprintf(detail, sizeof(detail), "%llu change%s",
	    (unsigned long long)k.unchecked, k.unchecked == 1 ? "" : "s");
	return replay_add_finding(r, RULE_FACTS_UNCHECKED, NULL, detail);
}
