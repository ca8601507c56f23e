/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A change as it is asked for: its values from words, a file, people, and the
 * change that it is to replace.
 */

#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include "evidence.h"

struct request {
	struct cli *c;
	struct cli_act act;
	struct cseal_change change;
	struct cseal_evidence_set given;
	struct cseal_change old; /* what it replaces, as far as it is here */
	bool replaces;
	char old_name[CSEAL_CHANGE_NAME_BYTES]; /* "41-7hq3" */
	bool needs_reason;			/* the policy demands one */
	bool ask; /* people are to be asked for what is missing */
};

/* ---- request.c ---- */

/* Files and checks of the options; then as cli_act_begin(). */
int request_begin(struct request *q, const char *word);
/*
 * What the policy demands of a request, before anybody types: a reason; then
 * the number that was called.
 */
int request_rest(struct request *q);

/* Values from the words (from the first-th on) and the file; sets q->ask. */
int request_gather(struct request *q, size_t first);

/* ---- request_ask.c ---- */

/*
 * Asks for what is missing; what is to be replaced stands, masked, in the
 * prompt, and is taken if nothing is typed.
 */
int request_ask(struct request *q);
/* Names what is missing where nobody can be asked. */
int request_check(struct request *q);

/* ---- request_replace.c ---- */

/* Everything of `request --replaces N`, two touches and what is told. */
int request_replace(struct request *q);

#endif
