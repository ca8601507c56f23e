/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger's site as it is kept beside it. */

#ifndef SRC_SITE_H
#define SRC_SITE_H

#include "counterseal/site.h"

#include "parcel.h"

#define SITE_NEVER_YIELDS ((uint64_t)INT64_MAX)

struct site {
	enum cseal_site is;
	/*
	 * Entries when this was made the home by force: what it appended from
	 * there on yields to what other desks have.
	 */
	uint64_t size;
	bool has_question; /* put to all desks; their answers carry it */
	uint8_t question[PARCEL_NONCE_BYTES];
};

/*
 * `machine` names the machine among others ("" if it has no name). A ledger
 * without a record is a home.
 */
int site_read(struct site *out, struct cseal_ledger *l, const char *machine,
    struct cseal_error *err);
int site_write(struct cseal_ledger *l, const char *machine,
    const struct site *p, struct cseal_error *err);

/* CSEAL_OK if `p` appends; else a refusal that says what to do. */
int site_may_append(const struct site *p, struct cseal_error *err);

#endif
