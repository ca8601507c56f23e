/* SPDX-License-Identifier: BSD-2-Clause */
/* One file of a desk's memory: a head, and perhaps the state folded there. */

#ifndef SRC_MEMORY_FILE_H
#define SRC_MEMORY_FILE_H

#include "replay.h"

#define MEMORY_FILE_MAX ((size_t)1 << 30)

struct memory_file {
	struct cseal_head head;
	bool current;		   /* written by this version of the program */
	struct cseal_state *state; /* owned; NULL if there is none to use */
	struct vec findings;	   /* owned; struct cseal_finding */
};

/*
 * Reads what was kept of the ledger of that id. CSEAL_ERR_NOT_FOUND if there
 * is no file. Any other error: the file is not to be used, and *why says why
 * in a static sentence: not the user's own, not whole, of another ledger, of
 * another format. A file of another version of the program gives its head
 * alone, because that version may have judged by other rules.
 */
int memory_file_read(struct memory_file *out, const char *path,
    const uint8_t id[CSEAL_HASH_BYTES], const char **why);
void memory_file_free(struct memory_file *f);

/* The size that a file's head names; 0 if it cannot be told. Not checked. */
uint64_t memory_file_peek(const char *path, const uint8_t id[CSEAL_HASH_BYTES]);

/* Writes the replay's head, with its state and findings or without. */
int memory_file_write(
    const char *path, const struct cseal_replay *r, bool with_state);

/* Opens a file that nobody but the user could have written; -1 with *why. */
int memory_file_open(const char *path, size_t *size, const char **why);

/* As the file holds it: for tests, too. `out` may grow to MEMORY_FILE_MAX. */
int memory_file_encode(
    struct cseal_buf *out, const struct cseal_replay *r, bool with_state);
int memory_file_decode(struct memory_file *out, struct cseal_slice bytes,
    const uint8_t id[CSEAL_HASH_BYTES], const char **why);

#endif
