/* SPDX-License-Identifier: BSD-2-Clause */
/* The commitments of a statement by the names of their openings. */

#ifndef SRC_COMMITMENT_H
#define SRC_COMMITMENT_H

#include "counterseal/evidence.h"
#include "counterseal/ledger.h"
#include "counterseal/statement.h"

#define COMMITMENT_NAME_BYTES CSEAL_EVIDENCE_NAME_BYTES

/*
 * The commitment of a field, of evidence, or ("") of the text shown
 * (docs/format.md section 3); NULL if the statement has none of that name.
 */
const uint8_t *commitment_find(
    const struct cseal_statement *st, const char *name);

/* Name `i` of those that the statement has commitments for; false: no more. */
bool commitment_name(const struct cseal_statement *st, size_t i,
    char out[COMMITMENT_NAME_BYTES]);

/* CSEAL_ERR_CORRUPT if an opening fits no commitment of the statement. */
int commitment_check(
    const struct cseal_statement *st, const struct cseal_opening *o);

#endif
