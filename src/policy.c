/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rules are asked; how they are read stands in policy_parse.c. */

#include <stdlib.h>
#include <string.h>

#include "policy_parts.h"

void
cseal_policy_free(struct cseal_policy *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->pool.n; i++)
		free(p->pool.blocks[i]);
	free(p->pool.blocks);
	free(p->stores);
	free(p->providers);
	free(p->changes);
	free(p);
}

const struct cseal_policy_change *
cseal_policy_change(const struct cseal_policy *p, const struct cseal_kind *kind)
{
	const struct cseal_kind *k;
	uint64_t bit = 1;

	for (size_t i = 0; (k = cseal_kind_at(i)) != kind; i++, bit <<= 1) {
		if (k == NULL)
			return NULL;
	}
	for (size_t i = 0; i < p->n_changes; i++) {
		if ((p->changes[i].kinds & bit) != 0)
			return &p->changes[i];
	}
	return NULL;
}

bool
cseal_policy_reenters(
    const struct cseal_policy_change *c, const struct cseal_field *f)
{
	return c->reenter == CSEAL_REENTER_ALL ||
	       (c->reenter == CSEAL_REENTER_ACCOUNT && f->account);
}

/* A slot is name ["/" item]; the policy declares names. */
static bool
has_name(uint64_t slots, const char *slot)
{
	size_t n = strcspn(slot, "/");
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (i < POLICY_KINDS_MAX && (slots >> i & 1) != 0 &&
		    strlen(k->slot) == n && memcmp(k->slot, slot, n) == 0)
			return true;
	}
	return false;
}

const struct cseal_policy_store *
cseal_policy_store(const struct cseal_policy *p, const char *store)
{
	const struct cseal_policy_store *any = NULL;

	for (size_t i = 0; i < p->n_stores; i++) {
		if (strcmp(p->stores[i].name, store) == 0)
			return &p->stores[i];
		if (strcmp(p->stores[i].name, "*") == 0)
			any = &p->stores[i];
	}
	return any;
}

const struct cseal_policy_store *
cseal_policy_store_at(const struct cseal_policy *p, size_t i)
{
	return i < p->n_stores ? &p->stores[i] : NULL;
}

const struct cseal_provider *
cseal_policy_provider(const struct cseal_policy *p, size_t i)
{
	return i < p->n_providers ? &p->providers[i] : NULL;
}

const struct cseal_calendar *
cseal_policy_calendar(const struct cseal_policy *p)
{
	return &p->ledger.calendar;
}

bool
cseal_policy_has_slot(
    const struct cseal_policy *p, const char *store, const char *slot)
{
	const struct cseal_policy_store *s = cseal_policy_store(p, store);

	return s != NULL && has_name(s->slots, slot);
}

bool
cseal_policy_uv(const struct cseal_policy *p)
{
	return p->ledger.uv != 0;
}

bool
cseal_policy_synced(const struct cseal_policy *p)
{
	return p->ledger.synced != 0;
}

uint64_t
cseal_policy_attestation(const struct cseal_policy *p)
{
	return p->ledger.attestation;
}

uint64_t
cseal_policy_tolerance(const struct cseal_policy *p)
{
	return p->ledger.tolerance;
}

const struct cseal_roles *
cseal_policy_may_freeze(const struct cseal_policy *p)
{
	return &p->freeze.by;
}

bool
cseal_policy_freezes_on_drift(const struct cseal_policy *p)
{
	return p->freeze.on_drift != 0;
}

bool
cseal_roles_has(const struct cseal_roles *r, const char *role)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->names[i], role) == 0)
			return true;
	}
	return false;
}

bool
cseal_names_has(const struct cseal_names *names, const char *word)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->items[i], word) == 0)
			return true;
	}
	return false;
}
