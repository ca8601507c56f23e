/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sits at this desk, what waits for them, and how status tells of it.
 */

#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include "reading.h"

struct status {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state *s;
	char handle[CSEAL_HANDLE_BYTES];     /* "" if it is not known */
	const struct cseal_state_person *me; /* NULL: not in this ledger */
	size_t person;			     /* number of `me` */
};

/* Why a change stands in one of the lists. */
enum waiting {
	WAITS_FOR_NOBODY,
	WAITS_TO_BE_APPROVED,
	WAITS_TO_BE_APPLIED,
};

enum waiting status_waits(
    const struct status *w, const struct cseal_state_change *h);
/* Asked for by me, open, and not waiting for me. */
bool status_is_mine(const struct status *w, const struct cseal_state_change *h);
/* Has this person still to agree to the ledger? */
bool status_must_join(const struct status *w);
/* Unrevoked keys of this person. */
uint64_t status_keys(const struct status *w);

/* Each gives the exit status. */
int status_say(const struct status *w);
int status_json(const struct status *w);
/* When there is no ledger yet: how to begin. */
int status_begin_say(struct cli *c);
int status_begin_json(struct cli *c);

#endif
