/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The site of a ledger's file among those of all desks. One, the home,
 * appends; the others are replicas, which hold the same entries and keep what
 * is sealed at them until the home has it. Two homes would make two
 * histories, so a file that was copied is neither until a person says which,
 * and one that comes from a backup appends nothing until all desks were heard.
 */

#ifndef COUNTERSEAL_SITE_H
#define COUNTERSEAL_SITE_H

#include "counterseal/desk.h"

enum cseal_site {
	CSEAL_SITE_HOME = 1,
	CSEAL_SITE_REPLICA = 2,
	CSEAL_SITE_RESTORED = 3, /* to be the home, when all were heard */
	CSEAL_SITE_COPY = 4,	 /* of a home: not where it was made */
};

/* "home", "replica", "restored", "copy"; static. */
CSEAL_API const char *cseal_site_name(enum cseal_site p);

/* Of the ledger that the desk has open. */
CSEAL_API enum cseal_site cseal_desk_site(const struct cseal_desk *d);

/*
 * Makes the ledger of a desk that was opened for writing a replica, or (with
 * CSEAL_SITE_RESTORED) the home as soon as every other desk has told what it
 * has, or (with CSEAL_SITE_HOME) the home at once: then what others have and
 * this one has not will be a fork, in which this one yields.
 */
CSEAL_API int cseal_desk_settle(
    struct cseal_desk *d, enum cseal_site as, struct cseal_error *err);

/*
 * Each other desk that has a key in use, by one of its keys: has it told
 * (since this one asked, if it did) how far it has verified, and is all of
 * that here?
 */
CSEAL_API int cseal_desk_heard(struct cseal_desk *d,
    int (*fn)(void *ctx, const struct cseal_state_key *k, bool heard),
    void *ctx, struct cseal_error *err);

#endif
