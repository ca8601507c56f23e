/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each signer was shown before the touch, printed again from the ledger
 * at the seen head, the openings, template, language and offset, and compared
 * with the commitment in the statement (docs/format.md section 3).
 */

#ifndef COUNTERSEAL_SHOWN_H
#define COUNTERSEAL_SHOWN_H

#include "counterseal/replay.h"

enum cseal_shown_verdict {
	CSEAL_SHOWN_FITS,    /* the text is the one committed to */
	CSEAL_SHOWN_FALSE,   /* no text that could be shown there is */
	CSEAL_SHOWN_UNKNOWN, /* what is needed to print it is not here */
};
/* "fits", "false", "unknown"; static. */
CSEAL_API const char *cseal_shown_verdict_name(enum cseal_shown_verdict v);

/* The text of one approve or apply. Valid during the call. */
struct cseal_shown_again {
	uint64_t entry;
	uint64_t change; /* index of the request */
	enum cseal_shown_verdict verdict;
	/*
	 * What was shown; "" unless it fits. It holds values in clear, and
	 * passed the filter: cseal_text_safe() of each line alters nothing.
	 */
	const char *text;
	/*
	 * It fits as it was at a desk without openings of other changes that
	 * are here now: something of them was not told to the signer.
	 */
	bool fewer;
	const char *why; /* a sentence; "" if it fits with all that is here */
};

/*
 * Prints them again, in the order of the seen heads, for one change or (NULL)
 * all. `s` is the state of the ledger, verified: entries are folded again from
 * the first on, and their signatures are not checked. `fn` ends it by anything
 * but CSEAL_OK, which is returned. CSEAL_ERR_VIOLATION if the ledger is not
 * that of the state any more.
 */
CSEAL_API int cseal_shown_each(const struct cseal_state *s,
    struct cseal_ledger *l, const uint64_t *change,
    int (*fn)(void *ctx, const struct cseal_shown_again *a), void *ctx,
    struct cseal_error *err);

/*
 * Adds to the findings of a replay what does not fit, `shown-false`, and how
 * many could not be printed again, `shown-unchecked`.
 */
CSEAL_API int cseal_replay_shown(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err);

#endif
