/* SPDX-License-Identifier: BSD-2-Clause */
/* What is refused or noted of a change on the day it is asked for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define NOV_2026     1795824000u /* 2026-11-28T00:00:00Z */
#define LAST_OF_NOV  1796083199u /* 2026-11-30T23:59:59Z */
#define FIRST_OF_DEC 1796083200u

static void
begin(struct cseal_change *c, const char *kind, uint64_t op, const char *lines)
{
	struct cseal_error err = { .what = "" };

	assert_int_equal(
	    cseal_change_init(c, kind, op, "main", NULL, &err), CSEAL_OK);
	if (cseal_change_set_lines(
		c, (const uint8_t *)lines, strlen(lines), &err) != CSEAL_OK ||
	    cseal_change_close(c, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
}

#define CARD(expiry) \
	"brand: visa\nlast4: 4242\nholder: X\ncountry: DE\nexpiry: " expiry "\n"
#define APP(rest) "app: X\nscopes: X\naction: authorise\n" rest

static const struct {
	const char *kind;
	uint64_t op;
	const char *lines;
	uint64_t now;
	const char *what; /* NULL: it is not over */
} days[] = {
	{ "charge.card", 0, CARD("11/2026"), NOV_2026, NULL },
	{ "charge.card", 0, CARD("11/2026"), LAST_OF_NOV, NULL },
	{ "charge.card", 0, CARD("11/2026"), FIRST_OF_DEC,
	    "it is over: 11/2026 lies before 2026-12, by this machine's "
	    "clock; is the year right?" },
	{ "charge.card", 0, CARD("12/2025"), NOV_2026,
	    "it is over: 12/2025 lies before 2026-11, by this machine's "
	    "clock; is the year right?" },
	{ "charge.card", 0, CARD("01/2027"), NOV_2026, NULL },
	{ "charge.card", CSEAL_OP_BASELINE, CARD("12/2025"), NOV_2026, NULL },
	{ "access.app", 0, APP(""), NOV_2026, NULL },
	{ "access.app", 0, APP("expiry: 2026-11-28\n"), NOV_2026, NULL },
	{ "access.app", CSEAL_OP_ADD, APP("expiry: 2026-11-27\n"), NOV_2026,
	    "it is over: 2026-11-27 lies before 2026-11-28, by this machine's "
	    "clock; is the year right?" },
	{ "access.app", CSEAL_OP_REMOVE, "reason: left\n", NOV_2026, NULL },
	{ "contact.login_email", 0, "email: a@example.com\n", NOV_2026, NULL },
};

static void
what_is_over_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		struct cseal_error err = { .what = "" };
		struct cseal_change c;
		int r;

		begin(&c, days[i].kind, days[i].op, days[i].lines);
		r = cseal_change_on(&c, days[i].now, &err);
		if (days[i].what == NULL) {
			assert_int_equal(r, CSEAL_OK);
		} else {
			assert_int_equal(r, CSEAL_ERR_INPUT);
			assert_string_equal(err.where, "expiry");
			assert_string_equal(err.what, days[i].what);
		}
		cseal_change_free(&c);
	}
}

#define IBAN(iban, bic) "holder: X\niban: " iban "\nbic: " bic "\n"
#define GB		"GB29NWBK60161331926819"
#define JP(holder)                                                                   \
	"bank_code: 0001\nbranch_code: 001\ntype: toza\naccount: 1\nholder: " holder \
	"\n"
#define OUT(country, account, bic)                                        \
	"provider: p\nholder: X\ncountry: " country "\naccount: " account \
	"\nbic: " bic "\n"

static const struct {
	const char *kind;
	uint64_t op;
	const char *lines;
	const char *field; /* NULL: nothing is noted */
	const char *what;
} noted[] = {
	{ "payout.iban", 0, IBAN(GB, "NWBKGB2L"), NULL, NULL },
	{ "payout.iban", 0, IBAN(GB, "NWBKJESX"), NULL, NULL },
	{ "payout.iban", 0, IBAN(GB, "RBOSJESH"), "bic",
	    "the bank in the IBAN is NWBK, but that of the BIC is RBOS: in GB "
	    "both are the same as a rule" },
	{ "payout.iban", 0, IBAN("NL91ABNA0417164300", "ABNANL2A"), NULL,
	    NULL },
	{ "payout.iban", 0, IBAN("NL91ABNA0417164300", "INGBNL2A"), "bic",
	    "the bank in the IBAN is ABNA, but that of the BIC is INGB: in NL "
	    "both are the same as a rule" },
	{ "payout.iban", 0, IBAN("DE89370400440532013000", "COBADEFF"), NULL,
	    NULL },
	{ "payout.iban", 0, "holder: X\niban: " GB "\n", NULL, NULL },
	{ "payout.iban", CSEAL_OP_REMOVE, "reason: left\n", NULL, NULL },
	{ "payout.withdrawal", 0, OUT("NL", "NL91ABNA0417164300", "INGBNL2A"),
	    "bic",
	    "the bank in the IBAN is ABNA, but that of the BIC is INGB: in NL "
	    "both are the same as a rule" },
	{ "payout.withdrawal", 0, OUT("GB", GB, "NWBKGB2L"), NULL, NULL },
	{ "payout.withdrawal", 0, OUT("ZA", "GB12345678", "SBZAZAJJ"), NULL,
	    NULL },
	{ "payout.jp", 0, JP("WORLD FIRST JAPA"), NULL, NULL },
	{ "payout.jp", 0, JP("ｶ)ｴｸﾞｻﾝﾌﾟﾙﾄﾚ-ﾃﾞｲ"), NULL, NULL },
	{ "payout.jp", 0, JP("ｶ)ｴｸﾞｻﾝﾌﾟﾙﾄﾚ-ﾃﾞｲﾝｸﾞ"), "holder",
	    "19 characters: Amazon pays nothing to a holder of more than 16, "
	    "others take 30" },
	{ "charge.card", 0, CARD("05/2027"), NULL, NULL },
	{ "charge.card", 0, CARD("04/2027"), "expiry",
	    "the card expires soon: Amazon wants 6 months at least" },
	{ "charge.card", 0, CARD("11/2026"), "expiry",
	    "the card expires soon: Amazon wants 6 months at least" },
	{ "charge.card", CSEAL_OP_BASELINE, CARD("10/2026"), "expiry",
	    "the card has expired" },
};

static void
what_is_rare_is_noted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(noted); i++) {
		struct cseal_notes notes = { .n = 99 };
		struct cseal_change c;

		begin(&c, noted[i].kind, noted[i].op, noted[i].lines);
		cseal_change_notes(&c, NOV_2026, &notes);
		if (noted[i].field == NULL && notes.n > 0)
			fail_msg("%s: %s", noted[i].lines, notes.list[0].what);
		assert_int_equal(notes.n, noted[i].field != NULL);
		if (noted[i].field != NULL) {
			assert_string_equal(
			    notes.list[0].field, noted[i].field);
			assert_string_equal(notes.list[0].what, noted[i].what);
		}
		cseal_change_free(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_over_is_refused),
		cmocka_unit_test(what_is_rare_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
