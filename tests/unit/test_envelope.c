/* SPDX-License-Identifier: BSD-2-Clause */
/* Envelopes: sealed, opened, and everything that must not open. */

#include "counterseal/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/evp.h>

#include "slice.h"

#define DESKS 3

struct fixture {
	struct cseal_desk_key *key[DESKS];
	uint8_t point[DESKS][CSEAL_DESK_KEY_BYTES];
	struct cseal_buf der, plain;
	struct cseal_error err;
};

static int
setup(void **state)
{
	static struct fixture f;
	char folder[] = "/tmp/cseal-envelope-XXXXXX", path[64];

	memset(&f, 0, sizeof(f));
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	for (size_t i = 0; i < DESKS; i++) {
		assert_int_equal(
		    cseal_desk_key_open(&f.key[i], path, true, &f.err),
		    CSEAL_OK);
		cseal_desk_key_public(f.key[i], f.point[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	cseal_buf_init(&f.der, 0);
	cseal_buf_init(&f.plain, 0);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < DESKS; i++)
		cseal_desk_key_free(f->key[i]);
	cseal_buf_free(&f->der);
	cseal_buf_free(&f->plain);
	return 0;
}

static void
seal(struct fixture *f, struct cseal_slice plain, size_t n)
{
	cseal_buf_reset(&f->der);
	if (cseal_envelope_seal(&f->der, plain, f->point, n, &f->err) !=
	    CSEAL_OK)
		fail_msg("%s", f->err.what);
}

static int
open_as(struct fixture *f, size_t desk)
{
	cseal_buf_reset(&f->plain);
	return cseal_envelope_open(
	    &f->plain, cseal_buf_slice(&f->der), f->key[desk], &f->err);
}

static void
test_round_trip(void **state)
{
	static const size_t sizes[] = { 0, 1, 254, 255, 256, 257, 4095, 4096,
		CSEAL_ENVELOPE_PLAIN_MAX };
	struct fixture *f = *state;
	struct cseal_buf plain;

	cseal_buf_init(&plain, 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		/* Zeros and the padding's own byte at its end, too. */
		cseal_buf_reset(&plain);
		while (plain.len < sizes[i])
			cseal_buf_add_u8(&plain, plain.len % 3 == 0 ? 0x80 : 0);
		seal(f, cseal_buf_slice(&plain), DESKS);
		for (size_t k = 0; k < DESKS; k++) {
			assert_int_equal(open_as(f, k), CSEAL_OK);
			assert_int_equal(f->plain.len, plain.len);
			if (plain.len > 0)
				assert_memory_equal(
				    f->plain.data, plain.data, plain.len);
		}
	}
	cseal_buf_free(&plain);
}

/* Two sealings have nothing in common but their length. */
static void
test_fresh(void **state)
{
	struct fixture *f = *state;
	uint8_t tag[16];
	size_t len;

	seal(f, slice_of("the same"), 1);
	len = f->der.len;
	memcpy(tag, f->der.data + len - 16, 16);
	seal(f, slice_of("the same"), 1);
	assert_int_equal(f->der.len, len);
	assert_memory_not_equal(tag, f->der.data + len - 16, 16);
}

/* 0 to 255 bytes look alike. */
static void
test_padding(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[256] = { 0 };
	size_t first;

	seal(f, slice_of(""), 1);
	first = f->der.len;
	seal(f, (struct cseal_slice){ bytes, 255 }, 1);
	assert_int_equal(f->der.len, first);
	seal(f, (struct cseal_slice){ bytes, 256 }, 1);
	assert_int_not_equal(f->der.len, first);
}

static void
test_for_other_desks(void **state)
{
	struct fixture *f = *state;

	seal(f, slice_of("x"), 1);
	assert_int_equal(open_as(f, 0), CSEAL_OK);
	assert_int_equal(open_as(f, 1), CSEAL_ERR_NOT_FOUND);
	assert_non_null(strstr(f->err.what, "other desks"));
	assert_int_equal(f->plain.len, 0);
}

/* A person with two security keys at one desk. */
static void
test_named_twice(void **state)
{
	struct fixture *f = *state;
	size_t once;

	seal(f, slice_of("x"), 1);
	once = f->der.len;
	memcpy(f->point[1], f->point[0], sizeof(f->point[0]));
	seal(f, slice_of("x"), 2);
	assert_int_equal(f->der.len, once);
	assert_int_equal(open_as(f, 0), CSEAL_OK);
}

static void
test_most_desks(void **state)
{
	struct fixture *f = *state;
	uint8_t(*many)[CSEAL_DESK_KEY_BYTES];
	struct cseal_buf plain;
	size_t n = CSEAL_ENVELOPE_DESKS_MAX;
	EVP_PKEY *pkey;

	cseal_buf_init(&plain, 0);
	while (plain.len < CSEAL_ENVELOPE_PLAIN_MAX)
		cseal_buf_add_u8(&plain, 1);
	many = calloc(n + 1, sizeof(*many));
	assert_non_null(many);
	for (size_t i = 0; i < n + 1; i++) {
		pkey = EVP_EC_gen("P-256");
		assert_int_equal(EVP_PKEY_get_octet_string_param(pkey, "pub",
				     many[i], sizeof(many[i]), NULL),
		    1);
		EVP_PKEY_free(pkey);
	}
	memcpy(many[n - 1], f->point[0], sizeof(many[0]));
	assert_int_equal(cseal_envelope_seal(&f->der, cseal_buf_slice(&plain),
			     many, n, &f->err),
	    CSEAL_OK);
	assert_in_range(f->der.len, 1, CSEAL_ENVELOPE_MAX);
	assert_int_equal(open_as(f, 0), CSEAL_OK);
	assert_int_equal(f->plain.len, plain.len);
	cseal_buf_reset(&f->der);
	assert_int_equal(cseal_envelope_seal(&f->der, cseal_buf_slice(&plain),
			     many, n + 1, &f->err),
	    CSEAL_ERR_TOO_LARGE);
	cseal_buf_add_u8(&plain, 1);
	assert_int_equal(cseal_envelope_seal(&f->der, cseal_buf_slice(&plain),
			     many, 1, &f->err),
	    CSEAL_ERR_TOO_LARGE);
	assert_int_equal(f->der.len, 0);
	cseal_buf_free(&plain);
	free(many);
}

static void
test_seal_refuses(void **state)
{
	static const uint8_t firsts[] = { 0x00, 0x02, 0x03, 0x06, 0x07 };
	struct fixture *f = *state;
	uint8_t keep = f->point[1][0];
	struct cseal_buf little;

	assert_int_equal(
	    cseal_envelope_seal(&f->der, slice_of("x"), f->point, 0, &f->err),
	    CSEAL_ERR_USAGE);
	for (size_t i = 0; i < sizeof(firsts); i++) {
		f->point[1][0] = firsts[i];
		assert_int_equal(cseal_envelope_seal(&f->der, slice_of("x"),
				     f->point, DESKS, &f->err),
		    CSEAL_ERR_INPUT);
		assert_int_equal(f->der.len, 0);
	}
	f->point[1][0] = keep;
	f->point[1][64] ^= 1;
	assert_int_equal(cseal_envelope_seal(
			     &f->der, slice_of("x"), f->point, DESKS, &f->err),
	    CSEAL_ERR_INPUT);
	cseal_buf_init(&little, 100);
	assert_int_equal(
	    cseal_envelope_seal(&little, slice_of("x"), f->point, 1, &f->err),
	    CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&little);
}

/* ---- hostile bytes ---- */

/* Of every bit: either damaged, or no longer for us; and never opened. */
static void
test_every_bit(void **state)
{
	struct fixture *f = *state;
	size_t other = 0;

	seal(f, slice_of("account"), 1);
	for (size_t i = 0; i < f->der.len * 8; i++) {
		f->der.data[i / 8] ^= (uint8_t)(1u << i % 8);
		switch (open_as(f, 0)) {
		case CSEAL_ERR_CORRUPT: break;
		case CSEAL_ERR_NOT_FOUND: other++; break;
		default: fail_msg("bit %zu opens", i);
		}
		assert_int_equal(f->plain.len, 0);
		f->der.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	assert_int_equal(other, 20 * 8); /* those of the identifier */
	assert_int_equal(open_as(f, 0), CSEAL_OK);
}

static void
test_every_length(void **state)
{
	struct fixture *f = *state;
	size_t whole;
	uint8_t *copy;

	seal(f, slice_of("account"), 2);
	whole = f->der.len;
	for (size_t n = 0; n < whole; n++) {
		/* A copy of its own size, so that a sanitizer sees the end. */
		copy = malloc(n > 0 ? n : 1);
		assert_non_null(copy);
		memcpy(copy, f->der.data, n);
		assert_int_equal(
		    cseal_envelope_open(&f->plain,
			(struct cseal_slice){ n > 0 ? copy : NULL, n },
			f->key[0], &f->err),
		    CSEAL_ERR_CORRUPT);
		free(copy);
	}
	cseal_buf_add_u8(&f->der, 0);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	while (f->der.len <= CSEAL_ENVELOPE_MAX)
		cseal_buf_add_u8(&f->der, 0);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
}

/*
 * Something more at the end of each part, with the lengths around it right:
 * such as the attributes that nothing would protect.
 */
static void
test_more_inside(void **state)
{
	static const size_t lengths[] = { 2, 19, 23 }; /* of 2 bytes each */
	struct fixture *f = *state;
	uint8_t *p;

	for (size_t n = 0; n <= 3; n++) {
		seal(f, slice_of("x"), 1);
		cseal_buf_add_u8(&f->der, 0x05);
		cseal_buf_add_u8(&f->der, 0x00);
		p = f->der.data;
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(p[lengths[i] - 1], 0x82);
			assert_in_range(p[lengths[i] + 1], 0, 0xfd);
			p[lengths[i] + 1] = (uint8_t)(p[lengths[i] + 1] + 2);
		}
		assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	}
}

/* The ephemeral point of the first recipient stands behind these bytes. */
static uint8_t *
find(struct fixture *f, const void *what, size_t n)
{
	uint8_t *p = memmem(f->der.data, f->der.len, what, n);

	assert_non_null(p);
	return p;
}

/* A point that is none, or the zero point: no arithmetic with it. */
static void
test_bad_point(void **state)
{
	static const uint8_t before[] = { 0x03, 0x42, 0x00, 0x04 };
	struct fixture *f = *state;
	uint8_t *p;

	seal(f, slice_of("x"), 1);
	p = find(f, before, sizeof(before)) + sizeof(before);
	memset(p, 0, 64);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	memset(p, 0xff, 64);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
}

/* ---- what others make ---- */

/* A certificate that names the desk as we do. */
static X509 *
certificate(const uint8_t point[CSEAL_DESK_KEY_BYTES])
{
	static const uint8_t head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07,
		0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
		0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 };
	uint8_t spki[sizeof(head) + CSEAL_DESK_KEY_BYTES], id[EVP_MAX_MD_SIZE];
	const unsigned char *p = spki;
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	X509 *cert = X509_new();
	EVP_PKEY *pkey, *signer = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	memcpy(spki, head, sizeof(head));
	memcpy(spki + sizeof(head), point, CSEAL_DESK_KEY_BYTES);
	pkey = d2i_PUBKEY(NULL, &p, sizeof(spki));
	assert_non_null(pkey);
	assert_int_equal(EVP_Digest(point, CSEAL_DESK_KEY_BYTES, id, NULL,
			     EVP_sha256(), NULL),
	    1);
	assert_int_equal(ASN1_OCTET_STRING_set(s, id, 20), 1);
	assert_int_equal(X509_set_version(cert, 2), 1);
	assert_int_equal(X509_set_pubkey(cert, pkey), 1);
	assert_int_equal(
	    X509_add1_ext_i2d(cert, NID_subject_key_identifier, s, 0, 0), 1);
	assert_true(X509_sign(cert, signer, NULL) > 0);
	ASN1_OCTET_STRING_free(s);
	EVP_PKEY_free(pkey);
	EVP_PKEY_free(signer);
	return cert;
}

/* What another CMS of OpenSSL's would be. */
struct other {
	const EVP_CIPHER *cipher;
	const EVP_MD *kdf;
	unsigned flags;
	bool enveloped; /* without authentication */
	bool password;	/* a further way in */
};

static void
make_other(struct fixture *f, const struct other *o, const void *plain, int n)
{
	BIO *in = BIO_new_mem_buf(plain, n);
	X509 *cert = certificate(f->point[0]);
	CMS_ContentInfo *cms = o->enveloped
				   ? CMS_EnvelopedData_create(o->cipher)
				   : CMS_AuthEnvelopedData_create(o->cipher);
	CMS_RecipientInfo *ri = CMS_add1_recipient_cert(cms, cert, o->flags);
	unsigned char *der = NULL;
	int len;

	assert_non_null(ri);
	assert_int_equal(EVP_PKEY_CTX_set_ecdh_kdf_md(
			     CMS_RecipientInfo_get0_pkey_ctx(ri), o->kdf),
	    1);
	if (o->password)
		assert_non_null(CMS_add0_recipient_password(cms, -1, -1, -1,
		    (unsigned char *)OPENSSL_strdup("guess"), 5,
		    EVP_aes_256_cbc()));
	assert_int_equal(CMS_set_detached(cms, 0), 1);
	assert_int_equal(CMS_final(cms, in, NULL, CMS_BINARY), 1);
	len = i2d_CMS_ContentInfo(cms, &der);
	assert_true(len > 0);
	cseal_buf_reset(&f->der);
	cseal_buf_add(&f->der, der, (size_t)len);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	X509_free(cert);
	BIO_free(in);
}

/* Nothing weaker, and nothing else. */
static void
test_others(void **state)
{
	struct fixture *f = *state;
	uint8_t padded[256] = { 'x', 0x80 };
	const struct other good = { EVP_aes_256_gcm(), EVP_sha256(),
		CMS_USE_KEYID, false, false };
	const struct other bad[] = {
		{ EVP_aes_128_gcm(), EVP_sha256(), CMS_USE_KEYID, false,
		    false },
		{ EVP_aes_192_gcm(), EVP_sha256(), CMS_USE_KEYID, false,
		    false },
		{ EVP_aes_256_gcm(), EVP_sha1(), CMS_USE_KEYID, false, false },
		{ EVP_aes_256_gcm(), EVP_sha512(), CMS_USE_KEYID, false,
		    false },
		{ EVP_aes_256_cbc(), EVP_sha256(), CMS_USE_KEYID, true, false },
		{ EVP_aes_256_gcm(), EVP_sha256(), CMS_USE_KEYID, false, true },
	};

	make_other(f, &good, padded, sizeof(padded));
	assert_int_equal(open_as(f, 0), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&f->plain), "x");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		make_other(f, &bad[i], padded, sizeof(padded));
		assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	}
}

/* The padding is the one that we write; it is authentic here, and wrong. */
static void
test_bad_padding(void **state)
{
	struct fixture *f = *state;
	const struct other good = { EVP_aes_256_gcm(), EVP_sha256(),
		CMS_USE_KEYID, false, false };
	uint8_t p[512] = { 0 };

	make_other(f, &good, p, 256); /* zeros alone */
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	p[255] = 0x81;
	make_other(f, &good, p, 256);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	p[254] = 0x80; /* as it should be, but for the length */
	make_other(f, &good, p, 255);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	p[254] = 0;
	p[255] = 0x80;
	make_other(f, &good, p, 255);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	make_other(f, &good, p, 512); /* more than is needed */
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	make_other(f, &good, p, 0);
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	make_other(f, &good, p, 256);
	assert_int_equal(open_as(f, 0), CSEAL_OK);
	assert_int_equal(f->plain.len, 255);
}

/* Bits of no meaning, lengths of two ways to write them, a tag cut short. */
static void
test_other_encodings(void **state)
{
	static const uint8_t point[] = { 0x03, 0x42, 0x00, 0x04 };
	static const uint8_t icv[] = { 0x02, 0x01, 0x10 };
	struct fixture *f = *state;
	uint8_t *p;

	seal(f, slice_of("x"), 1);
	find(f, point, sizeof(point))[2] = 1;
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	seal(f, slice_of("x"), 1);
	find(f, icv, sizeof(icv))[2] = 12;
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	/* 30 82 LL LL becomes 30 83 00 LL LL, the whole kept consistent. */
	seal(f, slice_of("x"), 1);
	assert_int_equal(f->der.data[1], 0x82);
	cseal_buf_add_u8(&f->der, 0);
	p = f->der.data;
	memmove(p + 3, p + 2, f->der.len - 3);
	p[1] = 0x83;
	p[2] = 0;
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
	/* No length at all: 30 80 ... 00 00 */
	seal(f, slice_of("x"), 1);
	f->der.data[1] = 0x80;
	assert_int_equal(open_as(f, 0), CSEAL_ERR_CORRUPT);
}

#define ENVELOPE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ENVELOPE(test_round_trip),
		ENVELOPE(test_fresh),
		ENVELOPE(test_padding),
		ENVELOPE(test_for_other_desks),
		ENVELOPE(test_named_twice),
		ENVELOPE(test_most_desks),
		ENVELOPE(test_seal_refuses),
		ENVELOPE(test_every_bit),
		ENVELOPE(test_every_length),
		ENVELOPE(test_more_inside),
		ENVELOPE(test_bad_point),
		ENVELOPE(test_others),
		ENVELOPE(test_bad_padding),
		ENVELOPE(test_other_encodings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
