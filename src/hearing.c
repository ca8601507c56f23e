/* SPDX-License-Identifier: BSD-2-Clause */

#include "hearing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/desk_key.h"

#include "desk.h"
#include "ledger_beside.h"
#include "state.h"

#define HEARD	 "heard" /* by the number of a key */
#define QUESTION "question"

/* As it is kept: the record of a parcel that holds nothing else. */
static int
note_encode(const struct cseal_desk *d, const struct parcel_heard *h,
    struct cseal_buf *out)
{
	struct parcel p = { .version = 1, .has_heard = true, .heard = *h };

	memcpy(p.ledger, cseal_state_ledger_id(cseal_desk_state(d)),
	    sizeof(p.ledger));
	return parcel_encode(out, &p);
}

int
hearing_note(
    struct cseal_desk *d, const struct parcel_heard *h, struct cseal_error *err)
{
	char name[32];
	struct store_beside thing = { .kind = HEARD, .name = name };
	struct cseal_buf bytes;
	int r;

	/* A number that no key has would only fill the file. */
	if (cseal_state_key(cseal_desk_state(d), h->key) == NULL)
		return CSEAL_OK;
	(void)snprintf(name, sizeof(name), "%" PRIu64, h->key);
	cseal_buf_init(&bytes, 0);
	r = note_encode(d, h, &bytes);
	thing.value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(d->ledger, &thing, 1, err);
	cseal_buf_free(&bytes);
	return r;
}

int
hearing_asked(struct cseal_desk *d, const uint8_t question[PARCEL_NONCE_BYTES],
    struct cseal_error *err)
{
	const struct store_beside thing = { QUESTION, "",
		{ question, PARCEL_NONCE_BYTES } };

	/* Its own question, come back. */
	if (d->site.has_question &&
	    memcmp(d->site.question, question, PARCEL_NONCE_BYTES) == 0)
		return CSEAL_OK;
	return ledger_beside_put(d->ledger, &thing, 1, err);
}

int
hearing_say(
    struct cseal_desk *d, struct parcel_heard *out, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;
	uint8_t own[CSEAL_DESK_KEY_BYTES];
	struct cseal_buf question;

	memset(out, 0, sizeof(*out));
	if (d->options.key == NULL)
		return CSEAL_ERR_NOT_FOUND;
	cseal_desk_key_public(d->options.key, own);
	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		if (state_key_at_desk(s, k) &&
		    memcmp(k->desk, own, sizeof(own)) == 0)
			break;
	}
	if (k == NULL)
		return CSEAL_ERR_NOT_FOUND;
	out->key = k->number;
	out->head = cseal_state_head(s);
	cseal_buf_init(&question, 0);
	if (ledger_beside_get(d->ledger, QUESTION, "", &question, err) ==
		CSEAL_OK &&
	    question.len == sizeof(out->answer)) {
		out->has_answer = true;
		memcpy(out->answer, question.data, sizeof(out->answer));
	}
	cseal_buf_free(&question);
	return CSEAL_OK;
}

/* What the desk with this key told last; CSEAL_ERR_NOT_FOUND: nothing yet. */
static int
last_heard(struct cseal_desk *d, const struct cseal_state_key *k,
    struct parcel_heard *out, struct cseal_error *err)
{
	struct cseal_buf bytes;
	struct parcel p;
	char name[32];
	int r;

	(void)snprintf(name, sizeof(name), "%" PRIu64, k->number);
	cseal_buf_init(&bytes, 0);
	r = ledger_beside_get(d->ledger, HEARD, name, &bytes, err);
	if (r == CSEAL_OK)
		r = parcel_parse(&p, cseal_buf_slice(&bytes), err);
	if (r == CSEAL_OK) {
		*out = p.heard;
		parcel_free(&p);
	}
	cseal_buf_free(&bytes);
	return r;
}

/* Has the desk with this key answered, with nothing that is not here? */
static int
answered(struct cseal_desk *d, const struct cseal_state_key *k, bool *yes,
    struct cseal_error *err)
{
	struct parcel_heard h;
	int r = last_heard(d, k, &h, err);

	*yes = r == CSEAL_OK &&
	       h.head.size <= cseal_state_size(cseal_desk_state(d)) &&
	       (!d->site.has_question ||
		   (h.has_answer && memcmp(h.answer, d->site.question,
					sizeof(h.answer)) == 0));
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* True if an earlier key in use stands for the same desk. */
static bool
is_again(const struct cseal_state *s, const struct cseal_state_key *k)
{
	for (uint64_t i = 0; i < k->number; i++) {
		const struct cseal_state_key *e = cseal_state_key(s, i);

		if (e != NULL && state_key_at_desk(s, e) &&
		    memcmp(e->desk, k->desk, sizeof(k->desk)) == 0)
			return true;
	}
	return false;
}

/* Each other desk, by the first of its keys that is in use. */
static int
each_other(struct cseal_desk *d,
    int (*fn)(void *ctx, const struct cseal_state_key *k), void *ctx)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k;
	uint8_t own[CSEAL_DESK_KEY_BYTES] = { 0 };
	int r = CSEAL_OK;

	if (d->options.key != NULL)
		cseal_desk_key_public(d->options.key, own);
	for (uint64_t i = 0;
	     r == CSEAL_OK && (k = cseal_state_key(s, i)) != NULL; i++) {
		if (!state_key_at_desk(s, k) || is_again(s, k) ||
		    memcmp(k->desk, own, sizeof(own)) == 0)
			continue;
		r = fn(ctx, k);
	}
	return r;
}

struct asking {
	struct cseal_desk *d;
	int (*fn)(void *ctx, const struct cseal_state_key *k, bool heard);
	void *ctx;
	struct cseal_error *err;
};

static int
ask_one(void *ctx, const struct cseal_state_key *k)
{
	const struct asking *a = ctx;
	bool yes;
	int r = answered(a->d, k, &yes, a->err);

	return r == CSEAL_OK ? a->fn(a->ctx, k, yes) : r;
}

int
cseal_desk_heard(struct cseal_desk *d,
    int (*fn)(void *ctx, const struct cseal_state_key *k, bool heard),
    void *ctx, struct cseal_error *err)
{
	struct asking a = { d, fn, ctx, err };

	return each_other(d, ask_one, &a);
}

struct shortest {
	struct cseal_desk *d;
	uint64_t size;
	struct cseal_error *err;
};

static int
shorten(void *ctx, const struct cseal_state_key *k)
{
	struct shortest *s = ctx;
	struct parcel_heard h = { .key = 0 };
	int r = last_heard(s->d, k, &h, s->err);

	if (r == CSEAL_ERR_NOT_FOUND)
		h.head.size = 0;
	else if (r != CSEAL_OK)
		return r;
	if (h.head.size < s->size)
		s->size = h.head.size;
	return CSEAL_OK;
}

int
cseal_exchange_from(
    struct cseal_desk *d, uint64_t *from, struct cseal_error *err)
{
	struct shortest s = { d, cseal_state_size(cseal_desk_state(d)), err };
	int r = each_other(d, shorten, &s);

	*from = s.size;
	return r;
}

static int
all_heard(void *ctx, const struct cseal_state_key *k, bool heard)
{
	(void)k;
	if (!heard)
		*(bool *)ctx = false;
	return CSEAL_OK;
}

int
hearing_end(struct cseal_desk *d, bool *home, struct cseal_error *err)
{
	struct site p = { .is = CSEAL_SITE_HOME, .size = SITE_NEVER_YIELDS };
	bool all = true;
	int r;

	*home = false;
	if (d->site.is != CSEAL_SITE_RESTORED)
		return CSEAL_OK;
	r = cseal_desk_heard(d, all_heard, &all, err);
	if (r != CSEAL_OK || !all)
		return r;
	r = site_write(d->ledger, desk_machine(d), &p, err);
	if (r == CSEAL_OK) {
		d->site = p;
		*home = true;
	}
	return r;
}
