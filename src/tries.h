/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a change was re-entered at this desk, and differed: the file
 * LEDGERID.tries of the user's state folder, lines "LEAF N" with the leaf of
 * the request in hexadecimal. It holds no values.
 *
 * A try is written down before anything is compared, so that it gains nobody
 * anything to end the command in between. What cannot be read, in whole or in
 * part, is told and left aside: who writes in the user's own folder could as
 * well replace the program.
 */

#ifndef SRC_TRIES_H
#define SRC_TRIES_H

#include "desk.h"

#define TRIES_ROWS_MAX 1000 /* changes; the oldest are forgotten first */

/* How many are left for the change with that leaf. */
unsigned tries_left(
    const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES]);

/*
 * Takes one; false if none is left. That it cannot be written down is told,
 * and stops nobody: the desk remembers nothing then.
 */
bool tries_take(
    const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES]);

/* Puts it back: it was no miss. */
void tries_give_back(
    const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES]);

#endif
