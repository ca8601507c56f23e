/* SPDX-License-Identifier: BSD-2-Clause */
/* A change's values as a JSON object, docs/json.md. */

#ifndef CLI_CHANGE_JSON_H
#define CLI_CHANGE_JSON_H

#include "cli.h"

/* Does a brace stand first, behind blanks? */
bool change_is_json(const struct cseal_buf *b);

/*
 * Sets what the members say, strictly: one object of texts, each name once,
 * known to the kind. The sentence of a refusal repeats no value.
 */
int change_set_json(
    struct cli *c, struct cseal_change *ch, const struct cseal_buf *b);

#endif
