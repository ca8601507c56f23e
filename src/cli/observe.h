/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of `observe`: what was read in consoles, and what came of it. */

#ifndef CLI_OBSERVE_H
#define CLI_OBSERVE_H

#include "reading.h"

#define OBSERVE_SOURCE_BYTES 33
#define OBSERVE_READINGS_MAX 1000

/* What was read in one place. */
struct observe_reading {
	struct cseal_observation o;
	uint64_t seen_at; /* Unix seconds; 0: now */
	char source[OBSERVE_SOURCE_BYTES];
};

struct observe {
	struct cli *c;
	struct cseal_desk *d; /* owned */
	/* Of a reading that does not say; NULL: see observe_add(). */
	const char *kind, *store, *slot;
	struct observe_reading *list; /* owned, n */
	size_t n;
	struct cli_key key; /* chosen when the first is to be sealed */
	bool has_key;
	bool is_bad; /* a mismatch or drift was among them */
};

/* One of them, after it was judged and perhaps sealed. */
struct observe_result {
	const struct observe_reading *r;
	struct cseal_judgement j; /* its pointers hold until an append */
	const char *sentence;
	char name[CSEAL_CHANGE_NAME_BYTES]; /* of what is in force; or "" */
	char fits[CSEAL_CHANGE_NAME_BYTES];
	uint64_t wanted; /* level that the policy asks for */
	bool sealed;
	uint64_t index; /* CSEAL_INDEX_NONE: kept for the home */
	enum cseal_confirming confirming; /* of a match that was sealed */
};

/*
 * Adds a reading of a place. `kind` NULL: that of what is in force there.
 * `slot` NULL: the kind's; without a kind that of the only thing in force in
 * the store, else payout.
 */
int observe_add(struct observe *v, const char *kind, const char *store,
    const char *slot, bool by_script, struct observe_reading **out);

void observe_free_list(struct observe *v);

/* ---- observe_read.c: from a file ---- */

int observe_read(struct observe *v, const char *path);

/* ---- observe_ask.c: from arguments and a person ---- */

int observe_words(struct observe *v);

/* ---- observe_tell.c ---- */

int observe_tell(struct observe *v, const struct observe_result *res);

#endif
