/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that follow from a seed, a name and a number; private to maker. */

#ifndef TESTS_UNIT_MAKER_DRAW_H
#define TESTS_UNIT_MAKER_DRAW_H

#include "counterseal/api.h"

void maker_draw_named(
    uint64_t seed, const char *name, uint64_t number, uint8_t *out, size_t n);

#endif
