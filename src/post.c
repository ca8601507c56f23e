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
#include "state.h"

#define DESKS_MAX    CSEAL_ENVELOPE_DESKS_MAX
#define OPENINGS_MAX CSEAL_OPENINGS_MAX

/* The public keys of desks, each once; `digest` is of all of them. */
struct desks {
	uint8_t (*points)[CSEAL_DESK_KEY_BYTES];
	size_t n;
	uint8_t digest[CSEAL_HASH_BYTES];
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

/*
 * Those of all keys in use, and this one; in an order that is always one.
 * Given back by desks_free(), after an error too.
 */
static int
find_desks(struct cseal_desk *d, struct desks *out)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;
	uint8_t own[CSEAL_DESK_KEY_BYTES];
	struct cseal_slice all;

	out->n = 0;
	out->points = calloc(DESKS_MAX, sizeof(*out->points));
	if (out->points == NULL)
		return CSEAL_ERR_NOMEM;
	if (d->options.key != NULL) {
		cseal_desk_key_public(d->options.key, own);
		add_desk(out, own);
	}
	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		if (state_key_at_desk(s, k))
			add_desk(out, k->desk);
	}
	qsort(out->points, out->n, sizeof(*out->points), by_bytes);
	all.data = out->points[0];
	all.len = out->n * sizeof(*out->points);
	return digest_sha256(out->digest, &all, 1);
}

static void
desks_free(struct desks *v)
{
	free(v->points);
}

static int
seal_to(struct cseal_desk *d, const struct desks *to,
    const uint8_t leaf[CSEAL_HASH_BYTES], const struct cseal_opening *openings,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	struct cseal_buf plain;
	int r;

	if (to->n == 0)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "desk",
		    "this desk has no key to keep values with until the home "
		    "has them, and no other desk has one either");
	cseal_buf_init(&plain, 0);
	r = cseal_openings_encode(&plain,
	    cseal_state_ledger_id(cseal_desk_state(d)), leaf, openings, n, NULL,
	    0, err);
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, to->digest, sizeof(to->digest));
	if (r == CSEAL_OK)
		r = cseal_envelope_seal(out, cseal_buf_slice(&plain),
		    (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])to->points, to->n,
		    err);
	cseal_buf_free(&plain);
	return r;
}

int
post_seal(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_opening *openings, size_t n, struct cseal_buf *out,
    struct cseal_error *err)
{
	struct desks to;
	int r = find_desks(d, &to);

	if (r == CSEAL_OK)
		r = seal_to(d, &to, leaf, openings, n, out, err);
	desks_free(&to);
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
make_for(struct cseal_desk *d, const struct desks *to, uint64_t index,
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
		r = seal_to(d, to, leaf, openings, n, &bytes, err);
	thing.value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	for (size_t i = 0; i < n; i++)
		cseal_opening_free(&openings[i]);
	cseal_buf_free(&bytes);
	return r;
}

static int
make(struct cseal_desk *d, const struct desks *to, uint64_t index,
    struct cseal_slice entry, struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_statement st;
	struct cseal_entry e;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	if (r != CSEAL_OK || (r = cseal_entry_parse(&e, entry)) != CSEAL_OK ||
	    (r = cseal_statement_parse(&st, e.statement, err)) != CSEAL_OK)
		return r;
	r = make_for(d, to, index, leaf, &st, err);
	cseal_statement_free(&st);
	return r;
}

int
post_make(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	struct desks to;
	int r = find_desks(d, &to);

	if (r == CSEAL_OK)
		r = make(d, &to, index, entry, err);
	desks_free(&to);
	return r;
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
static bool
reaches_all(struct cseal_desk *d, const struct desks *now,
    const struct cseal_state_change *c, const struct post *p)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;

	if (memcmp(p->desks, not_ours, sizeof(not_ours)) != 0)
		return memcmp(p->desks, now->digest, sizeof(now->digest)) == 0;
	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		if (k->has_desk && k->since >= c->index)
			return false;
	}
	return true;
}

static int
refresh(struct cseal_desk *d, const struct desks *to,
    const struct cseal_state_change *c, struct cseal_error *err)
{
	struct cseal_buf bytes, entry;
	struct post post;
	bool reaches = false;
	int r;

	cseal_buf_init(&bytes, 0);
	cseal_buf_init(&entry, CSEAL_ENTRY_MAX);
	r = post_find(d, c->leaf, &post, &bytes, err);
	if (r == CSEAL_OK)
		reaches = reaches_all(d, to, c, &post);
	if (!reaches && (r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND)) {
		r = cseal_ledger_get(d->ledger, c->index, &entry, err);
		if (r == CSEAL_OK)
			r = make(d, to, c->index, cseal_buf_slice(&entry), err);
		if (r == CSEAL_ERR_NOT_FOUND)
			r = CSEAL_OK; /* no values of it are here */
	}
	cseal_buf_free(&entry);
	cseal_buf_free(&bytes);
	return r;
}

static int
refresh_each(
    struct cseal_desk *d, const struct desks *to, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_change *c;
	int r = CSEAL_OK;

	for (size_t i = 0; r == CSEAL_OK && (c = cseal_state_change(s, i));
	     i++) {
		if (!c->kind->authority && !c->erased &&
		    c->status <= CSEAL_CHANGE_IN_FORCE)
			r = refresh(d, to, c, err);
	}
	return r;
}

int
post_refresh_all(struct cseal_desk *d, struct cseal_error *err)
{
	struct desks to;
	int r = find_desks(d, &to);
	const size_t own = d->options.key != NULL ? 1 : 0;

	if (r == CSEAL_OK && to.n > own)
		r = refresh_each(d, &to, err);
	desks_free(&to);
	return r;
}
