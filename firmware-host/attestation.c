/* SPDX-License-Identifier: BSD-2-Clause */
#include "attestation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define COSE_ES256 (-7)

struct attestation {
	enum attestation_kind kind;
	EVP_PKEY *key;
	size_t ncerts;
	X509 *x509[ATTESTATION_CERTS];
	size_t cert_len[ATTESTATION_CERTS];
	unsigned char *cert[ATTESTATION_CERTS];
};

static bool
is_p256(EVP_PKEY *key)
{
	char group[32] = { 0 };

	return EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       (strcmp(group, "prime256v1") == 0 ||
		   strcmp(group, "P-256") == 0);
}

/* Adds the next certificate: 1, 0 at the end of them, -1 on failure. */
static int
read_cert(struct attestation *a, FILE *f, size_t *total)
{
	X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
	int len;

	if (x == NULL)
		return 0;
	if (a->ncerts == ATTESTATION_CERTS) {
		X509_free(x);
		return -1;
	}
	a->x509[a->ncerts] = x;
	len = i2d_X509(x, &a->cert[a->ncerts++]);
	if (len <= 0)
		return -1;
	a->cert_len[a->ncerts - 1] = (size_t)len;
	*total += (size_t)len;
	return *total <= ATTESTATION_MAX ? 1 : -1;
}

static const char *
read_file(struct attestation *a, FILE *f)
{
	size_t total = 0;
	int r;

	a->key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	if (a->key == NULL || !is_p256(a->key))
		return "it does not begin with a private key on P-256";
	do
		r = read_cert(a, f, &total);
	while (r > 0);
	if (r < 0)
		return "too many certificates, or too large";
	if (a->ncerts == 0)
		return "there is no certificate behind the key";
	if (X509_check_private_key(a->x509[0], a->key) != 1)
		return "the first certificate is not of this key";
	return NULL;
}

static const char *
open_file(struct attestation *a, const char *path)
{
	FILE *f = fopen(path, "re");
	const char *wrong;

	if (f == NULL)
		return "cannot be opened";
	wrong = read_file(a, f);
	fclose(f);
	return wrong;
}

struct attestation *
attestation_new(const char *spec, char *why, size_t cap)
{
	struct attestation *a = calloc(1, sizeof(*a));
	const char *wrong = NULL;

	if (a == NULL)
		wrong = "no memory";
	else if (strcmp(spec, "none") == 0)
		a->kind = ATTESTATION_NONE;
	else if (strcmp(spec, "self") == 0)
		a->kind = ATTESTATION_SELF;
	else
		a->kind = ATTESTATION_CHAIN;
	if (a != NULL && a->kind == ATTESTATION_CHAIN)
		wrong = open_file(a, spec);
	if (wrong == NULL)
		return a;
	snprintf(why, cap, "%s", wrong);
	attestation_free(a);
	return NULL;
}

void
attestation_free(struct attestation *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->ncerts; i++) {
		X509_free(a->x509[i]);
		OPENSSL_free(a->cert[i]);
	}
	EVP_PKEY_free(a->key);
	free(a);
}

/* ES256, like every batch that is known. */
static int
sign_for_batch(const struct attestation *a, const struct authdata *ad,
    const uint8_t client_data_hash[CRYPTO_HASH],
    struct attestation_statement *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = -1;

	out->alg = COSE_ES256;
	out->sig_len = sizeof(out->sig);
	if (ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, a->key) == 1 &&
	    EVP_DigestSignUpdate(ctx, ad->data, ad->len) == 1 &&
	    EVP_DigestSignUpdate(ctx, client_data_hash, CRYPTO_HASH) == 1 &&
	    EVP_DigestSignFinal(ctx, out->sig, &out->sig_len) == 1)
		r = 0;
	EVP_MD_CTX_free(ctx);
	out->ncerts = a->ncerts;
	for (size_t i = 0; i < a->ncerts; i++) {
		out->cert[i] = a->cert[i];
		out->cert_len[i] = a->cert_len[i];
	}
	return r;
}

int
attestation_make(const struct attestation *a, const struct private_key *key,
    const struct authdata *ad, const uint8_t client_data_hash[CRYPTO_HASH],
    struct attestation_statement *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = a != NULL ? a->kind : ATTESTATION_SELF;
	switch (out->kind) {
	case ATTESTATION_NONE: return 0;
	case ATTESTATION_CHAIN:
		return sign_for_batch(a, ad, client_data_hash, out);
	case ATTESTATION_SELF: break;
	}
	out->alg = key->alg->cose;
	return key->alg->sign(key->secret, ad->data, ad->len, client_data_hash,
	    CRYPTO_HASH, out->sig, &out->sig_len);
}
