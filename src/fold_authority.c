/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of authority: persons, keys, rules, the log key and lifts of
 * freezes come and go by the agreement of two persons. One row a detail.
 */

#include <string.h>

#include "counterseal/text.h"

#include "count.h"
#include "fold.h"
#include "records.h"

static struct cseal_slice
detail_of(const struct fold_entry *e)
{
	return e->st.u.request.detail;
}

/* ---- key.add, key.revoke ---- */

static enum rule_id
check_key_add(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct cseal_key k;

	if (cseal_key_parse(&k, detail) != CSEAL_OK)
		return RULE_DETAIL;
	*subject = state_person_index(s, k.handle);
	if (*subject == STATE_NOBODY || state_person(s, *subject)->left)
		return fold_say(e, RULE_KEY_PERSON, "%.*s", (int)k.handle.len,
		    (const char *)k.handle.data);
	return fold_check_key(s, e, &k, NULL);
}

static int
complete_key_add(struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct cseal_key k;
	int r;

	r = cseal_key_parse(&k, c->statement.u.request.detail);
	return r != CSEAL_OK ? r : fold_add_key(s, &k, c->subject, entry);
}

static enum rule_id
check_key_revoke(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct cseal_revocation v;
	const struct state_key *k;

	if (cseal_revocation_parse(&v, detail) != CSEAL_OK)
		return RULE_DETAIL;
	k = state_key(s, v.key);
	if (k == NULL || k->pub.revoked)
		return fold_say(
		    e, RULE_KEY_GONE, "key %llu", (unsigned long long)v.key);
	*subject = k->pub.person;
	return RULE_OK;
}

static int
complete_key_revoke(
    struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct cseal_revocation v;
	struct state_key *k;
	int r;

	r = cseal_revocation_parse(&v, c->statement.u.request.detail);
	if (r != CSEAL_OK)
		return r;
	k = state_key(s, v.key);
	k->pub.revoked = true;
	k->pub.revoked_at = entry;
	k->pub.revoked_reason = v.reason;
	k->pub.lost = v.has_lost;
	k->pub.lost_size = v.lost_size;
	return CSEAL_OK;
}

/* ---- person.set, person.leave ---- */

bool
fold_handle_reserved(struct cseal_slice handle)
{
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (k->authority && k->slot[0] != '\0' &&
		    strlen(k->slot) == handle.len &&
		    memcmp(k->slot, handle.data, handle.len) == 0)
			return true;
	}
	return false;
}

static enum rule_id
check_person_set(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct record_person_set d;
	enum rule_id rule = RULE_OK;

	(void)e;
	if (schema_parse_all(&record_person_set, detail, &d, NULL) != CSEAL_OK)
		return RULE_DETAIL;
	*subject = state_person_index(s, d.person.handle);
	if (d.person.n_roles > CSEAL_PLACES_MAX ||
	    fold_handle_reserved(d.person.handle) ||
	    (*subject == STATE_NOBODY && s->persons.n >= CSEAL_PERSONS_MAX))
		rule = RULE_DETAIL;
	else if (*subject != STATE_NOBODY && state_person(s, *subject)->left)
		rule = RULE_PERSON_GONE;
	else if (d.has_name && hashset_has(&s->commitments, d.name))
		rule = RULE_COMMITMENT_TWICE;
	schema_free(&record_person_set, &d);
	return rule;
}

static void
copy_roles(struct cseal_roles *to, const struct cseal_person *from)
{
	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < from->n_roles && i < CSEAL_PLACES_MAX; i++)
		(void)state_copy(
		    to->names[to->n++], CSEAL_ROLE_BYTES, from->roles[i]);
}

static int
complete_person_set(
    struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct cseal_state_person *p;
	struct record_person_set d;
	size_t i;
	int r;

	(void)entry;
	r = schema_parse_all(
	    &record_person_set, c->statement.u.request.detail, &d, NULL);
	if (r != CSEAL_OK)
		return r;
	i = state_person_index(s, d.person.handle);
	p = i != STATE_NOBODY ? state_person(s, i)
			      : vec_add(&s->persons, sizeof(*p));
	r = CSEAL_ERR_NOMEM;
	if (p != NULL) {
		(void)state_copy(p->handle, sizeof(p->handle), d.person.handle);
		copy_roles(&p->roles, &d.person);
		p->joined = true;
		r = d.has_name ? hashset_add(&s->commitments, d.name)
			       : CSEAL_OK;
	}
	schema_free(&record_person_set, &d);
	return r;
}

static enum rule_id
check_person_leave(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct record_handle_of d;

	(void)e;
	if (schema_parse_all(&record_person_leave, detail, &d, NULL) !=
	    CSEAL_OK)
		return RULE_DETAIL;
	*subject = state_person_index(s, d.handle);
	if (*subject == STATE_NOBODY || state_person(s, *subject)->left)
		return RULE_PERSON_GONE;
	return RULE_OK;
}

static int
complete_person_leave(
    struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	(void)entry;
	state_person(s, c->subject)->left = true;
	return CSEAL_OK;
}

/* ---- policy.set, log.set ---- */

static int
parse_policy(struct cseal_slice detail, struct cseal_policy **out,
    struct cseal_error *err)
{
	struct cseal_policy_text d;
	int r;

	*out = NULL;
	r = schema_parse_all(&record_policy, detail, &d, NULL);
	return r != CSEAL_OK ? r
			     : cseal_policy_parse(out, d.language, d.text, err);
}

static enum rule_id
check_policy_set(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct cseal_policy *p = NULL;
	struct cseal_error err = { 0 };
	int r;

	(void)s;
	(void)subject;
	r = parse_policy(detail, &p, &err);
	cseal_policy_free(p);
	if (r == CSEAL_OK)
		return RULE_OK;
	return err.code == 0 ? RULE_DETAIL
			     : fold_say(e, RULE_POLICY_TEXT, "%.40s: %.100s",
				   err.where, err.what);
}

static int
complete_policy_set(
    struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	const struct cseal_slice detail = c->statement.u.request.detail;
	struct cseal_policy *p = NULL;
	struct cseal_policy_text text;
	int r;

	r = schema_parse_all(&record_policy, detail, &text, NULL);
	if (r == CSEAL_OK)
		r = parse_policy(detail, &p, NULL);
	return r != CSEAL_OK ? r : state_policy_add(s, p, &text, entry);
}

static enum rule_id
check_log_set(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	struct record_log_key d;

	(void)s;
	(void)e;
	(void)subject;
	return schema_parse_all(&record_log_set, detail, &d, NULL) == CSEAL_OK
		   ? RULE_OK
		   : RULE_DETAIL;
}

static int
complete_log_set(struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct record_log_key d;
	int r;

	(void)entry;
	r = schema_parse_all(
	    &record_log_set, c->statement.u.request.detail, &d, NULL);
	if (r != CSEAL_OK)
		return r;
	s->has_log_key = d.has_key;
	memcpy(s->log_key, d.key, sizeof(s->log_key));
	return CSEAL_OK;
}

/* ---- freeze.lift ---- */

static struct cseal_state_freeze *
find_freeze(const struct cseal_state *s, struct cseal_slice detail)
{
	struct record_leaf d;

	if (schema_parse_all(&record_freeze_lift, detail, &d, NULL) != CSEAL_OK)
		return NULL;
	for (size_t i = 0; i < s->freezes.n; i++) {
		struct cseal_state_freeze *f = s->freezes.items[i];

		if (memcmp(f->leaf, d.leaf, sizeof(f->leaf)) == 0)
			return f;
	}
	return NULL;
}

static enum rule_id
check_freeze_lift(const struct cseal_state *s, struct fold_entry *e,
    struct cseal_slice detail, size_t *subject)
{
	const struct cseal_state_freeze *f = find_freeze(s, detail);

	(void)e;
	if (f == NULL || f->lifted)
		return RULE_FREEZE_GONE;
	/* Whose key is frozen does not decide on the lift. */
	if (f->has_key)
		*subject = state_key(s, f->key)->pub.person;
	return RULE_OK;
}

static int
complete_freeze_lift(
    struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct cseal_state_freeze *f =
	    find_freeze(s, c->statement.u.request.detail);

	f->lifted = true;
	f->lifted_at = entry;
	return CSEAL_OK;
}

/* ---- the table ---- */

static const struct {
	enum rule_id (*check)(const struct cseal_state *, struct fold_entry *,
	    struct cseal_slice detail, size_t *subject);
	int (*complete)(
	    struct cseal_state *, struct state_change *, uint64_t entry);
} details[] = {
	[CSEAL_DETAIL_KEY_ADD] = { check_key_add, complete_key_add },
	[CSEAL_DETAIL_KEY_REVOKE] = { check_key_revoke, complete_key_revoke },
	[CSEAL_DETAIL_PERSON_SET] = { check_person_set, complete_person_set },
	[CSEAL_DETAIL_PERSON_LEAVE] = { check_person_leave,
	    complete_person_leave },
	[CSEAL_DETAIL_POLICY_SET] = { check_policy_set, complete_policy_set },
	[CSEAL_DETAIL_LOG_SET] = { check_log_set, complete_log_set },
	[CSEAL_DETAIL_FREEZE_LIFT] = { check_freeze_lift,
	    complete_freeze_lift },
};
#define DETAILS (sizeof(details) / sizeof(details[0]))

/*
 * The slot that the detail asks for: the handle of the person it is about
 * (who need not be in the ledger yet), "policy", "log", or "freeze/ITEM" with
 * the first eight characters of the freeze's short name, so that the lifts
 * of two freezes do not supersede each other.
 */
static bool
slot_fits(const struct cseal_state *s, const struct cseal_kind *k,
    const struct cseal_request *r, size_t subject)
{
	char want[65];
	struct record_person_set d;
	const struct cseal_state_freeze *f;

	(void)memcpy(want, k->slot, strlen(k->slot) + 1);
	if (k->detail == CSEAL_DETAIL_FREEZE_LIFT) {
		f = find_freeze(s, r->detail);
		want[strlen(k->slot)] = '/';
		if (f == NULL)
			return false;
		cseal_base32(f->leaf, 8, want + strlen(k->slot) + 1);
	} else if (k->slot[0] == '\0' && subject != STATE_NOBODY) {
		memcpy(
		    want, state_person(s, subject)->handle, CSEAL_HANDLE_BYTES);
	} else if (k->slot[0] == '\0') {
		if (schema_parse_all(&record_person_set, r->detail, &d, NULL) !=
		    CSEAL_OK)
			return false;
		(void)state_copy(want, sizeof(want), d.person.handle);
		schema_free(&record_person_set, &d);
	}
	return r->slot.len == strlen(want) &&
	       memcmp(r->slot.data, want, r->slot.len) == 0;
}

enum rule_id
fold_check_authority(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_kind *k, size_t *subject)
{
	const struct cseal_request *r = &e->st.u.request;
	enum rule_id rule;

	*subject = STATE_NOBODY;
	if (k->detail >= DETAILS || details[k->detail].check == NULL)
		return RULE_KIND_UNKNOWN;
	if (r->n_fields > 0 || !r->has_detail || r->store.len > 0)
		return RULE_DETAIL;
	rule = details[k->detail].check(s, e, detail_of(e), subject);
	if (rule != RULE_OK)
		return rule;
	return slot_fits(s, k, r, *subject) ? RULE_OK : RULE_SLOT_UNKNOWN;
}

/* Would two persons still be able to mend things after it? */
static enum rule_id
check_admins_after(const struct cseal_state *s, const struct state_change *c)
{
	struct cseal_slice detail = c->statement.u.request.detail;
	struct count_what_if w = COUNT_AS_IT_IS;
	struct cseal_policy *policy = NULL;
	struct record_person_set d = { 0 };
	struct cseal_revocation v;
	struct cseal_roles roles;
	bool possible;

	switch (c->pub.kind->detail) {
	case CSEAL_DETAIL_KEY_REVOKE:
		(void)cseal_revocation_parse(&v, detail);
		w.has_without = true;
		w.without = v.key;
		break;
	case CSEAL_DETAIL_PERSON_SET:
		(void)schema_parse_all(&record_person_set, detail, &d, NULL);
		copy_roles(&roles, &d.person);
		schema_free(&record_person_set, &d);
		w.person = c->subject;
		w.roles = &roles;
		break;
	case CSEAL_DETAIL_PERSON_LEAVE: w.person = c->subject; break;
	case CSEAL_DETAIL_POLICY_SET:
		(void)parse_policy(detail, &policy, NULL);
		w.policy = policy;
		break;
	default: return RULE_OK;
	}
	possible = count_administrable(s, &w);
	cseal_policy_free(policy);
	return possible ? RULE_OK : RULE_ADMINS_LOST;
}

/*
 * Things may have changed since it was asked for, so what was checked at the
 * request is checked again when the last place is filled.
 */
enum rule_id
fold_check_completion(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	size_t subject = STATE_NOBODY;
	enum rule_id rule;

	rule = details[c->pub.kind->detail].check(
	    s, e, c->statement.u.request.detail, &subject);
	return rule != RULE_OK ? rule : check_admins_after(s, c);
}

/*
 * Approvals that count no more lapse for good, and what they had filled is
 * open again. If they only rested, a change could be filled and not approved,
 * with nobody left to approve it.
 */
static void
reopen_changes(struct cseal_state *s)
{
	state_open_tidy(s);
	for (size_t i = 0; i < s->n_open; i++) {
		struct state_change *c = s->open[i];

		count_lapse(s, c);
		if (c->pub.status == CSEAL_CHANGE_APPROVED &&
		    !count_is_approved(s, c))
			c->pub.status = CSEAL_CHANGE_ASKED;
	}
}

int
fold_complete(
    struct cseal_state *s, struct fold_entry *e, struct state_change *c)
{
	int r;

	r = details[c->pub.kind->detail].complete(s, c, e->index);
	if (r != CSEAL_OK)
		return r;
	reopen_changes(s);
	/* The authority digest takes the whole thread, this approval too. */
	r = digest_log_step(
	    &s->authority, e->index + 1, digest_log_last(&c->thread));
	return r != CSEAL_OK ? r
			     : fold_put_in_force(s, c, STATE_NOBODY, e->index);
}
