/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers that go on to their end: tables of them. */

#ifndef TESTS_VECTORS_LEDGERS_H
#define TESTS_VECTORS_LEDGERS_H

#include "maker_break.h"

struct ledger_row {
	const char *name; /* NULL ends the table */
	const char *about;
	struct maker *(*make)(void);
	const char *claims; /* findings, divided by "; "; "none" */
};

extern const struct ledger_row ledgers_life[];	    /* of changes */
extern const struct ledger_row ledgers_authority[]; /* persons, keys, rules */
extern const struct ledger_row ledgers_watch[];	    /* and seals */

#endif
