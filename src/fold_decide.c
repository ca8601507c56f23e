/* SPDX-License-Identifier: BSD-2-Clause */
/* approve, reject, withdraw, apply: what is stated about a change. */

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "fold.h"
#include "slice.h"

static size_t
signer(const struct cseal_state *s, const struct fold_entry *e)
{
	return state_key(s, e->st.key)->pub.person;
}

static struct state_change *
change_of(const struct cseal_state *s, const struct fold_entry *e)
{
	return state_change(s, e->st.u.act.index);
}

/* What holds for all: the right request, seen, and its thread. */
enum rule_id
fold_check_about(const struct cseal_state *s, struct fold_entry *e,
    uint64_t index, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	const struct state_change *c = state_change(s, index);
	const uint8_t *thread;

	if (c == NULL)
		return fold_say(e, RULE_CHANGE_UNKNOWN, "index %llu",
		    (unsigned long long)index);
	if (memcmp(c->pub.leaf, leaf, CSEAL_HASH_BYTES) != 0)
		return RULE_CHANGE_LEAF;
	thread = digest_log_at(&c->thread, e->st.seen.size);
	if (thread == NULL)
		return RULE_CHANGE_UNSEEN;
	if (memcmp(thread, e->st.thread, CSEAL_HASH_BYTES) != 0)
		return RULE_THREAD_DIGEST;
	return RULE_OK;
}

static enum rule_id
check_act(const struct cseal_state *s, struct fold_entry *e)
{
	return fold_check_about(s, e, e->st.u.act.index, e->st.u.act.leaf);
}

static enum rule_id
say_ended(struct fold_entry *e, const struct state_change *c)
{
	return fold_say(e, RULE_CHANGE_ENDED, "#%llu is %s",
	    (unsigned long long)c->pub.index,
	    cseal_change_status_name(c->pub.status));
}

/* ---- approve ---- */

static bool
has_approved(
    const struct cseal_state *s, const struct state_change *c, size_t person)
{
	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		if (c->pub.approvals[i].person == person &&
		    count_approval(s, &c->pub.approvals[i]))
			return true;
	}
	return false;
}

static enum rule_id
check_approver(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	size_t person = signer(s, e);
	size_t filled;

	if (person == c->pub.requester)
		return fold_say(e, RULE_APPROVER_IS_REQUESTER, "%s",
		    state_person(s, person)->handle);
	if (person == c->subject)
		return fold_say(e, RULE_APPROVER_IS_SUBJECT, "%s",
		    state_person(s, person)->handle);
	if (has_approved(s, c, person))
		return fold_say(e, RULE_APPROVER_TWICE, "%s",
		    state_person(s, person)->handle);
	filled = count_filled(s, c, STATE_NOBODY);
	if (filled == count_places(s, c))
		return RULE_APPROVE_NEEDLESS;
	if (count_filled(s, c, person) == filled)
		return fold_say(e, RULE_APPROVER_ROLE, "%s",
		    state_person(s, person)->handle);
	return RULE_OK;
}

/* What is in force in the slot must be what the request was made against. */
static enum rule_id
check_still_right(const struct cseal_state *s, const struct state_change *c)
{
	const struct cseal_state_slot *t =
	    state_slot(s, c->pub.store, c->pub.slot);
	const struct state_change *now = NULL;

	if (t != NULL)
		now = state_change(s, t->change);
	if ((now != NULL) != c->pub.has_before ||
	    (now != NULL &&
		memcmp(now->pub.leaf, c->pub.before, CSEAL_HASH_BYTES) != 0))
		return RULE_BEFORE_STALE;
	return RULE_OK;
}

/* A freeze blocks, and the approver must have seen that it was lifted. */
static enum rule_id
check_thawed(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	if (c->pub.kind->authority)
		return RULE_OK;
	if (cseal_state_frozen(s, c->pub.store) != NULL)
		return fold_say(e, RULE_STORE_FROZEN, "%s", c->pub.store);
	for (size_t i = 0; i < s->freezes.n; i++) {
		const struct cseal_state_freeze *f = s->freezes.items[i];

		if (!f->has_key && f->lifted &&
		    f->lifted_at >= e->st.seen.size &&
		    (!f->has_store || strcmp(f->store, c->pub.store) == 0))
			return RULE_LIFT_UNSEEN;
	}
	return RULE_OK;
}

static bool
has_reentered(const struct cseal_act *act, struct cseal_slice name)
{
	for (size_t i = 0; i < act->n_reentered; i++) {
		if (slice_same(act->reentered[i], name))
			return true;
	}
	return false;
}

/* What the approver typed again: fields of the kind, and all that policy asks
 * for, as far as the request has them. */
static enum rule_id
check_reentry(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(s), c->pub.kind);
	const struct cseal_request *q = &c->statement.u.request;
	const struct cseal_act *act = &e->st.u.act;
	const struct cseal_field *f;

	for (size_t i = 0; i < act->n_reentered; i++) {
		if (cseal_kind_field(c->pub.kind,
			(const char *)act->reentered[i].data,
			act->reentered[i].len) == NULL)
			return RULE_FIELDS;
	}
	for (size_t i = 0; i < q->n_fields; i++) {
		f = cseal_kind_field(c->pub.kind,
		    (const char *)q->fields[i].name.data,
		    q->fields[i].name.len);
		if (f != NULL && cseal_policy_reenters(rules, f) &&
		    !has_reentered(act, q->fields[i].name))
			return fold_say(e, RULE_APPROVE_REENTRY, "%s", f->name);
	}
	return RULE_OK;
}

/* The approver's own words: facts, what was shown, typed again, checked. */
static enum rule_id
check_approval(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	const struct cseal_act *act = &e->st.u.act;
	enum rule_id rule = RULE_OK;

	if (!slice_same(act->facts, c->statement.u.request.facts))
		return RULE_APPROVE_FACTS;
	if (!c->pub.kind->authority)
		rule = fold_check_facts(s, e,
		    cseal_policy_change(cseal_state_policy(s), c->pub.kind),
		    &c->pub.facts);
	if (rule != RULE_OK ||
	    (rule = fold_check_commitments(s, &e->st)) != RULE_OK ||
	    (rule = check_reentry(s, e, c)) != RULE_OK)
		return rule;
	return fold_check_evidence(s, e, c);
}

/* What fills the last place of an authority change or a baseline. */
static enum rule_id
check_last_place(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	if (count_filled(s, c, signer(s, e)) < count_places(s, c))
		return RULE_OK;
	if (c->pub.kind->authority)
		return fold_check_completion(s, e, c);
	return c->pub.op == CSEAL_OP_BASELINE ? check_still_right(s, c)
					      : RULE_OK;
}

enum rule_id
fold_check_approve(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_change *c = change_of(s, e);
	enum rule_id rule = check_act(s, e);

	if (rule != RULE_OK)
		return rule;
	if (!state_is_open(c))
		return say_ended(e, c);
	if (count_places(s, c) == 0)
		return fold_say(
		    e, RULE_KIND_NOT_ALLOWED, "%s", c->pub.kind->name);
	if ((rule = check_approver(s, e, c)) != RULE_OK)
		return rule;
	if (e->st.clock > c->pub.not_after)
		return RULE_APPROVE_EXPIRED;
	if (state_policy_now(s)->since >= e->st.seen.size)
		return RULE_POLICY_UNSEEN;
	if ((rule = check_thawed(s, e, c)) != RULE_OK ||
	    (rule = check_approval(s, e, c)) != RULE_OK)
		return rule;
	return check_last_place(s, e, c);
}

static int
add_approval(
    struct cseal_state *s, struct fold_entry *e, struct state_change *c)
{
	struct cseal_state_approval *grown, *a;

	grown = reallocarray(
	    c->pub.approvals, c->pub.n_approvals + 1, sizeof(*grown));
	if (grown == NULL)
		return CSEAL_ERR_NOMEM;
	c->pub.approvals = grown;
	a = &grown[c->pub.n_approvals++];
	a->entry = e->index;
	a->key = e->st.key;
	a->person = signer(s, e);
	a->clock = e->st.clock;
	a->policy = s->policies.n - 1;
	a->lapsed = false;
	memset(a->checks, 0, sizeof(a->checks));
	for (size_t i = 0; i < e->st.u.act.n_checks; i++)
		a->checks[e->st.u.act.checks[i].check - 1] =
		    (uint8_t)e->st.u.act.checks[i].result;
	return CSEAL_OK;
}

/* Cooling-off runs from the latest clock of the approvals that count. */
static uint64_t
cooled_at(const struct cseal_state *s, const struct state_change *c)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(s), c->pub.kind);
	uint64_t latest = 0;

	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		const struct cseal_state_approval *a = &c->pub.approvals[i];

		if (count_approval(s, a) && a->clock > latest)
			latest = a->clock;
	}
	/* Clocks are claims: one near the end of time must not wrap round. */
	return latest > UINT64_MAX - rules->cooling_off
		   ? UINT64_MAX
		   : latest + rules->cooling_off;
}

int
fold_accept_approve(struct cseal_state *s, struct fold_entry *e)
{
	struct state_change *c = change_of(s, e);
	int r;

	fold_note_evidence(c, e->st.u.act.evidence, e->st.u.act.n_evidence);
	if ((r = fold_accept_commitments(s, &e->st)) != CSEAL_OK ||
	    (r = digest_log_step(&c->thread, e->index + 1, e->leaf)) !=
		CSEAL_OK ||
	    (r = add_approval(s, e, c)) != CSEAL_OK)
		return r;
	if (!count_is_approved(s, c))
		return CSEAL_OK;
	c->pub.approved_by = e->index;
	c->pub.apply_not_before = cooled_at(s, c);
	c->pub.status = CSEAL_CHANGE_APPROVED;
	if (c->pub.kind->authority)
		return fold_complete(s, e, c);
	if (c->pub.op == CSEAL_OP_BASELINE)
		return fold_put_in_force(s, c, STATE_NOBODY, e->index);
	return CSEAL_OK;
}

/* ---- reject, withdraw ---- */

/* Anyone whose role is among the places asked for, filled or not. */
static bool
may_reject(
    const struct cseal_state *s, const struct state_change *c, size_t person)
{
	struct cseal_places places;

	if (cseal_change_places(s, &c->pub, &places) != CSEAL_OK ||
	    person == c->pub.requester || person == c->subject)
		return false;
	for (size_t i = 0; i < places.n; i++) {
		if (cseal_roles_has(
			&state_person(s, person)->roles, places.place[i].role))
			return true;
	}
	return false;
}

/* It came into force after the rejecter had looked. */
static bool
is_late(const struct state_change *c, const struct fold_entry *e)
{
	return (c->pub.status == CSEAL_CHANGE_IN_FORCE ||
		   c->pub.status == CSEAL_CHANGE_REPLACED) &&
	       c->pub.decided_by >= e->st.seen.size;
}

bool
fold_is_late_rejection(const struct cseal_state *s, const struct fold_entry *e)
{
	return is_late(change_of(s, e), e);
}

enum rule_id
fold_check_reject(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_change *c = change_of(s, e);
	enum rule_id rule = check_act(s, e);

	if (rule != RULE_OK)
		return rule;
	if (!may_reject(s, c, signer(s, e)))
		return fold_say(e, RULE_REJECTER_ROLE, "%s",
		    state_person(s, signer(s, e))->handle);
	if (!state_is_open(c) && !is_late(c, e))
		return say_ended(e, c);
	return RULE_OK;
}

static int
end_change(struct state_change *c, struct fold_entry *e,
    enum cseal_change_status status)
{
	if (state_is_open(c)) {
		c->pub.status = status;
		c->pub.decided_by = e->index;
	}
	return digest_log_step(&c->thread, e->index + 1, e->leaf);
}

int
fold_accept_reject(struct cseal_state *s, struct fold_entry *e)
{
	return end_change(change_of(s, e), e, CSEAL_CHANGE_REJECTED);
}

enum rule_id
fold_check_withdraw(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_change *c = change_of(s, e);
	enum rule_id rule = check_act(s, e);

	if (rule != RULE_OK)
		return rule;
	if (signer(s, e) != c->pub.requester)
		return fold_say(e, RULE_WITHDRAW_OTHERS, "asked for by %s",
		    state_person(s, c->pub.requester)->handle);
	return state_is_open(c) ? RULE_OK : say_ended(e, c);
}

int
fold_accept_withdraw(struct cseal_state *s, struct fold_entry *e)
{
	return end_change(change_of(s, e), e, CSEAL_CHANGE_WITHDRAWN);
}

/* ---- apply ---- */

/* A and T must be the ledger's own at this place, not only at the seen head. */
static bool
has_moved(const struct cseal_state *s, const struct fold_entry *e,
    const struct state_change *c)
{
	return memcmp(digest_log_last(&s->authority), e->st.authority,
		   CSEAL_HASH_BYTES) != 0 ||
	       memcmp(digest_log_last(&c->thread), e->st.thread,
		   CSEAL_HASH_BYTES) != 0;
}

enum rule_id
fold_check_apply(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_change *c = change_of(s, e);
	const struct cseal_policy_change *rules;
	enum rule_id rule = check_act(s, e);

	if (rule != RULE_OK)
		return rule;
	if (c->pub.kind->authority)
		return RULE_APPLY_AUTHORITY;
	if (!state_is_open(c))
		return say_ended(e, c);
	rules = cseal_policy_change(cseal_state_policy(s), c->pub.kind);
	if (rules == NULL)
		return RULE_KIND_NOT_ALLOWED;
	if (!fold_signer_in(s, e, &rules->may_apply))
		return fold_say(e, RULE_APPLY_ROLE, "%s",
		    state_person(s, signer(s, e))->handle);
	if (c->pub.status != CSEAL_CHANGE_APPROVED || !count_is_approved(s, c))
		return RULE_APPLY_NOT_APPROVED;
	if (cseal_state_frozen(s, c->pub.store) != NULL)
		return fold_say(e, RULE_STORE_FROZEN, "%s", c->pub.store);
	if (has_moved(s, e, c))
		return RULE_APPLY_MOVED;
	if (e->st.clock < cooled_at(s, c))
		return RULE_APPLY_COOLING_OFF;
	if (hashset_has(&s->commitments, e->st.u.act.shown.hash))
		return RULE_COMMITMENT_TWICE;
	return check_still_right(s, c);
}

int
fold_accept_apply(struct cseal_state *s, struct fold_entry *e)
{
	struct state_change *c = change_of(s, e);
	int r;

	r = hashset_add(&s->commitments, e->st.u.act.shown.hash);
	if (r != CSEAL_OK)
		return r;
	if (e->st.u.act.outcome != CSEAL_APPLY_ENTERED)
		return end_change(c, e, CSEAL_CHANGE_FAILED);
	r = digest_log_step(&c->thread, e->index + 1, e->leaf);
	return r != CSEAL_OK ? r
			     : fold_put_in_force(s, c, signer(s, e), e->index);
}

/* ---- in force ---- */

/* The slot's other open changes end; what was in force is replaced. */
static void
supersede(struct cseal_state *s, const struct state_change *c,
    const struct cseal_state_slot *t, uint64_t entry)
{
	state_open_tidy(s);
	for (size_t i = 0; i < s->n_open; i++) {
		struct state_change *o = s->open[i];

		if (o == c || strcmp(o->pub.store, c->pub.store) != 0 ||
		    strcmp(o->pub.slot, c->pub.slot) != 0)
			continue;
		o->pub.status = CSEAL_CHANGE_SUPERSEDED;
		o->pub.decided_by = entry;
	}
	if (t != NULL)
		state_change(s, t->change)->pub.status = CSEAL_CHANGE_REPLACED;
}

/* A contact that changed may ask for more places: what was approved waits. */
static int
note_in_force(struct cseal_state *s, const struct state_change *c)
{
	int r = state_seen_add(s, c);

	if (r != CSEAL_OK || !state_is_contact(c->pub.kind))
		return r;
	state_open_tidy(s);
	for (size_t i = 0; i < s->n_open; i++) {
		struct state_change *o = s->open[i];

		if (o->pub.status == CSEAL_CHANGE_APPROVED &&
		    strcmp(o->pub.store, c->pub.store) == 0 &&
		    !count_is_approved(s, o))
			o->pub.status = CSEAL_CHANGE_ASKED;
	}
	return CSEAL_OK;
}

int
fold_put_in_force(struct cseal_state *s, struct state_change *c, size_t applier,
    uint64_t entry)
{
	struct cseal_state_slot *t = state_slot(s, c->pub.store, c->pub.slot);

	supersede(s, c, t, entry);
	if (t == NULL)
		t = vec_add(&s->slots, sizeof(*t));
	if (t == NULL)
		return CSEAL_ERR_NOMEM;
	memset(t, 0, sizeof(*t));
	memcpy(t->store, c->pub.store, sizeof(t->store));
	memcpy(t->slot, c->pub.slot, sizeof(t->slot));
	t->change = c->pub.index;
	t->since = entry;
	t->applier = applier;
	c->pub.status = CSEAL_CHANGE_IN_FORCE;
	c->pub.decided_by = entry;
	return note_in_force(s, c);
}
