/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of makers: what an honest desk would state at this moment. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "maker.h"
#include "maker_within.h"

#define MINUTE 60
#define HOUR   3600

struct cseal_slice
maker_slice(const char *s)
{
	struct cseal_slice v = { (const uint8_t *)s, strlen(s) };

	return v;
}

/* The number that the ledger gave the key, found by its credential. */
static uint64_t
number_of(const struct maker *m, const struct maker_key *k)
{
	const struct cseal_state_key *s;

	for (uint64_t i = 0; (s = cseal_state_key(m->state, i)) != NULL; i++) {
		if (s->credential.len == sizeof(k->id) &&
		    memcmp(s->credential.data, k->id, sizeof(k->id)) == 0)
			return i;
	}
	return MAKER_NEW;
}

struct maker_draft *
maker_draft(struct maker *m, size_t key, enum cseal_statement_kind kind)
{
	struct maker_draft *d = calloc(1, sizeof(*d));
	struct cseal_statement *st;

	assert_non_null(d);
	assert_true(key < m->n_keys);
	st = &d->st;
	d->key = &m->keys[key];
	d->flags = d->key->monitor ? 0 : d->key->flags;
	d->counter = ++d->key->counter;
	memcpy(d->rp_id, d->key->rp_id, sizeof(d->rp_id));
	d->ns = CSEAL_NAMESPACE;
	st->version = CSEAL_FORMAT_VERSION;
	st->kind = kind;
	st->seen = cseal_state_head(m->state);
	st->key = key;
	st->clock = m->clock += MINUTE;
	if (kind == CSEAL_GENESIS)
		return d;
	st->has_ledger = true;
	memcpy(st->ledger, cseal_state_ledger_id(m->state), CSEAL_HASH_BYTES);
	if (cseal_state_authority(m->state) != NULL)
		memcpy(st->authority, cseal_state_authority(m->state),
		    CSEAL_HASH_BYTES);
	st->key = number_of(m, d->key);
	return d;
}

void
maker_draft_free(struct maker_draft *d)
{
	if (d == NULL)
		return;
	cseal_buf_free(&d->raw);
	cseal_buf_free(&d->auth_data);
	cseal_buf_free(&d->client_data);
	cseal_buf_free(&d->signature);
	cseal_buf_free(&d->facts);
	cseal_buf_free(&d->detail);
	for (size_t i = 0; i < d->n_openings; i++)
		cseal_opening_free(&d->openings[i]);
	free(d);
}

size_t
maker_roles(const char *text, struct cseal_slice out[CSEAL_ROLES_MAX])
{
	size_t count = 0, n;

	for (; *text != '\0'; text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		assert_true(count < CSEAL_ROLES_MAX);
		out[count].data = (const uint8_t *)text;
		out[count++].len = n;
	}
	return count;
}

struct maker_draft *
maker_genesis(struct maker *m, size_t key)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_GENESIS);
	struct cseal_genesis *g = &d->st.u.genesis;

	assert_true(m->n_persons <= MAKER_KEYS);
	for (size_t i = 0; i < m->n_persons; i++) {
		d->persons[i].handle = maker_slice(m->persons[i].handle);
		d->persons[i].roles = d->roles[i];
		d->persons[i].n_roles =
		    maker_roles(m->persons[i].roles, d->roles[i]);
	}
	for (size_t i = 0; i < m->n_keys; i++)
		d->keys[i] = m->keys[i].record;
	g->org = maker_slice(MAKER_ORG);
	g->rp_id = maker_slice(MAKER_RP_ID);
	g->persons = d->persons;
	g->n_persons = m->n_persons;
	g->keys = d->keys;
	g->n_keys = m->n_keys;
	g->policy.language = CSEAL_POLICY_LANGUAGE;
	g->policy.text = cseal_buf_slice(&m->policy);
	g->demo = m->demo;
	maker_draw(m, g->nonce, sizeof(g->nonce));
	return d;
}

struct maker_draft *
maker_join(struct maker *m, size_t key)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_JOIN);

	memcpy(d->st.u.join.genesis, m->state->genesis_leaf, CSEAL_HASH_BYTES);
	return d;
}

/* ---- requests ---- */

static void
set(struct cseal_change *c, const char *name, const char *value)
{
	struct cseal_error err = { 0 };

	if (cseal_change_set(c, name, strlen(name), (const uint8_t *)value,
		strlen(value), &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
}

/* A valid IBAN of another account each time (ISO 7064, MOD 97-10). */
static void
draw_iban(struct maker *m, char out[23])
{
	uint8_t drawn[4];
	char bban[19];
	uint64_t account = 0;
	unsigned rest = 0;

	maker_draw(m, drawn, sizeof(drawn));
	for (size_t i = 0; i < sizeof(drawn); i++)
		account = account << 8 | drawn[i];
	snprintf(
	    bban, sizeof(bban), "37040044%010llu", (unsigned long long)account);
	for (const char *p = bban; *p != '\0'; p++)
		rest = (rest * 10 + (unsigned)(*p - '0')) % 97;
	for (const char *p = "131400"; *p != '\0'; p++) /* DE00 */
		rest = (rest * 10 + (unsigned)(*p - '0')) % 97;
	snprintf(out, 23, "DE%02u%s", 98 - rest, bban);
}

/* Maps are written in the order of their encoded keys: shorter ones first. */
static int
by_key(const void *a, const void *b)
{
	const struct cseal_commitment *x = a, *y = b;

	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return memcmp(x->name.data, y->name.data, x->name.len);
}

static void
commit(struct maker *m, struct maker_draft *d, const struct cseal_value *v)
{
	struct cseal_commitment *f = &d->fields[d->st.u.request.n_fields++];
	struct cseal_opening *o = &d->openings[d->n_openings++];

	f->name = maker_slice(v->field->name);
	snprintf(o->name, sizeof(o->name), "%s", v->field->name);
	maker_draw(m, o->salt, sizeof(o->salt));
	assert_int_equal(
	    cseal_buf_add(&o->value, v->text.data, v->text.len), CSEAL_OK);
	assert_int_equal(
	    cseal_commit(o->salt, v->text.data, v->text.len, o->name, f->hash),
	    CSEAL_OK);
}

/* Kind, place, what is in force there, and how long it may live. */
static void
fill_request(struct maker *m, struct maker_draft *d,
    const struct cseal_kind *kind, const char *store, const char *slot)
{
	struct cseal_request *q = &d->st.u.request;
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(m->state), kind);
	const struct cseal_state_slot *t;

	snprintf(d->store, sizeof(d->store), "%s", store);
	snprintf(d->slot, sizeof(d->slot), "%s", slot);
	q->change_kind = maker_slice(kind->name);
	q->op = CSEAL_OP_REPLACE;
	q->store = maker_slice(d->store);
	q->slot = maker_slice(d->slot);
	q->fields = d->fields;
	q->evidence = d->evidence;
	q->checks = d->checks;
	q->not_after =
	    d->st.clock + (rules != NULL ? rules->request_lives : HOUR);
	t = cseal_state_slot_find(m->state, d->store, d->slot);
	if (t != NULL) {
		q->has_before = true;
		memcpy(q->before, maker_change(m, t->change)->leaf,
		    CSEAL_HASH_BYTES);
	}
}

void
maker_facts(struct maker_draft *d, const struct cseal_facts *facts)
{
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, facts), CSEAL_OK);
	d->st.u.request.facts = cseal_buf_slice(&d->facts);
}

static void
fill_values(struct maker *m, struct maker_draft *d, struct cseal_change *c)
{
	struct cseal_facts facts;

	assert_int_equal(cseal_change_close(c, NULL), CSEAL_OK);
	assert_int_equal(cseal_change_facts(c, &facts, NULL), CSEAL_OK);
	fill_request(m, d, c->kind, c->store, c->slot);
	for (size_t i = 0; i < c->n_values; i++)
		commit(m, d, &c->values[i]);
	qsort(
	    d->fields, d->st.u.request.n_fields, sizeof(d->fields[0]), by_key);
	maker_facts(d, &facts);
	cseal_change_free(c);
}

struct maker_draft *
maker_request(struct maker *m, size_t key, const char *slot)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_REQUEST);
	struct cseal_change c;
	char iban[23];

	assert_int_equal(cseal_change_init(&c, "payout.iban", CSEAL_OP_REPLACE,
			     MAKER_STORE, slot, NULL),
	    CSEAL_OK);
	draw_iban(m, iban);
	set(&c, "holder", MAKER_ORG);
	set(&c, "iban", iban);
	set(&c, "bic", "COBADEFFXXX");
	set(&c, "currency", "EUR");
	fill_values(m, d, &c);
	return d;
}

/* What the policy says of example.com, as the fact that must be stated. */
static void
put_domain(struct maker *m, struct maker_draft *d, const struct cseal_kind *k)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(m->state), k);
	struct cseal_facts facts;

	if (rules == NULL || rules->company_domains.n + rules->free_mail.n == 0)
		return;
	assert_int_equal(
	    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
	facts.domain = 3;
	if (cseal_names_has(&rules->free_mail, "example.com"))
		facts.domain = 2;
	if (cseal_names_has(&rules->company_domains, "example.com"))
		facts.domain = 1;
	maker_facts(d, &facts);
}

struct maker_draft *
maker_request_email(struct maker *m, size_t key)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_REQUEST);
	struct cseal_change c;
	const struct cseal_kind *kind;
	uint8_t drawn[4];
	char email[64];

	assert_int_equal(cseal_change_init(&c, "contact.login_email",
			     CSEAL_OP_REPLACE, MAKER_STORE, NULL, NULL),
	    CSEAL_OK);
	maker_draw(m, drawn, sizeof(drawn));
	snprintf(email, sizeof(email), "seller%02x%02x%02x%02x@example.com",
	    drawn[0], drawn[1], drawn[2], drawn[3]);
	set(&c, "email", email);
	kind = c.kind;
	fill_values(m, d, &c);
	put_domain(m, d, kind);
	return d;
}

/* The values of an earlier request, to another draft. */
static void
set_again(struct maker *m, struct cseal_change *c, uint64_t index)
{
	const struct maker_entry *e = vec_at(&m->entries, (size_t)index);
	char value[CSEAL_VALUE_MAX + 1];

	for (size_t i = 0; i < e->n_openings; i++) {
		const struct cseal_opening *o = &e->openings[i];

		snprintf(value, sizeof(value), "%.*s", (int)o->value.len,
		    (const char *)o->value.data);
		set(c, o->name, value);
	}
}

struct maker_draft *
maker_request_again(
    struct maker *m, size_t key, const char *store, uint64_t index, bool stated)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_REQUEST);
	struct cseal_facts facts;
	struct cseal_change c;

	assert_int_equal(
	    cseal_change_init(&c, maker_change(m, index)->kind->name,
		CSEAL_OP_REPLACE, store, NULL, NULL),
	    CSEAL_OK);
	set_again(m, &c, index);
	fill_values(m, d, &c);
	assert_int_equal(
	    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
	facts.has_elsewhere = facts.elsewhere = stated;
	maker_facts(d, &facts);
	return d;
}

void
maker_request_remove(struct maker_draft *d)
{
	const struct cseal_facts none = { .domain = 0 };

	d->st.u.request.op = CSEAL_OP_REMOVE;
	d->st.u.request.n_fields = 0;
	for (size_t i = 0; i < d->n_openings; i++)
		cseal_opening_free(&d->openings[i]);
	d->n_openings = 0;
	maker_facts(d, &none);
}

struct maker_draft *
maker_authority(struct maker *m, size_t key, const char *kind, const char *slot)
{
	const struct cseal_kind *k = cseal_kind_find(kind, strlen(kind));
	struct maker_draft *d = maker_draft(m, key, CSEAL_REQUEST);
	const struct cseal_facts none = { .domain = 0 };

	assert_non_null(k);
	fill_request(m, d, k, "", slot);
	maker_facts(d, &none);
	d->st.u.request.has_detail = true;
	return d;
}

void
maker_detail(struct maker_draft *d)
{
	assert_int_equal(cseal_buf_error(&d->detail), CSEAL_OK);
	d->st.u.request.detail = cseal_buf_slice(&d->detail);
}

/* ---- acts about a change ---- */

struct maker_draft *
maker_about(struct maker *m, size_t key, enum cseal_statement_kind kind,
    uint64_t change)
{
	struct maker_draft *d = maker_draft(m, key, kind);
	const struct state_change *c = state_change(m->state, change);
	struct cseal_act *a = &d->st.u.act;

	assert_non_null(c);
	a->index = change;
	memcpy(a->leaf, c->pub.leaf, CSEAL_HASH_BYTES);
	a->reentered = d->names;
	a->checks = d->checks;
	a->evidence = d->evidence;
	d->st.has_thread = true;
	memcpy(d->st.thread, digest_log_last(&c->thread), CSEAL_HASH_BYTES);
	return d;
}

static void
show(struct maker *m, struct maker_draft *d)
{
	struct cseal_shown *s = &d->st.u.act.shown;

	s->template_number = 1;
	s->language = maker_slice("en");
	s->utc_offset = 60;
	maker_draw(m, s->hash, sizeof(s->hash));
}

/* All that the policy in force wants typed again. */
static void
reenter(struct maker *m, struct maker_draft *d, uint64_t change)
{
	const struct cseal_state_change *c = maker_change(m, change);
	const struct cseal_request *q = &c->request->u.request;
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(m->state), c->kind);
	const struct cseal_field *f;

	for (size_t i = 0; i < q->n_fields && rules != NULL; i++) {
		f = cseal_kind_field(c->kind,
		    (const char *)q->fields[i].name.data,
		    q->fields[i].name.len);
		if (f != NULL && cseal_policy_reenters(rules, f))
			d->names[d->st.u.act.n_reentered++] = q->fields[i].name;
	}
}

struct maker_draft *
maker_approve(struct maker *m, size_t key, uint64_t change)
{
	struct maker_draft *d = maker_about(m, key, CSEAL_APPROVE, change);
	const struct cseal_slice *facts =
	    &maker_change(m, change)->request->u.request.facts;

	assert_int_equal(
	    cseal_buf_add(&d->facts, facts->data, facts->len), CSEAL_OK);
	d->st.u.act.facts = cseal_buf_slice(&d->facts);
	reenter(m, d, change);
	show(m, d);
	return d;
}

struct maker_draft *
maker_reject(struct maker *m, size_t key, uint64_t change)
{
	struct maker_draft *d = maker_about(m, key, CSEAL_REJECT, change);

	d->st.u.act.reason = 6; /* suspicious */
	return d;
}

struct maker_draft *
maker_withdraw(struct maker *m, size_t key, uint64_t change)
{
	return maker_about(m, key, CSEAL_WITHDRAW, change);
}

struct maker_draft *
maker_apply(struct maker *m, size_t key, uint64_t change, uint64_t outcome)
{
	struct maker_draft *d = maker_about(m, key, CSEAL_APPLY, change);

	d->st.u.act.outcome = outcome;
	d->st.u.act.level = 3; /* full */
	show(m, d);
	return d;
}

/* ---- what it rests on ---- */

void
maker_evidence(struct maker *m, struct maker_draft *d, uint64_t kind)
{
	bool asks = d->st.kind == CSEAL_REQUEST;
	size_t *n =
	    asks ? &d->st.u.request.n_evidence : &d->st.u.act.n_evidence;

	*(asks ? &d->st.u.request.has_evidence : &d->st.u.act.has_evidence) =
	    true;
	assert_true(*n < sizeof(d->evidence) / sizeof(d->evidence[0]));
	d->evidence[*n].kind = kind;
	maker_draw(m, d->evidence[(*n)++].hash, CSEAL_HASH_BYTES);
}

void
maker_check(struct maker_draft *d, uint64_t check, uint64_t result)
{
	bool asks = d->st.kind == CSEAL_REQUEST;
	size_t *n = asks ? &d->st.u.request.n_checks : &d->st.u.act.n_checks;

	*(asks ? &d->st.u.request.has_checks : &d->st.u.act.has_checks) = true;
	assert_true(*n < sizeof(d->checks) / sizeof(d->checks[0]));
	d->checks[*n].check = check;
	d->checks[(*n)++].result = result;
}
