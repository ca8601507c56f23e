/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for src/rule_switch.c: the rule named in the environment is off. */

#include <stdlib.h>
#include <string.h>

#include "rules.h"

bool
rule_is_on(enum rule_id id)
{
	const char *off = getenv("COUNTERSEAL_RULE_OFF");

	return id == RULE_OK || off == NULL ||
	       strcmp(rule_row(id)->code, off) != 0;
}
