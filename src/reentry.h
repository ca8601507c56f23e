/* SPDX-License-Identifier: BSD-2-Clause */
/* Blind re-entry from within; see counterseal/reentry.h. */

#ifndef SRC_REENTRY_H
#define SRC_REENTRY_H

#include "counterseal/reentry.h"

/*
 * Names of the fields of a request that the policy in force has an approver
 * re-enter, in the request's order. Returns how many.
 */
size_t reentry_names(const struct cseal_state *s,
    const struct cseal_statement *request,
    const char *names[CSEAL_KIND_FIELDS_MAX]);

/* Compares without unlocking: codes of cseal_desk_reenter(). */
int reentry_compare(struct cseal_desk *d, const struct cseal_state_change *c,
    const struct cseal_change *typed, struct cseal_error *err);

#endif
