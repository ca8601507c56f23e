/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"
#include "input.h"
#include "remains.h"

#include <errno.h>
#include <string.h>

int
policy_read(struct cli *c, const char *path, struct cseal_policy_source **out)
{
	const bool standard = strcmp(path, "-") == 0;
	struct cseal_error err = { 0 };
	struct cseal_buf b;
	int r;

	*out = NULL;
	cseal_buf_init(&b, CSEAL_POLICY_SOURCE_MAX + 1);
	r = input_bytes(path, CSEAL_POLICY_SOURCE_MAX + 1, &b);
	if (r == CSEAL_ERR_IO) {
		cli_error(c, r, path, "%s",
		    errno != 0 ? strerror(errno) : cseal_strerror(r));
		c->failed_as = CLI_FILE;
	} else if (r == CSEAL_OK || r == CSEAL_ERR_TOO_LARGE) {
		if (r == CSEAL_OK)
			r = cseal_policy_source_parse(
			    out, cseal_buf_slice(&b), &err);
		if (r != CSEAL_OK)
			cli_error(c, r, standard ? "standard input" : path,
			    "%s%s%.380s", err.where,
			    err.where[0] != '\0' ? ": " : "",
			    err.what[0] != '\0' ? err.what : cseal_strerror(r));
	}
	cseal_buf_free(&b);
	return r;
}

int
policy_hex(struct cseal_slice text, char out[2 * CSEAL_HASH_BYTES + 1])
{
	uint8_t hash[CSEAL_HASH_BYTES];
	int r = cseal_policy_hash(text, hash);

	out[0] = '\0';
	if (r == CSEAL_OK)
		cseal_hex(hash, sizeof(hash), out);
	return r;
}

unsigned
policy_line(
    const struct cseal_policy_source *s, const struct cseal_lint_finding *f)
{
	unsigned line;

	if (s == NULL || f->section[0] == '\0')
		return 0;
	line = cseal_policy_source_line(s, f->section, f->name, f->key);
	return line != 0
		   ? line
		   : cseal_policy_source_line(s, f->section, f->name, NULL);
}

/* "line 12: [change payout.*] approvals: ..." */
static void
warn_of(struct cli *c, const struct cseal_lint_finding *f, const char *where,
    const struct cseal_policy_source *s)
{
	const unsigned line = policy_line(s, f);
	char place[32] = "";

	if (line != 0)
		snprintf(place, sizeof(place), "line %u: ", line);
	cli_warn(c, "%s: %s%s: %s%s%s%s%s%s (%s)", where, place,
	    f->error ? "error" : "warning", f->head[0] != '\0' ? "[" : "",
	    f->head, f->head[0] != '\0' ? "] " : "",
	    f->key != NULL ? f->key : "", f->key != NULL ? ": " : "",
	    f->sentence, f->rule->code);
}

int
policy_judge(struct cli *c, const struct cseal_lint *l, const char *where,
    const struct cseal_policy_source *s)
{
	const size_t errors = cseal_lint_errors(l);
	const struct cseal_lint_finding *f;

	for (size_t i = 0; (f = cseal_lint_finding(l, i)) != NULL; i++)
		warn_of(c, f, where, s);
	if (errors == 0)
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_REFUSED, where,
	    "nobody could live with these rules: %zu error%s, the first of "
	    "them %s",
	    errors, errors == 1 ? "" : "s",
	    cseal_lint_finding(l, 0)->rule->code);
}

int
policy_review(struct cli *c, struct cli_act *a)
{
	struct cseal_lint_change then = { .accept_single_keys = true };
	const struct cseal_lint_finding *f;
	struct cseal_policy *asked = NULL;
	struct cseal_lint *l = NULL;
	struct cseal_slice text;
	int r;

	then.has_key =
	    cseal_change_revoked_key(a->change, &then.key) == CSEAL_OK;
	if (a->change->kind->detail == CSEAL_DETAIL_PERSON_LEAVE)
		then.person = a->change->slot;
	if (then.has_key || then.person != NULL)
		return cli_remains(c, a, &then);
	if (cseal_change_policy_text(a->change, &text) != CSEAL_OK)
		return CSEAL_OK;
	r = cseal_policy_parse(&asked, CSEAL_POLICY_LANGUAGE, text, &c->err);
	then.policy = asked;
	if (r == CSEAL_OK)
		r = cseal_lint_state(&l, cseal_desk_state(a->desk), &then);
	for (size_t i = 0;
	     r == CSEAL_OK && (f = cseal_lint_finding(l, i)) != NULL; i++)
		warn_of(c, f, "the rules asked for", NULL);
	cseal_lint_free(l);
	cseal_policy_free(asked);
	return r;
}
