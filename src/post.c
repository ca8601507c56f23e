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
		if (state_key_at_desk(s, k))
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
