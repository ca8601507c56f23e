/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger's file, written by a maker and then meddled with from outside. */

#ifndef TESTS_UNIT_MAKER_FILE_H
#define TESTS_UNIT_MAKER_FILE_H

#include <sqlite3.h>

#include "maker.h"

struct maker_file {
	char folder[64];
	char path[96];
	sqlite3 *raw; /* no triggers, no checks, no waiting for the disk */
};

/* A new folder, in memory where there is such a place. */
void maker_file_init(struct maker_file *f);
/* Closes the connection, removes file and folder. */
void maker_file_free(struct maker_file *f);

/* Writes the maker's ledger, instead of what was there. */
void maker_file_write(struct maker_file *f, const struct maker *m);

/* Opens f->raw, if it is not open. */
void maker_file_meddle(struct maker_file *f);

/* Runs SQL with one blob bound to it (?1). */
void maker_file_run(
    struct maker_file *f, const char *sql, const void *blob, size_t n);

/* Puts bytes in the place of entry `index`, or behind the last one. */
void maker_file_put(
    struct maker_file *f, uint64_t index, struct cseal_slice entry);

#endif
