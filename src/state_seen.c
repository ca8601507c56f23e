/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the ledger has seen in force: countries and providers by slot, and
 * when a contact of a store changed.
 */

#include <string.h>

#include "digest.h"
#include "state.h"

/* A fact as one hash: the slot it stands in, its number, its text. */
static int
fact_hash(uint8_t out[CSEAL_HASH_BYTES], const struct cseal_kind *kind,
    uint8_t fact, const char *text)
{
	const struct cseal_slice pieces[] = {
		{ (const uint8_t *)kind->slot, strlen(kind->slot) + 1 },
		{ &fact, 1 },
		{ (const uint8_t *)text, strlen(text) },
	};

	return digest_sha256(out, pieces, sizeof(pieces) / sizeof(*pieces));
}

static int
add_fact(struct cseal_state *s, const struct cseal_kind *kind, uint8_t fact,
    const char *text)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	int r;

	if (text[0] == '\0')
		return CSEAL_OK;
	if ((r = fact_hash(hash, kind, fact, text)) != CSEAL_OK)
		return r;
	return hashset_has(&s->seen, hash) ? CSEAL_OK
					   : hashset_add(&s->seen, hash);
}

static bool
is_new(const struct cseal_state *s, const struct cseal_kind *kind, uint8_t fact,
    const char *text)
{
	uint8_t hash[CSEAL_HASH_BYTES];

	return text[0] != '\0' &&
	       (fact_hash(hash, kind, fact, text) != CSEAL_OK ||
		   !hashset_has(&s->seen, hash));
}

bool
state_is_first_seen(const struct cseal_state *s, const struct cseal_kind *kind,
    uint64_t op, const struct cseal_facts *facts)
{
	if (op != CSEAL_OP_REPLACE && op != CSEAL_OP_ADD)
		return false;
	return is_new(s, kind, CSEAL_FACT_COUNTRY, facts->country) ||
	       is_new(s, kind, CSEAL_FACT_PROVIDER, facts->provider);
}

/* ---- contacts ---- */

bool
state_is_contact(const struct cseal_kind *kind)
{
	static const char *const begins[] = { "contact.", "security.",
		"access." };

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		if (strncmp(kind->name, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

static struct state_contact *
find_contact(const struct cseal_state *s, const char *store)
{
	for (size_t i = 0; i < s->contacts.n; i++) {
		struct state_contact *c = s->contacts.items[i];

		if (strcmp(c->store, store) == 0)
			return c;
	}
	return NULL;
}

bool
state_contact_clock(
    const struct cseal_state *s, const char *store, uint64_t *clock)
{
	const struct state_contact *c = find_contact(s, store);

	if (c != NULL)
		*clock = c->clock;
	return c != NULL;
}

static int
add_contact(struct cseal_state *s, const char *store, uint64_t clock)
{
	struct state_contact *c = find_contact(s, store);

	if (c == NULL) {
		c = vec_add(&s->contacts, sizeof(*c));
		if (c == NULL)
			return CSEAL_ERR_NOMEM;
		memcpy(c->store, store, strlen(store) + 1);
	}
	if (clock > c->clock)
		c->clock = clock;
	return CSEAL_OK;
}

int
state_seen_add(struct cseal_state *s, const struct state_change *c)
{
	const struct cseal_facts *f = &c->pub.facts;
	int r;

	r = add_fact(s, c->pub.kind, CSEAL_FACT_COUNTRY, f->country);
	if (r == CSEAL_OK)
		r = add_fact(s, c->pub.kind, CSEAL_FACT_PROVIDER, f->provider);
	if (r == CSEAL_OK && state_is_contact(c->pub.kind))
		r = add_contact(s, c->pub.store, s->clocks[c->pub.decided_by]);
	return r;
}
