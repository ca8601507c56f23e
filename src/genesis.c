/* SPDX-License-Identifier: BSD-2-Clause */

#include "genesis.h"

#include "counterseal/statement.h"

#include "digest.h"

int
genesis_id(struct cseal_slice entry, uint8_t out[CSEAL_HASH_BYTES])
{
	struct cseal_entry e;
	int r = cseal_entry_parse(&e, entry);

	return r == CSEAL_OK ? digest_sha256(out, &e.statement, 1) : r;
}

struct finding {
	bool *found;
	uint8_t *out;
};

static int
take(void *ctx, uint64_t index, struct cseal_slice entry)
{
	const struct finding *f = ctx;

	(void)index;
	*f->found = genesis_id(entry, f->out) == CSEAL_OK;
	return CSEAL_OK;
}

int
genesis_find(struct cseal_ledger *l, bool *found, uint8_t out[CSEAL_HASH_BYTES],
    struct cseal_error *err)
{
	struct finding f = { found, out };

	*found = false;
	return cseal_ledger_read(l, 0, 1, take, &f, err);
}
