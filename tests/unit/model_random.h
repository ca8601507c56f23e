/* SPDX-License-Identifier: BSD-2-Clause */
/* Acts at random, of which about as many stand as are refused. */

#ifndef TESTS_UNIT_MODEL_RANDOM_H
#define TESTS_UNIT_MODEL_RANDOM_H

#include "model_ledger.h"

/* SplitMix64 (Steele, Lea and Flood 2014). */
struct model_random {
	uint64_t state;
};
uint64_t model_draw(struct model_random *r);
/* 0 to n - 1. */
uint64_t model_below(struct model_random *r, uint64_t n);
bool model_chance(struct model_random *r, unsigned percent);

/* The fixed rules first, unless `other`; then others, some of no use. */
void model_policies_draw(
    struct model_policies *p, struct model_random *r, bool other);
void model_policies_free(struct model_policies *p);

/* What a sequence of acts has come to. */
struct model_course {
	const struct model_policies *policies;
	struct model model;
	struct model_random random;
	uint64_t clock;
	uint64_t commits; /* the next that nobody used */
};
#define MODEL_COMMITS_FROM 1000

/* An act for the head of the moment, or for an older one. */
void model_act_draw(struct model_course *c, struct model_act *a);

#endif
