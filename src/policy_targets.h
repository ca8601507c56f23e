/* SPDX-License-Identifier: BSD-2-Clause */
/* A source in the making: what was said of whom; private to policy_source*. */

#ifndef SRC_POLICY_TARGETS_H
#define SRC_POLICY_TARGETS_H

#include "counterseal/policy_source.h"

#include "policy_parts.h"

/* A key of one target, as far as it was written. */
struct policy_said {
	const char *value; /* in the pool */
	unsigned line;	   /* 0: nobody wrote it */
	unsigned width;	   /* of the head above it: larger is narrower */
};

/* What has rules of its own: the ledger, a store, a provider, a kind. */
struct policy_target {
	const char *name; /* "" for ledger and freeze */
	const struct policy_key *keys;
	struct policy_said *said; /* by the place in `keys` */
	unsigned line;		  /* of the head that named it; 0: none did */
	unsigned width;
};

struct cseal_policy_source {
	struct cseal_policy *p;	    /* in the making: a section a kind */
	struct cseal_policy *rules; /* as its text says them */
	struct policy_target ledger;
	struct policy_target freeze;
	struct policy_target kinds[POLICY_KINDS_MAX];
	size_t n_kinds;
	struct policy_target **stores; /* each in the pool */
	size_t n_stores;
	struct policy_target *providers[POLICY_PROVIDERS_MAX];
	size_t n_providers;
	struct cseal_buf text;
};

/* The section at hand, and the line, while a source is read. */
struct policy_reading {
	struct cseal_policy_source *s;
	struct policy_target **targets; /* of the section */
	unsigned *widths;
	size_t n;
	size_t cap;
	const char *title; /* "ledger" ...; NULL before the first */
	unsigned line;
	struct cseal_error *err;
};

#define POLICY_SHOWN 60 /* columns of a strange word that are repeated */

/* Refuses what stands in a line: CSEAL_ERR_INPUT. */
int policy_source_refuse(struct cseal_error *err, unsigned line,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The place of the key in the list; SIZE_MAX if it is not there. */
size_t policy_key_find(const struct policy_key *keys, const char *name);

/* Refuses a name that is none of the names, with those that are near. */
int policy_source_stranger(struct policy_reading *rd, const char *what,
    const char *name, const char *const *names, size_t n, const char *way);

/* Nothing is said of it yet. `name` is borrowed. */
int policy_target_init(struct policy_pool *pool, struct policy_target *t,
    const char *name, const struct policy_key *keys);

/* "[change payout.*]", its spaces single ones: what follows is about those. */
int policy_source_head(struct policy_reading *rd, char *line);
/* "key = value", likewise. */
int policy_source_key(struct policy_reading *rd, char *line);

/* Makes the rules and their text from what was said. */
int policy_source_settle(
    struct cseal_policy_source *s, struct cseal_error *err);

#endif
