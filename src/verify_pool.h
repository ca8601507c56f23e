/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures of many entries, checked on all cores. */

#ifndef SRC_VERIFY_POOL_H
#define SRC_VERIFY_POOL_H

#include "counterseal/seal.h"

struct verify_job {
	uint64_t index; /* of the entry */
	struct cseal_seal seal;
	const struct cseal_pubkey *key;
};

/*
 * The place of the first job whose seal does not verify; `n` if all do.
 * `threads` 0 means one a core; without threads to be had it works alone.
 */
size_t verify_pool(const struct verify_job *jobs, size_t n, unsigned threads);

#endif
