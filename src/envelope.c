/* SPDX-License-Identifier: BSD-2-Clause */

#include "envelope.h"

#include <string.h>

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "digest.h"
#include "pubkey.h"

#define WHERE "envelope"

int
envelope_id(
    const uint8_t point[CSEAL_DESK_KEY_BYTES], uint8_t id[ENVELOPE_ID_BYTES])
{
	const struct cseal_slice s = { point, CSEAL_DESK_KEY_BYTES };
	uint8_t hash[CSEAL_HASH_BYTES];
	int r = digest_sha256(hash, &s, 1);

	if (r == CSEAL_OK)
		memcpy(id, hash, ENVELOPE_ID_BYTES);
	return r;
}

static int
failed(struct cseal_error *err)
{
	return cseal_error_set(
	    err, CSEAL_ERR_INTERNAL, WHERE, "OpenSSL cannot seal it");
}

/* ---- recipients ---- */

static bool
set_id(X509 *cert, const uint8_t point[CSEAL_DESK_KEY_BYTES])
{
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	uint8_t id[ENVELOPE_ID_BYTES];
	bool ok;

	ok = s != NULL && envelope_id(point, id) == CSEAL_OK &&
	     ASN1_OCTET_STRING_set(s, id, sizeof(id)) == 1 &&
	     X509_add1_ext_i2d(cert, NID_subject_key_identifier, s, 0,
		 X509V3_ADD_DEFAULT) == 1;
	ASN1_OCTET_STRING_free(s);
	return ok;
}

/*
 * CMS takes keys from certificates only, and identifiers from those alone that
 * can be encoded, hence signed. Nobody ever sees this one, or its signer.
 */
static X509 *
certificate(
    EVP_PKEY *desk, const uint8_t point[CSEAL_DESK_KEY_BYTES], EVP_PKEY *signer)
{
	X509 *cert = X509_new();

	if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
	    X509_set_pubkey(cert, desk) == 1 && set_id(cert, point) &&
	    X509_sign(cert, signer, NULL) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/* OpenSSL would derive the wrapping key with SHA-1. */
static bool
add_certificate(CMS_ContentInfo *cms, X509 *cert)
{
	CMS_RecipientInfo *ri;
	EVP_PKEY_CTX *ctx;

	ri = CMS_add1_recipient_cert(cms, cert, CMS_USE_KEYID);
	ctx = ri != NULL ? CMS_RecipientInfo_get0_pkey_ctx(ri) : NULL;
	return ctx != NULL &&
	       EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) == 1;
}

static int
add_desk(CMS_ContentInfo *cms, const uint8_t point[CSEAL_DESK_KEY_BYTES],
    EVP_PKEY *signer, struct cseal_error *err)
{
	EVP_PKEY *desk = pubkey_p256(point);
	X509 *cert;
	bool ok;

	if (desk == NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, WHERE,
		    "the key of a desk is not a point of P-256");
	cert = certificate(desk, point, signer);
	ok = cert != NULL && add_certificate(cms, cert);
	X509_free(cert);
	EVP_PKEY_free(desk);
	return ok ? CSEAL_OK : failed(err);
}

static bool
stands_before(const uint8_t (*desks)[CSEAL_DESK_KEY_BYTES], size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (memcmp(desks[k], desks[i], CSEAL_DESK_KEY_BYTES) == 0)
			return true;
	}
	return false;
}

static int
add_desks(CMS_ContentInfo *cms, const uint8_t (*desks)[CSEAL_DESK_KEY_BYTES],
    size_t n, struct cseal_error *err)
{
	EVP_PKEY *signer = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	int r = signer != NULL ? CSEAL_OK : failed(err);

	for (size_t i = 0; i < n && r == CSEAL_OK; i++) {
		if (!stands_before(desks, i))
			r = add_desk(cms, desks[i], signer, err);
	}
	EVP_PKEY_free(signer);
	return r;
}

/* ---- content ---- */

static int
pad(struct cseal_buf *b, struct cseal_slice plain)
{
	(void)cseal_buf_add(b, plain.data, plain.len);
	(void)cseal_buf_add_u8(b, ENVELOPE_PAD_FIRST);
	while (b->len % ENVELOPE_PAD != 0 && b->err == CSEAL_OK)
		(void)cseal_buf_add_u8(b, 0);
	return cseal_buf_error(b);
}

/*
 * As CMS_final() does, which would leave a copy of the plaintext on its stack.
 */
static bool
encrypt(CMS_ContentInfo *cms, const struct cseal_buf *padded)
{
	BIO *to = NULL;
	bool ok;

	if (CMS_set_detached(cms, 0) == 1)
		to = CMS_dataInit(cms, NULL);
	ok =
	    to != NULL &&
	    BIO_write(to, padded->data, (int)padded->len) == (int)padded->len &&
	    BIO_flush(to) == 1 && CMS_dataFinal(cms, to) == 1;
	BIO_free_all(to);
	return ok;
}

static int
put_der(struct cseal_buf *out, CMS_ContentInfo *cms, struct cseal_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der);
	int r;

	if (len <= 0)
		return failed(err);
	if ((size_t)len > CSEAL_ENVELOPE_MAX)
		r = CSEAL_ERR_TOO_LARGE;
	else
		r = cseal_buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return r == CSEAL_OK
		   ? r
		   : cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
}

static int
check_sizes(struct cseal_slice plain, size_t n, struct cseal_error *err)
{
	if (n == 0)
		return cseal_error_set(err, CSEAL_ERR_USAGE, WHERE,
		    "there is no desk to send it to");
	if (n > CSEAL_ENVELOPE_DESKS_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, WHERE,
		    "for more than %d desks", CSEAL_ENVELOPE_DESKS_MAX);
	if (plain.len > CSEAL_ENVELOPE_PLAIN_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, WHERE,
		    "more than %zu bytes to put in", CSEAL_ENVELOPE_PLAIN_MAX);
	return CSEAL_OK;
}

int
cseal_envelope_seal(struct cseal_buf *out, struct cseal_slice plain,
    const uint8_t (*desks)[CSEAL_DESK_KEY_BYTES], size_t n,
    struct cseal_error *err)
{
	CMS_ContentInfo *cms;
	struct cseal_buf padded;
	int r;

	if ((r = check_sizes(plain, n, err)) != CSEAL_OK)
		return r;
	cseal_buf_init(&padded, CSEAL_ENVELOPE_PLAIN_MAX + ENVELOPE_PAD);
	cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
	r = cms != NULL ? pad(&padded, plain) : CSEAL_ERR_NOMEM;
	if (r != CSEAL_OK)
		cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
	else
		r = add_desks(cms, desks, n, err);
	if (r == CSEAL_OK && !encrypt(cms, &padded))
		r = failed(err);
	if (r == CSEAL_OK)
		r = put_der(out, cms, err);
	cseal_buf_free(&padded);
	CMS_ContentInfo_free(cms);
	return r;
}
