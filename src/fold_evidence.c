/* SPDX-License-Identifier: BSD-2-Clause */
/* What a request and its approvals rest on: commitments and checks. */

#include <string.h>

#include "counterseal/evidence.h"

#include "fold.h"
#include "slice.h"

#define COMMITMENTS_MAX (CSEAL_KIND_FIELDS_MAX + CSEAL_EVIDENCE_MAX + 1)

/* All commitments of a request or an approval, in one list; how many. */
static size_t
gather(const struct cseal_statement *st, const uint8_t *out[COMMITMENTS_MAX])
{
	const struct cseal_request *q = &st->u.request;
	const struct cseal_evidence *v;
	size_t n = 0, n_evidence;

	if (st->kind == CSEAL_APPROVE)
		out[n++] = st->u.act.shown.hash;
	for (size_t i = 0; st->kind == CSEAL_REQUEST && i < q->n_fields; i++)
		out[n++] = q->fields[i].hash;
	v = cseal_evidence_of(st, &n_evidence);
	for (size_t i = 0; i < n_evidence; i++)
		out[n++] = v[i].hash;
	return n;
}

enum rule_id
fold_check_commitments(
    const struct cseal_state *s, const struct cseal_statement *st)
{
	const uint8_t *all[COMMITMENTS_MAX];
	size_t n = gather(st, all);

	for (size_t i = 0; i < n; i++) {
		if (hashset_has(&s->commitments, all[i]))
			return RULE_COMMITMENT_TWICE;
		for (size_t j = 0; j < i; j++) {
			if (memcmp(all[i], all[j], CSEAL_HASH_BYTES) == 0)
				return RULE_COMMITMENT_TWICE;
		}
	}
	return RULE_OK;
}

int
fold_accept_commitments(struct cseal_state *s, const struct cseal_statement *st)
{
	const uint8_t *all[COMMITMENTS_MAX];
	size_t n = gather(st, all);
	int r = CSEAL_OK;

	for (size_t i = 0; i < n && r == CSEAL_OK; i++)
		r = hashset_add(&s->commitments, all[i]);
	return r;
}

/* The words of the policy for what is missing, in its order. */
static const struct cseal_word wants[] = {
	{ CSEAL_WANT_REASON, "reason" },
	{ CSEAL_WANT_CALLBACK, "callback" },
	{ CSEAL_WANT_NAME_CHECK, "name-check" },
	{ CSEAL_WANT_DOCUMENT, "document" },
	{ 0, NULL },
};

enum rule_id
fold_check_evidence(const struct cseal_state *s, struct fold_entry *e,
    const struct state_change *c)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(s), c->pub.kind);
	const struct cseal_act *a = &e->st.u.act;
	uint64_t missing;

	if (cseal_checks_warn(a->checks, a->n_checks))
		return RULE_APPROVE_CHECK;
	missing = rules->evidence & ~cseal_evidence_gives(&c->statement) &
		  ~cseal_evidence_gives(&e->st);
	for (const struct cseal_word *w = wants; w->name != NULL; w++) {
		if ((missing & w->value) != 0)
			return fold_say(
			    e, RULE_APPROVE_EVIDENCE, "%s", w->name);
	}
	return RULE_OK;
}

void
fold_note_evidence(
    struct state_change *c, const struct cseal_evidence *v, size_t n)
{
	uint8_t here[CSEAL_EVIDENCE_KINDS] = { 0 };

	for (size_t i = 0; i < n; i++)
		here[v[i].kind]++;
	for (size_t k = 0; k < CSEAL_EVIDENCE_KINDS; k++) {
		if (here[k] > c->evidence[k])
			c->evidence[k] = here[k];
	}
}

bool
fold_has_evidence(const struct state_change *c, struct cseal_slice name)
{
	struct cseal_evidence v[CSEAL_EVIDENCE_MAX];
	char at[CSEAL_EVIDENCE_NAME_BYTES];

	for (uint64_t k = 1; k < CSEAL_EVIDENCE_KINDS; k++) {
		for (size_t i = 0; i < c->evidence[k]; i++) {
			v[i].kind = k;
			if (cseal_evidence_name(v, i + 1, i, at) &&
			    slice_is(name, at))
				return true;
		}
	}
	return false;
}
