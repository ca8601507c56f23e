/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broken policies, each refused with a code, in its line and with the words
 * that say what to mend (tests/vectors/policy/); warnings; the examples.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "counterseal/statement.h"
#include "lint_fixture.h"

#define BROKEN	     "tests/vectors/policy/broken-*.ini"
#define BROKEN_LEAST 30

/* ---- broken ones ---- */

/* What stands behind "; name: " in the file's first lines. */
static void
header(const char *text, const char *name, char *out, size_t size)
{
	char begin[32];
	const char *p;

	(void)snprintf(begin, sizeof(begin), "; %s: ", name);
	p = strstr(text, begin);
	assert_non_null(p);
	p += strlen(begin);
	(void)snprintf(out, size, "%.*s", (int)strcspn(p, "\n"), p);
}

static unsigned
line_of(const struct cseal_policy_source *s, const struct cseal_lint_finding *f)
{
	unsigned line = 0;

	if (f->section[0] != '\0')
		line = cseal_policy_source_line(s, f->section, f->name, f->key);
	if (line == 0 && f->section[0] != '\0')
		line = cseal_policy_source_line(s, f->section, f->name, NULL);
	return line;
}

/* Not even read: grammar. */
static void
check_unread(const char *path, const char *code, const char *line,
    const char *says, const struct cseal_error *err)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "line %s", line);
	if (strcmp(code, "grammar") != 0 || strcmp(err->where, where) != 0 ||
	    strstr(err->what, says) == NULL)
		fail_msg("%s: %s: %s", path, err->where, err->what);
}

static void
check_findings(const char *path, const char *code, const char *line,
    const char *says, const struct cseal_policy_source *s,
    const struct team *team)
{
	struct cseal_lint *l = lint_of(cseal_policy_source_rules(s), team);
	const struct cseal_lint_finding *f;

	if (cseal_lint_errors(l) == 0)
		fail_msg("%s: nothing is found", path);
	for (size_t i = 0; i < cseal_lint_errors(l); i++) {
		f = cseal_lint_finding(l, i);
		if (strcmp(f->rule->code, code) != 0)
			fail_msg("%s: %s too: %s: %s", path, f->rule->code,
			    f->head, f->sentence);
	}
	f = cseal_lint_finding(l, 0);
	if (line_of(s, f) != strtoul(line, NULL, 10) ||
	    strstr(f->sentence, says) == NULL)
		fail_msg("%s: line %u: %s: %s", path, line_of(s, f), f->head,
		    f->sentence);
	cseal_lint_free(l);
}

static void
check_broken(const char *path, char code[64])
{
	struct cseal_policy_source *s = NULL;
	struct cseal_error err = { 0 };
	char line[16], says[128], words[256];
	struct cseal_buf b;
	struct team team;

	cseal_buf_init(&b, 0);
	assert_int_equal(
	    cseal_buf_read_file(&b, path, CSEAL_POLICY_SOURCE_MAX), CSEAL_OK);
	header(cseal_buf_str(&b), "broken", code, 64);
	header(cseal_buf_str(&b), "line", line, sizeof(line));
	header(cseal_buf_str(&b), "says", says, sizeof(says));
	header(cseal_buf_str(&b), "team", words, sizeof(words));
	team_read(&team, words);
	if (cseal_policy_source_parse(&s, cseal_buf_slice(&b), &err) !=
	    CSEAL_OK)
		check_unread(path, code, line, says, &err);
	else
		check_findings(path, code, line, says, s, &team);
	cseal_policy_source_free(s);
	cseal_buf_free(&b);
}

/* Every error that lint knows is found in one of them at least. */
static void
test_broken(void **state)
{
	bool seen[64] = { false };
	const struct cseal_lint_rule *rule;
	char code[64];
	glob_t files;

	(void)state;
	assert_int_equal(glob(BROKEN, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		check_broken(files.gl_pathv[i], code);
		for (size_t k = 0; (rule = cseal_lint_rule_at(k)) != NULL; k++)
			seen[k] = seen[k] || strcmp(rule->code, code) == 0;
	}
	print_message("%zu broken policies are refused\n", files.gl_pathc);
	assert_true(files.gl_pathc >= BROKEN_LEAST);
	for (size_t k = 0; (rule = cseal_lint_rule_at(k)) != NULL; k++) {
		if (rule->error && !seen[k])
			fail_msg("no vector for %s", rule->code);
	}
	globfree(&files);
}

/* ---- the examples ---- */

/* They are fine for the teams that their comments name. */
static const struct {
	const char *path;
	const char *team;
} examples[] = {
	{ "examples/policy-team-of-two.ini",
	    "lin:operator,approver,admin:2 mina:operator,approver,admin:2" },
	{ "examples/policy-team-of-five.ini",
	    "olga:operator:1 otto:operator,approver,admin:2 "
	    "anna:approver,admin:2 paul:approver,admin:2 fred:finance:1" },
	{ "examples/policy-agency.ini",
	    "mia:operator:1 noor:operator:1 tom:operator:1 "
	    "vera:approver,admin:2 wim:approver,admin:2 "
	    "zoe:approver,admin:2" },
};

static void
test_examples(void **state)
{
	struct cseal_policy_source *s = NULL;
	const struct cseal_lint_finding *f;
	struct cseal_error err = { 0 };
	struct cseal_lint *l;
	struct cseal_buf b;
	struct team team;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		cseal_buf_init(&b, 0);
		assert_int_equal(cseal_buf_read_file(&b, examples[i].path,
				     CSEAL_POLICY_SOURCE_MAX),
		    CSEAL_OK);
		if (cseal_policy_source_parse(&s, cseal_buf_slice(&b), &err) !=
		    CSEAL_OK)
			fail_msg("%s: %s: %s", examples[i].path, err.where,
			    err.what);
		team_read(&team, examples[i].team);
		l = lint_of(cseal_policy_source_rules(s), &team);
		f = cseal_lint_finding(l, 0);
		if (f != NULL)
			fail_msg("%s: %s: %s: %s", examples[i].path,
			    f->rule->code, f->head, f->sentence);
		cseal_lint_free(l);
		cseal_policy_source_free(s);
		cseal_buf_free(&b);
	}
}

/* Who is told a code finds it in the guide, as an error or a warning. */
static void
test_documented(void **state)
{
	const struct cseal_lint_rule *rule;
	const char *page, *warnings_at, *row;
	struct cseal_buf b;
	char begin[64];

	(void)state;
	cseal_buf_init(&b, 0);
	assert_int_equal(
	    cseal_buf_read_file(&b, "docs/policy.md", 1 << 20), CSEAL_OK);
	page = cseal_buf_str(&b);
	warnings_at = strstr(page, "\nWarnings, told:");
	assert_non_null(warnings_at);
	for (size_t i = 0; (rule = cseal_lint_rule_at(i)) != NULL; i++) {
		(void)snprintf(begin, sizeof(begin), "\n| `%s` | ", rule->code);
		row = strstr(page, begin);
		if (row == NULL || (row < warnings_at) != rule->error ||
		    strncmp(row + strlen(begin), rule->about,
			strlen(rule->about)) != 0)
			fail_msg("docs/policy.md: %s", rule->code);
	}
	cseal_buf_free(&b);
}

/* ---- warnings ---- */

#define PAIR                                                            \
	"lin:operator,approver,admin:2 mina:operator,approver,admin:2 " \
	"petr:operator,approver,admin:2"
#define SHOP  "[store main-de]\nslots = payout\n"
#define ALL   "[change *]\n"
#define PAYS  "[change payout.*]\n"
#define POWER "[change key.* person.* policy.* log.* freeze.lift]\n"

/* A policy and a team that are fine but for the one warning. */
static const struct {
	const char *code; /* NULL: nothing at all */
	const char *team;
	const char *text;
} warnings[] = {
	{ NULL, PAIR, SHOP ALL },
	{ NULL, "", SHOP ALL },
	{ "one-approver", "lin:operator,admin:2 mina:approver,admin:2",
	    SHOP ALL },
	{ "asker-needed",
	    "lin:operator,admin:2 mina:operator,approver,admin:2 "
	    "petr:approver:2",
	    SHOP ALL "[change contact.*]\napprovals = 2 approver\n" },
	{ "extras-together", PAIR,
	    SHOP ALL PAYS "first seen = 1 more approver\n"
			  "after contact change = 1 more approver for 7d\n" },
	{ "self-confirmed", PAIR, SHOP ALL PAYS "confirmed by another = no\n" },
	{ "authority-open", PAIR, SHOP ALL POWER "approvals = 1 approver\n" },
	{ "authority-weaker", PAIR, SHOP ALL PAYS "approvals = 2 approver\n" },
	{ "no-persons", PAIR,
	    SHOP PAYS "[change key.* policy.set freeze.lift]\n" },
	{ "nobody-freezes", PAIR, "[freeze]\nby = guard\n" SHOP ALL },
	{ "nobody-freezes", PAIR, "[freeze]\nby = none\n" SHOP ALL },
	{ "window-outside", PAIR,
	    SHOP ALL PAYS "cooling off = 24h\napply window = 24h\n" },
	{ "not-read-back", PAIR, SHOP ALL PAYS "read back within = none\n" },
	{ "read-back-order", PAIR,
	    SHOP ALL PAYS "read back again after = 2h\n" },
	{ "not-reentered", PAIR, SHOP ALL PAYS "re-enter = none\n" },
	{ "not-confirmed", PAIR, SHOP ALL PAYS "confirmed level = none\n" },
	{ "tolerance-wide", PAIR, "[ledger]\nclock tolerance = 2h\n" SHOP ALL },
	{ "not-verified", PAIR,
	    "[ledger]\nuser verification = optional\n" SHOP ALL },
	{ "synced", PAIR, "[ledger]\nsynced credentials = allowed\n" SHOP ALL },
	{ "any-store", PAIR, "[store *]\n" ALL },
	{ "slot-without-rules", PAIR,
	    "[store main-de]\nslots = payout access.app\n" PAYS POWER },
	{ "provider-outside", PAIR,
	    SHOP ALL "[provider p]\nprogramme member = no\n"
		     "schemes = payout.us\nbanks = ABA:031100209\n" },
	{ "provider-without-banks", PAIR,
	    SHOP ALL "[provider p]\nprogramme member = yes\n"
		     "schemes = payout.us\n" },
	{ "domain-twice", PAIR,
	    SHOP ALL "company domains = example.com\n"
		     "blocked domains = example.com\n" },
};

static void
check_warning(size_t i, bool seen[64])
{
	struct cseal_slice text = { (const uint8_t *)warnings[i].text,
		strlen(warnings[i].text) };
	struct cseal_policy_source *s = NULL;
	const struct cseal_lint_finding *f;
	struct cseal_error err = { 0 };
	struct cseal_lint *l;
	struct team team;

	team_read(&team, warnings[i].team);
	if (cseal_policy_source_parse(&s, text, &err) != CSEAL_OK)
		fail_msg("%zu: %s: %s", i, err.where, err.what);
	l = lint_of(cseal_policy_source_rules(s), &team);
	for (size_t k = 0; (f = cseal_lint_finding(l, k)) != NULL; k++) {
		if (warnings[i].code == NULL || f->error ||
		    strcmp(f->rule->code, warnings[i].code) != 0)
			fail_msg("%zu: %s: %s: %s", i, f->rule->code, f->head,
			    f->sentence);
		for (size_t n = 0; cseal_lint_rule_at(n) != NULL; n++)
			seen[n] = seen[n] || cseal_lint_rule_at(n) == f->rule;
	}
	if (warnings[i].code != NULL && cseal_lint_finding(l, 0) == NULL)
		fail_msg("%zu: %s is not found", i, warnings[i].code);
	cseal_lint_free(l);
	cseal_policy_source_free(s);
}

static void
test_warnings(void **state)
{
	bool seen[64] = { false };
	const struct cseal_lint_rule *rule;

	(void)state;
	for (size_t i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		check_warning(i, seen);
	for (size_t k = 0; (rule = cseal_lint_rule_at(k)) != NULL; k++) {
		if (!rule->error && !seen[k] && strcmp(rule->code, "demo") != 0)
			fail_msg("nothing is warned of by %s", rule->code);
	}
}

static void
test_options(void **state)
{
	static const char text[] = SHOP ALL;
	struct cseal_slice slice = { (const uint8_t *)text, strlen(text) };
	struct cseal_lint_options o = { .demo = true };
	struct cseal_policy_source *s = NULL;
	struct cseal_lint *l = NULL;
	struct team team;

	(void)state;
	team_read(&team, "lin:operator,approver,admin:1 "
			 "mina:operator,approver,admin:1");
	assert_int_equal(cseal_policy_source_parse(&s, slice, NULL), CSEAL_OK);
	o.persons = team.persons;
	o.n_persons = team.n;
	assert_int_equal(
	    cseal_lint_new(&l, cseal_policy_source_rules(s), &o), CSEAL_OK);
	assert_int_equal(cseal_lint_errors(l), 2);
	assert_true(find_code(l, "single-key")->error);
	assert_true(find_code(l, "lift-blocked")->error);
	assert_false(find_code(l, "demo")->error);
	cseal_lint_free(l);

	o.accept_single_keys = true;
	assert_int_equal(
	    cseal_lint_new(&l, cseal_policy_source_rules(s), &o), CSEAL_OK);
	assert_int_equal(cseal_lint_errors(l), 0);
	assert_false(find_code(l, "single-key")->error);
	assert_non_null(
	    strstr(find_code(l, "single-key")->sentence, "lin, mina"));
	assert_string_equal(
	    find_code(l, "single-key")->head, "change key.revoke");
	cseal_lint_free(l);

	o.n_persons = 257;
	assert_int_equal(cseal_lint_new(&l, cseal_policy_source_rules(s), &o),
	    CSEAL_ERR_USAGE);
	assert_null(l);
	cseal_lint_free(NULL);
	cseal_policy_source_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_documented),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
