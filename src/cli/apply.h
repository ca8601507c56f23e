/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of apply: values are handed over, then the act is sealed. */

#ifndef CLI_APPLY_H
#define CLI_APPLY_H

#include "clipboard.h"

struct apply {
	struct cli *c;
	struct cli_act act;
	struct clipboard clip;
	uint64_t outcome;
	uint64_t level;
	/* The fields that were approved, in the console's order. */
	const struct cseal_field *fields[CSEAL_KIND_FIELDS_MAX];
	size_t n_fields;
};

/* ---- hand.c ---- */

/* Which fields the change has values of, into p->fields. */
void apply_find_fields(struct apply *p);
/* All values, whole, on the terminal. */
int apply_show(struct apply *p);
/*
 * One value after the other to the clipboard or the screen; each is waited
 * for. CSEAL_ERR_REFUSED if the clipboard changed meanwhile. The clipboard is
 * cleared in the end, whatever happened.
 */
int apply_hand(struct apply *p);

#endif
