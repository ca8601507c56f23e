/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/gate.h"

#include <string.h>

#include "counterseal/site.h"

#include "commitment.h"
#include "count.h"
#include "desk.h"
#include "slice.h"

static const struct {
	const char *code;
	const char *sentence;
} reasons[] = {
	[CSEAL_GATE_LEDGER_UNKNOWN] = { "ledger-unknown",
	    "this desk does not know the ledger, and no id of it was given" },
	[CSEAL_GATE_LEDGER_OTHER] = { "ledger-other",
	    "it is another ledger than the one that was meant" },
	[CSEAL_GATE_DEMONSTRATION] = { "demonstration",
	    "it is a demonstration ledger, whose keys prove nothing" },
	[CSEAL_GATE_UNPROVEN_KEY] = { "unproven-key",
	    "a key that asked or approved is not proven to be hardware" },
	[CSEAL_GATE_HEAD_UNBOUNDED] = { "head-unbounded",
	    "a replica knows only what it was sent, and no greatest age of its "
	    "head was given" },
	[CSEAL_GATE_HEAD_OLD] = { "head-old",
	    "nothing in the ledger is as new as it must be" },
	[CSEAL_GATE_NOT_FOR_A_CONSOLE] = { "not-for-a-console",
	    "a change of authority is entered in no console" },
	[CSEAL_GATE_NOT_APPROVED] = { "not-approved", "approvals are missing" },
	[CSEAL_GATE_ENTERED] = { "entered", "it was entered already" },
	[CSEAL_GATE_ENDED] = { "ended", "the change has ended" },
	[CSEAL_GATE_COOLING_OFF] = { "cooling-off",
	    "its cooling-off is not over" },
	[CSEAL_GATE_WINDOW_CLOSED] = { "window-closed",
	    "the time in which it may be entered is over" },
	[CSEAL_GATE_WINDOW_UNKNOWN] = { "window-unknown",
	    "this machine cannot reckon the time in which it may be entered" },
	[CSEAL_GATE_STORE_FROZEN] = { "store-frozen", "the store is frozen" },
	[CSEAL_GATE_VALUE_MISSING] = { "value-missing",
	    "an approved value was not given" },
	[CSEAL_GATE_VALUE_UNKNOWN] = { "value-unknown",
	    "a value was given of which nothing was approved" },
	[CSEAL_GATE_VALUE_DIFFERS] = { "value-differs",
	    "a value is not the approved one" },
	[CSEAL_GATE_VALUE_NOT_HERE] = { "value-not-here",
	    "an approved value is not on this desk, so nothing can be "
	    "compared with it" },
};

const char *
cseal_gate_code(enum cseal_gate_reason r)
{
	return r < CSEAL_GATE_REASONS ? reasons[r].code : NULL;
}

const char *
cseal_gate_sentence(enum cseal_gate_reason r)
{
	return r < CSEAL_GATE_REASONS ? reasons[r].sentence : NULL;
}

struct judging {
	struct cseal_desk *d;
	const struct cseal_state *s;
	const struct cseal_gate_question *q;
	const struct state_change *c;
	const struct cseal_change *given;
	struct cseal_gate *out;
	struct cseal_error *err;
};

static void
no(struct judging *j, enum cseal_gate_reason r)
{
	j->out->no[j->out->n++].reason = r;
}

static void
no_value(
    struct judging *j, enum cseal_gate_reason r, const struct cseal_field *f)
{
	j->out->no[j->out->n].field = f;
	no(j, r);
}

/* ---- the ledger ---- */

static void
judge_ledger(struct judging *j)
{
	if (j->q->ledger == NULL && !j->d->known)
		no(j, CSEAL_GATE_LEDGER_UNKNOWN);
	if (j->q->ledger != NULL &&
	    memcmp(j->q->ledger, cseal_state_ledger_id(j->s),
		CSEAL_HASH_BYTES) != 0)
		no(j, CSEAL_GATE_LEDGER_OTHER);
	if (cseal_state_demo(j->s) && !j->q->allow_demo)
		no(j, CSEAL_GATE_DEMONSTRATION);
}

static bool
is_unproven(const struct judging *j, uint64_t key)
{
	const struct cseal_state_key *k = cseal_state_key(j->s, key);

	return k == NULL || k->verdict < CSEAL_VERDICT_TRUSTED;
}

static void
judge_keys(struct judging *j)
{
	const struct cseal_state_change *c = &j->c->pub;
	bool unproven = is_unproven(j, c->key);

	for (size_t i = 0; i < c->n_approvals; i++)
		unproven = unproven || (!c->approvals[i].lapsed &&
					   is_unproven(j, c->approvals[i].key));
	if (unproven && !j->q->allow_unproven)
		no(j, CSEAL_GATE_UNPROVEN_KEY);
}

/*
 * The home has all that was appended. What a replica was not sent could be a
 * rejection, so there the age of what it has must be bounded.
 */
static void
judge_head(struct judging *j)
{
	const uint64_t now = cseal_desk_now(j->d);
	uint64_t newest = 0;

	for (uint64_t i = 0; i < cseal_state_size(j->s); i++) {
		if (j->s->clocks[i] > newest)
			newest = j->s->clocks[i];
	}
	j->out->head_clock = newest;
	if (!j->q->has_max_age) {
		if (cseal_desk_site(j->d) != CSEAL_SITE_HOME)
			no(j, CSEAL_GATE_HEAD_UNBOUNDED);
		return;
	}
	if (now > newest && now - newest > j->q->max_age)
		no(j, CSEAL_GATE_HEAD_OLD);
}

/* ---- the change ---- */

static void
judge_status(struct judging *j)
{
	const struct cseal_state_change *c = &j->c->pub;

	if (c->kind->authority)
		no(j, CSEAL_GATE_NOT_FOR_A_CONSOLE);
	if (c->status == CSEAL_CHANGE_IN_FORCE ||
	    c->status == CSEAL_CHANGE_REPLACED)
		no(j, CSEAL_GATE_ENTERED);
	else if (c->status != CSEAL_CHANGE_ASKED &&
		 c->status != CSEAL_CHANGE_APPROVED)
		no(j, CSEAL_GATE_ENDED);
	/* A key was revoked, or the policy is another one since. */
	else if (c->status != CSEAL_CHANGE_APPROVED ||
		 !count_is_approved(j->s, j->c))
		no(j, CSEAL_GATE_NOT_APPROVED);
}

static void
judge_time(struct judging *j)
{
	const struct cseal_policy *p = cseal_state_policy(j->s);
	const uint64_t now = cseal_desk_now(j->d);
	struct cseal_gate *out = j->out;

	if (cseal_change_window(
		p, &j->c->pub, &out->opens, &out->closes, NULL) != CSEAL_OK) {
		no(j, CSEAL_GATE_WINDOW_UNKNOWN);
		return;
	}
	if (out->opens == CSEAL_TIME_NEVER)
		return; /* never approved */
	if (now < out->opens)
		no(j, CSEAL_GATE_COOLING_OFF);
	if (now >= out->closes)
		no(j, CSEAL_GATE_WINDOW_CLOSED);
}

static void
judge_store(struct judging *j)
{
	if (!j->c->pub.kind->authority &&
	    cseal_state_frozen(j->s, j->c->pub.store) != NULL)
		no(j, CSEAL_GATE_STORE_FROZEN);
}

/* ---- the values ---- */

static int
judge_value(struct judging *j, const struct cseal_field *f)
{
	const bool asked = commitment_find(&j->c->statement, f->name) != NULL;
	const struct cseal_value *v = cseal_change_value(j->given, f->name);
	struct cseal_buf approved;
	int r;

	if (!asked && v != NULL)
		no_value(j, CSEAL_GATE_VALUE_UNKNOWN, f);
	if (asked && v == NULL)
		no_value(j, CSEAL_GATE_VALUE_MISSING, f);
	if (!asked || v == NULL)
		return CSEAL_OK;
	cseal_buf_init(&approved, 0);
	r = cseal_desk_value(j->d, &j->c->pub, f->name, &approved, j->err);
	if (r == CSEAL_ERR_NOT_FOUND) {
		no_value(j, CSEAL_GATE_VALUE_NOT_HERE, f);
		r = CSEAL_OK;
	} else if (r == CSEAL_OK && !slice_same(cseal_buf_slice(&approved),
					cseal_buf_slice(&v->text))) {
		no_value(j, CSEAL_GATE_VALUE_DIFFERS, f);
	}
	cseal_buf_free(&approved);
	return r;
}

static int
judge_values(struct judging *j)
{
	const struct cseal_kind *k = j->c->pub.kind;
	int r = CSEAL_OK;

	for (size_t i = 0; i < k->n_fields && r == CSEAL_OK; i++)
		r = judge_value(j, &k->fields[i]);
	return r;
}

int
cseal_desk_gate(struct cseal_desk *d, uint64_t change,
    const struct cseal_change *given, const struct cseal_gate_question *q,
    struct cseal_gate *out, struct cseal_error *err)
{
	struct judging j = {
		.d = d,
		.s = cseal_desk_state(d),
		.q = q,
		.given = given,
		.out = out,
		.err = err,
	};
	int r;

	memset(out, 0, sizeof(*out));
	out->opens = out->closes = CSEAL_TIME_NEVER;
	no(&j, CSEAL_GATE_LEDGER_UNKNOWN); /* until all of it was looked at */
	j.c = state_change(j.s, change);
	if (j.c == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "change",
		    "there is no change #%llu; see: counterseal list",
		    (unsigned long long)change);
	out->n = 0;
	judge_ledger(&j);
	judge_keys(&j);
	judge_head(&j);
	judge_status(&j);
	judge_time(&j);
	judge_store(&j);
	r = judge_values(&j);
	if (r != CSEAL_OK && out->n == 0)
		no(&j, CSEAL_GATE_VALUE_NOT_HERE);
	return r;
}
