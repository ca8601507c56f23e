/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the model and the fold hold the same. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model_ledger.h"

struct difference {
	const struct model *m;
	const struct cseal_state *s;
	char *what; /* MODEL_TEXT bytes */
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct difference *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->what, MODEL_TEXT, fmt, ap);
	va_end(ap);
	return false;
}

static bool
same_change(struct difference *r, const struct state_change *c,
    const struct model_change *x)
{
	const struct model *m = r->m;
	size_t counted = 0, steps = 1;

	for (size_t i = 0; i < c->pub.n_approvals; i++)
		counted += c->pub.approvals[i].lapsed ? 0 : 1;
	for (size_t i = 0; i < x->n_approvals; i++)
		counted -= x->approvals[i].lapsed ? 0 : 1;
	for (uint64_t i = 0; i < m->size; i++)
		steps += m->entries[i].about == x->index;
	if (c->pub.index != x->index || c->pub.status != x->status)
		return wrong(r, "#%llu is %s, the model says #%llu is %s",
		    (unsigned long long)c->pub.index,
		    cseal_change_status_name(c->pub.status),
		    (unsigned long long)x->index,
		    cseal_change_status_name(x->status));
	if (c->pub.requester != x->requester ||
	    c->pub.n_approvals != x->n_approvals || counted != 0)
		return wrong(r, "#%llu: other approvals or another requester",
		    (unsigned long long)x->index);
	if (c->thread.n != steps)
		return wrong(r, "#%llu: T moved %zu times, the model says %zu",
		    (unsigned long long)x->index, c->thread.n, steps);
	return true;
}

/* What the fold keeps by slot, the model knows from its changes. */
static bool
same_slots(struct difference *r)
{
	const struct model *m = r->m;
	size_t in_force = 0;

	for (size_t i = 0; i < m->n_changes; i++) {
		const struct state_change *c = r->s->changes.items[i];
		const struct cseal_state_slot *t;

		if (m->changes[i].status != CSEAL_CHANGE_IN_FORCE)
			continue;
		in_force++;
		t = cseal_state_slot_find(r->s, c->pub.store, c->pub.slot);
		if (t == NULL || t->change != c->pub.index ||
		    t->since != m->changes[i].forced)
			return wrong(r, "the slot of #%llu holds another one",
			    (unsigned long long)c->pub.index);
		if (t->confirmed != (m->changes[i].confirmed != 0) ||
		    (t->confirmed &&
			t->confirmed_at != m->changes[i].confirmed))
			return wrong(r, "#%llu is confirmed otherwise",
			    (unsigned long long)c->pub.index);
	}
	return in_force == r->s->slots.n
		   ? true
		   : wrong(r, "%zu slots, the model has %zu", r->s->slots.n,
			 in_force);
}

/* Persons stand in the order in which they came: in the model by handle. */
static bool
same_persons(struct difference *r)
{
	static const char *const handles[MODEL_PERSONS] = { "lin", "mina",
		"petr", "omar", "zoe", "yan" };
	static const char *const roles[MODEL_ROLES] = { "admin", "approver",
		"operator", "finance" };
	const struct model *m = r->m;

	for (size_t i = 0; i < MODEL_PERSONS; i++) {
		const struct cseal_state_person *p =
		    cseal_state_person_find(r->s, handles[i]);
		unsigned bits = 0;

		for (unsigned k = 0; k < MODEL_ROLES && p != NULL; k++)
			bits |=
			    cseal_roles_has(&p->roles, roles[k]) ? 1u << k : 0;
		if ((p != NULL) != m->persons[i].there ||
		    (p != NULL && (p->joined != m->persons[i].joined ||
				      p->left != m->persons[i].left ||
				      bits != m->persons[i].roles)))
			return wrong(r, "%s is another", handles[i]);
	}
	return true;
}

static bool
same_keys(struct difference *r)
{
	const struct model *m = r->m;

	if (r->s->keys.n != m->n_keys)
		return wrong(
		    r, "%zu keys, the model has %zu", r->s->keys.n, m->n_keys);
	for (size_t i = 0; i < m->n_keys; i++) {
		const struct cseal_state_key *k = cseal_state_key(r->s, i);

		if (k->revoked != m->keys[i].revoked ||
		    k->monitor != m->keys[i].monitor)
			return wrong(r, "key %zu is another", i);
	}
	return true;
}

static bool
same_freezes(struct difference *r)
{
	const struct model *m = r->m;

	if (r->s->freezes.n != m->n_freezes)
		return wrong(r, "%zu freezes, the model has %zu",
		    r->s->freezes.n, m->n_freezes);
	for (size_t i = 0; i < m->n_freezes; i++) {
		const struct cseal_state_freeze *f =
		    cseal_state_freeze(r->s, i);

		if (f->entry != m->freezes[i].entry ||
		    f->lifted != m->freezes[i].lifted ||
		    f->lifted_at != m->freezes[i].lifted_at ||
		    f->has_key != m->freezes[i].has_key ||
		    f->has_store != m->freezes[i].has_store)
			return wrong(r, "freeze %zu is another", i);
	}
	return true;
}

bool
model_same(
    const struct model *m, const struct cseal_state *s, char what[MODEL_TEXT])
{
	struct difference d = { m, s, what }, *r = &d;
	size_t moved = 0;

	for (uint64_t i = 0; i < m->size; i++)
		moved += m->entries[i].moved_a;
	if (cseal_state_size(s) != m->size || s->changes.n != m->n_changes ||
	    s->policies.n != m->policies + 1)
		return wrong(r, "not as many entries, changes or policies");
	if (s->authority.n != moved)
		return wrong(r, "A moved %zu times, the model says %zu",
		    s->authority.n, moved);
	for (size_t i = 0; i < m->n_changes; i++) {
		if (!same_change(r, s->changes.items[i], &m->changes[i]))
			return false;
	}
	return same_slots(r) && same_persons(r) && same_keys(r) &&
	       same_freezes(r);
}
