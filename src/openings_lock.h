/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock on the values of openings (docs/format.md section 6). */

#ifndef SRC_OPENINGS_LOCK_H
#define SRC_OPENINGS_LOCK_H

#include "openings_form.h"

/*
 * Locks encoded values for `f`, whose asked fields have these values, in their
 * order: nonce, ciphertext and tag, appended. `f` lacks its values alone.
 */
int openings_lock(struct cseal_buf *out, const struct openings_form *f,
    const struct cseal_slice *asked, struct cseal_slice values);

/* The reverse; CSEAL_ERR_CORRUPT if the asked fields have other values. */
int openings_unlock(struct cseal_buf *out, const struct openings_form *f,
    const struct cseal_slice *asked);

#endif
