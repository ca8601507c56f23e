/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "observation_fixture.h"

/* ---- what is the same, and how much of it is seen ---- */

#define US                                                         \
	{                                                          \
		"holder=Example Trading LLC", "routing=021000021", \
		    "account=0012345678", NULL                     \
	}
#define UK                                                                  \
	{                                                                   \
		"holder=Example Trading Ltd", "sort_code=601613",           \
		    "account=31926819", "iban=GB29NWBK60161331926819", NULL \
	}

static const struct {
	const char *kind;
	given approved;
	given shown;
	const char *differs; /* first name that does; NULL: it matches */
	uint64_t level;
} rows[] = {
	/* the end of the number alone */
	{ "payout.iban", IBAN, { "iban_tail=3000" }, NULL, 1 },
	{ "payout.iban", IBAN, { "tail=000" }, NULL, 1 },
	{ "payout.iban", IBAN, { "tail=3001" }, "iban_tail", 0 },
	{ "payout.iban", IBAN, { "tail=DE89 3704 0044 0532 0130 00" }, NULL,
	    1 },
	{ "payout.iban", IBAN, { "tail=1DE89370400440532013000" }, "iban_tail",
	    0 },
	{ "payout.us", US, { "tail=5678" }, NULL, 1 },
	{ "payout.us", US, { "account_tail=678", "routing=021000021" }, NULL,
	    1 },
	{ "payout.us", US, { "tail=5678", "routing=111000025" }, "routing", 0 },
	/* an IBAN beside the account is compared, and is not enough */
	{ "payout.uk", UK, { "iban_tail=6819" }, NULL, 0 },
	{ "payout.uk", UK, { "iban_tail=6818", "tail=6819" }, "iban_tail", 0 },
	{ "payout.uk", UK, { "tail=6819" }, NULL, 1 },
	/* with name and country */
	{ "payout.iban", IBAN,
	    { "tail=3000", "holder=Example Trading GmbH", "country=DE" }, NULL,
	    2 },
	{ "payout.iban", IBAN,
	    { "tail=3000", "holder=EXAMPLE TRADING, GMBH.", "country=DE" },
	    NULL, 2 },
	{ "payout.iban", IBAN, { "tail=3000", "country=DE" }, NULL, 1 },
	{ "payout.iban", IBAN, { "tail=3000", "holder=Example Trading GmbH" },
	    NULL, 1 },
	{ "payout.iban", IBAN, { "tail=3000", "country=FR" }, "country", 0 },
	{ "payout.iban", IBAN, { "tail=3000", "holder=Example Trade GmbH" },
	    "holder", 0 },
	{ "payout.us", US,
	    { "tail=5678", "holder=Example Trading LLC", "country=US" }, NULL,
	    2 },
	/* a country that is a field of its own */
	{ "payout.swift",
	    { "holder=Example", "country=ZA", "bic=SBZAZAJJ",
		"account=000123456", NULL },
	    { "tail=3456", "holder=Example", "country=ZA" }, NULL, 2 },
	{ "payout.swift",
	    { "holder=Example", "country=ZA", "bic=SBZAZAJJ",
		"account=000123456", NULL },
	    { "tail=3456", "holder=Example", "country=NZ" }, "country", 0 },
	/* name and country without the number */
	{ "payout.iban", IBAN, { "holder=Example Trading GmbH" }, NULL, 0 },
	{ "payout.iban", IBAN,
	    { "holder=Example Trading GmbH", "country=DE", "currency=EUR" },
	    NULL, 0 },
	/* whole */
	{ "payout.iban", IBAN, { "iban=DE89 3704 0044 0532 0130 00" }, NULL,
	    3 },
	{ "payout.iban", IBAN, { "iban=DE02120300000000202051" }, "iban", 0 },
	{ "payout.us", US, { "account=0012345678" }, NULL, 1 },
	{ "payout.us", US, { "account=0012345678", "routing=021000021" }, NULL,
	    3 },
	{ "payout.uk", UK, { "account=31926819", "sort_code=60-16-13" }, NULL,
	    3 },
	{ "contact.login_email", { "email=a@example.com", NULL },
	    { "email=a@EXAMPLE.com" }, NULL, 3 },
	{ "contact.login_email", { "email=a@example.com", NULL },
	    { "email=b@example.com" }, "email", 0 },
	/* two that say where mail goes: both are needed */
	{ "contact.emergency",
	    { "email=a@example.com", "phone=+493012345678", NULL },
	    { "phone_tail=5678" }, NULL, 0 },
	{ "contact.emergency",
	    { "email=a@example.com", "phone=+493012345678", NULL },
	    { "phone_tail=5678", "email=a@example.com" }, NULL, 1 },
	{ "contact.emergency",
	    { "email=a@example.com", "phone=+493012345678", NULL },
	    { "phone=+49 30 12345678", "email=a@example.com" }, NULL, 3 },
	/* where money goes, and nobody approved it */
	{ "contact.customer_service", { "email=a@example.com", NULL },
	    { "email=a@example.com", "reply_to=b@example.com" }, "reply_to",
	    0 },
	{ "payout.iban",
	    { "holder=Example Trading GmbH", "iban=DE89370400440532013000",
		NULL },
	    { "tail=3000", "bank_name=Commerzbank" }, NULL, 1 },
	/* no number at all: everything */
	{ "payout.schedule", { "cadence=weekly", NULL }, { "cadence=weekly" },
	    NULL, 3 },
	{ "payout.schedule", { "cadence=weekly", NULL }, { "cadence=daily" },
	    "cadence", 0 },
	/* of a card only its end was ever approved */
	{ "charge.card",
	    { "brand=visa", "last4=4242", "expiry=12/2031", "holder=A B",
		"country=DE", NULL },
	    { "tail=242" }, NULL, 1 },
	{ "charge.card",
	    { "brand=visa", "last4=4242", "expiry=12/2031", "holder=A B",
		"country=DE", NULL },
	    { "last4=4242", "holder=A B", "country=DE" }, NULL, 2 },
	{ "charge.card",
	    { "brand=visa", "last4=4242", "expiry=12/2031", "holder=A B",
		"country=DE", NULL },
	    { "last4=4242", "holder=A B", "country=DE", "brand=visa",
		"expiry=12/2031" },
	    NULL, 3 },
	/* a customer's id, an address as one */
	{ "payout.link",
	    { "processor=example-pay", "processor_account=AB12345", NULL },
	    { "tail=2345" }, NULL, 1 },
	{ "payout.link",
	    { "processor=example-pay", "processor_account=AB12345", NULL },
	    { "tail=2345", "holder=Anybody" }, NULL, 1 },
	/* the console pays elsewhere */
	{ "payout.iban", IBAN, { "tail=3000", "default=yes" }, NULL, 1 },
	{ "payout.iban", IBAN, { "tail=3000", "default=no" }, "default", 0 },
};

static void
check_row(size_t i, const struct cseal_observation *o,
    const struct cseal_comparison *k)
{
	size_t at = 0;

	if (k->matches != (rows[i].differs == NULL) ||
	    k->level != rows[i].level)
		fail_msg("row %zu (%s): matches %d, level %d", i,
		    rows[i].shown[0], k->matches, (int)k->level);
	while (at < o->n_shown && k->same[at] != CSEAL_DIFFERS)
		at++;
	if (rows[i].differs == NULL)
		assert_int_equal(at, o->n_shown);
	else if (at == o->n_shown ||
		 strcmp(o->shown[at].name, rows[i].differs) != 0)
		fail_msg("row %zu: %s does not differ", i, rows[i].differs);
}

static void
what_is_shown_is_compared(void **state)
{
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		approve(&c, rows[i].kind, rows[i].approved);
		begin(&o, rows[i].kind, NULL);
		for (size_t j = 0; rows[i].shown[j] != NULL; j++) {
			if (give(&o, rows[i].shown[j], &err) != CSEAL_OK)
				fail_msg("row %zu: %s", i, err.what);
		}
		compare(&o, &c, &k);
		check_row(i, &o, &k);
		/* The payout that was seen says more, if that is so much. */
		o.funds = true;
		compare(&o, &c, &k);
		assert_int_equal(k.level,
		    rows[i].level > 0 ? CSEAL_LEVEL_FUNDS : CSEAL_LEVEL_NONE);
		cseal_observation_free(&o);
		cseal_change_free(&c);
	}
}

static void
without_a_kind_the_general_names_do(void **state)
{
	static given iban = IBAN;
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;

	(void)state;
	approve(&c, "payout.iban", iban);
	begin(&o, NULL, NULL);
	assert_null(o.kind);
	assert_string_equal(o.slot, "payout");
	assert_int_equal(give(&o, "tail=....3000", NULL), CSEAL_OK);
	assert_int_equal(give(&o, "country=DE", NULL), CSEAL_OK);
	compare(&o, &c, &k);
	assert_int_equal(k.level, CSEAL_LEVEL_TAIL);
	assert_int_equal(
	    give(&o, "holder=Example Trading GmbH", NULL), CSEAL_OK);
	compare(&o, &c, &k);
	assert_int_equal(k.level, CSEAL_LEVEL_TAIL_NAME_COUNTRY);
	cseal_observation_free(&o);
	/* Of a slot with one kind it is that kind. */
	begin(&o, NULL, "contact.login_phone");
	assert_string_equal(o.kind->name, "contact.login_phone");
	cseal_observation_free(&o);
	cseal_observation_free(&o);
	cseal_observation_free(NULL);
	cseal_change_free(&c);
}

static void
another_kind_differs(void **state)
{
	static given iban = IBAN;
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;

	(void)state;
	approve(&c, "payout.iban", iban);
	begin(&o, "payout.us", NULL);
	assert_int_equal(give(&o, "tail=3000", NULL), CSEAL_OK);
	compare(&o, &c, &k);
	assert_true(k.other_kind);
	assert_false(k.matches);
	assert_int_equal(k.n_differ, 1);
	cseal_observation_free(&o);
	cseal_change_free(&c);
}

static void
nothing_is_something_too(void **state)
{
	static given iban = IBAN;
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;

	(void)state;
	approve(&c, "payout.iban", iban);
	begin(&o, "payout.iban", NULL);
	/* Nothing was looked at. */
	compare(&o, &c, &k);
	assert_false(k.matches);
	/* What was approved is gone; what was removed is gone. */
	o.empty = true;
	compare(&o, &c, &k);
	assert_false(k.matches);
	assert_int_equal(k.level, CSEAL_LEVEL_NONE);
	c.n_values = 0;
	compare(&o, &c, &k);
	assert_true(k.matches);
	assert_int_equal(k.level, CSEAL_LEVEL_FULL);
	/* What was removed is still there. */
	o.empty = false;
	assert_int_equal(give(&o, "tail=3000", NULL), CSEAL_OK);
	compare(&o, &c, &k);
	assert_false(k.matches);
	assert_int_equal(k.n_differ, 1);
	cseal_observation_free(&o);
	c.n_values = 4;
	cseal_change_free(&c);
}

static void
of_several_accounts_one_is_the_default(void **state)
{
	static given iban = IBAN;
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;

	(void)state;
	approve(&c, "payout.iban", iban);
	begin(&o, "payout.iban", "payout/k3m9x2ab");
	assert_int_equal(give(&o, "default=no", NULL), CSEAL_OK);
	assert_int_equal(give(&o, "tail=3000", NULL), CSEAL_OK);
	compare(&o, &c, &k);
	assert_true(k.matches);
	cseal_observation_free(&o);
	cseal_change_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_shown_is_compared),
		cmocka_unit_test(without_a_kind_the_general_names_do),
		cmocka_unit_test(another_kind_differs),
		cmocka_unit_test(nothing_is_something_too),
		cmocka_unit_test(of_several_accounts_one_is_the_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
