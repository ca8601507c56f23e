/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "counterseal/err.h"

static void
near_names(void **state)
{
	static const char *const names[] = { "request", "approve", "reject",
		"apply", "observe", "show" };
	static const struct {
		const char *word;
		const char *near;
	} v[] = {
		{ "aprove", "approve" },
		{ "apporve", "approve" },
		{ "APPLY", "apply" },
		{ "aply", "apply" },
		{ "reqest", "request or reject" },
		{ "shwo", "show" },
		{ "reqect", "reject or request" },
		{ "obseve", "observe" },
		{ "verify", "" },
		{ "", "" },
		{ "a", "" },
		{ "hs", "" },
		{ "sh", "" },
	};
	static const char *const abc[] = { "abcd", "abce", "abcf" };
	struct cseal_buf b;
	char longer[200];

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		cseal_buf_reset(&b);
		assert_int_equal(cseal_near(&b, v[i].word, names,
				     sizeof(names) / sizeof(*names)),
		    CSEAL_OK);
		assert_string_equal(cseal_buf_str(&b), v[i].near);
	}
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	cseal_buf_reset(&b);
	assert_int_equal(cseal_near(&b, longer, names, 6), CSEAL_OK);
	assert_int_equal(b.len, 0);
	assert_int_equal(cseal_near(&b, "x", NULL, 0), CSEAL_OK);
	cseal_buf_reset(&b);
	cseal_near(&b, "abcg", abc, 3);
	assert_string_equal(cseal_buf_str(&b), "abcd, abce or abcf");
	cseal_buf_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
