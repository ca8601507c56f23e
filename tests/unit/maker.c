/* SPDX-License-Identifier: BSD-2-Clause */
/* From drafts to a ledger: sealed, judged, kept. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "digest.h"
#include "maker.h"
#include "maker_within.h"

static const struct maker_person usual_persons[MAKER_PERSONS] = {
	[LIN] = { "lin", "admin approver operator", 1 },
	[MINA] = { "mina", "admin approver operator", 1 },
	[PETR] = { "petr", "admin approver operator", 1 },
	[OMAR] = { "omar", "operator", 1 },
};

void
maker_draw_named(
    uint64_t seed, const char *name, uint64_t number, uint8_t *out, size_t n)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	char text[96];
	struct cseal_slice s = { (const uint8_t *)text, 0 };

	for (size_t at = 0; at < n; at += sizeof(hash)) {
		s.len = (size_t)snprintf(text, sizeof(text), "%s %llu %llu %zu",
		    name, (unsigned long long)seed, (unsigned long long)number,
		    at);
		assert_int_equal(digest_sha256(hash, &s, 1), CSEAL_OK);
		memcpy(out + at, hash,
		    n - at < sizeof(hash) ? n - at : sizeof(hash));
	}
}

void
maker_draw(struct maker *m, uint8_t *out, size_t n)
{
	maker_draw_named(m->seed, "draw", m->drawn++, out, n);
}

struct maker *
maker_new(uint64_t seed, const struct maker_person *persons, size_t n)
{
	struct maker *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->seed = seed;
	m->clock = MAKER_CLOCK;
	m->persons = persons;
	m->n_persons = n;
	m->state = state_new();
	assert_non_null(m->state);
	cseal_buf_init(&m->policy, 0);
	assert_int_equal(cseal_policy_default(&m->policy), CSEAL_OK);
	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < persons[i].n_keys; k++) {
			assert_true(m->n_keys < MAKER_KEYS);
			maker_key_init(&m->keys[m->n_keys], seed, m->n_keys,
			    persons[i].handle);
			maker_key_enrol(&m->keys[m->n_keys++], NULL);
		}
	}
	return m;
}

static void
free_entry(void *item)
{
	struct maker_entry *e = item;

	cseal_buf_free(&e->bytes);
	for (size_t i = 0; i < e->n_openings; i++)
		cseal_opening_free(&e->openings[i]);
}

void
maker_free(struct maker *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n_keys; i++)
		maker_key_free(&m->keys[i]);
	vec_free(&m->entries, free_entry);
	cseal_buf_free(&m->policy);
	state_free(m->state);
	free(m);
}

struct maker *
maker_founded_by(uint64_t seed, const struct maker_person *persons, size_t n,
    const char *policy)
{
	struct maker *m = maker_new(seed, persons, n);
	size_t key = 0;

	if (policy != NULL) {
		cseal_buf_reset(&m->policy);
		cseal_buf_add_str(&m->policy, policy);
	}
	(void)maker_do(m, maker_genesis(m, 0));
	for (size_t i = 0; i < n; key += persons[i++].n_keys) {
		if (i > 0)
			(void)maker_do(m, maker_join(m, key));
	}
	return m;
}

struct maker *
maker_founded(uint64_t seed)
{
	return maker_founded_under(seed, NULL);
}

struct maker *
maker_founded_under(uint64_t seed, const char *policy)
{
	return maker_founded_by(seed, usual_persons, MAKER_PERSONS, policy);
}

struct maker *
maker_usual(uint64_t seed)
{
	return maker_new(seed, usual_persons, MAKER_PERSONS);
}

size_t
maker_key_new(struct maker *m, const char *handle)
{
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };

	assert_true(m->n_keys < MAKER_KEYS);
	maker_key_init(&m->keys[m->n_keys], m->seed, m->n_keys, handle);
	maker_key_enrol(&m->keys[m->n_keys], &how);
	return m->n_keys++;
}

/* The line of text at `p`, without its line feed. */
static size_t
line_at(const char *p)
{
	return strcspn(p, "\n");
}

/* The fixed rules with a section for each kind, so that one can be changed. */
static void
put_usual(struct cseal_buf *out)
{
	struct cseal_buf usual;
	const char *text, *body, *end;

	cseal_buf_init(&usual, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	text = cseal_buf_str(&usual);
	for (; *text != '\0'; text = end) {
		body = text + line_at(text) + 1;
		end = strstr(body, "\n[");
		end = end != NULL ? end + 1 : body + strlen(body);
		if (strncmp(text, "[change ", 8) != 0) {
			cseal_buf_add(out, text, (size_t)(end - text));
			continue;
		}
		for (text += 7; *text == ' ';) {
			size_t n = strcspn(++text, " ]");

			cseal_buf_printf(out, "[change %.*s]\n%.*s", (int)n,
			    text, (int)(end - body), body);
			text += n;
		}
	}
	cseal_buf_free(&usual);
}

void
maker_policy(struct cseal_buf *out, const char *text, const char *section,
    const char *key, const char *value)
{
	struct cseal_buf usual;
	bool inside = false, done = false;
	size_t n;

	cseal_buf_init(&usual, 0);
	if (text == NULL) {
		put_usual(&usual);
		text = cseal_buf_str(&usual);
	}
	for (; *text != '\0'; text += n + 1) {
		n = line_at(text);
		if (*text == '[')
			inside = n == strlen(section) &&
				 memcmp(text, section, n) == 0;
		if (inside && value == NULL) {
			done = true;
			continue;
		}
		if (inside && strncmp(text, key, strlen(key)) == 0 &&
		    text[strlen(key)] == ' ') {
			done = true;
			cseal_buf_printf(out, "%s = %s\n", key, value);
			continue;
		}
		cseal_buf_add(out, text, n + 1);
	}
	assert_true(done);
	assert_int_equal(cseal_buf_error(out), CSEAL_OK);
	cseal_buf_free(&usual);
}

void
maker_seal(struct maker_draft *d, struct cseal_buf *entry)
{
	const struct cseal_slice rp_id = { (const uint8_t *)d->rp_id,
		strlen(d->rp_id) };
	struct cseal_entry e;

	if (d->raw.len == 0)
		assert_int_equal(
		    cseal_statement_encode(&d->raw, &d->st), CSEAL_OK);
	e.statement = cseal_buf_slice(&d->raw);
	if (d->client_data.len == 0)
		assert_int_equal(cseal_seal_client_data(&d->client_data,
				     "webauthn.get", d->ns, e.statement, rp_id),
		    CSEAL_OK);
	if (d->auth_data.len == 0)
		maker_auth_data(d->rp_id, d->flags, d->counter, &d->auth_data);
	e.seal.auth_data = cseal_buf_slice(&d->auth_data);
	e.seal.client_data = cseal_buf_slice(&d->client_data);
	if (d->signature.len == 0)
		maker_key_seal(d->key, e.seal.auth_data, e.seal.client_data,
		    &d->signature);
	e.seal.signature = cseal_buf_slice(&d->signature);
	assert_int_equal(cseal_entry_encode(entry, &e), CSEAL_OK);
}

/* With a rule switched off, an entry may get here that nobody signed. */
static bool
has_signer(const struct maker *m, const struct fold_entry *e)
{
	if (e->index > 0)
		return fold_signer(m->state, e) != NULL;
	return e->st.kind == CSEAL_GENESIS &&
	       e->st.key < e->st.u.genesis.n_keys;
}

/* The signer of genesis is in the state only when it was accepted. */
static enum rule_id
judge_signature(const struct maker *m, const struct fold_entry *e)
{
	const struct cseal_pubkey *k = fold_signer(m->state, e);
	struct cseal_pubkey *own = NULL;
	struct cseal_credential c;
	enum rule_id rule;
	size_t used;

	if (!has_signer(m, e))
		return RULE_SEAL_SIGNATURE;
	if (e->index == 0) {
		assert_int_equal(
		    cseal_credential_parse(
			&c, e->st.u.genesis.keys[e->st.key].attestation),
		    CSEAL_OK);
		assert_int_equal(
		    cseal_pubkey_from_cose(&own, c.cose, &used), CSEAL_OK);
		k = own;
	}
	rule = rule_of_seal(cseal_seal_verify(&e->entry.seal, k));
	cseal_pubkey_free(own);
	return rule;
}

enum rule_id
maker_judge(struct maker *m, struct cseal_slice entry, bool accept)
{
	struct maker_entry *kept;
	struct fold_entry e;
	enum rule_id rule;

	memset(&m->notes, 0, sizeof(m->notes));
	rule = fold_entry_read(&e, cseal_state_size(m->state), entry);
	if (rule == RULE_OK)
		rule = fold_check(m->state, &e, &m->notes);
	if (rule == RULE_OK)
		rule = judge_signature(m, &e);
	memcpy(m->detail, e.detail, sizeof(m->detail));
	if (rule == RULE_OK && accept) {
		assert_int_equal(fold_accept(m->state, &e), CSEAL_OK);
		kept = vec_add(&m->entries, sizeof(*kept));
		assert_non_null(kept);
		assert_int_equal(
		    cseal_buf_add(&kept->bytes, entry.data, entry.len),
		    CSEAL_OK);
	}
	fold_entry_free(&e);
	return rule;
}

/* The openings of a request that stands are kept with it. */
static void
keep_openings(struct maker *m, struct maker_draft *d)
{
	struct maker_entry *e = vec_at(&m->entries, m->entries.n - 1);

	memcpy(e->openings, d->openings, sizeof(e->openings));
	e->n_openings = d->n_openings; /* transferred */
	d->n_openings = 0;
}

enum rule_id
maker_add(struct maker *m, struct maker_draft *d)
{
	struct cseal_buf entry;
	enum rule_id rule;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	rule = maker_judge(m, cseal_buf_slice(&entry), true);
	if (rule == RULE_OK)
		keep_openings(m, d);
	cseal_buf_free(&entry);
	maker_draft_free(d);
	return rule;
}

uint64_t
maker_do(struct maker *m, struct maker_draft *d)
{
	uint64_t index = cseal_state_size(m->state);
	enum rule_id rule = maker_add(m, d);

	if (rule != RULE_OK)
		fail_msg("entry %llu: %s (%s)", (unsigned long long)index,
		    rule_row(rule)->code, m->detail);
	return index;
}

bool
maker_noted(const struct maker *m, enum rule_id rule)
{
	for (size_t i = 0; i < m->notes.n; i++) {
		if (m->notes.rules[i] == rule)
			return true;
	}
	return false;
}

struct cseal_slice
maker_bytes(const struct maker *m, uint64_t index)
{
	const struct maker_entry *e = vec_at(&m->entries, (size_t)index);

	assert_non_null(e);
	return cseal_buf_slice(&e->bytes);
}

const struct cseal_state_change *
maker_change(const struct maker *m, uint64_t index)
{
	const struct cseal_state_change *c =
	    cseal_state_change_find(m->state, index);

	assert_non_null(c);
	return c;
}

void
maker_write(const struct maker *m, const char *path)
{
	struct cseal_ledger *l = NULL;
	struct cseal_error err = { 0 };

	if (cseal_ledger_open(&l, path, CSEAL_LEDGER_CREATE, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	for (size_t i = 0; i < m->entries.n; i++) {
		const struct maker_entry *e = m->entries.items[i];

		if (cseal_ledger_append(l, i, cseal_buf_slice(&e->bytes),
			e->openings, e->n_openings, &err) != CSEAL_OK)
			fail_msg("%s: %s", err.where, err.what);
	}
	cseal_ledger_close(l);
}

void
maker_touch(struct maker_key *k, const struct cseal_draft *p,
    struct cseal_buf *auth_data, struct cseal_buf *signature)
{
	cseal_buf_reset(auth_data);
	cseal_buf_reset(signature);
	maker_auth_data(
	    cseal_draft_rp_id(p), k->flags, ++k->counter, auth_data);
	maker_key_seal(k, cseal_buf_slice(auth_data),
	    cseal_draft_client_data(p), signature);
}
