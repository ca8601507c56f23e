/* SPDX-License-Identifier: BSD-2-Clause */
/* Acts with one thing wrong, which no honest desk would let pass. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mutant.h"

static struct cseal_slice
text(const char *s)
{
	struct cseal_slice v = { (const uint8_t *)s, strlen(s) };

	return v;
}

/* A commitment that stands in the ledger already, if there is one. */
static void
used_commitment(const struct maker *m, uint8_t to[CSEAL_HASH_BYTES])
{
	const struct cseal_state_change *c;

	for (size_t i = 0; (c = cseal_state_change(m->state, i)) != NULL; i++) {
		if (c->request->u.request.n_fields > 0)
			memcpy(to, c->request->u.request.fields[0].hash,
			    CSEAL_HASH_BYTES);
	}
}

static void
spoil_request(struct maker *m, struct maker_draft *d, unsigned wrong)
{
	static const uint8_t detail[] = { 0x61, 'a' };
	struct cseal_request *q = &d->st.u.request;

	switch (wrong) {
	case 1: q->op = q->op % CSEAL_OP_BASELINE + 1; break;
	case 2:
		if (q->n_fields > 0)
			q->n_fields--;
		break;
	case 3:
		if (q->n_fields > 0)
			used_commitment(m, d->fields[0].hash);
		break;
	case 4: q->has_before = !q->has_before; break;
	case 5: q->not_after += 86400; break;
	case 6: q->slot = text("payout/x"); break;
	case 7: q->store = text("elsewhere"); break;
	default:
		q->has_detail = true;
		q->detail.data = detail;
		q->detail.len = sizeof(detail);
		break;
	}
}

/* approve, reject, withdraw, apply */
static void
spoil_act(struct maker *m, struct maker_draft *d, unsigned wrong)
{
	static const uint8_t no_facts[] = { 0xa1, 0x08, 0xf5 };
	struct cseal_act *a = &d->st.u.act;

	switch (wrong) {
	case 1:
		a->facts.data = no_facts;
		a->facts.len = sizeof(no_facts);
		break;
	case 2:
		d->names[0] = text("fortune");
		a->n_reentered = 1;
		break;
	case 3:
		used_commitment(
		    m, d->st.kind == CSEAL_APPROVE && a->n_evidence > 0
			   ? a->evidence[0].hash
			   : a->shown.hash);
		break;
	case 4: a->leaf[31] ^= 1; break;
	case 5: a->index++; break;
	case 6: d->st.clock += UINT64_C(4) * 86400; break;
	case 7: d->st.clock -= UINT64_C(2) * 86400; break;
	default: d->st.thread[0] ^= 1; break;
	}
}

static void
spoil_watch(struct maker *m, struct maker_draft *d, unsigned wrong)
{
	if (d->st.kind == CSEAL_OBSERVE) {
		if (wrong < 4)
			used_commitment(m, d->fields[0].hash);
		else
			d->st.u.observe.store =
			    text(wrong < 6 ? "elsewhere" : MAKER_STORE);
		if (wrong == 6)
			d->st.u.observe.slot = text("log");
	} else if (d->st.kind == CSEAL_FREEZE) {
		d->st.u.freeze.has_key = true;
		d->st.u.freeze.key = wrong;
		d->st.u.freeze.has_store = wrong < 4;
		d->st.u.freeze.store = text(MAKER_STORE);
	} else if (d->st.kind == CSEAL_ERASE) {
		d->names[0] = text("fortune");
	} else if (d->st.kind == CSEAL_ENDORSE) {
		d->st.u.endorse.size += wrong % 2;
		d->st.u.endorse.root[0] ^= 1;
	} else if (d->st.kind == CSEAL_JOIN) {
		d->st.u.join.genesis[0] ^= 1;
	}
}

static void
spoil_genesis(struct maker *m, struct maker_draft *d, unsigned wrong)
{
	struct cseal_genesis *g = &d->st.u.genesis;

	switch (wrong) {
	case 1: g->org = text("Another GmbH"); break;
	case 2: g->rp_id = text("Example.com"); break;
	case 3: g->policy.text = text("[ledger]\n"); break;
	case 4: g->n_keys--; break;
	case 5: g->n_persons--; break;
	case 6: d->keys[1] = m->keys[0].record; break;
	case 7:
		d->roles[0][0] = text("nothing");
		d->roles[1][0] = text("nothing");
		break;
	default: d->keys[0].verdict.level = CSEAL_VERDICT_SOFTWARE; break;
	}
}

void
act_spoil(struct maker *m, struct maker_draft *d, const struct act *a)
{
	switch (d->st.kind) {
	case CSEAL_GENESIS: spoil_genesis(m, d, a->wrong); break;
	case CSEAL_REQUEST:
		if (a->kind != ACT_KEY_ADD)
			spoil_request(m, d, a->wrong);
		break;
	case CSEAL_APPROVE:
	case CSEAL_REJECT:
	case CSEAL_WITHDRAW:
	case CSEAL_APPLY: spoil_act(m, d, a->wrong); break;
	default: spoil_watch(m, d, a->wrong); break;
	}
}
