/* SPDX-License-Identifier: BSD-2-Clause */
/* One item of core deterministic CBOR; private to its reader and writer. */

#ifndef SRC_DCBOR_ITEM_H
#define SRC_DCBOR_ITEM_H

#include "dcbor.h"

#define DCBOR_HEAD_MAX 9 /* initial byte and at most eight more */

struct dcbor_item {
	enum dcbor_type type;
	uint64_t value; /* integer, length or count */
	const uint8_t *data;
};

/* Encodes the head; its length, 0 if there is no such type. */
size_t dcbor_item_head(
    const struct dcbor_item *it, uint8_t head[DCBOR_HEAD_MAX]);

/*
 * Decodes the item at the reader's place without moving on. `size` is what it
 * takes (of an array or a map, its head alone). False if there is none that
 * the writer would write.
 */
bool dcbor_item_look(
    const struct dcbor_reader *r, struct dcbor_item *it, size_t *size);

#endif
