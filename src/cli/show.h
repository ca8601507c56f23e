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
	bool shown; /* what each signer was shown, too */
};

/* What each signer of the change was shown; on a terminal. */
int show_panels(const struct show *w);
/* The same without the texts: which of them fit what was committed to. */
int show_panels_json(const struct show *w, json_t **out);

/* ---- show_why.c ---- */

/* Where it stands and why: a list of sentences. */
json_t *show_why(const struct show *w);
void show_why_say(const struct show *w);
/* The same and what they were made of, into the object. */
void show_why_json(const struct show *w, json_t *j);

/* Gives the exit status. */
int show_json(const struct show *w);

#endif
