/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "observation_fixture.h"

/* ---- masks ---- */

static void
masks_are_taken_away(void **state)
{
	static const struct {
		const char *given, *tail;
	} masks[] = {
		{ "tail=3417", "3417" },
		{ "tail=****3417", "3417" },
		{ "tail=....3417", "3417" },
		{ "tail=xxxx3417", "3417" },
		{ "tail=XX 34-17", "3417" },
		{ "tail=DE89 **** 3417", "3417" },
		{ "tail=DE89 .... 34 17", "3417" },
		{ "tail=\xe2\x80\xa2\xe2\x80\xa2 3417", "3417" },
		{ "tail=\xe2\x80\xa6"
		  "3417",
		    "3417" },
		{ "tail=#3417", "3417" },
		{ "tail=x17", "X17" },
		{ "tail=001s", "001S" },
		{ "tail=1X X-234", "234" },
		{ "tail=1X2X34", "1X2X34" },
	};
	struct cseal_observation o;

	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++) {
		begin(&o, "payout.iban", NULL);
		assert_int_equal(give(&o, masks[i].given, NULL), CSEAL_OK);
		assert_string_equal(
		    (const char *)o.shown[0].text.data, masks[i].tail);
		assert_string_equal(o.shown[0].name, "iban_tail");
		cseal_observation_free(&o);
	}
}

static void
shown_to_people_it_is_masked(void **state)
{
	static const struct {
		const char *given, *text;
	} texts[] = {
		{ "iban_tail=3000", "....3000" },
		{ "iban=DE89370400440532013000", "DE89 .... 3000" },
		{ "holder=Example Trading GmbH", "Example Trading GmbH" },
		{ "country=DE", "DE" },
		{ "default=yes", "yes" },
	};
	struct cseal_observation o;
	struct cseal_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		begin(&o, "payout.iban", NULL);
		cseal_buf_init(&b, 0);
		assert_int_equal(give(&o, texts[i].given, NULL), CSEAL_OK);
		assert_int_equal(
		    cseal_observed_mask(&o.shown[0], &b), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&b), texts[i].text);
		cseal_buf_free(&b);
		cseal_observation_free(&o);
	}
}

/* ---- refusals ---- */

static void
refused(const struct cseal_error *err, const char *where, const char *what)
{
	assert_int_equal(err->code, CSEAL_ERR_INPUT);
	assert_string_equal(err->where, where);
	if (strstr(err->what, what) == NULL)
		fail_msg("'%s' does not say '%s'", err->what, what);
}

static const struct {
	const char *kind;
	const char *given, *where, *what;
} wrongs[] = {
	{ "payout.iban", "tail=17", "iban_tail", "give the last 3 or more" },
	{ "payout.iban", "tail=7", "iban_tail", "1 character:" },
	{ "payout.iban", "tail=****", "iban_tail", "behind the mask" },
	{ "payout.iban", "tail=xx12", "iban_tail", "give the last 3 or more" },
	{ "payout.iban", "tail=", "iban_tail", "behind the mask" },
	{ "payout.iban", "tail=34_17", "iban_tail", "character 3 is '_'" },
	{ "payout.iban",
	    "tail=34\xc2\xa0"
	    "17",
	    "iban_tail", "no-break space" },
	{ "payout.iban", "tail=\x1b[2K3417", "iban_tail", "U+001B" },
	{ "payout.iban", "tail=34\xff", "iban_tail", "not UTF-8" },
	{ "payout.iban", "tail=00000000000000000000000000000003417",
	    "iban_tail", "at most 34" },
	{ "payout.iban", "iban=DE89370400440532013001", "iban", "check" },
	{ "payout.iban", "holder=", "holder", "nothing was entered" },
	{ "payout.iban", "country=Germany", "country", "" },
	{ "payout.iban", "default=maybe", "default", "yes, no" },
	{ "payout.iban", "ibam_tail=3417", "payout.iban",
	    "did you mean iban_tail?" },
	{ "payout.iban", "bic_tail=DEF", "bic", "give it whole, as bic" },
	{ "payout.iban", "_tail=3417", "payout.iban", "nothing is called" },
	{ "payout.iban", "rea\x1bson=x", "payout.iban", "'rea\\u{001B}son'" },
	{ "contact.login_email", "tail=com", "tail", "no number" },
	{ "contact.login_email", "email_tail=com", "email", "give it whole" },
	{ "payout.iban", "holder=M\xc3\xbcller", "holder",
	    "a letter that is not plain" },
};

static void
what_cannot_be_is_refused(void **state)
{
	struct cseal_observation o;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		memset(&err, 0, sizeof(err));
		begin(&o, wrongs[i].kind, NULL);
		if (give(&o, wrongs[i].given, &err) != CSEAL_ERR_INPUT)
			fail_msg("%s was taken", wrongs[i].given);
		refused(&err, wrongs[i].where, wrongs[i].what);
		assert_int_equal(o.n_shown, 0);
		cseal_observation_free(&o);
	}
}

static void
a_value_is_given_once(void **state)
{
	struct cseal_observation o;
	struct cseal_error err;

	(void)state;
	begin(&o, "payout.iban", NULL);
	assert_int_equal(give(&o, "tail=3000", NULL), CSEAL_OK);
	assert_int_equal(give(&o, "iban_tail=3000", &err), CSEAL_ERR_INPUT);
	refused(&err, "iban_tail", "twice");
	assert_int_equal(
	    give(&o, "iban=DE89370400440532013000", &err), CSEAL_ERR_INPUT);
	refused(&err, "iban", "iban_tail was given too");
	assert_int_equal(give(&o, "country=DE", NULL), CSEAL_OK);
	assert_int_equal(give(&o, "country=DE", &err), CSEAL_ERR_INPUT);
	refused(&err, "country", "twice");
	assert_int_equal(o.n_shown, 2);
	cseal_observation_free(&o);
}

static void
places_are_those_of_the_kinds(void **state)
{
	static const struct {
		const char *kind, *store, *slot, *where;
	} places[] = {
		{ "payout.ibam", "main-de", NULL, "kind" },
		{ "payout.iban", "Main DE", NULL, "store" },
		{ "payout.iban", NULL, NULL, "store" },
		{ "payout.iban", "main-de", "contact.login_email", "slot" },
		{ "payout.iban", "main-de", "payout/x", "slot" },
		{ NULL, "main-de", "payuot", "slot" },
		{ NULL, "main-de", "", "slot" },
		{ NULL, "main-de", "policy", "slot" },
		{ "policy.set", NULL, NULL, "kind" },
	};
	struct cseal_observation o;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(cseal_observation_init(&o, places[i].kind,
				     places[i].store, places[i].slot, &err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, places[i].where);
	}
}

static void
secrets_stay_out_of_arguments(void **state)
{
	struct cseal_observation o;
	struct cseal_error err;

	(void)state;
	begin(&o, "payout.iban", NULL);
	assert_int_equal(
	    cseal_observation_set_word(&o, "iban=DE89370400440532013000", &err),
	    CSEAL_ERR_INPUT);
	refused(&err, "iban", "list of processes");
	assert_int_equal(
	    cseal_observation_set_word(&o, "iban_tail=13000", &err),
	    CSEAL_ERR_INPUT);
	refused(&err, "iban_tail", "more than the last four");
	assert_int_equal(o.n_shown, 0);
	assert_int_equal(
	    cseal_observation_set_word(&o, "3000", &err), CSEAL_ERR_INPUT);
	refused(&err, "payout", "FIELD=VALUE");
	assert_int_equal(
	    cseal_observation_set_word(&o, "=3000", &err), CSEAL_ERR_INPUT);
	assert_int_equal(
	    cseal_observation_set_word(&o, "tail=....3000", &err), CSEAL_OK);
	assert_int_equal(
	    cseal_observation_set_word(&o, "country=DE", &err), CSEAL_OK);
	assert_int_equal(o.n_shown, 2);
	cseal_observation_free(&o);
}

/* An attacker names his account as he likes; that is no reason to stop. */
static void
a_script_reads_any_name(void **state)
{
	static given iban = IBAN;
	struct cseal_observation o;
	struct cseal_comparison k;
	struct cseal_change c;
	struct cseal_error err;

	(void)state;
	approve(&c, "payout.iban", iban);
	begin(&o, "payout.iban", NULL);
	o.by_script = true;
	assert_int_equal(give(&o, "tail=3000", NULL), CSEAL_OK);
	assert_int_equal(give(&o, "holder=\x1b[2K", &err), CSEAL_ERR_INPUT);
	refused(&err, "holder", "U+001B");
	assert_int_equal(
	    give(&o, "holder=4111 1111 1111 1111", &err), CSEAL_ERR_INPUT);
	refused(&err, "holder", "payment card");
	assert_int_equal(give(&o, "holder=\xc2\x9b", &err), CSEAL_ERR_INPUT);
	assert_int_equal(give(&o, "holder=\xff", &err), CSEAL_ERR_INPUT);
	assert_int_equal(give(&o, "holder=M\xc3\xbcller", NULL), CSEAL_OK);
	assert_true(o.shown[1].foreign);
	compare(&o, &c, &k);
	assert_int_equal(k.same[1], CSEAL_DIFFERS);
	assert_false(k.matches);
	cseal_observation_free(&o);
	/* Pages break lines and pad; a number is still a number. */
	begin(&o, "payout.iban", NULL);
	o.by_script = true;
	assert_int_equal(
	    give(&o, "holder=  Example  Trading GmbH ", NULL), CSEAL_OK);
	assert_false(o.shown[0].foreign);
	assert_int_equal(
	    give(&o, "iban=DE8937040044053201300", &err), CSEAL_ERR_INPUT);
	compare(&o, &c, &k);
	assert_true(k.matches);
	cseal_observation_free(&o);
	cseal_change_free(&c);
}

static void
so_many_and_no_more(void **state)
{
	struct cseal_observation o;
	struct cseal_error err;
	char value[CSEAL_VALUE_MAX + 64];

	(void)state;
	begin(&o, "payout.iban", NULL);
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(cseal_observation_set(&o, "holder", 6,
			     (const uint8_t *)value, sizeof(value) - 1, &err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(cseal_observation_set(&o, "tail", 4,
			     (const uint8_t *)value, sizeof(value) - 1, &err),
	    CSEAL_ERR_INPUT);
	o.n_shown = CSEAL_OBSERVED_MAX;
	for (size_t i = 0; i < CSEAL_OBSERVED_MAX; i++)
		memcpy(o.shown[i].name, "x", 2);
	assert_int_equal(give(&o, "tail=3000", &err), CSEAL_ERR_INPUT);
	refused(&err, "iban_tail", "more than 16");
	o.n_shown = 0;
	cseal_observation_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_are_taken_away),
		cmocka_unit_test(shown_to_people_it_is_masked),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(a_value_is_given_once),
		cmocka_unit_test(places_are_those_of_the_kinds),
		cmocka_unit_test(secrets_stay_out_of_arguments),
		cmocka_unit_test(a_script_reads_any_name),
		cmocka_unit_test(so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
