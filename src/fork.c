/* SPDX-License-Identifier: BSD-2-Clause */

#include "fork.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "ledger_tail.h"
#include "outbox.h"
#include "post.h"

#define HEX_BYTES (2 * CSEAL_HASH_BYTES + 1)

static int
stored_leaf(struct cseal_desk *d, uint64_t index, uint8_t out[CSEAL_HASH_BYTES],
    struct cseal_error *err)
{
	const struct cseal_hash_source hashes = cseal_ledger_hashes(d->ledger);
	uint8_t tile[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
	const size_t at = (size_t)(index % CSEAL_TILE_HASHES);
	int r;

	r = hashes.tile(hashes.ctx, 0, index / CSEAL_TILE_HASHES, at + 1, tile);
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "tree",
		    "the hash of entry %" PRIu64 " cannot be read: verify the "
		    "ledger",
		    index);
	memcpy(out, tile[at], CSEAL_HASH_BYTES);
	return CSEAL_OK;
}

int
fork_check(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    bool *same, struct cseal_error *err)
{
	uint8_t ours[CSEAL_HASH_BYTES], theirs[CSEAL_HASH_BYTES];
	int r = stored_leaf(d, index, ours, err);

	*same = false;
	if (r == CSEAL_OK)
		r = cseal_merkle_leaf(entry.data, entry.len, theirs);
	if (r == CSEAL_OK)
		*same = memcmp(ours, theirs, sizeof(ours)) == 0;
	return r;
}

static const char what_to_do[] =
    "Two histories exist. Compare the heads by voice with the other desks "
    "(counterseal log shows this one's), and find out who altered or restored "
    "a ledger. Whose history is given up moves his file away and receives "
    "anew.";

int
fork_check_head(struct cseal_desk *d, const struct cseal_head *theirs,
    struct cseal_error *err)
{
	const struct cseal_hash_source hashes = cseal_ledger_hashes(d->ledger);
	uint8_t root[CSEAL_HASH_BYTES];
	char ours[HEX_BYTES], other[HEX_BYTES];
	int r;

	if (theirs->size > cseal_state_size(cseal_desk_state(d)))
		return CSEAL_OK; /* seen when its entries come */
	r = cseal_merkle_root(&hashes, theirs->size, root);
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "tree",
		    "the tree of %" PRIu64 " entries cannot be read: verify "
		    "the ledger",
		    theirs->size);
	if (memcmp(root, theirs->root, sizeof(root)) == 0)
		return CSEAL_OK;
	cseal_hex(root, sizeof(root), ours);
	cseal_hex(theirs->root, sizeof(root), other);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, "head",
	    "after %" PRIu64 " entries this desk has %s, another %s. %s",
	    theirs->size, ours, other, what_to_do);
}

/*
 * Anybody who writes into the folder can make up entries, or put those of this
 * ledger in another order; only what somebody sealed and this history does
 * not have tells of another one.
 */
static bool
is_evidence(struct cseal_desk *d, struct cseal_slice entry)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct fold_entry e;
	bool yes;

	yes = fold_entry_read(&e, cseal_state_size(s), entry) == RULE_OK &&
	      !hashset_has(&s->statements, e.digest);
	fold_entry_free(&e);
	return yes && intake_is_sealed(d, entry);
}

static int
refuse(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char ours[HEX_BYTES], theirs[HEX_BYTES], where[32];
	int r = stored_leaf(d, index, leaf, err);

	if (r != CSEAL_OK)
		return r;
	cseal_hex(leaf, sizeof(leaf), ours);
	r = cseal_merkle_leaf(entry.data, entry.len, leaf);
	if (r != CSEAL_OK)
		return r;
	cseal_hex(leaf, sizeof(leaf), theirs);
	(void)snprintf(where, sizeof(where), "entry %" PRIu64, index);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, where,
	    "this desk has %s there, another %s. %s", ours, theirs, what_to_do);
}

/* ---- yielding ---- */

static int
keep_own(void *ctx, uint64_t index, struct cseal_slice entry)
{
	return outbox_take_back(ctx, index, entry, NULL);
}

static int
pass_entry(void *ctx, uint64_t index, struct cseal_slice body)
{
	(void)ctx;
	(void)index;
	(void)body;
	return CSEAL_OK;
}

static int
pass_opening(void *ctx, uint64_t entry, struct cseal_slice name)
{
	(void)ctx;
	(void)entry;
	(void)name;
	return CSEAL_OK;
}

static int
pass_end(void *ctx, uint64_t hashes)
{
	(void)ctx;
	(void)hashes;
	return CSEAL_OK;
}

int
fork_yield(const struct intake *in, uint64_t index, struct cseal_slice theirs,
    struct cseal_error *err)
{
	const struct store_sink sink = { pass_entry, pass_opening, pass_end,
		NULL };
	struct cseal_desk *d = in->d;
	int r;

	if (!is_evidence(d, theirs))
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "entry",
		    "what should be entry %" PRIu64 " is none: damaged, or "
		    "made up",
		    index);
	if (d->site.is != CSEAL_SITE_HOME || index < d->site.size)
		return refuse(d, index, theirs, err);
	/* Kept first: whatever happens then, nothing sealed is lost. */
	r = cseal_ledger_read(d->ledger, index, UINT64_MAX, keep_own, d, err);
	if (r == CSEAL_OK)
		r = ledger_cut(d->ledger, index, &sink, err);
	if (r == CSEAL_OK)
		r = desk_reload(d, err);
	if (r == CSEAL_OK)
		r = intake_tell(in, CSEAL_EXCHANGE_YIELDED, index, NULL);
	return r;
}

int
fork_behind(const struct intake *in, uint64_t size, struct cseal_error *err)
{
	/* Having yielded, it knows of the others, and takes their entries. */
	if (in->d->site.size != SITE_NEVER_YIELDS)
		return CSEAL_OK;
	(void)intake_tell(in, CSEAL_EXCHANGE_MISSING, size,
	    "others have entries that this home has not: it was set back, or "
	    "there are two homes. It appends nothing until all other desks "
	    "were heard");
	return cseal_desk_settle(in->d, CSEAL_SITE_RESTORED, err);
}
