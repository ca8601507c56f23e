/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking in what other desks sent, one item at a time. */

#ifndef SRC_INTAKE_H
#define SRC_INTAKE_H

#include "counterseal/exchange.h"

#include "parcel.h"

struct intake {
	struct cseal_desk *d;
	cseal_exchange_fn tell;
	void *ctx;
	const char *file; /* name of the file at hand, filtered */
};

/* Tells what happened; `text` may be NULL. */
int intake_tell(const struct intake *in, enum cseal_exchange_what what,
    uint64_t index, const char *text);

/*
 * Entries of the home. *after is the index behind the last; what begins
 * behind the end of this ledger is not taken. CSEAL_ERR_VIOLATION if they are
 * of another history than this desk's; CSEAL_ERR_REFUSED, CSEAL_ERR_SIGNATURE
 * if one does not stand: those before it were taken.
 */
int intake_entries(const struct intake *in, const struct parcel_entries *e,
    uint64_t *after, struct cseal_error *err);

/* Does the seal hold, whatever the fold says of the statement? */
bool intake_is_sealed(const struct cseal_desk *d, struct cseal_slice entry);

/* A statement sealed elsewhere: the home appends it, or notes why not. */
int intake_sealed(
    const struct intake *in, struct cseal_slice entry, struct cseal_error *err);

/* What the home says of one that was sealed here. */
int intake_refusal(const struct intake *in, const struct parcel_refusal *why,
    struct cseal_error *err);

/* *early: its entry is not here yet, and it may be needed again then. */
int intake_envelope(const struct intake *in, const struct parcel_envelope *e,
    bool *early, struct cseal_error *err);

/* What another desk has verified. */
int intake_heard(const struct intake *in, const struct parcel_heard *h,
    struct cseal_error *err);

/* A home from a backup asks; the answer goes out with the next sending. */
int intake_question(const struct intake *in,
    const uint8_t question[PARCEL_NONCE_BYTES], struct cseal_error *err);

#endif
