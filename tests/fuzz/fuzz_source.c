/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules as people write them. What they expand to is read as the same rules,
 * and expands to the same bytes; between it and itself there is no difference;
 * lint has a code and a sentence for whatever it says.
 */

#include "counterseal/lint.h"
#include "counterseal/policy_source.h"
#include "counterseal/statement.h"
#include "fuzz_bytes.h"

static int
must_not_differ(void *ctx, const struct cseal_policy_difference *d)
{
	(void)ctx;
	(void)d;
	fuzz_must(false, "a policy differs from itself");
	return CSEAL_OK;
}

static void
must_be_fixed(const struct cseal_policy_source *s)
{
	const struct cseal_slice text = cseal_policy_source_text(s);
	struct cseal_policy_source *again = NULL;
	struct cseal_policy *p = NULL;
	struct cseal_slice twice;

	fuzz_must(cseal_policy_parse(&p, CSEAL_POLICY_LANGUAGE, text, NULL) ==
		      CSEAL_OK,
	    "an expanded text that cannot be read");
	fuzz_must(cseal_policy_source_parse(&again, text, NULL) == CSEAL_OK,
	    "an expanded text that cannot be expanded");
	twice = cseal_policy_source_text(again);
	fuzz_must(text.len == twice.len &&
		      memcmp(text.data, twice.data, text.len) == 0,
	    "expanded again it is another text");
	fuzz_must(cseal_policy_diff(cseal_policy_source_rules(s), p,
		      must_not_differ, NULL) == CSEAL_OK,
	    "a difference that cannot be told");
	cseal_policy_source_free(again);
	cseal_policy_free(p);
}

static void
must_lint(const struct cseal_policy *p)
{
	static const struct cseal_roles all = {
		{ "admin", "approver", "operator" }, 3
	};
	static const struct cseal_roles some = { { "operator" }, 1 };
	const struct cseal_lint_person team[] = { { "lin", &all, 2 },
		{ "mina", &all, 1 }, { "petr", &some, 1 } };
	const struct cseal_lint_options o = { .persons = team,
		.n_persons = sizeof(team) / sizeof(*team) };
	const struct cseal_lint_finding *f;
	struct cseal_lint *l = NULL;

	fuzz_must(cseal_lint_new(&l, p, &o) == CSEAL_OK, "lint gives up");
	for (size_t i = 0; (f = cseal_lint_finding(l, i)) != NULL; i++)
		fuzz_must(f->rule->code[0] != '\0' && f->sentence[0] != '\0' &&
			      f->error == (i < cseal_lint_errors(l)),
		    "a finding without words, or out of order");
	cseal_lint_free(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice text = { data, size };
	struct cseal_policy_source *s = NULL;
	struct cseal_error err = { 0 };
	int r = cseal_policy_source_parse(&s, text, &err);

	if (r != CSEAL_OK) {
		fuzz_must(s == NULL && err.what[0] != '\0',
		    "a refusal without a reason");
		fuzz_must(r == CSEAL_ERR_INPUT || r == CSEAL_ERR_TOO_LARGE,
		    "a refusal of another kind");
		return 0;
	}
	must_be_fixed(s);
	must_lint(cseal_policy_source_rules(s));
	cseal_policy_source_free(s);
	return 0;
}
