/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An entry at the end of a ledger with a life behind it: the check is pure,
 * whatever it is given.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fuzz_bytes.h"
#include "fuzz_ledger.h"
#include "model_ledger.h"

static struct {
	struct maker *m;
	uint8_t digest[CSEAL_HASH_BYTES];
} ledger;

static void
found(void)
{
	ledger.m = fuzz_ledger_new();
	model_state_digest(ledger.m->state, ledger.digest);
}

static void
try_draft(struct cseal_slice bytes)
{
	struct fold_entry e;

	if (fold_draft_read(&e, ledger.m->state, bytes) == RULE_OK)
		(void)fold_check(ledger.m->state, &e, NULL);
	fold_entry_free(&e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	uint8_t digest[CSEAL_HASH_BYTES];
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;

	if (ledger.m == NULL)
		found();
	if (fold_entry_read(&e, cseal_state_size(ledger.m->state), bytes) ==
	    RULE_OK) {
		(void)fold_check(ledger.m->state, &e, &notes);
		try_draft(e.entry.statement);
	}
	fold_entry_free(&e);
	try_draft(bytes);
	model_state_digest(ledger.m->state, digest);
	fuzz_must(memcmp(digest, ledger.digest, sizeof(digest)) == 0,
	    "the check altered the state");
	return 0;
}
