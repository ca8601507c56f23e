/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key that was lost may have been in other hands from an attested tree size
 * on: what it sealed from there is told, until it is settled.
 */

#include <stdlib.h>

#include "replay.h"

/* The change that the entry is about: each one grew the thread. */
static const struct state_change *
change_about(const struct cseal_state *s, uint64_t entry)
{
	for (size_t i = 0; i < s->changes.n; i++) {
		const struct state_change *c = s->changes.items[i];

		for (size_t k = 0; k < c->thread.n; k++) {
			if (c->thread.items[k].size == entry + 1)
				return c;
		}
	}
	return NULL;
}

static int
tell_key(struct cseal_replay *r, const struct state_key *k)
{
	const struct state_change *c;
	struct fold_entry doubted;
	int err = CSEAL_OK;

	for (size_t i = 0; i < k->counts.n && err == CSEAL_OK; i++) {
		const struct state_count *n = k->counts.items[i];

		if (n->entry < k->pub.lost_size)
			continue;
		doubted = (struct fold_entry){ .index = n->entry };
		c = change_about(r->state, n->entry);
		if (c != NULL) {
			doubted.st.kind = CSEAL_APPROVE;
			doubted.st.u.act.index = c->pub.index;
		}
		err = replay_add_finding(r, RULE_SEALED_IN_DOUBT, &doubted, "");
	}
	return err;
}

int
replay_tell_doubts(struct cseal_replay *r, const struct fold_entry *e)
{
	int err = CSEAL_OK;

	for (size_t i = 0; i < r->state->keys.n && err == CSEAL_OK; i++) {
		const struct state_key *k = r->state->keys.items[i];

		if (k->pub.lost && k->pub.revoked_at == e->index)
			err = tell_key(r, k);
	}
	return err;
}

/* ---- what settles it ---- */

/* By which entry the key was revoked that sealed this one. */
static uint64_t
revoked_at(const struct cseal_state *s, uint64_t entry)
{
	for (size_t i = 0; i < s->keys.n; i++) {
		const struct state_key *k = s->keys.items[i];

		for (size_t j = 0; j < k->counts.n; j++) {
			if (((struct state_count *)k->counts.items[j])->entry ==
			    entry)
				return k->pub.revoked_at;
		}
	}
	return UINT64_MAX;
}

static bool
is_settled(const struct cseal_state *s, uint64_t entry)
{
	const struct state_change *c = change_about(s, entry);
	const struct cseal_state_freeze *f;

	if (c != NULL)
		return (!state_is_open(c) &&
			   c->pub.status != CSEAL_CHANGE_IN_FORCE) ||
		       c->pub.approved_by > revoked_at(s, entry);
	for (size_t i = 0; (f = cseal_state_freeze(s, i)) != NULL; i++) {
		if (f->entry == entry)
			return f->lifted;
	}
	return false;
}

void
replay_settle(struct cseal_replay *r)
{
	const struct cseal_rule *doubt = rule_row(RULE_SEALED_IN_DOUBT);
	size_t n = 0;

	for (size_t i = 0; i < r->findings.n; i++) {
		struct cseal_finding *f = r->findings.items[i];

		if (f->rule == doubt && is_settled(r->state, f->entry))
			free(f);
		else
			r->findings.items[n++] = f;
	}
	r->findings.n = n;
}
