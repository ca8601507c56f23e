/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the maker's files. */

#ifndef TESTS_UNIT_MAKER_WITHIN_H
#define TESTS_UNIT_MAKER_WITHIN_H

#include "maker.h"

/* Bytes that follow from a seed, a name and a number. */
void maker_draw_named(
    uint64_t seed, const char *name, uint64_t number, uint8_t *out, size_t n);

struct cseal_slice maker_slice(const char *s);

/* A request of an authority change, its detail not yet there. */
struct maker_draft *maker_authority(
    struct maker *m, size_t key, const char *kind, const char *slot);
/* Takes d->detail for the detail. */
void maker_detail(struct maker_draft *d);

/* An act about a change, as all of them begin. */
struct maker_draft *maker_about(struct maker *m, size_t key,
    enum cseal_statement_kind kind, uint64_t change);

/* Splits "admin approver"; the slices borrow from `text`. */
size_t maker_roles(const char *text, struct cseal_slice out[CSEAL_ROLES_MAX]);

#endif
