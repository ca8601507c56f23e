/* SPDX-License-Identifier: BSD-2-Clause */
/* What a policy says of values, before anything was approved. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_screen.h"
#include "maker_story.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define SERVICE "[change contact.customer_service]"

static void
begin_with(struct maker_desk *f, const char *policy)
{
	maker_free(f->m);
	f->m = maker_founded_under(1, policy);
	maker_desk_begin(f);
}

/* Before anything was approved: what the policy names. */
static void
test_looks_like_policy(void **state)
{
	static const struct {
		const char *kind, *values, *warning;
	} rows[] = {
		{ "payout.iban",
		    "holder=C0llect Pay Ltd|iban=DE89370400440532013000",
		    "Account holder looks like 'Collect Pay Ltd', which stands "
		    "in the\n    policy, but is not the same: character 2 is 0, "
		    "not o." },
		{ "payout.iban",
		    "holder=Example lnc|iban=DE89370400440532013000",
		    "Account holder looks like 'Example Inc'" },
		{ "payout.iban",
		    "holder=Collect Pay Ltd|iban=DE89370400440532013000",
		    NULL },
		{ "contact.login_email", "email=pay@exarnple.com",
		    "the domain of E-mail address looks like 'example.com', "
		    "which stands\n    in the policy" },
		{ "contact.login_email", "email=pay@gmall.com",
		    "the domain of E-mail address looks like 'gmail.com'" },
		{ "contact.login_email", "email=pay@example.com", NULL },
	};
	struct maker_desk *f = *state;
	struct cseal_buf a, b, c, panel;

	cseal_buf_init(&a, 0);
	cseal_buf_init(&b, 0);
	cseal_buf_init(&c, 0);
	cseal_buf_init(&panel, 0);
	maker_policy(&a, NULL, "[store *]", "legal name", "Example Inc");
	maker_policy(&b, cseal_buf_str(&a), "[store *]", "platform", "amazon");
	/* Of another kind: of this one no other domain could be asked for. */
	cseal_buf_reset(&a);
	maker_policy(
	    &a, cseal_buf_str(&b), SERVICE, "company domains", "example.com");
	maker_policy(&c, cseal_buf_str(&a), SERVICE, "free mail", "gmail.com");
	cseal_buf_add_str(&c,
	    "[provider collect]\nprogramme member = yes\n"
	    "schemes = payout.iban\nbanks = none\npayee = Collect Pay Ltd\n");
	begin_with(f, cseal_buf_str(&c));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct maker_asked asked = { rows[i].kind, 0, "main-de",
			NULL, rows[i].values };

		(void)maker_story_ask(f, LIN, &asked, &panel);
		screen_says(&panel, "store main-de (amazon)   replace\n");
		screen_warns(&panel, rows[i].warning);
	}
	cseal_buf_free(&panel);
	cseal_buf_free(&c);
	cseal_buf_free(&b);
	cseal_buf_free(&a);
}

/* A desk at a new ledger with one rule of its own. */
static void
begin_under(struct maker_desk *f, const char *section, const char *key,
    const char *value)
{
	struct cseal_buf policy;

	cseal_buf_init(&policy, 0);
	maker_policy(&policy, NULL, section, key, value);
	begin_with(f, cseal_buf_str(&policy));
	cseal_buf_free(&policy);
}

static void
test_domain_class(void **state)
{
	struct maker_desk *f = *state;
	struct maker_asked asked = { "contact.login_email", 0, "main-de", NULL,
		"email=pay@EXAMPLE.com" };
	struct cseal_draft *p;
	uint64_t n;
	int r;

	begin_under(f, "[change contact.login_email]", "company domains",
	    "example.com");
	n = maker_story_ask(f, LIN, &asked, NULL);
	assert_int_equal(
	    cseal_state_change_find(cseal_desk_state(f->d), n)->facts.domain,
	    1);
	(void)maker_story_agree(f, MINA, n, NULL);
	/* Class 3: the fold's rule refuses it before a touch. */
	asked.values = "email=pay@example.org";
	p = maker_story_draft(f, LIN, &asked, &r);
	assert_null(p);
	assert_int_equal(r, CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "request-domain"));
}

/* Of several addresses the least known one counts. */
static void
test_domain_of_several(void **state)
{
	static const struct {
		const char *values;
		uint8_t domain;
	} rows[] = {
		{ "email=a@example.com|reply_to=b@example.com", 1 },
		{ "email=a@example.com|reply_to=b@example.org", 2 },
		{ "email=a@example.org|reply_to=b@example.com", 2 },
		{ "email=a@example.com", 1 },
	};
	struct maker_desk *f = *state;
	struct cseal_buf one, both;

	cseal_buf_init(&one, 0);
	cseal_buf_init(&both, 0);
	maker_policy(&one, NULL, SERVICE, "company domains", "example.com");
	maker_policy(
	    &both, cseal_buf_str(&one), SERVICE, "free mail", "example.org");
	begin_with(f, cseal_buf_str(&both));
	cseal_buf_free(&both);
	cseal_buf_free(&one);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct maker_asked asked = { "contact.customer_service",
			0, "main-de", NULL, rows[i].values };
		uint64_t n = maker_story_ask(f, LIN, &asked, NULL);

		assert_int_equal(
		    cseal_state_change_find(cseal_desk_state(f->d), n)
			->facts.domain,
		    rows[i].domain);
	}
}

/* Refused by the machine of who asks, and of who approves. */
static void
test_blocked(void **state)
{
	struct maker_desk *f = *state;
	const struct maker_asked asked = { "contact.login_email", 0, "main-de",
		NULL, "email=pay@example.com" };
	struct cseal_draft *p;
	uint64_t n;
	int r;

	begin_under(f, "[change contact.login_email]", "blocked domains",
	    "example.org example.com");
	p = maker_story_draft(f, LIN, &asked, &r);
	assert_null(p);
	assert_int_equal(r, CSEAL_ERR_REFUSED);
	assert_string_equal(f->err.where, "email");
	assert_non_null(strstr(f->err.what, "blocks the domain example.com"));
	/* A requester's machine that does not care. */
	cseal_desk_close(f->d);
	f->d = NULL;
	n = maker_do(f->m, maker_request_email(f->m, LIN));
	maker_desk_begin(f);
	p = maker_story_approval(f, MINA, n, &r);
	assert_null(p);
	assert_int_equal(r, CSEAL_ERR_REFUSED);
	assert_string_equal(f->err.where, "email");
}

int
main(void)
{
#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, maker_desk_setup, maker_desk_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_looks_like_policy),
		TEST(test_domain_class),
		TEST(test_domain_of_several),
		TEST(test_blocked),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
