/* SPDX-License-Identifier: BSD-2-Clause */

#include "outbox.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "post.h"
#include "schema_rows.h"

/* A refusal as it is kept: with the entry that it is about. */
struct refused {
	struct cseal_slice code;
	struct cseal_slice sentence;
	struct cseal_slice entry;
};

static const struct schema_member refused_rows[] = {
	ROW(0, "code", SCHEMA_TEXT, refused, code, 1, PARCEL_CODE_MAX),
	ROW(0, "sentence", SCHEMA_TEXT, refused, sentence, 1, PARCEL_TEXT_MAX),
	ROW(0, "entry", SCHEMA_BYTES, refused, entry, 0, CSEAL_ENTRY_MAX),
};
static const struct schema record_refused = { .name = "refused",
	SCHEMA(SCHEMA_ARRAY, refused, refused_rows) };

/* ---- what is on its way ---- */

/* Two statements of one person that mean the same act. */
static bool
same_act(const struct cseal_state *s, const struct cseal_statement *a,
    const struct cseal_statement *b)
{
	const struct cseal_state_key *ka = cseal_state_key(s, a->key);
	const struct cseal_state_key *kb = cseal_state_key(s, b->key);

	if (a->kind != b->kind || ka == NULL || kb == NULL ||
	    ka->person != kb->person)
		return false;
	if (a->kind == CSEAL_JOIN)
		return true;
	return a->kind >= CSEAL_APPROVE && a->kind <= CSEAL_APPLY &&
	       a->u.act.index == b->u.act.index;
}

struct twin {
	const struct cseal_state *s;
	const struct cseal_statement *st;
	bool found;
};

static int
look_for_twin(void *ctx, const struct cseal_pending *p)
{
	struct twin *t = ctx;

	if (p->refused == NULL && same_act(t->s, t->st, p->statement))
		t->found = true;
	return CSEAL_OK;
}

int
outbox_check(struct cseal_desk *d, const struct cseal_statement *st,
    struct cseal_error *err)
{
	struct twin t = { cseal_desk_state(d), st, false };
	int r;

	if (d->site.is != CSEAL_SITE_REPLICA)
		return CSEAL_OK;
	r = cseal_desk_pending(d, look_for_twin, &t, err);
	if (r != CSEAL_OK || !t.found)
		return r;
	return cseal_error_set(err, CSEAL_ERR_REFUSED,
	    cseal_word_name(cseal_statement_kinds, st->kind),
	    "this is sealed here already, and on its way to the home: send "
	    "it, and receive what the home says");
}

int
outbox_put(struct cseal_desk *d, struct cseal_slice entry,
    const struct cseal_statement *st, const struct cseal_opening *openings,
    size_t n, struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	struct post_sealed post;
	struct store_beside things[3] = { { OUTBOX_SEALED, name, entry } };
	size_t count = 1;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	if (r != CSEAL_OK)
		return r;
	post_name(leaf, name);
	memset(&post, 0, sizeof(post));
	if (n > 0) {
		r = post_seal(d, leaf, st, openings, n, &post, err);
		count += post_things(&post, name, things + 1);
	}
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, things, count, err);
	post_sealed_free(&post);
	return r;
}

static int
is_kept(struct cseal_desk *d, const char *kind, struct cseal_slice entry,
    bool *yes, struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	struct cseal_buf kept;
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	*yes = false;
	if (r != CSEAL_OK)
		return r;
	post_name(leaf, name);
	cseal_buf_init(&kept, 0);
	r = ledger_beside_get(d->ledger, kind, name, &kept, err);
	*yes = r == CSEAL_OK;
	cseal_buf_free(&kept);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

int
outbox_has(struct cseal_desk *d, struct cseal_slice entry, bool *yes,
    struct cseal_error *err)
{
	return is_kept(d, OUTBOX_SEALED, entry, yes, err);
}

int
outbox_was_refused(struct cseal_desk *d, struct cseal_slice entry, bool *yes,
    struct cseal_error *err)
{
	return is_kept(d, OUTBOX_REFUSED, entry, yes, err);
}

int
outbox_take_back(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	const struct store_beside thing = { OUTBOX_SEALED, name, entry };
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	if (r != CSEAL_OK)
		return r;
	post_name(leaf, name);
	r = post_take_back(d, index, entry, err);
	if (r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	return r;
}

int
outbox_arrived(struct cseal_desk *d, uint64_t index, struct cseal_slice entry,
    enum post_came *came, struct cseal_error *err)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char name[POST_NAME_BYTES];
	struct store_beside things[2] = { { .kind = OUTBOX_SEALED,
					      .name = name },
		{ .kind = OUTBOX_REFUSED, .name = name } };
	int r = cseal_merkle_leaf(entry.data, entry.len, leaf);

	*came = POST_NOTHING;
	if (r != CSEAL_OK)
		return r;
	post_name(leaf, name);
	/* The openings first: while it is in the outbox, this is tried again.
	 */
	r = post_take(d, index, entry, came, err);
	if (r == CSEAL_OK || r == CSEAL_ERR_CORRUPT)
		r = ledger_beside_put(d->ledger, things, 2, err);
	return r;
}

/* ---- what the home refused ---- */

int
outbox_refuse(struct cseal_desk *d, struct cseal_slice entry,
    const struct parcel_refusal *why, struct cseal_error *err)
{
	const struct refused kept = { why->code, why->sentence, entry };
	struct store_beside things[2];
	char name[POST_NAME_BYTES];
	struct cseal_buf bytes;
	int r;

	post_name(why->leaf, name);
	cseal_buf_init(&bytes, 0);
	r = schema_encode(&record_refused, &bytes, &kept);
	things[0] = (struct store_beside){ OUTBOX_REFUSED, name,
		cseal_buf_slice(&bytes) };
	things[1] =
	    (struct store_beside){ .kind = OUTBOX_SEALED, .name = name };
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, things, 2, err);
	cseal_buf_free(&bytes);
	return r;
}

int
outbox_refusal_read(struct parcel_refusal *out, const char *name,
    struct cseal_slice value, struct cseal_error *err)
{
	struct refused kept;

	if (schema_parse_all(&record_refused, value, &kept, NULL) != CSEAL_OK ||
	    cseal_unhex(name, out->leaf, sizeof(out->leaf)) != CSEAL_OK)
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "outbox",
		    "what is kept of a refusal cannot be read");
	out->code = kept.code;
	out->sentence = kept.sentence;
	return CSEAL_OK;
}

int
outbox_refused(struct cseal_desk *d, const struct parcel_refusal *why,
    bool *known, struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	struct cseal_buf entry;
	int r;

	*known = false;
	post_name(why->leaf, name);
	cseal_buf_init(&entry, 0);
	r = ledger_beside_get(d->ledger, OUTBOX_SEALED, name, &entry, err);
	if (r == CSEAL_OK) {
		*known = true;
		r = outbox_refuse(d, cseal_buf_slice(&entry), why, err);
	} else if (r == CSEAL_ERR_NOT_FOUND) {
		r = CSEAL_OK;
	}
	cseal_buf_free(&entry);
	return r;
}

/* ---- listing ---- */

struct listing {
	struct cseal_error *err;
	bool refused; /* the values are struct refused, not entries */
	int (*fn)(void *ctx, const struct cseal_pending *p);
	void *ctx;
};

/* One entry with what was said of it (NULL: nothing yet). */
static int
list_entry(struct listing *l, const char *name, struct cseal_slice bytes,
    const char *why)
{
	struct cseal_pending p = { .refused = why };
	struct cseal_statement st;
	struct cseal_entry e = { .statement = { NULL, 0 } };
	int r = CSEAL_ERR_FORMAT;

	if (strlen(name) == POST_NAME_BYTES - 1 &&
	    cseal_unhex(name, p.leaf, sizeof(p.leaf)) == CSEAL_OK)
		r = cseal_entry_parse(&e, bytes);
	if (r == CSEAL_OK)
		r = cseal_statement_parse(&st, e.statement, NULL);
	if (r != CSEAL_OK)
		return cseal_error_set(l->err, CSEAL_ERR_CORRUPT, "outbox",
		    "what is kept of a sealed statement cannot be read");
	p.statement = &st;
	r = l->fn(l->ctx, &p);
	cseal_statement_free(&st);
	return r;
}

static int
list_one(void *ctx, const char *name, struct cseal_slice value)
{
	struct listing *l = ctx;
	struct refused kept;
	struct cseal_buf why;
	int r;

	if (!l->refused)
		return list_entry(l, name, value, NULL);
	if (schema_parse_all(&record_refused, value, &kept, NULL) != CSEAL_OK)
		return cseal_error_set(l->err, CSEAL_ERR_CORRUPT, "outbox",
		    "what is kept of a refusal cannot be read");
	cseal_buf_init(&why, 0);
	(void)cseal_text_safe(&why, kept.sentence.data, kept.sentence.len, 0);
	r = list_entry(l, name, kept.entry, cseal_buf_str(&why));
	cseal_buf_free(&why);
	return r;
}

int
cseal_desk_pending(struct cseal_desk *d,
    int (*fn)(void *ctx, const struct cseal_pending *p), void *ctx,
    struct cseal_error *err)
{
	struct listing l = { err, false, fn, ctx };
	int r;

	r = ledger_beside_each(d->ledger, OUTBOX_SEALED, list_one, &l, err);
	/* At the home, refusals are those of statements of others. */
	if (r != CSEAL_OK || d->site.is != CSEAL_SITE_REPLICA)
		return r;
	l.refused = true;
	return ledger_beside_each(d->ledger, OUTBOX_REFUSED, list_one, &l, err);
}

int
cseal_desk_pending_drop(struct cseal_desk *d,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	char name[POST_NAME_BYTES];
	const struct store_beside thing = { .kind = OUTBOX_REFUSED,
		.name = name };
	struct cseal_buf kept;
	int r;

	post_name(leaf, name);
	cseal_buf_init(&kept, 0);
	r = ledger_beside_get(d->ledger, OUTBOX_REFUSED, name, &kept, err);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	cseal_buf_free(&kept);
	return r;
}
