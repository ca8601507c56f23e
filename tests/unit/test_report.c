/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "counterseal/text.h"
#include "report.h"

#define COLUMNS 80

#define LEDGER \
	"5f1c0a9b5f1c0a9b5f1c0a9b5f1c0a9b5f1c0a9b5f1c0a9b5f1c0a9b5f1c0a9b"
#define ALOUD "bwe0 n6tz 3g5a bwe0 n6tz"
#define ROOT  "9f2c11ab9f2c11ab9f2c11ab9f2c11ab9f2c11ab9f2c11ab9f2c11ab9f2c11ab"

static const struct cseal_rule signature = { "seal-signature",
	CSEAL_FINDING_ERROR, "the signature does not match",
	"docs/format.md, 2", NULL };
static const struct cseal_rule behind = { "clock-behind", CSEAL_FINDING_WARNING,
	"the signer's clock is behind", "docs/format.md, 5 Clocks", NULL };

static struct cseal_slice
bytes_of(const char *s)
{
	struct cseal_slice slice = { (const uint8_t *)s, strlen(s) };

	return slice;
}

/* A clean ledger, as in the documents. */
static void
make(struct report *p)
{
	memset(p, 0, sizeof(*p));
	p->known = true;
	memcpy(p->ledger, LEDGER, sizeof(LEDGER));
	memcpy(p->fingerprint, ALOUD, sizeof(ALOUD));
	memcpy(p->root, ROOT, sizeof(ROOT));
	p->org = bytes_of("Example Trading GmbH");
	p->entries = p->sealed = p->size = 1204;
	p->persons = 6;
	p->keys = 9;
	p->changes = 391;
	p->valid = true;
}

/* Entry 733 is damaged; entry 12 has a clock that is behind. */
static void
damage(struct report *p, struct cseal_finding f[2], struct report_finding rf[2])
{
	memset(f, 0, 2 * sizeof(*f));
	memset(rf, 0, 2 * sizeof(*rf));
	f[0].rule = &behind;
	f[0].has_entry = true;
	f[0].entry = 12;
	f[1].rule = &signature;
	f[1].has_entry = true;
	f[1].entry = 733;
	f[1].has_change = true;
	f[1].change = 731;
	snprintf(f[1].detail, sizeof(f[1].detail), "key 4 of petr");
	rf[0].finding = &f[0];
	rf[1].finding = &f[1];
	snprintf(rf[1].consequence, sizeof(rf[1].consequence),
	    "It and the 470 behind it have no effect. Change #731-7hq3 is not "
	    "approved.");
	p->findings = rf;
	p->n_findings = 2;
	p->grades[CSEAL_FINDING_ERROR] = 1;
	p->grades[CSEAL_FINDING_WARNING] = 1;
	p->size = 733;
	p->sealed = 1203;
	p->valid = false;
}

static const char *
text_of(const struct report *p, struct cseal_buf *b)
{
	cseal_buf_reset(b);
	assert_int_equal(report_text(p, b), CSEAL_OK);
	return cseal_buf_str(b);
}

static json_t *
json_of(const struct report *p)
{
	struct cseal_buf b;
	json_t *j;

	cseal_buf_init(&b, 0);
	assert_int_equal(report_json(p, &b), CSEAL_OK);
	j = json_loadb(
	    (const char *)b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	cseal_buf_free(&b);
	return j;
}

static void
assert_fits(const char *text)
{
	char line[512];
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n' ? 1 : 0)) {
		n = strcspn(text, "\n");
		assert_in_range(n, 0, sizeof(line) - 1);
		memcpy(line, text, n);
		line[n] = '\0';
		assert_in_range(cseal_text_columns(line), 0, COLUMNS);
	}
}

static void
clean_ledger_in_words(void **state)
{
	struct report p;
	struct cseal_buf b;
	const char *text;

	(void)state;
	cseal_buf_init(&b, 0);
	make(&p);
	text = text_of(&p, &b);
	assert_string_equal(text,
	    "ledger 5f1c0a9b  Example Trading GmbH\n"
	    "  id           " LEDGER "\n"
	    "  fingerprint  " ALOUD "\n"
	    "  entries      1,204: 391 changes, 6 persons\n"
	    "  keys         9 keys\n"
	    "  signatures   1,204 of 1,204\n"
	    "  head         1,204\n"
	    "  root         " ROOT "\n"
	    "findings: none\n");
	assert_fits(text);
	cseal_buf_free(&b);
}

static void
what_is_not_proven_is_called_out(void **state)
{
	struct report p;
	struct cseal_buf b;
	const char *text;

	(void)state;
	cseal_buf_init(&b, 0);
	make(&p);
	p.demo = true;
	p.software = 2;
	p.unproven = 3;
	text = text_of(&p, &b);
	assert_non_null(strstr(
	    text, "demonstration ledger: software keys prove nothing\n"));
	assert_non_null(strstr(text,
	    "  keys         9 keys, 2 in software, 3 of unproven hardware\n"));
	assert_fits(text);
	cseal_buf_free(&b);
}

static void
findings_in_words(void **state)
{
	struct report_finding rf[2];
	struct cseal_finding f[2];
	struct cseal_buf b;
	struct report p;
	const char *text;

	(void)state;
	cseal_buf_init(&b, 0);
	make(&p);
	damage(&p, f, rf);
	text = text_of(&p, &b);
	assert_non_null(strstr(text, "\nfindings: 1 error, 1 warning\n"));
	assert_non_null(strstr(text, "\n  warning  entry 12"));
	assert_non_null(strstr(text, "\n  error    entry 733"));
	assert_non_null(strstr(text, "the signature does not match"));
	assert_non_null(strstr(text, "           See docs/format.md, 2\n"));
	assert_non_null(strstr(text,
	    "           It and the 470 behind it have no effect. Change "
	    "#731-7hq3 is not\n           approved.\n"));
	assert_null(strstr(text, "findings: none"));
	assert_fits(text);
	cseal_buf_free(&b);
}

/* Every sentence that the rules can say, with the longest detail. */
static void
every_rule_fits(void **state)
{
	const struct cseal_rule *rule;
	struct report_finding rf;
	struct cseal_finding f;
	struct cseal_buf b;
	struct report p;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; (rule = cseal_rule_at(i)) != NULL; i++) {
		make(&p);
		memset(&f, 0, sizeof(f));
		f.rule = rule;
		memset(&rf, 0, sizeof(rf));
		f.has_entry = true;
		f.entry = UINT64_MAX;
		f.has_change = true;
		f.change = UINT64_MAX;
		memset(f.detail, 'x', sizeof(f.detail) - 1);
		for (size_t k = 50; k < sizeof(f.detail) - 1; k += 50)
			f.detail[k] = ' ';
		rf.finding = &f;
		p.findings = &rf;
		p.n_findings = 1;
		p.grades[f.rule->grade] = 1;
		assert_fits(text_of(&p, &b));
	}
	cseal_buf_free(&b);
}

/* Names come from outside: nothing of them reaches the terminal as is. */
static void
hostile_names_are_filtered(void **state)
{
	static const char *const names[] = { "\033[2J", "a\nfindings: none",
		"\xe2\x80\xae"
		"GmbH",
		"\xff\xfe", "\r",
		"\x9b"
		"1m" };
	struct cseal_buf b;
	struct report p;
	const char *text, *line;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		make(&p);
		p.org = bytes_of(names[i]);
		text = text_of(&p, &b);
		assert_null(strstr(text, names[i]));
		line = strchr(text, '\n');
		assert_non_null(line);
		assert_int_equal(strncmp(line, "\n  id", 5), 0);
		json_decref(json_of(&p));
	}
	/* Very long, and wide: the line still fits. */
	make(&p);
	p.org = bytes_of(
	    "\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5"
	    "\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7"
	    "\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3"
	    "\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5"
	    "\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7"
	    "\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3\xe6\xb7\xb1\xe5\x9c\xb3");
	assert_fits(text_of(&p, &b));
	cseal_buf_free(&b);
}

static void
unfounded_ledger_says_so(void **state)
{
	struct report p;
	struct cseal_buf b;
	const char *text;
	json_t *j;

	(void)state;
	cseal_buf_init(&b, 0);
	memset(&p, 0, sizeof(p));
	p.entries = 3;
	text = text_of(&p, &b);
	assert_non_null(strstr(text, "ledger unknown"));
	assert_null(strstr(text, "root"));
	j = json_of(&p);
	assert_true(json_is_null(json_object_get(j, "ledger")));
	assert_true(json_is_null(json_object_get(j, "org")));
	assert_true(
	    json_is_null(json_object_get(json_object_get(j, "head"), "root")));
	assert_true(json_is_false(json_object_get(j, "valid")));
	json_decref(j);
	cseal_buf_free(&b);
}

/* The keys of docs/json.md, in their order, and no others. */
static void
keys_of_the_object(void **state)
{
	static const char *const keys[] = { "ledger", "fingerprint", "org",
		"demo", "entries", "sealed", "remembered", "head", "persons",
		"keys", "software_keys", "unproven_keys", "changes", "findings",
		"valid", "continues" };
	struct report p;
	const char *key;
	json_t *j, *v;
	size_t i = 0;

	(void)state;
	make(&p);
	j = json_of(&p);
	json_object_foreach(j, key, v)
	{
		assert_in_range(i, 0, sizeof(keys) / sizeof(*keys) - 1);
		assert_string_equal(key, keys[i++]);
	}
	assert_int_equal(i, sizeof(keys) / sizeof(*keys));
	assert_string_equal(
	    json_string_value(json_object_get(j, "ledger")), LEDGER);
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(j, "head"), "size")),
	    1204);
	assert_int_equal(json_array_size(json_object_get(j, "findings")), 0);
	assert_true(json_is_true(json_object_get(j, "valid")));
	json_decref(j);
}

static void
findings_of_the_object(void **state)
{
	static const char *const keys[] = { "code", "grade", "entry", "change",
		"sentence", "detail", "consequence", "reference" };
	struct report_finding rf[2];
	struct cseal_finding f[2];
	struct report p;
	json_t *j, *list, *one;

	(void)state;
	make(&p);
	damage(&p, f, rf);
	j = json_of(&p);
	list = json_object_get(j, "findings");
	assert_int_equal(json_array_size(list), 2);
	one = json_array_get(list, 0);
	assert_true(json_is_null(json_object_get(one, "change")));
	one = json_array_get(list, 1);
	assert_int_equal(json_object_size(one), sizeof(keys) / sizeof(*keys));
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_non_null(json_object_get(one, keys[i]));
	assert_string_equal(
	    json_string_value(json_object_get(one, "code")), "seal-signature");
	assert_string_equal(
	    json_string_value(json_object_get(one, "grade")), "error");
	assert_int_equal(
	    json_integer_value(json_object_get(one, "entry")), 733);
	assert_int_equal(
	    json_integer_value(json_object_get(one, "change")), 731);
	json_decref(j);
}

static void
formats_by_name(void **state)
{
	(void)state;
	assert_non_null(cseal_report_find("text"));
	assert_non_null(cseal_report_find("json"));
	assert_string_equal(cseal_report_find("json")->name, "json");
	assert_null(cseal_report_find(""));
	assert_null(cseal_report_find("html"));
	assert_null(cseal_report_find("TEXT"));
}

static void
full_buffer_is_an_error(void **state)
{
	struct cseal_buf b;
	struct report p;

	(void)state;
	make(&p);
	for (size_t max = 1; max < 120; max += 7) {
		cseal_buf_init(&b, max);
		assert_int_equal(report_text(&p, &b), CSEAL_ERR_TOO_LARGE);
		cseal_buf_free(&b);
		cseal_buf_init(&b, max);
		assert_int_equal(report_json(&p, &b), CSEAL_ERR_TOO_LARGE);
		cseal_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_ledger_in_words),
		cmocka_unit_test(what_is_not_proven_is_called_out),
		cmocka_unit_test(findings_in_words),
		cmocka_unit_test(every_rule_fits),
		cmocka_unit_test(hostile_names_are_filtered),
		cmocka_unit_test(unfounded_ledger_says_so),
		cmocka_unit_test(keys_of_the_object),
		cmocka_unit_test(findings_of_the_object),
		cmocka_unit_test(formats_by_name),
		cmocka_unit_test(full_buffer_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
