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
#include "reentry.h"
#include "state.h"

#define DESKS_MAX    CSEAL_ENVELOPE_DESKS_MAX
#define OPENINGS_MAX CSEAL_OPENINGS_MAX

/* The public keys of desks, each once. */
struct desks {
	uint8_t (*points)[CSEAL_DESK_KEY_BYTES];
	size_t n;
	/* Of all of them, for what is sent open, and for what is locked. */
	uint8_t open[CSEAL_HASH_BYTES], locked[CSEAL_HASH_BYTES];
};

/* The fields that lock the values; n == 0: they are sent open. */
struct blind {
	const char *names[CSEAL_KIND_FIELDS_MAX];
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

static int
digest_desks(struct desks *v)
{
	const struct cseal_slice parts[2] = { { v->points[0],
						  v->n * sizeof(*v->points) },
		{ (const uint8_t *)"locked", strlen("locked") } };
	int r = digest_sha256(v->open, parts, 1);

	return r == CSEAL_OK ? digest_sha256(v->locked, parts, 2) : r;
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
	return digest_desks(out);
}

static void
desks_free(struct desks *v)
{
	free(v->points);
}

/* ---- sealing ---- */

/* What an approver re-enters, as far as its openings are there. */
static void
find_blind(const struct cseal_desk *d, const struct cseal_statement *st,
    const struct cseal_opening *openings, size_t n, struct blind *out)
{
	const char *names[CSEAL_KIND_FIELDS_MAX];
	size_t count = reentry_names(cseal_desk_state(d), st, names);

	out->n = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < n; k++) {
			if (strcmp(openings[k].name, names[i]) == 0)
				out->names[out->n++] = names[i];
		}
	}
}

static int
seal_to(struct cseal_desk *d, const struct desks *to,
    const uint8_t leaf[CSEAL_HASH_BYTES], const struct cseal_opening *openings,
    size_t n, const struct blind *blind, struct cseal_buf *out,
    struct cseal_error *err)
{
	const uint8_t *made = blind->n > 0 ? to->locked : to->open;
	struct cseal_buf plain;
	int r;

	if (to->n == 0)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "desk",
		    "this desk has no key to keep values with until the home "
		    "has them, and no other desk has one either");
	cseal_buf_init(&plain, 0);
	r = cseal_openings_encode(&plain,
	    cseal_state_ledger_id(cseal_desk_state(d)), leaf, openings, n,
	    blind->names, blind->n, err);
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, made, CSEAL_HASH_BYTES);
	if (r == CSEAL_OK)
		r = cseal_envelope_seal(out, cseal_buf_slice(&plain),
		    (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])to->points, to->n,
		    err);
	cseal_buf_free(&plain);
	return r;
}

/* To this desk alone, open: it must not be asked for its own values. */
static int
seal_own(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_opening *openings, size_t n, struct cseal_buf *out,
    struct cseal_error *err)
{
	const struct blind none = { .n = 0 };
	uint8_t own[1][CSEAL_DESK_KEY_BYTES];
	struct desks self = { .points = own, .n = 1 };
	int r;

	if (d->options.key == NULL)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "desk",
		    "this desk has no key to keep values with until the home "
		    "has them");
	cseal_desk_key_public(d->options.key, own[0]);
	r = digest_desks(&self);
	return r == CSEAL_OK
		   ? seal_to(d, &self, leaf, openings, n, &none, out, err)
		   : r;
}

int
post_seal(struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES],
    const struct cseal_statement *st, const struct cseal_opening *openings,
    size_t n, struct post_sealed *out, struct cseal_error *err)
{
	struct blind blind;
	struct desks to;
	int r = find_desks(d, &to);

	cseal_buf_init(&out->all, 0);
	cseal_buf_init(&out->own, 0);
	find_blind(d, st, openings, n, &blind);
	if (r == CSEAL_OK)
		r = seal_to(d, &to, leaf, openings, n, &blind, &out->all, err);
	if (r == CSEAL_OK && blind.n > 0)
		r = seal_own(d, leaf, openings, n, &out->own, err);
	desks_free(&to);
	return r;
}

void
post_sealed_free(struct post_sealed *p)
{
	cseal_buf_free(&p->all);
	cseal_buf_free(&p->own);
}

size_t
post_things(const struct post_sealed *p, const char *name,
    struct store_beside things[2])
{
	things[0] =
	    (struct store_beside){ POST_KIND, name, cseal_buf_slice(&p->all) };
	things[1] =
	    (struct store_beside){ POST_OWN, name, cseal_buf_slice(&p->own) };
	return p->own.len > 0 ? 2 : 1;
}

/* ---- of entries that are in the ledger ---- */

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

static void
free_gathered(struct cseal_opening *openings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cseal_opening_free(&openings[i]);
}

static int
parse_entry(struct cseal_slice entry, uint8_t leaf[CSEAL_HASH_BYTES],
    struct cseal_statement *st, struct cseal_error *err)
{
	struct cseal_entry e;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	if (r == CSEAL_OK)
		r = cseal_entry_parse(&e, entry);
	return r == CSEAL_OK ? cseal_statement_parse(st, e.statement, err) : r;
}

int
post_take_back(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	struct post_sealed sealed = { .all = { .len = 0 } };
	struct cseal_opening openings[OPENINGS_MAX];
	uint8_t leaf[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	struct store_beside things[2];
	struct cseal_statement st;
	size_t n;
	int r = parse_entry(entry, leaf, &st, err);

	if (r != CSEAL_OK)
		return r;
	r = gather(d, index, &st, openings, &n, err);
	if (r == CSEAL_OK && n == 0)
		r = CSEAL_ERR_NOT_FOUND;
	if (r == CSEAL_OK)
		r = post_seal(d, leaf, &st, openings, n, &sealed, err);
	post_name(leaf, name);
	if (r == CSEAL_OK)
		r = ledger_beside_put(
		    d->ledger, things, post_things(&sealed, name, things), err);
	free_gathered(openings, n);
	post_sealed_free(&sealed);
	cseal_statement_free(&st);
	return r;
}

/* A change is locked while it waits for approvals, and then no more. */
static bool
is_locked(const struct cseal_desk *d, const struct cseal_state_change *c)
{
	const char *names[CSEAL_KIND_FIELDS_MAX];

	return c->status == CSEAL_CHANGE_ASKED &&
	       reentry_names(cseal_desk_state(d), c->request, names) > 0;
}

/* In place of the digest of desks that this one does not know. */
static const uint8_t makers[][CSEAL_HASH_BYTES] = {
	[POST_OTHERS] = { 0 },
	[POST_OTHERS_LOCKED] = { 1 },
};

const uint8_t *
post_mark(enum post_maker maker)
{
	return makers[maker];
}

bool
post_parse(struct post *out, struct cseal_slice value)
{
	if (value.len <= CSEAL_HASH_BYTES)
		return false;
	memcpy(out->made, value.data, CSEAL_HASH_BYTES);
	out->der.data = value.data + CSEAL_HASH_BYTES;
	out->der.len = value.len - CSEAL_HASH_BYTES;
	out->maker = POST_OURS;
	for (unsigned i = POST_OTHERS; i <= POST_OTHERS_LOCKED; i++) {
		if (memcmp(out->made, makers[i], CSEAL_HASH_BYTES) == 0)
			out->maker = (enum post_maker)i;
	}
	return true;
}

bool
post_read(
    struct parcel_envelope *out, const char *name, struct cseal_slice value)
{
	struct post post;

	if (!post_parse(&post, value) ||
	    cseal_unhex(name, out->leaf, sizeof(out->leaf)) != CSEAL_OK)
		return false;
	out->der = post.der;
	return true;
}

/*
 * Does an envelope reach the desks that the ledger has now, as it should?
 * Another desk's was made for those of its time: the key that came last tells.
 */
static bool
reaches_all(struct cseal_desk *d, const struct desks *now,
    const struct cseal_state_change *c, bool locked, const struct post *p)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const uint8_t *made = locked ? now->locked : now->open;
	const struct cseal_state_key *k;

	if (p->maker == POST_OURS)
		return memcmp(p->made, made, sizeof(p->made)) == 0;
	if (p->maker == POST_OTHERS_LOCKED && !locked)
		return false;
	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		if (k->has_desk && k->since >= c->index)
			return false;
	}
	return true;
}

/* Of the values that are here; nothing if none are, or none to lock with. */
static int
make(struct cseal_desk *d, const struct desks *to,
    const struct cseal_state_change *c, bool locked, struct cseal_error *err)
{
	struct cseal_opening openings[OPENINGS_MAX];
	char name[POST_NAME_BYTES];
	struct store_beside thing = { .kind = POST_KIND, .name = name };
	struct blind blind = { .n = 0 };
	struct cseal_buf bytes;
	size_t n;
	int r;

	cseal_buf_init(&bytes, 0);
	post_name(c->leaf, name);
	r = gather(d, c->index, c->request, openings, &n, err);
	if (locked)
		find_blind(d, c->request, openings, n, &blind);
	if (r == CSEAL_OK && n > 0 && (blind.n > 0 || !locked)) {
		r = seal_to(d, to, c->leaf, openings, n, &blind, &bytes, err);
		thing.value = cseal_buf_slice(&bytes);
		if (r == CSEAL_OK)
			r = ledger_beside_put(d->ledger, &thing, 1, err);
	}
	free_gathered(openings, n);
	cseal_buf_free(&bytes);
	return r;
}

static int
refresh(struct cseal_desk *d, const struct desks *to,
    const struct cseal_state_change *c, struct cseal_error *err)
{
	const bool locked = is_locked(d, c);
	struct cseal_buf bytes;
	struct post post;
	bool reaches = false;
	int r;

	cseal_buf_init(&bytes, 0);
	r = post_find(d, c->leaf, &post, &bytes, err);
	if (r == CSEAL_OK)
		reaches = reaches_all(d, to, c, locked, &post);
	if (!reaches && (r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND))
		r = make(d, to, c, locked, err);
	cseal_buf_free(&bytes);
	return r;
}

/* Of authority, a display name alone is no part of the ledger. */
static bool
has_values(const struct cseal_state_change *c)
{
	return !c->erased && c->status <= CSEAL_CHANGE_IN_FORCE &&
	       (!c->kind->authority ||
		   commitment_find(c->request, CSEAL_DISPLAY_NAME) != NULL);
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
		if (has_values(c))
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
