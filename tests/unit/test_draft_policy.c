/* SPDX-License-Identifier: BSD-2-Clause */
/* Other rules: asked for at a desk, shown, approved, in force. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/policy_source.h"
#include "counterseal/text.h"

#include "maker_desk.h"

/* 80x24, and nothing but characters that may be shown. */
static void
must_fit(const char *panel)
{
	char line[1024];
	size_t lines = 0, n;

	for (; *panel != '\0'; panel += n + (panel[n] == '\n')) {
		n = strcspn(panel, "\n");
		assert_true(n < sizeof(line));
		memcpy(line, panel, n);
		line[n] = '\0';
		lines++;
		if (cseal_text_columns(line) > 80)
			fail_msg(
			    "%zu columns: %s", cseal_text_columns(line), line);
	}
	if (lines > 24)
		fail_msg("%zu lines", lines);
}

static struct cseal_policy_source *
source(const char *text)
{
	struct cseal_slice s = { (const uint8_t *)text, strlen(text) };
	struct cseal_policy_source *out = NULL;
	struct cseal_error err = { 0 };

	if (cseal_policy_source_parse(&out, s, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	return out;
}

/* Every key of every kind is another, with values as long as they may be. */
static void
write_worst(struct cseal_buf *b)
{
	static const char role[] = "abcdefghijklmnopqrstuvwxyz-abcde";

	(void)cseal_buf_add_str(b, "[store *]\n[change *]\n");
	(void)cseal_buf_printf(b,
	    "may request = operator a%s b%s c%s\n"
	    "may apply = d%s e%s f%s\n"
	    "first seen = 9 more g%s\n",
	    role + 1, role + 1, role + 1, role + 1, role + 1, role + 1,
	    role + 1);
	(void)cseal_buf_add_str(b, "company domains =");
	for (unsigned i = 0; i < 60; i++)
		(void)cseal_buf_printf(b, " example-%u.com", i);
	(void)cseal_buf_add_str(b,
	    "\non screen = 5s\ncooling off = 1h\napply window = 48h\n"
	    "countries = DE\ncurrencies = EUR\nrequest lives = 1h\n"
	    "one per store = yes\nevidence = reason callback document\n"
	    "[change key.* person.* policy.* log.* freeze.lift]\n"
	    "may request = admin operator\n");
}

static const char *
hash_of(struct cseal_slice text, char hex[2 * CSEAL_HASH_BYTES + 1])
{
	uint8_t hash[CSEAL_HASH_BYTES];

	assert_int_equal(cseal_policy_hash(text, hash), CSEAL_OK);
	cseal_hex(hash, sizeof(hash), hex);
	return hex;
}

static void
test_life(void **state)
{
	struct maker_desk *f = *state;
	char hex[2 * CSEAL_HASH_BYTES + 1];
	struct cseal_policy_source *s;
	struct cseal_draft *p = NULL;
	struct cseal_slice text;
	struct cseal_buf b;
	uint64_t n, since, key;
	int r;

	cseal_buf_init(&b, 0);
	write_worst(&b);
	s = source(cseal_buf_str(&b));
	maker_desk_begin(f);
	r = cseal_draft_policy_set(
	    &p, f->d, LIN, cseal_policy_source_text(s), &f->err);
	p = maker_desk_draft(f, r, p);
	must_fit(cseal_draft_panel(p));
	assert_non_null(strstr(
	    cseal_draft_panel(p), hash_of(cseal_policy_source_text(s), hex)));
	assert_non_null(strstr(
	    cseal_draft_panel(p), " more: see counterseal policy diff\n"));
	n = maker_desk_do(f, p, LIN);

	assert_int_equal(
	    cseal_change_policy_text(
		cseal_state_change_find(cseal_desk_state(f->d), n), &text),
	    CSEAL_OK);
	assert_int_equal(text.len, cseal_policy_source_text(s).len);
	assert_int_equal(
	    cseal_change_revoked_key(
		cseal_state_change_find(cseal_desk_state(f->d), n), &key),
	    CSEAL_ERR_NOT_FOUND);

	p = NULL;
	r = cseal_draft_approve(&p, f->d, MINA, n, NULL, NULL, &f->err);
	p = maker_desk_draft(f, r, p);
	must_fit(cseal_draft_panel(p));
	assert_non_null(strstr(cseal_draft_panel(p), hex));
	n = maker_desk_do(f, p, MINA);
	text = cseal_state_policy_text(cseal_desk_state(f->d), &since);
	assert_int_equal(since, n);
	assert_int_equal(text.len, cseal_policy_source_text(s).len);
	assert_memory_equal(
	    text.data, cseal_policy_source_text(s).data, text.len);

	/* Asked for once more they say the same. */
	p = NULL;
	r = cseal_draft_policy_set(&p, f->d, LIN, text, &f->err);
	p = maker_desk_draft(f, r, p);
	assert_non_null(
	    strstr(cseal_draft_panel(p), "the same as those in force"));
	cseal_draft_free(p);
	cseal_policy_source_free(s);
	cseal_buf_free(&b);
}

static void
test_refused(void **state)
{
	static const char *const broken[] = { "", "[ledger]\n",
		"[change *]\n" };
	struct maker_desk *f = *state;
	const struct cseal_state_change *c;
	struct cseal_draft *p = NULL;
	struct cseal_slice text;
	uint64_t n;

	maker_desk_begin(f);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		text.data = (const uint8_t *)broken[i];
		text.len = strlen(broken[i]);
		assert_int_equal(
		    cseal_draft_policy_set(&p, f->d, LIN, text, &f->err),
		    CSEAL_ERR_INPUT);
		assert_null(p);
		assert_non_null(strstr(f->err.where, "policy"));
	}
	n = maker_desk_do(
	    f, maker_desk_request(f, f->d, LIN, "DE89370400440532013000"), LIN);
	c = cseal_state_change_find(cseal_desk_state(f->d), n);
	assert_int_equal(
	    cseal_change_policy_text(c, &text), CSEAL_ERR_NOT_FOUND);
	assert_null(text.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_life, maker_desk_setup, maker_desk_teardown),
		cmocka_unit_test_setup_teardown(
		    test_refused, maker_desk_setup, maker_desk_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
