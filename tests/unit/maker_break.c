/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"

const struct maker_break *const maker_breaks[] = {
	maker_breaks_entry,
	maker_breaks_genesis,
	maker_breaks_key,
	maker_breaks_person,
	maker_breaks_request,
	maker_breaks_facts,
	maker_breaks_act,
	maker_breaks_evidence,
	maker_breaks_apply,
	maker_breaks_watch,
	NULL,
};

void
maker_broken_init(struct maker_broken *b, const struct maker_break *row)
{
	memset(b, 0, sizeof(*b));
	cseal_buf_init(&b->entry, 0);
	row->make(b);
	assert_non_null(b->m);
	if (b->d != NULL)
		maker_seal(b->d, &b->entry);
	assert_true(b->entry.len > 0);
}

void
maker_broken_free(struct maker_broken *b)
{
	maker_draft_free(b->d);
	cseal_buf_free(&b->entry);
	maker_free(b->m);
	maker_free(b->other);
}

struct maker *
maker_broken_base(struct maker_broken *b)
{
	b->m = maker_founded(1);
	return b->m;
}

struct maker *
maker_broken_under(struct maker_broken *b, const char *section, const char *key,
    const char *value)
{
	struct cseal_buf policy;

	cseal_buf_init(&policy, 0);
	maker_policy(&policy, NULL, section, key, value);
	b->m = maker_founded_under(1, cseal_buf_str(&policy));
	cseal_buf_free(&policy);
	return b->m;
}

uint64_t
maker_asked(struct maker *m)
{
	return maker_do(m, maker_request(m, LIN, NULL));
}

uint64_t
maker_approved(struct maker *m)
{
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_approve(m, MINA, n));
	return n;
}

uint64_t
maker_entered(struct maker *m)
{
	uint64_t n = maker_approved(m);

	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	return n;
}

uint64_t
maker_agreed(struct maker *m, struct maker_draft *d)
{
	uint64_t n = maker_do(m, d);

	(void)maker_do(m, maker_approve(m, PETR, n));
	return n;
}
