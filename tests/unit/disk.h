/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A disk for tests of durability: a VFS for SQLite in which what was written
 * and not yet synced is only in memory, and whose power is cut, or which is
 * full or fails, at the n-th operation.
 */

#ifndef TESTS_UNIT_DISK_H
#define TESTS_UNIT_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

enum disk_fault {
	DISK_NONE,
	DISK_CUT,  /* from the operation on nothing works */
	DISK_FULL, /* from the operation on no write has room */
	DISK_FAIL, /* the operation alone gives an error */
};

/* What a cut leaves of the writes that were not synced; else a seed. */
#define DISK_LOSE_ALL 0
#define DISK_KEEP_ALL 1

struct disk_file;

struct disk {
	sqlite3_vfs vfs;
	sqlite3_vfs *below;
	struct disk_file *files; /* that are open */
	enum disk_fault fault;
	unsigned long at;    /* the operation with the fault, from 1 */
	unsigned long count; /* writes, syncs, truncations, deletions */
	uint32_t keep;
	bool struck;	/* the fault came */
	char gone[256]; /* a file that was deleted without syncing its folder */
};

/* Puts the disk in front of the usual one; takes it away. */
void disk_begin(struct disk *d);
void disk_end(struct disk *d);

/* The fault to come. */
void disk_arm(
    struct disk *d, enum disk_fault fault, unsigned long at, uint32_t keep);

/* Room again, and no error any more. */
void disk_mend(struct disk *d);

/* The power goes now, if it has not gone before. */
void disk_cut(struct disk *d);

#endif
