/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include <fido.h>

#include "dcbor.h"
#include "digest.h"
#include "token_dev.h"

#define USER_ID_BYTES	 16
#define USER_NAME_MAX	 64   /* bytes; keys cut what is longer */
#define ATTESTATION_MAX	 8192 /* bytes of an attestationObject */
#define AT_HEADER_BYTES	 18   /* AAGUID and the length of the credential id */
#define AT_LENGTH_OFFSET (TOKEN_AUTH_DATA_MIN + CSEAL_AAGUID_BYTES)

void
cseal_enrolment_free(struct cseal_enrolment *e)
{
	if (e == NULL)
		return;
	cseal_buf_free(&e->attestation);
	cseal_buf_free(&e->credential);
}

static int
make_cred(fido_dev_t *dev, void *obj, const char *pin)
{
	return fido_dev_make_cred(dev, obj, pin);
}

static int
refuse(const struct cseal_token *t, const char *what, struct cseal_error *err)
{
	return cseal_error_set(
	    err, CSEAL_ERR_TOKEN, t->info.name, "%s; use another key", what);
}

static int
fill_cred(fido_cred_t *c, const char *rp_id, const char *user_name,
    struct cseal_slice client_data)
{
	uint8_t user_id[USER_ID_BYTES];
	int f, r;

	if ((r = digest_random(user_id, sizeof(user_id))) != CSEAL_OK)
		return r;
	if ((f = fido_cred_set_type(c, COSE_ES256)) != FIDO_OK ||
	    (f = fido_cred_set_rp(c, rp_id, rp_id)) != FIDO_OK ||
	    (f = fido_cred_set_user(c, user_id, sizeof(user_id), user_name,
		 user_name, NULL)) != FIDO_OK ||
	    (f = fido_cred_set_uv(c, FIDO_OPT_TRUE)) != FIDO_OK ||
	    (f = fido_cred_set_clientdata(
		 c, client_data.data, client_data.len)) != FIDO_OK)
		return CSEAL_ERR_NOMEM;
	return CSEAL_OK;
}

/*
 * Credentials that must not be on the key go into the request; where they do
 * not fit, the key is asked before.
 */
static int
exclude_creds(struct cseal_token *t, fido_cred_t *c, const char *rp_id,
    const struct cseal_slice *exclude, size_t n, struct cseal_error *err)
{
	size_t which, i;
	int r;

	if (token_fits(t, rp_id, exclude, n)) {
		for (i = 0; i < n; i++) {
			if (fido_cred_exclude(
				c, exclude[i].data, exclude[i].len) != FIDO_OK)
				return cseal_error_set(
				    err, CSEAL_ERR_NOMEM, "exclude", NULL);
		}
		return CSEAL_OK;
	}
	r = cseal_token_holds(t, rp_id, exclude, n, &which, err);
	if (r == CSEAL_OK)
		return token_fido_error(
		    FIDO_ERR_CREDENTIAL_EXCLUDED, t->info.name, err);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/*
 * What libfido2 makes of attested credential data and what stands in the
 * bytes must be one thing: the bytes are what others will read.
 */
static int
check_attested(const struct cseal_token *t, const fido_cred_t *c,
    struct cseal_slice ad, struct cseal_error *err)
{
	struct dcbor_reader r;
	size_t id_len, key_at;

	if (ad.len < TOKEN_AUTH_DATA_MIN + AT_HEADER_BYTES)
		return refuse(t, "the new credential is cut short", err);
	id_len = (size_t)ad.data[AT_LENGTH_OFFSET] << 8 |
		 ad.data[AT_LENGTH_OFFSET + 1];
	if (id_len == 0 || id_len > CSEAL_CREDENTIAL_MAX)
		return refuse(
		    t, "the credential id has not 1 to 1023 bytes", err);
	key_at = TOKEN_AUTH_DATA_MIN + AT_HEADER_BYTES + id_len;
	if (ad.len <= key_at)
		return refuse(t, "the new credential is cut short", err);
	if (fido_cred_id_len(c) != id_len ||
	    memcmp(fido_cred_id_ptr(c), ad.data + key_at - id_len, id_len) != 0)
		return refuse(t, "the credential id is not what was said", err);
	dcbor_reader_init(&r, ad.data + key_at, ad.len - key_at);
	(void)dcbor_get_any(&r);
	if (dcbor_reader_end(&r) != CSEAL_OK)
		return refuse(
		    t, "the new public key is not canonical CBOR", err);
	return CSEAL_OK;
}

/* The signature over the reply: not yet whether its maker is trusted. */
static int
check_signature(
    const struct cseal_token *t, const fido_cred_t *c, struct cseal_error *err)
{
	int f;

	if (strcmp(fido_cred_fmt(c), "none") == 0)
		return CSEAL_OK; /* nothing is attested, nothing to check */
	f = fido_cred_x5c_ptr(c) != NULL ? fido_cred_verify(c)
					 : fido_cred_verify_self(c);
	if (f == FIDO_ERR_INVALID_SIG)
		return refuse(t, "the attestation's signature is wrong", err);
	if (f != FIDO_OK)
		return refuse(t, "the attestation cannot be checked", err);
	return CSEAL_OK;
}

static struct cseal_slice
auth_data_of(const fido_cred_t *c)
{
	return (struct cseal_slice){
		.data = fido_cred_authdata_raw_ptr(c),
		.len = fido_cred_authdata_raw_len(c),
	};
}

static int
check_reply(const struct cseal_token *t, const fido_cred_t *c,
    const char *rp_id, struct cseal_error *err)
{
	struct dcbor_reader stmt;
	int r;

	if (fido_cred_fmt(c) == NULL || fido_cred_attstmt_ptr(c) == NULL)
		return refuse(t, "the attestation is missing", err);
	if (fido_cred_type(c) != COSE_ES256)
		return refuse(t, "the new credential is not ES256", err);
	if ((r = token_check_auth_data(t, auth_data_of(c), rp_id, true, err)) !=
		CSEAL_OK ||
	    (r = check_attested(t, c, auth_data_of(c), err)) != CSEAL_OK)
		return r;
	dcbor_reader_init(
	    &stmt, fido_cred_attstmt_ptr(c), fido_cred_attstmt_len(c));
	if (dcbor_peek(&stmt) == DCBOR_NONE)
		return refuse(t, "the attestation is not canonical CBOR", err);
	(void)dcbor_get_any(&stmt);
	if (dcbor_reader_end(&stmt) != CSEAL_OK)
		return refuse(t, "the attestation is not canonical CBOR", err);
	return check_signature(t, c, err);
}

/* attestationObject (WebAuthn section 6.5.4); canonical order of its keys. */
static int
put_enrolment(
    struct cseal_enrolment *e, const fido_cred_t *c, struct cseal_error *err)
{
	struct cseal_slice ad = auth_data_of(c);
	struct cseal_buf *b = &e->attestation;
	int r;

	cseal_buf_init(b, ATTESTATION_MAX);
	cseal_buf_init(&e->credential, CSEAL_CREDENTIAL_MAX);
	dcbor_put_map(b, 3);
	dcbor_put_str(b, "fmt");
	dcbor_put_str(b, fido_cred_fmt(c));
	dcbor_put_str(b, "attStmt");
	(void)cseal_buf_add(
	    b, fido_cred_attstmt_ptr(c), fido_cred_attstmt_len(c));
	dcbor_put_str(b, "authData");
	dcbor_put_bytes(b, ad.data, ad.len);
	(void)cseal_buf_add(
	    &e->credential, fido_cred_id_ptr(c), fido_cred_id_len(c));
	if ((r = cseal_buf_error(b)) == CSEAL_OK)
		r = cseal_buf_error(&e->credential);
	if (r != CSEAL_OK) {
		cseal_enrolment_free(e);
		return cseal_error_set(err, r, "attestation",
		    "the key's attestation cannot be kept: %s",
		    cseal_strerror(r));
	}
	return CSEAL_OK;
}

static int
check_arguments(const struct cseal_token *t, const char *rp_id,
    const char *user_name, struct cseal_slice client_data,
    const struct cseal_slice *exclude, size_t n, struct cseal_error *err)
{
	if (user_name == NULL || user_name[0] == '\0' ||
	    strlen(user_name) > USER_NAME_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "user name",
		    "must have 1 to %d bytes", USER_NAME_MAX);
	if (client_data.data == NULL || client_data.len == 0)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "client data", "must not be empty");
	if (!t->es256)
		return token_fido_error(
		    FIDO_ERR_UNSUPPORTED_ALGORITHM, t->info.name, err);
	return token_check_request(rp_id, exclude, n, err);
}

int
cseal_token_enrol(struct cseal_token *t, const char *rp_id,
    const char *user_name, struct cseal_slice client_data,
    const struct cseal_slice *exclude, size_t n_exclude,
    struct cseal_enrolment *out, struct cseal_error *err)
{
	fido_cred_t *c;
	int r;

	memset(out, 0, sizeof(*out));
	if ((r = check_arguments(t, rp_id, user_name, client_data, exclude,
		 n_exclude, err)) != CSEAL_OK)
		return r;
	if ((c = fido_cred_new()) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
	if ((r = fill_cred(c, rp_id, user_name, client_data)) != CSEAL_OK) {
		cseal_error_set(err, r, "token", NULL);
		goto out;
	}
	if ((r = exclude_creds(t, c, rp_id, exclude, n_exclude, err)) !=
		CSEAL_OK ||
	    (r = token_exchange_verified(t, make_cred, c, err)) != CSEAL_OK ||
	    (r = check_reply(t, c, rp_id, err)) != CSEAL_OK)
		goto out;
	r = put_enrolment(out, c, err);
out:
	fido_cred_free(&c);
	return r;
}
