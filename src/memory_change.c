/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes, slots and contacts. Of a change the request statement says most, so
 * that it is read from there again as the fold read it.
 */

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "memory_state.h"

/* entry, key, person, clock, policy, lapsed, checks */
#define APPROVAL_BYTES (41 + CSEAL_CHECKS_MAX)

static bool
has_known_results(const struct cseal_state_approval *a)
{
	for (uint64_t i = 0; i < CSEAL_CHECKS_MAX; i++) {
		if (a->checks[i] != 0 &&
		    cseal_word_name(cseal_check_results(i + 1), a->checks[i]) ==
			NULL)
			return false;
	}
	return true;
}

static void
read_approvals(
    struct memory_codec *c, struct state_change *h, const struct memory_walk *w)
{
	struct cseal_slice in = codec_run(c, NULL, APPROVAL_BYTES);
	const struct cseal_state *s = w->state;
	size_t n = in.len / APPROVAL_BYTES;

	if (n == 0)
		return;
	h->pub.approvals = calloc(n, sizeof(*h->pub.approvals));
	if (h->pub.approvals == NULL) {
		codec_fail(c, CSEAL_ERR_NOMEM);
		return;
	}
	for (const uint8_t *p = in.data; h->pub.n_approvals < n;
	     p += APPROVAL_BYTES) {
		struct cseal_state_approval *a =
		    &h->pub.approvals[h->pub.n_approvals++];

		a->entry = codec_get_u64(p);
		a->key = codec_get_u64(p + 8);
		a->person = codec_get_u64(p + 16);
		a->clock = codec_get_u64(p + 24);
		a->policy = codec_get_u64(p + 32);
		a->lapsed = p[40] != 0;
		memcpy(a->checks, p + 41, sizeof(a->checks));
		codec_demand(c, a->entry < w->size && a->key < s->keys.n &&
				    a->person < s->persons.n &&
				    a->policy < s->policies.n && p[40] <= 1 &&
				    has_known_results(a));
	}
}

static void
move_approvals(
    struct memory_codec *c, struct state_change *h, const struct memory_walk *w)
{
	struct cseal_buf run;

	if (codec_reads(c)) {
		read_approvals(c, h, w);
		return;
	}
	cseal_buf_init(&run, 0);
	for (size_t i = 0; i < h->pub.n_approvals; i++) {
		const struct cseal_state_approval *a = &h->pub.approvals[i];

		codec_put_u64(&run, a->entry);
		codec_put_u64(&run, a->key);
		codec_put_u64(&run, a->person);
		codec_put_u64(&run, a->clock);
		codec_put_u64(&run, a->policy);
		(void)cseal_buf_add_u8(&run, a->lapsed ? 1 : 0);
		(void)cseal_buf_add(&run, a->checks, sizeof(a->checks));
	}
	(void)codec_run(c, &run, APPROVAL_BYTES);
	cseal_buf_free(&run);
}

/* Whoever completes these looks the person up without asking again. */
static bool
needs_subject(const struct cseal_kind *k)
{
	return k->detail == CSEAL_DETAIL_KEY_ADD ||
	       k->detail == CSEAL_DETAIL_KEY_REVOKE ||
	       k->detail == CSEAL_DETAIL_PERSON_LEAVE;
}

/* As fold_check_request() demanded it of the request. */
static bool
has_known_fields(const struct state_change *h)
{
	const struct cseal_request *r = &h->statement.u.request;

	for (size_t i = 0; i < r->n_fields; i++) {
		if (cseal_kind_field(h->pub.kind,
			(const char *)r->fields[i].name.data,
			r->fields[i].name.len) == NULL)
			return false;
	}
	return true;
}

static void
read_request(
    struct memory_codec *c, struct state_change *h, const struct memory_walk *w)
{
	struct state_change *before = NULL;
	int r;

	if (w->state->changes.n > 1)
		before = w->state->changes.items[w->state->changes.n - 2];
	codec_demand(c, before == NULL || before->pub.index < h->pub.index);
	if (c->err != CSEAL_OK)
		return;
	r = fold_fill_change(w->state, h);
	if (r != CSEAL_OK)
		codec_fail(c, r == CSEAL_ERR_NOMEM ? r : CSEAL_ERR_FORMAT);
	else
		codec_demand(c, has_known_fields(h));
}

static void
move_change(struct memory_codec *c, void *ctx, void *item)
{
	const struct memory_walk *w = ctx;
	struct state_change *h = item;
	uint64_t status = h->pub.status;

	codec_array(c, 12);
	codec_below(c, &h->pub.index, w->size);
	codec_fixed(c, h->pub.leaf, sizeof(h->pub.leaf));
	codec_buf(c, &h->bytes, CSEAL_ENTRY_MAX);
	if (codec_reads(c))
		read_request(c, h, w);
	codec_below(c, &status, CSEAL_CHANGE_EXPIRED);
	h->pub.status = (enum cseal_change_status)status;
	codec_uint(c, &h->pub.decided_by);
	codec_uint(c, &h->pub.approved_by);
	codec_uint(c, &h->pub.apply_not_before);
	codec_bool(c, &h->pub.erased);
	codec_bool(c, &h->pub.first_seen);
	codec_place(c, &h->subject, w->state->persons.n, true);
	codec_fixed(c, h->evidence, sizeof(h->evidence));
	for (size_t k = 0; k < CSEAL_EVIDENCE_KINDS; k++)
		codec_demand(c, h->evidence[k] <= CSEAL_EVIDENCE_MAX);
	memory_digests_move(c, &h->thread, w->size);
	move_approvals(c, h, w);
	if (!codec_reads(c) || c->err != CSEAL_OK)
		return;
	codec_demand(
	    c, h->subject != STATE_NOBODY || !needs_subject(h->pub.kind));
	if (state_is_open(h) && state_open_add(w->state, h) != CSEAL_OK)
		codec_fail(c, CSEAL_ERR_NOMEM);
}

/* ---- slots ---- */

static void
move_slot(struct memory_codec *c, void *ctx, void *item)
{
	const struct memory_walk *w = ctx;
	struct cseal_state_slot *t = item;
	const struct state_change *h;

	codec_array(c, 9);
	codec_uint(c, &t->change);
	h = state_change(w->state, t->change);
	codec_demand(c, h != NULL);
	if (c->err != CSEAL_OK)
		return;
	memcpy(t->store, h->pub.store, sizeof(t->store));
	memcpy(t->slot, h->pub.slot, sizeof(t->slot));
	codec_below(c, &t->since, w->size);
	codec_place(c, &t->applier, w->state->persons.n, true);
	codec_bool(c, &t->observed);
	codec_uint(c, &t->observed_at);
	codec_uint(c, &t->observed_outcome);
	codec_bool(c, &t->confirmed);
	codec_uint(c, &t->confirmed_at);
	codec_uint(c, &t->confirmed_level);
}

static void
move_contact(struct memory_codec *c, void *ctx, void *item)
{
	struct state_contact *t = item;

	(void)ctx;
	codec_array(c, 2);
	codec_text(c, t->store, sizeof(t->store));
	codec_uint(c, &t->clock);
}

void
memory_changes_move(struct memory_codec *c, struct memory_walk *w)
{
	codec_array(c, 3);
	codec_vec(
	    c, &w->state->changes, sizeof(struct state_change), move_change, w);
	codec_vec(
	    c, &w->state->slots, sizeof(struct cseal_state_slot), move_slot, w);
	codec_vec(c, &w->state->contacts, sizeof(struct state_contact),
	    move_contact, w);
}
