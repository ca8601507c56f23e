/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Junk at the end of a ledger: an entry that breaks a rule stops every honest
 * command, and nothing behind it counts. A repair cuts back to the last clean
 * head, and keeps what it cut in a file beside the ledger (docs/format.md,
 * section 8).
 *
 * It takes away what was appended, and nothing else. What was altered after
 * it had been appended comes back from a backup: refused is a repair of entry
 * 0, of the tree stored beside the entries, of what a newer version sealed,
 * of an entry behind which somebody sealed who had seen another one there,
 * and of what this desk has verified before.
 */

#ifndef COUNTERSEAL_REPAIR_H
#define COUNTERSEAL_REPAIR_H

#include "counterseal/replay.h"

struct cseal_repair;

struct cseal_repair_options {
	const char *ledger; /* path */
	struct cseal_replay_options replay;
};

/*
 * Reads the whole ledger, alters nothing, and finds out what would be cut.
 * CSEAL_ERR_REFUSED if it cannot be repaired: `err` says why and what to do.
 * Other errors as cseal_ledger_open().
 */
CSEAL_API int cseal_repair_new(struct cseal_repair **out,
    const struct cseal_repair_options *o, struct cseal_error *err);
CSEAL_API void cseal_repair_free(struct cseal_repair *r);

/* False: there is nothing to cut, and cseal_repair_cut() must not be called. */
CSEAL_API bool cseal_repair_needed(const struct cseal_repair *r);

/* State at the last clean head: what stays. Borrowed. */
CSEAL_API const struct cseal_state *cseal_repair_state(
    const struct cseal_repair *r);

/* How many entries would be cut; 0 if only rows that belong to none would. */
CSEAL_API uint64_t cseal_repair_entries(const struct cseal_repair *r);

/* Why, in one filtered sentence; "" if nothing is to be cut. */
CSEAL_API const char *cseal_repair_reason(const struct cseal_repair *r);

/* The finding that ended the fold; NULL if the bytes cannot be read at all. */
CSEAL_API const struct cseal_finding *cseal_repair_finding(
    const struct cseal_repair *r);

/*
 * True if the first entry to be cut is not the one whose hash was stored when
 * it was appended: somebody altered it, and a backup may have it whole.
 */
CSEAL_API bool cseal_repair_altered(const struct cseal_repair *r);

/*
 * CSEAL_ERR_REFUSED if this desk verified more than would be left, or another
 * history than the one that is there. Of size 0: nothing is remembered. Not
 * to be called after a cut.
 */
CSEAL_API int cseal_repair_check(const struct cseal_repair *r,
    const struct cseal_head *remembered, struct cseal_error *err);

/*
 * Keeps what is to be cut in a new file, LEDGER.cut-FROM-TIME of mode 0600,
 * and cuts. CSEAL_ERR_AGAIN, and nothing cut, if the end of the ledger is not
 * what it was when the repair was made. `now` in Unix seconds.
 */
CSEAL_API int cseal_repair_cut(
    struct cseal_repair *r, uint64_t now, struct cseal_error *err);

/* Path of the file with what was cut; "" before. */
CSEAL_API const char *cseal_repair_file(const struct cseal_repair *r);

#endif
