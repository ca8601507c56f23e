/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a name that is none. */

#ifndef SRC_NEAR_H
#define SRC_NEAR_H

#include "counterseal/err.h"

#include <stddef.h>

/*
 * Refuses (CSEAL_ERR_INPUT) a name that is none of `n` names: "WHAT 'NAME'; did
 * you mean ...? WAY", the name filtered and cut.
 */
int near_refuse(const char *where, const char *what, const char *name,
    size_t len, const char *const *names, size_t n, const char *way,
    struct cseal_error *err);

#endif
