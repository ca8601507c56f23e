/* SPDX-License-Identifier: BSD-2-Clause */
/* Teams in words: "lin:operator,approver:2 mina:admin:1". */

#ifndef TESTS_UNIT_LINT_FIXTURE_H
#define TESTS_UNIT_LINT_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "counterseal/lint.h"
#include "counterseal/policy_source.h"

#define TEAM_MOST 8

struct team {
	char handles[TEAM_MOST][33];
	struct cseal_roles roles[TEAM_MOST];
	struct cseal_lint_person persons[TEAM_MOST];
	size_t n;
};

static inline void
team_add(struct team *t, const char *words, size_t len)
{
	const size_t n = t->n++, handle = strcspn(words, ":");
	struct cseal_roles *r = &t->roles[n];
	const char *p = words + handle + 1;

	assert_true(n < TEAM_MOST && handle < 33 && handle < len);
	memcpy(t->handles[n], words, handle);
	while (*p != ':') {
		const size_t role = strcspn(p, ",:");

		assert_true(r->n < CSEAL_PLACES_MAX && role < 33);
		memcpy(r->names[r->n++], p, role);
		p += role + (p[role] == ',');
	}
	t->persons[n].handle = t->handles[n];
	t->persons[n].roles = r;
	t->persons[n].keys = (unsigned)strtoul(p + 1, NULL, 10);
}

static inline void
team_read(struct team *t, const char *text)
{
	memset(t, 0, sizeof(*t));
	while (*text != '\0' && *text != '\n') {
		const size_t len = strcspn(text, " \n");

		if (len > 0)
			team_add(t, text, len);
		text += len + (text[len] == ' ');
	}
}

static inline struct cseal_lint *
lint_of(const struct cseal_policy *p, const struct team *t)
{
	const struct cseal_lint_options o = {
		.persons = t->persons,
		.n_persons = t->n,
	};
	struct cseal_lint *l = NULL;

	assert_int_equal(cseal_lint_new(&l, p, &o), CSEAL_OK);
	return l;
}

static inline const struct cseal_lint_finding *
find_code(const struct cseal_lint *l, const char *code)
{
	const struct cseal_lint_finding *f;

	for (size_t i = 0; (f = cseal_lint_finding(l, i)) != NULL; i++) {
		if (strcmp(f->rule->code, code) == 0)
			return f;
	}
	return NULL;
}

#endif
