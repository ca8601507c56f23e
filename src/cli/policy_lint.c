/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

#include <string.h>
#include <unistd.h>

#define INDENT 2
#define WIDTH  (size_t)76

const struct cli_option cli_policy_lint_options[] = {
	{ "accept-single-keys", 0, NULL, false,
	    "one lost key may end it all: a warning" },
	{ NULL, 0, NULL, false, NULL },
};

/* Without a ledger nothing can be said of persons. */
static int
lint(
    struct cli *c, const struct cseal_policy_source *s, struct cseal_lint **out)
{
	const struct cseal_lint_options nobody = { .persons = NULL };
	const struct cseal_lint_change then = {
		.policy = cseal_policy_source_rules(s),
		.accept_single_keys = cli_option_given(c, "accept-single-keys"),
	};
	struct cseal_desk *d;
	int r;

	if (c->ledger.source != CLI_FROM_OPTION &&
	    access(c->ledger.value, F_OK) != 0) {
		cli_note(c, "There is no ledger here, so nothing is said of "
			    "its persons.\n");
		return cseal_lint_new(
		    out, cseal_policy_source_rules(s), &nobody);
	}
	r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK)
		return r;
	r = cseal_lint_state(out, cseal_desk_state(d), &then);
	cseal_desk_close(d);
	return r;
}

static int
tell_json(struct cli *c, const struct cseal_policy_source *s,
    const struct cseal_lint_finding *f)
{
	const unsigned line = policy_line(s, f);

	return cli_json(
	    c, json_pack("{s:s, s:s, s:o, s:s, s:s?, s:s}", "code",
		   f->rule->code, "grade", f->error ? "error" : "warning",
		   "line", line != 0 ? json_integer(line) : json_null(),
		   "section", f->head, "key", f->key, "sentence", f->sentence));
}

static int
tell_text(struct cli *c, const struct cseal_policy_source *s,
    const struct cseal_lint_finding *f)
{
	const unsigned line = policy_line(s, f);
	struct cseal_buf lines;
	const char *p;
	size_t n;

	cli_say(c, "%s: ", f->error ? "error" : "warning");
	if (line != 0)
		cli_say(c, "line %u: ", line);
	cli_say(c, "%s%s%s%s%s (%s)\n", f->head[0] != '\0' ? "[" : "", f->head,
	    f->head[0] != '\0' ? "]" : "the whole", f->key != NULL ? " " : "",
	    f->key != NULL ? f->key : "", f->rule->code);
	cseal_buf_init(&lines, 0);
	(void)cli_wrap(&lines, f->sentence, WIDTH);
	for (p = cseal_buf_str(&lines); *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		cli_say(c, "%*s%.*s\n", INDENT, "", (int)n, p);
	}
	cseal_buf_free(&lines);
	return CLI_DONE;
}

static int
tell(struct cli *c, const struct cseal_policy_source *s,
    const struct cseal_lint *l)
{
	const struct cseal_lint_finding *f;
	int status = CLI_DONE;
	size_t n = 0;

	for (; status == CLI_DONE && (f = cseal_lint_finding(l, n)) != NULL;
	     n++)
		status = c->json ? tell_json(c, s, f) : tell_text(c, s, f);
	if (!c->json && n == 0)
		cli_say(c, "%s: nothing to complain of\n", c->words[0]);
	if (status != CLI_DONE)
		return status;
	return cseal_lint_errors(l) > 0 ? CLI_NO : CLI_DONE;
}

int
cli_policy_lint(struct cli *c)
{
	struct cseal_policy_source *s;
	struct cseal_lint *l = NULL;
	int status, r;

	r = policy_read(c, c->words[0], &s);
	if (r == CSEAL_OK)
		r = lint(c, s, &l);
	status = r == CSEAL_OK ? tell(c, s, l) : cli_fail(c, r);
	cseal_lint_free(l);
	cseal_policy_source_free(s);
	return status;
}
