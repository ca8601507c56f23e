/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is there and by which rules: persons, keys, policies, freezes. */

#include <string.h>

#include "counterseal/text.h"

#include "memory_state.h"

#define COUNT_BYTES 12 /* of one seal of a key: entry, counter */

static void
move_handle(struct memory_codec *c, char *s, size_t size)
{
	codec_text(c, s, size);
	codec_demand(c, cseal_text_is_handle(s, strlen(s)));
}

static void
move_roles(struct memory_codec *c, struct cseal_roles *r)
{
	size_t n = codec_list(c, r->n);

	codec_demand(c, n <= CSEAL_PLACES_MAX);
	for (size_t i = 0; i < n && c->err == CSEAL_OK; i++)
		move_handle(c, r->names[i], sizeof(r->names[i]));
	r->n = c->err == CSEAL_OK ? n : 0;
}

static void
move_person(struct memory_codec *c, void *ctx, void *item)
{
	struct cseal_state_person *p = item;

	(void)ctx;
	codec_array(c, 4);
	move_handle(c, p->handle, sizeof(p->handle));
	move_roles(c, &p->roles);
	codec_bool(c, &p->joined);
	codec_bool(c, &p->left);
}

/* ---- keys ---- */

/* Key type and curve of an algorithm (RFC 9053 sections 2 and 7). */
static const struct {
	int alg;
	int64_t type, curve;
} algs[] = {
	{ CSEAL_ALG_ES256, 2, 1 },
	{ CSEAL_ALG_ES384, 2, 2 },
	{ CSEAL_ALG_EDDSA, 1, 6 },
};

/* The COSE_Key that cseal_pubkey_from_cose() reads. */
static void
put_cose(struct cseal_buf *b, const struct cseal_pubkey *k)
{
	struct cseal_slice raw = cseal_pubkey_raw(k);
	size_t i = 0, n;

	while (algs[i].alg != cseal_pubkey_alg(k))
		i++;
	dcbor_put_map(b, algs[i].type == 2 ? 5 : 4);
	dcbor_put_int(b, 1);
	dcbor_put_int(b, algs[i].type);
	dcbor_put_int(b, 3);
	dcbor_put_int(b, algs[i].alg);
	dcbor_put_int(b, -1);
	dcbor_put_int(b, algs[i].curve);
	dcbor_put_int(b, -2);
	if (algs[i].type != 2) {
		dcbor_put_bytes(b, raw.data, raw.len);
		return;
	}
	n = raw.len / 2; /* behind the 0x04 of an uncompressed point */
	dcbor_put_bytes(b, raw.data + 1, n);
	dcbor_put_int(b, -3);
	dcbor_put_bytes(b, raw.data + 1 + n, n);
}

static void
move_pubkey(struct memory_codec *c, struct cseal_pubkey **k)
{
	struct cseal_buf cose;
	size_t used = 0;

	cseal_buf_init(&cose, 512);
	if (!codec_reads(c))
		put_cose(&cose, *k);
	codec_buf(c, &cose, 512);
	if (codec_reads(c) && c->err == CSEAL_OK)
		codec_demand(c,
		    cseal_pubkey_from_cose(k, cseal_buf_slice(&cose), &used) ==
			    CSEAL_OK &&
			used == cose.len);
	cseal_buf_free(&cose);
}

static void
read_counts(struct memory_codec *c, struct state_key *k, uint64_t size)
{
	struct cseal_slice in = codec_run(c, NULL, COUNT_BYTES);
	struct state_count *last = NULL, *next;

	for (size_t i = 0; i < in.len && c->err == CSEAL_OK;
	     i += COUNT_BYTES, last = next) {
		next = vec_add(&k->counts, sizeof(*next));
		if (next == NULL) {
			codec_fail(c, CSEAL_ERR_NOMEM);
			return;
		}
		next->entry = codec_get_u64(in.data + i);
		/* Four bytes: the lower half of the last eight. */
		next->counter =
		    (uint32_t)codec_get_u64(in.data + i + COUNT_BYTES - 8);
		next->highest = next->counter;
		if (last != NULL && last->highest > next->highest)
			next->highest = last->highest;
		codec_demand(
		    c, next->entry < size &&
			   (last == NULL || last->entry < next->entry));
		k->pub.counter = next->counter;
	}
}

static void
move_counts(struct memory_codec *c, struct state_key *k, uint64_t size)
{
	struct cseal_buf run;

	if (codec_reads(c)) {
		read_counts(c, k, size);
		return;
	}
	cseal_buf_init(&run, 0);
	for (size_t i = 0; i < k->counts.n; i++) {
		const struct state_count *n = k->counts.items[i];

		codec_put_u64(&run, n->entry);
		(void)cseal_buf_add_u32(&run, n->counter);
	}
	(void)codec_run(c, &run, COUNT_BYTES);
	cseal_buf_free(&run);
}

static void
move_key(struct memory_codec *c, void *ctx, void *item)
{
	const struct memory_walk *w = ctx;
	struct state_key *k = item;

	codec_array(c, 16);
	if (codec_reads(c))
		k->pub.number = w->state->keys.n - 1;
	codec_place(c, &k->pub.person, w->state->persons.n, false);
	move_pubkey(c, &k->pub.pubkey);
	codec_fixed(c, k->pub.aaguid, sizeof(k->pub.aaguid));
	codec_buf(c, &k->pub.credential, 0);
	codec_text(c, k->pub.rp_id, sizeof(k->pub.rp_id));
	codec_uint(c, &k->pub.verdict);
	codec_bool(c, &k->pub.monitor);
	codec_bool(c, &k->pub.has_desk);
	codec_fixed(c, k->pub.desk, sizeof(k->pub.desk));
	codec_uint(c, &k->pub.since);
	codec_bool(c, &k->pub.revoked);
	codec_uint(c, &k->pub.revoked_at);
	codec_uint(c, &k->pub.revoked_reason);
	codec_bool(c, &k->pub.lost);
	codec_uint(c, &k->pub.lost_size);
	move_counts(c, k, w->size);
}

/* ---- policies ---- */

static void
read_policy(struct memory_codec *c, struct cseal_state *s)
{
	struct cseal_policy *policy = NULL;
	struct cseal_policy_text text = { 0 };
	struct cseal_buf bytes;
	uint64_t since = 0;

	codec_uint(c, &since);
	codec_uint(c, &text.language);
	codec_buf(c, &bytes, CSEAL_POLICY_MAX);
	text.text = cseal_buf_slice(&bytes);
	if (c->err == CSEAL_OK)
		codec_demand(c, cseal_policy_parse(&policy, text.language,
				    text.text, NULL) == CSEAL_OK);
	if (c->err == CSEAL_OK &&
	    state_policy_add(s, policy, &text, since) != CSEAL_OK)
		codec_fail(c, CSEAL_ERR_NOMEM);
	cseal_buf_free(&bytes);
}

static void
move_policies(struct memory_codec *c, struct cseal_state *s)
{
	size_t n = codec_list(c, s->policies.n);

	for (size_t i = 0; i < n && c->err == CSEAL_OK; i++) {
		codec_array(c, 3);
		if (codec_reads(c)) {
			read_policy(c, s);
		} else {
			struct state_policy *p = s->policies.items[i];

			codec_uint(c, &p->since);
			codec_uint(c, &p->language);
			codec_buf(c, &p->text, 0);
		}
	}
}

void
memory_people_move(struct memory_codec *c, struct memory_walk *w)
{
	struct cseal_state *s = w->state;

	codec_array(c, 3);
	codec_vec(
	    c, &s->persons, sizeof(struct cseal_state_person), move_person, w);
	move_policies(c, s);
	codec_vec(c, &s->keys, sizeof(struct state_key), move_key, w);
	/* A ledger has persons and rules from its first entry on. */
	codec_demand(c, s->persons.n > 0 && s->persons.n <= CSEAL_PERSONS_MAX &&
			    s->policies.n > 0);
}

/* ---- freezes ---- */

static void
move_freeze(struct memory_codec *c, void *ctx, void *item)
{
	const struct memory_walk *w = ctx;
	struct cseal_state_freeze *f = item;

	codec_array(c, 10);
	codec_below(c, &f->entry, w->size);
	codec_fixed(c, f->leaf, sizeof(f->leaf));
	codec_bool(c, &f->has_store);
	codec_text(c, f->store, sizeof(f->store));
	codec_bool(c, &f->has_key);
	codec_uint(c, &f->key);
	codec_demand(c, !f->has_key || f->key < w->state->keys.n);
	codec_uint(c, &f->reason);
	codec_place(c, &f->person, w->state->persons.n, false);
	codec_bool(c, &f->lifted);
	codec_uint(c, &f->lifted_at);
}

void
memory_freezes_move(struct memory_codec *c, struct memory_walk *w)
{
	codec_vec(c, &w->state->freezes, sizeof(struct cseal_state_freeze),
	    move_freeze, w);
}
