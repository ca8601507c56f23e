/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sits at this desk, what waits for them, what is on its way from here,
 * and how status tells of it.
 */

#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include "counterseal/exchange.h"

#include "reading.h"

/* A statement that was sealed at this replica, and is no entry. */
struct status_sealed {
	uint64_t act; /* CSEAL_APPROVE ... */
	uint64_t clock;
	bool has_change; /* it is about a change of the ledger */
	uint64_t change;
	const struct cseal_kind *kind; /* NULL: about no change */
	char store[CSEAL_HANDLE_BYTES];
	char slot[65];
	size_t person; /* who sealed it */
	uint8_t leaf[CSEAL_HASH_BYTES];
	char *refused; /* owned; why, by the home; NULL: on its way */
};

struct status {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state *s;
	char handle[CSEAL_HANDLE_BYTES];     /* "" if it is not known */
	const struct cseal_state_person *me; /* NULL: not in this ledger */
	size_t person;			     /* number of `me` */
	struct status_sealed *sealed;	     /* owned, n_sealed */
	size_t n_sealed;
	size_t forgotten; /* by --forget */
};

/* ---- status.c: what waits for whom ---- */

/* Why a change stands in one of the lists. */
enum waiting {
	WAITS_FOR_NOBODY,
	WAITS_TO_BE_APPROVED,
	WAITS_TO_BE_APPLIED,
};

/* What this person sealed already waits for the home, not for them. */
enum waiting status_waits(
    const struct status *w, const struct cseal_state_change *h);
/* Asked for by me, open, and not waiting for me. */
bool status_is_mine(const struct status *w, const struct cseal_state_change *h);
/* Has this person still to agree to the ledger? */
bool status_must_join(const struct status *w);
/* Unrevoked keys of this person. */
uint64_t status_keys(const struct status *w);

/* ---- status_late.c ---- */

/*
 * Is it overdue? Approved, and nobody told that it was entered while its window
 * was open (without a window: for as long as the policy lets a request live);
 * or expired, and nobody has asked again. Since when into *since.
 */
bool status_is_late(const struct status *w, const struct cseal_state_change *h,
    uint64_t *since);

/* May this person do what the change waits for? */
bool status_may_act(const struct status *w, const struct cseal_state_change *h,
    const struct cseal_state_person *p);
/* Those but me who may: "mina or petr"; "" if nobody. Appended. */
int status_others(const struct status *w, const struct cseal_state_change *h,
    struct cseal_buf *out);
json_t *status_others_json(
    const struct status *w, const struct cseal_state_change *h);

/* ---- status_back.c: what is to be read back ---- */

/* What is late, or what is not; the heading once, when *any is false. */
void status_back_say(const struct status *w, bool late, bool *any);
/* Is there something that this person can read back now? */
bool status_back_waits(const struct status *w);
json_t *status_back_json(const struct status *w);

/* ---- status_frozen.c: freezes that stand ---- */

void status_frozen_say(const struct status *w);
json_t *status_frozen_json(const struct status *w);

/* ---- status_sealed.c: what is on its way, what was refused ---- */

/* Reads what was sealed here into w->sealed. */
int status_sealed_read(struct status *w);
void status_sealed_free(struct status *w);
/* Forgets what the home refused; how many into w->forgotten. */
int status_sealed_forget(struct status *w);
/* Is an act of this person on its way? Of a change, or (join) of none. */
bool status_sealed_has(const struct status *w, uint64_t act, uint64_t change);
void status_sealed_say(const struct status *w);
json_t *status_sealed_json(const struct status *w, bool refused);

/* ---- status_text.c, status_json.c, status_begin.c ---- */

/* Each gives the exit status. */
int status_say(const struct status *w);
int status_json(const struct status *w);
/* When there is no ledger yet: how to begin. */
int status_begin_say(struct cli *c);
int status_begin_json(struct cli *c);
void status_settings_say(struct cli *c);

#endif
