/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a ledger, for repair alone: no other part of the library takes
 * anything away.
 */

#ifndef SRC_LEDGER_TAIL_H
#define SRC_LEDGER_TAIL_H

#include "counterseal/ledger.h"

#include "store.h"

/* What does not belong to the first `keep` entries, as it stands. */
int ledger_tail(struct cseal_ledger *l, uint64_t keep,
    const struct store_sink *sink, struct cseal_error *err);

/*
 * Takes it away, for good, in one transaction, after the sink has had it and
 * returned CSEAL_OK.
 */
int ledger_cut(struct cseal_ledger *l, uint64_t keep,
    const struct store_sink *sink, struct cseal_error *err);

#endif
