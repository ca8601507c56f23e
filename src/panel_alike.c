/* SPDX-License-Identifier: BSD-2-Clause */
/* What a value could be taken for: approved ones, and those of the policy. */

#include <string.h>

#include "panel.h"
#include "skeleton.h"
#include "slice.h"

#define DOMAIN_LEAST 6 /* in shorter ones one character is much */

/* Values of one class are compared, whatever field they stand in. */
enum class {
	CLASS_NONE,
	CLASS_NAME,
	CLASS_EMAIL,
	CLASS_ACCOUNT, /* with the same field alone */
};

static enum class class_of(const struct cseal_field *f) {
	static const struct { const char * format; enum class class; }
rows[] = {
	{ "holder", CLASS_NAME },
	{ "name", CLASS_NAME },
	{ "email", CLASS_EMAIL },
};

for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
	if (strcmp(f->format->name, rows[i].format) == 0)
		return rows[i].class;
}
return f->account ? CLASS_ACCOUNT : CLASS_NONE;
}

/* Of an address, or of its skeleton: nothing folds with an '@'. */
static struct cseal_slice
domain_of(struct cseal_slice email)
{
	size_t at = email.len;

	while (at > 0 && email.data[at - 1] != '@')
		at--;
	return (struct cseal_slice){ email.data + at, email.len - at };
}

/* One that the value could be taken for; a whole value, or a domain. */
struct alike {
	struct cseal_buf text;
	enum panel_alike_of of;
	bool is_rule;
};

/* The search for those of one value. */
struct search {
	const struct panel_change *p;
	struct cseal_slice value;
	struct cseal_buf skeleton;
	const struct cseal_field *field;
	enum class class;
	/* Of the kind that was looked at last. */
	const struct cseal_kind *kind;
	bool wanted[CSEAL_KIND_FIELDS_MAX];
	struct vec found; /* struct alike: of the policy, then the latest */
	bool exact[PANEL_ALIKE_DOMAIN + 1]; /* it was approved itself */
};

static bool
is_found(
    const struct search *s, struct cseal_slice text, enum panel_alike_of of)
{
	for (size_t i = 0; i < s->found.n; i++) {
		const struct alike *a = s->found.items[i];

		if (a->of == of && slice_same(cseal_buf_slice(&a->text), text))
			return true;
	}
	return false;
}

static int
add(struct search *s, struct cseal_slice text, enum panel_alike_of of,
    bool is_rule)
{
	struct alike *a;

	if (is_found(s, text, of))
		return CSEAL_OK;
	if ((a = vec_add(&s->found, sizeof(*a))) == NULL)
		return CSEAL_ERR_NOMEM;
	a->of = of;
	a->is_rule = is_rule;
	cseal_buf_init(&a->text, 0);
	return cseal_buf_add(&a->text, text.data, text.len);
}

/* A value that was approved, or that the policy names, and its skeleton. */
struct other {
	struct cseal_slice value;
	struct cseal_slice skeleton; /* empty: it has none */
	bool is_rule;
};

static int
weigh_domain(struct search *s, const struct other *o)
{
	const struct cseal_slice mine =
	    domain_of(cseal_buf_slice(&s->skeleton));
	const struct cseal_slice theirs = domain_of(o->skeleton);

	if (slice_same(domain_of(o->value), domain_of(s->value)))
		s->exact[PANEL_ALIKE_DOMAIN] = true;
	else if (mine.len >= DOMAIN_LEAST && theirs.len >= DOMAIN_LEAST &&
		 skeleton_is_near(mine, theirs))
		return add(
		    s, domain_of(o->value), PANEL_ALIKE_DOMAIN, o->is_rule);
	return CSEAL_OK;
}

static int
weigh(struct search *s, const struct other *o)
{
	int r = CSEAL_OK;

	if (slice_same(o->value, s->value))
		s->exact[PANEL_ALIKE_VALUE] = true;
	else if (o->skeleton.len > 0 &&
		 slice_same(o->skeleton, cseal_buf_slice(&s->skeleton)))
		r = add(s, o->value, PANEL_ALIKE_VALUE, o->is_rule);
	if (r == CSEAL_OK && s->class == CLASS_EMAIL)
		r = weigh_domain(s, o);
	return r;
}

/* Which fields of a kind are compared. */
static void
choose_fields(struct search *s, const struct cseal_kind *k)
{
	s->kind = k;
	for (size_t i = 0; i < k->n_fields; i++) {
		const struct cseal_field *f = &k->fields[i];

		s->wanted[i] = s->class == CLASS_ACCOUNT
				   ? f == s->field
				   : class_of(f) == s->class;
	}
}

static int
weigh_change(
    struct search *s, const struct state_change *c, struct cseal_error *err)
{
	struct other o = { .is_rule = false };
	int r = CSEAL_OK;

	if (c->pub.kind != s->kind)
		choose_fields(s, c->pub.kind);
	for (size_t i = 0; i < s->kind->n_fields && r == CSEAL_OK; i++) {
		if (!s->wanted[i])
			continue;
		r = values_skeleton(
		    s->p->openings, c, i, &o.value, &o.skeleton, err);
		if (r == CSEAL_OK && o.value.len > 0)
			r = weigh(s, &o);
	}
	return r;
}

/* A name that the policy has, or a domain. */
static int
weigh_rule(struct search *s, const char *text)
{
	struct other o = { .value = slice_of(text), .is_rule = true };
	struct cseal_buf skeleton;
	int r;

	cseal_buf_init(&skeleton, 0);
	if (skeleton_of(o.value, &skeleton))
		o.skeleton = cseal_buf_slice(&skeleton);
	r = s->class == CLASS_NAME ? weigh(s, &o) : weigh_domain(s, &o);
	cseal_buf_free(&skeleton);
	return r;
}

static int
weigh_names(struct search *s, const struct cseal_names *names)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < names->n && r == CSEAL_OK; i++)
		r = weigh_rule(s, names->items[i]);
	return r;
}

/* Names of accounts at providers, and of the companies that have stores. */
static int
weigh_holders(struct search *s, const struct cseal_policy *p)
{
	const struct cseal_policy_store *store;
	const struct cseal_provider *v;
	int r = CSEAL_OK;

	for (size_t i = 0;
	     r == CSEAL_OK && (v = cseal_policy_provider(p, i)) != NULL; i++)
		r = weigh_names(s, &v->payees);
	for (size_t i = 0;
	     r == CSEAL_OK && (store = cseal_policy_store_at(p, i)) != NULL;
	     i++)
		r = weigh_names(s, &store->legal_name);
	return r;
}

/*
 * Those of any kind: where the policy names some for this kind, no others can
 * be asked for at all.
 */
static int
weigh_domains(struct search *s, const struct cseal_policy *p)
{
	const struct cseal_policy_change *rules;
	const struct cseal_kind *k;
	int r = CSEAL_OK;

	for (size_t i = 0; r == CSEAL_OK && (k = cseal_kind_at(i)) != NULL;
	     i++) {
		if ((rules = cseal_policy_change(p, k)) == NULL)
			continue;
		r = weigh_names(s, &rules->company_domains);
		if (r == CSEAL_OK)
			r = weigh_names(s, &rules->free_mail);
	}
	return r;
}

static int
weigh_policy(struct search *s)
{
	const struct cseal_policy *p = cseal_state_policy(s->p->state);

	if (s->class == CLASS_NAME)
		return weigh_holders(s, p);
	return s->class == CLASS_EMAIL ? weigh_domains(s, p) : CSEAL_OK;
}

/* What was approved at some time, the latest first. */
static int
weigh_changes(struct search *s, struct cseal_error *err)
{
	const struct vec *changes = &s->p->state->changes;
	int r = CSEAL_OK;

	for (size_t i = changes->n; i > 0 && r == CSEAL_OK; i--) {
		const struct state_change *c = changes->items[i - 1];

		if (c != s->p->change && c->pub.approved_by != 0)
			r = weigh_change(s, c, err);
	}
	return r;
}

/*
 * Told, from the first way to the last: those that count; nothing; and those
 * that do not count because the value, or its domain, was approved itself.
 */
static const struct alike *
choose(const struct search *s, unsigned way)
{
	unsigned n = 0;

	for (int last = 0; last < 2; last++) {
		for (size_t i = 0; i < s->found.n; i++) {
			const struct alike *a = s->found.items[i];

			if (s->exact[a->of] == (last == 1) && n++ == way)
				return a;
		}
		if (last == 0 && n++ == way)
			return NULL;
	}
	return NULL;
}

static void
free_alike(void *item)
{
	cseal_buf_free(&((struct alike *)item)->text);
}

static int
search(struct search *s, struct panel_value *v, struct panel_choice *choice,
    struct cseal_error *err)
{
	const struct alike *a;
	int r;

	/* What has no skeleton is like nothing. */
	if (!skeleton_of(s->value, &s->skeleton))
		return cseal_buf_error(&s->skeleton);
	if ((r = weigh_policy(s)) != CSEAL_OK ||
	    (r = weigh_changes(s, err)) != CSEAL_OK)
		return r;
	choice->ways = (unsigned)s->found.n + 1;
	if ((a = choose(s, choice->way)) == NULL)
		return CSEAL_OK;
	v->alike_of = a->of;
	v->alike_is_rule = a->is_rule;
	return cseal_buf_add(&v->alike, a->text.data, a->text.len);
}

int
panel_look_alike(struct panel_change *p, struct panel_value *v,
    struct panel_choice *choice, struct cseal_error *err)
{
	struct search s = { .p = p,
		.value = v->next,
		.field = v->field,
		.class = class_of(v->field) };
	int r = CSEAL_OK;

	cseal_buf_reset(&v->alike);
	cseal_buf_init(&s.skeleton, 0);
	choice->ways = 1;
	/* What stays was compared when it came. */
	if (s.class != CLASS_NONE && v->has_next && v->next.len > 0 &&
	    !panel_is_same(v))
		r = search(&s, v, choice, err);
	cseal_buf_free(&s.skeleton);
	vec_free(&s.found, free_alike);
	return r;
}
