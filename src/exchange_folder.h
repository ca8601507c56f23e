/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of a folder through which desks exchange, by their names
 * (docs/format.md section 6):
 *
 *   LEDGER-KIND[-A-B]-SIZE-HASH.cseal
 *
 * LEDGER is the beginning of the ledger's id and HASH that of the SHA-256 of
 * the file, both in base32; SIZE is its length in bytes. By it a file that
 * came only in part is seen without being read.
 */

#ifndef SRC_EXCHANGE_FOLDER_H
#define SRC_EXCHANGE_FOLDER_H

#include <sys/types.h>

#include "parcel.h"
#include "vec.h"

#define FOLDER_NAME_BYTES 128

/* What a file holds, in the order in which files are taken in. */
enum folder_kind {
	FOLDER_ENTRIES,	 /* a, b: first, and the one behind the last */
	FOLDER_QUESTION, /* of a home from a backup */
	FOLDER_REFUSED,
	FOLDER_SEALED,
	FOLDER_OPENINGS,
	FOLDER_HEARD, /* a, b: number of a key, entries verified */
	FOLDER_KINDS,
};

struct folder_file {
	char name[FOLDER_NAME_BYTES];
	enum folder_kind kind;
	uint64_t a, b;
	uint64_t size; /* bytes it says it has */
};

struct folder {
	char *path;
	struct vec files; /* struct folder_file, in order */
};

/* A name that is none of ours: false. */
bool folder_name_parse(const char *name, struct folder_file *out);

/*
 * Lists the folder's files that have such names; of this ledger alone, unless
 * `ledger` is NULL. CSEAL_ERR_NOT_FOUND, CSEAL_ERR_IO, CSEAL_ERR_PERMISSION.
 */
int folder_open(struct folder *out, const char *path, const uint8_t *ledger,
    struct cseal_error *err);
void folder_free(struct folder *f);
const struct folder_file *folder_file(const struct folder *f, size_t i);

/* Has the file as many bytes as its name says? */
bool folder_is_whole(const struct folder *f, const struct folder_file *file);

/*
 * Reads a file and checks it against its name. CSEAL_ERR_CORRUPT if it is
 * not what was written: damaged, or not here as a whole yet.
 */
int folder_read(const struct folder *f, const struct folder_file *file,
    struct cseal_buf *out, struct cseal_error *err);

/*
 * Writes a parcel under its name, if it is not there; *wrote tells. The name
 * is put into `name`.
 */
int folder_write(struct folder *f, enum folder_kind kind, uint64_t a,
    uint64_t b, const struct parcel *p, char name[FOLDER_NAME_BYTES],
    bool *wrote, struct cseal_error *err);

#endif
