/* SPDX-License-Identifier: BSD-2-Clause */
/* show: one change, for people and for programs. */

#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "reading.h"

struct show {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state *s;
	const struct cseal_state_change *h;
	bool full;
};

/* Gives the exit status. */
int show_json(const struct show *w);

#endif
