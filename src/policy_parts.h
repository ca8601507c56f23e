/* SPDX-License-Identifier: BSD-2-Clause */
/* A policy in memory; private to policy*.c. */

#ifndef SRC_POLICY_PARTS_H
#define SRC_POLICY_PARTS_H

#include "counterseal/policy.h"
#include "counterseal/statement.h"

#define POLICY_STORES_MAX    1024
#define POLICY_PROVIDERS_MAX 64
#define POLICY_CHANGES_MAX   64
#define POLICY_KINDS_MAX     64 /* a bit for each kind of change */

struct policy_ledger {
	uint64_t uv; /* 1 required, 0 optional */
	uint64_t attestation;
	uint64_t tolerance;
	uint64_t synced; /* 1 allowed */
	struct cseal_calendar calendar;
};

struct policy_freeze {
	struct cseal_roles by;
	uint64_t on_drift; /* 1 freezes the store */
};

/* Memory that lists of words stand in; freed with the policy. */
struct policy_pool {
	void **blocks;
	size_t n;
	size_t cap;
};

struct cseal_policy {
	struct policy_ledger ledger;
	struct policy_freeze freeze;
	struct cseal_policy_store *stores;
	size_t n_stores;
	size_t stores_cap;
	struct cseal_provider *providers;
	size_t n_providers;
	struct cseal_policy_change *changes;
	size_t n_changes;
	struct policy_pool pool;
};

/* Zeroed memory that the policy frees; NULL if there is none. */
void *policy_pool_take(struct policy_pool *pool, size_t bytes);

/*
 * Each reads a terminated value into the type named; CSEAL_ERR_INPUT if it is
 * not exactly of its form, CSEAL_ERR_NOMEM. `how` is what the key's row says.
 */
typedef int (*policy_read)(
    struct policy_pool *pool, const char *value, const void *how, void *to);

/* What the reader reads, as it is written in the expanded text. */
typedef void (*policy_write)(
    const void *from, const void *how, struct cseal_buf *out);

/* One key of a section: its value is read into the section's struct. */
struct policy_key {
	const char *name; /* NULL ends the list */
	policy_read read;
	policy_write write;
	const void *how;
	size_t offset;
	const char *form; /* what a value looks like, for people */
};
extern const struct policy_key policy_ledger_keys[];
extern const struct policy_key policy_freeze_keys[];
extern const struct policy_key policy_store_keys[];
extern const struct policy_key policy_provider_keys[];
extern const struct policy_key policy_change_keys[]; /* with values */
extern const struct policy_key policy_authority_keys[];
#define POLICY_KEYS_MAX 32 /* of one section; see policy_keys.c */

/* A list of words, `between` them a space or a mark. */
struct policy_list {
	const char *none; /* the word for an empty list */
	const char *between;
	bool (*fits)(const char *s, size_t n); /* one item */
	size_t most;
};
extern const struct policy_list policy_countries;
extern const struct policy_list policy_currencies;
extern const struct policy_list policy_marketplaces;
extern const struct policy_list policy_domains;
extern const struct policy_list policy_banks;
extern const struct policy_list policy_payees;
extern const struct policy_list policy_name;

/* A reader of values and its writer. */
#define POLICY_READER(name)                                                 \
	int policy_read_##name(struct policy_pool *pool, const char *value, \
	    const void *how, void *to);                                     \
	void policy_write_##name(                                           \
	    const void *from, const void *how, struct cseal_buf *out)

POLICY_READER(choice);	 /* uint64_t; how: struct cseal_word[] */
POLICY_READER(bits);	 /* uint64_t; the same, several or "none" */
POLICY_READER(duration); /* uint64_t: seconds; how: unit of zero, or NULL */
POLICY_READER(span);	 /* struct cseal_span */
POLICY_READER(roles);	 /* struct cseal_roles */
POLICY_READER(places);	 /* struct cseal_places */
POLICY_READER(extra);	 /* struct cseal_extra; how: NULL, or "for" */
POLICY_READER(slots);	 /* uint64_t: bits of kinds, by their slots */
POLICY_READER(schemes);	 /* uint64_t: bits of kinds, by their names */
POLICY_READER(names);	 /* struct cseal_names; how: struct policy_list */
POLICY_READER(zone);	 /* struct cseal_calendar */
POLICY_READER(weekdays); /* the same */
POLICY_READER(holidays); /* the same */
POLICY_READER(platform); /* const char * */

/* The days of a week, in its order; ended by NULL. */
extern const struct cseal_word policy_days[];

/* A decimal number without leading zeros, at most six digits. */
int policy_number(const char *s, size_t n, uint64_t *out);

/* The words of one value. */
#define POLICY_WORD_BYTES 65
#define POLICY_WORDS_MAX  32
struct policy_words {
	char words[POLICY_WORDS_MAX][POLICY_WORD_BYTES];
	size_t n;
};

/* Splits at single spaces; an empty, a doubled or a long word is refused. */
int policy_split(const char *value, struct policy_words *out);

#endif
