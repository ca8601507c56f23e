/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key offer: what `key offer` makes on a person's own desk, and what `init`
 * and `key add` take. It carries the attestation of a new credential and that
 * credential's own seal, as proof that it can sign (docs/format.md 4).
 */

#ifndef COUNTERSEAL_OFFER_H
#define COUNTERSEAL_OFFER_H

#include "counterseal/seal.h"

#define CSEAL_AAGUID_BYTES   16
#define CSEAL_CREDENTIAL_MAX 1023 /* bytes of a credential id */

/* The AAGUID by which the software key of firmware-host says what it is. */
CSEAL_API extern const uint8_t cseal_software_aaguid[CSEAL_AAGUID_BYTES];

#define CSEAL_OFFER_MAX 32768 /* bytes of an offer file */

/* What is being made: first the enrolment, then the possession proof. */
struct cseal_offer_plan {
	char handle[33];
	struct cseal_buf org; /* UTF-8; empty if for an existing ledger */
	bool has_ledger;
	uint8_t ledger[CSEAL_HASH_BYTES];
	char rp_id[254];
	bool rp_id_is_ledgers; /* key field 6 is then left out */
	uint8_t nonce[CSEAL_NONCE_BYTES];
	bool has_desk; /* key field 9 */
	uint8_t desk[CSEAL_DESK_KEY_BYTES];
	bool monitor; /* key field 8; false unless set after the plan */
};

/*
 * A plan for a person's new key. Exactly one of `org` and `ledger` is given.
 * A NULL rp_id takes a random name under counterseal.invalid (with `ledger`:
 * `ledger_rp_id`). `desk` is the public key of the desk on which it is made
 * (counterseal/desk_key.h), or NULL. CSEAL_ERR_INPUT names the bad handle, org
 * or rp id; after an error there is nothing to free.
 */
CSEAL_API int cseal_offer_plan(struct cseal_offer_plan *out, const char *handle,
    const char *org, const uint8_t *ledger, const char *ledger_rp_id,
    const char *rp_id, const uint8_t *desk, struct cseal_error *err);
CSEAL_API void cseal_offer_plan_free(struct cseal_offer_plan *p);

/* clientDataJSON for authenticatorMakeCredential, appended. */
CSEAL_API int cseal_offer_enrol_data(
    const struct cseal_offer_plan *p, struct cseal_buf *client_data);

/* clientDataJSON for the possession proof over the new key, appended. */
CSEAL_API int cseal_offer_possess_data(const struct cseal_offer_plan *p,
    struct cseal_slice attestation, struct cseal_buf *client_data);

/* A parsed offer; slices point into `bytes`, which it owns. */
struct cseal_offer {
	struct cseal_buf bytes;
	struct cseal_slice org;
	bool has_ledger;
	uint8_t ledger[CSEAL_HASH_BYTES];
	char rp_id[254];
	struct cseal_key key;
};

/* The offer's file bytes, appended. Verdict and proofs are checked first. */
CSEAL_API int cseal_offer_encode(const struct cseal_offer_plan *p,
    struct cseal_slice attestation, struct cseal_slice auth_data,
    struct cseal_slice signature, uint64_t now, struct cseal_buf *out,
    struct cseal_error *err);

/*
 * Parses and checks an offer: enrolment challenge, attestation's signature
 * where it is self-attested, possession proof, rp id, flags, algorithm.
 * `bytes` is taken over (emptied) on success.
 */
CSEAL_API int cseal_offer_parse(
    struct cseal_offer *out, struct cseal_buf *bytes, struct cseal_error *err);
CSEAL_API void cseal_offer_free(struct cseal_offer *o);

/* The credential of a key record, read from its attestationObject. */
struct cseal_credential {
	struct cseal_slice format;    /* "packed", "none" ... */
	struct cseal_slice statement; /* attStmt, encoded */
	struct cseal_slice auth_data;
	uint8_t aaguid[16];
	struct cseal_slice id;
	struct cseal_slice cose; /* COSE_Key, encoded */
};
CSEAL_API int cseal_credential_parse(
    struct cseal_credential *out, struct cseal_slice attestation);

/*
 * Checks a key record as the fold does: enrolment for `org` (or, if NULL,
 * `ledger`), rp id hash, UP and UV, AT, the possession proof. The public key
 * into *pubkey (owned by the caller). CSEAL_ERR_REFUSED with the reason.
 */
CSEAL_API int cseal_key_check(const struct cseal_key *k,
    const struct cseal_slice *org, const uint8_t *ledger,
    struct cseal_slice rp_id, struct cseal_credential *cred,
    struct cseal_pubkey **pubkey, struct cseal_error *err);

/*
 * The level of an attestation by itself, without anybody's roots: at most
 * unknown root. See counterseal/attestation.h.
 */
CSEAL_API int cseal_key_verdict(
    const struct cseal_key *k, uint64_t *level, struct cseal_error *err);

#endif
