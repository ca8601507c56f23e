/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the model's files. */

#ifndef TESTS_UNIT_MODEL_WITHIN_H
#define TESTS_UNIT_MODEL_WITHIN_H

#include "model.h"

bool model_is_authority(enum model_what what);
const struct model_change *model_find(const struct model *m, uint64_t index);
size_t model_signer(const struct model *m, const struct model_act *a);
bool model_signer_in(
    const struct model *m, const struct model_act *a, unsigned roles);
/* Sums of times end and do not wrap round. */
uint64_t model_sum(uint64_t a, uint64_t b);

bool model_counts(const struct model *m, const struct model_approval *a);
/* Places filled by the first `n` approvals, and by one person more. */
unsigned model_filled(const struct model *m, const struct model_change *c,
    size_t n, size_t extra);
unsigned model_filled_now(const struct model *m, const struct model_change *c);
unsigned model_places(const struct model *m, enum model_what what);
/* Somebody asks, and the others but `without` can fill all places. */
bool model_possible(
    const struct model *m, enum model_what what, size_t without);

bool model_key_frozen(const struct model *m, uint64_t key);
/* A rejection of what came into force after the rejecter had looked. */
bool model_is_late(const struct model_act *a, const struct model_change *c);
/* A change of authority takes effect, by the entry that comes next. */
void model_complete(struct model *m, struct model_change *c);

#endif
