/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed rules, and texts that are broken in one line. */

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
#include "maker.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct cseal_policy *
parse(const char *text, struct cseal_error *err)
{
	struct cseal_slice s = { (const uint8_t *)text, strlen(text) };
	struct cseal_policy *p = NULL;
	int r = cseal_policy_parse(&p, CSEAL_POLICY_LANGUAGE, s, err);

	assert_int_equal(r == CSEAL_OK, p != NULL);
	if (r != CSEAL_OK)
		assert_int_equal(r, CSEAL_ERR_INPUT);
	return p;
}

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

static void
test_values(void **state)
{
	static const char text[] = "; a comment\n"
				   "[ledger]\n"
				   "user verification = optional\n"
				   "attestation = models\n"
				   "clock tolerance = 2d\n"
				   "synced credentials = allowed\n"
				   "\n"
				   "[freeze]\n"
				   "by = none\n"
				   "on drift = report\n"
				   "[store shop-de]\n"
				   "slots = payout\n"
				   "[store *]\n"
				   "slots = payout contact.login_email\n"
				   "[change payout.iban]\n"
				   "approvals = 2 approver and 1 finance\n"
				   "request lives = 30m\n"
				   "cooling off = 12h\n"
				   "re-enter = all\n"
				   "may request = operator approver\n"
				   "may apply = none\n"
				   "may observe = monitor\n";
	const struct cseal_policy_change *c;
	struct cseal_policy *p = parse(text, NULL);

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
	cseal_policy_free(p);
}

/* ---- broken texts: one line of the fixed rules, or one more ---- */

#define IBAN "[change payout.iban]"

static const struct {
	const char *section;
	const char *key;
	const char *value;
} lines[] = {
	{ "[ledger]", "user verification", "maybe" },
	{ "[ledger]", "user verification", "Required" },
	{ "[ledger]", "user verification", " required" },
	{ "[ledger]", "attestation", "none" },
	{ "[ledger]", "clock tolerance", "10" },
	{ "[ledger]", "clock tolerance", "10s" },
	{ "[ledger]", "clock tolerance", "m" },
	{ "[ledger]", "clock tolerance", "-1m" },
	{ "[ledger]", "clock tolerance", "01m" },
	{ "[ledger]", "clock tolerance", "1000000m" },
	{ "[ledger]", "clock tolerance", "1 m" },
	{ "[ledger]", "synced credentials", "yes" },
	{ "[freeze]", "by", "Admin" },
	{ "[freeze]", "by", "admin admin" },
	{ "[freeze]", "on drift", "ignore" },
	{ "[store *]", "slots", "moon" },
	{ "[store *]", "slots", "payout payout" },
	{ "[store *]", "slots", "payout  contact.login_email" },
	{ "[store *]", "slots", "payout " },
	{ "[store *]", "slots", "policy" },
	{ IBAN, "approvals", "approver" },
	{ IBAN, "approvals", "1" },
	{ IBAN, "approvals", "0 approver" },
	{ IBAN, "approvals", "17 approver" },
	{ IBAN, "approvals", "one approver" },
	{ IBAN, "approvals", "1 approver and" },
	{ IBAN, "approvals", "1 approver or 1 finance" },
	{ IBAN, "approvals", "1 approver and 1 approver" },
	{ IBAN, "approvals", "1 approver, 1 finance" },
	{ IBAN, "approvals",
	    "1 a and 1 b and 1 c and 1 d and 1 e and 1 f and 1 g and 1 h and "
	    "1 i" },
	{ IBAN, "request lives", "for ever" },
	{ IBAN, "cooling off", "1w" },
	{ IBAN, "re-enter", "iban" },
	{ IBAN, "re-enter", "All" },
	{ IBAN, "re-enter", "account all" },
	{ IBAN, "may request", "Operator" },
	{ IBAN, "may request", "none operator none" },
	{ IBAN, "may request", "a b c d e f g h i" },
	{ IBAN, "may apply", "abcdefghijklmnopqrstuvwxyz0123456" },
	{ IBAN, "may observe", "operator," },
};

/* The number of the line that begins with `key` behind the section's. */
static unsigned
line_of(const char *text, const char *section, const char *key)
{
	bool inside = false;
	unsigned line = 1;

	for (; *text != '\0'; text += strcspn(text, "\n") + 1, line++) {
		if (*text == '[')
			inside = strncmp(text, section, strlen(section)) == 0;
		else if (inside && strncmp(text, key, strlen(key)) == 0)
			return line;
	}
	return 0;
}

static void
assert_line(const struct cseal_error *err, unsigned line, const char *text)
{
	char where[32];

	snprintf(where, sizeof(where), "policy, line %u", line);
	if (strcmp(err->where, where) != 0)
		fail_msg(
		    "%s, not %s: %s (%s)", err->where, where, err->what, text);
	assert_true(err->what[0] != '\0');
}

static void
test_broken_values(void **state)
{
	struct cseal_error err;
	struct cseal_buf text;
	const char *t;

	(void)state;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < COUNT(lines); i++) {
		cseal_buf_reset(&text);
		maker_policy(&text, NULL, lines[i].section, lines[i].key,
		    lines[i].value);
		t = cseal_buf_str(&text);
		if (parse(t, &err) != NULL)
			fail_msg("taken: %s", lines[i].value);
		assert_line(&err, line_of(t, lines[i].section, lines[i].key),
		    lines[i].value);
	}
	cseal_buf_free(&text);
}

/* One line put in front of the fixed rules' line, or behind the last (0). */
static const struct {
	unsigned before;
	const char *line;
	unsigned told; /* counted from that place */
} inserted[] = {
	{ 1, "a = b\n", 0 },
	{ 2, "colour = blue\n", 0 },
	{ 2, "user verification\n", 0 },
	{ 2, "user verification=required\n", 0 },
	{ 2, " = required\n", 0 },
	{ 2, " user verification = required\n", 0 },
	{ 2, "user verification = required\n", 1 }, /* then it stands twice */
	{ 2, "\ttext\n", 0 },
	{ 2, "caf\xc3\xa9 = 1\n", 0 },
	{ 2, "a\rb\n", 0 },
	{ 2, "# no comment of ours\n", 0 },
	{ 2, "\x1b[2J\n", 0 },
	{ 2, "[ledger]\n", 0 }, /* the one before it lacks its keys */
	{ 0, "[ledger]\n", 0 },
	{ 0, "[freeze]\n", 0 },
	{ 0, "[moon]\n", 0 },
	{ 0, "[]\n", 0 },
	{ 0, "[\n", 0 },
	{ 0, "[ledger\n", 0 },
	{ 0, "[ledger] \n", 0 },
	{ 0, "[store Shop]\n", 0 },
	{ 0, "[store ]\n", 0 },
	{ 0, "[store *]\n", 0 },
	{ 0, "[store]\n", 0 },
	{ 0, "[change payout.moon]\n", 0 },
	{ 0, "[change payout.iban]\n", 0 },
	{ 0, "[change ]\n", 0 },
	{ 0, "[store new]\n", 1 }, /* it ends without its key */
	{ 0, "[store new]\nslots = payout", 1 },
	{ 0, ";", 0 },
};

static unsigned
count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
test_broken_lines(void **state)
{
	struct cseal_error err;
	struct cseal_buf usual, text;
	const char *t, *at;
	unsigned line;

	(void)state;
	cseal_buf_init(&usual, 0);
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	t = cseal_buf_str(&usual);
	for (size_t i = 0; i < COUNT(inserted); i++) {
		line = inserted[i].before;
		at = t;
		for (unsigned k = 1; k < line; k++)
			at += strcspn(at, "\n") + 1;
		if (line == 0) {
			at = t + strlen(t);
			line = count_lines(t) + 1;
		}
		cseal_buf_reset(&text);
		cseal_buf_add(&text, t, (size_t)(at - t));
		cseal_buf_add_str(&text, inserted[i].line);
		cseal_buf_add_str(&text, at);
		if (parse(cseal_buf_str(&text), &err) != NULL)
			fail_msg("taken: %s", inserted[i].line);
		if (strcmp(inserted[i].line, "[store new]\n") == 0)
			line--; /* told of the last line there is */
		assert_line(&err, line + inserted[i].told, inserted[i].line);
	}
	cseal_buf_free(&usual);
	cseal_buf_free(&text);
}

/* Without any one of its lines the text does not stand. */
static void
test_each_line_is_needed(void **state)
{
	struct cseal_buf usual, text;
	struct cseal_policy *p;
	struct cseal_error err;
	const char *t;
	size_t n;

	(void)state;
	cseal_buf_init(&usual, 0);
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	t = cseal_buf_str(&usual);
	for (const char *at = t; *at != '\0'; at += n + 1) {
		n = strcspn(at, "\n");
		cseal_buf_reset(&text);
		cseal_buf_add(&text, t, (size_t)(at - t));
		cseal_buf_add_str(&text, at + n + 1);
		p = parse(cseal_buf_str(&text), &err);
		assert_int_equal(p != NULL, n == 0);
		cseal_policy_free(p);
	}
	cseal_buf_free(&usual);
	cseal_buf_free(&text);
}

/* Every beginning of the text lacks something. */
static void
test_cut(void **state)
{
	struct cseal_buf usual;
	struct cseal_policy *p;
	struct cseal_slice s;
	size_t last;

	(void)state;
	cseal_buf_init(&usual, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	s = cseal_buf_slice(&usual);
	last = s.len;
	for (s.len = 0; s.len < last; s.len++) {
		int r = cseal_policy_parse(&p, 1, s, NULL);

		/* Whole kinds may be missing, if a section ends there. */
		if (r == CSEAL_OK)
			assert_true(s.data[s.len - 1] == '\n');
		else
			assert_int_equal(r, CSEAL_ERR_INPUT);
		cseal_policy_free(p);
	}
	cseal_buf_free(&usual);
}

static void
test_sections_missing(void **state)
{
	static const char *const sections[] = { "[ledger]", "[freeze]" };
	struct cseal_error err;
	struct cseal_buf text;

	(void)state;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < COUNT(sections); i++) {
		cseal_buf_reset(&text);
		maker_policy(&text, NULL, sections[i], "", NULL);
		assert_null(parse(cseal_buf_str(&text), &err));
		assert_non_null(strstr(err.what, sections[i]));
	}
	assert_null(parse("", &err));
	cseal_buf_free(&text);
}

static void
test_long_line(void **state)
{
	char text[CSEAL_POLICY_LINE_MAX + 4];
	struct cseal_error err;

	(void)state;
	memset(text, ';', sizeof(text));
	text[CSEAL_POLICY_LINE_MAX] = '\n';
	text[CSEAL_POLICY_LINE_MAX + 1] = '\0';
	assert_null(parse(text, &err));
	assert_null(strstr(err.what, "1024"));
	text[CSEAL_POLICY_LINE_MAX] = ';';
	text[CSEAL_POLICY_LINE_MAX + 1] = '\n';
	text[CSEAL_POLICY_LINE_MAX + 2] = '\0';
	assert_null(parse(text, &err));
	assert_line(&err, 1, "a long line");
	assert_non_null(strstr(err.what, "1024"));
}

static void
test_nul_byte(void **state)
{
	static const char text[] = ";\n;a\0b\n";
	struct cseal_slice s = { (const uint8_t *)text, sizeof(text) - 1 };
	struct cseal_policy *p;
	struct cseal_error err;

	(void)state;
	assert_int_equal(cseal_policy_parse(&p, 1, s, &err), CSEAL_ERR_INPUT);
	assert_line(&err, 2, "a NUL");
}

static void
test_too_long(void **state)
{
	static uint8_t text[CSEAL_POLICY_MAX + 1];
	struct cseal_slice s = { text, sizeof(text) };
	struct cseal_policy *p;

	(void)state;
	memset(text, '\n', sizeof(text));
	assert_int_equal(
	    cseal_policy_parse(&p, 1, s, NULL), CSEAL_ERR_TOO_LARGE);
	s.len--;
	assert_int_equal(cseal_policy_parse(&p, 1, s, NULL), CSEAL_ERR_INPUT);
}

static void
test_language(void **state)
{
	struct cseal_slice s = { (const uint8_t *)"\n", 1 };
	struct cseal_policy *p;

	(void)state;
	assert_int_equal(cseal_policy_parse(&p, 2, s, NULL), CSEAL_ERR_NEWER);
	assert_int_equal(cseal_policy_parse(&p, 0, s, NULL), CSEAL_ERR_NEWER);
	assert_null(p);
}

/* What the refusal repeats has passed the filter. */
static void
test_nothing_painted(void **state)
{
	struct cseal_error err;

	(void)state;
	assert_null(parse("\x1b[31mred = 1\n", &err));
	for (const char *c = err.what; *c != '\0'; c++)
		assert_true((uint8_t)*c >= 0x20 && (uint8_t)*c < 0x7f);
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
		cseal_buf_printf(&text, "[store s%d]\nslots = payout\n", i);
	p = parse(cseal_buf_str(&text), &err);
	assert_non_null(p);
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
		cmocka_unit_test(test_broken_values),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_each_line_is_needed),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_sections_missing),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_nothing_painted),
		cmocka_unit_test(test_many_stores),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
