/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a request to revoke a key puts enough in doubt. */

#ifndef SRC_ATTESTED_H
#define SRC_ATTESTED_H

#include "desk.h"

/*
 * CSEAL_ERR_REFUSED if the change revokes a key as lost since a time, and from
 * a larger tree on than others attest for that time, as its requester saw it.
 */
int attested_check(struct cseal_desk *d, const struct state_change *c,
    struct cseal_error *err);

#endif
