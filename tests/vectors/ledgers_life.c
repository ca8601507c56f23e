/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of changes of values. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ledgers.h"

#define ENTERED CSEAL_APPLY_ENTERED

static struct maker *
founded(void)
{
	return maker_founded(1);
}

static struct maker *
founded_by_two(void)
{
	static const struct maker_person two[] = {
		{ "ann", "admin approver", 1 }, { "bob", "admin operator", 2 }
	};

	return maker_founded_by(4, two, 2, NULL);
}

static struct maker *
entered(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_entered(m);
	return m;
}

/* One change is refused by the console, another differs. */
static struct maker *
failed(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_approved(m);

	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_REFUSED));
	n = maker_approved(m);
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_DIFFERS));
	(void)maker_entered(m);
	return m;
}

static struct maker *
rejected(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_do(m, maker_reject(m, PETR, maker_asked(m)));
	(void)maker_do(m, maker_reject(m, MINA, maker_approved(m)));
	return m;
}

static struct maker *
withdrawn(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_do(m, maker_withdraw(m, LIN, maker_asked(m)));
	(void)maker_do(m, maker_withdraw(m, LIN, maker_approved(m)));
	return m;
}

/* Two are asked for, one comes into force, the other can only be seen. */
static struct maker *
superseded(void)
{
	struct maker *m = maker_founded(1);
	uint64_t first = maker_asked(m), second = maker_approved(m);

	(void)maker_do(m, maker_apply(m, OMAR, second, ENTERED));
	(void)maker_do(m, maker_erase(m, LIN, first, "iban"));
	return m;
}

static struct maker *
replaced(void)
{
	struct maker *m = maker_founded(1);
	uint64_t first = maker_entered(m);

	(void)maker_entered(m);
	(void)maker_do(m, maker_erase(m, MINA, first, "holder"));
	return m;
}

static struct maker *
removed(void)
{
	struct maker *m = maker_founded(1);
	struct maker_draft *d;
	uint64_t n;

	(void)maker_entered(m);
	d = maker_request(m, LIN, NULL);
	maker_request_remove(d);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, OMAR, n, ENTERED));
	(void)maker_entered(m);
	return m;
}

/* Several accounts of a console: items of a slot. */
static struct maker *
items(void)
{
	static const char *const slots[] = { "payout/0a1b2c3d",
		"payout/zzzzzzzz" };
	struct maker *m = maker_founded(1);

	(void)maker_entered(m);
	for (size_t i = 0; i < 2; i++) {
		struct maker_draft *d = maker_request(m, LIN, slots[i]);
		uint64_t n;

		d->st.u.request.op = CSEAL_OP_ADD;
		n = maker_do(m, d);
		(void)maker_do(m, maker_approve(m, MINA, n));
		(void)maker_do(m, maker_apply(m, OMAR, n, ENTERED));
	}
	return m;
}

/* What was there before the ledger; in force by its approval. */
static struct maker *
baseline(void)
{
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	uint64_t n;

	d->st.u.request.op = CSEAL_OP_BASELINE;
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_entered(m);
	return m;
}

static struct maker *
email(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_do(m, maker_request_email(m, OMAR));

	(void)maker_do(m, maker_approve(m, LIN, n));
	(void)maker_do(m, maker_apply(m, OMAR, n, ENTERED));
	return m;
}

static struct maker *
under(const char *key, const char *value)
{
	struct maker_broken b;

	memset(&b, 0, sizeof(b));
	return maker_broken_under(&b, "[change payout.iban]", key, value);
}

/* Two approve over one head, neither having seen the other. */
static struct maker *
at_once(void)
{
	struct maker *m = under("approvals", "2 approver");
	uint64_t n = maker_asked(m);
	struct maker_draft *mina = maker_approve(m, MINA, n);
	struct maker_draft *petr = maker_approve(m, PETR, n);

	(void)maker_do(m, petr);
	(void)maker_do(m, mina);
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	return m;
}

/* Petr fills either place, Mina one alone: matched, both fill. */
static struct maker *
matched(void)
{
	struct maker *m = under("approvals", "1 approver and 1 finance");
	uint64_t n;

	(void)maker_agreed(
	    m, maker_person_set(m, MINA, "omar", "finance approver"));
	n = maker_asked(m);
	(void)maker_do(m, maker_approve(m, OMAR, n));
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	return m;
}

static struct maker *
cooled(void)
{
	struct maker *m = under("cooling off", "24h");
	uint64_t n = maker_approved(m);
	uint64_t clock = maker_change(m, n)->approvals[0].clock;
	struct maker_draft *d = maker_apply(m, LIN, n, ENTERED);

	d->st.clock = clock + 86400;
	(void)maker_do(m, d);
	return m;
}

/* The last second that an approval can be given in. */
static struct maker *
last_second(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);
	struct maker_draft *d = maker_approve(m, MINA, n);

	d->st.clock = maker_change(m, n)->not_after;
	(void)maker_do(m, d);
	return m;
}

/* Evidence, checks, names typed again, a time token. */
static struct maker *
everything(void)
{
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	static const uint8_t token[] = { 0x30, 0x00 };
	uint64_t n;

	d->st.u.request.has_evidence = true;
	for (size_t i = 0; i < 4; i++) {
		d->evidence[i].kind = i + 1;
		maker_draw(m, d->evidence[i].hash, CSEAL_HASH_BYTES);
	}
	d->st.u.request.n_evidence = 4;
	d->st.u.request.has_checks = true;
	d->checks[0] = (struct cseal_check){ 1, 1 };
	d->checks[1] = (struct cseal_check){ 3, 2 };
	d->st.u.request.n_checks = 2;
	n = maker_do(m, d);
	d = maker_approve(m, MINA, n);
	d->names[0] = maker_change(m, n)->request->u.request.fields[0].name;
	d->names[1] = maker_change(m, n)->request->u.request.fields[1].name;
	d->st.u.act.n_reentered = 2;
	d->st.u.act.has_checks = true;
	d->checks[0] = (struct cseal_check){ 2, 4 };
	d->st.u.act.n_checks = 1;
	maker_evidence(m, d, CSEAL_EVIDENCE_CALL_BACK);
	maker_evidence(m, d, CSEAL_EVIDENCE_DOCUMENT);
	d->st.u.act.shown.utc_offset = -300;
	(void)maker_do(m, d);
	d = maker_apply(m, LIN, n, ENTERED);
	d->st.u.act.has_time_token = true;
	d->st.u.act.time_token.data = token;
	d->st.u.act.time_token.len = sizeof(token);
	(void)maker_do(m, d);
	return m;
}

/* Request and approval together rest on all that the policy demands. */
static struct maker *
well_founded(void)
{
	struct maker *m;
	struct maker_draft *d;
	struct cseal_buf text;
	uint64_t n;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change payout.iban]", "evidence",
	    "reason callback name-check document");
	m = maker_founded_under(1, cseal_buf_str(&text));
	cseal_buf_free(&text);
	d = maker_request(m, LIN, NULL);
	maker_evidence(m, d, CSEAL_EVIDENCE_DOCUMENT);
	maker_evidence(m, d, CSEAL_EVIDENCE_DOCUMENT);
	maker_check(d, CSEAL_CHECK_CALL_BACK, CSEAL_CALL_DENIED);
	maker_check(d, CSEAL_CHECK_NAME, CSEAL_NAME_MATCH);
	n = maker_do(m, d);
	d = maker_approve(m, MINA, n);
	maker_evidence(m, d, CSEAL_EVIDENCE_CALL_BACK);
	maker_evidence(m, d, CSEAL_EVIDENCE_REASON);
	maker_check(d, CSEAL_CHECK_CALL_BACK, CSEAL_CALL_CONFIRMED);
	(void)maker_do(m, d);
	(void)maker_do(m, maker_apply(m, OMAR, n, CSEAL_APPLY_DIFFERS));
	(void)maker_do(m, maker_erase(m, LIN, n, "document-2"));
	(void)maker_do(m, maker_erase(m, LIN, n, "call-back"));
	return m;
}

/* The rules change while a change waits: it needs approvals again. */
static struct maker *
approved_again(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_approved(m);

	(void)maker_agreed(
	    m, maker_policy_set(m, MINA, cseal_buf_str(&m->policy)));
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	return m;
}

/* The approver's key is revoked while a change waits. */
static struct maker *
approved_by_another(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_approved(m);
	uint64_t revoke = maker_do(m, maker_key_revoke(m, LIN, MINA));

	(void)maker_do(m, maker_approve(m, PETR, revoke));
	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_do(m, maker_apply(m, LIN, n, ENTERED));
	return m;
}

/* The same prefix, and two ways to go on: each stands by itself. */
static struct maker *
fork_left(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_do(m, maker_approve(m, MINA, maker_asked(m)));
	return m;
}

static struct maker *
fork_right(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_do(m, maker_reject(m, MINA, maker_asked(m)));
	return m;
}

const struct ledger_row ledgers_life[] = {
	{ "founded", "four persons, all joined", founded, "none" },
	{ "founded-by-two", "two persons, one with two keys", founded_by_two,
	    "none" },
	{ "entered", "asked, approved, entered", entered, "none" },
	{ "failed", "refused by the console; differs; then entered", failed,
	    "none" },
	{ "rejected", "rejected when asked, and when approved", rejected,
	    "none" },
	{ "withdrawn", "withdrawn when asked, and when approved", withdrawn,
	    "none" },
	{ "superseded", "two for one slot; the other can be erased", superseded,
	    "none" },
	{ "replaced", "one after the other in one slot", replaced, "none" },
	{ "removed", "an account is removed, and another set", removed,
	    "none" },
	{ "items", "accounts as items of a slot", items, "none" },
	{ "baseline", "what was there before; then a change of it", baseline,
	    "none" },
	{ "email", "the address that the store is signed in to with", email,
	    "none" },
	{ "at-once", "two approvals over one head", at_once, "none" },
	{ "matched", "places of two roles, persons of one and of both", matched,
	    "none" },
	{ "cooled", "entered in the second in which cooling-off ends", cooled,
	    "none" },
	{ "last-second", "approved in the last second of the request",
	    last_second, "none" },
	{ "everything", "evidence, checks, re-entered names, a time token",
	    everything, "none" },
	{ "well-founded", "evidence and checks that the policy demands",
	    well_founded, "none" },
	{ "approved-again", "the rules change while a change waits",
	    approved_again, "none" },
	{ "approved-by-another",
	    "the approver's key is revoked while a change waits",
	    approved_by_another, "none" },
	{ "fork-left",
	    "of two ledgers that are one up to entry 4; each stands by itself",
	    fork_left, "none" },
	{ "fork-right", "the other one", fork_right, "none" },
	{ NULL, NULL, NULL, NULL },
};
