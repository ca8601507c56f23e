/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ledgers for tests, without any token: persons with P-256 keys, enrolments,
 * statements in the right state, seals, entries. Everything follows from the
 * seed: the same calls give the same bytes.
 *
 *	struct maker *m = maker_founded(1);
 *	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
 *	struct maker_draft *d = maker_approve(m, MINA, n);
 *	d->st.clock = 0;	(whatever is to be wrong)
 *	assert_int_equal(maker_add(m, d), RULE_...);
 *
 * A draft is made for the head of the moment; made before others are added,
 * it is an act of somebody who had not seen them. It is sealed when it is
 * added, over whatever stands in it by then, with its own key.
 */

#ifndef TESTS_UNIT_MAKER_H
#define TESTS_UNIT_MAKER_H

#include "counterseal/desk.h"
#include "fold.h"

#define MAKER_ORG   "Example Trading GmbH"
#define MAKER_RP_ID "k3x9w2b7.counterseal.invalid"
#define MAKER_CLOCK 1795000000 /* 2026-11-18, and a minute more each draft */
#define MAKER_KEYS  16
#define MAKER_STORE "shop-de"
#define MAKER_NEW   UINT64_MAX /* number of a key that is not in the ledger */

/* The keys of maker_founded(), and their persons. */
enum maker_who {
	LIN,  /* admin, approver, operator */
	MINA, /* the same */
	PETR, /* the same */
	OMAR, /* operator alone */
	MAKER_PERSONS,
};

/* ---- keys ---- */

struct maker_key {
	char handle[33];
	char rp_id[254];
	int alg;	    /* COSE: ES256, or see maker_key_alg() */
	uint8_t secret[48]; /* the private scalar, or Ed25519's seed */
	uint8_t point[97];  /* X9.62 uncompressed, or Ed25519's 32 bytes */
	uint8_t aaguid[16];
	uint8_t id[32]; /* of the credential */
	uint8_t nonce[CSEAL_NONCE_BYTES];
	uint32_t counter; /* rises with every draft */
	uint8_t flags;	  /* of its seals: UP and UV */
	bool monitor;
	bool has_desk; /* of its desk; see maker_key_desk() */
	uint8_t desk[CSEAL_DESK_KEY_BYTES];
	/* Of the last enrolment; `record` borrows from them. */
	struct cseal_buf attestation, client_data;
	struct cseal_buf auth_data, possession, signature;
	struct cseal_key record;
};

/*
 * What an enrolment is made of; NULL or 0 takes what is usual. For tests of
 * keys that must be refused.
 */
struct maker_enrolment {
	const uint8_t *ledger; /* NULL: for MAKER_ORG, before genesis */
	const char *org;
	const char *handle;	  /* of the challenge */
	const char *format;	  /* "packed" (self), "none" */
	uint8_t flags;		  /* of the attestation: AT, UP, UV */
	uint8_t possession_flags; /* UP, UV */
	bool ledger_rp_id;	  /* key field 6 is left out */
	/* Appends attStmt, of the format above; NULL: the key makes it. */
	void (*statement)(void *ctx, const struct maker_key *k,
	    struct cseal_slice auth_data, struct cseal_buf *out);
	void *ctx;
};

/* A key of that person, its secrets drawn from the seed and `number`. */
void maker_key_init(
    struct maker_key *k, uint64_t seed, uint64_t number, const char *handle);
void maker_key_free(struct maker_key *k);
/* Another key in its place, of a COSE algorithm; enrol it again. */
void maker_key_alg(
    struct maker_key *k, uint64_t seed, uint64_t number, int alg);

/* A desk's key, from the seed, for the next enrolment. */
void maker_key_desk(struct maker_key *k, uint64_t seed, uint64_t number);

/* Makes k->record, with its proofs. NULL: the usual enrolment for genesis. */
void maker_key_enrol(struct maker_key *k, const struct maker_enrolment *how);

/* COSE_Key of the public key, appended. */
void maker_key_cose(const struct maker_key *k, struct cseal_buf *out);

/* A signature that the key and the message determine, appended. */
void maker_key_sign(const struct maker_key *k, struct cseal_slice message,
    struct cseal_buf *out);

/* authenticatorData without extensions, appended. */
void maker_auth_data(
    const char *rp_id, uint8_t flags, uint32_t counter, struct cseal_buf *out);

/* The signature over authenticatorData and SHA-256(clientDataJSON). */
void maker_key_seal(const struct maker_key *k, struct cseal_slice auth_data,
    struct cseal_slice client_data, struct cseal_buf *signature);

/* ---- a ledger in the making ---- */

struct maker_person {
	const char *handle;
	const char *roles; /* "admin approver" */
	unsigned n_keys;   /* in genesis */
};

struct maker_entry {
	struct cseal_buf bytes;
	struct cseal_opening openings[CSEAL_KIND_FIELDS_MAX];
	size_t n_openings;
};

struct maker {
	uint64_t seed;
	uint64_t drawn; /* pieces of randomness so far */
	uint64_t clock;
	const struct maker_person *persons;
	size_t n_persons;
	struct maker_key keys[MAKER_KEYS]; /* genesis's first, in its order */
	size_t n_keys;
	struct cseal_buf policy;
	bool demo;
	struct cseal_state *state;
	struct vec entries; /* struct maker_entry */
	/* What maker_judge() said last. */
	struct fold_notes notes;
	char detail[FOLD_DETAIL_BYTES];
};

/* Keys that are enrolled for genesis, and no entry yet. */
struct maker *maker_new(
    uint64_t seed, const struct maker_person *persons, size_t n);
void maker_free(struct maker *m);

/* Lin, Mina, Petr and Omar; genesis and every join are in place. */
struct maker *maker_founded(uint64_t seed);

/* The same under other rules; and before genesis. */
struct maker *maker_founded_under(uint64_t seed, const char *policy);
struct maker *maker_usual(uint64_t seed);

/* The same with other persons, and rules (NULL: the fixed ones). */
struct maker *maker_founded_by(uint64_t seed,
    const struct maker_person *persons, size_t n, const char *policy);

/* A further key of a person, enrolled for this ledger; its place in keys. */
size_t maker_key_new(struct maker *m, const char *handle);

/* Bytes that follow from the seed and the calls before. */
void maker_draw(struct maker *m, uint8_t *out, size_t n);

/*
 * The fixed rules with the first line that begins with `key` behind the
 * section replaced ("[change payout.iban]", "approvals", "2 approver"),
 * appended. The value NULL takes the whole section away.
 */
void maker_policy(struct cseal_buf *out, const char *text, const char *section,
    const char *key, const char *value);

/* ---- drafts ---- */

struct maker_draft {
	struct cseal_statement st; /* alter what is to be wrong */
	struct maker_key *key;
	/* The seal. */
	uint8_t flags;
	uint32_t counter;
	char rp_id[254];
	const char *ns;		      /* namespace */
	struct cseal_buf raw;	      /* if not empty: sealed instead of `st` */
	struct cseal_buf auth_data;   /* if not empty: instead of the usual */
	struct cseal_buf client_data; /* the same */
	struct cseal_buf signature;   /* the same */
	/* What `st` borrows. */
	char store[33];
	char slot[65];
	struct cseal_commitment fields[CSEAL_KIND_FIELDS_MAX];
	struct cseal_evidence evidence[4];
	struct cseal_check checks[3];
	struct cseal_slice names[CSEAL_KIND_FIELDS_MAX];
	struct cseal_buf facts;
	struct cseal_buf detail;
	struct cseal_person persons[MAKER_KEYS];
	struct cseal_slice roles[MAKER_KEYS][CSEAL_ROLES_MAX];
	struct cseal_key keys[MAKER_KEYS];
	struct cseal_opening openings[CSEAL_KIND_FIELDS_MAX];
	size_t n_openings;
};

/* The header alone: head, A and clock of the moment. */
struct maker_draft *maker_draft(
    struct maker *m, size_t key, enum cseal_statement_kind kind);
void maker_draft_free(struct maker_draft *d);

struct maker_draft *maker_genesis(struct maker *m, size_t key);
struct maker_draft *maker_join(struct maker *m, size_t key);

/* Facts of a request, whatever its values are. */
void maker_facts(struct maker_draft *d, const struct cseal_facts *facts);
/* payout.iban at MAKER_STORE for another account each time; slot NULL. */
struct maker_draft *maker_request(
    struct maker *m, size_t key, const char *slot);
/* contact.login_email at MAKER_STORE. */
struct maker_draft *maker_request_email(struct maker *m, size_t key);
/*
 * The same account as in the request at `index`, at a store; whether fact 11
 * is stated.
 */
struct maker_draft *maker_request_again(struct maker *m, size_t key,
    const char *store, uint64_t index, bool stated);
/* Takes the values of a request away: op remove. */
void maker_request_remove(struct maker_draft *d);

/*
 * Changes of authority: a maker key comes, key number `number` goes, a person
 * gets other roles or leaves, other rules, another log key (NULL: none), the
 * end of the freeze that entry `freeze` is.
 */
struct maker_draft *maker_key_add(struct maker *m, size_t key, size_t added);
struct maker_draft *maker_key_revoke(
    struct maker *m, size_t key, uint64_t number);
struct maker_draft *maker_person_set(
    struct maker *m, size_t key, const char *handle, const char *roles);
struct maker_draft *maker_person_leave(
    struct maker *m, size_t key, const char *handle);
struct maker_draft *maker_policy_set(
    struct maker *m, size_t key, const char *text);
struct maker_draft *maker_log_set(
    struct maker *m, size_t key, const uint8_t *log_key);
struct maker_draft *maker_lift(struct maker *m, size_t key, uint64_t freeze);

/* Acts about the change asked for at index `change`. */
struct maker_draft *maker_approve(struct maker *m, size_t key, uint64_t change);
struct maker_draft *maker_reject(struct maker *m, size_t key, uint64_t change);
struct maker_draft *maker_withdraw(
    struct maker *m, size_t key, uint64_t change);
struct maker_draft *maker_apply(
    struct maker *m, size_t key, uint64_t change, uint64_t outcome);

/*
 * What a request or an approval rests on, added to the draft: evidence of a
 * kind with a commitment that nothing opens, a check and its result.
 */
void maker_evidence(struct maker *m, struct maker_draft *d, uint64_t kind);
void maker_check(struct maker_draft *d, uint64_t check, uint64_t result);

struct maker_draft *maker_erase(
    struct maker *m, size_t key, uint64_t change, const char *name);

/* At MAKER_STORE; a freeze of store NULL is of all stores. */
struct maker_draft *maker_observe(
    struct maker *m, size_t key, const char *slot, uint64_t outcome);
struct maker_draft *maker_freeze_store(
    struct maker *m, size_t key, const char *store);
struct maker_draft *maker_freeze_key(
    struct maker *m, size_t key, uint64_t number);

/* Of the head of the moment. */
struct maker_draft *maker_endorse(struct maker *m, size_t key);

/* A kind without effect. */
struct maker_draft *maker_reserved(struct maker *m, size_t key);

/* ---- from draft to ledger ---- */

/* Encodes and seals; the entry's bytes, appended. */
void maker_seal(struct maker_draft *d, struct cseal_buf *entry);

/*
 * Judges an entry for the next index: rules and signature. With `accept` an
 * entry that stands is taken into the state and the list. m->notes and
 * m->detail tell more.
 */
enum rule_id maker_judge(
    struct maker *m, struct cseal_slice entry, bool accept);

/* Seals, judges, accepts what stands; frees the draft. */
enum rule_id maker_add(struct maker *m, struct maker_draft *d);

/* The same for what must stand: the test fails if not. Index of the entry. */
uint64_t maker_do(struct maker *m, struct maker_draft *d);

/* Was that said of the last entry, as a warning or notice? */
bool maker_noted(const struct maker *m, enum rule_id rule);

/* Bytes of an entry, and the change asked for there. */
struct cseal_slice maker_bytes(const struct maker *m, uint64_t index);
const struct cseal_state_change *maker_change(
    const struct maker *m, uint64_t index);

/* All entries and openings into a new ledger at `path`. */
void maker_write(const struct maker *m, const char *path);

/* The seal of `k` for a desk's draft: what a token would answer. */
void maker_touch(struct maker_key *k, const struct cseal_draft *p,
    struct cseal_buf *auth_data, struct cseal_buf *signature);

#endif
