/* SPDX-License-Identifier: BSD-2-Clause */
/* The persons and keys of a ledger, as lint asks for them. */

#include <string.h>

#include "lint.h"
#include "state.h"

static bool
seals(const struct cseal_state_key *k, const struct cseal_lint_change *c)
{
	return !k->revoked && !k->monitor &&
	       !(c->has_key && k->number == c->key);
}

static unsigned
count_keys(const struct cseal_state *s, size_t person,
    const struct cseal_lint_change *c)
{
	const struct cseal_state_key *k;
	unsigned n = 0;

	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++)
		n += k->person == person && seals(k, c);
	return n;
}

int
cseal_lint_state(struct cseal_lint **out, const struct cseal_state *s,
    const struct cseal_lint_change *c)
{
	struct cseal_lint_person persons[LINT_PERSONS_MAX];
	const struct cseal_state_person *p;
	struct cseal_lint_options o = { .persons = persons,
		.demo = cseal_state_demo(s),
		.accept_single_keys = c->accept_single_keys };

	for (size_t i = 0; o.n_persons < LINT_PERSONS_MAX &&
			   (p = cseal_state_person(s, i)) != NULL;
	     i++) {
		if (p->left ||
		    (c->person != NULL && strcmp(c->person, p->handle) == 0))
			continue;
		persons[o.n_persons].handle = p->handle;
		persons[o.n_persons].roles = &p->roles;
		persons[o.n_persons++].keys = count_keys(s, i, c);
	}
	return cseal_lint_new(
	    out, c->policy != NULL ? c->policy : cseal_state_policy(s), &o);
}
