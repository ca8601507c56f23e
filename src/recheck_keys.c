/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verdicts on keys against the evidence for them, which stands in the ledger
 * with each key. The fold takes a verdict as what the administrators agreed
 * to; here it is made again. Nothing of it alters the state.
 */

#include <stdio.h>
#include <string.h>

#include "replay.h"

struct keys {
	struct cseal_replay *r;
	const struct cseal_trust *t;
	uint64_t unchecked;
};

static bool
same_set(bool has, const uint8_t *hash, const uint8_t *given)
{
	return has && given != NULL &&
	       memcmp(hash, given, CSEAL_HASH_BYTES) == 0;
}

/* What the record was judged by, as far as it was given; all of it? */
static bool
trust_of(const struct keys *k, const struct cseal_verdict *v,
    struct cseal_trust *out)
{
	const struct cseal_trust *t = k->t;

	memset(out, 0, sizeof(*out));
	out->at = v->evaluated;
	if (t->roots != NULL &&
	    same_set(v->has_roots, v->roots, cseal_roots_hash(t->roots)))
		out->roots = t->roots;
	if (t->metadata != NULL && same_set(v->has_metadata, v->metadata,
				       cseal_metadata_hash(t->metadata)))
		out->metadata = t->metadata;
	return v->has_roots == (out->roots != NULL) &&
	       v->has_metadata == (out->metadata != NULL);
}

/* Without what it was judged by, a chain alone leaves a choice. */
static bool
may_be(uint64_t level, uint64_t made, bool whole)
{
	if (whole || made < CSEAL_VERDICT_UNKNOWN_ROOT)
		return level == made;
	return level >= CSEAL_VERDICT_UNKNOWN_ROOT;
}

static int
add_finding(const struct keys *k, enum rule_id rule, uint64_t entry,
    const struct cseal_state_key *key, const char *what)
{
	struct fold_entry e = { .index = entry };
	char detail[CSEAL_ERROR_WHAT_BYTES + 128];

	(void)snprintf(detail, sizeof(detail), "key %llu of %s: %s",
	    (unsigned long long)key->number,
	    cseal_state_person(k->r->state, key->person)->handle, what);
	return replay_add_finding(k->r, rule, &e, detail);
}

static int
check_verdict(struct keys *k, uint64_t entry, const struct cseal_key *record,
    const struct cseal_state_key *key)
{
	const struct cseal_verdict *v = &record->verdict;
	struct cseal_error why = { 0 };
	struct cseal_worth j;
	struct cseal_trust t;
	const bool whole = trust_of(k, v, &t);
	char what[CSEAL_ERROR_WHAT_BYTES + 64];
	int r = cseal_key_judge(record, &t, &j, &why);

	if (r == CSEAL_ERR_REFUSED)
		return add_finding(
		    k, RULE_ATTESTATION_DIFFERS, entry, key, why.what);
	if (r != CSEAL_OK)
		return r;
	if (!may_be(v->level, j.level, whole)) {
		(void)snprintf(what, sizeof(what), "it says %s, not %s%s%s",
		    cseal_word_name(cseal_verdicts, v->level),
		    cseal_word_name(cseal_verdicts, j.level),
		    j.why[0] != '\0' ? ": " : "", j.why);
		return add_finding(
		    k, RULE_ATTESTATION_DIFFERS, entry, key, what);
	}
	k->unchecked += !whole;
	return CSEAL_OK;
}

/* By the metadata of today; of keys that can still seal. */
static int
check_model(struct keys *k, uint64_t entry, const struct cseal_key *record,
    const struct cseal_state_key *key)
{
	const struct cseal_trust t = { .metadata = k->t->metadata,
		.at = k->t->at };
	struct cseal_worth j;

	if (t.metadata == NULL || key->revoked ||
	    cseal_key_judge(record, &t, &j, NULL) != CSEAL_OK || !j.refused)
		return CSEAL_OK;
	return add_finding(k, RULE_ATTESTATION_REFUSED, entry, key, j.why);
}

/* The key that was made of this record; NULL if none was. */
static const struct cseal_state_key *
find_key(const struct cseal_state *s, const struct cseal_key *record)
{
	const struct cseal_state_key *key;
	struct cseal_credential c;

	if (cseal_credential_parse(&c, record->attestation) != CSEAL_OK)
		return NULL;
	for (size_t i = 0; (key = cseal_state_key(s, i)) != NULL; i++) {
		if (key->credential.len == c.id.len &&
		    memcmp(key->credential.data, c.id.data, c.id.len) == 0)
			return key;
	}
	return NULL;
}

static int
check_record(struct keys *k, uint64_t entry, const struct cseal_key *record)
{
	const struct cseal_state_key *key = find_key(k->r->state, record);
	int r;

	if (key == NULL)
		return CSEAL_OK;
	r = check_verdict(k, entry, record, key);
	return r == CSEAL_OK ? check_model(k, entry, record, key) : r;
}

/* The first entry alone is not kept in the state. */
static int
check_genesis(struct keys *k, struct cseal_ledger *l, struct cseal_error *err)
{
	struct cseal_buf bytes;
	struct fold_entry e = { 0 };
	int r;

	cseal_buf_init(&bytes, CSEAL_ENTRY_MAX);
	r = cseal_ledger_get(l, 0, &bytes, err);
	if (r == CSEAL_OK &&
	    fold_entry_read(&e, 0, cseal_buf_slice(&bytes)) == RULE_OK &&
	    e.st.kind == CSEAL_GENESIS) {
		for (size_t i = 0; i < e.st.u.genesis.n_keys && r == CSEAL_OK;
		     i++)
			r = check_record(k, 0, &e.st.u.genesis.keys[i]);
	}
	fold_entry_free(&e);
	cseal_buf_free(&bytes);
	return r;
}

static int
check_added(struct keys *k, const struct state_change *c)
{
	struct cseal_key record;

	if (strcmp(c->pub.kind->name, "key.add") != 0 ||
	    (c->pub.status != CSEAL_CHANGE_IN_FORCE &&
		c->pub.status != CSEAL_CHANGE_REPLACED) ||
	    cseal_key_parse(&record, c->statement.u.request.detail) != CSEAL_OK)
		return CSEAL_OK;
	return check_record(k, c->pub.index, &record);
}

int
cseal_replay_recheck_keys(struct cseal_replay *r, struct cseal_ledger *l,
    const struct cseal_trust *t, struct cseal_error *err)
{
	struct keys k = { .r = r, .t = t };
	char detail[64];
	int e = CSEAL_OK;

	if (r->state->frontier.size > 0)
		e = check_genesis(&k, l, err);
	for (size_t i = 0; i < r->state->changes.n && e == CSEAL_OK; i++)
		e = check_added(&k, r->state->changes.items[i]);
	if (e != CSEAL_OK || k.unchecked == 0)
		return e;
	(void)snprintf(detail, sizeof(detail), "%llu key%s",
	    (unsigned long long)k.unchecked, k.unchecked == 1 ? "" : "s");
	return replay_add_finding(r, RULE_ATTESTATION_UNCHECKED, NULL, detail);
}
