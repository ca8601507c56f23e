/* SPDX-License-Identifier: BSD-2-Clause */
/* A lint in the making; private to lint*.c. */

#ifndef SRC_LINT_H
#define SRC_LINT_H

#include "counterseal/lint.h"

/* In the order of the table in lint_rules.c. */
enum lint_id {
	/* errors */
	LINT_NO_ADMINISTRATION,
	LINT_NO_LIFT,
	LINT_NOBODY_ASKS,
	LINT_ROLE_UNHELD,
	LINT_TOO_FEW_PERSONS,
	LINT_ONLY_HIMSELF,
	LINT_EXTRA_UNMET,
	LINT_NOBODY_APPLIES,
	LINT_NOBODY_CONFIRMS,
	LINT_SINGLE_KEY,
	LINT_REVOKE_BLOCKED,
	LINT_LIFT_BLOCKED,
	LINT_LIVES_ZERO,
	LINT_LIVES_SHORT,
	LINT_WINDOW_EMPTY,
	LINT_SCREEN_LONG,
	LINT_EXTRA_VOID,
	LINT_TOLERANCE_ZERO,
	LINT_ZONE_UNKNOWN,
	LINT_COUNTRY_UNKNOWN,
	LINT_CURRENCY_UNKNOWN,
	LINT_NO_STORE,
	/* warnings */
	LINT_ONE_APPROVER,
	LINT_ASKER_NEEDED,
	LINT_EXTRAS_TOGETHER,
	LINT_SELF_CONFIRMED,
	LINT_AUTHORITY_OPEN,
	LINT_AUTHORITY_WEAKER,
	LINT_NO_PERSONS,
	LINT_NOBODY_FREEZES,
	LINT_WINDOW_OUTSIDE,
	LINT_NOT_READ_BACK,
	LINT_READ_BACK_ORDER,
	LINT_NOT_REENTERED,
	LINT_NOT_CONFIRMED,
	LINT_TOLERANCE_WIDE,
	LINT_NOT_VERIFIED,
	LINT_SYNCED,
	LINT_ANY_STORE,
	LINT_SLOT_WITHOUT_RULES,
	LINT_PROVIDER_OUTSIDE,
	LINT_PROVIDER_WITHOUT_BANKS,
	LINT_DOMAIN_TWICE,
	LINT_DEMO,
	LINT_RULES,
};
extern const struct cseal_lint_rule lint_rules[LINT_RULES];

/* A finding, and the kinds of change that it is about. */
struct lint_row {
	struct cseal_lint_finding pub;
	uint64_t kinds;
};

struct cseal_lint {
	struct lint_row *rows;
	size_t n;
	size_t cap;
	int r; /* CSEAL_ERR_NOMEM: a finding is missing */
	const struct cseal_policy *p;
	const struct cseal_lint_options *o;
};

/* Where a finding belongs. */
struct lint_place {
	const char *section; /* "" for the whole */
	const char *name;    /* of a store or provider */
	const char *key;     /* or NULL */
	uint64_t kinds;	     /* of a section of changes */
};

/* Adds one; what was found of other kinds, word for word, is told once. */
void lint_say(struct cseal_lint *l, enum lint_id id,
    const struct lint_place *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, no error if `accepted`. */
void lint_say_unless(struct cseal_lint *l, bool accepted, enum lint_id id,
    const struct lint_place *where, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* The i-th section of changes; NULL behind the last. */
const struct cseal_policy_change *lint_change(
    const struct cseal_lint *l, size_t i);
/* Does the section have kinds with values? Of payout accounts? */
bool lint_has_values(const struct cseal_policy_change *c);
bool lint_pays(const struct cseal_policy_change *c);
/* The rules of a kind by its name; NULL if it has none. */
const struct cseal_policy_change *lint_rules_of(
    const struct cseal_lint *l, const char *kind);
/* The bit of a kind by its name. */
uint64_t lint_kind(const char *kind);

/* What stands in the policy alone. */
void lint_words(struct cseal_lint *l);
void lint_stores(struct cseal_lint *l);
/* Whether its persons can live with it. */
void lint_team(struct cseal_lint *l);
void lint_losses(struct cseal_lint *l);

/* ---- lint_seats.c: who could do what ---- */

#define LINT_PERSONS_MAX 256
#define LINT_PLACES_MAX	 ((size_t)CSEAL_PLACES_MAX + 2)

/* Persons as they would be. */
struct lint_team {
	const struct cseal_lint_person *persons;
	size_t n;
	size_t loser; /* who has one key less; SIZE_MAX: nobody */
};

/* Roles of a person who can seal; NULL if not. */
const struct cseal_roles *lint_roles(const struct lint_team *t, size_t i);
bool lint_shares(const struct cseal_roles *a, const struct cseal_roles *b);
/* Could the person ask for it? */
bool lint_asks(const struct lint_team *t, const struct cseal_policy_change *c,
    size_t person);

/* Places of a section, with or without those on top. */
struct lint_seats {
	struct cseal_place places[LINT_PLACES_MAX];
	size_t n;
	size_t persons; /* that it takes to fill them */
};
void lint_seats_of(struct lint_seats *s, const struct cseal_policy_change *c,
    bool first_seen, bool after_contact);

/* How many places are filled, if neither of the two (SIZE_MAX) decides? */
size_t lint_filled(const struct lint_team *t, const struct lint_seats *s,
    size_t asker, size_t subject);
/* Could anybody ask so that others fill all? */
bool lint_possible(const struct lint_team *t,
    const struct cseal_policy_change *c, const struct lint_seats *s,
    size_t subject);

#endif
