/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of what values may be, and of the places that come on top. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"

#define IBAN  "[change payout.iban]"
#define EMAIL "[change contact.login_email]"
#define DAY   86400

static const struct cseal_facts of_germany = {
	.country = "DE", .currency = "EUR", .bank_code = "BIC:COBADEFF"
};

static void
country_not_listed(struct maker_broken *b)
{
	b->d = maker_request(
	    maker_broken_under(b, IBAN, "countries", "FR XK"), LIN, NULL);
}

static void
currency_not_listed(struct maker_broken *b)
{
	b->d = maker_request(
	    maker_broken_under(b, IBAN, "currencies", "USD"), LIN, NULL);
}

static void
other_domain(struct maker_broken *b)
{
	const struct cseal_facts other = { .domain = 3 };

	b->d = maker_request_email(
	    maker_broken_under(b, EMAIL, "company domains", "example.com"),
	    LIN);
	maker_facts(b->d, &other);
}

static void
no_free_mail(struct maker_broken *b)
{
	const struct cseal_facts other = { .domain = 3 };

	b->d = maker_request_email(
	    maker_broken_under(b, EMAIL, "free mail", "gmail.com"), LIN);
	maker_facts(b->d, &other);
}

static void
used_elsewhere(struct maker_broken *b)
{
	struct cseal_facts used = of_germany;

	used.has_elsewhere = used.elsewhere = true;
	b->d = maker_request(
	    maker_broken_under(b, IBAN, "one per store", "yes"), LIN, NULL);
	maker_facts(b->d, &used);
}

/* Lin's account at a provider, under rules that declare one. */
static void
through(struct maker_broken *b, const char *provider, const char *member)
{
	struct cseal_facts facts = of_germany;
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&text), CSEAL_OK);
	cseal_buf_printf(&text,
	    "[provider payoneer]\nprogramme member = %s\n"
	    "schemes = payout.iban\nbanks = none\npayee = none\n",
	    member);
	b->m = maker_founded_under(1, cseal_buf_str(&text));
	cseal_buf_free(&text);
	memcpy(facts.provider, provider, strlen(provider));
	b->d = maker_request(b->m, LIN, NULL);
	maker_facts(b->d, &facts);
}

static void
provider_not_declared(struct maker_broken *b)
{
	through(b, "pingpong", "yes");
}

static void
provider_no_member(struct maker_broken *b)
{
	through(b, "payoneer", "no");
}

/* Rules that became narrower while the change was open. */
static void
country_forbidden_since(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct cseal_buf text;
	uint64_t n = maker_asked(m);

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, IBAN, "countries", "FR");
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	b->d = maker_approve(m, MINA, n);
}

static void
one_of_two_for_a_new_country(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, IBAN, "first seen", "1 more approver");
	uint64_t n = maker_approved(m);

	b->d = maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED);
}

static uint64_t
contact_entered(struct maker *m)
{
	uint64_t n = maker_do(m, maker_request_email(m, LIN));

	(void)maker_do(m, maker_approve(m, MINA, n));
	return maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
}

static void
one_of_two_after_a_contact(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, IBAN, "after contact change", "1 more approver for 7d");
	uint64_t n;

	(void)contact_entered(m);
	n = maker_approved(m);
	b->d = maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED);
}

/* It was approved; then the address changes, and it is not any more. */
static void
contact_between(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, IBAN, "after contact change", "1 more approver for 7d");
	uint64_t n = maker_approved(m);

	(void)contact_entered(m);
	b->d = maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED);
}

/* A week and a second later nobody else is needed. */
static void
contact_long_ago(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, IBAN, "after contact change", "1 more approver for 7d");
	struct maker_draft *d;
	uint64_t n;

	(void)contact_entered(m);
	m->clock += 7 * DAY + 1;
	d = maker_request(m, LIN, NULL);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	b->d = maker_approve(m, PETR, n);
}

#define ALL MAKER_REFUSED
const struct maker_break maker_breaks_facts[] = {
	{ RULE_REQUEST_COUNTRY, ALL, "not listed", country_not_listed },
	{ RULE_REQUEST_COUNTRY, ALL, "forbidden since",
	    country_forbidden_since },
	{ RULE_REQUEST_CURRENCY, ALL, "not listed", currency_not_listed },
	{ RULE_REQUEST_PROVIDER, ALL, "not declared", provider_not_declared },
	{ RULE_REQUEST_PROVIDER, ALL, "no member", provider_no_member },
	{ RULE_REQUEST_DOMAIN, ALL, "not the company's", other_domain },
	{ RULE_REQUEST_DOMAIN, ALL, "not listed free mail", no_free_mail },
	{ RULE_REQUEST_ELSEWHERE, ALL, "of another store", used_elsewhere },
	{ RULE_APPLY_NOT_APPROVED, ALL, "a country never seen",
	    one_of_two_for_a_new_country },
	{ RULE_APPLY_NOT_APPROVED, ALL, "after a contact",
	    one_of_two_after_a_contact },
	{ RULE_APPLY_NOT_APPROVED, ALL, "a contact between", contact_between },
	{ RULE_APPROVE_NEEDLESS, ALL, "a contact long ago", contact_long_ago },
	{ RULE_OK, ALL, NULL, NULL },
};
