/* SPDX-License-Identifier: BSD-2-Clause */

#include "certificate.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "counterseal/text.h"

#define AAGUID_OID	"1.3.6.1.4.1.45724.1.1.4" /* id-fido-gen-ce-aaguid */
#define SECURITY_LEVEL	2 /* of OpenSSL: 112 bits, so no SHA-1 */
#define X509_VERSION_IS 2 /* how X.509 writes version 3 */

X509 *
certificate_read(struct cseal_slice der)
{
	const unsigned char *p = der.data;
	X509 *x;

	if (der.len == 0 || der.len > CERTIFICATE_MAX)
		return NULL;
	x = d2i_X509(NULL, &p, (long)der.len);
	if (x != NULL && p == der.data + der.len)
		return x;
	X509_free(x);
	return NULL;
}

int
certificate_add(STACK_OF(X509) * list, struct cseal_slice der)
{
	X509 *x = certificate_read(der);

	if (x == NULL)
		return CSEAL_ERR_FORMAT;
	if (list != NULL && sk_X509_push(list, x) > 0)
		return CSEAL_OK;
	X509_free(x);
	return CSEAL_ERR_NOMEM;
}

void
certificates_free(STACK_OF(X509) * list)
{
	sk_X509_pop_free(list, X509_free);
}

/* ---- chains ---- */

static const char no_issuer[] =
    "no root that was given vouches for its maker, or a certificate between "
    "them is missing";

static const struct {
	int code;
	bool leaf; /* of the first certificate alone */
	const char *why;
} chain_errors[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED, true,
	    "its maker's certificate for this model had expired" },
	{ X509_V_ERR_CERT_HAS_EXPIRED, false,
	    "a certificate above that of its model had expired" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, true,
	    "its maker's certificate for this model was not valid yet" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, false,
	    "a certificate above that of its model was not valid yet" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, false, no_issuer },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, false, no_issuer },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, false, no_issuer },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, false, no_issuer },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, false, no_issuer },
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE, false,
	    "a certificate is not signed by the one above it" },
	{ X509_V_ERR_INVALID_CA, false,
	    "a certificate above that of its model is no authority's" },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED, false,
	    "there are more certificates than an authority among them allows" },
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, false,
	    "a certificate has a critical extension that is not known here" },
	{ X509_V_ERR_CA_MD_TOO_WEAK, false,
	    "a certificate is signed with a hash that is broken" },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, false,
	    "a key above that of its model is too short" },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, false,
	    "the key of its model's certificate is too short" },
};

static const char *
chain_error(int code, bool leaf)
{
	for (size_t i = 0; i < sizeof(chain_errors) / sizeof(chain_errors[0]);
	     i++) {
		if (chain_errors[i].code == code &&
		    (leaf || !chain_errors[i].leaf))
			return chain_errors[i].why;
	}
	return X509_verify_cert_error_string(code);
}

int
certificate_chain(const STACK_OF(X509) * x5c, const STACK_OF(X509) * roots,
    uint64_t at, const char **why)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	/* OpenSSL takes the lists without const, and does not alter them. */
	STACK_OF(X509) *trusted = sk_X509_dup(roots);
	STACK_OF(X509) *between = sk_X509_dup(x5c);
	X509_VERIFY_PARAM *param;
	int r = CSEAL_ERR_NOMEM;

	*why = cseal_strerror(r);
	if (ctx == NULL || trusted == NULL || between == NULL ||
	    X509_STORE_CTX_init(ctx, NULL, sk_X509_value(x5c, 0), between) != 1)
		goto out;
	X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	if (X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		goto out;
	r = X509_verify_cert(ctx) == 1 ? CSEAL_OK : CSEAL_ERR_SIGNATURE;
	*why = r == CSEAL_OK ? ""
			     : chain_error(X509_STORE_CTX_get_error(ctx),
				   X509_STORE_CTX_get_error_depth(ctx) == 0);
out:
	X509_STORE_CTX_free(ctx);
	sk_X509_free(trusted);
	sk_X509_free(between);
	return r;
}

/* ---- what one says ---- */

bool
certificate_is_p256(const X509 *x)
{
	const EVP_PKEY *key = X509_get0_pubkey(x);
	char group[32];
	size_t n = 0;

	return key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &n) == 1 &&
	       OBJ_txt2nid(group) == NID_X9_62_prime256v1;
}

/* One that is there once, and is not empty; NULL if not. */
static const ASN1_STRING *
subject_entry(const X509 *x, int nid)
{
	const X509_NAME *name = X509_get_subject_name(x);
	int i = X509_NAME_get_index_by_NID(name, nid, -1);
	const ASN1_STRING *s;

	if (i < 0 || X509_NAME_get_index_by_NID(name, nid, i) >= 0)
		return NULL;
	s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
	return ASN1_STRING_length(s) > 0 ? s : NULL;
}

static bool
subject_is_whole(const X509 *x)
{
	static const char unit[] = "Authenticator Attestation";
	const ASN1_STRING *country = subject_entry(x, NID_countryName);
	const ASN1_STRING *s = subject_entry(x, NID_organizationalUnitName);

	return country != NULL && ASN1_STRING_length(country) == 2 &&
	       subject_entry(x, NID_organizationName) != NULL &&
	       subject_entry(x, NID_commonName) != NULL && s != NULL &&
	       ASN1_STRING_length(s) == sizeof(unit) - 1 &&
	       memcmp(ASN1_STRING_get0_data(s), unit, sizeof(unit) - 1) == 0;
}

static bool
is_no_authority(const X509 *x)
{
	int critical;
	BASIC_CONSTRAINTS *b =
	    X509_get_ext_d2i(x, NID_basic_constraints, &critical, NULL);
	bool is = b != NULL && b->ca == 0;

	BASIC_CONSTRAINTS_free(b);
	return is;
}

static const char *
aaguid_lacks(const X509 *x, const uint8_t aaguid[CSEAL_AAGUID_BYTES])
{
	ASN1_OBJECT *oid = OBJ_txt2obj(AAGUID_OID, 1);
	int i = oid != NULL ? X509_get_ext_by_OBJ(x, oid, -1) : -1;
	int second = i >= 0 ? X509_get_ext_by_OBJ(x, oid, i) : -1;
	X509_EXTENSION *e = i >= 0 ? X509_get_ext(x, i) : NULL;
	const ASN1_OCTET_STRING *s;

	ASN1_OBJECT_free(oid);
	if (e == NULL)
		return NULL;
	if (second >= 0)
		return "its maker's certificate names two models";
	if (X509_EXTENSION_get_critical(e) != 0)
		return "its maker's certificate marks the model as critical";
	s = X509_EXTENSION_get_data(e);
	if (ASN1_STRING_length(s) != 2 + CSEAL_AAGUID_BYTES ||
	    memcmp(ASN1_STRING_get0_data(s), "\x04\x10", 2) != 0 ||
	    memcmp(ASN1_STRING_get0_data(s) + 2, aaguid, CSEAL_AAGUID_BYTES) !=
		0)
		return "its maker's certificate is for another model";
	return NULL;
}

const char *
certificate_lacks(const X509 *leaf, const uint8_t aaguid[CSEAL_AAGUID_BYTES])
{
	if (X509_get_version(leaf) != X509_VERSION_IS)
		return "its maker's certificate is not of X.509 version 3";
	if (!is_no_authority(leaf))
		return "its maker's certificate does not say that it is no "
		       "authority's";
	if (!subject_is_whole(leaf))
		return "its maker's certificate is not made out to an "
		       "Authenticator Attestation, with country, organisation "
		       "and name";
	return aaguid_lacks(leaf, aaguid);
}

int
certificate_key_id(const X509 *x, char out[CERTIFICATE_KEY_ID_BYTES])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_pubkey_digest(x, EVP_sha1(), md, &n) != 1 || n != 20)
		return CSEAL_ERR_INTERNAL;
	cseal_hex(md, n, out);
	return CSEAL_OK;
}
