/* SPDX-License-Identifier: BSD-2-Clause */
/* What one lost or frozen key would leave. */

#include <string.h>

#include "lint.h"

#define NOBODY SIZE_MAX

static bool
possible(const struct cseal_lint *l, const struct lint_team *t,
    const char *kind, size_t subject)
{
	const struct cseal_policy_change *c = lint_rules_of(l, kind);
	struct lint_seats s;

	if (c == NULL)
		return false;
	lint_seats_of(&s, c, false, false);
	return lint_possible(t, c, &s, subject);
}

/* As the fold asks it (docs/format.md, "administration"). */
static bool
administrable(const struct cseal_lint *l, const struct lint_team *t)
{
	return possible(l, t, "key.add", NOBODY) &&
	       possible(l, t, "key.revoke", NOBODY) &&
	       possible(l, t, "policy.set", NOBODY);
}

static void
add_name(struct cseal_buf *names, const char *name)
{
	(void)cseal_buf_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
}

/* Names of those with one key, and with several, whose loss is too much. */
struct losses {
	bool administrable; /* with all keys; else it was said elsewhere */
	bool liftable;
	struct cseal_buf single;
	struct cseal_buf revoke;
	struct cseal_buf lift_single;
	struct cseal_buf lift;
};

/* Whose key is lost does not decide on its revocation, nor on a lift. */
static void
lose(const struct cseal_lint *l, struct lint_team *t, size_t i,
    struct losses *out)
{
	const struct cseal_lint_person *p = &t->persons[i];

	if (p->keys == 0)
		return;
	t->loser = i;
	if (out->administrable &&
	    (!administrable(l, t) || !possible(l, t, "key.revoke", i)))
		add_name(p->keys == 1 ? &out->single : &out->revoke, p->handle);
	if (out->liftable && !possible(l, t, "freeze.lift", i))
		add_name(
		    p->keys == 1 ? &out->lift_single : &out->lift, p->handle);
	t->loser = NOBODY;
}

static void
tell(struct cseal_lint *l, struct losses *found)
{
	const struct lint_place keys = { .section = "change",
		.key = "approvals",
		.kinds = lint_kind("key.revoke") };
	const struct lint_place lift = { .section = "change",
		.key = "approvals",
		.kinds = lint_kind("freeze.lift") };

	if (found->single.len > 0)
		lint_say_unless(l, l->o->accept_single_keys, LINT_SINGLE_KEY,
		    &keys,
		    "if the one key of %.100s is lost, nobody is left who can "
		    "change keys or rules: add a second key for each of them, "
		    "or take the risk with --accept-single-keys",
		    cseal_buf_str(&found->single));
	if (found->revoke.len > 0)
		lint_say(l, LINT_REVOKE_BLOCKED, &keys,
		    "a lost key of %.100s could not be revoked, for its owner "
		    "does not decide on it: let more persons ask for "
		    "key.revoke or approve it",
		    cseal_buf_str(&found->revoke));
	if (found->lift_single.len > 0)
		lint_say_unless(l, l->o->accept_single_keys, LINT_LIFT_BLOCKED,
		    &lift,
		    "with the one key of %.100s frozen, nobody is left who can "
		    "lift the freeze: add a second key for each of them",
		    cseal_buf_str(&found->lift_single));
	if (found->lift.len > 0)
		lint_say(l, LINT_LIFT_BLOCKED, &lift,
		    "with a key of %.100s frozen, nobody could lift the "
		    "freeze, for its owner does not decide on it: let more "
		    "persons ask for freeze.lift or approve it",
		    cseal_buf_str(&found->lift));
}

/* What is impossible with all keys was said of its own section. */
void
lint_losses(struct cseal_lint *l)
{
	struct lint_team t = {
		.persons = l->o->persons, .n = l->o->n_persons, .loser = NOBODY
	};
	struct losses found;

	cseal_buf_init(&found.single, 0);
	cseal_buf_init(&found.revoke, 0);
	cseal_buf_init(&found.lift_single, 0);
	cseal_buf_init(&found.lift, 0);
	found.administrable = administrable(l, &t);
	found.liftable = cseal_policy_may_freeze(l->p)->n > 0 &&
			 possible(l, &t, "freeze.lift", NOBODY);
	for (size_t i = 0; i < t.n; i++)
		lose(l, &t, i, &found);
	tell(l, &found);
	cseal_buf_free(&found.single);
	cseal_buf_free(&found.revoke);
	cseal_buf_free(&found.lift_single);
	cseal_buf_free(&found.lift);
}
