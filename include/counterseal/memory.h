/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a desk remembers of a ledger between two commands.
 *
 * Whoever can write the ledger's file can cut its end off, put last week's
 * copy in its place, or show two desks two histories, each of them in order.
 * A desk that was there finds it, because it remembers, in the user's own
 * state folder and for each ledger:
 *
 *   pins                     which ledger stands at which path
 *   LEDGERID.memory          the last head that it verified, and the state
 *                            folded up to there
 *   LEDGERID.memory.head     the last head alone, between two writings of
 *                            the state, whose cost is spread over entries
 *
 * What follows:
 *
 * - A path whose ledger is another one than at first sight is refused.
 * - A ledger that does not extend the remembered head (shorter, forked,
 *   rewritten) is refused. This is asked of the tree that the store keeps, by
 *   reading O(log n) hashes.
 * - The fold goes on from the remembered state: entries that it covers are
 *   not read, and their seals are not checked again. Whoever reads one of
 *   them later proves it first (cseal_ledger_read_proven()). The few entries
 *   from there to the head are folded again and have to lead to it.
 * - An old entry altered behind the back of the stored tree has no effect on
 *   such a command and is not noticed by it. cseal_memory_verify() reads
 *   every entry, always, and finds it. It checks the seals of old entries
 *   again only if their bytes are not those that it remembers.
 * - A tree that holds a violating entry is never remembered.
 *
 * A file that anybody else could have written, that is damaged or belongs to
 * another ledger is left aside with a notice, and everything is verified from
 * the first entry on. Another version of the program uses the head and
 * verifies the rest again. Who can write the user's own folder is not kept
 * out by any of this: such a person could as well replace the program.
 */

#ifndef COUNTERSEAL_MEMORY_H
#define COUNTERSEAL_MEMORY_H

#include "counterseal/replay.h"

struct cseal_memory;

/* What it points to is borrowed until the memory is freed. */
struct cseal_memory_options {
	const char *state_dir; /* folder of the user's own; it must be there */
	const char *ledger;    /* where the ledger was opened */
	bool look;	       /* nothing is pinned or written */
	/*
	 * Something worth telling that stops nothing: a first look at a
	 * ledger with its fingerprint, a file left aside. NULL: not told.
	 */
	void (*notice)(void *ctx, const char *where, const char *what);
	void *ctx;
};

/*
 * Finds what is remembered of the opened ledger. CSEAL_ERR_VIOLATION if
 * another one is pinned to its path (err: both fingerprints, what to do);
 * CSEAL_ERR_IO if the pins cannot be trusted.
 */
CSEAL_API int cseal_memory_open(struct cseal_memory **out,
    struct cseal_ledger *l, const struct cseal_memory_options *o,
    struct cseal_error *err);
CSEAL_API void cseal_memory_free(struct cseal_memory *m);

/* The head verified last; NULL if nothing is remembered. Borrowed. */
CSEAL_API const struct cseal_head *cseal_memory_head(
    const struct cseal_memory *m);

/*
 * A replay for acting on: goes on from the remembered state, reads only what
 * came since. CSEAL_ERR_VIOLATION if the ledger does not extend the head
 * (err: sizes and both heads). Otherwise as cseal_replay_new(). The state is
 * handed over, so that this succeeds with it once.
 */
CSEAL_API int cseal_memory_resume(struct cseal_memory *m,
    struct cseal_replay **out, struct cseal_ledger *l,
    const struct cseal_replay_options *o, struct cseal_error *err);

/*
 * A replay for judging by: reads and folds every entry. That the ledger does
 * not extend the head is a finding (memory-shrank, memory-forked), added at
 * the end, and then every seal is checked.
 */
CSEAL_API int cseal_memory_verify(struct cseal_memory *m,
    struct cseal_replay **out, struct cseal_ledger *l,
    const struct cseal_replay_options *o, struct cseal_error *err);

/*
 * Remembers the end of the replay, and pins the ledger at the first time.
 * Does nothing for one that ended early or did not extend the head, nor
 * against a longer one that another process remembered meanwhile. A failure
 * is told as a notice too; it need not stop anybody.
 */
CSEAL_API int cseal_memory_save(
    struct cseal_memory *m, const struct cseal_replay *r);

/*
 * Pins the ledger that stands at `ledger` to its path, whatever was pinned
 * there before: for who has just founded it.
 */
CSEAL_API int cseal_memory_pin(
    const char *state_dir, const char *ledger, struct cseal_error *err);

/*
 * Forgets the heads and states of a ledger: for who puts a backup in its
 * place, or yields to another history, and knows it. The pin stays.
 */
CSEAL_API int cseal_memory_forget(const char *state_dir,
    const uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err);

#endif
