/* SPDX-License-Identifier: BSD-2-Clause */
/* From what was said, and the fixed rules for the rest, to rules and text. */

#include <stdlib.h>
#include <string.h>

#include "counterseal/statement.h"

#include "policy_targets.h"

/* A target's rules in the making. */
struct settling {
	struct cseal_policy_source *s;
	struct cseal_policy *fixed; /* the fixed rules */
	struct cseal_buf text;	    /* of one value */
	struct cseal_error *err;
};

/*
 * Reads every key of a target: as it was said, else as it was said of the
 * wider one, else as it stands in `fixed`.
 */
static int
settle(struct settling *m, const struct policy_target *t,
    const struct policy_target *wider, const void *fixed, void *section)
{
	const struct policy_key *k;
	int r = CSEAL_OK;

	for (size_t i = 0; r == CSEAL_OK && t->keys[i].name != NULL; i++) {
		const char *value = t->said[i].value;

		k = &t->keys[i];
		if (value == NULL && wider != NULL)
			value = wider->said[i].value;
		cseal_buf_reset(&m->text);
		if (value != NULL)
			(void)cseal_buf_add_str(&m->text, value);
		else
			k->write((const uint8_t *)fixed + k->offset, k->how,
			    &m->text);
		r = cseal_buf_error(&m->text);
		if (r == CSEAL_OK)
			r = k->read(&m->s->p->pool, cseal_buf_str(&m->text),
			    k->how, (uint8_t *)section + k->offset);
	}
	return r;
}

static int
settle_stores(struct settling *m)
{
	struct cseal_policy *p = m->s->p;
	const struct policy_target *any = NULL;
	int r = CSEAL_OK;

	p->stores = calloc(m->s->n_stores + 1, sizeof(*p->stores));
	if (p->stores == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = 0; i < m->s->n_stores; i++) {
		if (strcmp(m->s->stores[i]->name, "*") == 0)
			any = m->s->stores[i];
	}
	for (size_t i = 0; r == CSEAL_OK && i < m->s->n_stores; i++) {
		const struct policy_target *t = m->s->stores[i];
		struct cseal_policy_store *to = &p->stores[p->n_stores++];

		/* "*" or a handle, so it fits. */
		memcpy(to->name, t->name, strlen(t->name) + 1);
		r = settle(m, t, any, &m->fixed->stores[0], to);
	}
	return r;
}

/* Nobody can guess what a provider is: two keys have no fixed value. */
static int
settle_providers(struct settling *m)
{
	static const char *const wanted[] = { "programme member", "schemes" };
	struct cseal_policy *p = m->s->p;
	const struct cseal_provider none = { .member = 0 };
	int r = CSEAL_OK;

	p->providers = calloc(POLICY_PROVIDERS_MAX, sizeof(*p->providers));
	if (p->providers == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = 0; r == CSEAL_OK && i < m->s->n_providers; i++) {
		const struct policy_target *t = m->s->providers[i];
		struct cseal_provider *to = &p->providers[p->n_providers++];

		memcpy(to->name, t->name, strlen(t->name) + 1);
		for (size_t w = 0; w < 2; w++) {
			const size_t key = policy_key_find(t->keys, wanted[w]);

			if (t->said[key].value == NULL)
				return policy_source_refuse(m->err, t->line,
				    "[provider %s] lacks '%s': write it as %s",
				    t->name, wanted[w], t->keys[key].form);
		}
		r = settle(m, t, NULL, &none, to);
	}
	return r;
}

static int
settle_changes(struct settling *m)
{
	struct cseal_policy *p = m->s->p;
	int r = CSEAL_OK;

	p->changes = calloc(POLICY_CHANGES_MAX, sizeof(*p->changes));
	if (p->changes == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = 0; r == CSEAL_OK && i < m->s->n_kinds; i++) {
		const struct policy_target *t = &m->s->kinds[i];
		struct cseal_policy_change *to = &p->changes[p->n_changes];

		if (t->line == 0)
			continue;
		to->kinds = (uint64_t)1 << i;
		p->n_changes++;
		r = settle(m, t, NULL,
		    cseal_policy_change(m->fixed, cseal_kind_at(i)), to);
	}
	return r;
}

static int
parse_fixed(struct cseal_policy **out)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	r = cseal_policy_default(&b);
	if (r == CSEAL_OK)
		r = cseal_policy_parse(
		    out, CSEAL_POLICY_LANGUAGE, cseal_buf_slice(&b), NULL);
	cseal_buf_free(&b);
	return r;
}

/* What is handed out is read again first: it will be signed. */
static int
write_text(struct settling *m)
{
	struct cseal_policy_source *s = m->s;
	int r;

	r = cseal_policy_write(s->p, &s->text);
	if (r == CSEAL_OK && s->text.len > CSEAL_POLICY_MAX)
		return cseal_error_set(m->err, CSEAL_ERR_TOO_LARGE, "policy",
		    "with every rule written out it has %zu bytes, more than "
		    "%zu: let more stores and kinds have the same rules",
		    s->text.len, (size_t)CSEAL_POLICY_MAX);
	if (r == CSEAL_OK)
		r = cseal_policy_parse(&s->rules, CSEAL_POLICY_LANGUAGE,
		    cseal_buf_slice(&s->text), m->err);
	/* Terminated, so that it can be handed out as it is. */
	(void)cseal_buf_str(&s->text);
	return r;
}

int
policy_source_settle(struct cseal_policy_source *s, struct cseal_error *err)
{
	struct settling m = { .s = s, .err = err };
	int r;

	cseal_buf_init(&m.text, 0);
	if ((r = parse_fixed(&m.fixed)) == CSEAL_OK &&
	    (r = settle(&m, &s->ledger, NULL, &m.fixed->ledger,
		 &s->p->ledger)) == CSEAL_OK &&
	    (r = settle(&m, &s->freeze, NULL, &m.fixed->freeze,
		 &s->p->freeze)) == CSEAL_OK &&
	    (r = settle_stores(&m)) == CSEAL_OK &&
	    (r = settle_providers(&m)) == CSEAL_OK &&
	    (r = settle_changes(&m)) == CSEAL_OK)
		r = write_text(&m);
	cseal_policy_free(m.fixed);
	cseal_buf_free(&m.text);
	return r;
}

/* ---- what is asked of it ---- */

void
cseal_policy_source_free(struct cseal_policy_source *s)
{
	if (s == NULL)
		return;
	cseal_policy_free(s->p); /* and with it what targets say */
	cseal_policy_free(s->rules);
	cseal_buf_free(&s->text);
	free(s->stores);
	free(s);
}

const struct cseal_policy *
cseal_policy_source_rules(const struct cseal_policy_source *s)
{
	return s->rules;
}

struct cseal_slice
cseal_policy_source_text(const struct cseal_policy_source *s)
{
	return cseal_buf_slice(&s->text);
}

static const struct policy_target *
find_target(
    const struct cseal_policy_source *s, const char *section, const char *name)
{
	if (strcmp(section, "ledger") == 0)
		return &s->ledger;
	if (strcmp(section, "freeze") == 0)
		return &s->freeze;
	for (size_t i = 0; strcmp(section, "store") == 0 && i < s->n_stores;
	     i++) {
		if (strcmp(s->stores[i]->name, name) == 0)
			return s->stores[i];
	}
	for (size_t i = 0;
	     strcmp(section, "provider") == 0 && i < s->n_providers; i++) {
		if (strcmp(s->providers[i]->name, name) == 0)
			return s->providers[i];
	}
	for (size_t i = 0; strcmp(section, "change") == 0 && i < s->n_kinds;
	     i++) {
		if (strcmp(s->kinds[i].name, name) == 0)
			return &s->kinds[i];
	}
	return NULL;
}

unsigned
cseal_policy_source_line(const struct cseal_policy_source *s,
    const char *section, const char *name, const char *key)
{
	const struct policy_target *t = find_target(s, section, name);
	size_t i;

	if (t == NULL)
		return 0;
	if (key == NULL)
		return t->line;
	i = policy_key_find(t->keys, key);
	return i == SIZE_MAX ? 0 : t->said[i].line;
}
