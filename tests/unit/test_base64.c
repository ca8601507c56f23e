/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64 read back: the one text of the bytes, and no other. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"

#include "base64.h"
#include "slice.h"

/* What is written is read back, of every length and byte. */
static void
test_back(void **state)
{
	uint8_t bytes[256];
	struct cseal_buf text, back;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
	for (size_t n = 1; n <= sizeof(bytes); n++) {
		for (int url = 0; url < 2; url++) {
			cseal_buf_init(&text, 0);
			cseal_buf_init(&back, 0);
			assert_int_equal(url ? cseal_base64url(&text, bytes, n)
					     : cseal_base64(&text, bytes, n, 0),
			    CSEAL_OK);
			assert_int_equal(
			    base64_read(&back, cseal_buf_slice(&text),
				url ? BASE64_URL : BASE64_PADDED),
			    CSEAL_OK);
			assert_int_equal(back.len, n);
			assert_memory_equal(back.data, bytes, n);
			cseal_buf_free(&text);
			cseal_buf_free(&back);
		}
	}
}

static void
test_refused(void **state)
{
	static const struct {
		enum base64_form form;
		const char *text;
	} rows[] = {
		{ BASE64_URL, "" },
		{ BASE64_URL, "A" },
		{ BASE64_URL, "AAAAA" },
		{ BASE64_URL, "AB" }, /* bits left over */
		{ BASE64_URL, "AAB" },
		{ BASE64_URL, "AA==" },
		{ BASE64_URL, "AA+A" },
		{ BASE64_URL, "AA/A" },
		{ BASE64_URL, "AA A" },
		{ BASE64_URL, "AAAA\n" },
		{ BASE64_PADDED, "" },
		{ BASE64_PADDED, "====" },
		{ BASE64_PADDED, "A===" },
		{ BASE64_PADDED, "AA" },
		{ BASE64_PADDED, "AB==" },
		{ BASE64_PADDED, "AAB=" },
		{ BASE64_PADDED, "AA==AAAA" },
		{ BASE64_PADDED, "AA-A" },
		{ BASE64_PADDED, "AA_A" },
		{ BASE64_PADDED, "AA\nA" },
		{ BASE64_PADDED, "AAA=\n" },
	};
	struct cseal_buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cseal_buf_init(&out, 0);
		assert_int_equal(cseal_buf_add_str(&out, "x"), CSEAL_OK);
		if (base64_read(&out, slice_of(rows[i].text), rows[i].form) !=
		    CSEAL_ERR_FORMAT)
			fail_msg("taken: %s", rows[i].text);
		assert_int_equal(out.len, 1);
		cseal_buf_free(&out);
	}
}

/* A buffer's limit is kept. */
static void
test_limit(void **state)
{
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 4);
	assert_int_equal(base64_read(&out, slice_of("AAAAAAAA"), BASE64_URL),
	    CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
