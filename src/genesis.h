/* SPDX-License-Identifier: BSD-2-Clause */
/* Which ledger it is: SHA-256 of the genesis statement is its id. */

#ifndef SRC_GENESIS_H
#define SRC_GENESIS_H

#include "counterseal/ledger.h"

/* The id of the ledger that begins with this entry. Codes of
 * cseal_entry_parse(). */
int genesis_id(struct cseal_slice entry, uint8_t out[CSEAL_HASH_BYTES]);

/* The ledger's by its own first entry; *found is false if none can be read. */
int genesis_find(struct cseal_ledger *l, bool *found,
    uint8_t out[CSEAL_HASH_BYTES], struct cseal_error *err);

#endif
