/* SPDX-License-Identifier: BSD-2-Clause */
/* The envelope of a metadata BLOB: a JWS in compact form, RFC 7515. */

#include <string.h>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "base64.h"
#include "metadata.h"

#define HEADER_MAX     131072 /* bytes, decoded; certificates and all */
#define SIGNATURE_MAX  1024
#define ES256_BYTES    64 /* r and s */
#define RSA_BITS_LEAST 2048

static int
malformed(struct cseal_error *err, const char *what)
{
	return cseal_error_set(err, CSEAL_ERR_FORMAT, "metadata", "%s", what);
}

/* ---- JSON ---- */

/* Before any memory is taken: its brackets and parts, outside of strings. */
static bool
is_bounded(struct cseal_slice text)
{
	bool string = false;
	size_t depth = 0, items = 0;

	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = text.data[i];

		if (string && c == '\\')
			i++;
		else if (c == '"')
			string = !string;
		else if (!string && (c == '{' || c == '['))
			depth++;
		else if (!string && (c == '}' || c == ']') && depth > 0)
			depth--;
		items += !string && strchr("{[,:", c) != NULL && c != '\0';
		if (depth > METADATA_DEPTH_MAX || items > METADATA_ITEMS_MAX)
			return false;
	}
	return true;
}

json_t *
metadata_json(struct cseal_slice text)
{
	json_t *j;

	if (!is_bounded(text))
		return NULL;
	j = json_loadb(
	    (const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(j))
		return j;
	json_decref(j);
	return NULL;
}

/* ---- the header ---- */

static int
read_x5c(struct metadata_jws *j, const json_t *list, struct cseal_error *err)
{
	const size_t n = json_array_size(list);
	struct cseal_slice text;
	struct cseal_buf der;
	int r = CSEAL_OK;

	if (n == 0 || n > CERTIFICATES_IN_X5C)
		return malformed(err,
		    "its header has no x5c of 1 to 8 certificates, which is "
		    "needed without a network");
	for (size_t i = 0; i < n && r == CSEAL_OK; i++) {
		const json_t *item = json_array_get(list, i);

		if (!json_is_string(item))
			return malformed(err, "its x5c has more than texts");
		text.data = (const uint8_t *)json_string_value(item);
		text.len = json_string_length(item);
		cseal_buf_init(&der, CERTIFICATE_MAX);
		r = base64_read(&der, text, BASE64_PADDED);
		if (r == CSEAL_OK)
			r = certificate_add(j->x5c, cseal_buf_slice(&der));
		cseal_buf_free(&der);
	}
	return r == CSEAL_OK || r == CSEAL_ERR_NOMEM
		   ? r
		   : malformed(err, "a certificate of its x5c is damaged");
}

static int
read_header(struct metadata_jws *j, struct cseal_error *err)
{
	json_t *header = metadata_json(cseal_buf_slice(&j->header));
	const char *alg = json_string_value(json_object_get(header, "alg"));
	int r;

	if (header == NULL)
		r = malformed(err, "its header is not a JSON object");
	else if (json_object_get(header, "crit") != NULL)
		r = malformed(
		    err, "its header demands what is not known here (crit)");
	else if (alg == NULL ||
		 (strcmp(alg, "RS256") != 0 && strcmp(alg, "ES256") != 0))
		r = malformed(err, "it is signed with neither RS256 nor ES256");
	else {
		j->ec = strcmp(alg, "ES256") == 0;
		r = read_x5c(j, json_object_get(header, "x5c"), err);
	}
	json_decref(header);
	return r;
}

/* ---- the signature ---- */

/* r and s side by side (RFC 7518 section 3.4) as the DER that OpenSSL wants. */
static unsigned char *
es256_der(struct cseal_slice raw, int *len)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw.data, ES256_BYTES / 2, NULL);
	BIGNUM *s =
	    BN_bin2bn(raw.data + ES256_BYTES / 2, ES256_BYTES / 2, NULL);
	unsigned char *der = NULL;

	*len = -1;
	if (sig != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* transferred */
		*len = i2d_ECDSA_SIG(sig, &der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return der;
}

static bool
verify(EVP_PKEY *key, struct cseal_slice message, const uint8_t *sig, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	ok = ctx != NULL &&
	     EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	     EVP_DigestVerify(ctx, sig, n, message.data, message.len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool
verify_es256(const struct metadata_jws *j, X509 *x)
{
	unsigned char *der;
	int n;
	bool ok;

	if (j->signature.len != ES256_BYTES || !certificate_is_p256(x))
		return false;
	der = es256_der(cseal_buf_slice(&j->signature), &n);
	ok = n > 0 &&
	     verify(X509_get0_pubkey(x), j->signed_part, der, (size_t)n);
	OPENSSL_free(der);
	return ok;
}

static bool
verify_rs256(const struct metadata_jws *j, X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	/* Not RSA-PSS, which has a number of its own. */
	return key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
	       EVP_PKEY_get_bits(key) >= RSA_BITS_LEAST &&
	       verify(key, j->signed_part, j->signature.data, j->signature.len);
}

/* ---- the whole ---- */

/* The bytes up to the next dot, which is passed over; all, if there is none. */
static struct cseal_slice
take_part(struct cseal_slice *text)
{
	struct cseal_slice part = *text;
	const uint8_t *dot =
	    text->len > 0 ? memchr(text->data, '.', text->len) : NULL;

	if (dot == NULL) {
		text->len = 0;
		return part;
	}
	part.len = (size_t)(dot - text->data);
	text->data = dot + 1;
	text->len -= part.len + 1;
	return part;
}

static int
take_apart(struct metadata_jws *j, struct cseal_slice text)
{
	const uint8_t *begin = text.data;
	struct cseal_slice part;
	int r;

	part = take_part(&text);
	if ((r = base64_read(&j->header, part, BASE64_URL)) != CSEAL_OK)
		return r;
	part = take_part(&text);
	j->signed_part.data = begin;
	j->signed_part.len = (size_t)(part.data + part.len - begin);
	if ((r = base64_read(&j->payload, part, BASE64_URL)) != CSEAL_OK)
		return r;
	/* A fourth part would stand in the third, and is none of its digits. */
	return base64_read(&j->signature, text, BASE64_URL);
}

int
metadata_jws_read(
    struct metadata_jws *j, struct cseal_slice text, struct cseal_error *err)
{
	X509 *x;
	int r;

	memset(j, 0, sizeof(*j));
	cseal_buf_init(&j->header, HEADER_MAX);
	cseal_buf_init(&j->payload, CSEAL_METADATA_MAX);
	cseal_buf_init(&j->signature, SIGNATURE_MAX);
	j->x5c = sk_X509_new_null();
	r = take_apart(j, text);
	if (r == CSEAL_ERR_NOMEM || j->x5c == NULL)
		return CSEAL_ERR_NOMEM;
	if (r != CSEAL_OK)
		return malformed(err,
		    "not a metadata BLOB, or cut short: three parts in "
		    "base64url are wanted, with dots between");
	if ((r = read_header(j, err)) != CSEAL_OK)
		return r;
	x = sk_X509_value(j->x5c, 0);
	if (j->ec ? verify_es256(j, x) : verify_rs256(j, x))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_SIGNATURE, "metadata",
	    "its signature does not hold: it was altered, or cut; fetch it "
	    "again");
}

void
metadata_jws_free(struct metadata_jws *j)
{
	cseal_buf_free(&j->header);
	cseal_buf_free(&j->payload);
	cseal_buf_free(&j->signature);
	certificates_free(j->x5c);
}
