/* SPDX-License-Identifier: BSD-2-Clause */
/* Rule after rule, in the order of docs/format.md section 5. */

#include "model_within.h"

/* `before` is what is in force in the slot; of a baseline nothing is. */
static const char *
before_broken(
    const struct model *m, const struct model_act *asked, unsigned slot)
{
	if (asked->lie == MODEL_BEFORE ||
	    asked->before != model_in_force(m, slot) ||
	    (asked->op == CSEAL_OP_BASELINE && asked->before != 0))
		return "before-stale";
	return NULL;
}

static const char *
commits_broken(const struct model *m, const struct model_act *a)
{
	uint64_t commits[MODEL_COMMITS];
	size_t n = model_commits(a, commits);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (commits[i] == commits[j])
				return "commitment-twice";
		}
		for (size_t e = 0; e < m->size; e++) {
			for (size_t j = 0; j < MODEL_COMMITS; j++) {
				if (m->entries[e].commits[j] == commits[i])
					return "commitment-twice";
			}
		}
	}
	return NULL;
}

static const char *
thawed_broken(const struct model *m, const struct model_act *a, unsigned store)
{
	const char *say = NULL;

	for (size_t i = 0; i < m->n_freezes; i++) {
		const struct model_freeze *f = &m->freezes[i];

		if (f->has_key || (f->has_store && f->store != store))
			continue;
		if (!f->lifted)
			return "store-frozen";
		if (f->lifted_at >= a->seen)
			say = "lift-unseen";
	}
	return say;
}

/* ---- request ---- */

static bool
is_gone(const struct model *m, size_t person)
{
	return !m->persons[person].there || m->persons[person].left;
}

/* The rules of a change of authority's detail. */
static const char *
detail_broken(const struct model *m, const struct model_act *asked)
{
	uint64_t n = asked->number;

	switch (asked->what) {
	case MODEL_KEY_ADD:
		if (is_gone(m, m->spares[n].person))
			return "key-person";
		if (m->rules->attested)
			return "key-attestation";
		return m->spares[n].added ? "key-nonce" : NULL;
	case MODEL_KEY_REVOKE:
		return n >= m->n_keys || m->keys[n].revoked ? "key-gone" : NULL;
	case MODEL_PERSON_SET: return m->persons[n].left ? "person-gone" : NULL;
	case MODEL_PERSON_LEAVE: return is_gone(m, n) ? "person-gone" : NULL;
	case MODEL_POLICY_SET:
		return asked->lie == MODEL_POLICY ? "policy-text" : NULL;
	case MODEL_FREEZE_LIFT:
		return n >= m->n_freezes || m->freezes[n].lifted ? "freeze-gone"
								 : NULL;
	default: return NULL;
	}
}

static const char *
target_broken(const struct model *m, const struct model_act *a)
{
	const char *say;
	unsigned slots;

	if (model_is_authority(a->what)) {
		if (a->lie == MODEL_FIELDS || a->lie == MODEL_DETAIL ||
		    a->lie == MODEL_STORE)
			return "detail";
		if ((say = detail_broken(m, a)) != NULL)
			return say;
		return a->lie == MODEL_SLOT ? "slot-unknown" : NULL;
	}
	if (a->lie == MODEL_SLOT)
		return "slot-unknown";
	slots = m->rules->has_store[a->store] ? m->rules->store[a->store]
					      : m->rules->any;
	if (a->lie == MODEL_STORE || (slots & 1u << a->what) == 0)
		return "store-unknown";
	if (a->lie == MODEL_DETAIL)
		return "detail";
	return a->lie == MODEL_FIELDS ? "fields" : NULL;
}

static const char *
request_broken(const struct model *m, const struct model_act *a)
{
	const struct model_kind *k = &m->rules->kind[a->what];
	const char *say;

	if (a->lie == MODEL_KIND)
		return "kind-unknown";
	if (!k->there)
		return "kind-not-allowed";
	if (a->op != CSEAL_OP_REPLACE && a->what != MODEL_IBAN &&
	    (a->what != MODEL_EMAIL || a->op != CSEAL_OP_BASELINE))
		return "op-not-allowed";
	if (!model_signer_in(m, a, k->request))
		return "requester-role";
	if (a->not_after <= a->clock ||
	    a->not_after > model_sum(a->clock, k->lives))
		return "lifetime";
	if ((say = target_broken(m, a)) != NULL ||
	    (say = commits_broken(m, a)) != NULL)
		return say;
	return before_broken(m, a, model_slot(m, a));
}

/* ---- acts about a change ---- */

static const char *
about_broken(const struct model *m, const struct model_act *a)
{
	if (model_find(m, a->change) == NULL)
		return "change-unknown";
	if (a->lie == MODEL_LEAF)
		return "change-leaf";
	if (a->change >= a->seen)
		return "change-unseen";
	return a->lie == MODEL_T ? "thread-digest" : NULL;
}

/* Nobody could mend the ledger after it. */
static bool
loses_admins(const struct model *m, const struct model_change *c)
{
	struct model then = *m;

	if (c->asked.what < MODEL_KEY_REVOKE ||
	    c->asked.what > MODEL_POLICY_SET)
		return false;
	model_complete(&then, model_change(&then, c->index));
	return !model_possible(&then, MODEL_KEY_ADD, MODEL_NOBODY) ||
	       !model_possible(&then, MODEL_KEY_REVOKE, MODEL_NOBODY) ||
	       !model_possible(&then, MODEL_POLICY_SET, MODEL_NOBODY);
}

static const char *
last_place_broken(const struct model *m, const struct model_change *c)
{
	const char *say;

	if (c->asked.op == CSEAL_OP_BASELINE)
		return before_broken(m, &c->asked, c->slot);
	if (!model_is_authority(c->asked.what))
		return NULL;
	if ((say = detail_broken(m, &c->asked)) != NULL)
		return say;
	return loses_admins(m, c) ? "admins-lost" : NULL;
}

static const char *
approver_broken(const struct model *m, const struct model_act *a,
    const struct model_change *c)
{
	size_t who = model_signer(m, a);

	if (who == c->requester)
		return "approver-is-requester";
	if (who == c->subject)
		return "approver-is-subject";
	for (size_t i = 0; i < c->n_approvals; i++) {
		if (c->approvals[i].person == who &&
		    model_counts(m, &c->approvals[i]))
			return "approver-twice";
	}
	if (model_filled_now(m, c) == model_places(m, c->asked.what))
		return "approve-needless";
	if (model_filled(m, c, c->n_approvals, who) == model_filled_now(m, c))
		return "approver-role";
	return NULL;
}

/* A removal has no fields; an address is nothing but the account. */
static bool
reentry_broken(const struct model *m, const struct model_act *a,
    const struct model_change *c)
{
	unsigned wanted = m->rules->kind[c->asked.what].reenter;

	if (model_is_authority(c->asked.what) ||
	    c->asked.op == CSEAL_OP_REMOVE || wanted == 0)
		return false;
	return a->reentered == 0 ||
	       (a->reentered < wanted && c->asked.what == MODEL_IBAN);
}

static unsigned
gives(const struct model_act *a)
{
	return (a->reason ? MODEL_WANT_REASON : 0u) |
	       (a->document ? MODEL_WANT_DOCUMENT : 0u) |
	       (a->callback == 1 ? MODEL_WANT_CALLBACK : 0u) |
	       (a->names == 1 ? MODEL_WANT_NAME : 0u);
}

/* What it rests on, with the request. */
static const char *
evidence_broken(const struct model *m, const struct model_act *a,
    const struct model_change *c)
{
	if (a->callback == 3 || a->names == 3)
		return "approve-check";
	return !model_is_authority(c->asked.what) &&
		       (m->rules->kind[c->asked.what].evidence &
			   ~(gives(a) | gives(&c->asked))) != 0
		   ? "approve-evidence"
		   : NULL;
}

static const char *
approve_broken(const struct model *m, const struct model_act *a)
{
	const struct model_change *c = model_find(m, a->change);
	const char *say = about_broken(m, a);

	if (say != NULL)
		return say;
	if (!model_is_open(c))
		return "change-ended";
	if (!m->rules->kind[c->asked.what].there)
		return "kind-not-allowed";
	if ((say = approver_broken(m, a, c)) != NULL)
		return say;
	if (a->clock > c->asked.not_after)
		return "approve-expired";
	if (m->rules_since >= a->seen)
		return "policy-unseen";
	if (!model_is_authority(c->asked.what) &&
	    (say = thawed_broken(m, a, c->asked.store)) != NULL)
		return say;
	if (a->lie == MODEL_FACTS)
		return "approve-facts";
	if ((say = commits_broken(m, a)) != NULL)
		return say;
	if (a->lie == MODEL_NAMES)
		return "fields";
	if (reentry_broken(m, a, c))
		return "approve-reentry";
	if ((say = evidence_broken(m, a, c)) != NULL)
		return say;
	return model_filled(m, c, c->n_approvals, model_signer(m, a)) ==
		       model_places(m, c->asked.what)
		   ? last_place_broken(m, c)
		   : NULL;
}

static const char *
reject_broken(const struct model *m, const struct model_act *a)
{
	const struct model_change *c = model_find(m, a->change);
	const char *say = about_broken(m, a);
	const struct model_kind *k;

	if (say != NULL)
		return say;
	k = &m->rules->kind[c->asked.what];
	if (!k->there || model_signer(m, a) == c->requester ||
	    model_signer(m, a) == c->subject ||
	    !model_signer_in(m, a,
		(k->count[0] > 0 ? k->role[0] : 0) |
		    (k->count[1] > 0 ? k->role[1] : 0)))
		return "rejecter-role";
	return model_is_open(c) || model_is_late(a, c) ? NULL : "change-ended";
}

static const char *
withdraw_broken(const struct model *m, const struct model_act *a)
{
	const struct model_change *c = model_find(m, a->change);
	const char *say = about_broken(m, a);

	if (say != NULL)
		return say;
	if (model_signer(m, a) != c->requester)
		return "withdraw-others";
	return model_is_open(c) ? NULL : "change-ended";
}

/* Something came between that the signer had not seen. */
static bool
has_moved(const struct model *m, const struct model_act *a)
{
	for (uint64_t i = a->seen; i < m->size; i++) {
		if (m->entries[i].moved_a || m->entries[i].about == a->change)
			return true;
	}
	return false;
}

static uint64_t
cooled(const struct model *m, const struct model_change *c)
{
	uint64_t latest = 0;

	for (size_t i = 0; i < c->n_approvals; i++) {
		if (model_counts(m, &c->approvals[i]) &&
		    c->approvals[i].clock > latest)
			latest = c->approvals[i].clock;
	}
	return model_sum(latest, m->rules->kind[c->asked.what].cooling);
}

static const char *
apply_broken(const struct model *m, const struct model_act *a)
{
	static const struct model_act all_seen = { .seen = UINT64_MAX };
	const struct model_change *c = model_find(m, a->change);
	const char *say = about_broken(m, a);

	if (say != NULL)
		return say;
	if (model_is_authority(c->asked.what))
		return "apply-authority";
	if (!model_is_open(c))
		return "change-ended";
	if (!m->rules->kind[c->asked.what].there)
		return "kind-not-allowed";
	if (!model_signer_in(m, a, m->rules->kind[c->asked.what].apply))
		return "apply-role";
	if (c->status != CSEAL_CHANGE_APPROVED)
		return "apply-not-approved";
	if (thawed_broken(m, &all_seen, c->asked.store) != NULL)
		return "store-frozen";
	if (has_moved(m, a))
		return "apply-moved";
	if (a->clock < cooled(m, c))
		return "apply-cooling-off";
	if ((say = commits_broken(m, a)) != NULL)
		return say;
	return before_broken(m, &c->asked, c->slot);
}

static const char *
erase_broken(const struct model *m, const struct model_act *a)
{
	const struct model_change *c = model_find(m, a->change);
	const char *say = about_broken(m, a);

	if (say != NULL)
		return say;
	if (!model_signer_in(m, a, MODEL_ADMIN))
		return "erase-role";
	if (model_is_open(c) || c->status == CSEAL_CHANGE_IN_FORCE)
		return "erase-open";
	return a->lie == MODEL_NAMES || !c->reason ? "fields" : NULL;
}

/* ---- the others ---- */

static const char *
observe_broken(const struct model *m, const struct model_act *a)
{
	unsigned slots = m->rules->has_store[a->store]
			     ? m->rules->store[a->store]
			     : m->rules->any;
	const struct model_kind *k = &m->rules->kind[a->what];

	if (a->lie == MODEL_SLOT || (slots & 1u << a->what) == 0)
		return "store-unknown";
	if (!k->there || !model_signer_in(m, a, k->observe))
		return "observer-role";
	return commits_broken(m, a);
}

static const char *
freeze_broken(const struct model *m, const struct model_act *a)
{
	struct model then = *m;

	if (a->has_store && a->has_key)
		return "freeze-target";
	if (!model_signer_in(m, a, m->rules->freeze_by))
		return "freeze-role";
	if (!a->has_key)
		return NULL;
	if (a->number >= m->n_keys || m->keys[a->number].revoked ||
	    model_key_frozen(m, a->number))
		return "key-gone";
	for (size_t i = 0; i < m->n_keys; i++)
		then.keys[i].revoked |=
		    i == a->number || model_key_frozen(m, i);
	return model_possible(
		   &then, MODEL_FREEZE_LIFT, m->keys[a->number].person)
		   ? NULL
		   : "freeze-locks";
}

static const char *
join_broken(const struct model *m, const struct model_act *a)
{
	if (a->lie == MODEL_LEAF)
		return "join-genesis";
	return m->persons[model_signer(m, a)].joined ? "join-needless" : NULL;
}

static const char *
endorse_broken(const struct model *m, const struct model_act *a)
{
	(void)m;
	return a->number > a->seen || a->lie == MODEL_LEAF ? "endorse-root"
							   : NULL;
}

/* ---- what every entry meets ---- */

static const char *
signer_broken(const struct model *m, const struct model_act *a)
{
	const struct model_key *k;

	if (a->key >= m->n_keys)
		return "key-unknown";
	k = &m->keys[a->key];
	if (k->revoked)
		return "key-revoked";
	if (m->persons[k->person].left)
		return "person-left";
	if (model_key_frozen(m, a->key))
		return "key-frozen";
	if (k->monitor &&
	    (a->kind != CSEAL_OBSERVE || a->outcome == CSEAL_OBSERVE_MATCH))
		return "monitor-acts";
	if (a->lie == MODEL_UP && !k->monitor)
		return "seal-touch";
	if (a->lie == MODEL_UV && !k->monitor && !m->rules->uv_optional)
		return "seal-verification";
	return NULL;
}

static const char *
head_broken(const struct model *m, const struct model_act *a)
{
	if (a->seen > m->size)
		return "head-ahead";
	if (a->lie == MODEL_ROOT)
		return "head-forked";
	/* At size 0 there is no A. */
	return a->lie == MODEL_A || a->seen == 0 ? "authority-digest" : NULL;
}

bool
model_is_founded(const struct model *m)
{
	for (size_t i = 0; i < MODEL_PERSONS; i++) {
		if (m->persons[i].there && !m->persons[i].joined)
			return false;
	}
	return true;
}

const char *
model_judge(const struct model *m, const struct model_act *a)
{
	static const char *(*const kinds[])(
	    const struct model *, const struct model_act *) = {
		[CSEAL_JOIN] = join_broken,
		[CSEAL_REQUEST] = request_broken,
		[CSEAL_APPROVE] = approve_broken,
		[CSEAL_REJECT] = reject_broken,
		[CSEAL_WITHDRAW] = withdraw_broken,
		[CSEAL_APPLY] = apply_broken,
		[CSEAL_OBSERVE] = observe_broken,
		[CSEAL_FREEZE] = freeze_broken,
		[CSEAL_ERASE] = erase_broken,
		[CSEAL_ENDORSE] = endorse_broken,
	};
	const char *say;

	if (a->lie == MODEL_LEDGER)
		return "ledger-other";
	if (a->copy)
		return "statement-copy";
	if ((say = signer_broken(m, a)) != NULL ||
	    (say = head_broken(m, a)) != NULL)
		return say;
	if (!model_is_founded(m) && a->kind != CSEAL_JOIN)
		return "not-founded";
	return a->kind >= CSEAL_IGNORED_FROM ? NULL : kinds[a->kind](m, a);
}
