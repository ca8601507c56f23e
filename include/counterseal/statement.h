/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes that a key signs: one act by one person (docs/format.md 1 and 4).
 *
 * A statement in memory borrows: every slice points into bytes that the
 * caller keeps alive (the entry that was parsed, or a draft's own memory).
 * Lists alone are allocated; cseal_statement_free() gives them back.
 *
 * One encoder, one rule: cseal_statement_parse() accepts exactly what
 * cseal_statement_encode() writes.
 */

#ifndef COUNTERSEAL_STATEMENT_H
#define COUNTERSEAL_STATEMENT_H

#include "counterseal/buf.h"
#include "counterseal/err.h"
#include "counterseal/kind.h"
#include "counterseal/merkle.h"

#define CSEAL_FORMAT_VERSION 1
#define CSEAL_NONCE_BYTES    16
#define CSEAL_POLICY_MAX     32768 /* bytes of a policy's text */
#define CSEAL_PERSONS_MAX    256
#define CSEAL_ROLES_MAX	     16

/* Kinds of statement: first of the tables (docs/format.md section 4). */
enum cseal_statement_kind {
	CSEAL_GENESIS = 1,
	CSEAL_JOIN = 2,
	CSEAL_REQUEST = 3,
	CSEAL_APPROVE = 4,
	CSEAL_REJECT = 5,
	CSEAL_WITHDRAW = 6,
	CSEAL_APPLY = 7,
	CSEAL_OBSERVE = 8,
	CSEAL_FREEZE = 9,
	CSEAL_ERASE = 10,
	CSEAL_ENDORSE = 11,
	CSEAL_IGNORED_FROM = 128, /* sealed, counted, no effect on state */
};

/* One name or number of an enumeration of docs/format.md section 4. */
struct cseal_word {
	uint64_t value;
	const char *name; /* NULL ends the table */
};
CSEAL_API extern const struct cseal_word cseal_statement_kinds[];
CSEAL_API extern const struct cseal_word cseal_reject_reasons[];
CSEAL_API extern const struct cseal_word cseal_reasons[]; /* freeze, revoke */
CSEAL_API extern const struct cseal_word cseal_apply_outcomes[];
CSEAL_API extern const struct cseal_word cseal_observe_outcomes[];
CSEAL_API extern const struct cseal_word cseal_levels[];
CSEAL_API extern const struct cseal_word cseal_verdicts[];
/* The kinds by the names of their openings: "document", "call-back" ... */
CSEAL_API extern const struct cseal_word cseal_evidence_kinds[];
/* "call-back", "name", "source". */
CSEAL_API extern const struct cseal_word cseal_checks[];
/* "confirmed", "not_reached", "denied". */
CSEAL_API extern const struct cseal_word cseal_call_backs[];
/* "match", "close_match", "no_match", "not_possible". */
CSEAL_API extern const struct cseal_word cseal_name_checks[];
/* "back-office", "letter", "api". */
CSEAL_API extern const struct cseal_word cseal_sources[];

/* Name of a value; NULL if the table lacks it. */
CSEAL_API const char *cseal_word_name(const struct cseal_word *t, uint64_t v);
/* Value of a name into *v; false if the table lacks it. */
CSEAL_API bool cseal_word_find(
    const struct cseal_word *t, const char *name, uint64_t *v);
/* The results of a check as words; NULL for an unknown one. */
CSEAL_API const struct cseal_word *cseal_check_results(uint64_t check);

enum cseal_apply_outcome {
	CSEAL_APPLY_ENTERED = 1,
	CSEAL_APPLY_REFUSED = 2,
	CSEAL_APPLY_DIFFERS = 3,
};

enum cseal_observe_outcome {
	CSEAL_OBSERVE_MATCH = 1,
	CSEAL_OBSERVE_MISMATCH = 2, /* in force, not yet confirmed */
	CSEAL_OBSERVE_DRIFT = 3,
};

/* How much of it a console showed (docs/observe.md). */
enum cseal_level {
	CSEAL_LEVEL_NONE = 0,
	CSEAL_LEVEL_TAIL = 1,
	CSEAL_LEVEL_TAIL_NAME_COUNTRY = 2,
	CSEAL_LEVEL_FULL = 3,
	CSEAL_LEVEL_FUNDS = 4,
};

enum cseal_reason {
	CSEAL_REASON_DRIFT = 1,
};

enum cseal_verdict_level {
	CSEAL_VERDICT_SOFTWARE = 0,
	CSEAL_VERDICT_NONE = 1,
	CSEAL_VERDICT_SELF = 2,
	CSEAL_VERDICT_UNKNOWN_ROOT = 3,
	CSEAL_VERDICT_TRUSTED = 4,
	CSEAL_VERDICT_LISTED = 5,
};

/* A FIDO2 assertion over one statement (docs/format.md section 2). */
struct cseal_seal {
	struct cseal_slice auth_data;	/* authenticatorData */
	struct cseal_slice client_data; /* clientDataJSON */
	struct cseal_slice signature;	/* DER for ECDSA */
};

struct cseal_person {
	struct cseal_slice handle;
	struct cseal_slice *roles;
	size_t n_roles;
};

struct cseal_verdict {
	uint64_t level; /* enum cseal_verdict_level */
	bool has_roots;
	uint8_t roots[CSEAL_HASH_BYTES];
	bool has_metadata;
	uint8_t metadata[CSEAL_HASH_BYTES];
	uint64_t evaluated; /* Unix seconds */
};

struct cseal_key {
	struct cseal_slice handle;
	struct cseal_slice attestation; /* attestationObject */
	struct cseal_slice client_data; /* of the enrolment */
	struct cseal_seal possession;
	struct cseal_verdict verdict;
	bool has_rp_id;
	struct cseal_slice rp_id; /* absent: the ledger's */
	uint8_t nonce[CSEAL_NONCE_BYTES];
	bool monitor;
	bool has_desk;
	uint8_t desk[CSEAL_DESK_KEY_BYTES]; /* of the enrolling desk */
};

struct cseal_policy_text {
	uint64_t language; /* version of the policy language: 1 */
	struct cseal_slice text;
};

struct cseal_predecessor {
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_head head;
};

struct cseal_genesis {
	struct cseal_slice org;
	struct cseal_slice rp_id;
	struct cseal_person *persons;
	size_t n_persons;
	struct cseal_key *keys;
	size_t n_keys;
	struct cseal_policy_text policy;
	bool has_log_key;
	uint8_t log_key[CSEAL_HASH_BYTES]; /* Ed25519 public key */
	bool demo;
	uint8_t nonce[CSEAL_NONCE_BYTES];
	bool has_predecessor;
	struct cseal_predecessor predecessor;
};

struct cseal_join {
	uint8_t genesis[CSEAL_HASH_BYTES]; /* leaf of entry 0 */
};

/* A named commitment of a request or an observation. */
struct cseal_commitment {
	struct cseal_slice name;
	uint8_t hash[CSEAL_HASH_BYTES];
};

/*
 * What a request or an approval rests on. Its opening has the name of the
 * kind, and a number behind it from the second of the kind on ("document-2").
 */
enum cseal_evidence_kind {
	CSEAL_EVIDENCE_REASON = 1,     /* "reason": the text */
	CSEAL_EVIDENCE_DOCUMENT = 2,   /* "document": SHA-256, name of a file */
	CSEAL_EVIDENCE_SCREENSHOT = 3, /* "screenshot": the same */
	CSEAL_EVIDENCE_CALL_BACK = 4,  /* "call-back": the number called */
	CSEAL_EVIDENCE_OTHER = 5,      /* "other": as of a document */
};
#define CSEAL_EVIDENCE_KINDS 6 /* with 0, which is none */
#define CSEAL_EVIDENCE_MAX   8 /* of one statement */

struct cseal_evidence {
	uint64_t kind; /* enum cseal_evidence_kind */
	uint8_t hash[CSEAL_HASH_BYTES];
};

/* What a signer says that he checked, and what he found. */
enum cseal_check_kind {
	CSEAL_CHECK_CALL_BACK = 1, /* called the number on file */
	CSEAL_CHECK_NAME = 2,	   /* the bank's answer to the holder's name */
	CSEAL_CHECK_SOURCE = 3,	   /* where the values were read */
};
#define CSEAL_CHECKS_MAX 3 /* of one statement: each once */

enum cseal_call_back {
	CSEAL_CALL_CONFIRMED = 1,
	CSEAL_CALL_NOT_REACHED = 2,
	CSEAL_CALL_DENIED = 3,
};
enum cseal_name_check {
	CSEAL_NAME_MATCH = 1,
	CSEAL_NAME_CLOSE = 2,
	CSEAL_NAME_NONE = 3,
	CSEAL_NAME_NOT_POSSIBLE = 4,
};

struct cseal_check {
	uint64_t check;	 /* enum cseal_check_kind */
	uint64_t result; /* by check */
};

struct cseal_request {
	struct cseal_slice change_kind;
	uint64_t op;
	struct cseal_slice store;
	struct cseal_slice slot;
	struct cseal_commitment *fields; /* sorted by encoded name */
	size_t n_fields;
	bool has_before;
	uint8_t before[CSEAL_HASH_BYTES];
	uint64_t not_after;
	struct cseal_slice facts; /* encoded map, see cseal_facts_parse() */
	bool has_detail;
	struct cseal_slice detail; /* encoded item, by change kind */
	bool has_evidence;
	struct cseal_evidence *evidence;
	size_t n_evidence;
	bool has_checks;
	struct cseal_check *checks;
	size_t n_checks;
};

/* [template, language, utc-offset-minutes, commitment] of the text shown. */
struct cseal_shown {
	uint64_t template_number;
	struct cseal_slice language;
	int64_t utc_offset; /* minutes */
	uint8_t hash[CSEAL_HASH_BYTES];
};

/* approve, reject, withdraw and apply all name their change first. */
struct cseal_act {
	uint64_t index;
	uint8_t leaf[CSEAL_HASH_BYTES]; /* of the request */
	/* approve */
	struct cseal_slice *reentered;
	size_t n_reentered;
	struct cseal_shown shown; /* approve, apply */
	struct cseal_slice facts; /* approve */
	bool has_checks;	  /* approve */
	struct cseal_check *checks;
	size_t n_checks;
	bool has_evidence; /* approve */
	struct cseal_evidence *evidence;
	size_t n_evidence;
	/* reject */
	uint64_t reason;
	/* apply */
	uint64_t outcome;
	uint64_t level;
	bool has_time_token;
	struct cseal_slice time_token;
};

struct cseal_observe {
	struct cseal_slice store;
	struct cseal_slice slot;
	uint64_t outcome;
	uint64_t level;
	struct cseal_commitment *fields;
	size_t n_fields;
	struct cseal_slice source;
};

struct cseal_freeze {
	bool has_store;
	struct cseal_slice store;
	bool has_key;
	uint64_t key;
	uint64_t reason;
};

struct cseal_erase {
	uint64_t index;
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_slice *names;
	size_t n_names;
};

struct cseal_statement {
	uint64_t version;
	uint64_t kind;
	bool has_ledger; /* false in genesis alone */
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_head seen;
	uint8_t authority[CSEAL_HASH_BYTES]; /* A at the seen head */
	bool has_thread;
	uint8_t thread[CSEAL_HASH_BYTES]; /* T at the seen head */
	uint64_t key;			  /* number of the signer's key */
	uint64_t clock;			  /* Unix seconds: a claim */
	struct cseal_slice payload;	  /* encoded; set by parse alone */
	union {
		struct cseal_genesis genesis;
		struct cseal_join join;
		struct cseal_request request;
		struct cseal_act act;
		struct cseal_observe observe;
		struct cseal_freeze freeze;
		struct cseal_erase erase;
		struct cseal_head endorse;
		struct cseal_slice ignored; /* kinds from 128 on */
	} u;
};

/*
 * Parses exactly one statement. On success `out` borrows from `bytes`.
 * CSEAL_ERR_FORMAT (err names the member), CSEAL_ERR_NEWER for an unknown
 * version, kind, key or enumerated value, CSEAL_ERR_TOO_LARGE.
 */
CSEAL_API int cseal_statement_parse(struct cseal_statement *out,
    struct cseal_slice bytes, struct cseal_error *err);

/* Appends the bytes. CSEAL_ERR_FORMAT if a member is out of its range. */
CSEAL_API int cseal_statement_encode(
    struct cseal_buf *b, const struct cseal_statement *s);

/* Frees the lists, not what the slices point to. NULL is fine. */
CSEAL_API void cseal_statement_free(struct cseal_statement *s);

/* Facts of a request or an approval, from and to their encoded map. */
CSEAL_API int cseal_facts_parse(
    struct cseal_facts *out, struct cseal_slice bytes);
CSEAL_API int cseal_facts_encode(
    struct cseal_buf *b, const struct cseal_facts *f);

/* The detail of key.revoke: [number, reason, [lost-since, size] / null]. */
struct cseal_revocation {
	uint64_t key;
	uint64_t reason;
	bool has_lost;
	uint64_t lost_since; /* Unix seconds */
	uint64_t lost_size;  /* tree size attested then */
};
CSEAL_API int cseal_revocation_parse(
    struct cseal_revocation *out, struct cseal_slice bytes);
CSEAL_API int cseal_revocation_encode(
    struct cseal_buf *b, const struct cseal_revocation *v);

/* The opening of a display name that person.set commits to. */
#define CSEAL_DISPLAY_NAME	 "name"
#define CSEAL_DISPLAY_NAME_BYTES 120 /* at most */

/* The detail of key.add, and a key of genesis. Borrows; nothing to free. */
CSEAL_API int cseal_key_parse(struct cseal_key *out, struct cseal_slice bytes);
CSEAL_API int cseal_key_encode(struct cseal_buf *b, const struct cseal_key *k);

/* entry = [ statement, auth-data, client-data, signature ], each a bstr. */
struct cseal_entry {
	struct cseal_slice statement;
	struct cseal_seal seal;
};
CSEAL_API int cseal_entry_parse(
    struct cseal_entry *out, struct cseal_slice bytes);
CSEAL_API int cseal_entry_encode(
    struct cseal_buf *b, const struct cseal_entry *e);

#endif
