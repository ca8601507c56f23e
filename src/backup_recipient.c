/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a backup goes to: the desk of an offer, or a certificate's key. */

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "counterseal/backup.h"
#include "counterseal/offer.h"

static const char begin[] = "-----BEGIN CERTIFICATE-----";

static bool
is_certificate(struct cseal_slice bytes)
{
	return bytes.len <= INT32_MAX &&
	       memmem(bytes.data, bytes.len, begin, sizeof(begin) - 1) != NULL;
}

static int
of_certificate(uint8_t out[CSEAL_DESK_KEY_BYTES], struct cseal_slice bytes,
    struct cseal_error *err)
{
	BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.len);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	EVP_PKEY *pkey = cert != NULL ? X509_get0_pubkey(cert) : NULL;
	char group[32];
	size_t n = 0;
	bool ok;

	ok = pkey != NULL && EVP_PKEY_is_a(pkey, "EC") == 1 &&
	     EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
	     strcmp(group, SN_X9_62_prime256v1) == 0 &&
	     EVP_PKEY_set_utf8_string_param(pkey,
		 OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
		 OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) == 1 &&
	     EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, out,
		 CSEAL_DESK_KEY_BYTES, &n) == 1 &&
	     n == CSEAL_DESK_KEY_BYTES;
	X509_free(cert);
	BIO_free(bio);
	if (ok)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "certificate",
	    "has no key on the curve P-256");
}

static int
of_offer(uint8_t out[CSEAL_DESK_KEY_BYTES], struct cseal_slice bytes,
    struct cseal_error *err)
{
	struct cseal_offer offer;
	struct cseal_buf copy;
	int r;

	cseal_buf_init(&copy, 0);
	r = cseal_buf_add(&copy, bytes.data, bytes.len);
	if (r == CSEAL_OK)
		r = cseal_offer_parse(&offer, &copy, err);
	cseal_buf_free(&copy);
	if (r != CSEAL_OK)
		return r;
	if (offer.key.has_desk)
		memcpy(out, offer.key.desk, CSEAL_DESK_KEY_BYTES);
	else
		r = cseal_error_set(err, CSEAL_ERR_INPUT, "offer",
		    "it names no desk: offer a key anew");
	cseal_offer_free(&offer);
	return r;
}

int
cseal_backup_recipient(uint8_t out[CSEAL_DESK_KEY_BYTES],
    struct cseal_slice bytes, struct cseal_error *err)
{
	return is_certificate(bytes) ? of_certificate(out, bytes, err)
				     : of_offer(out, bytes, err);
}
