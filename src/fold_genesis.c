/* SPDX-License-Identifier: BSD-2-Clause */
/* genesis and join: who is there from the beginning. */

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "digest.h"
#include "fold.h"

static const struct cseal_person *
find_person(
    const struct cseal_genesis *g, struct cseal_slice handle, size_t before)
{
	for (size_t i = 0; i < before; i++) {
		const struct cseal_person *p = &g->persons[i];

		if (p->handle.len == handle.len &&
		    memcmp(p->handle.data, handle.data, handle.len) == 0)
			return p;
	}
	return NULL;
}

/* A monitor's key does not count: it could not even join. */
static bool
has_key(const struct cseal_genesis *g, struct cseal_slice handle)
{
	for (size_t i = 0; i < g->n_keys; i++) {
		const struct cseal_slice *h = &g->keys[i].handle;

		if (!g->keys[i].monitor && h->len == handle.len &&
		    memcmp(h->data, handle.data, handle.len) == 0)
			return true;
	}
	return false;
}

static enum rule_id
check_persons(struct fold_entry *e)
{
	const struct cseal_genesis *g = &e->st.u.genesis;

	for (size_t i = 0; i < g->n_persons; i++) {
		const struct cseal_person *p = &g->persons[i];

		if (find_person(g, p->handle, i) != NULL ||
		    fold_handle_reserved(p->handle) || !has_key(g, p->handle) ||
		    p->n_roles > CSEAL_PLACES_MAX)
			return fold_say(e, RULE_GENESIS_PERSON, "%.*s",
			    (int)p->handle.len, (const char *)p->handle.data);
	}
	return RULE_OK;
}

static enum rule_id
check_before(struct fold_entry *e)
{
	static const uint8_t zero[CSEAL_HASH_BYTES];
	uint8_t empty[CSEAL_HASH_BYTES];

	if (digest_sha256(empty, NULL, 0) != CSEAL_OK || e->st.seen.size != 0 ||
	    memcmp(e->st.seen.root, empty, sizeof(empty)) != 0 ||
	    memcmp(e->st.authority, zero, sizeof(zero)) != 0)
		return RULE_GENESIS_HEAD;
	return RULE_OK;
}

/*
 * The rest is judged on the state that the founding would make: its keys one
 * after the other, then its seal, then whether anybody could act.
 */
static enum rule_id
check_founded(struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_genesis *g = &e->st.u.genesis;
	const struct count_what_if as_it_is = COUNT_AS_IT_IS;
	const struct state_key *k;
	struct cseal_demand demand = { .uv = true };
	enum rule_id rule;

	for (size_t i = 0; i < g->n_keys; i++) {
		size_t person = state_person_index(s, g->keys[i].handle);

		if (person == STATE_NOBODY)
			return RULE_KEY_PERSON;
		rule = fold_check_key(s, e, &g->keys[i], g);
		if (rule != RULE_OK)
			return rule;
		if (fold_add_key(s, &g->keys[i], person, 0) != CSEAL_OK)
			return fold_say(e, RULE_KEY_PROOF, "no memory");
	}
	k = state_key(s, e->st.key);
	if (k == NULL || k->pub.monitor)
		return RULE_KEY_UNKNOWN;
	demand.rp_id.data = (const uint8_t *)k->pub.rp_id;
	demand.rp_id.len = strlen(k->pub.rp_id);
	demand.uv = cseal_policy_uv(cseal_state_policy(s));
	demand.synced = cseal_policy_synced(cseal_state_policy(s));
	rule = e->is_draft ? RULE_OK
			   : rule_of_seal(cseal_seal_check(
				 &e->entry, CSEAL_NAMESPACE, &demand));
	if (rule != RULE_OK)
		return rule;
	if (!count_administrable(s, &as_it_is))
		return RULE_GENESIS_ADMINS;
	return RULE_OK;
}

/* Persons, names and rules of a founding; `policy` is taken over. */
static int
found(struct cseal_state *s, const struct fold_entry *e,
    struct cseal_policy *policy)
{
	const struct cseal_genesis *g = &e->st.u.genesis;
	int r = state_policy_add(s, policy, &g->policy, 0);

	if (r != CSEAL_OK)
		return r;
	memcpy(s->id, e->digest, sizeof(s->id));
	memcpy(s->genesis_leaf, e->leaf, sizeof(s->genesis_leaf));
	s->demo = g->demo;
	s->has_predecessor = g->has_predecessor;
	s->predecessor = g->predecessor;
	s->has_log_key = g->has_log_key;
	memcpy(s->log_key, g->log_key, sizeof(s->log_key));
	(void)state_copy(s->rp_id, sizeof(s->rp_id), g->rp_id);
	(void)cseal_buf_add(&s->org, g->org.data, g->org.len);
	for (size_t i = 0; i < g->n_persons; i++) {
		const struct cseal_person *from = &g->persons[i];
		struct cseal_state_person *to =
		    vec_add(&s->persons, sizeof(*to));

		if (to == NULL)
			return CSEAL_ERR_NOMEM;
		(void)state_copy(to->handle, sizeof(to->handle), from->handle);
		for (size_t k = 0; k < from->n_roles; k++)
			(void)state_copy(to->roles.names[k], CSEAL_ROLE_BYTES,
			    from->roles[k]);
		to->roles.n = from->n_roles;
	}
	return cseal_buf_error(&s->org);
}

enum rule_id
fold_check_genesis(const struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_genesis *g = &e->st.u.genesis;
	struct cseal_policy *policy = NULL;
	struct cseal_state *trial = NULL;
	struct cseal_error err = { 0 };
	enum rule_id rule;

	(void)s;
	if ((rule = check_before(e)) != RULE_OK ||
	    (rule = check_persons(e)) != RULE_OK)
		return rule;
	if (!cseal_is_rp_id((const char *)g->rp_id.data, g->rp_id.len))
		return RULE_GENESIS_RP_ID;
	if (cseal_policy_parse(
		&policy, g->policy.language, g->policy.text, &err) != CSEAL_OK)
		return fold_say(e, RULE_GENESIS_POLICY, "%.40s: %.100s",
		    err.where, err.what);
	trial = state_new();
	if (trial == NULL) {
		cseal_policy_free(policy);
		return fold_say(e, RULE_GENESIS_POLICY, "no memory");
	}
	rule = found(trial, e, policy) == CSEAL_OK
		   ? check_founded(trial, e)
		   : fold_say(e, RULE_GENESIS_PERSON, "no memory");
	state_free(trial);
	return rule;
}

int
fold_accept_genesis(struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_genesis *g = &e->st.u.genesis;
	struct cseal_policy *policy = NULL;
	int r;

	r = cseal_policy_parse(
	    &policy, g->policy.language, g->policy.text, NULL);
	if (r != CSEAL_OK || (r = found(s, e, policy)) != CSEAL_OK)
		return r;
	for (size_t i = 0; i < g->n_keys; i++) {
		r = fold_add_key(s, &g->keys[i],
		    state_person_index(s, g->keys[i].handle), 0);
		if (r != CSEAL_OK)
			return r;
	}
	state_person(s, state_key(s, e->st.key)->pub.person)->joined = true;
	return digest_log_step(&s->authority, 1, e->leaf);
}

enum rule_id
fold_check_join(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_key *k = state_key(s, e->st.key);

	if (memcmp(e->st.u.join.genesis, s->genesis_leaf, CSEAL_HASH_BYTES) !=
	    0)
		return RULE_JOIN_GENESIS;
	if (state_person(s, k->pub.person)->joined)
		return fold_say(e, RULE_JOIN_NEEDLESS, "%s",
		    state_person(s, k->pub.person)->handle);
	return RULE_OK;
}

int
fold_accept_join(struct cseal_state *s, struct fold_entry *e)
{
	const struct state_key *k = state_key(s, e->st.key);

	state_person(s, k->pub.person)->joined = true;
	return digest_log_step(&s->authority, e->index + 1, e->leaf);
}
