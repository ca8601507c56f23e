/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rules come to without a key or a person, told before the touch. */

#include "remains.h"

#include <string.h>

/* It is found of those that are there today, too. */
static bool
is_old(const struct cseal_lint *now, const struct cseal_lint_finding *f)
{
	const struct cseal_lint_finding *o;

	for (size_t i = 0; (o = cseal_lint_finding(now, i)) != NULL; i++) {
		if (o->rule == f->rule && strcmp(o->head, f->head) == 0 &&
		    strcmp(o->sentence, f->sentence) == 0)
			return true;
	}
	return false;
}

static void
say(struct cli *c, json_t *list, const struct cseal_lint_finding *f)
{
	cli_warn(c, "what remains%s%s%s: %s", f->head[0] != '\0' ? " [" : "",
	    f->head, f->head[0] != '\0' ? "]" : "", f->sentence);
	json_array_append_new(list,
	    json_pack("{s:s, s:b, s:s, s:s}", "code", f->rule->code, "error",
		(int)f->error, "section", f->head, "sentence", f->sentence));
}

int
cli_remains(
    struct cli *c, struct cli_act *a, const struct cseal_lint_change *change)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const struct cseal_lint_change nothing = { .policy = NULL };
	const struct cseal_lint_finding *f;
	struct cseal_lint *now = NULL, *then = NULL;
	json_t *list = json_array();
	int r;

	if ((r = cseal_lint_state(&now, s, &nothing)) == CSEAL_OK)
		r = cseal_lint_state(&then, s, change);
	for (size_t i = 0;
	     r == CSEAL_OK && (f = cseal_lint_finding(then, i)) != NULL; i++) {
		if (!is_old(now, f))
			say(c, list, f);
	}
	cseal_lint_free(then);
	cseal_lint_free(now);
	if (a->more == NULL)
		a->more = json_object();
	json_object_set_new(a->more, "remains", list);
	return r;
}
