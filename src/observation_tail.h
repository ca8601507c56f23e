/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a number, as a console shows it: which fields, which form. */

#ifndef SRC_OBSERVATION_TAIL_H
#define SRC_OBSERVATION_TAIL_H

#include "counterseal/observation.h"

/*
 * The field of the kind that "tail" alone stands for: the number that says
 * where money goes, or a card's last digits. NULL if it has none.
 */
const struct cseal_field *tail_field(const struct cseal_kind *k);

/* Takes the mask away; appends what is left as A-Z and 0-9. */
int tail_canon(const char *name, const uint8_t *p, size_t n,
    struct cseal_buf *out, struct cseal_error *err);

/* Do the letters and digits of a canonical value end like this? */
bool tail_ends(struct cseal_slice value, struct cseal_slice tail);

#endif
