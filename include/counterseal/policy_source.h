/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules as people write them, and the expanded text that is made of them
 * and signed (docs/policy.md, "What you write"). Pure: no ledger, no clock.
 */

#ifndef COUNTERSEAL_POLICY_SOURCE_H
#define COUNTERSEAL_POLICY_SOURCE_H

#include "counterseal/policy.h"

/* A source has at most so many bytes, and lines of CSEAL_POLICY_LINE_MAX. */
#define CSEAL_POLICY_SOURCE_MAX ((size_t)64 * 1024)

struct cseal_policy_source;

/*
 * Reads a source: comments, wildcards, narrower over wider, keys left out.
 * An expanded text is one too. CSEAL_ERR_INPUT with the line ("line 12") and
 * what to mend; CSEAL_ERR_TOO_LARGE if it is, or what it expands to.
 */
CSEAL_API int cseal_policy_source_parse(struct cseal_policy_source **out,
    struct cseal_slice text, struct cseal_error *err);
CSEAL_API void cseal_policy_source_free(struct cseal_policy_source *s);

/* The rules that it says; borrowed. */
CSEAL_API const struct cseal_policy *cseal_policy_source_rules(
    const struct cseal_policy_source *s);

/*
 * Its expanded text, which cseal_policy_parse() reads: every key written out,
 * in the one order of cseal_policy_write(). Borrowed; a NUL stands behind it.
 */
CSEAL_API struct cseal_slice cseal_policy_source_text(
    const struct cseal_policy_source *s);

/*
 * The line that says so, from 1: of a key of a section, "change" and
 * "payout.iban" and "approvals"; of the narrowest head that names it without
 * a key (NULL). 0: nobody wrote it. `name` is "" for ledger and freeze.
 */
CSEAL_API unsigned cseal_policy_source_line(const struct cseal_policy_source *s,
    const char *section, const char *name, const char *key);

/*
 * The expanded text of any policy, appended: sections in one order, stores and
 * kinds with the same rules together, one form for one meaning. What it writes
 * is read as the same rules, and written again as the same bytes.
 */
CSEAL_API int cseal_policy_write(
    const struct cseal_policy *p, struct cseal_buf *out);

/* SHA-256 of a text, as panels show it. */
CSEAL_API int cseal_policy_hash(
    struct cseal_slice text, uint8_t out[CSEAL_HASH_BYTES]);

/* ---- differences ---- */

/* One rule that is another, of all that have it so before and after. */
struct cseal_policy_difference {
	const char *section; /* "change", "ledger", "store" ... */
	const char *names;   /* "payout.* access.app and 3 more"; "" */
	const char *key;     /* NULL: all of it comes or goes */
	const char *before;  /* NULL: it was not there */
	const char *after;   /* NULL: it will not be there */
};

/*
 * What would be different if `next` followed `now`: kinds of change first.
 * What comes is told as a whole, then key by key; what goes as a whole. Stops
 * at the first result of `fn` that is not CSEAL_OK, and returns it.
 */
CSEAL_API int cseal_policy_diff(const struct cseal_policy *now,
    const struct cseal_policy *next,
    int (*fn)(void *ctx, const struct cseal_policy_difference *d), void *ctx);

/* "payout.*: approvals: 1 approver -> 2 approver", appended. */
CSEAL_API int cseal_policy_difference_text(
    const struct cseal_policy_difference *d, struct cseal_buf *out);

/*
 * The shortest heads that name just these kinds (bit i: cseal_kind_at(i)):
 * "payout.* access.app", appended. `most` names, then "and 3 more"; 0: all.
 */
CSEAL_API int cseal_policy_heads(
    uint64_t kinds, size_t most, struct cseal_buf *out);

#endif
