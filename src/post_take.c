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
	if (bytes->len <= sizeof(out->desks))
		return CSEAL_ERR_NOT_FOUND;
	memcpy(out->desks, bytes->data, sizeof(out->desks));
	out->der.data = bytes->data + sizeof(out->desks);
	out->der.len = bytes->len - sizeof(out->desks);
	return CSEAL_OK;
}

int
post_find(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct post *out, struct cseal_buf *bytes, struct cseal_error *err)
{
	return find_kept(d, POST_KIND, leaf, out, bytes, err);
}

/*
 * Keeps an envelope under `kind`, and in the same moment no longer as an early
 * one. Its desks are not known: it is another desk's.
 */
static int
put_envelope(struct cseal_desk *d, const char *kind,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der,
    struct cseal_error *err)
{
	static const uint8_t not_ours[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	struct store_beside things[2] = { { .kind = POST_EARLY, .name = name },
		{ .kind = kind, .name = name } };
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, 0);
	post_name(leaf, name);
	(void)cseal_buf_add(&bytes, not_ours, sizeof(not_ours));
	r = cseal_buf_add(&bytes, der.data, der.len);
	things[1].value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, things, 2, err);
	cseal_buf_free(&bytes);
	return r;
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
	*yes = r == CSEAL_OK && post.der.len == der.len &&
	       memcmp(post.der.data, der.data, der.len) == 0;
	cseal_buf_free(&bytes);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

int
post_keep(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, struct cseal_error *err)
{
	bool kept;
	int r = is_kept(d, POST_KIND, leaf, der, &kept, err);

	if (r != CSEAL_OK || kept)
		return r;
	return put_envelope(d, POST_KIND, leaf, der, err);
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
	return *kept ? put_envelope(d, POST_EARLY, leaf, der, err) : r;
}

/* ---- opening ---- */

/* Do they belong to this ledger and to this entry, each of them? */
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
	for (size_t i = 0; i < o->n && r == CSEAL_OK; i++)
		r = commitment_check(&st, &o->list[i]);
	cseal_statement_free(&st);
	return r;
}

static int
take_out(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der, size_t *taken,
    struct cseal_error *err)
{
	struct cseal_openings o = { .n = 0 };
	struct cseal_buf plain;
	int r;

	cseal_buf_init(&plain, 0);
	r = cseal_envelope_open(&plain, der, d->options.key, err);
	if (r == CSEAL_OK)
		r = cseal_openings_parse(&o, &plain, err);
	if (r == CSEAL_OK && !o.locked) {
		r = check_openings(d, &o, leaf, entry);
		if (r == CSEAL_OK)
			r = ledger_add_openings(
			    d->ledger, index, o.list, o.n, err);
		if (r == CSEAL_OK)
			*taken = o.n;
	}
	cseal_openings_free(&o);
	cseal_buf_free(&plain);
	if (r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_EXISTS)
		return CSEAL_OK; /* for other desks, or taken before */
	if (r == CSEAL_ERR_CORRUPT || r == CSEAL_ERR_FORMAT)
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "envelope",
		    "what was sent as the values of entry %llu is not what "
		    "was sealed there",
		    (unsigned long long)index);
	return r;
}

int
post_take(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    size_t *taken, struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_buf bytes;
	struct post post;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	*taken = 0;
	if (r != CSEAL_OK || d->options.key == NULL)
		return r;
	cseal_buf_init(&bytes, 0);
	r = post_find(d, leaf, &post, &bytes, err);
	if (r == CSEAL_ERR_NOT_FOUND) {
		r = find_kept(d, POST_EARLY, leaf, &post, &bytes, err);
		if (r == CSEAL_OK)
			r = put_envelope(d, POST_KIND, leaf, post.der, err);
	}
	if (r == CSEAL_OK)
		r = take_out(d, index, entry, leaf, post.der, taken, err);
	else if (r == CSEAL_ERR_NOT_FOUND)
		r = CSEAL_OK;
	cseal_buf_free(&bytes);
	return r;
}
