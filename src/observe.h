/* SPDX-License-Identifier: BSD-2-Clause */
/* An observation with what it is judged by; between observe*.c and its draft.
 */

#ifndef SRC_OBSERVE_H
#define SRC_OBSERVE_H

#include "counterseal/observe.h"

struct sight {
	struct cseal_desk *d;
	const struct cseal_observation *o;
	struct cseal_judgement j;
	struct cseal_change approved; /* values in force; kind NULL: none */
	struct cseal_error *err;
};

/* To be followed by sight_close(), after an error too. */
int sight_open(struct sight *v, struct cseal_desk *d,
    const struct cseal_observation *o, uint64_t seen_at,
    struct cseal_error *err);
void sight_close(struct sight *v);

/* Sentences, as cseal_judgement_text(). */
int sight_text(const struct sight *v, struct cseal_buf *out);

/* The text before the touch; it fits 80x24. */
int observe_panel(const struct sight *v, const struct cseal_state_key *key,
    const char *source, struct cseal_buf *out);

#endif
