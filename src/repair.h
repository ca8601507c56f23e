/* SPDX-License-Identifier: BSD-2-Clause */
/* A repair from within: what is known of it, and the rows that are kept. */

#ifndef SRC_REPAIR_H
#define SRC_REPAIR_H

#include "counterseal/repair.h"

#include "ledger_tail.h"

#define REPAIR_REASON_BYTES 512

/* Rows as items of a CBOR sequence, perhaps behind a header. */
struct repair_rows {
	struct cseal_buf bytes;
	size_t begin; /* of the rows in `bytes` */
	uint64_t entries;
	uint64_t others; /* openings and hashes */
	/* May be NULL; called for each entry before it is added. */
	int (*look)(void *ctx, uint64_t index, struct cseal_slice body);
	/* May be NULL; called at the end of all. */
	int (*done)(void *ctx);
	void *ctx;
};

void repair_rows_init(struct repair_rows *rows);
void repair_rows_free(struct repair_rows *rows);

/* The header of a file: what stayed, when and why the rest was cut. */
void repair_rows_head(struct repair_rows *rows, const struct cseal_state *s,
    uint64_t now, const char *reason);

/* What fills the rows; `rows` must outlive it. */
struct store_sink repair_rows_sink(struct repair_rows *rows);

/* SHA-256 of the rows without their header. */
int repair_rows_digest(
    const struct repair_rows *rows, uint8_t out[CSEAL_HASH_BYTES]);

/* An entry behind the first bad one, by somebody who had seen that place. */
struct repair_witness {
	bool found;
	uint64_t entry;
	char handle[CSEAL_HANDLE_BYTES];
};

struct cseal_repair {
	struct cseal_repair_options options;
	char *where; /* the ledger's path */
	char *file;  /* of what was cut; NULL before */
	struct cseal_ledger *ledger;
	struct cseal_replay *replay;
	uint64_t keep;	 /* entries that stay */
	bool unreadable; /* there is no entry `keep`, or not one of ours */
	char reason[REPAIR_REASON_BYTES];
	uint64_t entries;
	uint64_t others;
	bool altered;
	struct repair_witness witness;
	uint8_t digest[CSEAL_HASH_BYTES]; /* of what is to be cut */
	/* While it is cut; not owned. */
	struct repair_rows *rows;
	struct cseal_error *err;
};

/* For rows->look: notes in the repair `ctx` what an entry tells of itself. */
int repair_look(void *ctx, uint64_t index, struct cseal_slice body);

#endif
