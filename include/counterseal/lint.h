/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lint: what in a policy cannot be met, would brick the ledger, or leaves
 * less control than it seems. Of a policy alone, and of the persons who are
 * to live with it. Pure, but for the time zones that this machine knows.
 */

#ifndef COUNTERSEAL_LINT_H
#define COUNTERSEAL_LINT_H

#include "counterseal/replay.h"

/* A row of the one table of what lint knows. */
struct cseal_lint_rule {
	const char *code; /* stable: "too-few-persons" */
	bool error;	  /* refused; else a warning */
	const char *about;
};
/* Rows in the table's order; NULL behind the last. */
CSEAL_API const struct cseal_lint_rule *cseal_lint_rule_at(size_t i);

struct cseal_lint_finding {
	const struct cseal_lint_rule *rule;
	bool error; /* the rule's, unless it was accepted */
	/*
	 * Where: "ledger", "freeze", "store", "provider", "change" or "" (the
	 * whole), the first name in its head, and the key (NULL: none).
	 */
	const char *section;
	char name[34];
	const char *key;
	char head[96];	    /* "change payout.*"; "" for the whole */
	char sentence[360]; /* what is wrong, and what mends it */
};

/* Somebody who has keys, or will have. */
struct cseal_lint_person {
	const char *handle;
	const struct cseal_roles *roles;
	unsigned keys; /* that can seal now; monitors' do not count */
};

struct cseal_lint_options {
	const struct cseal_lint_person *persons; /* at most 256 */
	size_t n_persons; /* 0: nobody is known, so nothing is said of them */
	bool demo;
	bool accept_single_keys; /* lost ones that end all: a warning */
};

struct cseal_lint;

/*
 * Looks at a policy. CSEAL_OK also if there are findings. Sections are those
 * of the policy: parse expanded text, where what is alike stands together.
 */
CSEAL_API int cseal_lint_new(struct cseal_lint **out,
    const struct cseal_policy *p, const struct cseal_lint_options *o);

/* What would be different from the state at hand. */
struct cseal_lint_change {
	const struct cseal_policy *policy; /* NULL: the one in force */
	bool has_key;
	uint64_t key;	    /* revoked */
	const char *person; /* who leaves; NULL: nobody */
	bool accept_single_keys;
};

/* The same of a ledger's persons and keys as they would be. */
CSEAL_API int cseal_lint_state(struct cseal_lint **out,
    const struct cseal_state *s, const struct cseal_lint_change *c);

/* NULL is fine. */
CSEAL_API void cseal_lint_free(struct cseal_lint *l);

/* Findings, errors first; NULL behind the last. */
CSEAL_API const struct cseal_lint_finding *cseal_lint_finding(
    const struct cseal_lint *l, size_t i);
CSEAL_API size_t cseal_lint_errors(const struct cseal_lint *l);

#endif
