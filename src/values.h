/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of the ledger's requests, as far as their openings are here: each is
 * read and checked against its commitment once.
 */

#ifndef SRC_VALUES_H
#define SRC_VALUES_H

#include "counterseal/ledger.h"

#include "state.h"

struct values; /* what was read; it is wiped when it is freed */

/* NULL without memory. The ledger is borrowed. */
struct values *values_new(struct cseal_ledger *l);
void values_free(struct values *v);

/*
 * The value of a field, or of evidence, into `out`, which stays good
 * as long as `v`; without data in an error. The codes of values_open(), and
 * those of cseal_ledger_opening().
 */
int values_get(struct values *v, const struct state_change *c, const char *name,
    struct cseal_slice *out, struct cseal_error *err);

/*
 * The same of a change that need not be right: a value that is not the one
 * committed to is as if it were not here, and *here says so.
 */
int values_find(struct values *v, const struct state_change *c,
    const char *name, struct cseal_slice *out, bool *here,
    struct cseal_error *err);

/*
 * The same of field `i` of the change's kind, together with the skeleton of
 * the value (skeleton.h): without data if it is not here, or has none.
 */
int values_skeleton(struct values *v, const struct state_change *c, size_t i,
    struct cseal_slice *value, struct cseal_slice *skeleton,
    struct cseal_error *err);

/*
 * Fields that were asked for with values_find() or values_skeleton() and were
 * not here.
 */
uint64_t values_missed(const struct values *v);

/*
 * Appends the value of a field of the request at `index`. CSEAL_ERR_NOT_FOUND:
 * it does not have the field, or the opening is not here; CSEAL_ERR_CORRUPT:
 * the opening does not fit the commitment.
 */
int values_open(struct cseal_ledger *l, const struct cseal_statement *request,
    uint64_t index, const char *name, struct cseal_buf *out,
    struct cseal_error *err);

#endif
