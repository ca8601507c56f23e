/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of what an approval rests on: evidence and checks. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"

static struct maker_draft *
usual(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, MINA, maker_asked(m));
	return b->d;
}

/* Mina's approval where the policy demands that. */
static struct maker_draft *
demanded(struct maker_broken *b, const char *evidence)
{
	struct maker *m =
	    maker_broken_under(b, "[change payout.iban]", "evidence", evidence);

	b->d = maker_approve(m, MINA, maker_asked(m));
	return b->d;
}

static void
no_reason(struct maker_broken *b)
{
	maker_evidence(b->m, demanded(b, "reason"), CSEAL_EVIDENCE_DOCUMENT);
}

static void
no_document(struct maker_broken *b)
{
	struct maker_draft *d = demanded(b, "document");

	maker_evidence(b->m, d, CSEAL_EVIDENCE_REASON);
	maker_evidence(b->m, d, CSEAL_EVIDENCE_SCREENSHOT);
	maker_evidence(b->m, d, CSEAL_EVIDENCE_CALL_BACK);
	maker_evidence(b->m, d, CSEAL_EVIDENCE_OTHER);
}

/* The number alone is no call. */
static void
no_call_back(struct maker_broken *b)
{
	struct maker_draft *d = demanded(b, "callback");

	maker_evidence(b->m, d, CSEAL_EVIDENCE_CALL_BACK);
	maker_check(d, CSEAL_CHECK_NAME, CSEAL_NAME_MATCH);
}

static void
nobody_reached(struct maker_broken *b)
{
	maker_check(demanded(b, "callback"), CSEAL_CHECK_CALL_BACK,
	    CSEAL_CALL_NOT_REACHED);
}

static void
no_name_check(struct maker_broken *b)
{
	maker_check(demanded(b, "name-check"), CSEAL_CHECK_CALL_BACK,
	    CSEAL_CALL_CONFIRMED);
}

static void
name_is_close(struct maker_broken *b)
{
	maker_check(
	    demanded(b, "name-check"), CSEAL_CHECK_NAME, CSEAL_NAME_CLOSE);
}

static void
name_not_possible(struct maker_broken *b)
{
	maker_check(demanded(b, "name-check"), CSEAL_CHECK_NAME,
	    CSEAL_NAME_NOT_POSSIBLE);
}

/* All that is demanded but one thing, some of it in the request. */
static void
one_of_three_missing(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "evidence", "reason callback document");
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint64_t n;

	maker_evidence(m, d, CSEAL_EVIDENCE_REASON);
	maker_check(d, CSEAL_CHECK_CALL_BACK, CSEAL_CALL_NOT_REACHED);
	n = maker_do(m, d);
	b->d = maker_approve(m, MINA, n);
	maker_evidence(m, b->d, CSEAL_EVIDENCE_DOCUMENT);
}

/* What another approval states does not serve this one. */
static void
stated_by_another(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "2 approver");
	struct cseal_buf text;
	struct maker_draft *d;
	uint64_t n;

	cseal_buf_init(&text, 0);
	maker_policy(&text, cseal_buf_str(&m->policy), "[change payout.iban]",
	    "evidence", "callback");
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	n = maker_asked(m);
	d = maker_approve(m, MINA, n);
	maker_check(d, CSEAL_CHECK_CALL_BACK, CSEAL_CALL_CONFIRMED);
	(void)maker_do(m, d);
	b->d = maker_approve(m, PETR, n);
}

static void
call_back_denied(struct maker_broken *b)
{
	maker_check(usual(b), CSEAL_CHECK_CALL_BACK, CSEAL_CALL_DENIED);
}

static void
another_name(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	maker_check(d, CSEAL_CHECK_CALL_BACK, CSEAL_CALL_CONFIRMED);
	maker_check(d, CSEAL_CHECK_NAME, CSEAL_NAME_NONE);
}

static void
evidence_shown(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	maker_evidence(b->m, d, CSEAL_EVIDENCE_DOCUMENT);
	memcpy(d->evidence[0].hash, d->st.u.act.shown.hash, CSEAL_HASH_BYTES);
}

static void
evidence_of_the_request(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint8_t hash[CSEAL_HASH_BYTES];
	uint64_t n;

	maker_evidence(m, d, CSEAL_EVIDENCE_DOCUMENT);
	memcpy(hash, d->evidence[0].hash, sizeof(hash));
	n = maker_do(m, d);
	b->d = maker_approve(m, MINA, n);
	maker_evidence(m, b->d, CSEAL_EVIDENCE_DOCUMENT);
	memcpy(b->d->evidence[0].hash, hash, sizeof(hash));
}

/* It was noted when the approval was taken. */
static void
evidence_of_an_approval(struct maker_broken *b)
{
	struct maker *m = maker_broken_under(
	    b, "[change payout.iban]", "approvals", "2 approver");
	uint64_t n = maker_asked(m);
	struct maker_draft *d = maker_approve(m, MINA, n);
	uint8_t hash[CSEAL_HASH_BYTES];

	maker_evidence(m, d, CSEAL_EVIDENCE_CALL_BACK);
	memcpy(hash, d->evidence[0].hash, sizeof(hash));
	(void)maker_do(m, d);
	b->d = maker_approve(m, PETR, n);
	maker_evidence(m, b->d, CSEAL_EVIDENCE_CALL_BACK);
	memcpy(b->d->evidence[0].hash, hash, sizeof(hash));
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_evidence[] = {
	{ RULE_APPROVE_CHECK, ALL, "denied", call_back_denied },
	{ RULE_APPROVE_CHECK, ALL, "another name", another_name },
	{ RULE_APPROVE_EVIDENCE, ALL, "no reason", no_reason },
	{ RULE_APPROVE_EVIDENCE, ALL, "no document", no_document },
	{ RULE_APPROVE_EVIDENCE, ALL, "a number alone", no_call_back },
	{ RULE_APPROVE_EVIDENCE, ALL, "nobody reached", nobody_reached },
	{ RULE_APPROVE_EVIDENCE, ALL, "no name check", no_name_check },
	{ RULE_APPROVE_EVIDENCE, ALL, "a close name", name_is_close },
	{ RULE_APPROVE_EVIDENCE, ALL, "name not possible", name_not_possible },
	{ RULE_APPROVE_EVIDENCE, ALL, "one of three", one_of_three_missing },
	{ RULE_APPROVE_EVIDENCE, ALL, "another's call", stated_by_another },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence and text shown",
	    evidence_shown },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence of the request",
	    evidence_of_the_request },
	{ RULE_COMMITMENT_TWICE, ALL, "evidence of an approval",
	    evidence_of_an_approval },
	{ RULE_OK, ALL, NULL, NULL },
};
