/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in force in one slot, and what was seen of it. */

#ifndef CLI_STATE_H
#define CLI_STATE_H

#include "reading.h"

/* The state that is told of: that of the desk, or an earlier one. */
struct state_view {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state *s;
	uint64_t now;		     /* or the time of --at */
	bool at;		     /* --at was given */
	struct cseal_replay *replay; /* owned; of --at */
};

/* What an entry says, as far as it matters here. */
struct state_entry {
	uint64_t index;
	uint64_t clock;
	char person[CSEAL_HANDLE_BYTES];
	uint64_t outcome, level; /* of an observation */
	char source[33];
};

struct state_place {
	const struct cseal_state_slot *slot;
	const struct cseal_state_change *change;
	const struct cseal_state_freeze *frozen; /* its store; or NULL */
	struct state_entry since;
	struct state_entry observed;  /* if slot->observed */
	struct state_entry confirmed; /* if slot->confirmed */
	struct cseal_read_back back;
	bool known;			  /* `back` could be reckoned */
	char next[READING_COMMAND_BYTES]; /* "" if there is nothing to do */
};

/* ---- state_at.c ---- */

/* The state at --at, or the desk's. */
int state_view_open(struct state_view *v);
void state_view_close(struct state_view *v);

/* ---- state_tell.c ---- */

int state_say(const struct state_view *v, const struct state_place *p);
/* The exit status into *status. */
int state_json(
    const struct state_view *v, const struct state_place *p, int *status);

#endif
