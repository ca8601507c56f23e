/* SPDX-License-Identifier: BSD-2-Clause */
/* Envelopes that come: whether they are wanted, keeping and opening them. */

#include <string.h>

#include "counterseal/envelope.h"
#include "counterseal/openings.h"
#include "counterseal/text.h"

#include "commitment.h"
#include "desk.h"
#include "outbox.h"
#include "post.h"
#include "slice.h"

#define EARLY_MAX 256 /* envelopes whose entries have not come */

/* The entry with this leaf, looked for from the end on. */
static int
find_leaf(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    uint64_t *index, struct cseal_error *err)
{
	const struct cseal_hash_source hashes = cseal_ledger_hashes(d->ledger);
	uint8_t tile[CSEAL_TILE_HASHES][CSEAL_HASH_BYTES];
	uint64_t end = cseal_state_size(cseal_desk_state(d));
	int r;

	while (end > 0) {
		const uint64_t number = (end - 1) / CSEAL_TILE_HASHES;
		const uint64_t first = number * CSEAL_TILE_HASHES;

		r = hashes.tile(
		    hashes.ctx, 0, number, (size_t)(end - first), tile);
		if (r != CSEAL_OK)
			return cseal_error_set(err, r, "tree",
			    "it cannot be read: verify the ledger");
		for (; end > first; end--) {
			if (memcmp(tile[end - 1 - first], leaf,
				CSEAL_HASH_BYTES) == 0) {
				*index = end - 1;
				return CSEAL_OK;
			}
		}
	}
	return CSEAL_ERR_NOT_FOUND;
}

/* Is one of the openings that the entry may have missing here? */
static int
is_missing(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    bool *missing, struct cseal_error *err)
{
	struct cseal_opening o;
	struct cseal_statement st;
	struct cseal_entry e;
	char name[COMMITMENT_NAME_BYTES];
	int r;

	*missing = false;
	if ((r = cseal_entry_parse(&e, entry)) != CSEAL_OK ||
	    (r = cseal_statement_parse(&st, e.statement, err)) != CSEAL_OK)
		return r;
	if (commitment_name(&st, 0, name)) {
		r = cseal_ledger_opening(d->ledger, index, name, &o, err);
		*missing = r == CSEAL_ERR_NOT_FOUND;
		if (r == CSEAL_OK)
			cseal_opening_free(&o);
	}
	cseal_statement_free(&st);
	return *missing ? CSEAL_OK : r;
}

int
post_wanted(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    bool *wanted, uint64_t *index, struct cseal_buf *entry,
    struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	struct cseal_buf own;
	int r;

	*wanted = true;
	r = find_leaf(d, leaf, index, err);
	if (r == CSEAL_OK) {
		r = cseal_ledger_get(d->ledger, *index, entry, err);
		return r == CSEAL_OK ? is_missing(d, *index,
					   cseal_buf_slice(entry), wanted, err)
				     : r;
	}
	if (r != CSEAL_ERR_NOT_FOUND)
		return r;
	post_name(leaf, name);
	cseal_buf_init(&own, 0);
	r = ledger_beside_get(d->ledger, OUTBOX_SEALED, name, &own, err);
	*wanted = r == CSEAL_ERR_NOT_FOUND;
	cseal_buf_free(&own);
	return *wanted ? CSEAL_OK : r;
}

/* ---- keeping ---- */

static int
find_kept(struct cseal_desk *d, const char *kind,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct post *out,
    struct cseal_buf *bytes, struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	int r;

	post_name(leaf, name);
	r = ledger_beside_get(d->ledger, kind, name, bytes, err);
	if (r != CSEAL_OK)
		return r;
	return post_parse(out, cseal_buf_slice(bytes)) ? CSEAL_OK
						       : CSEAL_ERR_NOT_FOUND;
}

int
post_find(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct post *out, struct cseal_buf *bytes, struct cseal_error *err)
{
	return find_kept(d, POST_KIND, leaf, out, bytes, err);
}

/*
 * Keeps another desk's envelope, and in the same moment no longer as an early
 * one.
 */
static int
put_envelope(struct cseal_desk *d, const char *kind, enum post_maker maker,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der,
    struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	struct store_beside things[2] = { { .kind = POST_EARLY, .name = name },
		{ .kind = kind, .name = name } };
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, 0);
	post_name(leaf, name);
	(void)cseal_buf_add(&bytes, post_mark(maker), CSEAL_HASH_BYTES);
	r = cseal_buf_add(&bytes, der.data, der.len);
	things[1].value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, things, 2, err);
	cseal_buf_free(&bytes);
	return r;
}

static int
drop(struct cseal_desk *d, const char *kind,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	const struct store_beside thing = { .kind = kind, .name = name };

	post_name(leaf, name);
	return ledger_beside_put(d->ledger, &thing, 1, err);
}

/* Is that very envelope kept under `kind`? No need of a durable writing. */
static int
is_kept(struct cseal_desk *d, const char *kind,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der, bool *yes,
    struct cseal_error *err)
{
	struct cseal_buf bytes;
	struct post post;
	int r;

	cseal_buf_init(&bytes, 0);
	r = find_kept(d, kind, leaf, &post, &bytes, err);
	*yes = r == CSEAL_OK && slice_same(post.der, der);
	cseal_buf_free(&bytes);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

int
post_keep(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, struct cseal_error *err)
{
	const char *kind = POST_KIND;
	struct cseal_buf bytes;
	struct post post;
	bool same = false;
	int r;

	cseal_buf_init(&bytes, 0);
	r = find_kept(d, POST_KIND, leaf, &post, &bytes, err);
	if (r == CSEAL_OK) {
		same = slice_same(post.der, der);
		if (post.maker == POST_OTHERS_LOCKED)
			kind = POST_EARLY;
	}
	cseal_buf_free(&bytes);
	if (same || (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND))
		return r;
	return put_envelope(d, kind, POST_OTHERS, leaf, der, err);
}

static int
count_one(void *ctx, const char *name, struct cseal_slice value)
{
	(void)name;
	(void)value;
	++*(size_t *)ctx;
	return CSEAL_OK;
}

int
post_keep_early(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, bool *kept, struct cseal_error *err)
{
	size_t n = 0;
	int r = is_kept(d, POST_EARLY, leaf, der, kept, err);

	if (r != CSEAL_OK || *kept)
		return r;
	r = ledger_beside_each(d->ledger, POST_EARLY, count_one, &n, err);
	*kept = r == CSEAL_OK && n < EARLY_MAX;
	return *kept ? put_envelope(d, POST_EARLY, POST_OTHERS, leaf, der, err)
		     : r;
}

/* ---- opening ---- */

/*
 * Do they belong to this ledger and to this entry, each of them? Of what is
 * locked the names alone can tell.
 */
static int
check_openings(const struct cseal_desk *d, const struct cseal_openings *o,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice entry)
{
	struct cseal_statement st;
	struct cseal_entry e;
	int r = CSEAL_ERR_CORRUPT;

	if (memcmp(o->ledger, cseal_state_ledger_id(cseal_desk_state(d)),
		CSEAL_HASH_BYTES) != 0 ||
	    memcmp(o->leaf, leaf, CSEAL_HASH_BYTES) != 0 ||
	    cseal_entry_parse(&e, entry) != CSEAL_OK ||
	    cseal_statement_parse(&st, e.statement, NULL) != CSEAL_OK)
		return r;
	r = CSEAL_OK;
	for (size_t i = 0; i < o->n && r == CSEAL_OK; i++) {
		if (o->locked && commitment_find(&st, o->list[i].name) == NULL)
			r = CSEAL_ERR_CORRUPT;
		else if (!o->locked)
			r = commitment_check(&st, &o->list[i]);
	}
	cseal_statement_free(&st);
	return r;
}

/* Opens an envelope; CSEAL_ERR_NOT_FOUND if it is for other desks. */
static int
open_envelope(struct cseal_desk *d, struct cseal_slice der,
    struct cseal_openings *out, struct cseal_error *err)
{
	struct cseal_buf plain;
	int r;

	cseal_buf_init(&plain, 0);
	r = cseal_envelope_open(&plain, der, d->options.key, err);
	if (r == CSEAL_OK)
		r = cseal_openings_parse(out, &plain, err);
	cseal_buf_free(&plain);
	return r;
}

/* An envelope that is kept for an entry. */
struct taking {
	struct cseal_desk *d;
	uint64_t index;
	struct cseal_slice entry;
	uint8_t leaf[CSEAL_HASH_BYTES];
	enum post_came *came;
	struct cseal_error *err;
};

/* *locked: they are for this desk, and wait for a re-entry. */
static int
take_out(const struct taking *t, struct cseal_slice der, bool *locked)
{
	struct cseal_openings o = { .n = 0 };
	int r = open_envelope(t->d, der, &o, t->err);

	*locked = r == CSEAL_OK && o.locked;
	if (r == CSEAL_OK)
		r = check_openings(t->d, &o, t->leaf, t->entry);
	if (r == CSEAL_OK && !*locked) {
		r = ledger_add_openings(
		    t->d->ledger, t->index, o.list, o.n, t->err);
		if (r == CSEAL_OK)
			*t->came = POST_OPENED;
	}
	cseal_openings_free(&o);
	if (r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_EXISTS)
		return CSEAL_OK; /* for other desks, or taken before */
	if (r == CSEAL_ERR_CORRUPT || r == CSEAL_ERR_FORMAT) {
		*locked = false;
		return cseal_error_set(t->err, CSEAL_ERR_CORRUPT, "envelope",
		    "what was sent as the values of entry %llu is not what "
		    "was sealed there",
		    (unsigned long long)t->index);
	}
	return r;
}

/* The requester's own, of what the others get locked. */
static int
take_own(const struct taking *t)
{
	struct cseal_buf bytes;
	struct post post;
	bool locked;
	int r;

	cseal_buf_init(&bytes, 0);
	r = find_kept(t->d, POST_OWN, t->leaf, &post, &bytes, t->err);
	if (r == CSEAL_OK)
		r = take_out(t, post.der, &locked);
	if (r == CSEAL_OK)
		r = drop(t->d, POST_OWN, t->leaf, t->err);
	cseal_buf_free(&bytes);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* What is kept for all; one that is locked is marked so. */
static int
take_kept(const struct taking *t, bool *locked)
{
	struct cseal_buf bytes;
	struct post post;
	int r;

	*locked = false;
	cseal_buf_init(&bytes, 0);
	r = find_kept(t->d, POST_KIND, t->leaf, &post, &bytes, t->err);
	if (r == CSEAL_OK && post.maker == POST_OTHERS_LOCKED)
		*locked = true;
	else if (r == CSEAL_OK)
		r = take_out(t, post.der, locked);
	if (r == CSEAL_OK && *locked && post.maker == POST_OTHERS) {
		r = put_envelope(t->d, POST_KIND, POST_OTHERS_LOCKED, t->leaf,
		    post.der, t->err);
		*t->came = POST_LOCKED;
	}
	cseal_buf_free(&bytes);
	return r;
}

/*
 * One that came before its entry, or beside a locked one: it takes the place
 * of that only if it brought the values.
 */
static int
take_early(const struct taking *t, bool beside)
{
	struct cseal_buf bytes;
	struct post post;
	bool locked;
	int r;

	cseal_buf_init(&bytes, 0);
	r = find_kept(t->d, POST_EARLY, t->leaf, &post, &bytes, t->err);
	if (r == CSEAL_OK) {
		r = take_out(t, post.der, &locked);
		if (r == CSEAL_ERR_CORRUPT ||
		    (beside && *t->came != POST_OPENED))
			(void)drop(t->d, POST_EARLY, t->leaf, NULL);
		else if (r == CSEAL_OK)
			r = put_envelope(t->d, POST_KIND,
			    locked ? POST_OTHERS_LOCKED : POST_OTHERS, t->leaf,
			    post.der, t->err);
		if (r == CSEAL_OK && !beside && locked)
			*t->came = POST_LOCKED;
	}
	cseal_buf_free(&bytes);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

int
post_take(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    enum post_came *came, struct cseal_error *err)
{
	struct taking t = {
		.d = d, .index = index, .entry = entry, .came = came, .err = err
	};
	bool locked;
	int r = cseal_merkle_leaf(entry.data, entry.len, t.leaf);

	*came = POST_NOTHING;
	if (r != CSEAL_OK || d->options.key == NULL)
		return r;
	r = take_own(&t);
	if (r != CSEAL_OK || *came == POST_OPENED)
		return r;
	r = take_kept(&t, &locked);
	if (r == CSEAL_ERR_NOT_FOUND || (r == CSEAL_OK && locked))
		r = take_early(&t, r == CSEAL_OK);
	return r;
}

int
post_locked(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_openings *out, struct cseal_error *err)
{
	struct cseal_buf bytes;
	struct post post;
	int r;

	memset(out, 0, sizeof(*out));
	if (d->options.key == NULL)
		return CSEAL_ERR_NOT_FOUND;
	cseal_buf_init(&bytes, 0);
	r = find_kept(d, POST_KIND, leaf, &post, &bytes, err);
	if (r == CSEAL_OK && post.maker != POST_OTHERS_LOCKED)
		r = CSEAL_ERR_NOT_FOUND;
	if (r == CSEAL_OK)
		r = open_envelope(d, post.der, out, err);
	cseal_buf_free(&bytes);
	return r;
}
