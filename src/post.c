/* SPDX-License-Identifier: BSD-2-Clause */

#include "post.h"

#include <stdlib.h>
#include <string.h>

#include "counterseal/envelope.h"
#include "counterseal/openings.h"
#include "counterseal/text.h"

#include "commitment.h"
#include "desk.h"
#include "digest.h"

#define DESKS_MAX    CSEAL_ENVELOPE_DESKS_MAX
#define OPENINGS_MAX CSEAL_OPENINGS_MAX

/* The public keys of desks, each once. */
struct desks {
	uint8_t (*points)[CSEAL_DESK_KEY_BYTES];
	size_t n;
};

void
post_name(const uint8_t leaf[CSEAL_HASH_BYTES], char out[POST_NAME_BYTES])
{
	cseal_hex(leaf, CSEAL_HASH_BYTES, out);
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, CSEAL_DESK_KEY_BYTES);
}

static void
add_desk(struct desks *v, const uint8_t point[CSEAL_DESK_KEY_BYTES])
{
	for (size_t i = 0; i < v->n; i++) {
		if (memcmp(v->points[i], point, CSEAL_DESK_KEY_BYTES) == 0)
			return;
	}
	if (v->n < DESKS_MAX)
		memcpy(v->points[v->n++], point, CSEAL_DESK_KEY_BYTES);
}

/* Those of all keys in use, and this one; in an order that is always one. */
static int
find_desks(struct cseal_desk *d, struct desks *out)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;
	uint8_t own[CSEAL_DESK_KEY_BYTES];

	out->n = 0;
	out->points = calloc(DESKS_MAX, sizeof(*out->points));
	if (out->points == NULL)
		return CSEAL_ERR_NOMEM;
	if (d->options.key != NULL) {
		cseal_desk_key_public(d->options.key, own);
		add_desk(out, own);
	}
	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		if (k->has_desk && !k->revoked && !k->monitor &&
		    !cseal_state_person(s, k->person)->left)
			add_desk(out, k->desk);
	}
	qsort(out->points, out->n, sizeof(*out->points), by_bytes);
	return CSEAL_OK;
}

static int
digest_of(const struct desks *v, uint8_t out[CSEAL_HASH_BYTES])
{
	const struct cseal_slice all = { v->points[0],
		v->n * sizeof(*v->points) };

	return digest_sha256(out, &all, 1);
}

int
post_seal(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_opening *openings, size_t n, struct cseal_buf *out,
    struct cseal_error *err)
{
	uint8_t digest[CSEAL_HASH_BYTES];
	struct cseal_buf plain;
	struct desks to;
	int r = find_desks(d, &to);

	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&plain, 0);
	if (to.n == 0)
		r = cseal_error_set(err, CSEAL_ERR_REFUSED, "desk",
		    "this desk has no key to keep values with until the home "
		    "has them, and no other desk has one either");
	if (r == CSEAL_OK)
		r = digest_of(&to, digest);
	if (r == CSEAL_OK)
		r = cseal_openings_encode(&plain,
		    cseal_state_ledger_id(cseal_desk_state(d)), leaf, openings,
		    n, NULL, 0, err);
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, digest, sizeof(digest));
	if (r == CSEAL_OK)
		r = cseal_envelope_seal(out, cseal_buf_slice(&plain),
		    (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])to.points, to.n,
		    err);
	cseal_buf_free(&plain);
	free(to.points);
	return r;
}

/* The openings of the statement that are here; *n of them, to be freed. */
static int
gather(struct cseal_desk *d, uint64_t index, const struct cseal_statement *st,
    struct cseal_opening *out, size_t *n, struct cseal_error *err)
{
	char name[COMMITMENT_NAME_BYTES];
	int r = CSEAL_OK;

	*n = 0;
	for (size_t i = 0;
	     r == CSEAL_OK && *n < OPENINGS_MAX && commitment_name(st, i, name);
	     i++) {
		r = cseal_ledger_opening(d->ledger, index, name, &out[*n], err);
		if (r == CSEAL_OK)
			++*n;
		else if (r == CSEAL_ERR_NOT_FOUND)
			r = CSEAL_OK;
	}
	return r;
}

static int
make_for(struct cseal_desk *d, uint64_t index,
    const uint8_t leaf[CSEAL_HASH_BYTES], const struct cseal_statement *st,
    struct cseal_error *err)
{
	struct cseal_opening openings[OPENINGS_MAX];
	char name[POST_NAME_BYTES];
	struct store_beside thing = { .kind = POST_KIND, .name = name };
	struct cseal_buf bytes;
	size_t n;
	int r;

	cseal_buf_init(&bytes, 0);
	post_name(leaf, name);
	r = gather(d, index, st, openings, &n, err);
	if (r == CSEAL_OK && n == 0)
		r = CSEAL_ERR_NOT_FOUND;
	if (r == CSEAL_OK)
		r = post_seal(d, leaf, openings, n, &bytes, err);
	thing.value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	for (size_t i = 0; i < n; i++)
		cseal_opening_free(&openings[i]);
	cseal_buf_free(&bytes);
	return r;
}

int
post_make(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_statement st;
	struct cseal_entry e;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	if (r != CSEAL_OK || (r = cseal_entry_parse(&e, entry)) != CSEAL_OK ||
	    (r = cseal_statement_parse(&st, e.statement, err)) != CSEAL_OK)
		return r;
	r = make_for(d, index, leaf, &st, err);
	cseal_statement_free(&st);
	return r;
}

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
	r = ledger_beside_get(d->ledger, "sealed", name, &own, err);
	*wanted = r == CSEAL_ERR_NOT_FOUND;
	cseal_buf_free(&own);
	return *wanted ? CSEAL_OK : r;
}

int
post_find(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct post *out, struct cseal_buf *bytes, struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	int r;

	post_name(leaf, name);
	r = ledger_beside_get(d->ledger, POST_KIND, name, bytes, err);
	if (r != CSEAL_OK)
		return r;
	if (bytes->len <= sizeof(out->desks))
		return CSEAL_ERR_NOT_FOUND;
	memcpy(out->desks, bytes->data, sizeof(out->desks));
	out->der.data = bytes->data + sizeof(out->desks);
	out->der.len = bytes->len - sizeof(out->desks);
	return CSEAL_OK;
}

static const uint8_t not_ours[CSEAL_HASH_BYTES];

bool
post_read(
    struct parcel_envelope *out, const char *name, struct cseal_slice value)
{
	if (value.len <= sizeof(not_ours) ||
	    cseal_unhex(name, out->leaf, sizeof(out->leaf)) != CSEAL_OK)
		return false;
	out->der.data = value.data + sizeof(not_ours);
	out->der.len = value.len - sizeof(not_ours);
	return true;
}

/*
 * Does an envelope reach the desks that the ledger has now? Another desk's
 * was made for those of its time: the key that came last tells.
 */
static int
reaches_all(struct cseal_desk *d, const struct cseal_state_change *c,
    const struct post *p, bool *yes)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;
	uint8_t digest[CSEAL_HASH_BYTES];
	struct desks now;
	int r;

	*yes = true;
	if (memcmp(p->desks, not_ours, sizeof(not_ours)) == 0) {
		for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++)
			*yes = *yes && (!k->has_desk || k->since < c->index);
		return CSEAL_OK;
	}
	if ((r = find_desks(d, &now)) != CSEAL_OK)
		return r;
	r = digest_of(&now, digest);
	*yes = memcmp(digest, p->desks, sizeof(digest)) == 0;
	free(now.points);
	return r;
}

static int
refresh(struct cseal_desk *d, const struct cseal_state_change *c,
    struct cseal_error *err)
{
	struct cseal_buf bytes, entry;
	struct post post;
	bool reaches = false;
	int r;

	cseal_buf_init(&bytes, 0);
	cseal_buf_init(&entry, CSEAL_ENTRY_MAX);
	r = post_find(d, c->leaf, &post, &bytes, err);
	if (r == CSEAL_OK)
		r = reaches_all(d, c, &post, &reaches);
	if (!reaches && (r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND)) {
		r = cseal_ledger_get(d->ledger, c->index, &entry, err);
		if (r == CSEAL_OK)
			r = post_make(
			    d, c->index, cseal_buf_slice(&entry), err);
		if (r == CSEAL_ERR_NOT_FOUND)
			r = CSEAL_OK; /* no values of it are here */
	}
	cseal_buf_free(&entry);
	cseal_buf_free(&bytes);
	return r;
}

/* How many desks there are to send to, this one left out. */
static int
count_others(struct cseal_desk *d, size_t *n)
{
	struct desks all;
	int r = find_desks(d, &all);

	if (r != CSEAL_OK)
		return r;
	*n = all.n - (d->options.key != NULL ? 1 : 0);
	free(all.points);
	return CSEAL_OK;
}

int
post_refresh_all(struct cseal_desk *d, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_change *c;
	size_t others;
	int r = count_others(d, &others);

	if (r != CSEAL_OK || others == 0)
		return r;
	for (size_t i = 0; r == CSEAL_OK && (c = cseal_state_change(s, i));
	     i++) {
		if (!c->kind->authority && !c->erased &&
		    c->status <= CSEAL_CHANGE_IN_FORCE)
			r = refresh(d, c, err);
	}
	return r;
}

int
post_keep(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_slice der, struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	struct store_beside thing = { .kind = POST_KIND, .name = name };
	struct cseal_buf bytes;
	struct post post;
	int r;

	cseal_buf_init(&bytes, 0);
	r = post_find(d, leaf, &post, &bytes, NULL);
	if (r == CSEAL_OK && post.der.len == der.len &&
	    memcmp(post.der.data, der.data, der.len) == 0) {
		cseal_buf_free(&bytes); /* no need of a durable writing */
		return CSEAL_OK;
	}
	post_name(leaf, name);
	cseal_buf_reset(&bytes);
	(void)cseal_buf_add(&bytes, not_ours, sizeof(not_ours));
	r = cseal_buf_add(&bytes, der.data, der.len);
	thing.value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	cseal_buf_free(&bytes);
	return r;
}

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
	if (r == CSEAL_OK)
		r = take_out(d, index, entry, leaf, post.der, taken, err);
	else if (r == CSEAL_ERR_NOT_FOUND)
		r = CSEAL_OK;
	cseal_buf_free(&bytes);
	return r;
}
