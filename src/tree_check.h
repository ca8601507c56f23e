/* SPDX-License-Identifier: BSD-2-Clause */
/* Is the tree that the store keeps the tree of the entries? */

#ifndef SRC_TREE_CHECK_H
#define SRC_TREE_CHECK_H

#include "counterseal/ledger.h"

struct tree_check {
	bool fits;
	bool has_entry;
	uint64_t entry; /* the first whose stored leaf is wrong, if one is */
};

/*
 * Reads every hash that the store keeps of the first `head.size` entries and
 * compares each row with the one below it, the lowest with `head`. Errors are
 * those of reading entries.
 */
int tree_check(struct cseal_ledger *l, const struct cseal_head *head,
    struct tree_check *out, struct cseal_error *err);

#endif
