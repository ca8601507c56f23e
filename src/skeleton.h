/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person takes for the same at a glance: ASCII letters and digits that
 * look alike are folded into one. A value in Han or kana has no skeleton: its
 * characters stand in an allow-list, where none is a look-alike that a
 * keyboard would give, and they are compared one by one on the panel.
 */

#ifndef SRC_SKELETON_H
#define SRC_SKELETON_H

#include "counterseal/buf.h"
#include "counterseal/err.h"

/* Appends the skeleton. False: the text has none, it is not ASCII. */
bool skeleton_of(struct cseal_slice text, struct cseal_buf *out);

/* Of other bytes, and with the same skeleton. */
bool skeleton_is_alike(struct cseal_slice a, struct cseal_slice b);

/*
 * The same, or but for one character (missing, too many, wrong, or swapped
 * with the next one) once they are folded. For domains, where a person would
 * not notice it, of `least` bytes and more.
 */
bool skeleton_is_near(struct cseal_slice a, struct cseal_slice b, size_t least);

#endif
