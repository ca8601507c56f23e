/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of authority: keys come and go by the agreement of two persons. */

#include <string.h>

#include "counterseal/offer.h"
#include "counterseal/token.h"

#include "count.h"
#include "digest.h"
#include "fold.h"

/* ---- one key record ---- */

static void
key_rp_id(const struct cseal_state *s, const struct cseal_key *k,
    struct cseal_slice *rp_id)
{
	rp_id->data = (const uint8_t *)s->rp_id;
	rp_id->len = strlen(s->rp_id);
	if (k->has_rp_id)
		*rp_id = k->rp_id;
}

static int
hash_of(struct cseal_slice p, uint8_t out[CSEAL_HASH_BYTES])
{
	return digest_sha256(out, &p, 1);
}

static int
key_hashes(const struct cseal_key *k, const struct cseal_credential *c,
    const struct cseal_pubkey *pubkey, uint8_t out[3][CSEAL_HASH_BYTES])
{
	struct cseal_slice nonce = { k->nonce, sizeof(k->nonce) };
	int r;

	if ((r = hash_of(nonce, out[0])) != CSEAL_OK ||
	    (r = hash_of(c->id, out[1])) != CSEAL_OK)
		return r;
	return hash_of(cseal_pubkey_raw(pubkey), out[2]);
}

static enum rule_id
check_credential(const struct cseal_state *s, const struct cseal_key *k,
    const struct cseal_credential *c)
{
	bool software =
	    memcmp(c->aaguid, cseal_software_aaguid, sizeof(c->aaguid)) == 0;

	if (software != (k->verdict.level == CSEAL_VERDICT_SOFTWARE))
		return RULE_KEY_PROOF;
	if (software && !s->demo)
		return RULE_KEY_SOFTWARE;
	if (k->verdict.level < cseal_policy_attestation(cseal_state_policy(s)))
		return RULE_KEY_ATTESTATION;
	if ((c->auth_data.data[32] & CSEAL_FLAG_BE) != 0 &&
	    !cseal_policy_synced(cseal_state_policy(s)))
		return RULE_SEAL_SYNCED;
	return RULE_OK;
}

enum rule_id
fold_check_key(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_key *k, const struct cseal_genesis *genesis)
{
	struct cseal_credential c;
	struct cseal_pubkey *pubkey = NULL;
	struct cseal_error err = { 0 };
	struct cseal_slice rp_id;
	uint8_t hashes[3][CSEAL_HASH_BYTES];
	enum rule_id rule;

	key_rp_id(s, k, &rp_id);
	if (cseal_key_check(k, genesis != NULL ? &genesis->org : NULL, s->id,
		rp_id, &c, &pubkey, &err) != CSEAL_OK)
		return fold_say(e, RULE_KEY_PROOF, "key of %.*s: %.100s",
		    (int)k->handle.len, (const char *)k->handle.data, err.what);
	rule = check_credential(s, k, &c);
	if (rule != RULE_OK)
		;
	else if (key_hashes(k, &c, pubkey, hashes) != CSEAL_OK)
		rule = RULE_KEY_PROOF;
	else if (hashset_has(&s->nonces, hashes[0]))
		rule = RULE_KEY_NONCE;
	else if (hashset_has(&s->credentials, hashes[1]) ||
		 hashset_has(&s->pubkeys, hashes[2]))
		rule = RULE_KEY_TWICE;
	cseal_pubkey_free(pubkey);
	return rule;
}

int
fold_add_key(struct cseal_state *s, const struct cseal_key *k, size_t person,
    const struct cseal_genesis *genesis, uint64_t since)
{
	uint8_t hashes[3][CSEAL_HASH_BYTES];
	struct cseal_credential c;
	struct cseal_slice rp_id;
	struct state_key *to;
	int r;

	to = vec_add(&s->keys, sizeof(*to));
	if (to == NULL)
		return CSEAL_ERR_NOMEM;
	key_rp_id(s, k, &rp_id);
	r = cseal_key_check(k, genesis != NULL ? &genesis->org : NULL, s->id,
	    rp_id, &c, &to->pub.pubkey, NULL);
	if (r != CSEAL_OK)
		return r;
	to->pub.number = s->keys.n - 1;
	to->pub.person = person;
	to->pub.verdict = k->verdict.level;
	to->pub.monitor = k->monitor;
	to->pub.since = since;
	memcpy(to->pub.aaguid, c.aaguid, sizeof(to->pub.aaguid));
	(void)state_copy(to->pub.rp_id, sizeof(to->pub.rp_id), rp_id);
	cseal_buf_init(&to->pub.credential, CSEAL_CREDENTIAL_MAX);
	if ((r = cseal_buf_add(&to->pub.credential, c.id.data, c.id.len)) !=
		CSEAL_OK ||
	    (r = key_hashes(k, &c, to->pub.pubkey, hashes)) != CSEAL_OK ||
	    (r = hashset_add(&s->nonces, hashes[0])) != CSEAL_OK ||
	    (r = hashset_add(&s->credentials, hashes[1])) != CSEAL_OK)
		return r;
	return hashset_add(&s->pubkeys, hashes[2]);
}

/* ---- requests of authority changes ---- */

static enum rule_id
check_key_add(
    const struct cseal_state *s, struct fold_entry *e, size_t *subject)
{
	struct cseal_key k;

	if (cseal_key_parse(&k, e->st.u.request.detail) != CSEAL_OK)
		return RULE_DETAIL;
	*subject = state_person_index(s, k.handle);
	if (*subject == STATE_NOBODY || state_person(s, *subject)->left)
		return fold_say(e, RULE_KEY_PERSON, "%.*s", (int)k.handle.len,
		    (const char *)k.handle.data);
	return fold_check_key(s, e, &k, NULL);
}

static enum rule_id
check_key_revoke(
    const struct cseal_state *s, struct fold_entry *e, size_t *subject)
{
	struct cseal_revocation v;
	const struct state_key *k;

	if (cseal_revocation_parse(&v, e->st.u.request.detail) != CSEAL_OK)
		return RULE_DETAIL;
	k = state_key(s, v.key);
	if (k == NULL || k->pub.revoked)
		return fold_say(
		    e, RULE_KEY_GONE, "key %llu", (unsigned long long)v.key);
	*subject = k->pub.person;
	return RULE_OK;
}

/* After the revocation two persons must still be able to mend things. */
static enum rule_id
check_admins(const struct cseal_state *s, uint64_t without)
{
	static const char *const names[] = { "key.add", "key.revoke" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct cseal_kind *k =
		    cseal_kind_find(names[i], strlen(names[i]));

		if (k == NULL || !count_possible(s, k, without))
			return RULE_ADMINS_LOST;
	}
	return RULE_OK;
}

static int
complete_key_add(struct cseal_state *s, struct state_change *c, uint64_t entry)
{
	struct cseal_key k;
	int r;

	r = cseal_key_parse(&k, c->statement.u.request.detail);
	return r != CSEAL_OK ? r : fold_add_key(s, &k, c->subject, NULL, entry);
}

/* Approvals by the key count no more: what they had filled is open again. */
static void
reopen_changes(struct cseal_state *s)
{
	for (size_t i = 0; i < s->changes.n; i++) {
		struct state_change *c = s->changes.items[i];

		if (c->pub.status == CSEAL_CHANGE_APPROVED &&
		    count_filled(s, c, STATE_NOBODY) <
			count_places(s, c->pub.kind))
			c->pub.status = CSEAL_CHANGE_ASKED;
	}
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
	reopen_changes(s);
	return CSEAL_OK;
}

/* One row a detail: how it is checked when asked for, and done. */
static const struct {
	enum rule_id (*check)(
	    const struct cseal_state *, struct fold_entry *, size_t *subject);
	int (*complete)(
	    struct cseal_state *, struct state_change *, uint64_t entry);
} details[] = {
	[CSEAL_DETAIL_KEY_ADD] = { check_key_add, complete_key_add },
	[CSEAL_DETAIL_KEY_REVOKE] = { check_key_revoke, complete_key_revoke },
};
#define DETAILS (sizeof(details) / sizeof(details[0]))

/* The slot of an authority change is its subject's handle. */
static bool
slot_fits(
    const struct cseal_state *s, const struct fold_entry *e, size_t subject)
{
	const struct cseal_request *r = &e->st.u.request;
	const char *handle = state_person(s, subject)->handle;

	return r->slot.len == strlen(handle) &&
	       memcmp(r->slot.data, handle, r->slot.len) == 0;
}

enum rule_id
fold_check_authority(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_kind *k, size_t *subject)
{
	const struct cseal_request *r = &e->st.u.request;
	enum rule_id rule;

	if (k->detail >= DETAILS || details[k->detail].check == NULL)
		return RULE_KIND_UNKNOWN;
	if (r->n_fields > 0 || !r->has_detail || r->store.len > 0)
		return RULE_DETAIL;
	rule = details[k->detail].check(s, e, subject);
	if (rule != RULE_OK)
		return rule;
	return slot_fits(s, e, *subject) ? RULE_OK : RULE_SLOT_UNKNOWN;
}

/*
 * The key may have come or gone by another change meanwhile, so what was
 * checked at the request is checked again when the last place is filled.
 */
enum rule_id
fold_check_completion(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	const struct cseal_request *r = &c->statement.u.request;
	struct cseal_revocation v;
	const struct state_key *k;
	struct cseal_key key;

	if (c->pub.kind->detail == CSEAL_DETAIL_KEY_ADD) {
		if (cseal_key_parse(&key, r->detail) != CSEAL_OK)
			return RULE_DETAIL;
		return fold_check_key(s, e, &key, NULL);
	}
	if (cseal_revocation_parse(&v, r->detail) != CSEAL_OK)
		return RULE_DETAIL;
	k = state_key(s, v.key);
	if (k == NULL || k->pub.revoked)
		return RULE_KEY_GONE;
	return check_admins(s, v.key);
}

int
fold_complete(
    struct cseal_state *s, struct fold_entry *e, struct state_change *c)
{
	int r;

	r = details[c->pub.kind->detail].complete(s, c, e->index);
	if (r != CSEAL_OK)
		return r;
	/* The authority digest takes the whole thread, this approval too. */
	r = digest_log_step(
	    &s->authority, e->index + 1, digest_log_last(&c->thread));
	return r != CSEAL_OK ? r : fold_put_in_force(s, c, e->index);
}
