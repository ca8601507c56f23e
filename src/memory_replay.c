/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger against what is remembered of it. */

#include "memory.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#define HEX_BYTES (2 * CSEAL_HASH_BYTES + 1)

/* The two heads of a contradiction, as text. */
struct two_heads {
	char was[HEX_BYTES];
	char now[HEX_BYTES];
};

static void
name_heads(struct two_heads *h, const struct cseal_memory *m,
    const uint8_t now[CSEAL_HASH_BYTES])
{
	cseal_hex(m->head.root, CSEAL_HASH_BYTES, h->was);
	cseal_hex(now, CSEAL_HASH_BYTES, h->now);
}

static int
refuse_shrunk(const struct cseal_memory *m, uint64_t size,
    const uint8_t now[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	struct two_heads h;

	name_heads(&h, m, now);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, m->where,
	    "the ledger shrank: it had %llu entries, head %s, when this desk "
	    "last looked; now %llu, head %s. Get the whole ledger back. If an "
	    "old copy was restored on purpose, remove %s*",
	    (unsigned long long)m->head.size, h.was, (unsigned long long)size,
	    h.now, m->path);
}

static int
refuse_forked(const struct cseal_memory *m, const uint8_t now[CSEAL_HASH_BYTES],
    struct cseal_error *err)
{
	struct two_heads h;

	name_heads(&h, m, now);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, m->where,
	    "the ledger was forked or rewritten: its first %llu entries had "
	    "head %s when this desk last looked; now they have %s. Compare "
	    "with another desk. If this one is right, remove %s*",
	    (unsigned long long)m->head.size, h.was, h.now, m->path);
}

/* ---- by the stored tree ---- */

static int
check_extends(
    struct cseal_memory *m, struct cseal_ledger *l, struct cseal_error *err)
{
	const struct cseal_hash_source hashes = cseal_ledger_hashes(l);
	uint8_t now[CSEAL_HASH_BYTES];
	uint64_t size = 0, at;
	int r;

	if ((r = cseal_ledger_size(l, &size, err)) != CSEAL_OK)
		return r;
	at = size < m->head.size ? size : m->head.size;
	if ((r = cseal_merkle_root(&hashes, at, now)) != CSEAL_OK)
		return cseal_error_set(err, r, m->where,
		    "its tree cannot be read: %s", cseal_strerror(r));
	m->contradicted =
	    at < m->head.size || memcmp(now, m->head.root, sizeof(now)) != 0;
	if (at < m->head.size)
		return refuse_shrunk(m, size, now, err);
	return m->contradicted ? refuse_forked(m, now, err) : CSEAL_OK;
}

int
cseal_memory_resume(struct cseal_memory *m, struct cseal_replay **out,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err)
{
	struct cseal_state *s = m->kept.state;
	int r;

	*out = NULL;
	if (m->head.size > 0 && (r = check_extends(m, l, err)) != CSEAL_OK)
		return r;
	if (s == NULL)
		return cseal_replay_new(out, l, o, err);
	m->kept.state = NULL; /* transferred */
	return replay_resume(out, s, &m->kept.findings, &m->head, l, o, err);
}

/* ---- by the entries themselves ---- */

static int
add_leaf(void *ctx, uint64_t index, struct cseal_slice entry)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	(void)index;
	return r == CSEAL_OK ? cseal_frontier_add(ctx, leaf) : r;
}

/* The head of the first entries as they are read now, `size` at the most. */
static int
hash_entries(struct cseal_ledger *l, uint64_t size, struct cseal_head *out,
    struct cseal_error *err)
{
	struct cseal_frontier f;
	int r;

	cseal_frontier_init(&f);
	r = cseal_ledger_read(l, 0, size, add_leaf, &f, err);
	out->size = f.size;
	return r == CSEAL_OK ? cseal_frontier_root(&f, out->root) : r;
}

static int
add_finding(struct cseal_memory *m, struct cseal_replay *r,
    const struct cseal_head *now)
{
	struct two_heads h;
	char detail[256];

	m->contradicted = true;
	name_heads(&h, m, now->root);
	(void)snprintf(detail, sizeof(detail), "was %llu %s, now %llu %s",
	    (unsigned long long)m->head.size, h.was,
	    (unsigned long long)now->size, h.now);
	return replay_add_finding(r,
	    now->size < m->head.size ? RULE_MEMORY_SHRANK : RULE_MEMORY_FORKED,
	    NULL, detail);
}

static int
compare(struct cseal_memory *m, struct cseal_replay *r, struct cseal_ledger *l,
    struct cseal_error *err)
{
	struct cseal_head now;
	int e;

	/* The fold met the tree on its way. */
	if (m->head.size == 0 || r->known.size > 0)
		return CSEAL_OK;
	e = hash_entries(l, m->head.size, &now, err);
	if (e != CSEAL_OK)
		return e;
	if (now.size == m->head.size &&
	    memcmp(now.root, m->head.root, sizeof(now.root)) == 0)
		return CSEAL_OK;
	return add_finding(m, r, &now);
}

int
cseal_memory_verify(struct cseal_memory *m, struct cseal_replay **out,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err)
{
	const struct cseal_head nothing = { .size = 0 };
	struct cseal_replay *r = NULL;
	int e;

	*out = NULL;
	e = replay_knowing(&r, m->current ? &m->head : &nothing, l, o, err);
	if (e == CSEAL_OK)
		e = compare(m, r, l, err);
	if (e != CSEAL_OK) {
		cseal_replay_free(r);
		return e;
	}
	*out = r; /* transferred */
	return CSEAL_OK;
}
