/* SPDX-License-Identifier: BSD-2-Clause */
/* An observation from within: the ends of numbers, and names. */

#ifndef SRC_OBSERVATION_H
#define SRC_OBSERVATION_H

#include "counterseal/observation.h"

/*
 * The field of the kind that "tail" alone stands for: the number that says
 * where money goes, or a card's last digits. NULL if it has none.
 */
const struct cseal_field *tail_field(const struct cseal_kind *k);

/* Takes the mask away; appends what is left as A-Z and 0-9. */
int tail_canon(const char *name, const uint8_t *p, size_t n,
    struct cseal_buf *out, struct cseal_error *err);

/* A name or a line of text: consoles write it as they like. */
bool observation_is_text(const struct cseal_format *f);

/* Do the letters and digits of a canonical value end like this? */
bool tail_ends(struct cseal_slice value, struct cseal_slice tail);

#endif
