/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Persons are matched to places by augmenting paths (Kuhn): a person who
 * could fill two places must not block another who could fill only one.
 */

#include "count.h"

#include <string.h>

#define SEATS_MAX ((size_t)(CSEAL_PLACES_MAX + CSEAL_PLACES_EXTRA) * 16)

/* Seats: every place as often as it asks for persons. */
struct seating {
	const struct cseal_state *s;
	const struct count_what_if *then; /* NULL: as it is */
	/* Roles of persons who are in no state, in place of `s`. */
	const struct cseal_roles *const *given;
	const char *roles[SEATS_MAX];
	size_t taken[SEATS_MAX]; /* by which person; STATE_NOBODY */
	size_t n;
};

static void
add_place(struct seating *t, const struct cseal_place *p)
{
	for (unsigned k = 0; k < p->count && t->n < SEATS_MAX; k++) {
		t->roles[t->n] = p->role;
		t->taken[t->n++] = STATE_NOBODY;
	}
}

/* The seats name their roles in `places`, which outlives them. */
static void
seating_init(struct seating *t, const struct cseal_state *s,
    const struct cseal_places *places)
{
	t->s = s;
	t->then = NULL;
	t->given = NULL;
	t->n = 0;
	for (size_t i = 0; i < places->n; i++)
		add_place(t, &places->place[i]);
}

/* Kuhn's step; `tried` bounds the depth by the number of seats. */
static bool
seat(struct seating *t, size_t person, bool tried[SEATS_MAX])
{
	const struct cseal_roles *roles =
	    t->given != NULL ? t->given[person]
			     : &state_person(t->s, person)->roles;

	if (t->then != NULL && t->then->person == person)
		roles = t->then->roles;
	for (size_t i = 0; i < t->n; i++) {
		if (tried[i] || !cseal_roles_has(roles, t->roles[i]))
			continue;
		tried[i] = true;
		if (t->taken[i] == STATE_NOBODY ||
		    seat(t, t->taken[i], tried)) {
			t->taken[i] = person;
			return true;
		}
	}
	return false;
}

static bool
seat_person(struct seating *t, size_t person)
{
	bool tried[SEATS_MAX] = { false };

	return seat(t, person, tried);
}

bool
count_approval(
    const struct cseal_state *s, const struct cseal_state_approval *a)
{
	const struct state_key *k = state_key(s, a->key);

	return !a->lapsed && a->policy + 1 == s->policies.n &&
	       !k->pub.revoked && !state_person(s, a->person)->left;
}

static const struct cseal_policy_change *
rules_for(const struct cseal_state *s, const struct cseal_kind *k)
{
	const struct cseal_policy *p = cseal_state_policy(s);

	return p == NULL ? NULL : cseal_policy_change(p, k);
}

/* One person more of a role that may have places already. */
static void
add_extra(struct cseal_places *places, const struct cseal_extra *extra)
{
	struct cseal_place *p;
	size_t i = 0;

	while (i < places->n && strcmp(places->place[i].role, extra->role) != 0)
		i++;
	p = &places->place[i];
	if (i == places->n) {
		memcpy(p->role, extra->role, sizeof(p->role));
		p->count = 0;
		places->n++;
	}
	p->count += extra->count;
	if (p->count > 16)
		p->count = 16; /* as the policy's own places */
}

/* Within that time before the request, or after it. */
static bool
contact_changed(const struct cseal_state *s, const char *store, uint64_t clock,
    uint64_t within)
{
	uint64_t changed;

	return state_contact_clock(s, store, &changed) &&
	       (changed >= clock || clock - changed <= within);
}

/* What the rules ask: of a change at a store, that was asked for at `clock`. */
static void
all_places(const struct cseal_state *s, const struct cseal_policy_change *rules,
    const char *store, uint64_t clock, bool first_seen,
    struct cseal_places *out)
{
	*out = rules->places;
	if (rules->first_seen.count > 0 && first_seen)
		add_extra(out, &rules->first_seen);
	if (rules->after_contact.count > 0 &&
	    contact_changed(s, store, clock, rules->after_contact.within))
		add_extra(out, &rules->after_contact);
}

int
cseal_change_places(const struct cseal_state *s,
    const struct cseal_state_change *c, struct cseal_places *out)
{
	const struct cseal_policy_change *rules = rules_for(s, c->kind);

	if (rules == NULL)
		return CSEAL_ERR_NOT_FOUND;
	all_places(s, rules, c->store, c->clock, c->first_seen, out);
	return CSEAL_OK;
}

int
cseal_places_for(const struct cseal_state *s, const struct cseal_kind *kind,
    uint64_t op, const char *store, const struct cseal_facts *facts,
    uint64_t clock, struct cseal_places *out)
{
	const struct cseal_policy_change *rules = rules_for(s, kind);

	if (rules == NULL)
		return CSEAL_ERR_NOT_FOUND;
	all_places(s, rules, store, clock,
	    state_is_first_seen(s, kind, op, facts), out);
	return CSEAL_OK;
}

size_t
count_filled(
    const struct cseal_state *s, const struct state_change *c, size_t extra)
{
	struct cseal_places places;
	struct seating t;
	size_t filled = 0;

	if (cseal_change_places(s, &c->pub, &places) != CSEAL_OK)
		return 0;
	seating_init(&t, s, &places);
	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		const struct cseal_state_approval *a = &c->pub.approvals[i];

		if (count_approval(s, a) && seat_person(&t, a->person))
			filled++;
	}
	if (extra != STATE_NOBODY && seat_person(&t, extra))
		filled++;
	return filled;
}

/* Persons are seated in the order of their approvals, so who stays is sure. */
void
count_lapse(const struct cseal_state *s, struct state_change *c)
{
	struct cseal_places places = { .n = 0 };
	struct seating t;

	(void)cseal_change_places(s, &c->pub, &places);
	seating_init(&t, s, &places);
	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		struct cseal_state_approval *a = &c->pub.approvals[i];

		if (!count_approval(s, a) || !seat_person(&t, a->person))
			a->lapsed = true;
	}
}

size_t
count_places(const struct cseal_state *s, const struct state_change *c)
{
	struct cseal_places places;
	struct seating t;

	if (cseal_change_places(s, &c->pub, &places) != CSEAL_OK)
		return 0;
	seating_init(&t, s, &places);
	return t.n;
}

static bool
has_usable_key(
    const struct cseal_state *s, size_t person, const struct count_what_if *w)
{
	for (size_t i = 0; i < s->keys.n; i++) {
		const struct state_key *k = s->keys.items[i];

		if (k->pub.person == person && !k->pub.revoked &&
		    !k->pub.monitor &&
		    !(w->has_without && k->pub.number == w->without) &&
		    (w->thawed || !state_key_frozen(s, k->pub.number)))
			return true;
	}
	return false;
}

/* Roles that the person would have; NULL if the person could not act. */
static const struct cseal_roles *
roles_then(
    const struct cseal_state *s, size_t person, const struct count_what_if *w)
{
	const struct cseal_state_person *p = state_person(s, person);

	if (p->left || !has_usable_key(s, person, w))
		return NULL;
	return person == w->person ? w->roles : &p->roles;
}

static bool
shares_role(const struct cseal_roles *a, const struct cseal_roles *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (cseal_roles_has(b, a->names[i]))
			return true;
	}
	return false;
}

/* Can everybody but the asker fill all places? */
static bool
possible_for(const struct cseal_state *s,
    const struct cseal_policy_change *rules, size_t asker,
    const struct count_what_if *w)
{
	const struct cseal_roles *roles;
	struct seating t;
	size_t filled = 0;

	seating_init(&t, s, &rules->places);
	t.then = w;
	for (size_t i = 0; i < s->persons.n; i++) {
		roles = roles_then(s, i, w);
		if (i != asker && i != w->subject && roles != NULL &&
		    seat_person(&t, i))
			filled++;
	}
	return t.n > 0 && filled == t.n;
}

bool
count_possible(const struct cseal_state *s, const struct cseal_kind *k,
    const struct count_what_if *w)
{
	const struct cseal_policy *p =
	    w->policy != NULL ? w->policy : cseal_state_policy(s);
	const struct cseal_policy_change *rules =
	    k == NULL || p == NULL ? NULL : cseal_policy_change(p, k);
	const struct cseal_roles *roles;

	if (rules == NULL)
		return false;
	for (size_t i = 0; i < s->persons.n; i++) {
		roles = roles_then(s, i, w);
		if (roles != NULL && shares_role(roles, &rules->may_request) &&
		    possible_for(s, rules, i, w))
			return true;
	}
	return false;
}

bool
count_administrable(const struct cseal_state *s, const struct count_what_if *w)
{
	return count_possible(s, cseal_kind_find("key.add", 7), w) &&
	       count_possible(s, cseal_kind_find("key.revoke", 10), w) &&
	       count_possible(s, cseal_kind_find("policy.set", 10), w);
}

size_t
count_seated(const struct cseal_place *places, size_t n_places,
    const struct cseal_roles *const *persons, size_t n)
{
	struct seating t = { .given = persons };
	size_t filled = 0;

	for (size_t i = 0; i < n_places; i++)
		add_place(&t, &places[i]);
	for (size_t i = 0; i < n; i++) {
		if (persons[i] != NULL && seat_person(&t, i))
			filled++;
	}
	return filled;
}

bool
count_is_approved(const struct cseal_state *s, const struct state_change *c)
{
	size_t places = count_places(s, c);

	return places > 0 && count_filled(s, c, STATE_NOBODY) == places;
}

/* ---- the public view ---- */

int
cseal_change_missing(const struct cseal_state *s,
    const struct cseal_state_change *c, struct cseal_buf *out)
{
	struct cseal_places places;
	struct seating t;
	unsigned empty;
	bool first = true;

	if (cseal_change_places(s, c, &places) != CSEAL_OK)
		return CSEAL_ERR_NOT_FOUND;
	seating_init(&t, s, &places);
	for (size_t i = 0; i < c->n_approvals; i++) {
		if (count_approval(s, &c->approvals[i]))
			(void)seat_person(&t, c->approvals[i].person);
	}
	for (size_t i = 0; i < places.n; i++) {
		const struct cseal_place *p = &places.place[i];

		empty = 0;
		for (size_t k = 0; k < t.n; k++)
			empty +=
			    t.roles[k] == p->role && t.taken[k] == STATE_NOBODY;
		if (empty == 0)
			continue;
		(void)cseal_buf_printf(
		    out, "%s%u %s", first ? "" : " and ", empty, p->role);
		first = false;
	}
	return cseal_buf_error(out);
}

bool
cseal_change_may_approve(const struct cseal_state *s,
    const struct cseal_state_change *pub, const struct cseal_state_person *p)
{
	const struct state_change *c = state_change(s, pub->index);
	struct cseal_slice handle = { (const uint8_t *)p->handle,
		strlen(p->handle) };
	size_t person = state_person_index(s, handle);

	if (c == NULL || person == STATE_NOBODY || p->left ||
	    (pub->status != CSEAL_CHANGE_ASKED &&
		pub->status != CSEAL_CHANGE_APPROVED) ||
	    person == pub->requester || person == c->subject)
		return false;
	for (size_t i = 0; i < pub->n_approvals; i++) {
		if (pub->approvals[i].person == person &&
		    count_approval(s, &pub->approvals[i]))
			return false;
	}
	return count_filled(s, c, person) > count_filled(s, c, STATE_NOBODY);
}
