/* SPDX-License-Identifier: BSD-2-Clause */
/* Heads of a source: which stores, providers or kinds what follows is about. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "policy_targets.h"

/* Heads of kinds: how narrow they are. */
#define WIDTH_ALL    1 /* "*" */
#define WIDTH_FAMILY 2 /* "payout.*" */
#define WIDTH_ONE    3 /* "payout.iban" */

/* ---- targets ---- */

static size_t
count_keys(const struct policy_key *keys)
{
	size_t n = 0;

	while (keys[n].name != NULL)
		n++;
	return n;
}

int
policy_target_init(struct policy_pool *pool, struct policy_target *t,
    const char *name, const struct policy_key *keys)
{
	t->name = name;
	t->keys = keys;
	t->said = policy_pool_take(pool, count_keys(keys) * sizeof(*t->said));
	return t->said == NULL ? CSEAL_ERR_NOMEM : CSEAL_OK;
}

static struct policy_target *
target_new(
    struct policy_pool *pool, const char *name, const struct policy_key *keys)
{
	struct policy_target *t =
	    policy_pool_take(pool, sizeof(*t) + strlen(name) + 1);
	char *copy;

	if (t == NULL)
		return NULL;
	copy = (char *)(t + 1);
	memcpy(copy, name, strlen(name) + 1);
	return policy_target_init(pool, t, copy, keys) == CSEAL_OK ? t : NULL;
}

/* Puts one more under the head; the same twice is as narrow as the narrowest.
 */
static int
put_under(struct policy_reading *rd, struct policy_target *t, unsigned width)
{
	for (size_t i = 0; i < rd->n; i++) {
		if (rd->targets[i] != t)
			continue;
		if (rd->widths[i] < width)
			rd->widths[i] = width;
		return CSEAL_OK;
	}
	if (rd->n == rd->cap)
		return policy_source_refuse(rd->err, rd->line,
		    "too many names in one head: begin a second section");
	rd->targets[rd->n] = t;
	rd->widths[rd->n++] = width;
	if (t->line == 0 || width > t->width) {
		t->line = rd->line;
		t->width = width;
	}
	return CSEAL_OK;
}

/* ---- heads ---- */

static int
begin_once(
    struct policy_reading *rd, struct policy_target *t, const char *names)
{
	if (names[0] != '\0')
		return policy_source_refuse(rd->err, rd->line,
		    "[%s] takes no name: write [%s] alone", rd->title,
		    rd->title);
	if (t->line != 0)
		return policy_source_refuse(rd->err, rd->line,
		    "[%s] stands in line %u already: put its keys together "
		    "there",
		    rd->title, t->line);
	return put_under(rd, t, WIDTH_ONE);
}

static int
begin_ledger(struct policy_reading *rd, char *names)
{
	return begin_once(rd, &rd->s->ledger, names);
}

static int
begin_freeze(struct policy_reading *rd, char *names)
{
	return begin_once(rd, &rd->s->freeze, names);
}

/* Calls for each name of a head; there is one at least. */
static int
each_name(struct policy_reading *rd, char *names, const char *example,
    int (*put)(struct policy_reading *rd, const char *name))
{
	char *space;
	int r = CSEAL_OK;

	if (names[0] == '\0')
		return policy_source_refuse(rd->err, rd->line,
		    "[%s] needs a name, such as [%s]", rd->title, example);
	while (r == CSEAL_OK && names != NULL) {
		space = strchr(names, ' ');
		if (space != NULL)
			*space++ = '\0';
		r = put(rd, names);
		names = space;
	}
	return r;
}

static int
check_alias(struct policy_reading *rd, const char *name)
{
	if (cseal_text_is_handle(name, strlen(name)))
		return CSEAL_OK;
	return policy_source_refuse(rd->err, rd->line,
	    "'%.*s' is no name of a %s: write small letters, digits and -, "
	    "beginning with a letter, 32 at most",
	    POLICY_SHOWN, name, rd->title);
}

/* Room for one store more is made when their number is a power of two. */
static int
add_store(
    struct policy_reading *rd, const char *name, struct policy_target **out)
{
	struct cseal_policy_source *s = rd->s;
	struct policy_target **grown;

	if (s->n_stores == POLICY_STORES_MAX)
		return policy_source_refuse(rd->err, rd->line,
		    "a policy has at most %d stores", POLICY_STORES_MAX);
	if ((s->n_stores & (s->n_stores - 1)) == 0) {
		grown = reallocarray(s->stores,
		    s->n_stores == 0 ? 1 : 2 * s->n_stores,
		    sizeof(struct policy_target *));
		if (grown == NULL)
			return CSEAL_ERR_NOMEM;
		s->stores = grown;
	}
	*out = target_new(&s->p->pool, name, policy_store_keys);
	if (*out == NULL)
		return CSEAL_ERR_NOMEM;
	s->stores[s->n_stores++] = *out;
	return CSEAL_OK;
}

/* A store may stand in several heads: each adds what the others leave out. */
static int
put_store(struct policy_reading *rd, const char *name)
{
	struct policy_target *t = NULL;
	int r = CSEAL_OK;

	if (strcmp(name, "*") != 0)
		r = check_alias(rd, name);
	for (size_t i = 0; i < rd->s->n_stores && t == NULL; i++) {
		if (strcmp(rd->s->stores[i]->name, name) == 0)
			t = rd->s->stores[i];
	}
	if (r == CSEAL_OK && t == NULL)
		r = add_store(rd, name, &t);
	return r != CSEAL_OK ? r : put_under(rd, t, WIDTH_ONE);
}

static int
begin_store(struct policy_reading *rd, char *names)
{
	return each_name(rd, names, "store main-de", put_store);
}

static int
put_provider(struct policy_reading *rd, const char *name)
{
	struct cseal_policy_source *s = rd->s;
	struct policy_target *t;
	int r = check_alias(rd, name);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < s->n_providers; i++) {
		if (strcmp(s->providers[i]->name, name) == 0)
			return policy_source_refuse(rd->err, rd->line,
			    "provider %s stands in line %u already: put its "
			    "keys together there",
			    name, s->providers[i]->line);
	}
	if (s->n_providers == POLICY_PROVIDERS_MAX)
		return policy_source_refuse(rd->err, rd->line,
		    "a policy has at most %d providers", POLICY_PROVIDERS_MAX);
	t = target_new(&s->p->pool, name, policy_provider_keys);
	if (t == NULL)
		return CSEAL_ERR_NOMEM;
	s->providers[s->n_providers++] = t;
	return put_under(rd, t, WIDTH_ONE);
}

static int
begin_provider(struct policy_reading *rd, char *names)
{
	if (strchr(names, ' ') != NULL)
		return policy_source_refuse(rd->err, rd->line,
		    "each provider has a section of its own");
	return each_name(rd, names, "provider payoneer", put_provider);
}

/* How narrow the pattern is, if it fits; 0 if not. */
static unsigned
fits(const char *pattern, const char *kind)
{
	const size_t n = strlen(pattern);

	if (strcmp(pattern, "*") == 0)
		return WIDTH_ALL;
	if (n > 2 && strcmp(pattern + n - 2, ".*") == 0)
		return strncmp(pattern, kind, n - 1) == 0 ? WIDTH_FAMILY : 0;
	return strcmp(pattern, kind) == 0 ? WIDTH_ONE : 0;
}

#define FAMILY_BYTES 34
#define NAMES_MAX    (POLICY_KINDS_MAX * 2)

/* "payout.*" and its like, one each. */
static size_t
list_families(char families[POLICY_KINDS_MAX][FAMILY_BYTES])
{
	const struct cseal_kind *k;
	size_t n = 0, at;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		(void)snprintf(families[n], FAMILY_BYTES, "%.*s.*",
		    (int)strcspn(k->name, "."), k->name);
		for (at = 0; strcmp(families[at], families[n]) != 0;)
			at++;
		n += at == n;
	}
	return n;
}

/* The families, then the kinds. */
static size_t
list_patterns(char families[POLICY_KINDS_MAX][FAMILY_BYTES], const char **names)
{
	const size_t n_families = list_families(families);
	const struct cseal_kind *k;
	size_t n = 0;

	for (; n < n_families; n++)
		names[n] = families[n];
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++)
		names[n++] = k->name;
	return n;
}

static int
put_kinds(struct policy_reading *rd, const char *pattern)
{
	char families[POLICY_KINDS_MAX][FAMILY_BYTES];
	const char *names[NAMES_MAX];
	bool any = false;
	unsigned width;
	int r = CSEAL_OK;

	for (size_t i = 0; i < rd->s->n_kinds && r == CSEAL_OK; i++) {
		width = fits(pattern, rd->s->kinds[i].name);
		if (width == 0)
			continue;
		any = true;
		r = put_under(rd, &rd->s->kinds[i], width);
	}
	if (any)
		return r;
	return policy_source_stranger(rd, "there is no kind of change", pattern,
	    names, list_patterns(families, names),
	    "counterseal kinds lists them; * stands for all, payout.* for all "
	    "of payout");
}

static int
begin_change(struct policy_reading *rd, char *names)
{
	return each_name(rd, names, "change payout.*", put_kinds);
}

static const struct {
	const char *name;
	int (*begin)(struct policy_reading *rd, char *names);
} heads[] = {
	{ "ledger", begin_ledger },
	{ "store", begin_store },
	{ "change", begin_change },
	{ "provider", begin_provider },
	{ "freeze", begin_freeze },
};
#define HEADS (sizeof(heads) / sizeof(*heads))

/* `line` begins with '['; its spaces are single ones. */
int
policy_source_head(struct policy_reading *rd, char *line)
{
	const char *names[HEADS];
	size_t n = strlen(line);
	char *rest;

	if (line[n - 1] != ']' || strchr(line + 1, '[') != NULL ||
	    strchr(line, ']') != line + n - 1)
		return policy_source_refuse(rd->err, rd->line,
		    "a head stands alone in its line and ends with ]: [ledger] "
		    "or [change payout.*]");
	line[n - 1] = '\0';
	line++;
	rest = line + strcspn(line, " ");
	if (*rest != '\0')
		*rest++ = '\0';
	rd->n = 0;
	for (size_t i = 0; i < HEADS; i++) {
		names[i] = heads[i].name;
		if (strcmp(heads[i].name, line) != 0)
			continue;
		rd->title = heads[i].name;
		return heads[i].begin(rd, rest);
	}
	return policy_source_stranger(rd, "there is no section", line, names,
	    HEADS,
	    "there are [ledger], [store ...], [change ...], [provider ...] and "
	    "[freeze]");
}
