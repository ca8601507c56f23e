/* SPDX-License-Identifier: BSD-2-Clause */
/* What is shown and what was approved, from "name=value" pairs. */

#ifndef TESTS_UNIT_OBSERVATION_FIXTURE_H
#define TESTS_UNIT_OBSERVATION_FIXTURE_H

#include <string.h>

#include "counterseal/err.h"
#include "counterseal/observation.h"

#define GIVEN_MAX 8

#define IBAN                                                                  \
	{                                                                     \
		"holder=Example Trading GmbH", "iban=DE89370400440532013000", \
		    "bic=COBADEFF", "currency=EUR", NULL                      \
	}
/* "name=value" pairs; NULL ends them. */
typedef const char *const given[GIVEN_MAX + 1];

static inline int
give(struct cseal_observation *o, const char *pair, struct cseal_error *err)
{
	const char *value = strchr(pair, '=') + 1;

	return cseal_observation_set(o, pair, (size_t)(value - pair - 1),
	    (const uint8_t *)value, strlen(value), err);
}

static inline void
begin(struct cseal_observation *o, const char *kind, const char *slot)
{
	assert_int_equal(
	    cseal_observation_init(o, kind, "main-de", slot, NULL), CSEAL_OK);
}

static inline void
approve(struct cseal_change *c, const char *kind, const char *const *pairs)
{
	struct cseal_error err;
	const char *value;

	assert_int_equal(
	    cseal_change_init(c, kind, 0, "main-de", NULL, &err), CSEAL_OK);
	for (; *pairs != NULL; pairs++) {
		value = strchr(*pairs, '=') + 1;
		if (cseal_change_set(c, *pairs, (size_t)(value - *pairs - 1),
			(const uint8_t *)value, strlen(value),
			&err) != CSEAL_OK)
			fail_msg("%s: %s", *pairs, err.what);
	}
	assert_int_equal(cseal_change_close(c, &err), CSEAL_OK);
}

static inline void
compare(const struct cseal_observation *o, const struct cseal_change *c,
    struct cseal_comparison *k)
{
	assert_int_equal(cseal_observation_compare(
			     o, c->kind, c->values, c->n_values, k, NULL),
	    CSEAL_OK);
}

#endif
