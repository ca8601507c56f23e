/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the key signs, and whether it did (docs/format.md section 2).
 *
 * blob = the SSHSIG to-be-signed bytes over the statement; it is the WebAuthn
 * challenge, so one touch verifies with ssh-keygen, fido2-assert, openssl and
 * any WebAuthn server library. The verifier rebuilds the bytes it expects and
 * compares; it never trusts a field of what it checks.
 */

#ifndef COUNTERSEAL_SEAL_H
#define COUNTERSEAL_SEAL_H

#include "counterseal/statement.h"

/* Namespaces of the SSHSIG blob. */
#define CSEAL_NAMESPACE	      "counterseal"
#define CSEAL_NAMESPACE_ENROL "counterseal-enrol"

/* Appends the blob over `message` in the given namespace. */
CSEAL_API int cseal_seal_blob(
    struct cseal_buf *b, const char *ns, struct cseal_slice message);

/*
 * Appends clientDataJSON in WebAuthn's serialisation order. `type` is
 * "webauthn.get" or "webauthn.create"; the origin is "https://" + rp id.
 * CSEAL_ERR_INPUT if the rp id is not lower-case ASCII of LDH labels.
 */
CSEAL_API int cseal_seal_client_data(struct cseal_buf *b, const char *type,
    const char *ns, struct cseal_slice message, struct cseal_slice rp_id);

/* True for an rp id as the format wants it: LDH labels, lower case, <= 253. */
CSEAL_API bool cseal_is_rp_id(const char *s, size_t n);

/* COSE algorithm identifiers (RFC 9053). */
enum cseal_alg {
	CSEAL_ALG_ES256 = -7,
	CSEAL_ALG_EDDSA = -8,
	CSEAL_ALG_ES384 = -35,
};

struct cseal_pubkey; /* a parsed public key, ready to verify with */

/*
 * A public key from a COSE_Key (RFC 9052 section 7) that begins `cose`; its
 * length into *used. Points off the curve and small-order Ed25519 points are
 * CSEAL_ERR_FORMAT.
 */
CSEAL_API int cseal_pubkey_from_cose(
    struct cseal_pubkey **out, struct cseal_slice cose, size_t *used);
CSEAL_API void cseal_pubkey_free(struct cseal_pubkey *k);
CSEAL_API int cseal_pubkey_alg(const struct cseal_pubkey *k);

/* Raw public key: X9.62 uncompressed point, or 32 bytes of Ed25519. */
CSEAL_API struct cseal_slice cseal_pubkey_raw(const struct cseal_pubkey *k);

/* SubjectPublicKeyInfo as PEM, appended. */
CSEAL_API int cseal_pubkey_pem(
    const struct cseal_pubkey *k, struct cseal_buf *out);

/* The signature alone, over `message`; DER is checked to be strict. */
CSEAL_API int cseal_pubkey_verify(const struct cseal_pubkey *k,
    struct cseal_slice message, struct cseal_slice signature);

/* Flags of authenticatorData (WebAuthn section 6.1). */
#define CSEAL_FLAG_UP 0x01
#define CSEAL_FLAG_UV 0x04
#define CSEAL_FLAG_BE 0x08
#define CSEAL_FLAG_BS 0x10
#define CSEAL_FLAG_AT 0x40
#define CSEAL_FLAG_ED 0x80

/* What is demanded of a seal, beside the signature. */
struct cseal_demand {
	struct cseal_slice rp_id;
	bool silent; /* a monitor's key: neither UP nor UV is asked */
	bool uv;
	bool synced; /* backup-eligible credentials are allowed */
};

/*
 * The rules that a seal can break. Their codes, grades and sentences stand
 * with all others in counterseal/replay.h.
 */
enum cseal_seal_rule {
	CSEAL_SEAL_OK = 0,
	CSEAL_SEAL_CLIENT_DATA, /* not the bytes expected of this statement */
	CSEAL_SEAL_AUTH_DATA,	/* malformed, or AT set, or ED without data */
	CSEAL_SEAL_RP_ID,	/* another relying party's */
	CSEAL_SEAL_UP,		/* no touch */
	CSEAL_SEAL_UV,		/* no user verification */
	CSEAL_SEAL_SYNCED,	/* backup-eligible and not allowed */
	CSEAL_SEAL_SIGNATURE,	/* does not verify */
};

/* Everything but the signature's arithmetic: cheap. */
CSEAL_API enum cseal_seal_rule cseal_seal_check(
    const struct cseal_entry *e, const char *ns, const struct cseal_demand *d);

/* The arithmetic: over authData || SHA-256(clientDataJSON). */
CSEAL_API enum cseal_seal_rule cseal_seal_verify(
    const struct cseal_seal *s, const struct cseal_pubkey *k);

/* The signature counter of authenticatorData; 0 if it is too short. */
CSEAL_API uint32_t cseal_seal_counter(const struct cseal_seal *s);

#endif
