/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed rules, and others. */

#include "counterseal/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/statement.h"
#include "policy_fixture.h"

static const struct cseal_policy_change *
rules(const struct cseal_policy *p, const char *kind)
{
	return cseal_policy_change(p, cseal_kind_find(kind, strlen(kind)));
}

static void
test_default(void **state)
{
	const struct cseal_policy_change *c;
	const struct cseal_kind *k;
	struct cseal_policy *p;
	struct cseal_buf text;

	(void)state;
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&text), CSEAL_OK);
	p = parse(cseal_buf_str(&text), NULL);
	assert_non_null(p);
	assert_true(cseal_policy_uv(p));
	assert_false(cseal_policy_synced(p));
	assert_int_equal(cseal_policy_attestation(p), 0);
	assert_int_equal(cseal_policy_tolerance(p), 600);
	assert_true(cseal_policy_freezes_on_drift(p));
	assert_true(cseal_roles_has(cseal_policy_may_freeze(p), "admin"));
	assert_false(cseal_roles_has(cseal_policy_may_freeze(p), "operator"));
	assert_true(cseal_policy_has_slot(p, "any", "payout"));
	assert_true(cseal_policy_has_slot(p, "any", "payout/k3m9x2ab"));
	assert_false(cseal_policy_has_slot(p, "any", "payou"));
	assert_false(cseal_policy_has_slot(p, "any", "payouts"));
	assert_false(cseal_policy_has_slot(p, "any", ""));
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		c = cseal_policy_change(p, k);
		assert_non_null(c);
		assert_int_equal(c->places.n, 1);
		assert_int_equal(c->places.place[0].count, 1);
		assert_string_equal(c->places.place[0].role,
		    k->authority ? "admin" : "approver");
		assert_int_equal(c->request_lives, 72 * 3600);
		assert_int_equal(c->cooling_off, 0);
		assert_int_equal(c->may_apply.n, k->authority ? 0 : 1);
		assert_int_equal(c->reenter,
		    k->authority ? CSEAL_REENTER_NONE : CSEAL_REENTER_ACCOUNT);
	}
	cseal_policy_free(p);
	cseal_policy_free(NULL);
	cseal_buf_free(&text);
}

static bool
reenters(enum cseal_reenter how, const char *kind, const char *field)
{
	const struct cseal_policy_change c = { .reenter = how };
	const struct cseal_kind *k = cseal_kind_find(kind, strlen(kind));

	return cseal_policy_reenters(
	    &c, cseal_kind_field(k, field, strlen(field)));
}

static void
test_reenters(void **state)
{
	(void)state;
	assert_true(reenters(CSEAL_REENTER_ACCOUNT, "payout.iban", "iban"));
	assert_false(reenters(CSEAL_REENTER_ACCOUNT, "payout.iban", "holder"));
	assert_false(reenters(CSEAL_REENTER_ACCOUNT, "payout.iban", "bic"));
	assert_true(
	    reenters(CSEAL_REENTER_ACCOUNT, "contact.login_email", "email"));
	assert_true(reenters(CSEAL_REENTER_ALL, "payout.iban", "bank_name"));
	assert_false(reenters(CSEAL_REENTER_NONE, "payout.iban", "iban"));
}

/* What stood on the stack, so that what is copied from it shows. */
static void __attribute__((noinline)) soil_stack(void)
{
	volatile char dirt[8192];

	for (size_t i = 0; i < sizeof(dirt); i++)
		dirt[i] = 'x';
}

static void
assert_clean(const char *word)
{
	for (size_t i = strlen(word); i < CSEAL_ROLE_BYTES; i++)
		assert_int_equal(word[i], '\0');
}

/* Nothing stands behind a word: equal rules are equal bytes. */
static void
test_no_leftovers(void **state)
{
	const struct cseal_policy_change *c;
	struct cseal_policy *p;
	struct cseal_buf text;

	(void)state;
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&text), CSEAL_OK);
	soil_stack();
	p = parse(cseal_buf_str(&text), NULL);
	assert_non_null(p);
	c = rules(p, "payout.iban");
	for (size_t i = 0; i < CSEAL_PLACES_MAX; i++) {
		assert_clean(c->places.place[i].role);
		assert_clean(c->may_request.names[i]);
		assert_clean(c->may_apply.names[i]);
		assert_clean(c->may_observe.names[i]);
	}
	cseal_policy_free(p);
	cseal_buf_free(&text);
}

/* A value of every key, none as the fixed rules have it. */
static const char other_rules[] = "; a comment\n"
				  "[ledger]\n"
				  "time zone = America/Port-au-Prince\n"
				  "working days = mon sun\n"
				  "holidays = 2024-02-29 2026-12-25\n"
				  "user verification = optional\n"
				  "attestation = models\n"
				  "clock tolerance = 2d\n"
				  "synced credentials = allowed\n"
				  "\n"
				  "[freeze]\n"
				  "by = none\n"
				  "on drift = report\n"
				  "[store shop-de]\n"
				  "platform = ebay\n"
				  "marketplaces = DE A1PA6795UKMFR9\n"
				  "legal name = Example Trading GmbH\n"
				  "slots = payout\n"
				  "[store *]\n"
				  "platform = other\n"
				  "marketplaces = none\n"
				  "legal name = none\n"
				  "slots = payout contact.login_email\n"
				  "[provider ping]\n"
				  "programme member = yes\n"
				  "schemes = payout.us payout.iban\n"
				  "banks = BIC:CITIIE2X ABA:031100209\n"
				  "payee = A (B) | \xe4\xb8\x8a\xe6\xb5\xb7\n"
				  "[change key.add key.revoke]\n"
				  "approvals = 2 admin\n"
				  "request lives = 1h\n"
				  "may request = admin\n"
				  "[change payout.iban payout.us]\n"
				  "approvals = 2 approver and 1 finance\n"
				  "first seen = 1 more approver\n"
				  "after contact change = 2 more finance for "
				  "7d\n"
				  "request lives = 30m\n"
				  "cooling off = 12h\n"
				  "apply window = 3 working days\n"
				  "re-enter = all\n"
				  "on screen = 5s\n"
				  "evidence = document callback\n"
				  "may request = operator approver\n"
				  "may apply = none\n"
				  "may observe = monitor\n"
				  "confirmed by another = no\n"
				  "confirmed level = full\n"
				  "read back within = 2h\n"
				  "read back again after = 1 working day\n"
				  "countries = DE XK\n"
				  "currencies = EUR\n"
				  "company domains = example.com a-b.c1.org\n"
				  "free mail = gmail.com\n"
				  "blocked domains = none\n"
				  "one per store = yes\n";

static void
assert_more(const struct cseal_policy_change *c)
{
	assert_int_equal(c->first_seen.count, 1);
	assert_string_equal(c->first_seen.role, "approver");
	assert_int_equal(c->after_contact.count, 2);
	assert_int_equal(c->after_contact.within, 7 * 86400);
	assert_true(c->apply_window.working_days);
	assert_int_equal(c->apply_window.n, 3);
	assert_int_equal(c->on_screen, 5);
	assert_int_equal(
	    c->evidence, CSEAL_WANT_DOCUMENT | CSEAL_WANT_CALLBACK);
	assert_int_equal(c->confirmed_by_another, 0);
	assert_string_equal(
	    cseal_word_name(cseal_levels, c->confirmed_level), "full");
	assert_false(c->read_back_within.working_days);
	assert_int_equal(c->read_back_within.n, 7200);
	assert_int_equal(c->read_back_again.n, 1);
	assert_int_equal(c->countries.n, 2);
	assert_string_equal(c->countries.items[1], "XK");
	assert_true(cseal_names_has(&c->currencies, "EUR"));
	assert_true(cseal_names_has(&c->company_domains, "a-b.c1.org"));
	assert_false(cseal_names_has(&c->company_domains, "c1.org"));
	assert_int_equal(c->free_mail.n, 1);
	assert_int_equal(c->blocked_domains.n, 0);
	assert_int_equal(c->one_per_store, 1);
}

/* The sections around the changes. */
static void
assert_around(const struct cseal_policy *p)
{
	const struct cseal_calendar *days = cseal_policy_calendar(p);
	const struct cseal_provider *v = cseal_policy_provider(p, 0);
	const struct cseal_policy_store *s = cseal_policy_store(p, "shop-de");

	assert_string_equal(days->zone, "America/Port-au-Prince");
	assert_int_equal(days->weekdays, 1 | 1 << 6);
	assert_int_equal(days->n_holidays, 2);
	assert_int_equal(days->holidays[1], 20261225);
	assert_string_equal(s->platform, "ebay");
	assert_int_equal(s->marketplaces.n, 2);
	assert_string_equal(s->legal_name.items[0], "Example Trading GmbH");
	assert_ptr_equal(
	    cseal_policy_store(p, "other"), cseal_policy_store_at(p, 1));
	assert_null(cseal_policy_store_at(p, 2));
	assert_string_equal(v->name, "ping");
	assert_int_equal(v->member, 1);
	assert_int_equal(v->schemes, 3);
	assert_int_equal(v->banks.n, 2);
	assert_string_equal(v->payees.items[0], "A (B)");
	assert_int_equal(v->payees.n, 2);
	assert_null(cseal_policy_provider(p, 1));
}

static void
test_values(void **state)
{
	const struct cseal_policy_change *c;
	struct cseal_policy *p = parse(other_rules, NULL);

	(void)state;
	assert_non_null(p);
	assert_false(cseal_policy_uv(p));
	assert_true(cseal_policy_synced(p));
	assert_int_equal(cseal_policy_attestation(p), CSEAL_VERDICT_LISTED);
	assert_int_equal(cseal_policy_tolerance(p), 2 * 86400);
	assert_int_equal(cseal_policy_may_freeze(p)->n, 0);
	assert_false(cseal_policy_freezes_on_drift(p));
	/* A store of its own is not any store. */
	assert_false(
	    cseal_policy_has_slot(p, "shop-de", "contact.login_email"));
	assert_true(cseal_policy_has_slot(p, "shop-fr", "contact.login_email"));
	assert_null(rules(p, "contact.login_email"));
	assert_ptr_equal(rules(p, "payout.iban"), rules(p, "payout.us"));
	assert_int_equal(rules(p, "key.revoke")->places.place[0].count, 2);
	c = rules(p, "payout.iban");
	assert_int_equal(c->places.n, 2);
	assert_int_equal(c->places.place[0].count, 2);
	assert_string_equal(c->places.place[1].role, "finance");
	assert_int_equal(c->request_lives, 1800);
	assert_int_equal(c->cooling_off, 43200);
	assert_int_equal(c->reenter, CSEAL_REENTER_ALL);
	assert_int_equal(c->may_request.n, 2);
	assert_int_equal(c->may_apply.n, 0);
	assert_true(cseal_roles_has(&c->may_observe, "monitor"));
	assert_more(c);
	assert_around(p);
	cseal_policy_free(p);
}

static void
test_many_stores(void **state)
{
	struct cseal_error err;
	struct cseal_buf text;
	struct cseal_policy *p;

	(void)state;
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&text), CSEAL_OK);
	for (int i = 0; i < 900; i++)
		cseal_buf_printf(&text, "%s s%d%s",
		    i % 100 == 0 ? "[store" : "", i,
		    i % 100 == 99 ? "]\nplatform = ebay\nmarketplaces = DE\n"
				    "legal name = none\nslots = payout\n"
				  : "");
	p = parse(cseal_buf_str(&text), &err);
	assert_non_null(p);
	assert_string_equal(cseal_policy_store(p, "s899")->name, "s899");
	assert_string_equal(cseal_policy_store(p, "s899")->platform, "ebay");
	assert_true(cseal_policy_has_slot(p, "s899", "payout"));
	assert_false(cseal_policy_has_slot(p, "s899", "contact.login_email"));
	cseal_policy_free(p);
	cseal_buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_no_leftovers),
		cmocka_unit_test(test_reenters),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_many_stores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
