/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of persons, policies, freezes that end: the other authority. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dcbor.h"
#include "maker_break.h"
#include "maker_within.h"

static const struct maker_person two_admins[] = {
	{ "lin", "admin operator", 1 },
	{ "mina", "admin", 1 },
	{ "sol", "security", 1 },
};
#define SOL 2

/*
 * A ledger in which Sol, no admin, may approve changes of one kind: what two
 * admins would not do to each other, an admin and Sol could.
 */
static struct maker *
with_security(struct maker_broken *b, const char *section)
{
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, section, "approvals", "1 security");
	b->m = maker_founded_by(1, two_admins, 3, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return b->m;
}

static void
last_key(struct maker_broken *b)
{
	struct maker *m = with_security(b, "[change key.revoke]");
	uint64_t n = maker_do(m, maker_key_revoke(m, LIN, 1));

	b->d = maker_approve(m, SOL, n);
}

static void
last_admin_leaves(struct maker_broken *b)
{
	struct maker *m = with_security(b, "[change person.leave]");
	uint64_t n = maker_do(m, maker_person_leave(m, LIN, "mina"));

	b->d = maker_approve(m, SOL, n);
}

static void
last_admin_without_role(struct maker_broken *b)
{
	struct maker *m = with_security(b, "[change person.set]");
	uint64_t n = maker_do(m, maker_person_set(m, LIN, "mina", "approver"));

	b->d = maker_approve(m, SOL, n);
}

static void
policy_for_three(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct cseal_buf text;
	uint64_t n;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change key.add]", "approvals", "3 admin");
	n = maker_do(m, maker_policy_set(m, LIN, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	b->d = maker_approve(m, MINA, n);
}

static void
leave_unknown(struct maker_broken *b)
{
	b->d = maker_person_leave(maker_broken_base(b), LIN, "nobody");
}

static void
leave_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_person_leave(m, MINA, "omar"));
	b->d = maker_person_leave(m, MINA, "omar");
}

static void
set_who_left(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_person_leave(m, MINA, "omar"));
	b->d = maker_person_set(m, MINA, "omar", "operator");
}

static void
policy_nonsense(struct maker_broken *b)
{
	b->d = maker_policy_set(maker_broken_base(b), LIN, "trust everybody\n");
}

static void
lift_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_freeze_store(m, MINA, NULL));

	(void)maker_agreed(m, maker_lift(m, MINA, n));
	b->d = maker_lift(m, MINA, n);
}

static void
lift_what_is_none(struct maker_broken *b)
{
	b->d = maker_lift(maker_broken_base(b), MINA, 0);
}

/* ---- details that are not what their kind asks for ---- */

static void
spoilt_detail(struct maker_broken *b, struct maker_draft *d)
{
	b->d = d;
	cseal_buf_reset(&d->detail);
	dcbor_put_array(&d->detail, 0);
	maker_detail(d);
}

static void
detail_freeze_lift(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_freeze_store(m, MINA, NULL));

	spoilt_detail(b, maker_lift(m, MINA, n));
}

static void
detail_key_add(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	spoilt_detail(b, maker_key_add(m, MINA, maker_key_new(m, "lin")));
}

static void
detail_key_revoke(struct maker_broken *b)
{
	spoilt_detail(b, maker_key_revoke(maker_broken_base(b), MINA, LIN));
}

static void
detail_person_set(struct maker_broken *b)
{
	spoilt_detail(
	    b, maker_person_set(maker_broken_base(b), MINA, "zoe", "admin"));
}

static void
detail_nine_roles(struct maker_broken *b)
{
	b->d = maker_person_set(
	    maker_broken_base(b), MINA, "zoe", "a b c d e f g h i");
}

static void
detail_person_leave(struct maker_broken *b)
{
	spoilt_detail(b, maker_person_leave(maker_broken_base(b), MINA, "lin"));
}

static void
detail_policy_set(struct maker_broken *b)
{
	spoilt_detail(b, maker_policy_set(maker_broken_base(b), MINA, "\n"));
}

static void
detail_log_set(struct maker_broken *b)
{
	spoilt_detail(b, maker_log_set(maker_broken_base(b), MINA, NULL));
}

/* A detail is one unknown item until it is judged: newer is not told apart. */
static void
newer_key_add(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_key_add(m, MINA, maker_key_new(m, "lin"));
	b->d->detail.data[0]++; /* one member more in the map */
	dcbor_put_uint(&b->d->detail, 9);
	dcbor_put_null(&b->d->detail);
	maker_detail(b->d);
}

static void
newer_key_revoke(struct maker_broken *b)
{
	b->d = maker_key_revoke(maker_broken_base(b), MINA, LIN);
	cseal_buf_reset(&b->d->detail);
	dcbor_put_array(&b->d->detail, 3);
	dcbor_put_uint(&b->d->detail, LIN);
	dcbor_put_uint(&b->d->detail, 10);
	dcbor_put_null(&b->d->detail);
	maker_detail(b->d);
}

static void
newer_policy_set(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_policy_set(m, MINA, cseal_buf_str(&m->policy));
	b->d->detail.data[1]++; /* the language */
	maker_detail(b->d);
}

static void
detail_missing(struct maker_broken *b)
{
	b->d = maker_log_set(maker_broken_base(b), MINA, NULL);
	b->d->st.u.request.has_detail = false;
}

static void
detail_and_field(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_log_set(m, MINA, NULL);
	b->d->st.u.request.n_fields = 1;
	b->d->fields[0].name = maker_slice("iban");
	maker_draw(m, b->d->fields[0].hash, CSEAL_HASH_BYTES);
}

static void
authority_in_a_store(struct maker_broken *b)
{
	b->d = maker_log_set(maker_broken_base(b), MINA, NULL);
	b->d->st.u.request.store = maker_slice(MAKER_STORE);
}

static void
value_with_detail(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request(m, LIN, NULL);
	dcbor_put_null(&b->d->detail);
	maker_detail(b->d);
	b->d->st.u.request.has_detail = true;
}

/* ---- slots ---- */

static void
other_slot(struct maker_broken *b, struct maker_draft *d, const char *slot)
{
	b->d = d;
	d->st.u.request.slot = maker_slice(slot);
}

static void
slot_key_revoke(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	other_slot(b, maker_key_revoke(m, MINA, LIN), "petr");
}

static void
slot_new_person(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	other_slot(b, maker_person_set(m, MINA, "zoe", "admin"), "lin");
}

static void
slot_policy(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	other_slot(
	    b, maker_policy_set(m, MINA, cseal_buf_str(&m->policy)), "log");
}

static void
slot_lift(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_do(m, maker_freeze_store(m, MINA, NULL));

	other_slot(b, maker_lift(m, MINA, n), "freeze");
}

/* Two persons of one display name would be linked by its commitment. */
static void
name_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	const struct cseal_request *q;
	uint64_t n = maker_asked(m);

	q = &maker_change(m, n)->request->u.request;
	b->d = maker_person_set(m, MINA, "zoe", "admin");
	b->d->detail.len--; /* the null */
	dcbor_put_bytes(&b->d->detail, q->fields[0].hash, CSEAL_HASH_BYTES);
	maker_detail(b->d);
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_person[] = {
	{ RULE_ADMINS_LOST, ALL, "the last key but one", last_key },
	{ RULE_ADMINS_LOST, ALL, "the last admin but one leaves",
	    last_admin_leaves },
	{ RULE_ADMINS_LOST, ALL, "the last admin but one loses the role",
	    last_admin_without_role },
	{ RULE_ADMINS_LOST, ALL, "rules for more admins than there are",
	    policy_for_three },
	{ RULE_PERSON_GONE, ALL, "nobody leaves", leave_unknown },
	{ RULE_PERSON_GONE, ALL, "leaves twice", leave_twice },
	{ RULE_PERSON_GONE, ALL, "roles of one who left", set_who_left },
	{ RULE_POLICY_TEXT, ALL, "nonsense", policy_nonsense },
	{ RULE_FREEZE_GONE, ALL, "lifted before", lift_twice },
	{ RULE_FREEZE_GONE, ALL, "not a freeze", lift_what_is_none },
	{ RULE_FREEZE_GONE, ALL, "no leaf at all", detail_freeze_lift },
	{ RULE_DETAIL, ALL, "key.add", detail_key_add },
	{ RULE_DETAIL, ALL, "key.revoke", detail_key_revoke },
	{ RULE_DETAIL, ALL, "person.set", detail_person_set },
	{ RULE_DETAIL, ALL, "person.set with nine roles", detail_nine_roles },
	{ RULE_DETAIL, ALL, "person.leave", detail_person_leave },
	{ RULE_DETAIL, ALL, "policy.set", detail_policy_set },
	{ RULE_DETAIL, ALL, "log.set", detail_log_set },
	{ RULE_DETAIL, ALL, "key.add with a newer member", newer_key_add },
	{ RULE_DETAIL, ALL, "key.revoke for a newer reason", newer_key_revoke },
	{ RULE_DETAIL, ALL, "policy.set in a newer language",
	    newer_policy_set },
	{ RULE_DETAIL, ALL, "none", detail_missing },
	{ RULE_DETAIL, ALL, "and a field", detail_and_field },
	{ RULE_DETAIL, ALL, "in a store", authority_in_a_store },
	{ RULE_DETAIL, ALL, "of a value", value_with_detail },
	{ RULE_SLOT_UNKNOWN, ALL, "key.revoke", slot_key_revoke },
	{ RULE_SLOT_UNKNOWN, ALL, "person.set", slot_new_person },
	{ RULE_SLOT_UNKNOWN, ALL, "policy.set", slot_policy },
	{ RULE_SLOT_UNKNOWN, ALL, "freeze.lift", slot_lift },
	{ RULE_COMMITMENT_TWICE, ALL, "a display name's", name_twice },
	{ RULE_OK, ALL, NULL, NULL },
};
