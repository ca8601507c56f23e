/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger in the making, and what is told of it. */

#ifndef CLI_INIT_H
#define CLI_INIT_H

#include "cli.h"

struct founding {
	struct cli *c;
	struct cseal_offer *offers; /* owned, n_offers */
	struct cseal_roles *roles;
	size_t n_offers;
	struct cseal_draft *draft;
	struct cseal_credential first; /* of the first offer */
	struct cli_key key;
	struct cseal_assertion seal;
	struct cseal_policy_source *rules; /* owned; NULL: the fixed ones */
	json_t *warnings;		   /* owned; what was warned of */
	bool continues;			   /* another ledger: */
	struct cseal_predecessor predecessor;
};

/* ---- init_rules.c ---- */

/*
 * Reads the rules of --policy, and judges whether these persons could live
 * with them: CSEAL_ERR_REFUSED if not.
 */
int init_rules(struct founding *f);

/* ---- init_continues.c ---- */

/* Verifies the ledger of --continues, as this desk remembers it. */
int init_continues(struct founding *f);

/* ---- init_tell.c ---- */

/* Warns, before the touch, of persons who would have one key alone. */
int init_warn(struct founding *f);
/* Tells of the ledger that was made, and writes its sheet; exit status. */
int init_tell(struct founding *f);

#endif
