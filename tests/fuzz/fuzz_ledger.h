/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger that fuzz_fold judges by, and that its seeds are made for. */

#ifndef TESTS_FUZZ_FUZZ_LEDGER_H
#define TESTS_FUZZ_FUZZ_LEDGER_H

#include "maker.h"

/*
 * Persons, keys, open and ended changes, freezes; further acts can be drafted
 * for its head. The indices of the changes that are open in it:
 */
#define FUZZ_LEDGER_ASKED     4	 /* payout.iban */
#define FUZZ_LEDGER_APPROVED  5	 /* contact.login_email */
#define FUZZ_LEDGER_AUTHORITY 7	 /* key.add of the last of the maker's keys */
#define FUZZ_LEDGER_FREEZE    10 /* of the other store */

static inline struct maker *
fuzz_ledger_new(void)
{
	struct maker *m = maker_founded(1);
	size_t key = maker_key_new(m, "lin");
	uint64_t n;

	n = maker_do(m, maker_request(m, LIN, NULL));
	assert_int_equal(n, FUZZ_LEDGER_ASKED);
	n = maker_do(m, maker_request_email(m, OMAR));
	assert_int_equal(n, FUZZ_LEDGER_APPROVED);
	(void)maker_do(m, maker_approve(m, MINA, n));
	n = maker_do(m, maker_key_add(m, LIN, key));
	assert_int_equal(n, FUZZ_LEDGER_AUTHORITY);
	n = maker_do(m, maker_request(m, OMAR, NULL));
	(void)maker_do(m, maker_reject(m, PETR, n));
	n = maker_do(m, maker_freeze_store(m, PETR, "shop-at"));
	assert_int_equal(n, FUZZ_LEDGER_FREEZE);
	return m;
}

#endif
