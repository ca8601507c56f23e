/* SPDX-License-Identifier: BSD-2-Clause */
/* Foundings, and states that are had again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "digest.h"
#include "model_ledger.h"
#include "model_within.h"

static const char *const roles[MODEL_ROLES] = { "admin", "approver", "operator",
	"finance" };
static const char *const whats[MODEL_WHATS] = { "payout.iban",
	"contact.login_email", "key.add", "key.revoke", "person.set",
	"person.leave", "policy.set", "log.set", "freeze.lift" };

/* Omar's second key is a monitor's. */
static const struct maker_person persons[] = {
	{ "lin", "admin approver operator", 2 },
	{ "mina", "admin approver operator", 1 },
	{ "petr", "admin approver finance", 1 },
	{ "omar", "operator", 2 },
};
#define FOUNDERS (sizeof(persons) / sizeof(persons[0]))
#define MONITOR	 5
#define ZOE	 4 /* who is not there yet */
#define HOUR	 3600
#define PLACES(n)    \
	{            \
		n, 0 \
	}
#define PLACE_OF(r)  \
	{            \
		r, 0 \
	}

void
model_rules_fixed(struct model_rules *r)
{
	static const struct model_kind value = { true, PLACE_OF(MODEL_APPROVER),
		PLACES(1), MODEL_OPERATOR, MODEL_OPERATOR,
		MODEL_OPERATOR | MODEL_APPROVER, 72 * HOUR, 0, 1, 1, false, 0 };
	static const struct model_kind authority = { true,
		PLACE_OF(MODEL_ADMIN), PLACES(1), MODEL_ADMIN, 0, 0, 72 * HOUR,
		0, 0, 0, false, 0 };

	memset(r, 0, sizeof(*r));
	for (unsigned i = 0; i < MODEL_WHATS; i++)
		r->kind[i] = i < MODEL_KEY_ADD ? value : authority;
	r->any = 1u << MODEL_IBAN | 1u << MODEL_EMAIL;
	r->freeze_by = MODEL_APPROVER | MODEL_ADMIN;
	r->on_drift = true;
	r->tolerance = 600;
}

/* ---- the text of a policy ---- */

static void
put_roles(struct cseal_buf *out, const char *key, unsigned bits)
{
	(void)cseal_buf_printf(out, "%s =%s", key, bits == 0 ? " none" : "");
	for (unsigned i = 0; i < MODEL_ROLES; i++) {
		if ((bits & 1u << i) != 0)
			(void)cseal_buf_printf(out, " %s", roles[i]);
	}
	(void)cseal_buf_add_str(out, "\n");
}

static void
put_minutes(struct cseal_buf *out, const char *key, uint64_t seconds)
{
	(void)cseal_buf_printf(
	    out, "%s = %llum\n", key, (unsigned long long)seconds / 60);
}

static const char *
role_name(unsigned bit)
{
	for (unsigned i = 0; i < MODEL_ROLES; i++) {
		if (bit == 1u << i)
			return roles[i];
	}
	return "nobody";
}

static void
put_evidence(struct cseal_buf *out, unsigned bits)
{
	static const char *const words[MODEL_WANTS] = { "reason", "callback",
		"name-check", "document" };

	(void)cseal_buf_printf(out, "evidence =%s", bits == 0 ? " none" : "");
	for (unsigned i = 0; i < MODEL_WANTS; i++) {
		if ((bits & 1u << i) != 0)
			(void)cseal_buf_printf(out, " %s", words[i]);
	}
	(void)cseal_buf_add_str(out, "\n");
}

static void
put_places(struct cseal_buf *out, const struct model_kind *k)
{
	(void)cseal_buf_printf(
	    out, "approvals = %u %s", k->count[0], role_name(k->role[0]));
	if (k->count[1] > 0)
		(void)cseal_buf_printf(
		    out, " and %u %s", k->count[1], role_name(k->role[1]));
	(void)cseal_buf_add_str(out, "\n");
}

/* What the model does not know of, so that it asks for nothing. */
static const char nothing_more[] = "first seen = none\n"
				   "after contact change = none\n"
				   "apply window = none\n"
				   "on screen = 0s\n"
				   "read back within = none\n"
				   "read back again after = none\n"
				   "countries = any\n"
				   "currencies = any\n"
				   "company domains = none\n"
				   "free mail = none\n"
				   "blocked domains = none\n"
				   "one per store = no\n";

static void
put_kind(struct cseal_buf *out, enum model_what what, const char *name,
    const struct model_kind *k)
{
	static const char *const reenter[] = { "none", "account", "all" };

	(void)cseal_buf_printf(out, "[change %s]\n", name);
	put_places(out, k);
	put_minutes(out, "request lives", k->lives);
	put_roles(out, "may request", k->request);
	if (model_is_authority(what))
		return;
	put_minutes(out, "cooling off", k->cooling);
	(void)cseal_buf_printf(out, "re-enter = %s\n", reenter[k->reenter]);
	put_evidence(out, k->evidence);
	put_roles(out, "may apply", k->apply);
	put_roles(out, "may observe", k->observe);
	(void)cseal_buf_printf(out,
	    "confirmed by another = %s\nconfirmed level = %s\n",
	    k->himself ? "no" : "yes", cseal_word_name(cseal_levels, k->level));
	(void)cseal_buf_add_str(out, nothing_more);
}

/* Slots are at least one: a store that has none has no section. */
static void
put_store(struct cseal_buf *out, const char *name, unsigned slots)
{
	(void)cseal_buf_printf(out,
	    "[store %s]\nplatform = other\n"
	    "marketplaces = none\nlegal name = none\nslots =%s%s\n",
	    name, (slots & 1u << MODEL_IBAN) != 0 ? " payout" : "",
	    (slots & 1u << MODEL_EMAIL) != 0 ? " contact.login_email" : "");
}

void
model_policy_text(const struct model_rules *r, struct cseal_buf *out)
{
	static const char *const stores[MODEL_STORES] = { "shop-de",
		"shop-at" };

	(void)cseal_buf_printf(out,
	    "[ledger]\ntime zone = UTC\nworking days = mon\n"
	    "holidays = none\nuser verification = %s\nattestation = %s\n"
	    "synced credentials = refused\n",
	    r->uv_optional ? "optional" : "required",
	    r->attested ? "trusted" : "any");
	put_minutes(out, "clock tolerance", r->tolerance);
	(void)cseal_buf_printf(out, "[freeze]\non drift = %s\n",
	    r->on_drift ? "freeze" : "report");
	put_roles(out, "by", r->freeze_by);
	for (unsigned i = 0; i < MODEL_STORES; i++) {
		if (r->has_store[i])
			put_store(out, stores[i], r->store[i]);
	}
	if (r->any != 0)
		put_store(out, "*", r->any);
	for (unsigned i = 0; i < MODEL_WHATS; i++) {
		if (r->kind[i].there)
			put_kind(
			    out, (enum model_what)i, whats[i], &r->kind[i]);
	}
}

/* ---- founding ---- */

static unsigned
role_bits(const char *text)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < MODEL_ROLES; i++)
		bits |= strstr(text, roles[i]) != NULL ? 1u << i : 0;
	return bits;
}

/* What the founding's entries said of themselves. */
static void
fill_entries(struct model *model, const struct maker *m)
{
	model->size = cseal_state_size(m->state);
	for (size_t i = 0; i < model->size; i++) {
		model->entries[i].clock = m->state->clocks[i];
		model->entries[i].moved_a = true;
	}
	for (size_t i = 0; i < m->state->keys.n; i++) {
		const struct state_key *k = m->state->keys.items[i];

		for (size_t j = 0; j < k->counts.n; j++) {
			const struct state_count *c = k->counts.items[j];

			model->entries[c->entry].key = i;
			model->entries[c->entry].counter = c->counter;
		}
	}
}

static void
fill_model(struct model_founding *f, bool joined)
{
	static const size_t spares[MODEL_SPARES] = { 0, 3, ZOE };
	struct model *model = &f->model;

	memset(model, 0, sizeof(*model));
	for (size_t i = 0; i < FOUNDERS; i++) {
		model->persons[i].there = true;
		model->persons[i].joined = joined || i + 1 < FOUNDERS;
		model->persons[i].roles = role_bits(persons[i].roles);
		for (unsigned k = 0; k < persons[i].n_keys; k++)
			model->keys[model->n_keys++].person = i;
	}
	model->keys[MONITOR].monitor = true;
	for (size_t i = 0; i < MODEL_SPARES; i++)
		model->spares[i].person = spares[i];
	model->rules = &f->policies->at[0].rules;
	fill_entries(model, f->m);
}

static void
enrol_spares(struct model_founding *f)
{
	static const char *const handles[MODEL_SPARES] = { "lin", "omar",
		"zoe" };

	for (size_t i = 0; i < MODEL_SPARES; i++) {
		size_t key = maker_key_new(f->m, handles[i]);

		cseal_buf_init(&f->spares[i], 0);
		assert_int_equal(
		    cseal_key_encode(&f->spares[i], &f->m->keys[key].record),
		    CSEAL_OK);
	}
}

void
model_found(struct model_founding *f, const struct model_policies *p,
    uint64_t seed, bool joined)
{
	size_t key = 0;

	f->policies = p;
	f->m = maker_new(seed, persons, FOUNDERS);
	f->m->keys[MONITOR].monitor = true;
	maker_key_enrol(&f->m->keys[MONITOR], NULL);
	cseal_buf_reset(&f->m->policy);
	assert_int_equal(
	    cseal_buf_add(&f->m->policy, p->at[0].text.data, p->at[0].text.len),
	    CSEAL_OK);
	(void)maker_do(f->m, maker_genesis(f->m, 0));
	for (size_t i = 0; i < FOUNDERS; key += persons[i++].n_keys) {
		if (i > 0 && (joined || i + 1 < FOUNDERS))
			(void)maker_do(f->m, maker_join(f->m, key));
	}
	enrol_spares(f);
	fill_model(f, joined);
}

void
model_founding_free(struct model_founding *f)
{
	for (size_t i = 0; i < MODEL_SPARES; i++)
		cseal_buf_free(&f->spares[i]);
	maker_free(f->m);
}

/* ---- states ---- */

/* In a process of its own a failed assertion must end it. */
static void *
copy_of(const void *p, size_t n)
{
	void *copy = malloc(n > 0 ? n : 1);

	if (copy == NULL)
		abort();
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

static void
copy_vec(struct vec *v, size_t size)
{
	v->items = copy_of(v->items, v->cap * sizeof(*v->items));
	for (size_t i = 0; i < v->n; i++)
		v->items[i] = copy_of(v->items[i], size);
}

static void
copy_set(struct hashset *s)
{
	s->slots = copy_of(s->slots, s->cap * sizeof(*s->slots));
}

static void
copy_buf(struct cseal_buf *b)
{
	b->data = copy_of(b->data, b->cap);
}

/* A founded state has no changes, slots or freezes. */
struct cseal_state *
model_state(const struct model_founding *f)
{
	struct cseal_state *s = copy_of(f->m->state, sizeof(*s));

	s->roots = copy_of(s->roots, s->roots_cap * sizeof(*s->roots));
	s->clocks = copy_of(s->clocks, s->clocks_cap * sizeof(*s->clocks));
	copy_buf(&s->org);
	s->authority.items = copy_of(
	    s->authority.items, s->authority.cap * sizeof(*s->authority.items));
	copy_vec(&s->persons, sizeof(struct cseal_state_person));
	copy_vec(&s->keys, sizeof(struct state_key));
	for (size_t i = 0; i < s->keys.n; i++) {
		struct state_key *k = s->keys.items[i];

		k->pub.pubkey = NULL;
		copy_buf(&k->pub.credential);
		copy_vec(&k->counts, sizeof(struct state_count));
	}
	/* The policy itself is the founding's. */
	copy_vec(&s->policies, sizeof(struct state_policy));
	copy_buf(&((struct state_policy *)s->policies.items[0])->text);
	copy_set(&s->statements);
	copy_set(&s->commitments);
	copy_set(&s->nonces);
	copy_set(&s->credentials);
	copy_set(&s->pubkeys);
	return s;
}

void
model_state_free(struct cseal_state *s)
{
	((struct state_policy *)s->policies.items[0])->policy = NULL;
	state_free(s);
}

static void
add_change(struct cseal_buf *b, const struct state_change *c)
{
	(void)cseal_buf_printf(b, "%d %llu %llu %llu %llu %d %zu %zu;",
	    (int)c->pub.status, (unsigned long long)c->pub.index,
	    (unsigned long long)c->pub.decided_by,
	    (unsigned long long)c->pub.approved_by,
	    (unsigned long long)c->pub.apply_not_before, c->pub.erased,
	    c->pub.requester, c->subject);
	(void)cseal_buf_add(b, digest_log_last(&c->thread), CSEAL_HASH_BYTES);
	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		const struct cseal_state_approval *a = &c->pub.approvals[i];

		(void)cseal_buf_printf(b, "%llu %llu %zu %llu %zu %d,",
		    (unsigned long long)a->entry, (unsigned long long)a->key,
		    a->person, (unsigned long long)a->clock, a->policy,
		    a->lapsed);
	}
}

static void
add_keys(struct cseal_buf *b, const struct cseal_state *s)
{
	for (size_t i = 0; i < s->keys.n; i++) {
		const struct state_key *k = s->keys.items[i];

		(void)cseal_buf_printf(b, "%zu %d %llu %u %zu;", k->pub.person,
		    k->pub.revoked, (unsigned long long)k->pub.revoked_at,
		    k->pub.counter, k->counts.n);
	}
}

/* Items that have no pointers and no padding that matters: zeroed when made. */
static void
add_items(struct cseal_buf *b, const struct vec *v, size_t size)
{
	for (size_t i = 0; i < v->n; i++)
		(void)cseal_buf_add(b, v->items[i], size);
}

void
model_state_digest(const struct cseal_state *s, uint8_t out[CSEAL_HASH_BYTES])
{
	struct cseal_head head = cseal_state_head(s);
	struct cseal_buf b;
	struct cseal_slice all;

	cseal_buf_init(&b, 0);
	(void)cseal_buf_add(&b, head.root, sizeof(head.root));
	(void)cseal_buf_add(
	    &b, digest_log_last(&s->authority), CSEAL_HASH_BYTES);
	(void)cseal_buf_printf(&b, "%llu %zu %zu %zu %zu %zu %zu %zu;",
	    (unsigned long long)head.size, s->authority.n, s->policies.n,
	    s->statements.n, s->commitments.n, s->nonces.n, s->credentials.n,
	    s->pubkeys.n);
	add_items(&b, &s->persons, sizeof(struct cseal_state_person));
	add_items(&b, &s->slots, sizeof(struct cseal_state_slot));
	add_items(&b, &s->freezes, sizeof(struct cseal_state_freeze));
	add_keys(&b, s);
	for (size_t i = 0; i < s->changes.n; i++)
		add_change(&b, s->changes.items[i]);
	all = cseal_buf_slice(&b);
	if (cseal_buf_error(&b) != CSEAL_OK ||
	    digest_sha256(out, &all, 1) != CSEAL_OK)
		abort();
	cseal_buf_free(&b);
}

enum rule_id
model_fold(
    struct cseal_state *s, struct cseal_slice entry, struct fold_notes *notes)
{
	struct fold_entry e;
	enum rule_id rule;

	notes->n = 0;
	rule = fold_entry_read(&e, cseal_state_size(s), entry);
	if (rule == RULE_OK)
		rule = fold_check(s, &e, notes);
	if (rule == RULE_OK && fold_accept(s, &e) != CSEAL_OK)
		abort();
	fold_entry_free(&e);
	return rule;
}
