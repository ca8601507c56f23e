/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of apply: values are handed over, what the console shows then is
 * compared with them, and what came of it is sealed.
 */

#ifndef CLI_APPLY_H
#define CLI_APPLY_H

#include "clipboard.h"

struct apply {
	struct cli *c;
	struct cli_act act;
	struct clipboard clip;
	uint64_t outcome;
	uint64_t level;	 /* that the read-back reached; cseal_levels */
	uint64_t wanted; /* at least; --level */
	/* What was approved, in the console's order; owned. */
	struct cseal_value values[CSEAL_KIND_FIELDS_MAX];
	size_t n_values;
};

/* ---- hand.c ---- */

/* Reads the approved values. CSEAL_ERR_NOT_FOUND if one is not here. */
int apply_load(struct apply *p);
void apply_free(struct apply *p);
/* All values, whole, on the terminal. */
int apply_show(struct apply *p);
/*
 * One value after the other to the clipboard or the screen; each is waited
 * for. CSEAL_ERR_REFUSED if the clipboard changed meanwhile. The clipboard is
 * cleared in the end, whatever happened.
 */
int apply_hand(struct apply *p);

/* ---- readback.c ---- */

/*
 * Asks what came of it: whether the console took the values, and what it shows
 * now, which is compared. Sets p->outcome and p->level. CSEAL_ERR_CANCELLED if
 * nothing is to be sealed; CSEAL_ERR_REFUSED if less than p->wanted was seen.
 */
int apply_read_back(struct apply *p);

/*
 * The same from a reading in JSON (docs/observe.md), for scripts: nothing is
 * asked. CSEAL_ERR_REFUSED if it does not bear out p->outcome.
 */
int apply_read_from(struct apply *p, const char *path);

#endif
