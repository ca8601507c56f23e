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

/*
 * Of two skeletons: the same, or but for one character (missing, too many,
 * wrong, or swapped with the next one). For domains, where a person would not
 * notice it.
 */
bool skeleton_is_near(struct cseal_slice a, struct cseal_slice b);

#endif
