/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of genesis and join. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

static struct cseal_genesis *
usual(struct maker_broken *b)
{
	b->m = maker_usual(1);
	b->d = maker_genesis(b->m, LIN);
	return &b->d->st.u.genesis;
}

/* A founding by others than the usual ones. */
static void
found(struct maker_broken *b, const struct maker_person *persons, size_t n)
{
	b->m = maker_new(1, persons, n);
	b->d = maker_genesis(b->m, 0);
}

static void
size_before(struct maker_broken *b)
{
	(void)usual(b);
	b->d->st.seen.size = 1;
}

static void
root_before(struct maker_broken *b)
{
	(void)usual(b);
	b->d->st.seen.root[31] ^= 1;
}

static void
authority_before(struct maker_broken *b)
{
	(void)usual(b);
	b->d->st.authority[31] = 1;
}

static void
rp_id_upper_case(struct maker_broken *b)
{
	usual(b)->rp_id = maker_slice("Example.com");
}

static void
person_twice(struct maker_broken *b)
{
	(void)usual(b);
	b->d->persons[PETR].handle = maker_slice("mina");
}

static void
person_without_key(struct maker_broken *b)
{
	usual(b)->n_keys = OMAR;
}

static void
person_with_nine_roles(struct maker_broken *b)
{
	(void)usual(b);
	b->d->persons[OMAR].n_roles =
	    maker_roles("a b c d e f g h i", b->d->roles[OMAR]);
}

/* Such a person could never join. */
static void
person_with_monitor_alone(struct maker_broken *b)
{
	b->m = maker_usual(1);
	b->m->keys[OMAR].monitor = true;
	maker_key_enrol(&b->m->keys[OMAR], NULL);
	b->d = maker_genesis(b->m, LIN);
}

static void
policy_nonsense(struct maker_broken *b)
{
	usual(b)->policy.text = maker_slice("trust everybody\n");
}

static void
one_person(struct maker_broken *b)
{
	static const struct maker_person alone[] = {
		{ "lin", "admin approver operator", 2 },
	};

	found(b, alone, 1);
}

static void
one_admin(struct maker_broken *b)
{
	static const struct maker_person two[] = {
		{ "lin", "admin approver operator", 1 },
		{ "mina", "approver operator", 1 },
	};

	found(b, two, 2);
}

static void
no_way_to_set_policy(struct maker_broken *b)
{
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[change policy.set]", "", NULL);
	b->m = maker_usual(1);
	cseal_buf_free(&b->m->policy);
	b->m->policy = text; /* transferred */
	b->d = maker_genesis(b->m, LIN);
}

static void
key_of_nobody(struct maker_broken *b)
{
	usual(b)->n_persons = OMAR;
}

static void
key_unknown(struct maker_broken *b)
{
	(void)usual(b);
	b->d->st.key = MAKER_PERSONS;
}

static void
monitor_founds(struct maker_broken *b)
{
	static const struct maker_person persons[] = {
		{ "lin", "admin", 2 },
		{ "mina", "admin", 1 },
	};

	b->m = maker_new(1, persons, 2);
	b->m->keys[0].monitor = true;
	maker_key_enrol(&b->m->keys[0], NULL);
	b->d = maker_genesis(b->m, 0);
}

static void
key_for_other_org(struct maker_broken *b)
{
	usual(b)->org = maker_slice("Example Trading AG");
}

static void
key_twice(struct maker_broken *b)
{
	(void)usual(b);
	memcpy(b->m->keys[OMAR].secret, b->m->keys[LIN].secret, 32);
	memcpy(b->m->keys[OMAR].point, b->m->keys[LIN].point, 65);
	maker_key_enrol(&b->m->keys[OMAR], NULL);
	b->d->keys[OMAR] = b->m->keys[OMAR].record;
}

static void
credential_twice(struct maker_broken *b)
{
	(void)usual(b);
	memcpy(b->m->keys[OMAR].id, b->m->keys[LIN].id, 32);
	maker_key_enrol(&b->m->keys[OMAR], NULL);
	b->d->keys[OMAR] = b->m->keys[OMAR].record;
}

static void
nonce_twice(struct maker_broken *b)
{
	(void)usual(b);
	memcpy(
	    b->m->keys[OMAR].nonce, b->m->keys[LIN].nonce, CSEAL_NONCE_BYTES);
	maker_key_enrol(&b->m->keys[OMAR], NULL);
	b->d->keys[OMAR] = b->m->keys[OMAR].record;
}

static void
no_touch(struct maker_broken *b)
{
	(void)usual(b);
	b->d->flags = CSEAL_FLAG_UV;
}

static void
no_verification(struct maker_broken *b)
{
	(void)usual(b);
	b->d->flags = CSEAL_FLAG_UP;
}

static void
other_signature(struct maker_broken *b)
{
	(void)usual(b);
	b->d->key = &b->m->keys[MINA];
}

/* ---- join ---- */

static struct maker_draft *
join(struct maker_broken *b)
{
	b->m = maker_usual(1);
	(void)maker_do(b->m, maker_genesis(b->m, LIN));
	b->d = maker_join(b->m, MINA);
	return b->d;
}

static void
join_other(struct maker_broken *b)
{
	join(b)->st.u.join.genesis[0] ^= 1;
}

static void
join_twice(struct maker_broken *b)
{
	struct maker_draft *d = join(b);

	(void)maker_do(b->m, d);
	b->d = maker_join(b->m, MINA);
}

static void
join_founder(struct maker_broken *b)
{
	b->m = maker_usual(1);
	(void)maker_do(b->m, maker_genesis(b->m, LIN));
	b->d = maker_join(b->m, LIN);
}

static void
join_late(struct maker_broken *b)
{
	b->d = maker_join(maker_broken_base(b), PETR);
}

#define ALL  MAKER_REFUSED
#define SEAL MAKER_REFUSED_SEAL

const struct maker_break maker_breaks_genesis[] = {
	{ RULE_GENESIS_HEAD, ALL, "a size before", size_before },
	{ RULE_GENESIS_HEAD, ALL, "a root before", root_before },
	{ RULE_GENESIS_HEAD, ALL, "an authority before", authority_before },
	{ RULE_GENESIS_RP_ID, ALL, "rp id in upper case", rp_id_upper_case },
	{ RULE_GENESIS_PERSON, ALL, "a person twice", person_twice },
	{ RULE_GENESIS_PERSON, ALL, "no key", person_without_key },
	{ RULE_GENESIS_PERSON, ALL, "nine roles", person_with_nine_roles },
	{ RULE_GENESIS_PERSON, ALL, "a monitor's key alone",
	    person_with_monitor_alone },
	{ RULE_GENESIS_POLICY, ALL, "nonsense", policy_nonsense },
	{ RULE_GENESIS_ADMINS, ALL, "one person, two keys", one_person },
	{ RULE_GENESIS_ADMINS, ALL, "one admin", one_admin },
	{ RULE_GENESIS_ADMINS, ALL, "no rules for policy.set",
	    no_way_to_set_policy },
	{ RULE_KEY_PERSON, ALL, "a key of nobody", key_of_nobody },
	{ RULE_KEY_UNKNOWN, ALL, "founded by no key", key_unknown },
	{ RULE_KEY_UNKNOWN, ALL, "founded by a monitor", monitor_founds },
	{ RULE_KEY_PROOF, ALL, "keys of another name", key_for_other_org },
	{ RULE_KEY_TWICE, ALL, "a key twice", key_twice },
	{ RULE_KEY_TWICE, ALL, "a credential twice", credential_twice },
	{ RULE_KEY_NONCE, ALL, "a nonce twice", nonce_twice },
	{ RULE_SEAL_TOUCH, SEAL, "founded without a touch", no_touch },
	{ RULE_SEAL_VERIFICATION, SEAL, "founded without PIN",
	    no_verification },
	{ RULE_SEAL_SIGNATURE, SEAL, "founded by another key",
	    other_signature },
	{ RULE_JOIN_GENESIS, ALL, "another genesis", join_other },
	{ RULE_JOIN_NEEDLESS, ALL, "twice", join_twice },
	{ RULE_JOIN_NEEDLESS, ALL, "who founded it", join_founder },
	{ RULE_JOIN_NEEDLESS, ALL, "long after", join_late },
	{ RULE_OK, ALL, NULL, NULL },
};
