/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands on a screen, and what must not; a test fails if it does. */

#ifndef TESTS_UNIT_MAKER_SCREEN_H
#define TESTS_UNIT_MAKER_SCREEN_H

#include "counterseal/buf.h"

void screen_says(struct cseal_buf *panel, const char *says);
void screen_says_not(struct cseal_buf *panel, const char *says);

/* 80x24, and nothing but characters that may be shown. */
void screen_fits(struct cseal_buf *panel);

/* It fits, and warns so of a look-alike; NULL: of none. */
void screen_warns(struct cseal_buf *panel, const char *warning);

#endif
