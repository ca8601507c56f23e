/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policy's text, line by line: "[section]" or "key = value". Which keys a
 * section has stands in policy_keys.c; each is written once, each must be
 * there. An unknown word is an error, never a guess.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/statement.h"
#include "counterseal/text.h"

#include "policy_parts.h"
#include "utf8.h"

/* ---- the parse ---- */

/* Which section the next lines belong to. */
struct parse {
	struct cseal_policy *p;
	const struct policy_key *keys; /* NULL before the first */
	void *section;
	uint32_t seen;	    /* its keys, by their place in `keys` */
	size_t first_store; /* of the section, while it is of stores */
	bool has_ledger;
	bool has_freeze;
	char title[80];
	unsigned line;
	struct cseal_error *err;
};

static int
refuse(struct parse *ps, const char *rule, const char *word)
{
	char where[32];
	struct cseal_buf safe;
	int r;

	cseal_buf_init(&safe, 512);
	(void)cseal_text_safe(&safe, (const uint8_t *)word, strlen(word), 60);
	(void)snprintf(where, sizeof(where), "policy, line %u", ps->line);
	r = cseal_error_set(ps->err, CSEAL_ERR_INPUT, where, "%s%s%s", rule,
	    word[0] != '\0' ? ": " : "", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
	return r;
}

/* Ends the first of some names; what follows it, or NULL. */
static char *
next_name(char *names)
{
	char *space = strchr(names, ' ');

	if (space == NULL)
		return NULL;
	*space = '\0';
	return space + 1;
}

/* The other stores of the section that ends are as its first. */
static void
share_store(struct parse *ps)
{
	struct cseal_policy *p = ps->p;
	struct cseal_policy_store same;

	for (size_t i = ps->first_store + 1; i < p->n_stores; i++) {
		same = p->stores[ps->first_store];
		memcpy(same.name, p->stores[i].name, sizeof(same.name));
		p->stores[i] = same;
	}
}

/* Every key of the section that ends must have been written. */
static int
end_section(struct parse *ps)
{
	char rule[128];

	for (size_t i = 0; ps->keys != NULL && ps->keys[i].name != NULL; i++) {
		if ((ps->seen & (1u << i)) != 0)
			continue;
		(void)snprintf(rule, sizeof(rule), "section [%s] lacks the key",
		    ps->title);
		return refuse(ps, rule, ps->keys[i].name);
	}
	if (ps->keys == policy_store_keys)
		share_store(ps);
	return CSEAL_OK;
}

static int
begin(struct parse *ps, const struct policy_key *keys, void *section)
{
	ps->keys = keys;
	ps->section = section;
	ps->seen = 0;
	return CSEAL_OK;
}

static int
begin_ledger(struct parse *ps, char *name)
{
	if (ps->has_ledger)
		return refuse(ps, "this section stands twice", ps->title);
	ps->has_ledger = true;
	(void)name;
	return begin(ps, policy_ledger_keys, &ps->p->ledger);
}

static int
begin_freeze(struct parse *ps, char *name)
{
	if (ps->has_freeze)
		return refuse(ps, "this section stands twice", ps->title);
	ps->has_freeze = true;
	(void)name;
	return begin(ps, policy_freeze_keys, &ps->p->freeze);
}

/* Room for one store more. */
static bool
make_room(struct cseal_policy *p)
{
	size_t cap = p->stores_cap == 0 ? 8 : p->stores_cap * 2;
	struct cseal_policy_store *grown;

	if (p->n_stores < p->stores_cap)
		return true;
	grown = reallocarray(p->stores, cap, sizeof(*grown));
	if (grown == NULL)
		return false;
	p->stores = grown;
	p->stores_cap = cap;
	return true;
}

static int
add_store(struct parse *ps, const char *name)
{
	struct cseal_policy *p = ps->p;
	struct cseal_policy_store *s;

	if (strcmp(name, "*") != 0 && !cseal_text_is_handle(name, strlen(name)))
		return refuse(ps, "not a store's alias", name);
	for (size_t i = 0; i < p->n_stores; i++) {
		if (strcmp(p->stores[i].name, name) == 0)
			return refuse(ps, "this store stands twice", name);
	}
	if (p->n_stores == POLICY_STORES_MAX)
		return refuse(ps, "more than 1024 stores", "");
	if (!make_room(p))
		return CSEAL_ERR_NOMEM;
	s = &p->stores[p->n_stores++];
	memset(s, 0, sizeof(*s));
	/* "*" or a handle, so it fits. */
	memcpy(s->name, name, strlen(name) + 1);
	return CSEAL_OK;
}

/* Several stores of one section: the first is read into. */
static int
begin_store(struct parse *ps, char *names)
{
	char *next;
	int r = CSEAL_OK;

	ps->first_store = ps->p->n_stores;
	for (; r == CSEAL_OK && names != NULL; names = next) {
		next = next_name(names);
		r = add_store(ps, names);
	}
	return r != CSEAL_OK ? r
			     : begin(ps, policy_store_keys,
				   &ps->p->stores[ps->first_store]);
}

static int
begin_provider(struct parse *ps, char *name)
{
	struct cseal_policy *p = ps->p;
	struct cseal_provider *v;

	if (!cseal_text_is_handle(name, strlen(name)))
		return refuse(ps, "not a provider's alias", name);
	for (size_t i = 0; i < p->n_providers; i++) {
		if (strcmp(p->providers[i].name, name) == 0)
			return refuse(ps, "this provider stands twice", name);
	}
	if (p->n_providers == POLICY_PROVIDERS_MAX)
		return refuse(ps, "more than 64 providers", "");
	v = &p->providers[p->n_providers++];
	memcpy(v->name, name, strlen(name) + 1);
	return begin(ps, policy_provider_keys, v);
}

/* One kind of a section; kinds with values and of authority do not mix. */
static int
add_kind(struct parse *ps, struct cseal_policy_change *c, const char *name)
{
	const struct cseal_kind *k = cseal_kind_find(name, strlen(name));
	const struct policy_key *keys;
	size_t i = 0;

	if (k == NULL)
		return refuse(ps, "not a kind of change", name);
	if (cseal_policy_change(ps->p, k) != NULL)
		return refuse(ps, "this kind stands twice", name);
	keys = k->authority ? policy_authority_keys : policy_change_keys;
	if (c->kinds != 0 && ps->keys != keys)
		return refuse(ps,
		    "kinds with values and kinds of authority stand in "
		    "sections of their own",
		    name);
	while (cseal_kind_at(i) != k)
		i++;
	c->kinds |= (uint64_t)1 << i;
	return begin(ps, keys, c);
}

static int
begin_change(struct parse *ps, char *name)
{
	struct cseal_policy *p = ps->p;
	struct cseal_policy_change *c;
	char *next;
	int r = CSEAL_OK;

	if (p->n_changes == POLICY_CHANGES_MAX)
		return refuse(ps, "more than 64 sections of changes", "");
	c = &p->changes[p->n_changes++];
	for (; r == CSEAL_OK && name != NULL; name = next) {
		next = next_name(name);
		r = add_kind(ps, c, name);
	}
	return r;
}

static const struct {
	const char *name; /* with a space behind it, if a name follows */
	int (*begin)(struct parse *ps, char *name);
} sections[] = {
	{ "ledger", begin_ledger },
	{ "freeze", begin_freeze },
	{ "store ", begin_store },
	{ "provider ", begin_provider },
	{ "change ", begin_change },
};

static int
begin_section(struct parse *ps, char *line, size_t n)
{
	size_t len;
	int r;

	if (n < 3 || line[n - 1] != ']')
		return refuse(ps, "a section is written [name]", line);
	if ((r = end_section(ps)) != CSEAL_OK)
		return r;
	line[n - 1] = '\0';
	(void)snprintf(ps->title, sizeof(ps->title), "%.70s", ++line);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		len = strlen(sections[i].name);
		if (sections[i].name[len - 1] == ' '
			? strncmp(line, sections[i].name, len) == 0
			: strcmp(line, sections[i].name) == 0)
			return sections[i].begin(ps, line + len);
	}
	return refuse(ps, "there is no such section", ps->title);
}

static int
take_value(struct parse *ps, const struct policy_key *row, const char *value)
{
	char rule[192];
	int r = row->read(&ps->p->pool, value, row->how,
	    (uint8_t *)ps->section + row->offset);

	if (r != CSEAL_ERR_INPUT)
		return r;
	(void)snprintf(rule, sizeof(rule),
	    "%s is written %s, and this is not understood", row->name,
	    row->form);
	return refuse(ps, rule, value);
}

static int
take_key(struct parse *ps, char *line)
{
	char *value = strstr(line, " = ");

	if (ps->keys == NULL)
		return refuse(ps, "a key before any section", line);
	if (value == NULL || value == line)
		return refuse(ps, "a line is written key = value", line);
	*value = '\0';
	value += 3;
	for (size_t i = 0; ps->keys[i].name != NULL; i++) {
		if (strcmp(ps->keys[i].name, line) != 0)
			continue;
		if ((ps->seen & (1u << i)) != 0)
			return refuse(ps, "this key stands twice", line);
		ps->seen |= 1u << i;
		return take_value(ps, &ps->keys[i], value);
	}
	return refuse(ps, "there is no such key here", line);
}

/*
 * ASCII, but for names of holders, which their reader looks at more closely:
 * here nothing passes that could hide from a reader.
 */
static bool
is_readable(const char *line, size_t n)
{
	size_t len;
	uint32_t c;

	for (size_t at = 0; at < n; at += len) {
		c = utf8_next((const uint8_t *)line + at, n - at, &len);
		if (c == UTF8_BROKEN || utf8_columns(c) == 0)
			return false;
	}
	return true;
}

static bool
is_ascii(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)line[i] < 0x20 || (uint8_t)line[i] > 0x7e)
			return false;
	}
	return true;
}

/* `line` is terminated, without its line feed. */
static int
take_line(struct parse *ps, char *line, size_t n)
{
	if (n == 0 || line[0] == ';')
		return CSEAL_OK;
	if (!is_ascii(line, n) &&
	    (!is_readable(line, n) ||
		(strncmp(line, "payee = ", 8) != 0 &&
		    strncmp(line, "legal name = ", 13) != 0)))
		return refuse(ps, "only printable ASCII may stand here", line);
	return line[0] == '[' ? begin_section(ps, line, n) : take_key(ps, line);
}

static int
take_text(struct parse *ps, struct cseal_slice text)
{
	char line[CSEAL_POLICY_LINE_MAX + 1];
	size_t n;
	int r;

	for (size_t at = 0; at < text.len; at += n + 1) {
		const uint8_t *p = text.data + at;
		const uint8_t *end = memchr(p, '\n', text.len - at);

		ps->line++;
		if (end == NULL)
			return refuse(ps, "the last line is not ended", "");
		n = (size_t)(end - p);
		if (n > CSEAL_POLICY_LINE_MAX)
			return refuse(ps, "longer than 1024 bytes", "");
		memcpy(line, p, n);
		line[n] = '\0';
		if (strlen(line) != n)
			return refuse(ps, "a NUL byte stands here", "");
		r = take_line(ps, line, n);
		if (r != CSEAL_OK)
			return r;
	}
	r = end_section(ps);
	if (r == CSEAL_OK && !ps->has_ledger)
		return refuse(ps, "there is no section [ledger]", "");
	if (r == CSEAL_OK && !ps->has_freeze)
		return refuse(ps, "there is no section [freeze]", "");
	return r;
}

static struct cseal_policy *
policy_new(void)
{
	struct cseal_policy *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->changes = calloc(POLICY_CHANGES_MAX, sizeof(*p->changes));
	p->providers = calloc(POLICY_PROVIDERS_MAX, sizeof(*p->providers));
	if (p->changes != NULL && p->providers != NULL)
		return p;
	cseal_policy_free(p);
	return NULL;
}

int
cseal_policy_parse(struct cseal_policy **out, uint64_t language,
    struct cseal_slice text, struct cseal_error *err)
{
	struct parse ps = { .err = err };
	int r;

	*out = NULL;
	if (language != CSEAL_POLICY_LANGUAGE)
		return cseal_error_set(err, CSEAL_ERR_NEWER, "policy",
		    "written in a later version of the policy language");
	if (text.len > CSEAL_POLICY_MAX)
		return cseal_error_set(
		    err, CSEAL_ERR_TOO_LARGE, "policy", "longer than 32 KiB");
	if ((ps.p = policy_new()) == NULL)
		return CSEAL_ERR_NOMEM;
	if ((r = take_text(&ps, text)) == CSEAL_OK)
		*out = ps.p; /* transferred */
	else
		cseal_policy_free(ps.p);
	return r;
}
