/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vectors: a case a text file, told in tests/vectors/README.md, and what the
 * library says of it. For the tests and for the programs that write vectors.
 */

#ifndef TESTS_UNIT_MAKER_VECTOR_H
#define TESTS_UNIT_MAKER_VECTOR_H

#include <stdio.h>

#include "counterseal/buf.h"
#include "counterseal/replay.h"

#include "vec.h"

#define VECTOR_LINE 100 /* columns at which hexadecimal digits are folded */

/* `key: value`; folded lines are one. */
struct vector_line {
	char key[16];
	struct cseal_buf value;
};

struct vector {
	struct vec lines; /* struct vector_line, in the file's order */
};

void vector_free(struct vector *v);

/* Appends a line; bytes become hexadecimal digits. */
void vector_add(struct vector *v, const char *key, const char *value);
void vector_add_bytes(struct vector *v, const char *key, struct cseal_slice s);

/* The nth line of that key, from 0; NULL if there are not so many. */
const char *vector_text(const struct vector *v, const char *key, size_t nth);
/* The same as bytes, appended; false if there is none, or it is no hex. */
bool vector_bytes(
    const struct vector *v, const char *key, size_t nth, struct cseal_buf *out);

/* False if the file cannot be read or breaks the README's rules. */
bool vector_read(struct vector *v, const char *path);
/* Comment lines first, each with "# " before it; `about` ends in no \n. */
bool vector_write(const struct vector *v, const char *about, const char *path);

/*
 * What the library finds: a line "CODE GRADE ENTRY" each, ENTRY "-" for what
 * is about no entry of a ledger, in order; "" if there is nothing. A ledger
 * goes through a file in `folder` that is removed again. False if `v` is no
 * vector.
 */
bool vector_judge(
    const struct vector *v, const char *folder, struct cseal_buf *out);

/* Makes a folder for that, in memory if there is such a place. */
#define VECTOR_SCRATCH_BYTES 64
bool vector_scratch(char out[VECTOR_SCRATCH_BYTES]);

/* What the vector claims, its lines of the key "finding", in the same form. */
void vector_claims(const struct vector *v, struct cseal_buf *out);

/* What cseal_replay_new() finds in these entries (struct cseal_buf). */
bool vector_replay(
    const struct vec *entries, const char *folder, struct cseal_buf *out);

/* What `verify` finds in the ledger at `path`, openings and all. */
bool vector_verify(const char *path, struct cseal_buf *out);

#endif
