/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of any kind at a desk, and the panels that are shown for them. */

#ifndef TESTS_UNIT_MAKER_STORY_H
#define TESTS_UNIT_MAKER_STORY_H

#include "maker_desk.h"

struct maker_asked {
	const char *kind;
	uint64_t op; /* 0: replace */
	const char *store;
	const char *slot;   /* NULL: the kind's */
	const char *values; /* "holder=X|iban=Y"; "reason" too */
};

/* A draft of the request; the code in *r if there is none. */
struct cseal_draft *maker_story_draft(
    struct maker_desk *f, size_t key, const struct maker_asked *asked, int *r);

/*
 * Each appends what must stand and returns its index; `panel`, if not NULL,
 * gets the text that was shown.
 */
uint64_t maker_story_ask(struct maker_desk *f, size_t key,
    const struct maker_asked *asked, struct cseal_buf *panel);
uint64_t maker_story_agree(
    struct maker_desk *f, size_t key, uint64_t change, struct cseal_buf *panel);
uint64_t maker_story_enter(
    struct maker_desk *f, size_t key, uint64_t change, struct cseal_buf *panel);

/* Asked for by Lin, approved by Mina, entered by Lin: in force. */
uint64_t maker_story_whole(
    struct maker_desk *f, const struct maker_asked *asked);

/* The draft of Mina's approval, to be freed, or the code in *r. */
struct cseal_draft *maker_story_approval(
    struct maker_desk *f, size_t key, uint64_t change, int *r);

#endif
