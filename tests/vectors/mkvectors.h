/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of mkvectors. */

#ifndef TESTS_VECTORS_MKVECTORS_H
#define TESTS_VECTORS_MKVECTORS_H

#include "maker_vector.h"

struct out {
	const char *folder;  /* where the vectors go */
	const char *scratch; /* for ledgers while they are judged */
	unsigned written;
	unsigned wrong; /* the library does not say what the row claims */
};

/* Writes a vector below out->folder; the claims are in it already. */
void out_write(
    struct out *o, const struct vector *v, const char *name, const char *about);

/* A statement or an entry, edited: see maker_item.h. */
struct edited {
	const char *name; /* NULL ends the table */
	const char *about;
	const char *base;  /* what is edited, see edited_base() */
	const char *edits; /* "" for none */
	const char *finding;
};

extern const struct edited edited_envelope[];
extern const struct edited edited_encoding[];
extern const struct edited edited_founding[];
extern const struct edited edited_request[];
extern const struct edited edited_acts[];
extern const struct edited edited_entry[];

void write_edited(struct out *o);
void write_seals(struct out *o);
void write_keys(struct out *o);
void write_ledgers(struct out *o);
void write_breaks(struct out *o);

#endif
