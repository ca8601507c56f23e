/* SPDX-License-Identifier: BSD-2-Clause */
/* What send, receive and home have in common: what happened, told. */

#ifndef SRC_CLI_EXCHANGE_H
#define SRC_CLI_EXCHANGE_H

#include "cli.h"

#include "counterseal/exchange.h"

/* One exchange as it is told: lines for people, or the events of an object. */
struct exchange_tale {
	struct cli *c;
	struct cseal_desk *d;
	json_t *events; /* --json; owned */
	json_t *told;	/* complaints: each is told once; owned */
	json_t *came;	/* indices of entries that are new here; owned */
	uint64_t n[CSEAL_EXCHANGE_YIELDED + 1];
};

void exchange_tale_init(
    struct exchange_tale *t, struct cli *c, struct cseal_desk *d);
void exchange_tale_free(struct exchange_tale *t);

/* A cseal_exchange_fn; ctx is the tale. */
int exchange_tell(void *ctx, const struct cseal_exchange_event *e);

/* The hooks are to hear of the entries that came since the last time. */
void exchange_hooks(struct exchange_tale *t);

/* How many statements are on their way from here. */
int exchange_waiting(struct cli *c, struct cseal_desk *d, uint64_t *n);

/* "home", the head, and the events so far, as one object. */
json_t *exchange_json(struct exchange_tale *t, const char *act);

/* receive --follow: exchanges whenever the folder moves, until stopped. */
int exchange_follow(struct exchange_tale *t, const char *folder);

#endif
