/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every rule of the fold, broken alone: a ledger in which everything stands,
 * and one entry more that breaks the rule. The tables are what several tests
 * go through (the fold, a store, the desk).
 */

#ifndef TESTS_UNIT_MAKER_BREAK_H
#define TESTS_UNIT_MAKER_BREAK_H

#include "maker.h"

struct maker_broken {
	struct maker *m;
	struct maker_draft *d;	/* to be sealed as it is, or */
	struct cseal_buf entry; /* the entry's bytes, if d is NULL */
	struct maker *other;	/* whose keys and bytes are borrowed */
	bool artificial;	/* the state has entries that m has not */
};

enum maker_break_how {
	MAKER_REFUSED,	    /* already as a draft, before a touch */
	MAKER_REFUSED_SEAL, /* its seal or its bytes: only as an entry */
	MAKER_NOTED,	    /* it stands, and the rule is told */
};

struct maker_break {
	enum rule_id rule;
	enum maker_break_how how;
	const char *what; /* NULL ends the table */
	void (*make)(struct maker_broken *b);
};

extern const struct maker_break maker_breaks_entry[];
extern const struct maker_break maker_breaks_genesis[];
extern const struct maker_break maker_breaks_key[];
extern const struct maker_break maker_breaks_person[];
extern const struct maker_break maker_breaks_request[];
extern const struct maker_break maker_breaks_facts[];
extern const struct maker_break maker_breaks_act[];
extern const struct maker_break maker_breaks_evidence[];
extern const struct maker_break maker_breaks_apply[];
extern const struct maker_break maker_breaks_watch[];

/* All of them; NULL ends the list. */
extern const struct maker_break *const maker_breaks[];

/* Makes b of the row, with b->entry in every case; then free it. */
void maker_broken_init(struct maker_broken *b, const struct maker_break *row);
void maker_broken_free(struct maker_broken *b);

/* ---- for the files of the tables ---- */

/* b->m with the usual persons, founded. */
struct maker *maker_broken_base(struct maker_broken *b);
/* The same with one line of the fixed rules altered, see maker_policy(). */
struct maker *maker_broken_under(struct maker_broken *b, const char *section,
    const char *key, const char *value);
/* Lin's payout.iban: asked; approved by Mina; entered by Lin. */
uint64_t maker_asked(struct maker *m);
uint64_t maker_approved(struct maker *m);
uint64_t maker_entered(struct maker *m);
/* Completes an authority change of Mina's with Petr's approval. */
uint64_t maker_agreed(struct maker *m, struct maker_draft *d);

#endif
