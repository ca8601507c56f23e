/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers of acts that follow one another as chance has it. */

#ifndef TESTS_UNIT_MAKER_WANDER_H
#define TESTS_UNIT_MAKER_WANDER_H

#include "maker.h"

/*
 * Tries so many acts of all kinds, by any of the keys, about anything that is
 * there; what the fold refuses is left out. Some are made before the one
 * before them was added; some clocks and counters are behind.
 */
void maker_wander(struct maker *m, unsigned tries);

#endif
