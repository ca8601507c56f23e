/* SPDX-License-Identifier: BSD-2-Clause */
/* Persons, keys, rules, the log key, foundings. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/offer.h"
#include "ledgers.h"

/* Enrols the maker's key again, after it was altered, and adds it. */
static void
add_key(struct maker *m, size_t key, const struct maker_enrolment *how)
{
	const struct maker_enrolment usual = { .ledger = m->state->id,
		.ledger_rp_id = true };

	maker_key_enrol(&m->keys[key], how != NULL ? how : &usual);
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
}

static uint64_t
asked_by_omar(struct maker *m)
{
	return maker_do(m, maker_request(m, OMAR, NULL));
}

static struct maker *
key_added(void)
{
	struct maker *m = maker_founded(1);
	size_t key = maker_key_new(m, "lin");

	add_key(m, key, NULL);
	(void)maker_do(m, maker_request(m, key, NULL));
	return m;
}

static struct maker *
key_of_alg(int alg)
{
	struct maker *m = maker_founded(1);
	size_t key = maker_key_new(m, "lin");

	maker_key_alg(&m->keys[key], 1, key, alg);
	add_key(m, key, NULL);
	(void)maker_do(m, maker_request(m, key, NULL));
	(void)maker_do(m, maker_endorse(m, key));
	return m;
}

static struct maker *
key_es384(void)
{
	return key_of_alg(CSEAL_ALG_ES384);
}

static struct maker *
key_eddsa(void)
{
	return key_of_alg(CSEAL_ALG_EDDSA);
}

/* Founded with a key of each algorithm. */
static struct maker *
algorithms(void)
{
	static const int algs[] = { CSEAL_ALG_EDDSA, CSEAL_ALG_ES384 };
	struct maker *m = maker_usual(5);

	for (size_t i = 0; i < 2; i++) {
		maker_key_alg(&m->keys[i], 5, i, algs[i]);
		maker_key_enrol(&m->keys[i], NULL);
	}
	(void)maker_do(m, maker_genesis(m, LIN));
	for (size_t i = MINA; i <= OMAR; i++)
		(void)maker_do(m, maker_join(m, i));
	(void)maker_entered(m);
	return m;
}

/* A key with a name of its own, as for approvals in a browser. */
static struct maker *
key_rp_id(void)
{
	struct maker *m = maker_founded(1);
	const struct maker_enrolment how = { .ledger = m->state->id };
	size_t key = maker_key_new(m, "lin");

	snprintf(m->keys[key].rp_id, sizeof(m->keys[key].rp_id),
	    "approve.example.com");
	add_key(m, key, &how);
	(void)maker_do(m, maker_approve(m, key, asked_by_omar(m)));
	return m;
}

/* Keys that name the key of their desk: of one desk, and later of another. */
static struct maker *
desks(void)
{
	struct maker *m = maker_usual(7);
	size_t key;

	for (size_t i = LIN; i <= MINA; i++) {
		maker_key_desk(&m->keys[i], 7, 0);
		maker_key_enrol(&m->keys[i], NULL);
	}
	(void)maker_do(m, maker_genesis(m, LIN));
	for (size_t i = MINA; i <= OMAR; i++)
		(void)maker_do(m, maker_join(m, i));
	key = maker_key_new(m, "lin");
	maker_key_desk(&m->keys[key], 7, key);
	m->keys[key].monitor = true;
	add_key(m, key, NULL);
	return m;
}

static struct maker *
key_without_attestation(void)
{
	struct maker *m = maker_founded(1);
	const struct maker_enrolment how = {
		.ledger = m->state->id, .ledger_rp_id = true, .format = "none"
	};
	size_t key = maker_key_new(m, "lin");

	add_key(m, key, &how);
	(void)maker_do(m, maker_approve(m, key, asked_by_omar(m)));
	return m;
}

/* A revocation is rejected, another completes. */
static struct maker *
key_revoked(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_do(m, maker_key_revoke(m, MINA, LIN));

	(void)maker_do(m, maker_reject(m, PETR, n));
	(void)maker_agreed(m, maker_key_revoke(m, MINA, LIN));
	return m;
}

/* Lost from tree size 5 on: what it sealed from there is in doubt. */
static struct maker *
key_lost(void)
{
	struct cseal_revocation v = { .key = LIN,
		.reason = 3,
		.has_lost = true,
		.lost_since = MAKER_CLOCK,
		.lost_size = 5 };
	struct maker *m = maker_founded(1);
	struct maker_draft *d;

	(void)maker_asked(m);
	(void)maker_entered(m);
	(void)maker_do(m, maker_endorse(m, LIN));
	d = maker_key_revoke(m, MINA, LIN);
	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	d->st.u.request.detail = cseal_buf_slice(&d->detail);
	(void)maker_agreed(m, d);
	return m;
}

/* The same, and the approval that completes it has warnings of its own. */
static struct maker *
key_lost_clock(void)
{
	struct cseal_revocation v = { .key = LIN,
		.reason = 2,
		.has_lost = true,
		.lost_since = 0,
		.lost_size = 0 };
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_key_revoke(m, MINA, LIN);
	uint64_t n;

	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	d->st.u.request.detail = cseal_buf_slice(&d->detail);
	n = maker_do(m, d);
	d = maker_approve(m, PETR, n);
	d->st.clock = MAKER_CLOCK - 86400;
	(void)maker_do(m, d);
	return m;
}

static struct maker *
person_added(void)
{
	struct maker *m = maker_founded(1);
	size_t key;

	(void)maker_agreed(
	    m, maker_person_set(m, MINA, "zoe", "approver finance"));
	key = maker_key_new(m, "zoe");
	add_key(m, key, NULL);
	(void)maker_do(m, maker_approve(m, key, maker_asked(m)));
	return m;
}

static struct maker *
person_roles(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_agreed(m, maker_person_set(m, LIN, "omar", "approver"));
	(void)maker_do(m, maker_approve(m, OMAR, maker_asked(m)));
	return m;
}

static struct maker *
person_left(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);

	(void)maker_agreed(m, maker_person_leave(m, LIN, "omar"));
	(void)maker_do(m, maker_approve(m, PETR, n));
	return m;
}

static struct maker *
rules_set(void)
{
	struct maker *m = maker_founded(1);
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(
	    &text, NULL, "[change payout.iban]", "approvals", "2 approver");
	(void)maker_agreed(m, maker_policy_set(m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	(void)maker_approved(m);
	return m;
}

static struct maker *
log_key_set(void)
{
	static const uint8_t key[CSEAL_HASH_BYTES] = { 1, 2, 3 };
	struct maker *m = maker_founded(1);

	(void)maker_agreed(m, maker_log_set(m, MINA, key));
	(void)maker_agreed(m, maker_log_set(m, MINA, NULL));
	return m;
}

/* Two at once about one person: the second ends with the first. */
static struct maker *
authority_superseded(void)
{
	struct maker *m = maker_founded(1);
	uint64_t first =
	    maker_do(m, maker_person_set(m, MINA, "omar", "operator approver"));
	uint64_t third = maker_do(m, maker_log_set(m, LIN, NULL));

	(void)maker_agreed(m, maker_person_set(m, LIN, "omar", "finance"));
	(void)maker_do(m, maker_reject(m, PETR, third));
	assert_int_equal(
	    maker_change(m, first)->status, CSEAL_CHANGE_SUPERSEDED);
	return m;
}

static void
join_all(struct maker *m)
{
	for (size_t i = MINA; i <= OMAR; i++)
		(void)maker_do(m, maker_join(m, i));
}

/* A demonstration, its keys in software. */
static struct maker *
demonstration(void)
{
	struct maker *m = maker_usual(6);

	for (size_t i = LIN; i <= OMAR; i++) {
		memcpy(m->keys[i].aaguid, cseal_software_aaguid,
		    sizeof(m->keys[i].aaguid));
		maker_key_enrol(&m->keys[i], NULL);
	}
	m->demo = true;
	(void)maker_do(m, maker_genesis(m, LIN));
	join_all(m);
	(void)maker_entered(m);
	return m;
}

static struct maker *
predecessor(void)
{
	struct maker *m = maker_usual(7);
	struct maker_draft *d = maker_genesis(m, LIN);
	struct cseal_genesis *g = &d->st.u.genesis;

	g->has_predecessor = true;
	g->predecessor.head.size = 41;
	maker_draw(m, g->predecessor.ledger, CSEAL_HASH_BYTES);
	maker_draw(m, g->predecessor.head.root, CSEAL_HASH_BYTES);
	g->has_log_key = true;
	maker_draw(m, g->log_key, CSEAL_HASH_BYTES);
	(void)maker_do(m, d);
	join_all(m);
	return m;
}

/* Joins over the head of genesis alone, in any order. */
static struct maker *
joined_at_once(void)
{
	struct maker *m = maker_usual(8);
	struct maker_draft *d[3];

	(void)maker_do(m, maker_genesis(m, PETR));
	d[0] = maker_join(m, LIN);
	d[1] = maker_join(m, MINA);
	d[2] = maker_join(m, OMAR);
	for (size_t i = 3; i > 0; i--)
		(void)maker_do(m, d[i - 1]);
	return m;
}

#define DOUBT(n) "sealed-in-doubt warning " #n

const struct ledger_row ledgers_authority[] = {
	{ "key-added", "a second key, and what it seals", key_added, "none" },
	{ "key-es384", "a key of ES384", key_es384, "none" },
	{ "key-eddsa", "a key of EdDSA", key_eddsa, "none" },
	{ "algorithms", "founded with EdDSA, ES384 and ES256", algorithms,
	    "none" },
	{ "key-rp-id", "a key with an rp id of its own", key_rp_id, "none" },
	{ "key-without-attestation", "a key without attestation",
	    key_without_attestation, "none" },
	{ "key-revoked", "a revocation is rejected, another completes",
	    key_revoked, "none" },
	{ "authority-superseded",
	    "two changes of one person: the second ends the first",
	    authority_superseded, "none" },
	{ "key-lost",
	    "a key that was lost at tree size 5: what it sealed since is in "
	    "doubt",
	    key_lost, DOUBT(5) "; " DOUBT(7) "; " DOUBT(8) },
	{ "key-lost-clock",
	    "a warning of the approval that completes it, then those of the "
	    "key from genesis on",
	    key_lost_clock, "clock-behind warning 5; " DOUBT(0) },
	{ "desks", "keys with those of their desks, a monitor's too", desks,
	    "none" },
	{ "person-added", "a person comes, gets a key, approves", person_added,
	    "none" },
	{ "person-roles", "a person gets other roles", person_roles, "none" },
	{ "person-left", "a person leaves", person_left, "none" },
	{ "rules-set", "other rules", rules_set, "none" },
	{ "log-key-set", "a log key comes and goes", log_key_set, "none" },
	{ "demonstration", "software keys in a demonstration", demonstration,
	    "none" },
	{ "predecessor", "founded with a predecessor and a log key",
	    predecessor, "none" },
	{ "joined-at-once", "joins that had seen genesis alone", joined_at_once,
	    "none" },
	{ NULL, NULL, NULL, NULL },
};
