/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk's memory of one ledger from within. */

#ifndef SRC_MEMORY_H
#define SRC_MEMORY_H

#include "counterseal/memory.h"

#include "memory_file.h"

struct cseal_memory {
	struct cseal_memory_options o;
	char *where;	 /* owned: the ledger's path, without links */
	char *pins;	 /* owned; paths of the files */
	char *path;	 /* owned; NULL: the id is not known */
	char *head_path; /* owned */
	uint8_t id[CSEAL_HASH_BYTES];
	bool known; /* the id is */
	bool pinned;
	bool spoilt;		 /* a file was left aside: it is written over */
	bool contradicted;	 /* the ledger does not extend the head */
	struct cseal_head head;	 /* the newest; size 0: none */
	bool current;		 /* it was verified by these very rules */
	uint64_t state_size;	 /* of the state on disk; 0: none */
	struct memory_file kept; /* with its state, until it is resumed */
};

void memory_tell(
    const struct cseal_memory *m, const char *where, const char *what);

/*
 * One writer of the folder at a time, so that a shorter ledger is not
 * remembered over a longer one and no pin is lost. Where the folder cannot be
 * locked, or not within two seconds, because whoever holds the lock was
 * stopped, the last writer wins. Returns what to unlock.
 */
int memory_lock(const char *state_dir);
void memory_unlock(int lock);

#endif
