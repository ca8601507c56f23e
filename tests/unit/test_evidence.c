/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence at hand: names, texts, files, checks, and what they give. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/evidence.h"
#include "counterseal/policy.h"

#define DIGEST_ABC \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static int
add(struct cseal_evidence_set *s, const char *path, const char *content)
{
	struct cseal_error err = { 0 };
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	(void)cseal_buf_add_str(&b, content);
	r = cseal_evidence_add_file(s, CSEAL_EVIDENCE_DOCUMENT, path, &b, &err);
	assert_true(r == CSEAL_OK ? b.len == 0 : b.len == strlen(content));
	cseal_buf_free(&b);
	return r;
}

static struct cseal_slice
slice(const char *s)
{
	return (struct cseal_slice){ (const uint8_t *)s, strlen(s) };
}

static void
test_names(void **state)
{
	static const struct cseal_evidence v[] = { { .kind = 2 }, { .kind = 4 },
		{ .kind = 2 }, { .kind = 1 }, { .kind = 2 } };
	static const char *const names[] = { "document", "call-back",
		"document-2", "reason", "document-3" };
	char name[CSEAL_EVIDENCE_NAME_BYTES];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_true(cseal_evidence_name(v, 5, i, name));
		assert_string_equal(name, names[i]);
		assert_ptr_equal(cseal_evidence_find(v, 5, name), &v[i]);
	}
	assert_false(cseal_evidence_name(v, 5, 5, name));
	assert_null(cseal_evidence_find(v, 5, "document-1"));
	assert_null(cseal_evidence_find(v, 5, "document-4"));
	assert_null(cseal_evidence_find(v, 5, ""));
}

static void
test_files(void **state)
{
	struct cseal_evidence_set s = { .n = 0 };
	struct cseal_evidence_file f;

	(void)state;
	assert_int_equal(add(&s, "/tmp/x/bank letter_1.pdf", "abc"), CSEAL_OK);
	assert_string_equal(
	    cseal_buf_str(&s.pieces[0].text), DIGEST_ABC " bank letter_1.pdf");
	assert_true(
	    cseal_evidence_file_parse(&f, cseal_buf_slice(&s.pieces[0].text)));
	assert_string_equal(f.name, "bank letter_1.pdf");
	assert_int_equal(f.digest[0], 0xba);
	assert_int_equal(add(&s, "a/", "abc"), CSEAL_ERR_INPUT);
	assert_int_equal(add(&s, ".pdf", "abc"), CSEAL_ERR_INPUT);
	assert_int_equal(add(&s, " a", "abc"), CSEAL_ERR_INPUT);
	assert_int_equal(add(&s, "a ", "abc"), CSEAL_ERR_INPUT);
	assert_int_equal(add(&s, "a\tb", "abc"), CSEAL_ERR_INPUT);
	assert_int_equal(add(&s,
			     "a\xe2\x80\xae"
			     "fdp.exe",
			     "abc"),
	    CSEAL_ERR_INPUT);
	assert_int_equal(add(&s, "letter", ""), CSEAL_ERR_INPUT);
	assert_int_equal(s.n, 1);
	for (size_t i = 1; i < CSEAL_EVIDENCE_MAX; i++)
		assert_int_equal(add(&s, "l", "abc"), CSEAL_OK);
	assert_int_equal(add(&s, "l", "abc"), CSEAL_ERR_TOO_LARGE);
	cseal_evidence_free(&s);
}

static void
test_texts_of_no_file(void **state)
{
	static const char *const no[] = { "", DIGEST_ABC, DIGEST_ABC " ",
		DIGEST_ABC "_a", DIGEST_ABC " a/b", DIGEST_ABC " .a",
		"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2001"
		"5ad a",
		DIGEST_ABC " a\n", "reason" };
	struct cseal_evidence_file f;

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(cseal_evidence_file_parse(&f, slice(no[i])));
	assert_false(cseal_evidence_file_parse(
	    &f, (struct cseal_slice){ (const uint8_t *)DIGEST_ABC " a\0b",
		    sizeof(DIGEST_ABC) + 3 }));
}

static void
test_texts(void **state)
{
	struct cseal_evidence_set s = { .n = 0 };
	struct cseal_error err = { 0 };
	const struct cseal_slice number = slice("+49 30 901820"),
				 words = slice("ring me");

	(void)state;
	assert_int_equal(cseal_evidence_add_text(&s, CSEAL_EVIDENCE_CALL_BACK,
			     number.data, number.len, &err),
	    CSEAL_OK);
	assert_string_equal(cseal_buf_str(&s.pieces[0].text), "+4930901820");
	assert_int_equal(cseal_evidence_add_text(&s, CSEAL_EVIDENCE_CALL_BACK,
			     words.data, words.len, &err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(cseal_evidence_add_text(&s, CSEAL_EVIDENCE_DOCUMENT,
			     words.data, words.len, &err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_evidence_add_text(&s, CSEAL_EVIDENCE_REASON,
			     words.data, words.len, &err),
	    CSEAL_OK);
	assert_int_equal(s.n, 2);
	assert_int_equal(cseal_evidence_set_gives(&s), CSEAL_WANT_REASON);
	cseal_evidence_free(&s);
	cseal_evidence_free(NULL);
}

/* In the order in which they are encoded, whatever that of the calls. */
static void
test_checks(void **state)
{
	struct cseal_evidence_set s = { .n = 0 };

	(void)state;
	assert_int_equal(cseal_evidence_add_check(&s, 3, 2), CSEAL_OK);
	assert_int_equal(cseal_evidence_add_check(&s, 1, 1), CSEAL_OK);
	assert_int_equal(cseal_evidence_add_check(&s, 2, 4), CSEAL_OK);
	assert_int_equal(cseal_evidence_add_check(&s, 2, 1), CSEAL_ERR_USAGE);
	assert_int_equal(s.n_checks, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(s.checks[i].check, i + 1);
	assert_int_equal(cseal_evidence_set_gives(&s), CSEAL_WANT_CALLBACK);
	s.n_checks = 0;
	assert_int_equal(cseal_evidence_add_check(&s, 0, 1), CSEAL_ERR_USAGE);
	assert_int_equal(cseal_evidence_add_check(&s, 4, 1), CSEAL_ERR_USAGE);
	assert_int_equal(cseal_evidence_add_check(&s, 1, 4), CSEAL_ERR_USAGE);
	assert_int_equal(cseal_evidence_add_check(&s, 1, 0), CSEAL_ERR_USAGE);
	assert_int_equal(cseal_evidence_add_check(&s, 3, 4), CSEAL_ERR_USAGE);
	assert_int_equal(s.n_checks, 0);
}

static void
test_gives(void **state)
{
	for (uint64_t call = 0; call <= 3; call++) {
		for (uint64_t name = 0; name <= 4; name++) {
			struct cseal_check v[2] = { { 1, call }, { 2, name } };
			struct cseal_statement st = { .kind = CSEAL_APPROVE };

			st.u.act.checks = v;
			st.u.act.n_checks = 2;
			assert_int_equal(cseal_evidence_gives(&st),
			    (call == 1 ? CSEAL_WANT_CALLBACK : 0) |
				(name == 1 ? CSEAL_WANT_NAME_CHECK : 0));
			assert_int_equal(
			    cseal_checks_warn(v, 2), call == 3 || name == 3);
		}
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_texts_of_no_file),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_gives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
