/* SPDX-License-Identifier: BSD-2-Clause */
/* An offer as its file says it, to be broken and read. */

#ifndef TESTS_UNIT_OFFER_FIXTURE_H
#define TESTS_UNIT_OFFER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/offer.h"

#include "maker.h"
#include "records.h"

struct fixture {
	struct maker_key key;
	struct record_offer_file file; /* borrows from the key */
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_error err;
};

/* An offer for a new ledger, as its file says it. */
static inline void
for_org(struct fixture *f, const struct maker_enrolment *how)
{
	maker_key_enrol(&f->key, how);
	f->file.version = 1;
	f->file.has_org = true;
	f->file.org = maker_slice(MAKER_ORG);
	f->file.has_ledger = false;
	f->file.rp_id = maker_slice(f->key.rp_id);
	f->file.key = f->key.record;
}

static inline void
for_ledger(struct fixture *f)
{
	const struct maker_enrolment how = { .ledger = f->ledger,
		.ledger_rp_id = true };

	for_org(f, &how);
	f->file.has_org = false;
	f->file.has_ledger = true;
	memcpy(f->file.ledger, f->ledger, sizeof(f->ledger));
}

static inline int
setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	memset(f.ledger, 7, sizeof(f.ledger));
	maker_key_init(&f.key, 1, 0, "lin");
	for_org(&f, NULL);
	*state = &f;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	maker_key_free(&f->key);
	return 0;
}

static inline int
parse_bytes(struct fixture *f, struct cseal_buf *bytes)
{
	struct cseal_offer o;
	int r = cseal_offer_parse(&o, bytes, &f->err);

	assert_int_equal(bytes->len == 0, r == CSEAL_OK);
	if (r == CSEAL_OK)
		cseal_offer_free(&o);
	else
		assert_true(f->err.what[0] != '\0');
	return r;
}

static inline int
parse(struct fixture *f)
{
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, 0);
	assert_int_equal(
	    schema_encode(&record_offer, &bytes, &f->file), CSEAL_OK);
	r = parse_bytes(f, &bytes);
	cseal_buf_free(&bytes);
	return r;
}

/* Refused, with a reason that says so. */
static inline void
refused(struct fixture *f, const char *reason)
{
	int r = parse(f);

	if (r != CSEAL_ERR_REFUSED || strstr(f->err.what, reason) == NULL)
		fail_msg("%d: %s, not: %s", r, f->err.what, reason);
}

#define OFFER(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

#endif
