/* SPDX-License-Identifier: BSD-2-Clause */
/* request: what is asked for, by whom, for how long, instead of what. */

#include <string.h>

#include "fold.h"

bool
fold_signer_in(const struct cseal_state *s, const struct fold_entry *e,
    const struct cseal_roles *roles)
{
	const struct state_key *k = state_key(s, e->st.key);
	const struct cseal_state_person *p = state_person(s, k->pub.person);

	for (size_t i = 0; i < p->roles.n; i++) {
		if (cseal_roles_has(roles, p->roles.names[i]))
			return true;
	}
	return false;
}

/* slot = name ["/" item], the name being the kind's, item [a-z0-9]{8}. */
static bool
slot_fits(const struct cseal_kind *k, const char *slot)
{
	size_t n = strlen(k->slot);

	if (strncmp(slot, k->slot, n) != 0)
		return false;
	if (slot[n] == '\0')
		return true;
	return slot[n] == '/' && strlen(slot + n + 1) == 8 &&
	       strspn(slot + n + 1, "abcdefghijklmnopqrstuvwxyz0123456789") ==
		   8;
}

static enum rule_id
check_fields(struct fold_entry *e, const struct cseal_kind *k)
{
	const struct cseal_request *r = &e->st.u.request;
	size_t required = 0, given = 0;

	if (r->has_detail)
		return RULE_DETAIL;
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct cseal_slice *name = &r->fields[i].name;
		const struct cseal_field *f =
		    cseal_kind_field(k, (const char *)name->data, name->len);

		if (f == NULL)
			return fold_say(e, RULE_FIELDS,
			    "a field that %s does not have", k->name);
		given += f->required ? 1 : 0;
	}
	for (size_t i = 0; i < k->n_fields; i++)
		required += k->fields[i].required ? 1 : 0;
	if (r->op == CSEAL_OP_REMOVE)
		required = r->n_fields == 0 ? 0 : SIZE_MAX;
	return given == required ? RULE_OK
				 : fold_say(e, RULE_FIELDS, "of %s", k->name);
}

static enum rule_id
check_facts(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_kind *k)
{
	struct cseal_facts facts;

	if (cseal_facts_parse(&facts, e->st.u.request.facts) != CSEAL_OK)
		return RULE_ENTRY_MALFORMED;
	return fold_check_facts(
	    s, e, cseal_policy_change(cseal_state_policy(s), k), &facts);
}

static enum rule_id
check_target(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_kind *k, size_t *subject)
{
	const struct cseal_request *r = &e->st.u.request;
	char store[CSEAL_HANDLE_BYTES], slot[65];
	enum rule_id rule;

	*subject = STATE_NOBODY;
	if (k->authority)
		return fold_check_authority(s, e, k, subject);
	if (!state_copy(store, sizeof(store), r->store) ||
	    !state_copy(slot, sizeof(slot), r->slot) || !slot_fits(k, slot))
		return RULE_SLOT_UNKNOWN;
	if (store[0] == '\0' ||
	    !cseal_policy_has_slot(cseal_state_policy(s), store, slot))
		return fold_say(e, RULE_STORE_UNKNOWN, "%s", store);
	rule = check_fields(e, k);
	return rule == RULE_OK ? check_facts(s, e, k) : rule;
}

/* `before` is the leaf of the request in force in the slot, or null. */
static enum rule_id
check_before(const struct cseal_state *s, const struct fold_entry *e)
{
	const struct cseal_request *r = &e->st.u.request;
	char store[CSEAL_HANDLE_BYTES], slot[65];
	const struct cseal_state_slot *t;

	if (!state_copy(store, sizeof(store), r->store) ||
	    !state_copy(slot, sizeof(slot), r->slot))
		return RULE_SLOT_UNKNOWN;
	t = state_slot(s, store, slot);
	if ((t != NULL) != r->has_before ||
	    (r->has_before && r->op == CSEAL_OP_BASELINE))
		return RULE_BEFORE_STALE;
	if (t == NULL)
		return RULE_OK;
	return memcmp(state_change(s, t->change)->pub.leaf, r->before,
		   CSEAL_HASH_BYTES) == 0
		   ? RULE_OK
		   : RULE_BEFORE_STALE;
}

enum rule_id
fold_check_request(const struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_request *r = &e->st.u.request;
	const struct cseal_kind *k = cseal_kind_find(
	    (const char *)r->change_kind.data, r->change_kind.len);
	const struct cseal_policy_change *rules;
	enum rule_id rule;
	size_t subject;

	if (k == NULL)
		return RULE_KIND_UNKNOWN;
	rules = cseal_policy_change(cseal_state_policy(s), k);
	if (rules == NULL)
		return fold_say(e, RULE_KIND_NOT_ALLOWED, "%s", k->name);
	if ((k->ops & CSEAL_OP_BIT(r->op)) == 0)
		return fold_say(e, RULE_OP_NOT_ALLOWED, "%s of %s",
		    cseal_op_name(r->op), k->name);
	if (!fold_signer_in(s, e, &rules->may_request))
		return fold_say(e, RULE_REQUESTER_ROLE, "%s", k->name);
	if (r->not_after <= e->st.clock ||
	    r->not_after - e->st.clock > rules->request_lives)
		return RULE_LIFETIME;
	if ((rule = check_target(s, e, k, &subject)) != RULE_OK ||
	    (rule = fold_check_commitments(s, &e->st)) != RULE_OK)
		return rule;
	return check_before(s, e);
}

int
fold_fill_change(const struct cseal_state *s, struct state_change *c)
{
	const struct cseal_statement *st = &c->statement;
	const struct cseal_request *r = &st->u.request;
	const struct state_key *k;
	int err;

	err = cseal_statement_parse(
	    &c->statement, cseal_buf_slice(&c->bytes), NULL);
	if (err != CSEAL_OK)
		return err;
	k = state_key(s, st->key);
	if (st->kind != CSEAL_REQUEST || k == NULL)
		return CSEAL_ERR_FORMAT;
	c->pub.request = st;
	c->pub.kind = cseal_kind_find(
	    (const char *)r->change_kind.data, r->change_kind.len);
	if (c->pub.kind == NULL ||
	    !state_copy(c->pub.store, sizeof(c->pub.store), r->store) ||
	    !state_copy(c->pub.slot, sizeof(c->pub.slot), r->slot))
		return CSEAL_ERR_FORMAT;
	c->pub.op = r->op;
	c->pub.key = st->key;
	c->pub.requester = k->pub.person;
	c->pub.clock = st->clock;
	c->pub.not_after = r->not_after;
	c->pub.has_before = r->has_before;
	memcpy(c->pub.before, r->before, sizeof(c->pub.before));
	c->subject = STATE_NOBODY;
	fold_note_evidence(c, r->evidence, r->n_evidence);
	return cseal_facts_parse(&c->pub.facts, r->facts);
}

int
fold_accept_request(struct cseal_state *s, struct fold_entry *e)
{
	struct state_change *c = vec_add(&s->changes, sizeof(*c));
	int err;

	if (c == NULL)
		return CSEAL_ERR_NOMEM;
	c->pub.index = e->index;
	memcpy(c->pub.leaf, e->leaf, sizeof(c->pub.leaf));
	cseal_buf_init(&c->bytes, 0);
	err = cseal_buf_add(
	    &c->bytes, e->entry.statement.data, e->entry.statement.len);
	if (err == CSEAL_OK)
		err = fold_fill_change(s, c);
	if (err != CSEAL_OK)
		return err;
	c->pub.status = CSEAL_CHANGE_ASKED;
	c->pub.first_seen =
	    state_is_first_seen(s, c->pub.kind, c->pub.op, &c->pub.facts);
	if (c->pub.kind->authority)
		(void)fold_check_authority(s, e, c->pub.kind, &c->subject);
	err = state_open_add(s, c);
	if (err == CSEAL_OK)
		err = fold_accept_commitments(s, &c->statement);
	return err != CSEAL_OK
		   ? err
		   : digest_log_step(&c->thread, e->index + 1, e->leaf);
}
