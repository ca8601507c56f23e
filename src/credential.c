/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The credential of a key record: attestationObject (WebAuthn 6.5), whether
 * it was made for this ledger, and whether its key can sign.
 */

#include <string.h>

#include <openssl/evp.h>

#include "counterseal/offer.h"

#include "dcbor.h"
#include "digest.h"
#include "offer_bytes.h"
#include "pubkey.h"
#include "slice.h"

#define AUTH_DATA_FIXED 37 /* rpIdHash, flags, counter */
#define ATTESTED_FIXED	18 /* aaguid, credentialIdLength */

const uint8_t cseal_software_aaguid[CSEAL_AAGUID_BYTES] = { 'c', 's', 'e', 'a',
	'l', '-', 'S', 'O', 'F', 'T', '-', 't', 'o', 'k', 'e', 'n' };

/* attested credential data: WebAuthn section 6.5.2 */
static int
read_attested(struct cseal_credential *c)
{
	const uint8_t *p = c->auth_data.data + AUTH_DATA_FIXED;
	size_t left = c->auth_data.len - AUTH_DATA_FIXED, n;
	struct dcbor_reader r;

	if ((c->auth_data.data[32] & CSEAL_FLAG_AT) == 0 ||
	    left < ATTESTED_FIXED)
		return CSEAL_ERR_FORMAT;
	memcpy(c->aaguid, p, sizeof(c->aaguid));
	n = (size_t)p[16] << 8 | p[17];
	p += ATTESTED_FIXED;
	left -= ATTESTED_FIXED;
	if (n == 0 || n > CSEAL_CREDENTIAL_MAX || n > left)
		return CSEAL_ERR_FORMAT;
	c->id.data = p;
	c->id.len = n;
	dcbor_reader_init(&r, p + n, left - n);
	if (dcbor_peek(&r) != DCBOR_MAP)
		return CSEAL_ERR_FORMAT;
	c->cose = dcbor_get_any(&r);
	if ((c->auth_data.data[32] & CSEAL_FLAG_ED) != 0) {
		if (dcbor_peek(&r) != DCBOR_MAP)
			return CSEAL_ERR_FORMAT;
		(void)dcbor_get_any(&r);
	}
	return dcbor_reader_end(&r);
}

int
cseal_credential_parse(
    struct cseal_credential *out, struct cseal_slice attestation)
{
	struct dcbor_reader r;
	struct dcbor_map m;

	memset(out, 0, sizeof(*out));
	dcbor_reader_init(&r, attestation.data, attestation.len);
	dcbor_get_map(&r, &m);
	while (dcbor_map_more(&r, &m)) {
		struct cseal_slice key = dcbor_map_key_text(&r, &m);

		if (slice_is(key, "fmt"))
			out->format = dcbor_get_text(&r);
		else if (slice_is(key, "attStmt"))
			out->statement = dcbor_get_any(&r);
		else if (slice_is(key, "authData"))
			out->auth_data = dcbor_get_bytes(&r);
		else
			dcbor_refuse(&r);
	}
	if (dcbor_reader_end(&r) != CSEAL_OK || out->format.data == NULL ||
	    out->statement.data == NULL || out->auth_data.len < AUTH_DATA_FIXED)
		return CSEAL_ERR_FORMAT;
	return read_attested(out);
}

/* cbor([nonce, org or ledger id, rp id, handle]): the enrolment's message. */
int
offer_enrol_message(struct cseal_buf *b, const uint8_t *nonce,
    const struct cseal_slice *org, const uint8_t *ledger,
    struct cseal_slice rp_id, struct cseal_slice handle)
{
	dcbor_put_array(b, 4);
	dcbor_put_bytes(b, nonce, CSEAL_NONCE_BYTES);
	if (org != NULL)
		dcbor_put_text(b, org->data, org->len);
	else
		dcbor_put_bytes(b, ledger, CSEAL_HASH_BYTES);
	dcbor_put_text(b, rp_id.data, rp_id.len);
	dcbor_put_text(b, handle.data, handle.len);
	return cseal_buf_error(b);
}

static int
check_enrolment(const struct cseal_key *k, const struct cseal_slice *org,
    const uint8_t *ledger, struct cseal_slice rp_id, struct cseal_error *err)
{
	struct cseal_buf message, expected;
	int r;

	cseal_buf_init(&message, 4096);
	cseal_buf_init(&expected, 4096);
	r = offer_enrol_message(
	    &message, k->nonce, org, ledger, rp_id, k->handle);
	if (r == CSEAL_OK)
		r = cseal_seal_client_data(&expected, "webauthn.create",
		    CSEAL_NAMESPACE_ENROL, cseal_buf_slice(&message), rp_id);
	if (r != CSEAL_OK)
		r = cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "its rp id is not a name that this ledger can use");
	else if (expected.len != k->client_data.len ||
		 memcmp(expected.data, k->client_data.data, expected.len) != 0)
		r = cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "it was not enrolled for this organisation or ledger, "
		    "person and rp id: make a new offer");
	cseal_buf_free(&message);
	cseal_buf_free(&expected);
	return r;
}

static int
check_auth_data(const struct cseal_credential *c, struct cseal_slice rp_id,
    struct cseal_error *err)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	uint8_t flags = c->auth_data.data[32];

	if (digest_sha256(hash, &rp_id, 1) != CSEAL_OK ||
	    memcmp(hash, c->auth_data.data, sizeof(hash)) != 0)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "it was enrolled for another rp id");
	if ((flags & CSEAL_FLAG_UP) == 0)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "it was enrolled without a touch");
	if ((flags & CSEAL_FLAG_UV) == 0)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "it was enrolled without PIN or fingerprint");
	return CSEAL_OK;
}

static int
check_desk(const struct cseal_key *k, struct cseal_error *err)
{
	EVP_PKEY *desk;

	if (!k->has_desk)
		return CSEAL_OK;
	desk = pubkey_p256(k->desk);
	EVP_PKEY_free(desk);
	if (desk == NULL)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "the key of its desk is not a point of P-256");
	return CSEAL_OK;
}

static int
check_possession(const struct cseal_key *k, struct cseal_slice rp_id,
    const struct cseal_pubkey *pubkey, struct cseal_error *err)
{
	struct cseal_demand demand = {
		.rp_id = rp_id, .uv = true, .synced = true
	};
	struct cseal_entry e;
	uint8_t hash[CSEAL_HASH_BYTES];
	enum cseal_seal_rule rule;

	if (offer_core_digest(k, hash) != CSEAL_OK)
		return CSEAL_ERR_INTERNAL;
	e.statement.data = hash;
	e.statement.len = sizeof(hash);
	e.seal = k->possession;
	rule = cseal_seal_check(&e, CSEAL_NAMESPACE_ENROL, &demand);
	if (rule == CSEAL_SEAL_OK)
		rule = cseal_seal_verify(&k->possession, pubkey);
	if (rule == CSEAL_SEAL_OK)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
	    "its proof that it can sign does not hold: make a new offer");
}

int
cseal_key_check(const struct cseal_key *k, const struct cseal_slice *org,
    const uint8_t *ledger, struct cseal_slice rp_id,
    struct cseal_credential *cred, struct cseal_pubkey **pubkey,
    struct cseal_error *err)
{
	size_t used = 0;
	int r;

	*pubkey = NULL;
	if (cseal_credential_parse(cred, k->attestation) != CSEAL_OK)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "its attestation object is malformed");
	if ((r = check_enrolment(k, org, ledger, rp_id, err)) != CSEAL_OK ||
	    (r = check_auth_data(cred, rp_id, err)) != CSEAL_OK)
		return r;
	r = cseal_pubkey_from_cose(pubkey, cred->cose, &used);
	if (r != CSEAL_OK)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "key",
		    "its public key is of an unknown algorithm, or not a "
		    "point of its curve");
	r = check_desk(k, err);
	if (r == CSEAL_OK)
		r = check_possession(k, rp_id, *pubkey, err);
	if (r != CSEAL_OK) {
		cseal_pubkey_free(*pubkey);
		*pubkey = NULL;
	}
	return r;
}
