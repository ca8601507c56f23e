/* SPDX-License-Identifier: BSD-2-Clause */
/* The genesis statement, from two or more key offers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "digest.h"
#include "panel.h"
#include "slice.h"

/* The founding in the making: lists that the statement borrows. */
struct founding {
	struct cseal_statement st;
	struct cseal_person *persons;
	struct cseal_slice *roles; /* CSEAL_ROLES_MAX of each person */
	struct cseal_key *keys;
	struct cseal_buf policy;
	struct cseal_draft *p;
};

static void
founding_free(struct founding *m)
{
	free(m->persons);
	free(m->roles);
	free(m->keys);
	cseal_buf_free(&m->policy);
	cseal_draft_free(m->p);
}

static int
check_offer(const struct cseal_founding *f, size_t i, struct cseal_error *err)
{
	const struct cseal_offer *o = &f->offers[i];
	struct cseal_slice org = slice_of(f->org);
	char where[64];

	(void)snprintf(where, sizeof(where), "offer of %.*s",
	    (int)o->key.handle.len, (const char *)o->key.handle.data);
	if (o->has_ledger)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, where,
		    "it was made for a ledger that exists already");
	if (!slice_same(o->org, org))
		return cseal_error_set(err, CSEAL_ERR_REFUSED, where,
		    "it was made for another organisation's name: names must "
		    "agree to the letter");
	return CSEAL_OK;
}

/* Roles of a person that has several offers are those given first. */
static void
add_person(struct founding *m, const struct cseal_founding *f, size_t i)
{
	static const char *const usual[] = { "admin", "approver", "operator" };
	struct cseal_genesis *g = &m->st.u.genesis;
	struct cseal_slice handle = f->offers[i].key.handle;
	struct cseal_person *p;

	for (size_t k = 0; k < g->n_persons; k++) {
		if (slice_same(m->persons[k].handle, handle))
			return;
	}
	p = &m->persons[g->n_persons];
	p->handle = handle;
	p->roles = m->roles + g->n_persons++ * CSEAL_ROLES_MAX;
	if (f->roles == NULL || f->roles[i].n == 0) {
		for (size_t k = 0; k < 3; k++)
			p->roles[p->n_roles++] = slice_of(usual[k]);
		return;
	}
	for (size_t k = 0; k < f->roles[i].n; k++)
		p->roles[p->n_roles++] = slice_of(f->roles[i].names[k]);
}

static int
fill(struct founding *m, const struct cseal_founding *f, uint64_t now,
    struct cseal_error *err)
{
	struct cseal_genesis *g = &m->st.u.genesis;
	int r;

	m->st.version = CSEAL_FORMAT_VERSION;
	m->st.kind = CSEAL_GENESIS;
	m->st.clock = now;
	r = digest_sha256(m->st.seen.root, NULL, 0);
	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < f->n_offers; i++) {
		if ((r = check_offer(f, i, err)) != CSEAL_OK)
			return r;
		add_person(m, f, i);
		m->keys[i] = f->offers[i].key;
	}
	if (g->n_persons < 2)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "init",
		    "a ledger needs two people: give the key offers of two "
		    "persons or more");
	g->org = slice_of(f->org);
	g->rp_id = slice_of(f->offers[0].rp_id);
	g->persons = m->persons;
	g->keys = m->keys;
	g->n_keys = f->n_offers;
	r = f->policy != NULL ? cseal_buf_add_str(&m->policy, f->policy)
			      : cseal_policy_default(&m->policy);
	g->policy.language = CSEAL_POLICY_LANGUAGE;
	g->policy.text = cseal_buf_slice(&m->policy);
	g->demo = f->demo;
	g->has_predecessor = f->continues != NULL;
	if (g->has_predecessor)
		g->predecessor = *f->continues;
	return r != CSEAL_OK ? r : digest_random(g->nonce, sizeof(g->nonce));
}

/* The first offer's key seals; draft_finish() asks for its rp id and id. */
static int
finish(
    struct founding *m, const struct cseal_founding *f, struct cseal_error *err)
{
	const struct cseal_offer *first = &f->offers[0];
	struct cseal_state_key key = { 0 };
	struct cseal_credential c;
	char signer[CSEAL_HANDLE_BYTES];
	int r;

	r = cseal_credential_parse(&c, first->key.attestation);
	if (r != CSEAL_OK ||
	    !state_copy(signer, sizeof(signer), first->key.handle))
		return CSEAL_ERR_FORMAT;
	(void)snprintf(key.rp_id, sizeof(key.rp_id), "%s", first->rp_id);
	cseal_buf_init(&key.credential, 0);
	r = cseal_buf_add(&key.credential, c.id.data, c.id.len);
	if (r == CSEAL_OK)
		r = draft_finish(m->p, NULL, &m->st, &key, err);
	if (r == CSEAL_OK)
		r = panel_founding(&m->p->panel, &m->st.u.genesis, signer);
	cseal_buf_free(&key.credential);
	(void)cseal_buf_str(&m->p->panel);
	return r;
}

int
cseal_draft_genesis(struct cseal_draft **out, const struct cseal_founding *f,
    uint64_t now, struct cseal_error *err)
{
	struct founding m;
	int r = CSEAL_ERR_NOMEM;

	*out = NULL;
	memset(&m, 0, sizeof(m));
	if (f->n_offers == 0 || f->n_offers > CSEAL_PERSONS_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "init",
		    "give between 2 and 256 key offers");
	m.persons = calloc(f->n_offers, sizeof(*m.persons));
	m.roles = calloc(f->n_offers * CSEAL_ROLES_MAX, sizeof(*m.roles));
	m.keys = calloc(f->n_offers, sizeof(*m.keys));
	m.p = draft_new();
	if (m.persons == NULL || m.roles == NULL || m.keys == NULL ||
	    m.p == NULL)
		goto out;
	cseal_buf_init(&m.policy, CSEAL_POLICY_MAX);
	r = fill(&m, f, now, err);
	if (r == CSEAL_OK)
		r = finish(&m, f, err);
	if (r == CSEAL_OK) {
		*out = m.p; /* transferred */
		m.p = NULL;
	}
out:
	founding_free(&m);
	return r;
}
