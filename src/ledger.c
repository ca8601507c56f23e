/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger_beside.h"
#include "ledger_tail.h"

#define OPENINGS_MAX 256 /* of one entry; no kind has as many fields */

/*
 * Nothing about the tree is kept between calls: what another process appends
 * can make nothing stale here.
 */
struct cseal_ledger {
	const struct store_engine *engine;
	struct store *store;
};

/* What an append writes beside the entry. */
struct growth {
	struct store_node nodes[STORE_NODES_MAX];
	size_t n;
};

static const enum store_mode store_modes[] = {
	[CSEAL_LEDGER_READ] = STORE_READ,
	[CSEAL_LEDGER_WRITE] = STORE_WRITE,
	[CSEAL_LEDGER_CREATE] = STORE_CREATE,
};

static int
fail_entry(uint64_t index, int code, const char *what, struct cseal_error *err)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "entry %" PRIu64, index);
	return cseal_error_set(err, code, where, "%s", what);
}

int
cseal_ledger_open(struct cseal_ledger **out, const char *where,
    enum cseal_ledger_mode mode, struct cseal_error *err)
{
	struct cseal_ledger *l;
	int r;

	*out = NULL;
	if ((unsigned)mode >= sizeof(store_modes) / sizeof(*store_modes))
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "ledger", "no such way to open it");
	if (where != NULL && strstr(where, "://") != NULL)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "ledger",
		    "this counterseal knows ledgers in files alone: give a "
		    "path, not an address");
	if ((l = calloc(1, sizeof(*l))) == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOMEM, "ledger", "out of memory");
	l->engine = &store_sqlite;
	r = l->engine->open(&l->store, where, store_modes[mode], err);
	if (r != CSEAL_OK) {
		free(l);
		return r;
	}
	*out = l;
	return CSEAL_OK;
}

void
cseal_ledger_close(struct cseal_ledger *l)
{
	if (l == NULL)
		return;
	l->engine->close(l->store);
	free(l);
}

int
cseal_ledger_size(
    struct cseal_ledger *l, uint64_t *size, struct cseal_error *err)
{
	*size = 0;
	return l->engine->size(l->store, size, err);
}

int
cseal_ledger_read(struct cseal_ledger *l, uint64_t from, uint64_t n,
    int (*fn)(void *ctx, uint64_t index, struct cseal_slice entry), void *ctx,
    struct cseal_error *err)
{
	return l->engine->read(l->store, from, n, fn, ctx, err);
}

/* Where cseal_ledger_get() wants the entry, and whether there was one. */
struct wanted {
	struct cseal_buf *out;
	bool found;
};

static int
take_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct wanted *w = ctx;

	(void)index;
	w->found = true;
	return cseal_buf_add(w->out, entry.data, entry.len);
}

int
cseal_ledger_get(struct cseal_ledger *l, uint64_t index, struct cseal_buf *out,
    struct cseal_error *err)
{
	struct wanted w = { .out = out };
	int r = l->engine->read(l->store, index, 1, take_entry, &w, err);

	if (w.found && r != CSEAL_OK)
		return fail_entry(index, r, cseal_strerror(r), err);
	if (r == CSEAL_OK && !w.found)
		return fail_entry(index, CSEAL_ERR_NOT_FOUND,
		    "the ledger has no such entry", err);
	return r;
}

/* Root of a full tile whose last hash is `last` and is not stored yet. */
static int
tile_root(struct cseal_ledger *l, const struct store_node *last,
    uint8_t out[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	uint8_t hashes[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
	struct cseal_frontier f;
	int r;

	r = l->engine->tile(l->store, last->level,
	    last->index / CSEAL_TILE_HASHES, CSEAL_TILE_HASHES - 1, hashes,
	    err);
	if (r != CSEAL_OK)
		return r;
	memcpy(hashes[CSEAL_TILE_HASHES - 1], last->hash, CSEAL_HASH_BYTES);
	cseal_frontier_init(&f);
	for (size_t i = 0; i < CSEAL_TILE_HASHES && r == CSEAL_OK; i++)
		r = cseal_frontier_add(&f, hashes[i]);
	if (r == CSEAL_OK)
		r = cseal_frontier_root(&f, out);
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "tree", "%s", cseal_strerror(r));
	return CSEAL_OK;
}

/* The leaf, and the root of each tile that it makes full. */
static int
growth_find(struct cseal_ledger *l, uint64_t index, struct cseal_slice entry,
    struct growth *g, struct cseal_error *err)
{
	struct store_node *leaf = &g->nodes[0], *below, *node;
	int r;

	g->n = 1;
	leaf->level = 0;
	leaf->index = index;
	r = cseal_merkle_leaf(entry.data, entry.len, leaf->hash);
	if (r != CSEAL_OK)
		return fail_entry(index, r, cseal_strerror(r), err);
	while (r == CSEAL_OK && g->n < STORE_NODES_MAX) {
		below = &g->nodes[g->n - 1];
		if ((below->index + 1) % CSEAL_TILE_HASHES != 0)
			break;
		node = &g->nodes[g->n++];
		node->level = below->level + 1;
		node->index = below->index / CSEAL_TILE_HASHES;
		r = tile_root(l, below, node->hash, err);
	}
	return r;
}

/* Opening `i` has a name of its own, and no value if it is a shown text. */
static bool
opening_is_sound(const struct cseal_opening *o, size_t i)
{
	if (strnlen(o[i].name, sizeof(o->name)) == sizeof(o->name) ||
	    (o[i].name[0] == '\0' && o[i].value.len != 0) ||
	    cseal_buf_error(&o[i].value) != CSEAL_OK)
		return false;
	for (size_t k = 0; k < i; k++) {
		if (strcmp(o[k].name, o[i].name) == 0)
			return false;
	}
	return true;
}

/* Borrows names and values of `in`; the array is the caller's to free. */
static int
openings_view(const struct cseal_opening *in, size_t n,
    struct store_opening **out, struct cseal_error *err)
{
	struct store_opening *o;

	*out = NULL;
	if (n > OPENINGS_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "openings",
		    "an entry has at most %d", OPENINGS_MAX);
	if ((o = calloc(n + 1, sizeof(*o))) == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOMEM, "openings", "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (!opening_is_sound(in, i)) {
			cseal_wipe(o, n * sizeof(*o));
			free(o);
			return cseal_error_set(err, CSEAL_ERR_USAGE, "openings",
			    "number %zu has no proper name of its "
			    "own, or no proper value",
			    i);
		}
		o[i].name = in[i].name;
		memcpy(o[i].salt, in[i].salt, CSEAL_SALT_BYTES);
		o[i].value = cseal_buf_slice(&in[i].value);
	}
	*out = o; /* transferred */
	return CSEAL_OK;
}

static int
check_entry(struct cseal_ledger *l, uint64_t expected, struct cseal_slice entry,
    struct cseal_error *err)
{
	uint64_t size;
	int r;

	if (entry.data == NULL || entry.len == 0)
		return fail_entry(expected, CSEAL_ERR_USAGE,
		    "an entry has at least one byte", err);
	if (entry.len > CSEAL_ENTRY_MAX)
		return fail_entry(expected, CSEAL_ERR_TOO_LARGE,
		    "an entry has at most 65535 bytes", err);
	/* The store asks again; this spares reading hashes in vain. */
	if ((r = l->engine->size(l->store, &size, err)) != CSEAL_OK)
		return r;
	if (size != expected)
		return fail_entry(expected, CSEAL_ERR_AGAIN,
		    "the ledger moved on meanwhile: read and judge again", err);
	return CSEAL_OK;
}

int
cseal_ledger_append(struct cseal_ledger *l, uint64_t expected,
    struct cseal_slice entry, const struct cseal_opening *openings,
    size_t n_openings, struct cseal_error *err)
{
	struct store_append a = { .entry = entry, .n_openings = n_openings };
	struct store_opening *view = NULL;
	struct growth g;
	int r;

	if ((r = check_entry(l, expected, entry, err)) != CSEAL_OK)
		return r;
	r = openings_view(openings, n_openings, &view, err);
	if (r != CSEAL_OK)
		return r;
	if ((r = growth_find(l, expected, entry, &g, err)) == CSEAL_OK) {
		a.nodes = g.nodes;
		a.n_nodes = g.n;
		a.openings = view;
		r = l->engine->append(l->store, expected, &a, err);
	}
	cseal_wipe(view, n_openings * sizeof(*view));
	free(view);
	return r;
}

static int
ledger_tile(void *ctx, unsigned level, uint64_t index, size_t want,
    uint8_t (*out)[CSEAL_HASH_BYTES])
{
	struct cseal_ledger *l = ctx;

	return l->engine->tile(l->store, level, index, want, out, NULL);
}

struct cseal_hash_source
cseal_ledger_hashes(struct cseal_ledger *l)
{
	return (struct cseal_hash_source){ .tile = ledger_tile, .ctx = l };
}

int
cseal_ledger_opening(struct cseal_ledger *l, uint64_t index, const char *name,
    struct cseal_opening *out, struct cseal_error *err)
{
	size_t n = strnlen(name, sizeof(out->name));
	int r;

	memset(out, 0, sizeof(*out));
	if (n == sizeof(out->name))
		return fail_entry(index, CSEAL_ERR_NOT_FOUND,
		    "no opening has so long a name", err);
	memcpy(out->name, name, n);
	cseal_buf_init(&out->value, 0);
	r = l->engine->opening_get(
	    l->store, index, name, out->salt, &out->value, err);
	if (r != CSEAL_OK)
		cseal_opening_free(out);
	return r;
}

void
cseal_opening_free(struct cseal_opening *o)
{
	if (o == NULL)
		return;
	cseal_buf_free(&o->value);
	cseal_wipe(o, sizeof(*o));
}

int
ledger_place(struct cseal_ledger *l, uint64_t *id, struct cseal_error *err)
{
	return l->engine->place(l->store, id, err);
}

int
ledger_beside_put(struct cseal_ledger *l, const struct store_beside *things,
    size_t n, struct cseal_error *err)
{
	return l->engine->beside_put(l->store, things, n, err);
}

int
ledger_beside_get(struct cseal_ledger *l, const char *kind, const char *name,
    struct cseal_buf *out, struct cseal_error *err)
{
	return l->engine->beside_get(l->store, kind, name, out, err);
}

int
ledger_beside_clear(
    struct cseal_ledger *l, const char *kind, struct cseal_error *err)
{
	return l->engine->beside_clear(l->store, kind, err);
}

int
ledger_beside_each(struct cseal_ledger *l, const char *kind, store_beside_fn fn,
    void *ctx, struct cseal_error *err)
{
	return l->engine->beside_each(l->store, kind, fn, ctx, err);
}

int
ledger_add_openings(struct cseal_ledger *l, uint64_t index,
    const struct cseal_opening *openings, size_t n, struct cseal_error *err)
{
	struct store_opening *view;
	int r = openings_view(openings, n, &view, err);

	if (r != CSEAL_OK)
		return r;
	r = l->engine->opening_add(l->store, index, view, n, err);
	cseal_wipe(view, n * sizeof(*view));
	free(view);
	return r;
}

int
ledger_copy(
    struct cseal_ledger *l, struct cseal_buf *out, struct cseal_error *err)
{
	return l->engine->copy(l->store, out, err);
}

int
ledger_tail(struct cseal_ledger *l, uint64_t keep,
    const struct store_sink *sink, struct cseal_error *err)
{
	return l->engine->tail(l->store, keep, sink, err);
}

int
ledger_cut(struct cseal_ledger *l, uint64_t keep, const struct store_sink *sink,
    struct cseal_error *err)
{
	return l->engine->cut(l->store, keep, sink, err);
}

int
cseal_ledger_watch(
    struct cseal_ledger *l, uint64_t size, int ms, struct cseal_error *err)
{
	return l->engine->watch(l->store, size, ms, err);
}
