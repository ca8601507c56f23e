/* SPDX-License-Identifier: BSD-2-Clause */
/* What a request or an approval rests on: options, and what they give. */

#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include "cli.h"

/* clang-format off */
#define CLI_EVIDENCE_OPTIONS \
	{ "evidence", 0, "FILE", true, \
	    "a document that it rests on; repeatable" }, \
	{ "screenshot", 0, "FILE", true, \
	    "the same, of a console or a mail" }, \
	{ "callback", 0, "[=RESULT]", false, \
	    "called back: confirmed, not_reached, denied" }, \
	{ "called-from", 0, "FILE", false, \
	    "the number that was called; - is standard input" }, \
	{ "name-check", 0, "RESULT", false, \
	    "match, close_match, no_match, not_possible" }, \
	{ "source", 0, "SOURCE", false, \
	    "of the values: back-office, letter, api" }
/* clang-format on */

/* Files and results of the options, into an empty set. */
int cli_evidence_gather(
    struct cli *c, struct cseal_evidence_set *set, bool approves);
/*
 * Names the option that gives what the policy demands and neither the request
 * nor the set has.
 */
int cli_evidence_demanded(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_change *h, const struct cseal_evidence_set *set);
/* The number that was called, from --called-from or a person. */
int cli_evidence_number(struct cli *c, struct cseal_evidence_set *set);

#endif
