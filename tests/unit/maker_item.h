/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CBOR bytes cut open and sewn together again, wrong on purpose. Knows no
 * rule of the format, so that it can break each of them.
 */

#ifndef TESTS_UNIT_MAKER_ITEM_H
#define TESTS_UNIT_MAKER_ITEM_H

#include "counterseal/buf.h"

#define ITEM_NONE ((size_t)-1)

/* One item of an encoded tree: bytes [from, to), below item `parent`. */
struct item {
	size_t from, to;
	size_t parent; /* its place in the list; ITEM_NONE for the root */
	size_t child;  /* number among the parent's items, keys counted too */
	unsigned depth;
};

/*
 * All items of well-formed bytes with definite lengths, each before what is
 * in it. How many there are (of which `max` are written); 0 if malformed.
 */
size_t item_list(struct cseal_slice bytes, struct item *out, size_t max);

/* Major type of the item (0 to 7), and its number, length or count. */
unsigned item_major(struct cseal_slice bytes, const struct item *i);
uint64_t item_value(struct cseal_slice bytes, const struct item *i);
/* Is it a key of a map? */
bool item_is_key(
    struct cseal_slice bytes, const struct item *all, const struct item *i);

/* Appends the shortest head of that major type. */
void item_put_head(struct cseal_buf *out, unsigned major, uint64_t value);

/* Puts `with` in the place of bytes [from, to). */
bool item_splice(
    struct cseal_buf *b, size_t from, size_t to, const struct cseal_buf *with);
/* So many more (or fewer) in the count of an array or map that begins at
 * `from`; false if that needs another head. Before its bytes move. */
bool item_recount(struct cseal_buf *b, size_t from, int more);

/*
 * Edits, divided by "; ". A path is keys of maps (numbers or names) and
 * places of arrays, divided by "/"; "." is the root. What stands behind it is
 * hexadecimal, "00*9" a byte and "(0102)*9" bytes that many times:
 *
 *	= PATH HEX	in its place
 *	< PATH HEX	before it (a pair in a map); the count is one more
 *	+ PATH HEX	at the end of that array or map; the count is one more
 *	- PATH		it goes, with its key; the count is one less
 *	! HEX		behind the end
 *	% N		the last N bytes go
 *
 * False if there is no such path, or the count needs another head.
 */
bool item_edit(struct cseal_buf *bytes, const char *edits);

#endif
