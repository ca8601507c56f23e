/* SPDX-License-Identifier: BSD-2-Clause */
/* A replay from within: between replay.c, recheck.c and what resumes one. */

#ifndef SRC_REPLAY_H
#define SRC_REPLAY_H

#include "fold.h"

struct cseal_replay {
	struct cseal_state *state;
	struct cseal_replay_options options;
	struct vec findings; /* struct cseal_finding */
	const struct cseal_finding *ended;
	uint64_t entries;
	uint64_t sealed;
};

/* A finding about an entry (NULL: about the ledger); `detail` is filtered. */
int replay_add_finding(struct cseal_replay *r, enum rule_id rule,
    const struct fold_entry *e, const char *detail);

#endif
