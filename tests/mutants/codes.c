/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the code of every rule that is on in this build, one a line. */

#include <stdio.h>

#include "rules.h"

int
main(void)
{
	for (unsigned i = RULE_OK + 1; i < RULE_COUNT; i++) {
		if (rule_is_on((enum rule_id)i))
			(void)puts(rule_row((enum rule_id)i)->code);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
