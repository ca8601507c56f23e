/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which ledger stands where: the file `pins`, lines of an id in hexadecimal,
 * two spaces and a path.
 */

#ifndef SRC_MEMORY_PIN_H
#define SRC_MEMORY_PIN_H

#include "counterseal/buf.h"
#include "counterseal/err.h"

/*
 * The id pinned to a place into `id`; *found tells if there is one. A file
 * that others could have written, or that has a line of another form, is
 * CSEAL_ERR_IO, so that nobody unpins a ledger by spoiling it.
 */
int memory_pin_find(const char *pins, const char *where, bool *found,
    uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err);

/* Pins an id to a place, instead of what was pinned there before. */
int memory_pin_set(const char *pins, const char *where,
    const uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err);

#endif
