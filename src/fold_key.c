/* SPDX-License-Identifier: BSD-2-Clause */
/* One key record: what it must prove, and how it comes into the ledger. */

#include <string.h>

#include "counterseal/offer.h"

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
    uint64_t since)
{
	uint8_t hashes[3][CSEAL_HASH_BYTES];
	struct cseal_credential c;
	struct cseal_slice rp_id;
	struct state_key *to;
	size_t used;
	int r;

	to = vec_add(&s->keys, sizeof(*to));
	if (to == NULL)
		return CSEAL_ERR_NOMEM;
	if ((r = cseal_credential_parse(&c, k->attestation)) != CSEAL_OK ||
	    (r = cseal_pubkey_from_cose(&to->pub.pubkey, c.cose, &used)) !=
		CSEAL_OK)
		return r;
	key_rp_id(s, k, &rp_id);
	to->pub.number = s->keys.n - 1;
	to->pub.person = person;
	to->pub.verdict = k->verdict.level;
	to->pub.monitor = k->monitor;
	to->pub.has_desk = k->has_desk;
	memcpy(to->pub.desk, k->desk, sizeof(to->pub.desk));
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
