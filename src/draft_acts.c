/* SPDX-License-Identifier: BSD-2-Clause */
/* One draft an act: join, request, key.add, key.revoke, and the decisions. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "digest.h"
#include "outbox.h"
#include "panel.h"
#include "slice.h"

/* What is in force, then what is asked for: a value of each a field. */
#define VALUES_MAX ((size_t)2 * CSEAL_KIND_FIELDS_MAX)

/* A draft in the making: the statement, and memory that it borrows. */
struct making {
	struct cseal_desk *desk;
	const struct cseal_state *s;
	const struct cseal_state_key *key;
	const struct state_change *change; /* for acts about one */
	struct cseal_draft *p;
	struct cseal_statement st;
	struct cseal_commitment fields[CSEAL_KIND_FIELDS_MAX];
	struct cseal_buf facts;
	struct cseal_buf detail;
	struct cseal_buf why;
	struct cseal_buf values[VALUES_MAX];
	struct panel_change panel;
	struct cseal_error *err;
};

static void
making_free(struct making *m)
{
	cseal_buf_free(&m->facts);
	cseal_buf_free(&m->detail);
	cseal_buf_free(&m->why);
	cseal_buf_free(&m->panel.about);
	for (size_t i = 0; i < VALUES_MAX; i++)
		cseal_buf_free(&m->values[i]);
	cseal_draft_free(m->p);
}

/* The header: head, A and clock as this desk has verified them. */
static int
begin(struct making *m, struct cseal_desk *d, uint64_t key, uint64_t kind,
    struct cseal_error *err)
{
	memset(m, 0, sizeof(*m));
	m->desk = d;
	m->err = err;
	m->s = cseal_desk_state(d);
	m->key = cseal_state_key(m->s, key);
	if (m->key == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu",
		    (unsigned long long)key);
	m->p = draft_new();
	if (m->p == NULL)
		return CSEAL_ERR_NOMEM;
	m->st.version = CSEAL_FORMAT_VERSION;
	m->st.kind = kind;
	m->st.has_ledger = true;
	memcpy(m->st.ledger, cseal_state_ledger_id(m->s), CSEAL_HASH_BYTES);
	m->st.seen = cseal_state_head(m->s);
	memcpy(m->st.authority, cseal_state_authority(m->s), CSEAL_HASH_BYTES);
	m->st.key = key;
	m->st.clock = cseal_desk_now(d);
	m->panel.state = m->s;
	m->panel.utc_offset = d->options.utc_offset;
	m->panel.signer = cseal_state_person(m->s, m->key->person)->handle;
	return CSEAL_OK;
}

static int
end(struct making *m, int r, struct cseal_draft **out)
{
	if (r == CSEAL_OK)
		r = outbox_check(m->desk, &m->st, m->err);
	if (r == CSEAL_OK)
		r = draft_finish(m->p, m->s, &m->st, m->key, m->err);
	if (r == CSEAL_OK) {
		/* Terminated, so that it can be handed out as it is. */
		(void)cseal_buf_str(&m->p->panel);
		*out = m->p; /* transferred */
		m->p = NULL;
	}
	making_free(m);
	return r;
}

int
cseal_draft_join(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin(&m, d, key, CSEAL_JOIN, err);
	if (r == CSEAL_OK) {
		memcpy(
		    m.st.u.join.genesis, m.s->genesis_leaf, CSEAL_HASH_BYTES);
		r = panel_join(&m.p->panel, m.s, m.panel.signer);
	}
	return end(&m, r, out);
}

/* ---- values on the panel ---- */

static struct panel_value *
add_value(struct making *m, const struct cseal_field *f)
{
	struct panel_value *v = &m->panel.values[m->panel.n_values++];

	v->name = f->name;
	v->label = f->label;
	return v;
}

/* What is in force in the slot, as far as its values are still here. */
static int
put_value_now(struct making *m, struct panel_value *v)
{
	const struct cseal_state_slot *t =
	    cseal_state_slot_find(m->s, m->panel.store, m->panel.slot);
	struct cseal_buf *b = &m->values[m->panel.n_values - 1];
	const struct cseal_state_change *c;
	int r;

	if (t == NULL)
		return CSEAL_OK;
	c = cseal_state_change_find(m->s, t->change);
	if (c == m->panel.change)
		return CSEAL_OK;
	r = cseal_desk_value(m->desk, c, v->name, b, m->err);
	if (r == CSEAL_ERR_NOT_FOUND)
		return CSEAL_OK;
	v->has_now = r == CSEAL_OK;
	v->now = cseal_buf_slice(b);
	return r;
}

/* The values asked for, from the openings of the request. */
static int
put_values_of_change(struct making *m)
{
	const struct cseal_kind *k = m->panel.kind;
	const struct cseal_request *req = &m->change->statement.u.request;
	struct panel_value *v;
	struct cseal_buf *b;
	int r;

	for (size_t i = 0; i < k->n_fields; i++) {
		v = add_value(m, &k->fields[i]);
		b = &m->values[CSEAL_KIND_FIELDS_MAX + i];
		r = cseal_desk_value(
		    m->desk, m->panel.change, v->name, b, m->err);
		if (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND)
			return r;
		v->has_next = r == CSEAL_OK;
		v->next = cseal_buf_slice(b);
		if ((r = put_value_now(m, v)) != CSEAL_OK)
			return r;
		for (size_t j = 0; j < req->n_fields && !v->has_next; j++) {
			if (slice_is(req->fields[j].name, v->name))
				return cseal_error_set(m->err,
				    CSEAL_ERR_NOT_FOUND, v->name,
				    "its value is not on this desk, so nobody "
				    "can judge it here");
		}
	}
	return CSEAL_OK;
}

/* The requester's reason, if one was given and is still here. */
static int
put_reason(struct making *m)
{
	int r = cseal_desk_value(
	    m->desk, m->panel.change, "reason", &m->why, m->err);

	if (r == CSEAL_OK)
		m->panel.why = cseal_buf_slice(&m->why);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* ---- request ---- */

static int
commit_values(struct making *m, const struct cseal_change *c)
{
	struct cseal_request *q = &m->st.u.request;
	int r;

	for (size_t i = 0; i < c->n_values; i++) {
		struct cseal_commitment *f = &m->fields[i];
		const char *name = c->values[i].field->name;

		f->name.data = (const uint8_t *)name;
		f->name.len = strlen(name);
		r = draft_commit(m->p, name,
		    cseal_buf_slice(&c->values[i].text), true, f->hash);
		if (r != CSEAL_OK)
			return r;
	}
	q->fields = m->fields;
	q->n_fields = c->n_values;
	return CSEAL_OK;
}

/* Maps are written in the order of their encoded keys: shorter ones first. */
static int
by_key(const void *a, const void *b)
{
	const struct cseal_commitment *x = a, *y = b;

	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return memcmp(x->name.data, y->name.data, x->name.len);
}

static void
fill_request(struct making *m, const struct cseal_kind *k, uint64_t op,
    const char *store, const char *slot)
{
	struct cseal_request *q = &m->st.u.request;
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(m->s), k);
	const struct cseal_state_slot *t =
	    cseal_state_slot_find(m->s, store, slot);

	q->change_kind.data = (const uint8_t *)k->name;
	q->change_kind.len = strlen(k->name);
	q->op = op;
	q->store.data = (const uint8_t *)store;
	q->store.len = strlen(store);
	q->slot.data = (const uint8_t *)slot;
	q->slot.len = strlen(slot);
	q->facts = cseal_buf_slice(&m->facts);
	q->not_after = m->st.clock;
	if (rules != NULL)
		q->not_after += rules->request_lives;
	if (t != NULL) {
		q->has_before = true;
		memcpy(q->before,
		    cseal_state_change_find(m->s, t->change)->leaf,
		    CSEAL_HASH_BYTES);
	}
	m->panel.kind = k;
	m->panel.op = op;
	m->panel.store = store;
	m->panel.slot = slot;
	m->panel.not_after = q->not_after;
	m->panel.act = "ask for this change";
}

static int
put_values_asked(struct making *m, const struct cseal_change *c)
{
	int r;

	for (size_t i = 0; i < c->kind->n_fields; i++) {
		struct panel_value *v = add_value(m, &c->kind->fields[i]);
		const struct cseal_value *asked =
		    cseal_change_value(c, v->name);

		if (asked != NULL) {
			v->has_next = true;
			v->next = cseal_buf_slice(&asked->text);
		}
		if ((r = put_value_now(m, v)) != CSEAL_OK)
			return r;
	}
	return CSEAL_OK;
}

static const struct cseal_evidence *
commit_reason(struct making *m, const struct cseal_change *c,
    struct cseal_evidence *e, int *r)
{
	if (c->reason.len == 0)
		return NULL;
	m->panel.why = cseal_buf_slice(&c->reason);
	e->kind = CSEAL_EVIDENCE_REASON;
	*r = draft_commit(
	    m->p, "reason", cseal_buf_slice(&c->reason), true, e->hash);
	return e;
}

int
cseal_draft_request(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_change *c, struct cseal_error *err)
{
	struct cseal_evidence reason;
	struct cseal_facts facts;
	struct making m;
	int r;

	*out = NULL;
	if (!c->closed)
		return CSEAL_ERR_USAGE;
	if ((r = begin(&m, d, key, CSEAL_REQUEST, err)) != CSEAL_OK ||
	    (r = cseal_change_facts(c, &facts, err)) != CSEAL_OK ||
	    (r = cseal_facts_encode(&m.facts, &facts)) != CSEAL_OK)
		return end(&m, r, out);
	fill_request(&m, c->kind, c->op, c->store, c->slot);
	if ((r = commit_values(&m, c)) == CSEAL_OK &&
	    commit_reason(&m, c, &reason, &r) != NULL) {
		m.st.u.request.has_evidence = true;
		m.st.u.request.evidence = &reason;
		m.st.u.request.n_evidence = 1;
	}
	qsort(m.fields, m.st.u.request.n_fields, sizeof(m.fields[0]), by_key);
	if (r == CSEAL_OK && (r = put_values_asked(&m, c)) == CSEAL_OK)
		r = panel_change(&m.p->panel, &m.panel);
	return end(&m, r, out);
}

static int
draft_authority(struct making *m, const char *kind, const char *slot,
    struct cseal_draft **out)
{
	const struct cseal_kind *k = cseal_kind_find(kind, strlen(kind));
	struct cseal_facts none = { 0 };
	int r;

	if (k == NULL)
		return end(m, CSEAL_ERR_INTERNAL, out);
	r = cseal_facts_encode(&m->facts, &none);
	fill_request(m, k, CSEAL_OP_REPLACE, "", slot);
	m->st.u.request.has_detail = true;
	m->st.u.request.detail = cseal_buf_slice(&m->detail);
	if (r == CSEAL_OK)
		r = panel_change(&m->p->panel, &m->panel);
	return end(m, r, out);
}

int
cseal_draft_key_add(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_offer *offer, struct cseal_error *err)
{
	char handle[CSEAL_HANDLE_BYTES];
	struct making m;
	int r;

	*out = NULL;
	r = begin(&m, d, key, CSEAL_REQUEST, err);
	if (r == CSEAL_OK &&
	    (!offer->has_ledger ||
		memcmp(offer->ledger, m.st.ledger, CSEAL_HASH_BYTES) != 0))
		r = cseal_error_set(err, CSEAL_ERR_REFUSED, "offer",
		    "it was not made for this ledger: make a new one with "
		    "counterseal key offer --ledger ...");
	if (r == CSEAL_OK)
		r = cseal_key_encode(&m.detail, &offer->key);
	if (r == CSEAL_OK)
		r = panel_key(&m.panel.about, &offer->key);
	if (r != CSEAL_OK ||
	    !state_copy(handle, sizeof(handle), offer->key.handle))
		return end(&m, r != CSEAL_OK ? r : CSEAL_ERR_FORMAT, out);
	return draft_authority(&m, "key.add", handle, out);
}

int
cseal_draft_key_revoke(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t number, uint64_t reason, struct cseal_error *err)
{
	struct cseal_revocation v = { .key = number, .reason = reason };
	const struct cseal_state_key *gone;
	struct making m;
	int r;

	*out = NULL;
	r = begin(&m, d, key, CSEAL_REQUEST, err);
	if (r != CSEAL_OK)
		return end(&m, r, out);
	gone = cseal_state_key(m.s, number);
	if (gone == NULL)
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu; see: counterseal key "
		    "list",
		    (unsigned long long)number);
	if (r == CSEAL_OK)
		r = cseal_revocation_encode(&m.detail, &v);
	if (r != CSEAL_OK)
		return end(&m, r, out);
	(void)panel_revocation(&m.panel.about, &v);
	return draft_authority(&m, "key.revoke",
	    cseal_state_person(m.s, gone->person)->handle, out);
}

/* ---- acts about a change ---- */

static int
begin_act(struct making *m, struct cseal_desk *d, uint64_t key, uint64_t kind,
    uint64_t change, struct cseal_error *err)
{
	struct cseal_act *act = &m->st.u.act;
	int r;

	r = begin(m, d, key, kind, err);
	if (r != CSEAL_OK)
		return r;
	m->change = state_change(m->s, change);
	if (m->change == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "change",
		    "there is no change #%llu; see: counterseal list",
		    (unsigned long long)change);
	m->panel.change = &m->change->pub;
	m->panel.kind = m->change->pub.kind;
	m->panel.op = m->change->pub.op;
	m->panel.store = m->change->pub.store;
	m->panel.slot = m->change->pub.slot;
	m->panel.not_after = m->change->pub.not_after;
	act->index = change;
	memcpy(act->leaf, m->change->pub.leaf, CSEAL_HASH_BYTES);
	m->st.has_thread = true;
	memcpy(m->st.thread, digest_log_last(&m->change->thread),
	    CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

/* Authority changes have no values: their detail is told in words. */
static int
put_detail(struct making *m)
{
	const struct cseal_request *q = &m->change->statement.u.request;
	struct cseal_revocation v;
	struct cseal_key k;

	if (m->panel.kind->detail == CSEAL_DETAIL_KEY_ADD) {
		if (cseal_key_parse(&k, q->detail) != CSEAL_OK)
			return CSEAL_ERR_FORMAT;
		return panel_key(&m->panel.about, &k);
	}
	if (m->panel.kind->detail != CSEAL_DETAIL_KEY_REVOKE)
		return CSEAL_OK;
	if (cseal_revocation_parse(&v, q->detail) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	return panel_revocation(&m->panel.about, &v);
}

/* The panel, and the commitment to what it shows. */
static int
show(struct making *m)
{
	struct cseal_shown *shown = &m->st.u.act.shown;
	int r;

	r = m->panel.kind->authority ? put_detail(m) : put_values_of_change(m);
	if (r == CSEAL_OK)
		r = put_reason(m);
	if (r != CSEAL_OK ||
	    (r = panel_change(&m->p->panel, &m->panel)) != CSEAL_OK)
		return r;
	shown->template_number = PANEL_TEMPLATE;
	shown->language.data = (const uint8_t *)PANEL_LANGUAGE;
	shown->language.len = strlen(PANEL_LANGUAGE);
	shown->utc_offset = m->panel.utc_offset;
	return draft_commit(
	    m->p, "", cseal_buf_slice(&m->p->panel), false, shown->hash);
}

/* Each approver's machine computes the facts from the openings again. */
static int
check_facts(struct making *m)
{
	struct cseal_change c = {
		.kind = m->panel.kind, .op = m->panel.op, .closed = true
	};
	const struct cseal_slice asked = m->change->statement.u.request.facts;
	struct cseal_facts facts;
	int r;

	for (size_t i = 0; i < m->panel.n_values; i++) {
		const struct panel_value *v = &m->panel.values[i];
		struct cseal_value *to = &c.values[c.n_values];

		if (!v->has_next)
			continue;
		to->field = cseal_kind_field(c.kind, v->name, strlen(v->name));
		to->text = m->values[CSEAL_KIND_FIELDS_MAX + i];
		c.n_values++;
	}
	if ((r = cseal_change_facts(&c, &facts, m->err)) != CSEAL_OK ||
	    (r = cseal_facts_encode(&m->facts, &facts)) != CSEAL_OK)
		return r;
	if (m->facts.len == asked.len &&
	    memcmp(m->facts.data, asked.data, asked.len) == 0)
		return CSEAL_OK;
	return cseal_error_set(m->err, CSEAL_ERR_REFUSED, "facts",
	    "the requester's machine stated other facts of these values than "
	    "this machine finds: do not approve, and ask the requester");
}

int
cseal_draft_approve(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_APPROVE, change, err);
	m.panel.act = "approve this change";
	if (r == CSEAL_OK)
		r = show(&m);
	if (r == CSEAL_OK)
		r = check_facts(&m);
	m.st.u.act.facts = cseal_buf_slice(&m.facts);
	return end(&m, r, out);
}

int
cseal_draft_reject(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t change, uint64_t reason, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_REJECT, change, err);
	m.st.u.act.reason = reason;
	m.panel.act = "reject this change for good";
	m.panel.reason = cseal_word_name(cseal_reject_reasons, reason);
	if (r == CSEAL_OK)
		r = panel_change(&m.p->panel, &m.panel);
	return end(&m, r, out);
}

int
cseal_draft_withdraw(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, uint64_t change, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_WITHDRAW, change, err);
	m.panel.act = "withdraw this change for good";
	if (r == CSEAL_OK)
		r = panel_change(&m.p->panel, &m.panel);
	return end(&m, r, out);
}

int
cseal_draft_apply(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t change, uint64_t outcome, uint64_t level, struct cseal_error *err)
{
	static const char *const acts[] = {
		[CSEAL_APPLY_ENTERED] = "state that it was entered so",
		[CSEAL_APPLY_REFUSED] = "state that the console refused it",
		[CSEAL_APPLY_DIFFERS] =
		    "state that the console shows otherwise",
	};
	struct making m;
	int r;

	*out = NULL;
	r = begin_act(&m, d, key, CSEAL_APPLY, change, err);
	m.st.u.act.outcome = outcome;
	m.st.u.act.level = level;
	if (r == CSEAL_OK &&
	    (outcome < CSEAL_APPLY_ENTERED || outcome > CSEAL_APPLY_DIFFERS))
		r = cseal_error_set(err, CSEAL_ERR_INPUT, "outcome",
		    "entered, refused or differs is wanted");
	if (r == CSEAL_OK) {
		m.panel.act = acts[outcome];
		r = show(&m);
	}
	return end(&m, r, out);
}
