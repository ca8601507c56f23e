/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a policy. What is read as one is of the characters that
 * docs/policy.md names, and its comments and empty lines say nothing.
 */

#include "counterseal/policy_source.h"
#include "fuzz_bytes.h"

static size_t
line_end(const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '\n', n);

	fuzz_must(end != NULL, "a policy whose last line has no end");
	return (size_t)(end - p);
}

/* The only keys whose values are not of ASCII alone. */
static bool
has_names(const uint8_t *line, size_t n)
{
	return (n > 8 && memcmp(line, "payee = ", 8) == 0) ||
	       (n > 13 && memcmp(line, "legal name = ", 13) == 0);
}

/* Without what says nothing, appended. */
static void
strip(struct cseal_slice text, struct cseal_buf *out)
{
	size_t n;

	for (size_t at = 0; at < text.len; at += n + 1) {
		const uint8_t *p = text.data + at;

		n = line_end(p, text.len - at);
		fuzz_must(n <= CSEAL_POLICY_LINE_MAX, "a line too long");
		if (n == 0 || p[0] == ';')
			continue;
		for (size_t i = 0; i < n; i++)
			fuzz_must(
			    p[i] >= 0x20 && (p[i] <= 0x7e || has_names(p, n)),
			    "a strange byte");
		(void)cseal_buf_add(out, p, n + 1);
	}
}

static void
must_say_the_same(const struct cseal_policy *a, const struct cseal_policy *b)
{
	const struct cseal_policy_change *c;
	const struct cseal_kind *k;
	struct cseal_buf x, y;

	cseal_buf_init(&x, 0);
	cseal_buf_init(&y, 0);
	fuzz_must(cseal_policy_write(a, &x) == CSEAL_OK &&
		      cseal_policy_write(b, &y) == CSEAL_OK && x.len == y.len &&
		      memcmp(x.data, y.data, x.len) == 0,
	    "comments alter the rules");
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		c = cseal_policy_change(a, k);
		fuzz_must(c == NULL || (c->places.n >= 1 &&
					   c->places.n <= CSEAL_PLACES_MAX),
		    "a kind without places");
	}
	cseal_buf_free(&x);
	cseal_buf_free(&y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice text = { data, size };
	struct cseal_policy *p = NULL, *again = NULL;
	struct cseal_error err = { 0 };
	struct cseal_buf b;

	if (cseal_policy_parse(&p, CSEAL_POLICY_LANGUAGE, text, &err) !=
	    CSEAL_OK) {
		fuzz_must(p == NULL && err.what[0] != '\0',
		    "a refusal without a reason");
		return 0;
	}
	cseal_buf_init(&b, 0);
	strip(text, &b);
	fuzz_must(cseal_policy_parse(&again, CSEAL_POLICY_LANGUAGE,
		      cseal_buf_slice(&b), NULL) == CSEAL_OK,
	    "a policy that needs its comments");
	must_say_the_same(p, again);
	cseal_policy_free(p);
	cseal_policy_free(again);
	cseal_buf_free(&b);
	return 0;
}
