/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that this desk has taken in for good, or written: not read again. A
 * name holds the hash of what is in the file, so it stands for it.
 */

#ifndef SRC_EXCHANGE_SEEN_H
#define SRC_EXCHANGE_SEEN_H

#include "counterseal/desk.h"

#include "vec.h"

#define SEEN_KIND "seen" /* beside the ledger, by the file's name */

/* All of them, read at once: one by one, locking would cost more. */
struct seen {
	struct vec names; /* char[], in order */
};

int seen_load(struct seen *out, struct cseal_desk *d, struct cseal_error *err);
void seen_free(struct seen *s);
bool seen_has(const struct seen *s, const char *name);

/* Notes one more beside the ledger; what was loaded does not have it. */
int seen_note(struct cseal_desk *d, const char *name, struct cseal_error *err);

#endif
