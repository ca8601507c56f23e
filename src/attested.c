/* SPDX-License-Identifier: BSD-2-Clause */
/* How large the ledger was at a time, by the word of those who saw it. */

#include "attested.h"

struct search {
	const struct cseal_state *s;
	size_t loser; /* whose word counts for nothing */
	uint64_t since;
	struct cseal_attested *out;
};

/*
 * A seal over a seen head says: so many entries were there. By a clock that is
 * not the thief's, they were there before the key was lost.
 */
static int
look(void *ctx, uint64_t index, struct cseal_slice bytes)
{
	struct search *q = ctx;
	const struct cseal_state_key *k;
	struct fold_entry e;

	if (fold_entry_read(&e, index, bytes) == RULE_OK &&
	    (k = cseal_state_key(q->s, e.st.key)) != NULL &&
	    k->person != q->loser && e.st.clock <= q->since &&
	    e.st.seen.size > q->out->size) {
		q->out->size = e.st.seen.size;
		q->out->has_entry = true;
		q->out->entry = index;
		q->out->person = k->person;
		q->out->clock = e.st.clock;
	}
	fold_entry_free(&e);
	return CSEAL_OK;
}

/* As of the first `upto` entries. */
static int
attested(struct cseal_desk *d, uint64_t number, uint64_t since, uint64_t upto,
    struct cseal_attested *out, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *k = cseal_state_key(s, number);
	const struct cseal_head head = cseal_state_head(s);
	struct search q = { .s = s, .since = since, .out = out };

	*out = (struct cseal_attested){ .size = 0 };
	if (k == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu",
		    (unsigned long long)number);
	q.loser = k->person;
	return cseal_ledger_read_proven(
	    d->ledger, &head, 0, upto, look, &q, err);
}

int
cseal_desk_attested(struct cseal_desk *d, uint64_t key, uint64_t since,
    struct cseal_attested *out, struct cseal_error *err)
{
	if (since > cseal_desk_now(d))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "since",
		    "that time is still to come");
	return attested(
	    d, key, since, cseal_state_size(cseal_desk_state(d)), out, err);
}

int
attested_check(
    struct cseal_desk *d, const struct state_change *c, struct cseal_error *err)
{
	struct cseal_revocation v;
	struct cseal_attested a;
	int r;

	if (c->pub.kind->detail != CSEAL_DETAIL_KEY_REVOKE)
		return CSEAL_OK;
	r = cseal_revocation_parse(&v, c->statement.u.request.detail);
	if (r != CSEAL_OK || !v.has_lost)
		return r;
	r = attested(d, v.key, v.lost_since, c->statement.seen.size, &a, err);
	if (r != CSEAL_OK || v.lost_size <= a.size)
		return r;
	return cseal_error_set(err, CSEAL_ERR_REFUSED, "lost",
	    "it puts entries from %llu on in doubt, and what others had seen "
	    "by then reaches to %llu alone: do not approve it, and ask the "
	    "requester",
	    (unsigned long long)v.lost_size, (unsigned long long)a.size);
}
