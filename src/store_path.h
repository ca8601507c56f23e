/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the file of a ledger stands: what may be opened at all, and how to
 * call it in a sentence. Knows nothing of what is in the file.
 */

#ifndef SRC_STORE_PATH_H
#define SRC_STORE_PATH_H

#include "counterseal/buf.h"
#include "counterseal/err.h"

struct store_path {
	char *real; /* absolute, without symbolic links; owned */
	/* The end of the path, safe to print: the `where` of errors. */
	char shown[CSEAL_ERROR_WHERE_BYTES];
};

/*
 * A file that is there. CSEAL_ERR_NOT_FOUND, CSEAL_ERR_PERMISSION (with
 * `write`, also if the folder cannot take the files beside it),
 * CSEAL_ERR_CORRUPT (a folder, a device ...), CSEAL_ERR_IO (on a file system
 * that is shared between machines).
 */
int store_path_find(struct store_path *out, const char *where, bool write,
    struct cseal_error *err);

/*
 * A new, empty file of mode 0600, whatever the umask. CSEAL_ERR_EXISTS (also
 * for the remains of another ledger), CSEAL_ERR_NOT_FOUND (no such folder).
 */
int store_path_create(
    struct store_path *out, const char *where, struct cseal_error *err);

void store_path_free(struct store_path *p);

/* True if there is something called like the file with `suffix` added. */
bool store_path_has(const char *path, const char *suffix);

/* True if this process may write the file and make others beside it. */
bool store_path_writable(const struct store_path *p);

/* Appends the path as the path of a URI (RFC 3986). */
int store_path_uri(const struct store_path *p, struct cseal_buf *out);

#endif
