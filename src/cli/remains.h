/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told before a key is revoked or a person leaves. */

#ifndef CLI_REMAINS_H
#define CLI_REMAINS_H

#include "cli.h"

/*
 * What lint finds of the persons and keys that would remain and does not find
 * of those that are there: a warning each, and "remains" in a->more.
 */
int cli_remains(
    struct cli *c, struct cli_act *a, const struct cseal_lint_change *change);
/*
 * Lists the keys of a person, the open changes and the console access, as far
 * as it can be told; and in a->more.
 */
int cli_leaving(struct cli *c, struct cli_act *a, const char *handle);

#endif
