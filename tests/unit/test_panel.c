/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person is shown before the touch. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"

#include "maker_break.h"
#include "maker_screen.h"
#include "maker_story.h"
#include "panel.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define FIRST  "holder=Example Trading GmbH|iban=DE89370400440532013000"
#define SECOND "holder=Example Trading GmbH|iban=DE02120300000000202051"

static const struct maker_asked first = { "payout.iban", 0, "main-de", NULL,
	FIRST "|bic=COBADEFFXXX" };
static const struct maker_asked second = { "payout.iban", 0, "main-de", NULL,
	SECOND "|bic=BYLADEM1001" };

#define HAN \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe8\xb4\xb8\xe6\x98\x93\xe6\x9c\x89\xe9\x99\x90\xe5\x85\xac\xe5\x8f\xb8"
#define HAN_2 \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe8\xb4\xb8\xe6\x98\x93\xe8\x82\xa1\xe4\xbb\xbd\xe5\x85\xac\xe5\x8f\xb8"
#define B8 \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c"
#define B3    "\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6"
#define B5    "\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c"
#define BANK  B8 B8 B8 B8 B8 B8
#define OTHER "\xe6\x80\xbb\xe8\xa1\x8c"

static void
test_old_and_new(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_buf panel;
	uint64_t n;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	n = maker_story_ask(f, LIN, &first, &panel);
	screen_says(&panel, "The first change of store main-de in this ledger");
	screen_says(&panel, "First seen in this ledger: country DE, bank "
			    "BIC:COBADEFF, this IBAN");
	screen_says(
	    &panel, "IBAN            new  DE89 3704 0044 0532 0130 00\n");
	(void)maker_story_agree(f, MINA, n, &panel);
	screen_says(&panel, "First seen in this ledger: country DE");
	(void)maker_story_enter(f, LIN, n, &panel);
	screen_says(&panel, "lin will state that it was entered so");
	screen_fits(&panel);

	n = maker_story_ask(f, LIN, &second, &panel);
	screen_says_not(&panel, "The first change");
	screen_says_not(&panel, "country");
	screen_says(&panel,
	    "First seen in this ledger: bank BIC:BYLADEM1, this "
	    "IBAN");
	screen_says(
	    &panel, "In the last 30 days 1 other change of this slot: #");
	screen_says(&panel, "    Account holder  same Example Trading GmbH\n");
	screen_says(&panel,
	    "    IBAN            old  DE89 3704 0044 0532 0130 00\n"
	    "                    new  DE02 1203 0000 0000 2020 51\n"
	    "                           ^^ ^^ ^   ^^  ^^^ ^^^  ^^\n"
	    "                         differs in 15 of 22 characters, from "
	    "character 3 on\n");
	screen_fits(&panel);
	(void)maker_story_agree(f, MINA, n, &panel);
	screen_says(
	    &panel, "                           ^^ ^^ ^   ^^  ^^^ ^^^  ^^\n");
	screen_fits(&panel);
	cseal_buf_free(&panel);
}

/*
 * Characters of two columns, and marks under each: of the fifth and sixth. 70
 * of them go on below, none of them is cut in two.
 */
static void
test_wide(void **state)
{
	struct maker_desk *f = *state;
	struct maker_asked asked = { "payout.cn", 0, "main-cn", NULL,
		"bank_name=" BANK "|account=00012345678901234567|holder=" HAN };
	struct cseal_buf panel;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	(void)maker_story_whole(f, &asked);
	asked.values = "bank_name=" BANK OTHER
		       "|account=00012345678901234567|holder=" HAN_2;
	(void)maker_story_ask(f, LIN, &asked, &panel);
	screen_fits(&panel);
	screen_says(&panel,
	    "    Account holder  old  " HAN "\n"
	    "                    new  " HAN_2 "\n"
	    "                                 ^^^^\n"
	    "                         differs in characters 5 and 6\n");
	/* 27 characters a line of 54 columns. */
	screen_says(&panel, "    Bank            old  " B8 B8 B8 B3 "\n"
			    "                         " B5 B8 B8 "\n"
			    "                    new  " B8 B8 B8 B3 "\n"
			    "                         " B5 B8 B8 OTHER "\n");
	screen_says(&panel, "characters 49 and 50 are new\n");
	/* No look-alike is told of what is not ASCII. */
	screen_says_not(&panel, "looks like");
	cseal_buf_free(&panel);
}

/* A slot that changed often says so; what is long ago does not count. */
static void
test_lately(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *p = NULL;
	struct cseal_buf panel;
	uint64_t n;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	n = maker_story_whole(f, &first);
	for (size_t i = 0; i < 4; i++) {
		n = maker_story_ask(f, LIN, &second, &panel);
		assert_int_equal(
		    cseal_draft_withdraw(&p, f->d, LIN, n, &f->err), CSEAL_OK);
		(void)maker_desk_do(f, p, LIN);
	}
	screen_says(
	    &panel, "In the last 30 days 4 other changes of this slot: #");
	screen_says(&panel, " withdrawn");
	screen_says(&panel, " ...");
	screen_fits(&panel);
	/* By the clocks of what was seen, not by that of the desk. */
	f->now += (uint64_t)40 * 86400;
	(void)maker_story_ask(f, LIN, &second, &panel);
	screen_says(&panel, "In the last 30 days 5 other changes");
	(void)maker_story_ask(f, LIN, &second, &panel);
	screen_says(&panel, "In the last 30 days 1 other change of this slot");
	cseal_buf_free(&panel);
}

/* ---- what it could be taken for ---- */

static const struct {
	const char *kind, *approved, *asked, *warning;
} looks[] = {
	{ "payout.iban", FIRST,
	    "holder=Examp1e Trading GmbH|iban=DE02120300000000202051",
	    "Account holder looks like 'Example Trading GmbH', which was\n"
	    "    approved before, but is not the same: character 6 is 1, not "
	    "l." },
	{ "payout.iban", FIRST,
	    "holder=EXAMPLE TRADING GMBH|iban=DE02120300000000202051",
	    "character 2 is X, not x." },
	{ "payout.iban", FIRST,
	    "holder=Example Trading Ltd|iban=DE02120300000000202051", NULL },
	{ "payout.iban", "holder=Modern Wave|iban=DE89370400440532013000",
	    "holder=Modem Wave|iban=DE02120300000000202051",
	    "Account holder looks like 'Modern Wave'" },
	{ "payout.iban", "holder=Modern Wave|iban=DE89370400440532013000",
	    "holder=Modern VVave|iban=DE02120300000000202051",
	    "Account holder looks like 'Modern Wave'" },
	{ "contact.login_email", "email=pay@example.com",
	    "email=pay@exarnple.com",
	    "E-mail address looks like 'pay@example.com'" },
	{ "contact.login_email", "email=pay@example.com",
	    "email=ceo@exxample.com",
	    "the domain of E-mail address looks like 'example.com'" },
	{ "contact.login_email", "email=pay@example.com",
	    "email=ceo@example.com", NULL },
	{ "contact.login_email", "email=pay@example.com",
	    "email=pay@exemplo.org", NULL },
	{ "payout.hk", "holder=A B|bank=004|account=123456789",
	    "holder=A 8|bank=004|account=123456788",
	    "Account holder looks like 'A B'" },
};

static void
test_looks_like(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_buf panel;
	char store[16];
	uint64_t n;

	cseal_buf_init(&panel, 0);
	for (size_t i = 0; i < COUNT(looks); i++) {
		struct maker_asked asked = { looks[i].kind, 0, store, NULL,
			looks[i].approved };

		maker_desk_begin(f);
		snprintf(store, sizeof(store), "a-%zu", i);
		(void)maker_story_whole(f, &asked);
		asked.values = looks[i].asked;
		n = maker_story_ask(f, LIN, &asked, &panel);
		screen_warns(&panel, looks[i].warning);
		/* In another slot too: it was approved in this ledger. */
		snprintf(store, sizeof(store), "b-%zu", i);
		n = maker_story_ask(f, LIN, &asked, &panel);
		screen_warns(&panel, looks[i].warning);
		(void)maker_story_agree(f, MINA, n, &panel);
		screen_warns(&panel, looks[i].warning);
		/* From now on it is known itself. */
		(void)maker_story_ask(f, LIN, &asked, &panel);
		screen_says_not(&panel, "looks like");
		cseal_desk_close(f->d);
		f->d = NULL;
	}
	cseal_buf_free(&panel);
}

/* What was only asked for is nothing to be compared with. */
static void
test_not_approved(void **state)
{
	struct maker_desk *f = *state;
	struct maker_asked asked = first;
	struct cseal_buf panel;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	(void)maker_story_ask(f, LIN, &asked, NULL);
	asked.values = looks[0].asked;
	(void)maker_story_ask(f, LIN, &asked, &panel);
	screen_says_not(&panel, "looks like");
	cseal_buf_free(&panel);
}

/* ---- used at another store ---- */

static void
test_elsewhere(void **state)
{
	struct maker_desk *f = *state;
	struct maker_asked asked = first;
	const struct cseal_state_change *c;
	struct cseal_buf panel;
	char name[CSEAL_CHANGE_NAME_BYTES], says[128];
	uint64_t n, m;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	n = maker_story_ask(f, LIN, &asked, NULL);
	c = cseal_state_change_find(cseal_desk_state(f->d), n);
	assert_false(c->facts.has_elsewhere);
	cseal_change_name(c, name);
	/* The same at the same store is nothing new. */
	m = maker_story_ask(f, LIN, &asked, &panel);
	screen_says_not(&panel, "another store");
	screen_says_not(&panel, "this IBAN");
	c = cseal_state_change_find(cseal_desk_state(f->d), m);
	assert_false(c->facts.has_elsewhere);
	asked.store = "main-fr";
	m = maker_story_ask(f, LIN, &asked, &panel);
	c = cseal_state_change_find(cseal_desk_state(f->d), m);
	assert_true(c->facts.has_elsewhere && c->facts.elsewhere);
	screen_says(&panel, "the same is known at another store, main-de (#");
	screen_fits(&panel);
	(void)maker_story_agree(f, MINA, m, &panel);
	screen_says(&panel, "the same is known at another store, main-de (#");
	/* The first one was there first. */
	snprintf(says, sizeof(says), "#%s", name);
	(void)maker_story_agree(f, MINA, n, &panel);
	screen_says_not(&panel, "another store");
	cseal_buf_free(&panel);
}

/* The requester's machine stated it wrongly: no approver's takes it. */
static void
test_elsewhere_refused(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *p;
	uint64_t n = maker_asked(f->m), no, yes;
	int r;

	no = maker_do(f->m, maker_request_again(f->m, LIN, "b", n, false));
	yes = maker_do(f->m, maker_request_again(f->m, LIN, "b", n, true));
	maker_desk_begin(f);
	p = maker_story_approval(f, MINA, no, &r);
	assert_null(p);
	assert_int_equal(r, CSEAL_ERR_REFUSED);
	assert_string_equal(f->err.where, "facts");
	(void)maker_story_agree(f, MINA, yes, NULL);
}

/* ---- every kind, and the longest values ---- */

/* The longest that the format takes, and as long a one that is another. */
static void
longest(const struct cseal_format *f, int which, struct cseal_buf *out)
{
	static const struct {
		const char *unit;
		size_t n;
	} tries[] = { { "\xe6\x9d\xb1", 70 }, { "\xe5\x8c\x97", 70 },
		{ "W", 200 }, { "V", 200 }, { "W", 70 }, { "V", 70 },
		{ "W", 16 }, { "V", 16 } };
	struct cseal_buf typed;

	for (size_t i = 0; i < COUNT(tries) && out->len == 0; i += 2) {
		cseal_buf_init(&typed, 0);
		for (size_t k = 0; k < tries[i + (size_t)which].n; k++)
			cseal_buf_add_str(
			    &typed, tries[i + (size_t)which].unit);
		(void)f->canon(f, "x", typed.data, typed.len, out, NULL);
		cseal_buf_free(&typed);
	}
	if (out->len == 0)
		cseal_buf_add_str(out, f->example);
}

static void
all_values(const struct cseal_kind *k, int which, struct cseal_buf *out)
{
	struct cseal_buf value;

	for (size_t i = 0; i < k->n_fields; i++) {
		cseal_buf_init(&value, 0);
		longest(k->fields[i].format, which, &value);
		cseal_buf_printf(out, "%s%s=%s", i > 0 ? "|" : "",
		    k->fields[i].name, cseal_buf_str(&value));
		cseal_buf_free(&value);
	}
	cseal_buf_add_str(out, "|reason=");
	for (size_t i = 0; i < 40; i++)
		cseal_buf_add_str(out, "why. ");
	out->len--; /* no space at the end */
}

static bool
closes(const struct cseal_kind *k, const char *values)
{
	struct cseal_change c;
	bool closed;

	assert_int_equal(
	    cseal_change_init(&c, k->name, 0, "main-de", NULL, NULL), CSEAL_OK);
	for (const char *v = values; *v != '\0'; v += *v == '|') {
		size_t n = strcspn(v, "|"), name = strcspn(v, "=");

		(void)cseal_change_set(&c, v, name,
		    (const uint8_t *)v + name + 1, n - name - 1, NULL);
		v += n;
	}
	closed = cseal_change_close(&c, NULL) == CSEAL_OK;
	cseal_change_free(&c);
	return closed;
}

static void
test_every_kind(void **state)
{
	struct maker_desk *f = *state;
	const struct cseal_kind *k;
	struct cseal_buf panel, a, b;
	size_t shown = 0;

	cseal_buf_init(&panel, 0);
	maker_desk_begin(f);
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		struct maker_asked asked = { k->name, 0, "main-de", NULL,
			NULL };
		uint64_t n;

		if (k->authority)
			continue;
		cseal_buf_init(&a, 0);
		cseal_buf_init(&b, 0);
		all_values(k, 0, &a);
		all_values(k, 1, &b);
		if (closes(k, cseal_buf_str(&a)) &&
		    closes(k, cseal_buf_str(&b))) {
			asked.values = cseal_buf_str(&a);
			(void)maker_story_whole(f, &asked);
			asked.values = cseal_buf_str(&b);
			n = maker_story_ask(f, LIN, &asked, &panel);
			screen_fits(&panel);
			(void)maker_story_agree(f, MINA, n, &panel);
			screen_fits(&panel);
			(void)maker_story_enter(f, LIN, n, &panel);
			screen_fits(&panel);
			shown++;
		} else {
			print_message("# %s: no longest values\n", k->name);
		}
		cseal_buf_free(&a);
		cseal_buf_free(&b);
	}
	assert_in_range(shown, 15, 100);
	cseal_buf_free(&panel);
}

int
main(void)
{
#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, maker_desk_setup, maker_desk_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_old_and_new),
		TEST(test_wide),
		TEST(test_lately),
		TEST(test_looks_like),
		TEST(test_not_approved),
		TEST(test_elsewhere),
		TEST(test_elsewhere_refused),
		TEST(test_every_kind),
	};

	return cmocka_run_group_tests_name("panel", tests, NULL, NULL);
}
