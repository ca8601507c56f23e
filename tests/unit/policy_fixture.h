/* SPDX-License-Identifier: BSD-2-Clause */
/* A policy from its text, or why not. */

#ifndef TESTS_UNIT_POLICY_FIXTURE_H
#define TESTS_UNIT_POLICY_FIXTURE_H

#include <string.h>

#include "counterseal/policy.h"
#include "counterseal/statement.h"

static inline struct cseal_policy *
parse(const char *text, struct cseal_error *err)
{
	struct cseal_slice s = { (const uint8_t *)text, strlen(text) };
	struct cseal_policy *p = NULL;
	int r = cseal_policy_parse(&p, CSEAL_POLICY_LANGUAGE, s, err);

	assert_int_equal(r == CSEAL_OK, p != NULL);
	if (r != CSEAL_OK)
		assert_int_equal(r, CSEAL_ERR_INPUT);
	return p;
}

#endif
