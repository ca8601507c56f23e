/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outbox of a replica: statements that were sealed at this desk, until
 * the home has appended or refused them.
 */

#ifndef SRC_OUTBOX_H
#define SRC_OUTBOX_H

#include "counterseal/exchange.h"

#include "parcel.h"
#include "post.h"

#define OUTBOX_SEALED  "sealed"	 /* entries, by leaf in hexadecimal */
#define OUTBOX_REFUSED "refused" /* refusals with their entries, likewise */

/*
 * CSEAL_ERR_REFUSED if the same person has sealed the same act already, and
 * it is still on its way.
 */
int outbox_check(struct cseal_desk *d, const struct cseal_statement *st,
    struct cseal_error *err);

/* Keeps a sealed entry, and its openings in envelopes: all or none. */
int outbox_put(struct cseal_desk *d, struct cseal_slice entry,
    const struct cseal_statement *st, const struct cseal_opening *openings,
    size_t n, struct cseal_error *err);

/* Is it one that was sealed here and is on its way? */
int outbox_has(struct cseal_desk *d, struct cseal_slice entry, bool *yes,
    struct cseal_error *err);

/* Is it one that this home refused? */
int outbox_was_refused(struct cseal_desk *d, struct cseal_slice entry,
    bool *yes, struct cseal_error *err);

/*
 * Entry `index` will be taken out of the ledger: it is kept to be judged
 * again, its openings in an envelope.
 */
int outbox_take_back(struct cseal_desk *d, uint64_t index,
    struct cseal_slice entry, struct cseal_error *err);

/*
 * An entry of the ledger: if it was sealed here, it has arrived. Its openings
 * come out of their envelope, whoever made it.
 */
int outbox_arrived(struct cseal_desk *d, uint64_t index,
    struct cseal_slice entry, enum post_came *came, struct cseal_error *err);

/*
 * Notes that the home does not append a statement: at the home of any, at a
 * replica of its own. *known is false if it is none of its own.
 */
int outbox_refuse(struct cseal_desk *d, struct cseal_slice entry,
    const struct parcel_refusal *why, struct cseal_error *err);
/* A refusal as it is kept, read for sending; borrows from `value`. */
int outbox_refusal_read(struct parcel_refusal *out, const char *name,
    struct cseal_slice value, struct cseal_error *err);
int outbox_refused(struct cseal_desk *d, const struct parcel_refusal *why,
    bool *known, struct cseal_error *err);

#endif
