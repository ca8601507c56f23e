/* SPDX-License-Identifier: BSD-2-Clause */
/* observe and freeze: what is seen in the console, and the brake. */

#include <string.h>

#include "count.h"
#include "fold.h"

/* ---- observe ---- */

/* Whoever may observe one of the kinds that stand in this slot. */
static bool
may_observe(
    const struct cseal_state *s, const struct fold_entry *e, const char *slot)
{
	const struct cseal_policy *p = cseal_state_policy(s);
	const struct cseal_policy_change *rules;
	const struct cseal_kind *k;
	size_t n = strcspn(slot, "/");

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		rules = cseal_policy_change(p, k);
		if (!k->authority && rules != NULL && strlen(k->slot) == n &&
		    memcmp(k->slot, slot, n) == 0 &&
		    fold_signer_in(s, e, &rules->may_observe))
			return true;
	}
	return false;
}

static enum rule_id
check_new_commitments(
    const struct cseal_state *s, const struct cseal_commitment *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (hashset_has(&s->commitments, f[i].hash))
			return RULE_COMMITMENT_TWICE;
		for (size_t j = 0; j < i; j++) {
			if (memcmp(f[i].hash, f[j].hash, CSEAL_HASH_BYTES) == 0)
				return RULE_COMMITMENT_TWICE;
		}
	}
	return RULE_OK;
}

enum rule_id
fold_check_observe(const struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_observe *o = &e->st.u.observe;
	char store[CSEAL_HANDLE_BYTES], slot[65];

	if (!state_copy(store, sizeof(store), o->store) ||
	    !state_copy(slot, sizeof(slot), o->slot) ||
	    !cseal_policy_has_slot(cseal_state_policy(s), store, slot))
		return RULE_STORE_UNKNOWN;
	if (!may_observe(s, e, slot))
		return RULE_OBSERVER_ROLE;
	return check_new_commitments(s, o->fields, o->n_fields);
}

static int
add_freeze(struct cseal_state *s, const struct fold_entry *e,
    const struct cseal_freeze *from)
{
	struct cseal_state_freeze *f = vec_add(&s->freezes, sizeof(*f));

	if (f == NULL)
		return CSEAL_ERR_NOMEM;
	f->entry = e->index;
	memcpy(f->leaf, e->leaf, sizeof(f->leaf));
	f->has_store = from->has_store;
	if (from->has_store)
		(void)state_copy(f->store, sizeof(f->store), from->store);
	f->has_key = from->has_key;
	f->key = from->key;
	f->reason = from->reason;
	f->person = state_key(s, e->st.key)->pub.person;
	return digest_log_step(&s->authority, e->index + 1, e->leaf);
}

/*
 * A match that saw less than the policy asks for, or by who entered it, stands
 * and does not confirm.
 */
static void
note_observation(struct cseal_state *s, const struct fold_entry *e)
{
	const struct cseal_observe *o = &e->st.u.observe;
	char store[CSEAL_HANDLE_BYTES], slot[65];
	struct cseal_state_slot *t;

	(void)state_copy(store, sizeof(store), o->store);
	(void)state_copy(slot, sizeof(slot), o->slot);
	t = state_slot(s, store, slot);
	if (t == NULL)
		return;
	t->observed = true;
	t->observed_at = e->index;
	t->observed_outcome = o->outcome;
	if (o->outcome != CSEAL_OBSERVE_MATCH ||
	    o->level < state_slot_level(s, t) ||
	    !state_slot_hears(s, t, state_key(s, e->st.key)->pub.person))
		return;
	t->confirmed = true;
	t->confirmed_at = e->index;
	t->confirmed_level = o->level;
}

int
fold_accept_observe(struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_observe *o = &e->st.u.observe;
	struct cseal_freeze brake = { .has_store = true,
		.store = o->store,
		.reason = CSEAL_REASON_DRIFT };
	int r;

	for (size_t i = 0; i < o->n_fields; i++) {
		r = hashset_add(&s->commitments, o->fields[i].hash);
		if (r != CSEAL_OK)
			return r;
	}
	note_observation(s, e);
	if (o->outcome == CSEAL_OBSERVE_MATCH ||
	    !cseal_policy_freezes_on_drift(cseal_state_policy(s)))
		return CSEAL_OK;
	return add_freeze(s, e, &brake);
}

/* ---- freeze ---- */

static enum rule_id
check_key_freeze(
    const struct cseal_state *s, struct fold_entry *e, uint64_t number)
{
	const struct state_key *k = state_key(s, number);
	struct count_what_if w = COUNT_AS_IT_IS;

	if (k == NULL || k->pub.revoked || state_key_frozen(s, number))
		return fold_say(
		    e, RULE_KEY_GONE, "key %llu", (unsigned long long)number);
	w.thawed = false;
	w.has_without = true;
	w.without = number;
	w.subject = k->pub.person;
	if (!count_possible(s, cseal_kind_find("freeze.lift", 11), &w))
		return RULE_FREEZE_LOCKS;
	return RULE_OK;
}

enum rule_id
fold_check_freeze(const struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_freeze *f = &e->st.u.freeze;

	if (f->has_store && f->has_key)
		return RULE_FREEZE_TARGET;
	if (!fold_signer_in(
		s, e, cseal_policy_may_freeze(cseal_state_policy(s))))
		return RULE_FREEZE_ROLE;
	return f->has_key ? check_key_freeze(s, e, f->key) : RULE_OK;
}

int
fold_accept_freeze(struct cseal_state *s, struct fold_entry *e)
{
	return add_freeze(s, e, &e->st.u.freeze);
}
