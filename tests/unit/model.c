/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model knows: who counts, what acts do (docs/format.md 5). */

#include "model_within.h"

#include <string.h>

bool
model_is_authority(enum model_what what)
{
	return what >= MODEL_KEY_ADD;
}

bool
model_is_open(const struct model_change *c)
{
	return c->status == CSEAL_CHANGE_ASKED ||
	       c->status == CSEAL_CHANGE_APPROVED;
}

const struct model_change *
model_find(const struct model *m, uint64_t index)
{
	for (size_t i = 0; i < m->n_changes; i++) {
		if (m->changes[i].index == index)
			return &m->changes[i];
	}
	return NULL;
}

struct model_change *
model_change(struct model *m, uint64_t index)
{
	const struct model_change *c = model_find(m, index);

	return c == NULL ? NULL : &m->changes[c - m->changes];
}

size_t
model_signer(const struct model *m, const struct model_act *a)
{
	return m->keys[a->key].person;
}

bool
model_signer_in(
    const struct model *m, const struct model_act *a, unsigned roles)
{
	return (m->persons[model_signer(m, a)].roles & roles) != 0;
}

/* Sums of times end and do not wrap round. */
uint64_t
model_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* ---- Counting ---- */

bool
model_counts(const struct model *m, const struct model_approval *a)
{
	return !a->lapsed && a->policy == m->policies &&
	       !m->keys[a->key].revoked && !m->persons[a->person].left;
}

/* The best matching: each person is left out, or takes either place. */
static unsigned
best(const struct model_kind *k, const unsigned *roles, size_t n,
    unsigned left0, unsigned left1)
{
	unsigned most, with;

	if (n == 0)
		return 0;
	most = best(k, roles + 1, n - 1, left0, left1);
	if (left0 > 0 && (roles[0] & k->role[0]) != 0) {
		with = 1 + best(k, roles + 1, n - 1, left0 - 1, left1);
		most = with > most ? with : most;
	}
	if (left1 > 0 && (roles[0] & k->role[1]) != 0) {
		with = 1 + best(k, roles + 1, n - 1, left0, left1 - 1);
		most = with > most ? with : most;
	}
	return most;
}

/* Places filled by the first `n` approvals, and by one person more. */
unsigned
model_filled(
    const struct model *m, const struct model_change *c, size_t n, size_t extra)
{
	const struct model_kind *k = &m->rules->kind[c->asked.what];
	unsigned roles[MODEL_APPROVALS + 1];
	size_t n_roles = 0;

	for (size_t i = 0; i < n; i++) {
		if (model_counts(m, &c->approvals[i]))
			roles[n_roles++] =
			    m->persons[c->approvals[i].person].roles;
	}
	if (extra != MODEL_NOBODY)
		roles[n_roles++] = m->persons[extra].roles;
	return k->there ? best(k, roles, n_roles, k->count[0], k->count[1]) : 0;
}

unsigned
model_filled_now(const struct model *m, const struct model_change *c)
{
	return model_filled(m, c, c->n_approvals, MODEL_NOBODY);
}

unsigned
model_places(const struct model *m, enum model_what what)
{
	const struct model_kind *k = &m->rules->kind[what];

	return k->there ? k->count[0] + k->count[1] : 0;
}

/* ---- Open: who could still act ---- */

static bool
can_act(const struct model *m, size_t person)
{
	for (size_t i = 0; i < m->n_keys; i++) {
		if (m->keys[i].person == person && !m->keys[i].revoked &&
		    !m->keys[i].monitor)
			return !m->persons[person].left;
	}
	return false;
}

/* Somebody asks, the others, without one of them, fill all places. */
bool
model_possible(const struct model *m, enum model_what what, size_t without)
{
	const struct model_kind *k = &m->rules->kind[what];
	unsigned roles[MODEL_PERSONS];
	size_t n;

	for (size_t i = 0; i < MODEL_PERSONS && k->there; i++) {
		if (!can_act(m, i) || (m->persons[i].roles & k->request) == 0)
			continue;
		n = 0;
		for (size_t j = 0; j < MODEL_PERSONS; j++) {
			if (j != i && j != without && can_act(m, j))
				roles[n++] = m->persons[j].roles;
		}
		if (best(k, roles, n, k->count[0], k->count[1]) ==
		    model_places(m, what))
			return true;
	}
	return false;
}

/* ---- freezes ---- */

bool
model_key_frozen(const struct model *m, uint64_t key)
{
	for (size_t i = 0; i < m->n_freezes; i++) {
		const struct model_freeze *f = &m->freezes[i];

		if (f->has_key && f->key == key && !f->lifted)
			return true;
	}
	return false;
}

/* ---- slots and commitments ---- */

unsigned
model_slot(const struct model *m, const struct model_act *a)
{
	switch (a->what) {
	case MODEL_IBAN: return 100 + a->store * 10 + a->item;
	case MODEL_EMAIL: return 200 + a->store * 10 + a->item;
	case MODEL_KEY_ADD: return 300 + (unsigned)m->spares[a->number].person;
	case MODEL_KEY_REVOKE: return 300 + (unsigned)m->keys[a->number].person;
	case MODEL_PERSON_SET:
	case MODEL_PERSON_LEAVE: return 300 + (unsigned)a->number;
	case MODEL_POLICY_SET: return 400;
	case MODEL_LOG_SET: return 500;
	case MODEL_FREEZE_LIFT: return 600 + (unsigned)a->number;
	case MODEL_WHATS: break;
	}
	return 0;
}

uint64_t
model_in_force(const struct model *m, unsigned slot)
{
	for (size_t i = 0; i < m->n_changes; i++) {
		if (m->changes[i].slot == slot &&
		    m->changes[i].status == CSEAL_CHANGE_IN_FORCE)
			return m->changes[i].index;
	}
	return 0;
}

size_t
model_commits(const struct model_act *a, uint64_t commits[MODEL_COMMITS])
{
	size_t n = 0;

	if (a->kind == CSEAL_REQUEST && !model_is_authority(a->what) &&
	    a->op != CSEAL_OP_REMOVE)
		n = a->what == MODEL_IBAN ? 2 : 1;
	if (a->kind == CSEAL_REQUEST)
		n += (a->reason ? 1u : 0u) + (a->document ? 1u : 0u);
	if (a->kind == CSEAL_APPROVE || a->kind == CSEAL_APPLY ||
	    a->kind == CSEAL_OBSERVE)
		n = 1;
	if (a->kind == CSEAL_APPROVE)
		n += (a->reason ? 1u : 0u) + (a->document ? 1u : 0u);
	for (size_t i = 0; i < n; i++)
		commits[i] = a->commits + i;
	if (n > 0 && a->reused != 0)
		commits[0] = a->reused;
	if (n > 1 && a->lie == MODEL_TWINS)
		commits[1] = commits[0];
	return n;
}

bool
model_is_late(const struct model_act *a, const struct model_change *c)
{
	return (c->status == CSEAL_CHANGE_IN_FORCE ||
		   c->status == CSEAL_CHANGE_REPLACED) &&
	       c->forced >= a->seen;
}

/* ---- what is told of an entry that stands ---- */

static const char *
counter_note(const struct model *m, const struct model_act *a)
{
	uint32_t seen = 0, highest = 0;
	bool there = false;

	for (uint64_t i = 0; i < m->size; i++) {
		const struct model_entry *e = &m->entries[i];

		if (e->key != a->key)
			continue;
		there |= e->counter == a->counter;
		highest = e->counter > highest ? e->counter : highest;
		if (i < a->seen)
			seen = e->counter > seen ? e->counter : seen;
	}
	if (a->counter < seen || (a->counter == seen && a->counter != 0))
		return "counter-falls";
	if (a->counter > highest || highest == 0)
		return NULL;
	return a->counter != 0 && there ? "counter-falls" : "counter-disorder";
}

size_t
model_notes(const struct model *m, const struct model_act *a,
    const char *notes[MODEL_NOTES])
{
	const char *counter = counter_note(m, a);
	size_t n = 0;

	if (a->seen > 0 && model_sum(a->clock, m->rules->tolerance) <
			       m->entries[a->seen - 1].clock)
		notes[n++] = "clock-behind";
	if (counter != NULL)
		notes[n++] = counter;
	if (a->kind >= CSEAL_IGNORED_FROM)
		notes[n++] = "kind-reserved";
	if (a->kind == CSEAL_REJECT &&
	    model_is_late(a, model_find(m, a->change)))
		notes[n++] = "late-rejection";
	return n;
}

/* ---- what an entry that stands does ---- */

/* Approvals that fill no place now, seated in their order, lapse. */
static void
count_anew(struct model *m)
{
	for (size_t i = 0; i < m->n_changes; i++) {
		struct model_change *c = &m->changes[i];
		bool stays[MODEL_APPROVALS];

		if (!model_is_open(c))
			continue;
		for (size_t k = 0; k < c->n_approvals; k++)
			stays[k] = model_filled(m, c, k + 1, MODEL_NOBODY) >
				   model_filled(m, c, k, MODEL_NOBODY);
		for (size_t k = 0; k < c->n_approvals; k++)
			c->approvals[k].lapsed |= !stays[k];
		if (model_filled_now(m, c) < model_places(m, c->asked.what) ||
		    model_places(m, c->asked.what) == 0)
			c->status = CSEAL_CHANGE_ASKED;
	}
}

static void
put_in_force(struct model *m, struct model_change *c)
{
	for (size_t i = 0; i < m->n_changes; i++) {
		struct model_change *o = &m->changes[i];

		if (o == c || o->slot != c->slot)
			continue;
		if (model_is_open(o))
			o->status = CSEAL_CHANGE_SUPERSEDED;
		else if (o->status == CSEAL_CHANGE_IN_FORCE)
			o->status = CSEAL_CHANGE_REPLACED;
	}
	c->status = CSEAL_CHANGE_IN_FORCE;
	c->forced = m->size;
	c->applier = MODEL_NOBODY;
	c->confirmed = 0;
}

/* A change of authority takes effect. */
void
model_complete(struct model *m, struct model_change *c)
{
	const struct model_act *asked = &c->asked;
	struct model_person *p = &m->persons[asked->number % MODEL_PERSONS];

	switch (asked->what) {
	case MODEL_KEY_ADD:
		m->keys[m->n_keys++].person = m->spares[asked->number].person;
		m->spares[asked->number].added = true;
		break;
	case MODEL_KEY_REVOKE: m->keys[asked->number].revoked = true; break;
	case MODEL_PERSON_SET:
		p->there = p->joined = true;
		p->roles = asked->roles;
		break;
	case MODEL_PERSON_LEAVE: p->left = true; break;
	case MODEL_POLICY_SET:
		m->rules = asked->rules;
		m->rules_since = m->size;
		m->policies++;
		break;
	case MODEL_FREEZE_LIFT:
		m->freezes[asked->number].lifted = true;
		m->freezes[asked->number].lifted_at = m->size;
		break;
	default: break;
	}
	count_anew(m);
	m->entries[m->size].moved_a = true;
	put_in_force(m, c);
}

static void
accept_request(struct model *m, const struct model_act *a)
{
	struct model_change *c = &m->changes[m->n_changes++];

	memset(c, 0, sizeof(*c));
	c->asked = *a;
	c->index = m->size;
	c->slot = model_slot(m, a);
	c->requester = model_signer(m, a);
	c->status = CSEAL_CHANGE_ASKED;
	c->subject = MODEL_NOBODY;
	c->reason = a->reason;
	if (a->what >= MODEL_KEY_ADD && a->what <= MODEL_PERSON_LEAVE &&
	    m->persons[c->slot - 300].there)
		c->subject = c->slot - 300;
	if (a->what == MODEL_FREEZE_LIFT && m->freezes[a->number].has_key)
		c->subject = m->keys[m->freezes[a->number].key].person;
}

static void
accept_approve(
    struct model *m, const struct model_act *a, struct model_change *c)
{
	struct model_approval *p = &c->approvals[c->n_approvals++];

	p->key = a->key;
	p->person = model_signer(m, a);
	p->clock = a->clock;
	p->policy = m->policies;
	p->lapsed = false;
	c->reason |= a->reason;
	if (model_filled_now(m, c) < model_places(m, c->asked.what))
		return;
	c->status = CSEAL_CHANGE_APPROVED;
	if (model_is_authority(c->asked.what))
		model_complete(m, c);
	else if (c->asked.op == CSEAL_OP_BASELINE)
		put_in_force(m, c);
}

static void
accept_freeze(struct model *m, const struct model_act *a)
{
	struct model_freeze *f = &m->freezes[m->n_freezes++];

	memset(f, 0, sizeof(*f));
	f->entry = m->size;
	f->has_store = a->kind == CSEAL_OBSERVE || a->has_store;
	f->has_key = a->kind == CSEAL_FREEZE && a->has_key;
	f->store = a->store;
	f->key = a->number;
	m->entries[m->size].moved_a = true;
}

static void
accept_about(struct model *m, const struct model_act *a, struct model_change *c)
{
	m->entries[m->size].about = c->index;
	switch (a->kind) {
	case CSEAL_APPROVE: accept_approve(m, a, c); break;
	case CSEAL_REJECT:
		if (model_is_open(c))
			c->status = CSEAL_CHANGE_REJECTED;
		break;
	case CSEAL_WITHDRAW: c->status = CSEAL_CHANGE_WITHDRAWN; break;
	case CSEAL_APPLY:
		if (a->outcome != CSEAL_APPLY_ENTERED) {
			c->status = CSEAL_CHANGE_FAILED;
			break;
		}
		put_in_force(m, c);
		c->applier = model_signer(m, a);
		break;
	default: break;
	}
}

/* A match confirms if it saw enough, by the policy now, and by whom it says. */
static void
accept_observe(struct model *m, const struct model_act *a)
{
	struct model_change *c =
	    model_change(m, model_in_force(m, model_slot(m, a)));
	const struct model_kind *k;

	if (a->outcome != CSEAL_OBSERVE_MATCH || c == NULL)
		return;
	k = &m->rules->kind[c->asked.what];
	if (k->there && a->level < k->level)
		return;
	if (c->applier != model_signer(m, a) || (k->there && k->himself))
		c->confirmed = m->size;
}

void
model_accept(struct model *m, const struct model_act *a)
{
	struct model_entry *e = &m->entries[m->size];
	struct model_change *c = model_change(m, a->change);

	memset(e, 0, sizeof(*e));
	e->key = a->key;
	e->clock = a->clock;
	e->counter = a->counter;
	(void)model_commits(a, e->commits);
	if (a->kind == CSEAL_OBSERVE)
		accept_observe(m, a);
	if (a->kind == CSEAL_JOIN) {
		m->persons[model_signer(m, a)].joined = true;
		e->moved_a = true;
	} else if (a->kind == CSEAL_REQUEST) {
		accept_request(m, a);
	} else if (a->kind == CSEAL_FREEZE ||
		   (a->kind == CSEAL_OBSERVE &&
		       a->outcome != CSEAL_OBSERVE_MATCH &&
		       m->rules->on_drift)) {
		accept_freeze(m, a);
	} else if ((a->kind >= CSEAL_APPROVE && a->kind <= CSEAL_APPLY) ||
		   a->kind == CSEAL_ERASE) {
		accept_about(m, a, c);
	}
	m->size++;
}
