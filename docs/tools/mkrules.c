/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed rules, as docs/policy.md ends with them. */

#include <stdio.h>

#include "counterseal.h"

int
main(void)
{
	struct cseal_buf text;
	int r;

	cseal_buf_init(&text, CSEAL_POLICY_MAX);
	r = cseal_policy_default(&text);
	if (r == CSEAL_OK)
		fwrite(text.data, 1, text.len, stdout);
	cseal_buf_free(&text);
	return r == CSEAL_OK && fflush(stdout) == 0 ? 0 : 1;
}
