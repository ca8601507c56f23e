/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two histories of one ledger: found when an entry or a head of another desk
 * is not that of this one.
 */

#ifndef SRC_FORK_H
#define SRC_FORK_H

#include "intake.h"

/* Are these bytes entry `index` of this ledger, which has one there? */
int fork_check(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    bool *same, struct cseal_error *err);

/*
 * CSEAL_ERR_VIOLATION, with both heads, if another desk verified another
 * history as far as this one goes.
 */
int fork_check_head(struct cseal_desk *d, const struct cseal_head *theirs,
    struct cseal_error *err);

/*
 * Another entry stands elsewhere at `index`. A home that was made one by
 * force takes its own back from there on, and keeps them to be judged again;
 * anybody else refuses: CSEAL_ERR_VIOLATION.
 */
int fork_yield(const struct intake *in, uint64_t index,
    struct cseal_slice theirs, struct cseal_error *err);

/*
 * The home meets entries behind its own end: its file is an old copy, or
 * there are two homes. It appends nothing until all others were heard.
 */
int fork_behind(
    const struct intake *in, uint64_t size, struct cseal_error *err);

#endif
