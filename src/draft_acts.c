/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of what starts something: join, request, key.add, key.revoke. */

#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "draft_making.h"

int
cseal_draft_join(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_JOIN, err);
	if (r == CSEAL_OK) {
		memcpy(
		    m.st.u.join.genesis, m.s->genesis_leaf, CSEAL_HASH_BYTES);
		r = panel_join(&m.p->panel, m.s, m.panel.signer);
	}
	return making_end(&m, r, out);
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
show_asked(struct making *m, const struct cseal_change *c)
{
	int r;

	panel_put_fields(&m->panel);
	for (size_t i = 0; i < m->panel.n_values; i++) {
		struct panel_value *v = &m->panel.values[i];
		const struct cseal_value *asked =
		    cseal_change_value(c, v->field->name);

		if (asked == NULL)
			continue;
		v->has_next = true;
		v->next = cseal_buf_slice(&asked->text);
	}
	r = panel_evidence(&m->panel, &m->st, m->err);
	if (r == CSEAL_OK)
		r = panel_look(&m->panel, m->err);
	return r != CSEAL_OK ? r : panel_change(&m->p->panel, &m->panel);
}

static int
state_facts(struct making *m, const struct cseal_change *c)
{
	const struct claims claims = { .state = m->s,
		.openings = m->openings,
		.change = c,
		.seen = m->st.seen.size };
	int r = claims_blocked(cseal_state_policy(m->s), c, m->err);

	if (r == CSEAL_OK)
		r = claims_make(&claims, &m->panel.facts, m->err);
	return r != CSEAL_OK ? r
			     : cseal_facts_encode(&m->facts, &m->panel.facts);
}

/* The reason comes first; then what else was given. */
static int
put_evidence(struct making *m, const struct cseal_change *c,
    const struct cseal_evidence_set *given)
{
	int r = CSEAL_OK;

	if (c->reason.len > 0) {
		m->panel.why = cseal_buf_slice(&c->reason);
		r = making_commit_evidence(
		    m, CSEAL_EVIDENCE_REASON, m->panel.why);
	}
	return r == CSEAL_OK ? making_put_evidence(m, given) : r;
}

int
cseal_draft_request(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_change *c,
    const struct cseal_evidence_set *given, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	if (!c->closed)
		return CSEAL_ERR_USAGE;
	if ((r = making_begin(&m, d, key, CSEAL_REQUEST, err)) != CSEAL_OK ||
	    (r = cseal_change_on(c, m.st.clock, err)) != CSEAL_OK ||
	    (r = state_facts(&m, c)) != CSEAL_OK)
		return making_end(&m, r, out);
	fill_request(&m, c->kind, c->op, c->store, c->slot);
	if ((r = commit_values(&m, c)) == CSEAL_OK)
		r = put_evidence(&m, c, given);
	qsort(m.fields, m.st.u.request.n_fields, sizeof(m.fields[0]),
	    making_by_key);
	if (r == CSEAL_OK)
		r = show_asked(&m, c);
	return making_end(&m, r, out);
}

int
making_authority(struct making *m, const char *kind, const char *slot,
    struct cseal_draft **out)
{
	const struct cseal_kind *k = cseal_kind_find(kind, strlen(kind));
	struct cseal_facts none = { 0 };
	int r;

	if (k == NULL)
		return making_end(m, CSEAL_ERR_INTERNAL, out);
	r = cseal_facts_encode(&m->facts, &none);
	fill_request(m, k, CSEAL_OP_REPLACE, "", slot);
	m->st.u.request.has_detail = true;
	m->st.u.request.detail = cseal_buf_slice(&m->detail);
	if (r == CSEAL_OK)
		r = panel_change(&m->p->panel, &m->panel);
	return making_end(m, r, out);
}

int
cseal_draft_key_add(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_offer *offer, struct cseal_error *err)
{
	char handle[CSEAL_HANDLE_BYTES];
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
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
		return making_end(
		    &m, r != CSEAL_OK ? r : CSEAL_ERR_FORMAT, out);
	return making_authority(&m, "key.add", handle, out);
}

int
cseal_draft_key_revoke(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_revocation *what, struct cseal_error *err)
{
	const struct cseal_state_key *gone;
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
	if (r != CSEAL_OK)
		return making_end(&m, r, out);
	gone = cseal_state_key(m.s, what->key);
	if (gone == NULL)
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu; see: counterseal key "
		    "list",
		    (unsigned long long)what->key);
	if (r == CSEAL_OK)
		r = cseal_revocation_encode(&m.detail, what);
	if (r != CSEAL_OK)
		return making_end(&m, r, out);
	(void)panel_revocation(&m.panel.about, m.s, what);
	return making_authority(&m, "key.revoke",
	    cseal_state_person(m.s, gone->person)->handle, out);
}
