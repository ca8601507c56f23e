/* SPDX-License-Identifier: BSD-2-Clause */
/* observe: what the console shows, against what is in force. */
#include "observe.h"

#include <stdlib.h>
#include <string.h>

const struct cli_option cli_observe_options[] = {
	{ "store", 0, "ALIAS", false, "which store's console was read" },
	{ "slot", 0, "SLOT", false, "which place in it; payout if not given" },
	{ "kind", 0, "KIND", false, "of what is shown, if it is another kind" },
	{ "from", 0, "FILE", false, "a reading in JSON; - is standard input" },
	{ "source", 0, "WORD", false, "what was read: console, if not given" },
	{ "whole", 0, NULL, false, "ask for whole numbers, not their ends" },
	{ "empty", 0, NULL, false, "the console shows nothing there" },
	{ "funds", 0, NULL, false, "a payout was seen to arrive there" },
	{ "dry-run", 0, NULL, false, "compare, and seal nothing" },
	{ "monitor", 0, NULL, false,
	    "seal bad news alone, by a monitor's key" },
	{ NULL, 0, NULL, false, NULL },
};

/* ---- the place ---- */

/* The slot of what is in force in the store, if it is one thing alone. */
static const char *
only_slot(const struct cseal_state *s, const char *store)
{
	const struct cseal_state_slot *t, *found = NULL;

	for (size_t i = 0; (t = cseal_state_slot(s, i)) != NULL; i++) {
		if (store == NULL || strcmp(t->store, store) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = t;
	}
	return found != NULL ? found->slot : NULL;
}

static const char *
kind_in_force(const struct cseal_state *s, const char *store, const char *slot)
{
	const struct cseal_state_slot *t;
	const struct cseal_state_change *h = NULL;

	if (store == NULL)
		return NULL;
	t = cseal_state_slot_find(s, store, slot != NULL ? slot : "payout");
	if (t != NULL)
		h = cseal_state_change_find(s, t->change);
	return h != NULL ? h->kind->name : NULL;
}

void
observe_free_list(struct observe *v)
{
	for (size_t i = 0; i < v->n; i++)
		cseal_observation_free(&v->list[i].o);
	free(v->list);
	v->list = NULL;
	v->n = 0;
}

int
observe_add(struct observe *v, const char *kind, const char *store,
    const char *slot, bool by_script, struct observe_reading **out)
{
	const struct cseal_state *s = cseal_desk_state(v->d);
	struct observe_reading *r;

	r = reallocarray(v->list, v->n + 1, sizeof(*r));
	if (r == NULL)
		return CSEAL_ERR_NOMEM;
	v->list = r;
	r += v->n;
	memset(r, 0, sizeof(*r));
	store = store != NULL ? store : v->store;
	slot = slot != NULL ? slot : v->slot;
	kind = kind != NULL ? kind : v->kind;
	if (kind == NULL && slot == NULL)
		slot = only_slot(s, store);
	if (kind == NULL)
		kind = kind_in_force(s, store, slot);
	*out = r;
	snprintf(r->source, sizeof(r->source), "%s",
	    by_script ? "script" : "console");
	v->n++;
	return cseal_observation_init(&r->o, kind, store, slot, &v->c->err);
}

/* ---- one after the other ---- */

static int
check_options(struct cli *c)
{
	const bool from = cli_option_given(c, "from");

	if (from && c->n_words > 0)
		return cli_error(c, CSEAL_ERR_USAGE, c->words[0],
		    "give what is shown in the file or as words, not both");
	if (from &&
	    (cli_option_given(c, "empty") || cli_option_given(c, "funds") ||
		cli_option_given(c, "whole") || cli_option_given(c, "kind")))
		return cli_error(c, CSEAL_ERR_USAGE, "--from",
		    "the file says that itself: empty, funds, kind");
	if (!from && cli_option(c, "store") == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--store",
		    "is needed: the alias of the store, such as main-de");
	return CSEAL_OK;
}

static int
choose_key(struct observe *v)
{
	int r;

	if (v->has_key)
		return CSEAL_OK;
	r = cli_option_given(v->c, "monitor")
		? cli_key_choose_monitor(v->c, v->d, &v->key)
		: cli_key_choose(v->c, v->d, &v->key);
	v->has_key = r == CSEAL_OK;
	return r;
}

static int
seal(struct observe *v, struct observe_result *res)
{
	struct cseal_draft *draft = NULL;
	struct cli *c = v->c;
	int r = choose_key(v);

	if (r == CSEAL_OK)
		r = cseal_draft_observe(&draft, v->d, v->key.number, &res->r->o,
		    res->r->seen_at, res->r->source, &c->err);
	if (r == CSEAL_OK) {
		res->confirming =
		    cseal_slot_confirming(cseal_desk_state(v->d), res->j.slot,
			cseal_state_key(cseal_desk_state(v->d), v->key.number)
			    ->person,
			res->j.compared.level);
		r = cli_seal(
		    c, v->d, draft, &v->key, "to report this", &res->index);
		res->sealed = r == CSEAL_OK;
	}
	cseal_draft_free(draft);
	return r;
}

/*
 * A monitor has nothing to say of a match, which it could not seal either; and
 * what it reported an hour ago it does not report again.
 */
static bool
is_to_be_sealed(const struct observe *v, const struct observe_result *res)
{
	if (cli_option_given(v->c, "dry-run") || res->j.is_idle)
		return false;
	return !cli_option_given(v->c, "monitor") ||
	       (res->j.outcome != CSEAL_OBSERVE_MATCH && !res->j.is_reported);
}

static void
remember_names(struct observe *v, struct observe_result *res)
{
	if (res->j.change != NULL)
		cseal_change_name(res->j.change, res->name);
	if (res->j.fits != NULL)
		cseal_change_name(res->j.fits, res->fits);
	if (res->j.slot != NULL)
		res->wanted =
		    cseal_slot_level(cseal_desk_state(v->d), res->j.slot);
}

static int
one(struct observe *v, const struct observe_reading *reading)
{
	struct observe_result res = { .r = reading };
	struct cseal_buf sentence;
	struct cli *c = v->c;
	int r;

	cseal_buf_init(&sentence, 0);
	r = cseal_desk_observe(
	    v->d, &reading->o, reading->seen_at, &res.j, &c->err);
	if (r == CSEAL_OK)
		r = cseal_judgement_text(v->d, &reading->o, &res.j, &sentence);
	if (r == CSEAL_OK) {
		remember_names(v, &res);
		v->is_bad = v->is_bad || res.j.outcome != CSEAL_OBSERVE_MATCH;
		res.sentence = cseal_buf_str(&sentence);
		if (is_to_be_sealed(v, &res))
			r = seal(v, &res);
	}
	if (r == CSEAL_OK)
		r = observe_tell(v, &res);
	cseal_buf_free(&sentence);
	return r;
}

static int
run(struct observe *v)
{
	struct cli *c = v->c;
	const char *from = cli_option(c, "from");
	int r = check_options(c);

	if (r == CSEAL_OK)
		r = cli_desk_open(c, !cli_option_given(c, "dry-run"), &v->d);
	if (r == CSEAL_OK)
		r = from != NULL ? observe_read(v, from) : observe_words(v);
	for (size_t i = 0; i < v->n && r == CSEAL_OK; i++)
		r = one(v, &v->list[i]);
	return r;
}

int
cli_observe(struct cli *c)
{
	struct observe v = { .c = c };
	int r = run(&v);

	r = r != CSEAL_OK ? cli_fail(c, r) : v.is_bad ? CLI_NO : CLI_DONE;
	observe_free_list(&v);
	cli_key_free(&v.key);
	cseal_desk_close(v.d);
	return r;
}
