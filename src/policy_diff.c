/* SPDX-License-Identifier: BSD-2-Clause */
/* What is different between two policies, rule by rule, in words. */

#include <stdlib.h>
#include <string.h>

#include "counterseal/policy_source.h"

#include "policy_parts.h"

#define NAMES_SHOWN 3

/* One store, provider or kind; or the ledger; then and now. */
struct item {
	const char *name;
	const struct policy_key *keys;
	const void *before; /* NULL: it was not there */
	const void *after;
	size_t kind;		   /* of a kind: its place in the table */
	struct cseal_buf texts[2]; /* of the key at hand */
	bool told;
};

struct diff {
	const char *section;
	struct item *items;
	size_t n;
	struct cseal_buf names;
	int (*fn)(void *ctx, const struct cseal_policy_difference *d);
	void *ctx;
};

/* ---- names ---- */

static uint64_t
family_of(const char *name, size_t *len)
{
	const struct cseal_kind *k;
	uint64_t bits = 0;

	*len = strcspn(name, ".");
	for (size_t i = 0;
	     i < POLICY_KINDS_MAX && (k = cseal_kind_at(i)) != NULL; i++) {
		if (strncmp(k->name, name, *len + 1) == 0)
			bits |= (uint64_t)1 << i;
	}
	return bits;
}

int
cseal_policy_heads(uint64_t kinds, size_t most, struct cseal_buf *out)
{
	const struct cseal_kind *k;
	size_t shown = 0, more = 0, len;

	for (size_t i = 0;
	     i < POLICY_KINDS_MAX && (k = cseal_kind_at(i)) != NULL; i++) {
		const uint64_t family = family_of(k->name, &len);
		const bool whole =
		    (kinds & family) == family && (family & (family - 1)) != 0;

		if ((kinds >> i & 1) == 0)
			continue;
		if (whole)
			kinds &= ~family;
		if (most > 0 && shown == most) {
			more++;
			continue;
		}
		(void)cseal_buf_printf(out, "%s%.*s%s", shown++ > 0 ? " " : "",
		    whole ? (int)len : (int)strlen(k->name), k->name,
		    whole ? ".*" : "");
	}
	if (more > 0)
		(void)cseal_buf_printf(out, " and %zu more", more);
	return cseal_buf_error(out);
}

/* The names of those that are not told yet and are as the first one. */
static void
gather(struct diff *m, size_t first,
    bool (*like)(const struct item *a, const struct item *b))
{
	uint64_t kinds = 0;
	size_t shown = 0, more = 0;

	cseal_buf_reset(&m->names);
	for (size_t i = first; i < m->n; i++) {
		struct item *item = &m->items[i];

		if (item->told || !like(&m->items[first], item))
			continue;
		if (i > first)
			item->told = true;
		if (strcmp(m->section, "change") == 0)
			kinds |= (uint64_t)1 << item->kind;
		else if (shown++ < NAMES_SHOWN)
			(void)cseal_buf_printf(&m->names, "%s%s",
			    shown > 1 ? " " : "", item->name);
		else
			more++;
	}
	m->items[first].told = true;
	if (kinds != 0)
		(void)cseal_policy_heads(kinds, NAMES_SHOWN, &m->names);
	if (more > 0)
		(void)cseal_buf_printf(&m->names, " and %zu more", more);
}

/* ---- what comes and goes ---- */

static bool
comes(const struct item *a, const struct item *b)
{
	(void)a;
	return b->before == NULL && b->after != NULL;
}

static bool
goes(const struct item *a, const struct item *b)
{
	(void)a;
	return b->before != NULL && b->after == NULL;
}

static int
tell(struct diff *m, const char *key, const char *before, const char *after)
{
	const struct cseal_policy_difference d = {
		.section = m->section,
		.names = cseal_buf_str(&m->names),
		.key = key,
		.before = before,
		.after = after,
	};

	return cseal_buf_error(&m->names) != CSEAL_OK
		   ? cseal_buf_error(&m->names)
		   : m->fn(m->ctx, &d);
}

static void
forget_told(struct diff *m)
{
	for (size_t i = 0; i < m->n; i++)
		m->items[i].told = false;
}

static int
tell_whole(struct diff *m,
    bool (*like)(const struct item *, const struct item *), const char *before,
    const char *after)
{
	forget_told(m);
	for (size_t i = 0; i < m->n; i++) {
		if (!like(NULL, &m->items[i]))
			continue;
		gather(m, i, like);
		return tell(m, NULL, before, after);
	}
	return CSEAL_OK;
}

/* ---- keys ---- */

static bool
same_text(const struct cseal_buf *a, const struct cseal_buf *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* The key becomes the same as with the first, from the same. */
static bool
becomes_same(const struct item *a, const struct item *b)
{
	return (a->before == NULL) == (b->before == NULL) && b->after != NULL &&
	       b->texts[1].len > 0 && same_text(&a->texts[0], &b->texts[0]) &&
	       same_text(&a->texts[1], &b->texts[1]);
}

static void
write_texts(struct item *item, const char *key)
{
	const struct policy_key *k = item->keys;

	cseal_buf_reset(&item->texts[0]);
	cseal_buf_reset(&item->texts[1]);
	while (k->name != NULL && strcmp(k->name, key) != 0)
		k++;
	if (k->name == NULL || item->after == NULL)
		return;
	if (item->before != NULL)
		k->write((const uint8_t *)item->before + k->offset, k->how,
		    &item->texts[0]);
	k->write(
	    (const uint8_t *)item->after + k->offset, k->how, &item->texts[1]);
}

static int
tell_key(struct diff *m, const char *key)
{
	int r = CSEAL_OK;

	forget_told(m);
	for (size_t i = 0; i < m->n; i++)
		write_texts(&m->items[i], key);
	for (size_t i = 0; r == CSEAL_OK && i < m->n; i++) {
		struct item *item = &m->items[i];

		if (item->told || item->texts[1].len == 0 ||
		    same_text(&item->texts[0], &item->texts[1]))
			continue;
		gather(m, i, becomes_same);
		r = tell(m, key,
		    item->before == NULL ? NULL
					 : cseal_buf_str(&item->texts[0]),
		    cseal_buf_str(&item->texts[1]));
	}
	return r;
}

/* `keys`: all that any item has. */
static int
tell_all(struct diff *m, const struct policy_key *keys)
{
	int r = tell_whole(m, goes, "", NULL);

	if (r == CSEAL_OK)
		r = tell_whole(m, comes, NULL, "");
	for (; r == CSEAL_OK && keys->name != NULL; keys++)
		r = tell_key(m, keys->name);
	for (size_t i = 0; i < m->n; i++) {
		cseal_buf_free(&m->items[i].texts[0]);
		cseal_buf_free(&m->items[i].texts[1]);
	}
	m->n = 0;
	return r;
}

static struct item *
add_item(struct diff *m, const char *name, const struct policy_key *keys)
{
	struct item *item = &m->items[m->n++];

	memset(item, 0, sizeof(*item));
	cseal_buf_init(&item->texts[0], 0);
	cseal_buf_init(&item->texts[1], 0);
	item->name = name;
	item->keys = keys;
	return item;
}

static struct item *
find_item(struct diff *m, const char *name, const struct policy_key *keys)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->items[i].name, name) == 0)
			return &m->items[i];
	}
	return add_item(m, name, keys);
}

static int
diff_changes(struct diff *m, const struct cseal_policy *now,
    const struct cseal_policy *next)
{
	const struct cseal_kind *k;
	struct item *item;

	m->section = "change";
	for (size_t i = 0;
	     i < POLICY_KINDS_MAX && (k = cseal_kind_at(i)) != NULL; i++) {
		item = add_item(m, k->name,
		    k->authority ? policy_authority_keys : policy_change_keys);
		item->kind = i;
		item->before = cseal_policy_change(now, k);
		item->after = cseal_policy_change(next, k);
	}
	return tell_all(m, policy_change_keys);
}

static int
diff_one(struct diff *m, const char *section, const struct policy_key *keys,
    const void *now, const void *next)
{
	struct item *item = add_item(m, "", keys);

	m->section = section;
	item->before = now;
	item->after = next;
	return tell_all(m, keys);
}

static int
diff_stores(struct diff *m, const struct cseal_policy *now,
    const struct cseal_policy *next)
{
	m->section = "store";
	for (size_t i = 0; i < now->n_stores; i++)
		add_item(m, now->stores[i].name, policy_store_keys)->before =
		    &now->stores[i];
	for (size_t i = 0; i < next->n_stores; i++)
		find_item(m, next->stores[i].name, policy_store_keys)->after =
		    &next->stores[i];
	return tell_all(m, policy_store_keys);
}

static int
diff_providers(struct diff *m, const struct cseal_policy *now,
    const struct cseal_policy *next)
{
	m->section = "provider";
	for (size_t i = 0; i < now->n_providers; i++)
		add_item(m, now->providers[i].name, policy_provider_keys)
		    ->before = &now->providers[i];
	for (size_t i = 0; i < next->n_providers; i++)
		find_item(m, next->providers[i].name, policy_provider_keys)
		    ->after = &next->providers[i];
	return tell_all(m, policy_provider_keys);
}

#define ITEMS_MAX                                              \
	((size_t)2 * (POLICY_STORES_MAX > POLICY_PROVIDERS_MAX \
			     ? POLICY_STORES_MAX               \
			     : POLICY_PROVIDERS_MAX))

int
cseal_policy_diff(const struct cseal_policy *now,
    const struct cseal_policy *next,
    int (*fn)(void *ctx, const struct cseal_policy_difference *d), void *ctx)
{
	struct diff m = { .fn = fn, .ctx = ctx };
	int r;

	m.items = calloc(ITEMS_MAX, sizeof(*m.items));
	if (m.items == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(&m.names, 0);
	if ((r = diff_changes(&m, now, next)) == CSEAL_OK &&
	    (r = diff_one(&m, "ledger", policy_ledger_keys, &now->ledger,
		 &next->ledger)) == CSEAL_OK &&
	    (r = diff_one(&m, "freeze", policy_freeze_keys, &now->freeze,
		 &next->freeze)) == CSEAL_OK &&
	    (r = diff_stores(&m, now, next)) == CSEAL_OK)
		r = diff_providers(&m, now, next);
	cseal_buf_free(&m.names);
	free(m.items);
	return r;
}

/* ---- in words ---- */

int
cseal_policy_difference_text(
    const struct cseal_policy_difference *d, struct cseal_buf *out)
{
	static const struct {
		const char *section;
		const char *comes;
		const char *goes;
	} words[] = {
		{ "change", "can be asked for from now on",
		    "can no longer be asked for" },
		{ "store", "is declared", "is no longer declared" },
		{ "provider", "is declared", "is no longer declared" },
	};

	if (strcmp(d->section, "change") != 0)
		(void)cseal_buf_printf(
		    out, "%s%s", d->section, d->names[0] != '\0' ? " " : "");
	(void)cseal_buf_add_str(out, d->names);
	for (size_t i = 0; d->key == NULL && i < 3; i++) {
		if (strcmp(words[i].section, d->section) == 0)
			return cseal_buf_printf(out, ": %s",
			    d->before == NULL ? words[i].comes : words[i].goes);
	}
	if (d->before == NULL)
		return cseal_buf_printf(out, ": %s: %s", d->key, d->after);
	return cseal_buf_printf(
	    out, ": %s: %s -> %s", d->key, d->before, d->after);
}
