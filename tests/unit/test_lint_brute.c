/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small teams and policies, all of them: lint says that approvals can be met
 * exactly if some person may ask and others, tried one by one in every place,
 * fill all. The search here knows nothing of matchings.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lint_fixture.h"

#define PERSONS 4
#define ROLES	3
#define SETS	(1u << ROLES)
#define PLACES	6

static const char *const role_names[ROLES] = { "admin", "boss", "clerk" };

/* Roles as bits, keys as a number. */
struct someone {
	unsigned roles;
	unsigned keys;
};

/* Places by the role that each asks for. */
struct wanted {
	unsigned roles[PLACES];
	size_t n;
	unsigned may_request; /* bits */
};

/* Puts somebody who is free into each place in turn, in every way. */
static bool
can_fill(const struct wanted *w, size_t place, const struct someone *team,
    size_t n, unsigned taken)
{
	if (place == w->n)
		return true;
	for (size_t i = 0; i < n; i++) {
		if ((taken >> i & 1) != 0 || team[i].keys == 0 ||
		    (team[i].roles >> w->roles[place] & 1) == 0)
			continue;
		if (can_fill(w, place + 1, team, n, taken | 1u << i))
			return true;
	}
	return false;
}

/* `out`: who does not decide, as a bit. */
static bool
can_be_met(
    const struct wanted *w, const struct someone *team, size_t n, unsigned out)
{
	for (size_t i = 0; i < n; i++) {
		if (team[i].keys > 0 && (team[i].roles & w->may_request) != 0 &&
		    can_fill(w, 0, team, n, out | 1u << i))
			return true;
	}
	return false;
}

/* After each loss: rules and keys change still, that key's owner not asked. */
static bool
survives_losses(const struct wanted *w, const struct someone *team, size_t n)
{
	struct someone then[PERSONS];

	for (size_t i = 0; i < n; i++) {
		if (team[i].keys == 0)
			continue;
		memcpy(then, team, n * sizeof(*then));
		then[i].keys--;
		if (!can_be_met(w, then, n, 0) ||
		    !can_be_met(w, then, n, 1u << i))
			return false;
	}
	return true;
}

static void
set_roles(struct cseal_roles *r, unsigned bits)
{
	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < ROLES; i++) {
		if ((bits >> i & 1) != 0)
			memcpy(r->names[r->n++], role_names[i],
			    strlen(role_names[i]));
	}
}

static void
set_team(struct team *t, const struct someone *team, size_t n)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(t->handles[i], 33, "p%zu", i);
		set_roles(&t->roles[i], team[i].roles);
		t->persons[i].handle = t->handles[i];
		t->persons[i].roles = &t->roles[i];
		t->persons[i].keys = team[i].keys;
	}
	t->n = n;
}

static bool
finds_any(const struct cseal_lint *l, const char *const *codes)
{
	for (; *codes != NULL; codes++) {
		if (find_code(l, *codes) != NULL)
			return true;
	}
	return false;
}

/* Numbers of what was tried, so that a test that tries nothing fails. */
struct tried {
	size_t met;
	size_t unmet;
	size_t survived;
	size_t lost;
};

static void
compare(const struct cseal_policy *p, const struct wanted *w,
    const struct someone *team, size_t n, struct tried *tried)
{
	static const char *const unmet[] = { "nobody-asks", "role-unheld",
		"too-few-persons", "only-himself", NULL };
	static const char *const losses[] = { "single-key", "revoke-blocked",
		NULL };
	const bool met = can_be_met(w, team, n, 0);
	struct team t;
	struct cseal_lint *l;

	set_team(&t, team, n);
	l = lint_of(p, &t);
	if (finds_any(l, unmet) == met)
		fail_msg("a team of %zu, %zu places: the search says %s", n,
		    w->n, met ? "yes" : "no");
	if (met) {
		const bool survives = survives_losses(w, team, n);

		if (finds_any(l, losses) == survives)
			fail_msg("a team of %zu, %zu places: after losses %s",
			    n, w->n, survives ? "yes" : "no");
		tried->survived += survives;
		tried->lost += !survives;
	}
	tried->met += met;
	tried->unmet += !met;
	cseal_lint_free(l);
}

/* Every team of up to four, each of some roles; order is no difference. */
static void
try_teams(const struct cseal_policy *p, const struct wanted *w,
    struct someone *team, size_t n, unsigned least, struct tried *tried)
{
	if (n > 0)
		compare(p, w, team, n, tried);
	for (unsigned set = least; n < PERSONS && set < 2 * SETS; set++) {
		team[n].roles = set / 2;
		/* Of more keys than two nothing else is to be seen. */
		team[n].keys = 1 + set % 2;
		try_teams(p, w, team, n + 1, set, tried);
	}
}

static struct cseal_policy_source *
write_policy(const struct wanted *w, const unsigned counts[ROLES])
{
	struct cseal_policy_source *s = NULL;
	struct cseal_roles may_request;
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	(void)cseal_buf_add_str(&b,
	    "[change key.* person.* policy.* log.* freeze.lift]\napprovals =");
	for (size_t i = 0, first = 1; i < ROLES; i++) {
		if (counts[i] == 0)
			continue;
		(void)cseal_buf_printf(&b, "%s %u %s", first ? "" : " and",
		    counts[i], role_names[i]);
		first = 0;
	}
	set_roles(&may_request, w->may_request);
	(void)cseal_buf_add_str(&b, "\nmay request =");
	for (size_t i = 0; i < may_request.n; i++)
		(void)cseal_buf_printf(&b, " %s", may_request.names[i]);
	assert_int_equal(
	    cseal_policy_source_parse(&s, cseal_buf_slice(&b), NULL), CSEAL_OK);
	cseal_buf_free(&b);
	return s;
}

static void
try_policy(
    const unsigned counts[ROLES], unsigned may_request, struct tried *tried)
{
	struct wanted w = { .may_request = may_request };
	struct someone team[PERSONS];
	struct cseal_policy_source *s;

	for (unsigned i = 0; i < ROLES; i++) {
		for (unsigned k = 0; k < counts[i]; k++)
			w.roles[w.n++] = i;
	}
	if (w.n == 0)
		return;
	s = write_policy(&w, counts);
	try_teams(cseal_policy_source_rules(s), &w, team, 0, 0, tried);
	cseal_policy_source_free(s);
}

static void
test_agrees(void **state)
{
	static const unsigned askers[] = { 4, 3 };
	struct tried tried = { 0 };

	(void)state;
	for (unsigned i = 0; i < 3 * 3 * 2; i++) {
		const unsigned counts[ROLES] = { i % 3, i / 3 % 3, i / 9 };

		for (size_t k = 0; k < sizeof(askers) / sizeof(*askers); k++)
			try_policy(counts, askers[k], &tried);
	}
	print_message("met %zu, not %zu; one loss survived %zu, not %zu\n",
	    tried.met, tried.unmet, tried.survived, tried.lost);
	assert_true(tried.met > 1000 && tried.unmet > 1000);
	assert_true(tried.survived > 1000 && tried.lost > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
