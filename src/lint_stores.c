/* SPDX-License-Identifier: BSD-2-Clause */
/* Stores, providers, and which kinds have rules at all. */

#include <string.h>

#include "lint.h"

/* ---- stores ---- */

static bool
slot_has_rules(const struct cseal_lint *l, const char *slot)
{
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (strcmp(k->slot, slot) == 0 &&
		    cseal_policy_change(l->p, k) != NULL)
			return true;
	}
	return false;
}

static void
check_slots(struct cseal_lint *l, const struct cseal_policy_store *s)
{
	const struct lint_place at = {
		.section = "store", .name = s->name, .key = "slots"
	};
	const struct cseal_kind *k;

	for (size_t i = 0; i < 64 && (k = cseal_kind_at(i)) != NULL; i++) {
		if ((s->slots >> i & 1) != 0 && !slot_has_rules(l, k->slot))
			lint_say(l, LINT_SLOT_WITHOUT_RULES, &at,
			    "no kind of change that stands in %s has rules: "
			    "add [change %s], or take the slot out",
			    k->slot, k->name);
	}
}

static bool
any_has_values(const struct cseal_lint *l)
{
	const struct cseal_policy_change *c;

	for (size_t i = 0; (c = lint_change(l, i)) != NULL; i++) {
		if (lint_has_values(c))
			return true;
	}
	return false;
}

static void
check_stores(struct cseal_lint *l)
{
	const struct cseal_policy_store *s;
	struct lint_place at = { .section = "" };

	if (cseal_policy_store_at(l->p, 0) == NULL && any_has_values(l))
		lint_say(l, LINT_NO_STORE, &at,
		    "no store is declared, so no account or contact can be "
		    "asked for: add [store ALIAS] for each");
	at.section = "store";
	at.name = "*";
	for (size_t i = 0; (s = cseal_policy_store_at(l->p, i)) != NULL; i++) {
		if (strcmp(s->name, "*") == 0)
			lint_say(l, LINT_ANY_STORE, &at,
			    "any name is taken for a store, a mistyped one "
			    "too: add [store ALIAS] for each, and take [store "
			    "*] out");
		else
			check_slots(l, s);
	}
}

/* ---- providers ---- */

static void
check_providers(struct cseal_lint *l)
{
	const struct cseal_provider *v;

	for (size_t i = 0; (v = cseal_policy_provider(l->p, i)) != NULL; i++) {
		struct lint_place at = { .section = "provider",
			.name = v->name };

		at.key = "programme member";
		if (!v->member)
			lint_say(l, LINT_PROVIDER_OUTSIDE, &at,
			    "changes that name %s are refused, for it belongs "
			    "to no programme of the marketplace: write yes if "
			    "it does, or take the section out",
			    v->name);
		at.key = "banks";
		if (v->banks.n == 0)
			lint_say(l, LINT_PROVIDER_WITHOUT_BANKS, &at,
			    "accounts of %s are not known as such: write the "
			    "codes of its banks, such as BIC:CITIIE2X",
			    v->name);
	}
}

/* ---- authority ---- */

static void
check_administration(struct cseal_lint *l)
{
	static const struct {
		const char *kind;
		enum lint_id id;
		const char *then;
	} rows[] = {
		{ "key.add", LINT_NO_ADMINISTRATION,
		    "a lost key could never be replaced" },
		{ "key.revoke", LINT_NO_ADMINISTRATION,
		    "a stolen key could never be revoked" },
		{ "policy.set", LINT_NO_ADMINISTRATION,
		    "these rules could never be changed" },
		{ "freeze.lift", LINT_NO_LIFT,
		    "what is frozen would be so for ever" },
		{ "person.set", LINT_NO_PERSONS, "nobody could come" },
		{ "person.leave", LINT_NO_PERSONS, "nobody could leave" },
	};
	const struct lint_place at = { .section = "" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (lint_rules_of(l, rows[i].kind) == NULL)
			lint_say(l, rows[i].id, &at,
			    "%s has no rules, so %s: add it to a head of kinds "
			    "of authority, [change key.* person.* policy.* "
			    "log.* freeze.lift]",
			    rows[i].kind, rows[i].then);
	}
}

static size_t
count_places(const struct cseal_policy_change *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->places.n; i++)
		n += c->places.place[i].count;
	return n;
}

static bool
wants_admin(const struct cseal_policy_change *c)
{
	for (size_t i = 0; i < c->places.n; i++) {
		if (strcmp(c->places.place[i].role, "admin") == 0)
			return true;
	}
	return false;
}

/* Whoever can alter the rules can alter an account, a little later. */
static void
check_authority(struct cseal_lint *l)
{
	const struct cseal_policy_change *c;
	size_t most = 0;

	for (size_t i = 0; (c = lint_change(l, i)) != NULL; i++) {
		if (lint_has_values(c) && lint_pays(c) &&
		    count_places(c) > most)
			most = count_places(c);
	}
	for (size_t i = 0; (c = lint_change(l, i)) != NULL; i++) {
		const struct lint_place at = { .section = "change",
			.key = "approvals",
			.kinds = c->kinds };

		if (lint_has_values(c))
			continue;
		if (!wants_admin(c))
			lint_say(l, LINT_AUTHORITY_OPEN, &at,
			    "keys, persons or rules would change without an "
			    "admin: write 1 admin or more, under [change key.* "
			    "person.* policy.* log.* freeze.lift]");
		if (count_places(c) < most)
			lint_say(l, LINT_AUTHORITY_WEAKER, &at,
			    "fewer persons can change the rules than approve "
			    "an account (%zu), and so get round it: ask for "
			    "as many",
			    most);
	}
}

void
lint_stores(struct cseal_lint *l)
{
	check_stores(l);
	check_providers(l);
	check_administration(l);
	check_authority(l);
}
