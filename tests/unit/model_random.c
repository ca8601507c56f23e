/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the generator prefers: open changes, keys that exist, heads that are
 * there. The rest is chance: every refusal comes, and many acts stand.
 */

#include "model_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR 3600
#define ALL  ((1u << MODEL_ROLES) - 1)

uint64_t
model_draw(struct model_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t
model_below(struct model_random *r, uint64_t n)
{
	return model_draw(r) % n;
}

bool
model_chance(struct model_random *r, unsigned percent)
{
	return model_below(r, 100) < percent;
}

static unsigned
draw_roles(struct model_random *r)
{
	return (unsigned)model_below(r, ALL + 1);
}

/* ---- policies ---- */

static void
alter_kind(struct model_kind *k, struct model_random *r)
{
	switch (model_below(r, 13)) {
	case 0: k->there = false; break;
	case 1: k->count[0] = 2; break;
	case 2:
		k->role[1] =
		    k->role[0] == MODEL_FINANCE ? MODEL_ADMIN : MODEL_FINANCE;
		k->count[1] = 1;
		break;
	case 3: k->role[0] = 1u << model_below(r, MODEL_ROLES); break;
	case 4: k->request = draw_roles(r); break;
	case 5: k->apply = draw_roles(r); break;
	case 6: k->observe = draw_roles(r); break;
	case 7: k->lives = HOUR; break;
	case 9: k->level = model_below(r, 5); break;
	case 10: k->himself = true; break;
	case 8: k->reenter = (unsigned)model_below(r, 3); break;
	case 11:
		k->evidence = 1u << model_below(r, MODEL_WANTS) |
			      1u << model_below(r, MODEL_WANTS);
		break;
	default: k->cooling = HOUR; break;
	}
	if (k->role[0] == k->role[1])
		k->count[1] = 0;
}

#define ALTERATIONS 14

static void
alter_rules(struct model_rules *p, struct model_random *r, uint64_t which)
{
	unsigned i = (unsigned)model_below(r, MODEL_STORES);

	switch (which % ALTERATIONS) {
	case 0:
		p->has_store[i] = true;
		p->store[i] = 1 + (unsigned)model_below(r, 3);
		break;
	case 1: p->any = (unsigned)model_below(r, 3); break;
	case 2: p->freeze_by = draw_roles(r); break;
	case 3: p->on_drift = false; break;
	case 4: p->uv_optional = true; break;
	case 5:
	case 11: p->attested = true; break;
	case 6: p->tolerance = model_chance(r, 50) ? 0 : 2 * HOUR; break;
	case 7:
	case 8: alter_kind(&p->kind[MODEL_IBAN], r); break;
	case 9: p->kind[MODEL_EMAIL].there = false; break;
	case 10: p->kind[model_below(r, MODEL_WHATS)].there = false; break;
	default: alter_kind(&p->kind[model_below(r, MODEL_WHATS)], r); break;
	}
}

void
model_policies_draw(
    struct model_policies *p, struct model_random *r, bool other)
{
	for (p->n = 0; p->n < MODEL_POLICIES; p->n++) {
		struct model_policy *at = &p->at[p->n];
		uint64_t alter = p->n == 0 ? 0 : model_below(r, 4);

		model_rules_fixed(&at->rules);
		if (p->n == 0 && other) {
			at->rules.kind[MODEL_IBAN].count[0] = 2;
			at->rules.kind[MODEL_IBAN].cooling = HOUR;
			at->rules.kind[MODEL_IBAN].reenter = 2;
			at->rules.kind[MODEL_EMAIL].role[1] = MODEL_FINANCE;
			at->rules.kind[MODEL_EMAIL].count[1] = 1;
			at->rules.kind[MODEL_EMAIL].evidence =
			    MODEL_WANT_CALLBACK | MODEL_WANT_REASON;
			at->rules.kind[MODEL_PERSON_SET].request = ALL;
			at->rules.kind[MODEL_FREEZE_LIFT].request = ALL;
			at->rules.kind[MODEL_FREEZE_LIFT].count[0] = 2;
			at->rules.on_drift = false;
		}
		if (p->n > 0)
			alter_rules(&at->rules, r, p->n);
		for (; alter > 0; alter--)
			alter_rules(&at->rules, r, model_draw(r));
		cseal_buf_init(&at->text, 0);
		model_policy_text(&at->rules, &at->text);
		assert_int_equal(cseal_buf_error(&at->text), CSEAL_OK);
	}
}

void
model_policies_free(struct model_policies *p)
{
	for (size_t i = 0; i < p->n; i++)
		cseal_buf_free(&p->at[i].text);
}

/* ---- an act ---- */

static void
draw_time(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;
	uint64_t chance = model_below(r, 1000);

	c->clock += 60;
	if (chance < 40)
		c->clock += 2 * HOUR;
	else if (chance < 55)
		c->clock += 80 * HOUR;
	a->clock = c->clock;
	if (chance > 960)
		a->clock -= HOUR;
	if (chance == 960)
		a->clock = UINT64_MAX - model_below(r, 100);
}

static void
draw_head(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;
	uint64_t chance = model_below(r, 100), size = c->model.size;

	a->seen = size;
	if (chance < 16)
		a->seen = size - 1 - model_below(r, size < 7 ? size - 1 : 6);
	else if (chance < 18)
		a->seen = size + 1 + model_below(r, 2);
	else if (chance < 19)
		a->seen = 0;
}

static void
draw_counter(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;
	uint32_t highest = 0;

	for (uint64_t i = 0; i < c->model.size; i++) {
		if (c->model.entries[i].key == a->key &&
		    c->model.entries[i].counter > highest)
			highest = c->model.entries[i].counter;
	}
	a->counter = highest + 1 + (uint32_t)model_below(r, 3);
	if (model_chance(r, 5))
		a->counter = (uint32_t)model_below(r, highest + 2);
}

/* Mostly an open change, and rather a late one. */
static uint64_t
draw_change(struct model_course *c)
{
	struct model_random *r = &c->random;
	const struct model *m = &c->model;

	for (int tries = 0; m->n_changes > 0 && tries < 6; tries++) {
		const struct model_change *x =
		    &m->changes[model_below(r, m->n_changes)];

		if (model_is_open(x) || model_chance(r, 15))
			return x->index;
	}
	return 1 + model_below(r, m->size + 1);
}

static void
draw_target(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;
	const struct model *m = &c->model;

	a->roles = 1 + (unsigned)model_below(r, ALL);
	a->rules = &c->policies->at[model_below(r, c->policies->n)].rules;
	switch (a->what) {
	case MODEL_KEY_ADD: a->number = model_below(r, MODEL_SPARES); break;
	case MODEL_KEY_REVOKE: a->number = model_below(r, m->n_keys + 1); break;
	case MODEL_FREEZE_LIFT:
		a->number =
		    m->n_freezes == 0 ? 0 : model_below(r, m->n_freezes);
		break;
	default: a->number = model_below(r, MODEL_PERSONS); break;
	}
}

static void
draw_request(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;
	const struct model_kind *k;

	a->what = MODEL_IBAN;
	if (model_chance(r, 20))
		a->what = MODEL_EMAIL;
	else if (model_chance(r, 40))
		a->what = (enum model_what)(
		    MODEL_KEY_ADD +
		    model_below(r, MODEL_WHATS - MODEL_KEY_ADD));
	/* Proofs of new keys are checked with arithmetic that costs. */
	if (a->what == MODEL_KEY_ADD && model_chance(r, 40))
		a->what = MODEL_PERSON_SET;
	else if (c->model.n_freezes > 0 && model_chance(r, 35))
		a->what = MODEL_FREEZE_LIFT;
	draw_target(c, a);
	a->op = CSEAL_OP_REPLACE;
	if (model_chance(r, a->what < MODEL_KEY_ADD ? 25 : 1))
		a->op = 1 + model_below(r, 4);
	a->store = model_chance(r, 20) ? 1 : 0;
	a->item = model_chance(r, 90) ? 0 : (unsigned)model_below(r, 3);
	a->before = model_in_force(&c->model, model_slot(&c->model, a));
	if (model_chance(r, 4))
		a->before = model_chance(r, 50) ? 0 : draw_change(c);
	k = &c->model.rules->kind[a->what];
	a->not_after = a->clock + 1 + model_below(r, k->lives + 1);
	if (model_chance(r, 3))
		a->not_after = a->clock - model_below(r, 2);
}

static void
draw_freeze(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;

	a->has_store = model_chance(r, 50);
	a->has_key = model_chance(r, a->has_store ? 5 : 75);
	a->store = model_chance(r, 20) ? 1 : 0;
	a->number = model_below(r, c->model.n_keys + 1);
}

/* One row a kind, and how often it comes. */
static const struct {
	uint64_t kind;
	unsigned often;
} kinds[] = {
	{ CSEAL_JOIN, 1 },
	{ CSEAL_REQUEST, 22 },
	{ CSEAL_APPROVE, 36 },
	{ CSEAL_REJECT, 4 },
	{ CSEAL_WITHDRAW, 3 },
	{ CSEAL_APPLY, 20 },
	{ CSEAL_OBSERVE, 4 },
	{ CSEAL_FREEZE, 5 },
	{ CSEAL_ERASE, 3 },
	{ CSEAL_ENDORSE, 1 },
	{ CSEAL_IGNORED_FROM, 1 },
};

static uint64_t
draw_kind(struct model_course *c)
{
	uint64_t n = model_below(&c->random, 100);
	size_t i = 0;

	if (!model_is_founded(&c->model) && model_chance(&c->random, 50))
		return CSEAL_JOIN;
	if (c->model.n_changes == 0 && model_chance(&c->random, 50))
		return CSEAL_REQUEST;
	while (n >= kinds[i].often)
		n -= kinds[i++].often;
	return kinds[i].kind;
}

/* Mostly nothing that stands against it. */
static void
draw_grounds(struct model_random *r, struct model_act *a)
{
	a->reason = model_chance(r, 50);
	a->document = model_chance(r, 30);
	a->callback = model_chance(r, 40) ? 1 : (unsigned)model_below(r, 3);
	a->names = model_chance(r, 40) ? 1 : (unsigned)model_below(r, 3);
	if (model_chance(r, 3))
		a->callback = 3;
	if (model_chance(r, 3))
		a->names = 3 + (unsigned)model_below(r, 2);
}

static void
draw_once(struct model_course *c, struct model_act *a)
{
	struct model_random *r = &c->random;

	a->key = model_below(r, c->model.n_keys + model_chance(r, 10));
	a->lie = MODEL_TRUE;
	if (model_chance(r, 10))
		a->lie = (enum model_lie)(1 + model_below(r, MODEL_LIES - 1));
	draw_head(c, a);
	a->reused = 0;
	if (model_chance(r, 3) && c->commits > MODEL_COMMITS_FROM)
		a->reused = MODEL_COMMITS_FROM +
			    model_below(r, c->commits - MODEL_COMMITS_FROM);
	a->change = draw_change(c);
	a->outcome = model_chance(r, 60) ? 1 : 1 + model_below(r, 3);
	a->reentered = model_chance(r, 80) ? 2 : (unsigned)model_below(r, 3);
	draw_grounds(r, a);
	if (a->kind == CSEAL_REQUEST)
		draw_request(c, a);
	else if (a->kind == CSEAL_FREEZE)
		draw_freeze(c, a);
	else if (a->kind == CSEAL_ENDORSE)
		a->number = 1 + model_below(r, c->model.size);
	if (a->kind == CSEAL_OBSERVE) {
		a->what = model_chance(r, 70) ? MODEL_IBAN : MODEL_EMAIL;
		a->store = (unsigned)model_below(r, MODEL_STORES);
		a->level = model_below(r, 5);
	}
}

void
model_act_draw(struct model_course *c, struct model_act *a)
{
	int tries = model_chance(&c->random, 60) ? 12 : 1;

	memset(a, 0, sizeof(*a));
	a->commits = c->commits;
	c->commits += MODEL_COMMITS;
	a->kind = draw_kind(c);
	draw_time(c, a);
	do
		draw_once(c, a);
	while (--tries > 0 && model_judge(&c->model, a) != NULL);
	draw_counter(c, a);
}
