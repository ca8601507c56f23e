/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of keys that come and go. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_within.h"

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV
#define AT CSEAL_FLAG_AT

/* A new key of Lin's, enrolled in some way, that Mina asks to add. */
static void
add(struct maker_broken *b, size_t key, const struct maker_enrolment *how)
{
	struct maker_enrolment ours = *how;

	if (ours.org == NULL && ours.ledger == NULL)
		ours.ledger = b->m->state->id;
	maker_key_enrol(&b->m->keys[key], &ours);
	b->d = maker_key_add(b->m, MINA, key);
}

static size_t
new_key(struct maker_broken *b)
{
	return maker_key_new(maker_broken_base(b), "lin");
}

static void
unknown_person(struct maker_broken *b)
{
	size_t key = maker_key_new(maker_broken_base(b), "nobody");

	b->d = maker_key_add(b->m, MINA, key);
}

static void
person_who_left(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_person_leave(m, MINA, "lin"));
	b->d = maker_key_add(m, MINA, maker_key_new(m, "lin"));
}

static void
for_genesis(struct maker_broken *b)
{
	const struct maker_enrolment how = { .org = MAKER_ORG };

	add(b, new_key(b), &how);
}

static void
for_another_ledger(struct maker_broken *b)
{
	uint8_t id[CSEAL_HASH_BYTES] = { 1 };
	const struct maker_enrolment how = { .ledger = id,
		.ledger_rp_id = true };

	add(b, new_key(b), &how);
}

static void
for_another_person(struct maker_broken *b)
{
	const struct maker_enrolment how = { .handle = "petr" };

	add(b, new_key(b), &how);
}

static void
enrolled_without_touch(struct maker_broken *b)
{
	const struct maker_enrolment how = { .flags = UV | AT };

	add(b, new_key(b), &how);
}

static void
enrolled_without_pin(struct maker_broken *b)
{
	const struct maker_enrolment how = { .flags = UP | AT };

	add(b, new_key(b), &how);
}

static void
no_credential(struct maker_broken *b)
{
	const struct maker_enrolment how = { .flags = UP | UV };

	add(b, new_key(b), &how);
}

static void
possessed_without_touch(struct maker_broken *b)
{
	const struct maker_enrolment how = { .possession_flags = UV };

	add(b, new_key(b), &how);
}

/* The record as it is, but for its proof of possession. */
static void
possession_of_another(struct maker_broken *b)
{
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	k->record.possession.signature =
	    b->m->keys[PETR].record.possession.signature;
	b->d = maker_key_add(b->m, MINA, key);
}

static void
other_rp_id(struct maker_broken *b)
{
	size_t key = new_key(b);

	b->m->keys[key].record.has_rp_id = true;
	b->m->keys[key].record.rp_id = maker_slice("example.com");
	b->d = maker_key_add(b->m, MINA, key);
}

static void
bad_rp_id(struct maker_broken *b)
{
	size_t key = new_key(b);

	b->m->keys[key].record.has_rp_id = true;
	b->m->keys[key].record.rp_id = maker_slice("EXAMPLE.com");
	b->d = maker_key_add(b->m, MINA, key);
}

static void
off_the_curve(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);

	b->m->keys[key].point[64] ^= 1;
	add(b, key, &how);
}

static void
possession_made_monitor(struct maker_broken *b)
{
	size_t key = new_key(b);

	b->m->keys[key].record.monitor = true; /* the proof says otherwise */
	b->d = maker_key_add(b->m, MINA, key);
}

/* Its desk's key begins with that, and one bit of it is turned or none. */
static void
add_with_desk(struct maker_broken *b, uint8_t first, uint8_t turned)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	maker_key_desk(k, b->m->seed, key);
	if (first == 0x06) /* the parity of y goes with it */
		first |= k->desk[64] & 1;
	k->desk[0] = first;
	k->desk[64] ^= turned;
	add(b, key, &how);
}

static void
desk_off_the_curve(struct maker_broken *b)
{
	add_with_desk(b, 0x04, 1);
}

static void
desk_compressed(struct maker_broken *b)
{
	add_with_desk(b, 0x02, 0);
}

/* Another way to write the same point, which X9.62 allows. */
static void
desk_hybrid(struct maker_broken *b)
{
	add_with_desk(b, 0x06, 0);
}

static void
desk_added_later(struct maker_broken *b)
{
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	maker_key_desk(k, b->m->seed, key);
	k->record.has_desk = true; /* the proof knows nothing of it */
	memcpy(k->record.desk, k->desk, sizeof(k->desk));
	b->d = maker_key_add(b->m, MINA, key);
}

static void
desk_exchanged(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	maker_key_desk(k, b->m->seed, key);
	add(b, key, &how);
	maker_draft_free(b->d);
	maker_key_desk(k, b->m->seed, key + 1);
	memcpy(k->record.desk, k->desk, sizeof(k->desk));
	b->d = maker_key_add(b->m, MINA, key);
}

static void
software_called_hardware(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	memcpy(k->aaguid, cseal_software_aaguid, sizeof(k->aaguid));
	add(b, key, &how);
	maker_draft_free(b->d);
	k->record.verdict.level = CSEAL_VERDICT_LISTED;
	b->d = maker_key_add(b->m, MINA, key);
}

static void
software(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);
	struct maker_key *k = &b->m->keys[key];

	memcpy(k->aaguid, cseal_software_aaguid, sizeof(k->aaguid));
	add(b, key, &how);
}

static void
attestation_wanted(struct maker_broken *b)
{
	struct cseal_buf text;
	size_t key;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, "[ledger]", "attestation", "trusted");
	maker_broken_base(b);
	(void)maker_agreed(
	    b->m, maker_policy_set(b->m, MINA, cseal_buf_str(&text)));
	cseal_buf_free(&text);
	key = maker_key_new(b->m, "lin");
	b->d = maker_key_add(b->m, MINA, key);
}

static void
synced(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true,
		.flags = UP | UV | AT | CSEAL_FLAG_BE };

	add(b, new_key(b), &how);
}

static void
same_key(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);

	memcpy(b->m->keys[key].secret, b->m->keys[LIN].secret, 32);
	memcpy(b->m->keys[key].point, b->m->keys[LIN].point, 65);
	add(b, key, &how);
}

static void
same_credential(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);

	memcpy(b->m->keys[key].id, b->m->keys[LIN].id, 32);
	add(b, key, &how);
}

static void
same_nonce(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	size_t key = new_key(b);

	memcpy(b->m->keys[key].nonce, b->m->keys[LIN].nonce, CSEAL_NONCE_BYTES);
	add(b, key, &how);
}

/* A key that was revoked does not come back under another nonce. */
static void
revoked_key_again(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger_rp_id = true };
	struct maker *m = maker_broken_base(b);
	size_t key;

	(void)maker_agreed(m, maker_key_revoke(m, MINA, LIN));
	key = maker_key_new(m, "lin");
	memcpy(m->keys[key].secret, m->keys[LIN].secret, 32);
	memcpy(m->keys[key].point, m->keys[LIN].point, 65);
	add(b, key, &how);
}

/* One key for two persons: whoever comes second finds it taken. */
static void
same_key_completed(struct maker_broken *b)
{
	const struct maker_enrolment how = { .ledger = NULL,
		.ledger_rp_id = true };
	size_t first = new_key(b), second;
	uint64_t n;

	second = maker_key_new(b->m, "omar");
	memcpy(b->m->keys[second].secret, b->m->keys[first].secret, 32);
	memcpy(b->m->keys[second].point, b->m->keys[first].point, 65);
	add(b, second, &how);
	n = maker_do(b->m, b->d);
	(void)maker_agreed(b->m, maker_key_add(b->m, MINA, first));
	b->d = maker_approve(b->m, PETR, n);
}

static void
revoke_unknown(struct maker_broken *b)
{
	b->d = maker_key_revoke(maker_broken_base(b), MINA, 99);
}

static void
revoke_twice(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_key_revoke(m, MINA, LIN));
	b->d = maker_key_revoke(m, MINA, LIN);
}

#define ALL MAKER_REFUSED

const struct maker_break maker_breaks_key[] = {
	{ RULE_KEY_PERSON, ALL, "of nobody", unknown_person },
	{ RULE_KEY_PERSON, ALL, "of one who left", person_who_left },
	{ RULE_KEY_PROOF, ALL, "enrolled for genesis", for_genesis },
	{ RULE_KEY_PROOF, ALL, "for another ledger", for_another_ledger },
	{ RULE_KEY_PROOF, ALL, "for another person", for_another_person },
	{ RULE_KEY_PROOF, ALL, "enrolled without touch",
	    enrolled_without_touch },
	{ RULE_KEY_PROOF, ALL, "enrolled without PIN", enrolled_without_pin },
	{ RULE_KEY_PROOF, ALL, "no credential", no_credential },
	{ RULE_KEY_PROOF, ALL, "possession without touch",
	    possessed_without_touch },
	{ RULE_KEY_PROOF, ALL, "possession of another", possession_of_another },
	{ RULE_KEY_PROOF, ALL, "another rp id", other_rp_id },
	{ RULE_KEY_PROOF, ALL, "an rp id that is none", bad_rp_id },
	{ RULE_KEY_PROOF, ALL, "off the curve", off_the_curve },
	{ RULE_KEY_PROOF, ALL, "called a monitor later",
	    possession_made_monitor },
	{ RULE_KEY_PROOF, ALL, "desk off the curve", desk_off_the_curve },
	{ RULE_KEY_PROOF, ALL, "desk with the first byte 2", desk_compressed },
	{ RULE_KEY_PROOF, ALL, "desk with its parity", desk_hybrid },
	{ RULE_KEY_PROOF, ALL, "desk added behind the proof",
	    desk_added_later },
	{ RULE_KEY_PROOF, ALL, "desk exchanged for another", desk_exchanged },
	{ RULE_KEY_PROOF, ALL, "software called hardware",
	    software_called_hardware },
	{ RULE_KEY_SOFTWARE, ALL, "not a demonstration", software },
	{ RULE_KEY_ATTESTATION, ALL, "trusted wanted", attestation_wanted },
	{ RULE_SEAL_SYNCED, ALL, "a synced credential", synced },
	{ RULE_KEY_TWICE, ALL, "public key", same_key },
	{ RULE_KEY_TWICE, ALL, "credential", same_credential },
	{ RULE_KEY_TWICE, ALL, "revoked before", revoked_key_again },
	{ RULE_KEY_TWICE, ALL, "added meanwhile", same_key_completed },
	{ RULE_KEY_NONCE, ALL, "nonce", same_nonce },
	{ RULE_KEY_GONE, ALL, "key 99", revoke_unknown },
	{ RULE_KEY_GONE, ALL, "revoked before", revoke_twice },
	{ RULE_OK, ALL, NULL, NULL },
};
