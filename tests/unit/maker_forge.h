/* SPDX-License-Identifier: BSD-2-Clause */
/* Envelopes that a stranger makes up, and what a desk does with them. */

#ifndef TESTS_UNIT_MAKER_FORGE_H
#define TESTS_UNIT_MAKER_FORGE_H

#include "maker_team.h"

/* What a stranger may put into an envelope. */
struct forged {
	uint8_t ledger[CSEAL_HASH_BYTES];
	uint8_t leaf[CSEAL_HASH_BYTES];
	const char *name, *value;
	size_t to;   /* seat */
	bool locked; /* with that value */
};

/* `der` is to be freed. */
void forge(struct maker_team *t, const struct forged *f, struct cseal_buf *der);

/*
 * An envelope said to be for this leaf comes to the seat; what was told is in
 * t->tale. True if it is kept for an entry that may come.
 */
bool forged_comes(struct maker_team *t, size_t seat,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der);
/* The same, where the entry is there. */
void forged_bring(struct maker_team *t, size_t seat,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der);
/* It was told that the last one did not fit. */
void forged_told(struct maker_team *t);

/* The envelope that a seat keeps for a change; borrows from `bytes`. */
struct cseal_slice team_kept(
    struct maker_team *t, size_t seat, uint64_t index, struct cseal_buf *bytes);

#endif
