/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the persons at hand can do what each section asks for. */

#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "lint.h"

#define NOBODY	    SIZE_MAX
#define NAMES_SHOWN 4
#define ROLES_KNOWN 32

/* A section, the team, and where a finding belongs. */
struct looking {
	struct cseal_lint *l;
	struct lint_team team;
	const struct cseal_policy_change *c;
	struct lint_place at;
};

/* ---- roles ---- */

static size_t
count_holders(const struct lint_team *t, const char *role)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += lint_roles(t, i) != NULL &&
		     cseal_roles_has(lint_roles(t, i), role);
	return n;
}

static bool
any_holds(const struct lint_team *t, const struct cseal_roles *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		if (count_holders(t, roles->names[i]) > 0)
			return true;
	}
	return false;
}

/* Roles that somebody has, each once. */
static size_t
known_roles(const struct lint_team *t, const char *out[ROLES_KNOWN])
{
	size_t n = 0, at;

	for (size_t i = 0; i < t->n; i++) {
		const struct cseal_roles *r = lint_roles(t, i);

		for (size_t k = 0; r != NULL && k < r->n; k++) {
			for (at = 0; at < n; at++) {
				if (strcmp(out[at], r->names[k]) == 0)
					break;
			}
			if (at == n && n < ROLES_KNOWN)
				out[n++] = r->names[k];
		}
	}
	return n;
}

static void
say_unheld(struct looking *m, const char *role)
{
	const char *known[ROLES_KNOWN];
	size_t n = known_roles(&m->team, known);
	struct cseal_buf near;

	cseal_buf_init(&near, 0);
	(void)cseal_near(&near, role, known, n);
	lint_say(m->l, LINT_ROLE_UNHELD, &m->at,
	    "nobody who has a key has the role %s%s%s%s: give it to somebody, "
	    "or write another role",
	    role, near.len > 0 ? " (did you mean " : "", cseal_buf_str(&near),
	    near.len > 0 ? "?)" : "");
	cseal_buf_free(&near);
}

/* "operator or approver" */
static void
name_roles(const struct cseal_roles *roles, struct cseal_buf *out)
{
	for (size_t i = 0; i < roles->n; i++)
		(void)cseal_buf_printf(out, "%s%s",
		    i == 0		? ""
		    : i + 1 == roles->n ? " or "
					: ", ",
		    roles->names[i]);
}

/* A list of roles of whom nobody has one. */
static void
check_holders(struct looking *m, enum lint_id id, const char *key,
    const struct cseal_roles *roles, const char *none)
{
	struct cseal_buf names;

	m->at.key = key;
	if (roles->n == 0) {
		lint_say(m->l, id, &m->at, "%s: write roles, such as operator",
		    none);
		return;
	}
	if (m->team.n == 0 || any_holds(&m->team, roles))
		return;
	cseal_buf_init(&names, 0);
	name_roles(roles, &names);
	lint_say(m->l, id, &m->at,
	    "%s, for nobody who has a key is %s: give somebody the role, or "
	    "write another",
	    none, cseal_buf_str(&names));
	cseal_buf_free(&names);
}

/* ---- approvals ---- */

static void
name_places(const struct lint_seats *s, struct cseal_buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		(void)cseal_buf_printf(out, "%s%u %s", i > 0 ? " and " : "",
		    s->places[i].count, s->places[i].role);
}

/* Who may ask, and how many they are. */
static size_t
only_asker(const struct looking *m, size_t *n)
{
	size_t one = NOBODY;

	*n = 0;
	for (size_t i = 0; i < m->team.n; i++) {
		if (!lint_asks(&m->team, m->c, i))
			continue;
		one = i;
		(*n)++;
	}
	return one;
}

/* The most places that are filled whoever asks. */
static size_t
best_filled(const struct looking *m, const struct lint_seats *s)
{
	size_t best = 0, filled;

	for (size_t i = 0; i < m->team.n; i++) {
		if (!lint_asks(&m->team, m->c, i))
			continue;
		filled = lint_filled(&m->team, s, i, NOBODY);
		if (filled > best)
			best = filled;
	}
	return best;
}

static bool
say_all_unheld(struct looking *m, const struct lint_seats *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n; i++) {
		if (count_holders(&m->team, s->places[i].role) > 0)
			continue;
		say_unheld(m, s->places[i].role);
		any = true;
	}
	return any;
}

/* The places cannot be filled: why not? */
static void
say_unmet(struct looking *m, const struct lint_seats *s)
{
	size_t askers, one = only_asker(m, &askers);
	const size_t filled = best_filled(m, s);
	struct cseal_buf places;

	if (say_all_unheld(m, s))
		return;
	cseal_buf_init(&places, 0);
	name_places(s, &places);
	if (askers == 1 &&
	    lint_filled(&m->team, s, NOBODY, NOBODY) == s->persons)
		lint_say(m->l, LINT_ONLY_HIMSELF, &m->at,
		    "only %s may ask, and it takes %s to fill %s: nobody "
		    "approves what he asked for, so let somebody else ask or "
		    "approve",
		    m->team.persons[one].handle, m->team.persons[one].handle,
		    cseal_buf_str(&places));
	else
		lint_say(m->l, LINT_TOO_FEW_PERSONS, &m->at,
		    "%s: that is %zu person%s besides the one who asks, and "
		    "only %zu can fill a place; ask for fewer, or give more "
		    "persons the role",
		    cseal_buf_str(&places), s->persons,
		    s->persons == 1 ? "" : "s", filled);
	cseal_buf_free(&places);
}

static void
check_extras(struct looking *m)
{
	static const char *const keys[] = { "first seen",
		"after contact change" };
	const struct cseal_extra *extras[] = { &m->c->first_seen,
		&m->c->after_contact };
	struct lint_seats s;
	bool met = true;

	for (size_t i = 0; i < 2; i++) {
		m->at.key = keys[i];
		lint_seats_of(&s, m->c, i == 0, i == 1);
		if (extras[i]->count == 0 ||
		    lint_possible(&m->team, m->c, &s, NOBODY))
			continue;
		met = false;
		lint_say(m->l, LINT_EXTRA_UNMET, &m->at,
		    "together with 'approvals' that is %zu persons besides the "
		    "one who asks, and only %zu can fill a place: ask for "
		    "fewer, or give more persons the role %s",
		    s.persons, best_filled(m, &s), extras[i]->role);
	}
	lint_seats_of(&s, m->c, true, true);
	if (met && extras[0]->count > 0 && extras[1]->count > 0 &&
	    !lint_possible(&m->team, m->c, &s, NOBODY))
		lint_say(m->l, LINT_EXTRAS_TOGETHER, &m->at,
		    "a new country or provider soon after a contact changed "
		    "takes %zu persons besides the one who asks, and only %zu "
		    "can fill a place: such a change has to wait",
		    s.persons, best_filled(m, &s));
}

/* Persons who could fill any of the places. */
static size_t
only_approver(const struct looking *m, const struct lint_seats *s, size_t *n)
{
	size_t one = NOBODY;
	bool can;

	*n = 0;
	for (size_t i = 0; i < m->team.n; i++) {
		const struct cseal_roles *roles = lint_roles(&m->team, i);

		can = false;
		for (size_t k = 0; roles != NULL && k < s->n; k++)
			can = can || cseal_roles_has(roles, s->places[k].role);
		if (!can)
			continue;
		one = i;
		(*n)++;
	}
	return one;
}

/* It can be met; but only by one person, or not whoever asks. */
static void
check_control(struct looking *m, const struct lint_seats *s)
{
	size_t approvers, one = only_approver(m, s, &approvers);
	struct cseal_buf blocked;

	if (approvers == 1)
		lint_say(m->l, LINT_ONE_APPROVER, &m->at,
		    "%s alone can approve: whoever gets that key, or leads %s "
		    "astray, needs nobody else; give a second person the role",
		    m->team.persons[one].handle, m->team.persons[one].handle);
	cseal_buf_init(&blocked, 0);
	for (size_t i = 0; i < m->team.n; i++) {
		if (lint_asks(&m->team, m->c, i) &&
		    lint_filled(&m->team, s, i, NOBODY) < s->persons)
			(void)cseal_buf_printf(&blocked, "%s%s",
			    blocked.len > 0 ? ", " : "",
			    m->team.persons[i].handle);
	}
	if (blocked.len > 0)
		lint_say(m->l, LINT_ASKER_NEEDED, &m->at,
		    "what %.120s asks for nobody can approve, for it takes "
		    "that person to fill the places: let somebody else ask, or "
		    "give another person the role",
		    cseal_buf_str(&blocked));
	cseal_buf_free(&blocked);
}

static void
check_approvals(struct looking *m)
{
	struct lint_seats s;

	check_holders(m, LINT_NOBODY_ASKS, "may request", &m->c->may_request,
	    "nobody may ask for it");
	if (m->team.n == 0 || !any_holds(&m->team, &m->c->may_request))
		return;
	m->at.key = "approvals";
	lint_seats_of(&s, m->c, false, false);
	if (!lint_possible(&m->team, m->c, &s, NOBODY)) {
		say_unmet(m, &s);
		return;
	}
	check_control(m, &s);
	if (lint_has_values(m->c))
		check_extras(m);
}

/* ---- entering and confirming ---- */

/* Is there somebody to enter it, and another who may look? */
static bool
can_confirm(const struct looking *m)
{
	for (size_t a = 0; a < m->team.n; a++) {
		const struct cseal_roles *roles = lint_roles(&m->team, a);

		if (roles == NULL || !lint_shares(roles, &m->c->may_apply))
			continue;
		for (size_t b = 0; b < m->team.n; b++) {
			roles = lint_roles(&m->team, b);
			if (a != b && roles != NULL &&
			    lint_shares(roles, &m->c->may_observe))
				return true;
		}
	}
	return false;
}

static void
check_entering(struct looking *m)
{
	check_holders(m, LINT_NOBODY_APPLIES, "may apply", &m->c->may_apply,
	    "nobody may state that it was entered");
	m->at.key = "may observe";
	if (m->c->confirmed_by_another != 0 &&
	    (m->c->may_observe.n == 0 ||
		(m->team.n > 0 && any_holds(&m->team, &m->c->may_apply) &&
		    !can_confirm(m))))
		lint_say(m->l, LINT_NOBODY_CONFIRMS, &m->at,
		    "another than who entered it must confirm it, and nobody "
		    "could: let more roles observe, or write confirmed by "
		    "another = no");
	m->at.key = "confirmed by another";
	if (m->c->confirmed_by_another == 0 && lint_pays(m->c))
		lint_say(m->l, LINT_SELF_CONFIRMED, &m->at,
		    "who enters an account may confirm it himself, so one "
		    "person alone says what the console shows: write yes");
}

static void
check_freeze(struct looking *m)
{
	m->at = (struct lint_place){ .section = "freeze" };
	check_holders(m, LINT_NOBODY_FREEZES, "by",
	    cseal_policy_may_freeze(m->l->p), "nobody may freeze");
}

void
lint_team(struct cseal_lint *l)
{
	struct looking m = { .l = l };

	m.team.persons = l->o->persons;
	m.team.n = l->o->n_persons;
	m.team.loser = NOBODY;
	check_freeze(&m);
	for (size_t i = 0; (m.c = lint_change(l, i)) != NULL; i++) {
		m.at = (struct lint_place){ .section = "change",
			.kinds = m.c->kinds };
		check_approvals(&m);
		if (lint_has_values(m.c))
			check_entering(&m);
	}
}
