/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of a desk's memory, whose last bytes, a hash of the others, are put
 * right. What is read is written to the same bytes, and the fold can go on
 * from there, whoever wrote it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "digest.h"
#include "fuzz_bytes.h"
#include "fuzz_ledger.h"
#include "memory_file.h"
#include "replay.h"

#define NEXT_MAX 8

/* The ledger that is remembered, and entries that could come next. */
static struct {
	struct maker *m;
	struct cseal_buf next[NEXT_MAX];
	size_t n;
} ledger;

static void
add_next(struct maker_draft *d)
{
	fuzz_must(ledger.n < NEXT_MAX, "too many entries");
	cseal_buf_init(&ledger.next[ledger.n], 0);
	maker_seal(d, &ledger.next[ledger.n++]);
	maker_draft_free(d);
}

static void
found(void)
{
	struct maker *m = fuzz_ledger_new();

	ledger.m = m;
	add_next(maker_request(m, OMAR, NULL));
	add_next(maker_approve(m, MINA, FUZZ_LEDGER_ASKED));
	add_next(maker_approve(m, PETR, FUZZ_LEDGER_AUTHORITY));
	add_next(maker_reject(m, MINA, FUZZ_LEDGER_ASKED));
	add_next(
	    maker_apply(m, LIN, FUZZ_LEDGER_APPROVED, CSEAL_APPLY_ENTERED));
	add_next(maker_key_revoke(m, LIN, OMAR));
	add_next(maker_lift(m, LIN, FUZZ_LEDGER_FREEZE));
	add_next(maker_person_leave(m, LIN, "omar"));
}

static void
put_hash_right(struct cseal_buf *b)
{
	struct cseal_slice before = { b->data, b->len };

	if (b->len < 2 + CSEAL_HASH_BYTES)
		return;
	before.len -= 2 + CSEAL_HASH_BYTES;
	fuzz_must(digest_sha256(b->data + b->len - CSEAL_HASH_BYTES, &before,
		      1) == CSEAL_OK,
	    "no hash");
}

static void
must_stay(const struct memory_file *f, struct cseal_slice bytes)
{
	const struct cseal_replay r = { .state = f->state,
		.findings = f->findings };
	struct cseal_buf b;

	cseal_buf_init(&b, MEMORY_FILE_MAX);
	fuzz_must(memory_file_encode(&b, &r, true) == CSEAL_OK,
	    "a memory that is read cannot be written");
	fuzz_must_be(&b, bytes, "a memory is written to other bytes");
	cseal_buf_free(&b);
}

static void
go_on(struct cseal_state *s)
{
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;

	for (size_t i = 0; i < ledger.n; i++) {
		if (fold_entry_read(&e, cseal_state_size(s),
			cseal_buf_slice(&ledger.next[i])) == RULE_OK &&
		    fold_check(s, &e, &notes) == RULE_OK)
			(void)fold_accept(s, &e);
		fold_entry_free(&e);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	struct memory_file f;
	struct cseal_buf b;

	if (ledger.m == NULL)
		found();
	cseal_buf_init(&b, 0);
	(void)cseal_buf_add(&b, data, size);
	put_hash_right(&b);
	if (memory_file_decode(&f, cseal_buf_slice(&b),
		cseal_state_ledger_id(ledger.m->state), &why) != CSEAL_OK) {
		fuzz_must(why != NULL && f.state == NULL && f.findings.n == 0,
		    "a refusal without a reason, or with something read");
	} else if (f.state != NULL) {
		must_stay(&f, cseal_buf_slice(&b));
		go_on(f.state);
	}
	memory_file_free(&f);
	cseal_buf_free(&b);
	return 0;
}
