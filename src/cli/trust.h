/* SPDX-License-Identifier: BSD-2-Clause */
/* By what keys are judged: roots and metadata. */

#ifndef CLI_TRUST_H
#define CLI_TRUST_H

#include "cli.h"

/* Options of each verb that judges. */
#define CLI_TRUST_OPTIONS                                   \
	{ "roots", 0, "FILE", false,                        \
		"makers' certificates, or their folder" },  \
	    { "metadata", 0, "FILE", false,                 \
		    "the FIDO Alliance's list of models" }, \
	{                                                   \
		"metadata-root", 0, "FILE", false,          \
		    "the certificate of its signer"         \
	}

extern const struct cli_option cli_key_add_options[];
extern const struct cli_option cli_key_list_options[];

struct cli_trust {
	struct cseal_roots *roots;
	struct cseal_roots *signers; /* of the metadata */
	struct cseal_metadata *metadata;
	struct cseal_trust trust; /* those, as of now */
};

/*
 * Reads what the options or config.ini name, if anything. With `now`,
 * metadata must be signed by whom its root vouches for today, and it is told
 * if it is old. Freed in every case.
 */
int cli_trust_read(struct cli *c, struct cli_trust *t, bool now);
void cli_trust_free(struct cli_trust *t);
/*
 * Gives an offer the verdict of this desk. What keeps it from a higher one is
 * warned of; CSEAL_ERR_REFUSED for a model that is reported as compromised.
 */
int cli_offer_judge(struct cli *c, const struct cli_trust *t, const char *path,
    struct cseal_offer *o);
/*
 * What this desk's own roots and metadata say of a key that is to be added,
 * if it has some: a verdict that was made too high is warned of;
 * CSEAL_ERR_REFUSED for a model that is reported as compromised.
 */
int cli_key_review(struct cli *c, const struct cseal_state_change *ch);

#endif
