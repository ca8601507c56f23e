/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a ledger to a state and findings. The fold goes entry by entry; the
 * signatures, which are nearly all of the time, are checked behind it on all
 * cores, a batch at a time. When one does not verify, the fold is made again
 * up to the entry before it: rare, and then nothing depends on the batch.
 */

#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "tree_check.h"
#include "verify_pool.h"

#define BATCH_ENTRIES 2048
#define BATCH_BYTES   ((size_t)8 << 20)

/* Entries that were read together; their bytes stay until they are checked. */
struct batch {
	struct cseal_buf bytes;
	size_t offsets[BATCH_ENTRIES + 1];
	size_t n;
	struct verify_job jobs[BATCH_ENTRIES];
	size_t n_jobs;
};

static int
take_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct batch *b = ctx;
	int r;

	(void)index;
	r = cseal_buf_add(&b->bytes, entry.data, entry.len);
	if (r != CSEAL_OK)
		return r;
	b->offsets[++b->n] = b->bytes.len;
	return CSEAL_OK;
}

static int
read_batch(struct batch *b, struct cseal_ledger *l, uint64_t from, uint64_t to,
    struct cseal_error *err)
{
	uint64_t n = to - from;
	int r;

	cseal_buf_reset(&b->bytes);
	b->n = 0;
	b->n_jobs = 0;
	b->offsets[0] = 0;
	if (n > BATCH_ENTRIES)
		n = BATCH_ENTRIES;
	/* Large entries: fewer of them, so that memory stays bounded. */
	while (n > 0 && b->bytes.len < BATCH_BYTES) {
		uint64_t some = n > 128 ? 128 : n;

		r = cseal_ledger_read(l, from, some, take_entry, b, err);
		if (r != CSEAL_OK)
			return r;
		from += some;
		n -= some;
	}
	return CSEAL_OK;
}

static int
end_fold(struct cseal_replay *r, enum rule_id rule, const struct fold_entry *e)
{
	int err = replay_add_finding(r, rule, e, e->detail);

	if (err == CSEAL_OK)
		r->ended = r->findings.items[r->findings.n - 1];
	return err;
}

/* Entry `index`, whose signature does not verify, ends the fold. */
static int
end_at_signature(
    struct cseal_replay *r, uint64_t index, struct cseal_slice bytes)
{
	struct fold_entry e;
	int err;

	(void)fold_entry_read(&e, index, bytes);
	e.detail[0] = '\0';
	err = end_fold(r, RULE_SEAL_SIGNATURE, &e);
	fold_entry_free(&e);
	return err;
}

/* Folds one entry; its signature becomes a job if `b` is given. */
static int
fold_one(struct cseal_replay *r, struct batch *b, uint64_t index,
    struct cseal_slice bytes)
{
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;
	enum rule_id rule;
	int err = CSEAL_OK;

	rule = fold_entry_read(&e, index, bytes);
	if (rule == RULE_OK)
		rule = fold_check(r->state, &e, &notes);
	if (rule != RULE_OK) {
		err = end_fold(r, rule, &e);
		goto out;
	}
	err = fold_accept(r->state, &e);
	for (size_t i = 0; i < notes.n && err == CSEAL_OK; i++)
		err = replay_add_finding(r, notes.rules[i], &e, "");
	if (err == CSEAL_OK && e.st.kind == CSEAL_APPROVE)
		err = replay_tell_doubts(r, &e);
	if (err == CSEAL_OK && index < r->known.size) {
		r->remembered++;
		r->sealed++;
	} else if (err == CSEAL_OK && b != NULL) {
		b->jobs[b->n_jobs].seal = e.entry.seal;
		b->jobs[b->n_jobs].key = fold_signer(r->state, &e);
		b->jobs[b->n_jobs++].index = index;
	}
out:
	fold_entry_free(&e);
	return err;
}

static struct cseal_slice
batch_entry(const struct batch *b, size_t i)
{
	struct cseal_slice s = { b->bytes.data + b->offsets[i],
		b->offsets[i + 1] - b->offsets[i] };

	return s;
}

static int
refold_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	return fold_one(ctx, NULL, index, entry);
}

static int
begin_again(struct cseal_replay *r)
{
	struct cseal_state *fresh = state_new();

	if (fresh == NULL)
		return CSEAL_ERR_NOMEM;
	state_free(r->state);
	r->state = fresh;
	vec_free(&r->findings, NULL);
	r->ended = NULL;
	return CSEAL_OK;
}

/* Nothing that was known before counts: all seals are checked now. */
static int
forget_known(struct cseal_replay *r)
{
	r->known.size = 0;
	r->expecting = false;
	r->resumed = false;
	r->sealed = 0;
	r->remembered = 0;
	return begin_again(r);
}

/* The state as of `size` again, from the beginning, seals being known good. */
static int
fold_again(struct cseal_replay *r, struct cseal_ledger *l, uint64_t size,
    struct cseal_error *err)
{
	int e = begin_again(r);

	if (e != CSEAL_OK)
		return e;
	return size == 0 ? CSEAL_OK
			 : cseal_ledger_read(l, 0, size, refold_entry, r, err);
}

static int
check_batch(struct cseal_replay *r, struct batch *b, struct cseal_ledger *l,
    uint64_t from, struct cseal_error *err)
{
	size_t bad = verify_pool(b->jobs, b->n_jobs, r->options.threads);
	uint64_t index;
	int e;

	r->sealed += bad;
	if (bad == b->n_jobs || !rule_is_on(RULE_SEAL_SIGNATURE))
		return CSEAL_OK;
	/* What is behind a bad seal may differ from what was known, too. */
	if (r->known.size > 0)
		return forget_known(r);
	index = b->jobs[bad].index;
	e = fold_again(r, l, index, err);
	if (e != CSEAL_OK)
		return e;
	return end_at_signature(
	    r, index, batch_entry(b, (size_t)(index - from)));
}

/* Has the fold passed or missed the tree that was known before? */
static int
meet_known(struct cseal_replay *r)
{
	const uint8_t *root;

	if (!r->expecting ||
	    (r->ended == NULL && r->state->frontier.size < r->known.size))
		return CSEAL_OK;
	root = state_root(r->state, r->known.size);
	if (root == NULL || memcmp(root, r->known.root, CSEAL_HASH_BYTES) != 0)
		return forget_known(r);
	r->expecting = false;
	return CSEAL_OK;
}

static int
fold_range(struct cseal_replay *r, struct cseal_ledger *l, uint64_t to,
    struct cseal_error *err)
{
	struct batch *b = calloc(1, sizeof(*b));
	uint64_t from;
	int e = CSEAL_OK;

	if (b == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(&b->bytes, BATCH_BYTES * 3);
	while (e == CSEAL_OK && r->ended == NULL &&
	       (from = r->state->frontier.size) < to) {
		e = read_batch(b, l, from, to, err);
		if (e == CSEAL_OK && b->n == 0)
			e = cseal_error_set(err, CSEAL_ERR_CORRUPT, "ledger",
			    "entries are missing");
		for (size_t i = 0;
		     i < b->n && e == CSEAL_OK && r->ended == NULL; i++)
			e = fold_one(r, b, from + i, batch_entry(b, i));
		if (e == CSEAL_OK)
			e = check_batch(r, b, l, from, err);
		if (e == CSEAL_OK)
			e = meet_known(r);
		if (e == CSEAL_OK && r->options.progress != NULL)
			r->options.progress(
			    r->options.ctx, r->state->frontier.size, to);
	}
	cseal_buf_free(&b->bytes);
	free(b);
	return e;
}

static bool
has_root(const struct cseal_hash_source *s, const struct cseal_head *head)
{
	uint8_t root[CSEAL_HASH_BYTES];

	return cseal_merkle_root(s, head->size, root) == CSEAL_OK &&
	       memcmp(root, head->root, sizeof(root)) == 0;
}

/*
 * The tree that the store keeps is what proofs are made from: it must be the
 * tree of the entries.
 */
static int
check_tree(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err)
{
	const struct cseal_hash_source hashes = cseal_ledger_hashes(l);
	struct cseal_head head = cseal_state_head(r->state);
	struct fold_entry e = { .index = 0 };
	struct tree_check c;
	int code;

	if (r->ended != NULL || !rule_is_on(RULE_STORE_DAMAGED))
		return CSEAL_OK;
	/* Whoever reads an entry below proves it by the hashes it needs. */
	if (r->resumed && has_root(&hashes, &head))
		return CSEAL_OK;
	code = tree_check(l, &head, &c, err);
	if (code != CSEAL_OK || c.fits)
		return code;
	e.index = c.entry;
	code = replay_add_finding(
	    r, RULE_STORE_DAMAGED, c.has_entry ? &e : NULL, "");
	if (code == CSEAL_OK)
		r->ended = r->findings.items[r->findings.n - 1];
	return code;
}

/* Folds to the end, from where `r` (taken over) stands. */
static int
finish(struct cseal_replay **out, struct cseal_replay *r,
    struct cseal_ledger *l, struct cseal_error *err)
{
	int e = cseal_replay_extend(r, l, err);

	if (e == CSEAL_OK && r->entries == 0)
		e = cseal_error_set(err, CSEAL_ERR_CORRUPT, "ledger",
		    "it is empty: founding it was cut short; remove the file "
		    "and run init again");
	if (e == CSEAL_OK)
		e = check_tree(r, l, err);
	if (e != CSEAL_OK) {
		cseal_replay_free(r);
		return e;
	}
	*out = r; /* transferred */
	return CSEAL_OK;
}

static struct cseal_replay *
replay_alloc(const struct cseal_replay_options *o)
{
	struct cseal_replay *r = calloc(1, sizeof(*r));

	if (r != NULL && o != NULL)
		r->options = *o;
	return r;
}

int
replay_knowing(struct cseal_replay **out, const struct cseal_head *known,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err)
{
	struct cseal_replay *r = replay_alloc(o);

	*out = NULL;
	if (r == NULL || (r->state = state_new()) == NULL) {
		free(r);
		return CSEAL_ERR_NOMEM;
	}
	r->known = *known;
	r->expecting = known->size > 0;
	return finish(out, r, l, err);
}

int
cseal_replay_new(struct cseal_replay **out, struct cseal_ledger *l,
    const struct cseal_replay_options *o, struct cseal_error *err)
{
	const struct cseal_head nothing = { .size = 0 };

	return replay_knowing(out, &nothing, l, o, err);
}

int
replay_resume(struct cseal_replay **out, struct cseal_state *s,
    struct vec *findings, const struct cseal_head *known,
    struct cseal_ledger *l, const struct cseal_replay_options *o,
    struct cseal_error *err)
{
	struct cseal_replay *r = replay_alloc(o);

	*out = NULL;
	if (r == NULL) {
		state_free(s);
		return CSEAL_ERR_NOMEM;
	}
	r->state = s; /* transferred */
	r->findings = *findings;
	memset(findings, 0, sizeof(*findings));
	r->known = *known;
	r->expecting = known->size > s->frontier.size;
	r->resumed = true;
	r->remembered = r->sealed = s->frontier.size;
	return finish(out, r, l, err);
}

void
cseal_replay_free(struct cseal_replay *r)
{
	if (r == NULL)
		return;
	state_free(r->state);
	vec_free(&r->findings, NULL);
	free(r);
}

int
cseal_replay_extend(
    struct cseal_replay *r, struct cseal_ledger *l, struct cseal_error *err)
{
	uint64_t size = 0;
	int e;

	e = cseal_ledger_size(l, &size, err);
	if (e != CSEAL_OK || r->ended != NULL)
		return e;
	if (size < r->state->frontier.size)
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "ledger",
		    "it is shorter than it was a moment ago: entries were "
		    "taken away; compare it with what others saw");
	r->entries = size;
	if (r->options.limit != 0 && r->options.limit < size)
		size = r->options.limit;
	e = fold_range(r, l, size, err);
	/* The ledger ended before the tree that was known. */
	if (e == CSEAL_OK && r->expecting && (e = forget_known(r)) == CSEAL_OK)
		e = fold_range(r, l, size, err);
	if (e == CSEAL_OK)
		replay_settle(r);
	return e;
}
