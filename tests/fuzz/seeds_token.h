/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes to a key: messages and reports, in hexadecimal. */
#ifndef FUZZ_SEEDS_TOKEN_H
#define FUZZ_SEEDS_TOKEN_H

#include <stddef.h>

struct seed_token {
	const char *target, *name, *hex;
};

size_t seeds_token_count(void);
const struct seed_token *seeds_token_at(size_t i);

#endif
