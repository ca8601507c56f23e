/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of requests. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

static struct cseal_request *
usual(struct maker_broken *b)
{
	b->d = maker_request(maker_broken_base(b), LIN, NULL);
	return &b->d->st.u.request;
}

static void
kind_unknown(struct maker_broken *b)
{
	usual(b)->change_kind = maker_slice("payout.moon");
}

static void
kind_without_rules(struct maker_broken *b)
{
	struct maker *m =
	    maker_broken_under(b, "[change contact.login_email]", "", NULL);

	b->d = maker_request_email(m, LIN);
}

static void
no_store(struct maker_broken *b)
{
	usual(b)->store = maker_slice("");
}

static void
slot_not_declared(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(b, "[store *]", "slots", "payout");

	b->d = maker_request_email(m, LIN);
}

static void
slot_of_another_kind(struct maker_broken *b)
{
	usual(b)->slot = maker_slice("contact.login_email");
}

static void
slot_longer(struct maker_broken *b)
{
	usual(b)->slot = maker_slice("payouts");
}

static void
slot_item_short(struct maker_broken *b)
{
	usual(b)->slot = maker_slice("payout/k3m9x2a");
}

static void
slot_item_upper_case(struct maker_broken *b)
{
	usual(b)->slot = maker_slice("payout/K3M9X2AB");
}

static void
op_add_of_one(struct maker_broken *b)
{
	b->d = maker_request_email(maker_broken_base(b), LIN);
	b->d->st.u.request.op = CSEAL_OP_ADD;
}

static void
op_remove_of_authority(struct maker_broken *b)
{
	b->d = maker_log_set(maker_broken_base(b), MINA, NULL);
	b->d->st.u.request.op = CSEAL_OP_REMOVE;
}

static void
operator_sets_log(struct maker_broken *b)
{
	b->d = maker_log_set(maker_broken_base(b), OMAR, NULL);
}

static void
approver_asks(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_person_set(m, MINA, "omar", "approver"));
	b->d = maker_request(m, OMAR, NULL);
}

static void
field_missing(struct maker_broken *b)
{
	struct cseal_request *q = usual(b);

	/* bic, iban, holder, currency: without holder */
	q->fields[2] = q->fields[3];
	q->n_fields = 3;
}

static void
field_unknown(struct maker_broken *b)
{
	usual(b)->fields[0].name = maker_slice("bac");
}

static void
fields_of_remove(struct maker_broken *b)
{
	usual(b)->op = CSEAL_OP_REMOVE;
}

static void
commitment_of_another_request(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);

	b->d = maker_request(m, OMAR, NULL);
	memcpy(b->d->fields[1].hash,
	    maker_change(m, n)->request->u.request.fields[1].hash,
	    CSEAL_HASH_BYTES);
}

static void
commitment_twice_within(struct maker_broken *b)
{
	struct cseal_request *q = usual(b);

	memcpy(q->fields[1].hash, q->fields[3].hash, CSEAL_HASH_BYTES);
}

static void
evidence(struct maker_broken *b, size_t n)
{
	struct cseal_request *q = usual(b);

	q->has_evidence = true;
	q->n_evidence = n;
	for (size_t i = 0; i < n; i++) {
		q->evidence[i].kind = 1;
		maker_draw(b->m, q->evidence[i].hash, CSEAL_HASH_BYTES);
	}
}

static void
evidence_of_a_field(struct maker_broken *b)
{
	evidence(b, 1);
	memcpy(b->d->evidence[0].hash, b->d->fields[0].hash, CSEAL_HASH_BYTES);
}

static void
evidence_twice_within(struct maker_broken *b)
{
	evidence(b, 2);
	memcpy(
	    b->d->evidence[0].hash, b->d->evidence[1].hash, CSEAL_HASH_BYTES);
}

static void
evidence_of_another_request(struct maker_broken *b)
{
	uint8_t hash[CSEAL_HASH_BYTES];

	evidence(b, 1);
	memcpy(hash, b->d->evidence[0].hash, sizeof(hash));
	(void)maker_do(b->m, b->d);
	b->d = maker_request(b->m, LIN, NULL);
	b->d->st.u.request.has_evidence = true;
	b->d->st.u.request.n_evidence = 1;
	b->d->evidence[0].kind = 2;
	memcpy(b->d->evidence[0].hash, hash, sizeof(hash));
}

static void
before_nothing(struct maker_broken *b)
{
	struct cseal_request *q = usual(b);

	q->has_before = true;
}

static void
before_left_out(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_entered(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->st.u.request.has_before = false;
}

static void
before_other(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_entered(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->st.u.request.before[0] ^= 1;
}

static void
before_moved(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request(m, OMAR, NULL);
	(void)maker_entered(m);
}

static void
baseline_over_something(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_entered(m);
	b->d = maker_request(m, LIN, NULL);
	b->d->st.u.request.op = CSEAL_OP_BASELINE;
}

static void
ends_before_it_begins(struct maker_broken *b)
{
	struct cseal_request *q = usual(b);

	q->not_after = b->d->st.clock;
}

static void
lives_a_second_too_long(struct maker_broken *b)
{
	usual(b)->not_after++;
}

static void
lives_for_ever(struct maker_broken *b)
{
	usual(b)->not_after = UINT64_MAX;
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_request[] = {
	{ RULE_KIND_UNKNOWN, ALL, "payout.moon", kind_unknown },
	{ RULE_KIND_NOT_ALLOWED, ALL, "no section", kind_without_rules },
	{ RULE_STORE_UNKNOWN, ALL, "no store", no_store },
	{ RULE_STORE_UNKNOWN, ALL, "slot not declared", slot_not_declared },
	{ RULE_SLOT_UNKNOWN, ALL, "another kind's", slot_of_another_kind },
	{ RULE_SLOT_UNKNOWN, ALL, "longer", slot_longer },
	{ RULE_SLOT_UNKNOWN, ALL, "a short item", slot_item_short },
	{ RULE_SLOT_UNKNOWN, ALL, "an item in upper case",
	    slot_item_upper_case },
	{ RULE_OP_NOT_ALLOWED, ALL, "add where one can be", op_add_of_one },
	{ RULE_OP_NOT_ALLOWED, ALL, "remove of authority",
	    op_remove_of_authority },
	{ RULE_REQUESTER_ROLE, ALL, "an operator", operator_sets_log },
	{ RULE_REQUESTER_ROLE, ALL, "an approver alone", approver_asks },
	{ RULE_FIELDS, ALL, "one missing", field_missing },
	{ RULE_FIELDS, ALL, "one unknown", field_unknown },
	{ RULE_FIELDS, ALL, "remove with fields", fields_of_remove },
	{ RULE_COMMITMENT_TWICE, ALL, "of another request",
	    commitment_of_another_request },
	{ RULE_COMMITMENT_TWICE, ALL, "in one request",
	    commitment_twice_within },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence and field",
	    evidence_of_a_field },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence in one request",
	    evidence_twice_within },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence of another",
	    evidence_of_another_request },
	{ RULE_BEFORE_STALE, ALL, "nothing was before", before_nothing },
	{ RULE_BEFORE_STALE, ALL, "something was", before_left_out },
	{ RULE_BEFORE_STALE, ALL, "something else was", before_other },
	{ RULE_BEFORE_STALE, ALL, "entered meanwhile", before_moved },
	{ RULE_BEFORE_STALE, ALL, "a baseline over it",
	    baseline_over_something },
	{ RULE_LIFETIME, ALL, "none", ends_before_it_begins },
	{ RULE_LIFETIME, ALL, "a second too long", lives_a_second_too_long },
	{ RULE_LIFETIME, ALL, "for ever", lives_for_ever },
	{ RULE_OK, ALL, NULL, NULL },
};
