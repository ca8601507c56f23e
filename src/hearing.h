/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who of the other desks has been heard: how far each has verified, and
 * whether that answers the question of a home that comes from a backup.
 */

#ifndef SRC_HEARING_H
#define SRC_HEARING_H

#include "counterseal/exchange.h"

#include "parcel.h"

/* What another desk says of itself. */
int hearing_note(struct cseal_desk *d, const struct parcel_heard *h,
    struct cseal_error *err);

/* A question that this desk is to answer. */
int hearing_asked(struct cseal_desk *d,
    const uint8_t question[PARCEL_NONCE_BYTES], struct cseal_error *err);

/*
 * What this desk says of itself. CSEAL_ERR_NOT_FOUND if none of the ledger's
 * keys was enrolled on it.
 */
int hearing_say(
    struct cseal_desk *d, struct parcel_heard *out, struct cseal_error *err);

/* Makes this desk the home if it waits for that and all were heard. */
int hearing_end(struct cseal_desk *d, bool *home, struct cseal_error *err);

#endif
