/* SPDX-License-Identifier: BSD-2-Clause */

#include "intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "desk.h"
#include "fork.h"
#include "hearing.h"
#include "outbox.h"
#include "post.h"

int
intake_tell(const struct intake *in, enum cseal_exchange_what what,
    uint64_t index, const char *text)
{
	const struct cseal_exchange_event e = { what, index, in->file,
		text != NULL ? text : "" };

	return in->tell(in->ctx, &e);
}

/* ---- entries ---- */

/* The entry is in the ledger now: what waited for that goes on. */
static int
arrived(const struct intake *in, uint64_t index, struct cseal_slice bytes,
    struct cseal_error *err)
{
	struct cseal_error bad = { .code = CSEAL_OK };
	enum post_came came;
	int r = outbox_arrived(in->d, index, bytes, &came, &bad);

	if (bad.code == CSEAL_ERR_CORRUPT)
		return intake_tell(in, CSEAL_EXCHANGE_IGNORED, index, bad.what);
	if (r != CSEAL_OK) {
		if (err != NULL)
			*err = bad;
		return r;
	}
	if (came == POST_NOTHING)
		return CSEAL_OK;
	return intake_tell(in,
	    came == POST_OPENED ? CSEAL_EXCHANGE_OPENED : CSEAL_EXCHANGE_LOCKED,
	    index, NULL);
}

/* One that this ledger does not have yet. */
static int
take_next(
    const struct intake *in, struct cseal_slice bytes, struct cseal_error *err)
{
	const struct desk_entry e = { .bytes = bytes, .is_history = true };
	enum rule_id rule;
	uint64_t index;
	bool ours;
	int r;

	r = outbox_has(in->d, bytes, &ours, err);
	if (r == CSEAL_OK)
		r = desk_take(in->d, &e, &index, &rule, err);
	if (r != CSEAL_OK)
		return r;
	r = intake_tell(in,
	    ours ? CSEAL_EXCHANGE_ARRIVED : CSEAL_EXCHANGE_ENTRY, index, NULL);
	return r == CSEAL_OK ? arrived(in, index, bytes, err) : r;
}

/* Entries of this ledger; what another process appended meanwhile is its own.
 */
static int
own_size(const struct intake *in, uint64_t index, uint64_t *size,
    struct cseal_error *err)
{
	int r = CSEAL_OK;

	*size = cseal_state_size(cseal_desk_state(in->d));
	if (index < *size || in->d->site.is != CSEAL_SITE_HOME)
		return r;
	r = cseal_desk_refresh(in->d, err);
	*size = cseal_state_size(cseal_desk_state(in->d));
	return r;
}

/* Entry `index`, which is there already, or follows the last one. */
static int
take_entry(const struct intake *in, uint64_t index, uint64_t size,
    struct cseal_slice bytes, struct cseal_error *err)
{
	bool same = false;
	int r = CSEAL_OK;

	if (index < size) {
		r = fork_check(in->d, index, bytes, &same, err);
		if (r != CSEAL_OK || same)
			return r;
		r = fork_yield(in, index, bytes, err);
	}
	/* Who appends learns here that he is not the only one. */
	if (r == CSEAL_OK && in->d->site.is == CSEAL_SITE_HOME)
		r = fork_behind(in, size, err);
	return r == CSEAL_OK ? take_next(in, bytes, err) : r;
}

int
intake_entries(const struct intake *in, const struct parcel_entries *e,
    uint64_t *after, struct cseal_error *err)
{
	uint64_t index = e->first, size;
	int r = CSEAL_OK;

	*after = e->first + e->n;
	for (size_t i = 0; i < e->n && r == CSEAL_OK; i++, index++) {
		r = own_size(in, index, &size, err);
		if (r == CSEAL_OK && index > size)
			return CSEAL_OK;
		if (r == CSEAL_OK)
			r = take_entry(in, index, size, e->list[i], err);
	}
	return r;
}

/* ---- sealed statements ---- */

bool
intake_is_sealed(const struct cseal_desk *d, struct cseal_slice bytes)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct fold_entry e;
	bool yes;

	yes = fold_entry_read(&e, cseal_state_size(s), bytes) == RULE_OK &&
	      fold_signer(s, &e) != NULL &&
	      cseal_seal_verify(&e.entry.seal, fold_signer(s, &e)) ==
		  CSEAL_SEAL_OK;
	fold_entry_free(&e);
	return yes;
}

/*
 * A refusal is kept, and told to whoever sealed it; but not of bytes that
 * nobody sealed, of which a stranger can send as many as he likes.
 */
static int
refuse(const struct intake *in, struct cseal_slice bytes, const char *code,
    const struct cseal_error *why, struct cseal_error *err)
{
	struct parcel_refusal refusal = {
		.code = { (const uint8_t *)code, strlen(code) },
		.sentence = { (const uint8_t *)why->what, strlen(why->what) },
	};
	int r;

	if (!intake_is_sealed(in->d, bytes))
		return intake_tell(
		    in, CSEAL_EXCHANGE_IGNORED, 0, "nobody's seal");
	r = cseal_merkle_leaf(bytes.data, bytes.len, refusal.leaf);
	if (r == CSEAL_OK)
		r = outbox_refuse(in->d, bytes, &refusal, err);
	if (r == CSEAL_OK)
		r = intake_tell(in, CSEAL_EXCHANGE_REFUSED, 0, why->what);
	return r;
}

int
intake_sealed(
    const struct intake *in, struct cseal_slice bytes, struct cseal_error *err)
{
	const struct desk_entry e = { .bytes = bytes };
	struct cseal_error why = { .code = CSEAL_OK };
	enum rule_id rule;
	uint64_t index;
	bool refused;
	int r;

	if (in->d->site.is != CSEAL_SITE_HOME)
		return CSEAL_OK;
	/* What was refused stays so, however often it comes. */
	r = outbox_was_refused(in->d, bytes, &refused, err);
	if (r != CSEAL_OK || refused)
		return r;
	r = desk_take(in->d, &e, &index, &rule, &why);
	if (r == CSEAL_OK) {
		r = intake_tell(in, CSEAL_EXCHANGE_APPENDED, index, NULL);
		return r == CSEAL_OK ? arrived(in, index, bytes, err) : r;
	}
	/* A copy of what is there: it came twice, or came back. */
	if (rule == RULE_STATEMENT_COPY)
		return CSEAL_OK;
	if (r == CSEAL_ERR_REFUSED || r == CSEAL_ERR_SIGNATURE)
		return refuse(in, bytes,
		    rule != RULE_OK ? rule_row(rule)->code : "clock", &why,
		    err);
	if (err != NULL)
		*err = why;
	return r;
}

int
intake_refusal(const struct intake *in, const struct parcel_refusal *why,
    struct cseal_error *err)
{
	struct cseal_buf text;
	bool known;
	int r;

	if (in->d->site.is != CSEAL_SITE_REPLICA)
		return CSEAL_OK;
	r = outbox_refused(in->d, why, &known, err);
	if (r != CSEAL_OK || !known)
		return r;
	cseal_buf_init(&text, 4096);
	r = cseal_text_safe(&text, why->sentence.data, why->sentence.len, 0);
	if (r == CSEAL_OK)
		r = intake_tell(
		    in, CSEAL_EXCHANGE_REFUSED, 0, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return r;
}

/* ---- envelopes ---- */

static int
keep_early(const struct intake *in, const struct parcel_envelope *e,
    struct cseal_error *err)
{
	bool kept;
	int r = post_keep_early(in->d, e->leaf, e->der, &kept, err);

	if (r != CSEAL_OK || kept)
		return r;
	return intake_tell(in, CSEAL_EXCHANGE_IGNORED, 0,
	    "there are too many values here of entries that have not come");
}

int
intake_envelope(const struct intake *in, const struct parcel_envelope *e,
    bool *early, struct cseal_error *err)
{
	struct cseal_buf entry;
	uint64_t index;
	bool wanted;
	int r;

	cseal_buf_init(&entry, CSEAL_ENTRY_MAX);
	r = post_wanted(in->d, e->leaf, &wanted, &index, &entry, err);
	if (r == CSEAL_OK && wanted && entry.len > 0)
		r = post_keep(in->d, e->leaf, e->der, err);
	else if (r == CSEAL_OK && wanted)
		r = keep_early(in, e, err);
	/*
	 * Its entry may come later; then arrived() opens it. Of several that
	 * say they are for one leaf, all but one may be made up: which, the
	 * entry tells.
	 */
	*early = r == CSEAL_OK && wanted && entry.len == 0;
	if (r == CSEAL_OK && wanted && entry.len > 0)
		r = arrived(in, index, cseal_buf_slice(&entry), err);
	cseal_buf_free(&entry);
	return r;
}

/* ---- other desks ---- */

/* Nobody signs it, so that another head is told, and stops nothing. */
int
intake_heard(const struct intake *in, const struct parcel_heard *h,
    struct cseal_error *err)
{
	struct cseal_error forked = { .code = CSEAL_OK };
	int r = fork_check_head(in->d, &h->head, &forked);

	if (r == CSEAL_ERR_VIOLATION)
		return intake_tell(
		    in, CSEAL_EXCHANGE_IGNORED, h->key, forked.what);
	if (r == CSEAL_OK)
		r = hearing_note(in->d, h, err);
	else if (err != NULL)
		*err = forked;
	if (r == CSEAL_OK)
		r = intake_tell(in, CSEAL_EXCHANGE_HEARD, h->key, NULL);
	return r;
}

int
intake_question(const struct intake *in,
    const uint8_t question[PARCEL_NONCE_BYTES], struct cseal_error *err)
{
	return hearing_asked(in->d, question, err);
}
