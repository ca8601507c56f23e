/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole expanded text of a policy, in its one order. */

#include <stdlib.h>
#include <string.h>

#include "counterseal/policy_source.h"

#include "digest.h"
#include "policy_parts.h"

/* A store or a kind, and what stands under its head. */
struct item {
	const char *name;
	struct cseal_buf body;
	bool written;
};

struct items {
	struct item *items;
	size_t n;
};

static int
items_new(struct items *list, size_t most)
{
	list->n = 0;
	list->items = calloc(most + 1, sizeof(*list->items));
	return list->items == NULL ? CSEAL_ERR_NOMEM : CSEAL_OK;
}

static void
items_free(struct items *list)
{
	for (size_t i = 0; i < list->n; i++)
		cseal_buf_free(&list->items[i].body);
	free(list->items);
}

static void
write_keys(
    const struct policy_key *keys, const void *section, struct cseal_buf *out)
{
	for (; keys->name != NULL; keys++) {
		(void)cseal_buf_printf(out, "%s = ", keys->name);
		keys->write(
		    (const uint8_t *)section + keys->offset, keys->how, out);
		(void)cseal_buf_add_u8(out, '\n');
	}
}

static void
add_item(struct items *list, const char *name, const struct policy_key *keys,
    const void *section)
{
	struct item *item = &list->items[list->n++];

	item->name = name;
	cseal_buf_init(&item->body, 0);
	write_keys(keys, section, &item->body);
}

static bool
same_body(const struct item *a, const struct item *b)
{
	return a->body.len == b->body.len &&
	       memcmp(a->body.data, b->body.data, a->body.len) == 0;
}

/*
 * A section of the first item not yet written and of those with the same body,
 * as many as its head has room for.
 */
static void
write_section(
    struct items *list, size_t first, const char *word, struct cseal_buf *out)
{
	struct item *item = &list->items[first];
	size_t room = CSEAL_POLICY_LINE_MAX - strlen(word) - 2;

	(void)cseal_buf_printf(out, "\n[%s", word);
	for (size_t i = first; i < list->n; i++) {
		struct item *other = &list->items[i];
		size_t len = strlen(other->name) + 1;

		if (other->written || len > room || !same_body(item, other))
			continue;
		(void)cseal_buf_printf(out, " %s", other->name);
		other->written = true;
		room -= len;
	}
	(void)cseal_buf_add_str(out, "]\n");
	(void)cseal_buf_add(out, item->body.data, item->body.len);
}

static void
write_items(struct items *list, const char *word, struct cseal_buf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!list->items[i].written)
			write_section(list, i, word, out);
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
write_stores(const struct cseal_policy *p, struct cseal_buf *out)
{
	struct items list;
	int r = items_new(&list, p->n_stores);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < p->n_stores; i++)
		add_item(
		    &list, p->stores[i].name, policy_store_keys, &p->stores[i]);
	qsort(list.items, list.n, sizeof(*list.items), by_name);
	write_items(&list, "store", out);
	items_free(&list);
	return CSEAL_OK;
}

/* Each in a section of its own, also if two are alike. */
static int
write_providers(const struct cseal_policy *p, struct cseal_buf *out)
{
	struct items list;
	int r = items_new(&list, p->n_providers);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < p->n_providers; i++)
		add_item(&list, p->providers[i].name, policy_provider_keys,
		    &p->providers[i]);
	qsort(list.items, list.n, sizeof(*list.items), by_name);
	for (size_t i = 0; i < list.n; i++) {
		(void)cseal_buf_printf(
		    out, "\n[provider %s]\n", list.items[i].name);
		(void)cseal_buf_add(
		    out, list.items[i].body.data, list.items[i].body.len);
	}
	items_free(&list);
	return CSEAL_OK;
}

static int
write_changes(const struct cseal_policy *p, struct cseal_buf *out)
{
	const struct cseal_policy_change *c;
	const struct cseal_kind *k;
	struct items list;
	int r = items_new(&list, POLICY_KINDS_MAX);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0;
	     i < POLICY_KINDS_MAX && (k = cseal_kind_at(i)) != NULL; i++) {
		c = cseal_policy_change(p, k);
		if (c != NULL)
			add_item(&list, k->name,
			    k->authority ? policy_authority_keys
					 : policy_change_keys,
			    c);
	}
	write_items(&list, "change", out);
	items_free(&list);
	return CSEAL_OK;
}

int
cseal_policy_write(const struct cseal_policy *p, struct cseal_buf *out)
{
	int r;

	(void)cseal_buf_add_str(out, "[ledger]\n");
	write_keys(policy_ledger_keys, &p->ledger, out);
	(void)cseal_buf_add_str(out, "\n[freeze]\n");
	write_keys(policy_freeze_keys, &p->freeze, out);
	if ((r = write_stores(p, out)) != CSEAL_OK ||
	    (r = write_providers(p, out)) != CSEAL_OK ||
	    (r = write_changes(p, out)) != CSEAL_OK)
		return r;
	return cseal_buf_error(out);
}

int
cseal_policy_hash(struct cseal_slice text, uint8_t out[CSEAL_HASH_BYTES])
{
	return digest_sha256(out, &text, 1);
}
