/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who else has an account: whether all account fields of a change have the
 * values that they have in an earlier one of its kind (docs/format.md section
 * 5, Facts).
 */

#ifndef SRC_USED_H
#define SRC_USED_H

#include "values.h"

/* The values of a change, canonical; those of other fields are not read. */
struct used {
	const struct cseal_kind *kind;
	struct {
		bool has;
		struct cseal_slice value;
	} fields[CSEAL_KIND_FIELDS_MAX]; /* in the kind's order */
};

enum used_answer {
	USED_NO,
	USED_YES,
	USED_UNKNOWN, /* a value that is needed for it is not here */
};

void used_begin(struct used *u, const struct cseal_kind *kind);
void used_set(struct used *u, const char *field, struct cseal_slice value);
/* False: it has no value in an account field. */
bool used_has_account(const struct used *u);

/* Has the change the same account? */
int used_by(const struct used *u, struct values *v,
    const struct state_change *c, enum used_answer *out,
    struct cseal_error *err);

/*
 * Fact 11: is it that of a request at another store, among the requests with
 * an index below `below`?
 */
int used_elsewhere(const struct used *u, struct values *v,
    const struct cseal_state *s, const char *store, uint64_t below,
    enum used_answer *out, struct cseal_error *err);

#endif
