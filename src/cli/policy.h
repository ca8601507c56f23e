/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verbs of policy share: a file of rules, and what lint finds. */

#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "cli.h"

/* The verbs. */
int cli_policy_show(struct cli *c);
int cli_policy_lint(struct cli *c);
int cli_policy_diff(struct cli *c);
int cli_policy_set(struct cli *c);
extern const struct cli_option cli_policy_lint_options[];
extern const struct cli_option cli_policy_set_options[];

/* Reads the rules of a file ("-": standard input); errors name it. */
int policy_read(
    struct cli *c, const char *path, struct cseal_policy_source **out);

/* "SHA-256 of their text" as digits. */
int policy_hex(struct cseal_slice text, char out[2 * CSEAL_HASH_BYTES + 1]);

/* The line of a finding in its source; 0: nobody wrote it. */
unsigned policy_line(
    const struct cseal_policy_source *s, const struct cseal_lint_finding *f);

/*
 * Tells what was found, on the terminal or standard error; CSEAL_ERR_REFUSED
 * if there are errors among it. `s` may be NULL: there are no lines to name.
 */
int policy_judge(struct cli *c, const struct cseal_lint *l, const char *where,
    const struct cseal_policy_source *s);

/*
 * Tells who is to approve a change what lint finds in what it would bring: of
 * other rules, of a revoked key, of a leaver; of other kinds nothing.
 */
int policy_review(struct cli *c, struct cli_act *a);

#endif
