/* SPDX-License-Identifier: BSD-2-Clause */

#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "frontier.h"

int
digest_log_add(
    struct digest_log *l, uint64_t size, const uint8_t digest[CSEAL_HASH_BYTES])
{
	struct digest_at *grown;
	size_t cap;

	if (l->n == l->cap) {
		cap = l->cap == 0 ? 4 : l->cap * 2;
		grown = reallocarray(l->items, cap, sizeof(*grown));
		if (grown == NULL)
			return CSEAL_ERR_NOMEM;
		l->items = grown;
		l->cap = cap;
	}
	l->items[l->n].size = size;
	memcpy(l->items[l->n++].digest, digest, CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

const uint8_t *
digest_log_at(const struct digest_log *l, uint64_t size)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->items[mid].size <= size)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? NULL : l->items[low - 1].digest;
}

const uint8_t *
digest_log_last(const struct digest_log *l)
{
	return l->n == 0 ? NULL : l->items[l->n - 1].digest;
}

int
digest_log_step(
    struct digest_log *l, uint64_t size, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	struct cseal_slice parts[2] = {
		{ digest_log_last(l), CSEAL_HASH_BYTES },
		{ leaf, CSEAL_HASH_BYTES },
	};
	uint8_t next[CSEAL_HASH_BYTES];
	int r;

	if (parts[0].data == NULL)
		return digest_log_add(l, size, leaf);
	r = digest_sha256(next, parts, 2);
	return r != CSEAL_OK ? r : digest_log_add(l, size, next);
}

struct cseal_state *
state_new(void)
{
	struct cseal_state *s = calloc(1, sizeof(*s));
	uint8_t empty[CSEAL_HASH_BYTES];

	if (s == NULL)
		return NULL;
	cseal_frontier_init(&s->frontier);
	cseal_buf_init(&s->org, 256);
	s->roots_cap = 64;
	s->roots = calloc(s->roots_cap, sizeof(*s->roots));
	if (s->roots == NULL || digest_sha256(empty, NULL, 0) != CSEAL_OK) {
		state_free(s);
		return NULL;
	}
	memcpy(s->roots[0], empty, sizeof(empty));
	return s;
}

static void
free_key(void *item)
{
	struct state_key *k = item;

	cseal_pubkey_free(k->pub.pubkey);
	cseal_buf_free(&k->pub.credential);
	vec_free(&k->counts, NULL);
}

static void
free_change(void *item)
{
	struct state_change *c = item;

	cseal_statement_free(&c->statement);
	cseal_buf_free(&c->bytes);
	free(c->thread.items);
	free(c->pub.approvals);
}

static void
free_policy(void *item)
{
	struct state_policy *p = item;

	cseal_policy_free(p->policy);
	cseal_buf_free(&p->text);
}

void
state_free(struct cseal_state *s)
{
	if (s == NULL)
		return;
	free(s->roots);
	free(s->clocks);
	cseal_buf_free(&s->org);
	free(s->authority.items);
	vec_free(&s->persons, NULL);
	vec_free(&s->keys, free_key);
	vec_free(&s->changes, free_change);
	vec_free(&s->slots, NULL);
	vec_free(&s->policies, free_policy);
	vec_free(&s->freezes, NULL);
	free(s->open);
	hashset_free(&s->statements);
	hashset_free(&s->commitments);
	hashset_free(&s->nonces);
	hashset_free(&s->credentials);
	hashset_free(&s->pubkeys);
	hashset_free(&s->seen);
	vec_free(&s->contacts, NULL);
	free(s);
}

const uint8_t *
state_root(const struct cseal_state *s, uint64_t size)
{
	if (size > s->frontier.size || s->frontier.size - size > STATE_WINDOW)
		return NULL;
	return s->roots[size % (STATE_WINDOW + 1)];
}

/* Room for `want` items of `size` bytes, doubled up to what is wanted. */
static int
make_room(void **items, size_t *cap, size_t want, size_t size)
{
	size_t to = *cap == 0 ? 64 : *cap;
	void *grown;

	while (to < want)
		to *= 2;
	if (to == *cap)
		return CSEAL_OK;
	grown = reallocarray(*items, to, size);
	if (grown == NULL)
		return CSEAL_ERR_NOMEM;
	*items = grown;
	*cap = to;
	return CSEAL_OK;
}

int
state_grow(
    struct cseal_state *s, const uint8_t leaf[CSEAL_HASH_BYTES], uint64_t clock)
{
	size_t at = (size_t)((s->frontier.size + 1) % (STATE_WINDOW + 1));
	void *roots = s->roots, *clocks = s->clocks;
	struct digest d;
	int r;

	if ((r = make_room(&roots, &s->roots_cap, at + 1, sizeof(*s->roots))) !=
	    CSEAL_OK)
		return r;
	s->roots = roots;
	if ((r = make_room(&clocks, &s->clocks_cap,
		 (size_t)s->frontier.size + 1, sizeof(*s->clocks))) != CSEAL_OK)
		return r;
	s->clocks = clocks;
	s->clocks[s->frontier.size] = clock;
	digest_init(&d);
	if ((r = frontier_add(&d, &s->frontier, leaf)) == CSEAL_OK)
		r = frontier_root(&d, &s->frontier, s->roots[at]);
	digest_free(&d);
	return r;
}

struct state_key *
state_key(const struct cseal_state *s, uint64_t number)
{
	return vec_at(&s->keys, (size_t)number);
}

/* Changes stand in the order of their index. */
struct state_change *
state_change(const struct cseal_state *s, uint64_t index)
{
	size_t low = 0, high = s->changes.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct state_change *c = s->changes.items[mid];

		if (c->pub.index == index)
			return c;
		if (c->pub.index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct cseal_state_person *
state_person(const struct cseal_state *s, size_t i)
{
	return vec_at(&s->persons, i);
}

size_t
state_person_index(const struct cseal_state *s, struct cseal_slice handle)
{
	for (size_t i = 0; i < s->persons.n; i++) {
		const char *h = state_person(s, i)->handle;

		if (strlen(h) == handle.len &&
		    memcmp(h, handle.data, handle.len) == 0)
			return i;
	}
	return STATE_NOBODY;
}

const struct state_policy *
state_policy_now(const struct cseal_state *s)
{
	return s->policies.n == 0 ? NULL : s->policies.items[s->policies.n - 1];
}

const struct cseal_policy *
state_policy_at(const struct cseal_state *s, uint64_t size)
{
	const struct cseal_policy *found = NULL;

	for (size_t i = 0; i < s->policies.n; i++) {
		const struct state_policy *p = s->policies.items[i];

		if (p->since < size)
			found = p->policy;
	}
	return found;
}

int
state_policy_add(struct cseal_state *s, struct cseal_policy *policy,
    const struct cseal_policy_text *text, uint64_t since)
{
	struct state_policy *p = vec_add(&s->policies, sizeof(*p));

	if (p == NULL) {
		cseal_policy_free(policy);
		return CSEAL_ERR_NOMEM;
	}
	p->policy = policy; /* transferred */
	p->since = since;
	p->language = text->language;
	cseal_buf_init(&p->text, CSEAL_POLICY_MAX);
	return cseal_buf_add(&p->text, text->text.data, text->text.len);
}

struct cseal_state_slot *
state_slot(const struct cseal_state *s, const char *store, const char *slot)
{
	for (size_t i = 0; i < s->slots.n; i++) {
		struct cseal_state_slot *t = s->slots.items[i];

		if (strcmp(t->store, store) == 0 && strcmp(t->slot, slot) == 0)
			return t;
	}
	return NULL;
}

bool
state_is_open(const struct state_change *c)
{
	return c->pub.status == CSEAL_CHANGE_ASKED ||
	       c->pub.status == CSEAL_CHANGE_APPROVED;
}

void
state_open_tidy(struct cseal_state *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_open; i++) {
		if (state_is_open(s->open[i]))
			s->open[kept++] = s->open[i];
	}
	s->n_open = kept;
}

int
state_open_add(struct cseal_state *s, struct state_change *c)
{
	void *items = s->open;
	int r;

	if (s->n_open == s->open_cap)
		state_open_tidy(s);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	r = make_room(&items, &s->open_cap, s->n_open + 1, sizeof(*s->open));
	if (r != CSEAL_OK)
		return r;
	s->open = items;
	s->open[s->n_open++] = c;
	return CSEAL_OK;
}

bool
state_key_frozen(const struct cseal_state *s, uint64_t number)
{
	for (size_t i = 0; i < s->freezes.n; i++) {
		const struct cseal_state_freeze *f = s->freezes.items[i];

		if (f->has_key && f->key == number && !f->lifted)
			return true;
	}
	return false;
}

bool
state_key_at_desk(const struct cseal_state *s, const struct cseal_state_key *k)
{
	return k->has_desk && !k->revoked && !k->monitor &&
	       !cseal_state_person(s, k->person)->left;
}

bool
state_copy(char *to, size_t size, struct cseal_slice from)
{
	if (from.len >= size)
		return false;
	if (from.len > 0)
		memcpy(to, from.data, from.len);
	to[from.len] = '\0';
	return true;
}

/* ---- the public view ---- */

uint64_t
cseal_state_size(const struct cseal_state *s)
{
	return s->frontier.size;
}

struct cseal_head
cseal_state_head(const struct cseal_state *s)
{
	struct cseal_head h = { .size = s->frontier.size };

	memcpy(h.root, state_root(s, h.size), sizeof(h.root));
	return h;
}

const uint8_t *
cseal_state_ledger_id(const struct cseal_state *s)
{
	return s->id;
}

struct cseal_slice
cseal_state_org(const struct cseal_state *s)
{
	return cseal_buf_slice(&s->org);
}

const char *
cseal_state_rp_id(const struct cseal_state *s)
{
	return s->rp_id;
}

const struct cseal_predecessor *
cseal_state_predecessor(const struct cseal_state *s)
{
	return s->has_predecessor ? &s->predecessor : NULL;
}

bool
cseal_state_demo(const struct cseal_state *s)
{
	return s->demo;
}

const struct cseal_policy *
cseal_state_policy(const struct cseal_state *s)
{
	const struct state_policy *p = state_policy_now(s);

	return p == NULL ? NULL : p->policy;
}

const uint8_t *
cseal_state_authority(const struct cseal_state *s)
{
	return digest_log_last(&s->authority);
}

bool
cseal_state_founded(const struct cseal_state *s)
{
	for (size_t i = 0; i < s->persons.n; i++) {
		if (!state_person(s, i)->joined)
			return false;
	}
	return s->persons.n > 0;
}

const struct cseal_state_person *
cseal_state_person(const struct cseal_state *s, size_t i)
{
	return state_person(s, i);
}

const struct cseal_state_key *
cseal_state_key(const struct cseal_state *s, uint64_t number)
{
	const struct state_key *k = state_key(s, number);

	return k == NULL ? NULL : &k->pub;
}

const struct cseal_state_change *
cseal_state_change(const struct cseal_state *s, size_t i)
{
	const struct state_change *c = vec_at(&s->changes, i);

	return c == NULL ? NULL : &c->pub;
}

const struct cseal_state_slot *
cseal_state_slot(const struct cseal_state *s, size_t i)
{
	return vec_at(&s->slots, i);
}

const struct cseal_state_freeze *
cseal_state_freeze(const struct cseal_state *s, size_t i)
{
	return vec_at(&s->freezes, i);
}

const struct cseal_state_freeze *
cseal_state_frozen(const struct cseal_state *s, const char *store)
{
	for (size_t i = 0; i < s->freezes.n; i++) {
		const struct cseal_state_freeze *f = s->freezes.items[i];

		if (!f->lifted && !f->has_key &&
		    (!f->has_store || strcmp(f->store, store) == 0))
			return f;
	}
	return NULL;
}

const struct cseal_state_person *
cseal_state_person_find(const struct cseal_state *s, const char *handle)
{
	struct cseal_slice h = { (const uint8_t *)handle, strlen(handle) };
	size_t i = state_person_index(s, h);

	return i == STATE_NOBODY ? NULL : state_person(s, i);
}

const struct cseal_state_change *
cseal_state_change_find(const struct cseal_state *s, uint64_t index)
{
	const struct state_change *c = state_change(s, index);

	return c == NULL ? NULL : &c->pub;
}

const struct cseal_state_slot *
cseal_state_slot_find(
    const struct cseal_state *s, const char *store, const char *slot)
{
	return state_slot(s, store, slot);
}
