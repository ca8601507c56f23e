/* SPDX-License-Identifier: BSD-2-Clause */
/* Who could ask, and how many places the others could fill. */

#include <string.h>

#include "count.h"
#include "lint.h"

const struct cseal_roles *
lint_roles(const struct lint_team *t, size_t i)
{
	const unsigned least = i == t->loser ? 2 : 1;

	return t->persons[i].keys < least ? NULL : t->persons[i].roles;
}

bool
lint_shares(const struct cseal_roles *a, const struct cseal_roles *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (cseal_roles_has(b, a->names[i]))
			return true;
	}
	return false;
}

bool
lint_asks(const struct lint_team *t, const struct cseal_policy_change *c,
    size_t person)
{
	const struct cseal_roles *roles = lint_roles(t, person);

	return roles != NULL && lint_shares(roles, &c->may_request);
}

static void
add_extra(struct lint_seats *s, const struct cseal_extra *extra)
{
	struct cseal_place *place = &s->places[s->n];

	if (extra->count == 0)
		return;
	place->count = extra->count;
	memcpy(place->role, extra->role, sizeof(place->role));
	s->persons += extra->count;
	s->n++;
}

void
lint_seats_of(struct lint_seats *s, const struct cseal_policy_change *c,
    bool first_seen, bool after_contact)
{
	s->n = 0;
	s->persons = 0;
	for (size_t i = 0; i < c->places.n; i++) {
		s->places[s->n++] = c->places.place[i];
		s->persons += c->places.place[i].count;
	}
	if (first_seen)
		add_extra(s, &c->first_seen);
	if (after_contact)
		add_extra(s, &c->after_contact);
}

size_t
lint_filled(const struct lint_team *t, const struct lint_seats *s, size_t asker,
    size_t subject)
{
	const struct cseal_roles *roles[LINT_PERSONS_MAX];

	for (size_t i = 0; i < t->n; i++)
		roles[i] = i == asker || i == subject ? NULL : lint_roles(t, i);
	return count_seated(s->places, s->n, roles, t->n);
}

bool
lint_possible(const struct lint_team *t, const struct cseal_policy_change *c,
    const struct lint_seats *s, size_t subject)
{
	for (size_t i = 0; i < t->n; i++) {
		if (lint_asks(t, c, i) &&
		    lint_filled(t, s, i, subject) == s->persons)
			return true;
	}
	return false;
}
