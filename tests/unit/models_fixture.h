/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of makers, and metadata, of the files that mkmodels.sh makes. */

#ifndef TESTS_UNIT_MODELS_FIXTURE_H
#define TESTS_UNIT_MODELS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/pem.h>

#include "counterseal/attestation.h"

#include "dcbor.h"
#include "digest.h"
#include "maker.h"

#define MODEL	  ((const uint8_t *)"cseal-soft-token")
#define NO_MODEL  ((const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
#define DAY	  UINT64_C(86400)
#define CERTS_MAX 4

static char models_folder[] = "/tmp/test_models.XXXXXX";

static inline int
models_make(void **state)
{
	char command[128];

	(void)state;
	if (mkdtemp(models_folder) == NULL)
		return -1;
	(void)snprintf(command, sizeof(command), "tests/unit/mkmodels.sh %s",
	    models_folder);
	return system(command) == 0 ? 0 : -1;
}

static inline int
models_remove(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", models_folder);
	return system(command) == 0 ? 0 : -1;
}

static inline void
models_read(const char *name, struct cseal_buf *out)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", models_folder, name);
	cseal_buf_init(out, 0);
	if (cseal_buf_read_file(out, path, CSEAL_METADATA_MAX) != CSEAL_OK)
		fail_msg("%s: cannot be read", path);
}

/* NULL for NULL. */
static inline struct cseal_roots *
models_roots(const char *name)
{
	struct cseal_roots *roots = NULL;
	struct cseal_error err;
	struct cseal_buf b;

	if (name == NULL)
		return NULL;
	models_read(name, &b);
	if (cseal_roots_parse(&roots, cseal_buf_slice(&b), &err) != CSEAL_OK)
		fail_msg("%s: %s", name, err.what);
	cseal_buf_free(&b);
	return roots;
}

/* What a maker has its keys say of themselves. */
struct batch {
	EVP_PKEY *key;
	X509 *certs[CERTS_MAX];
	size_t n;
	int64_t alg;	    /* packed: as it is said */
	const char *format; /* "packed", "fido-u2f" */
};

static inline void
batch_read(struct batch *b, const char *name)
{
	char path[128];
	FILE *f;

	memset(b, 0, sizeof(*b));
	(void)snprintf(path, sizeof(path), "%s/%s.pem", models_folder, name);
	f = fopen(path, "r");
	assert_non_null(f);
	b->key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	assert_non_null(b->key);
	while (b->n < CERTS_MAX &&
	       (b->certs[b->n] = PEM_read_X509(f, NULL, NULL, NULL)) != NULL)
		b->n++;
	assert_true(b->n > 0);
	(void)fclose(f);
	b->alg = CSEAL_ALG_ES256;
	b->format = "packed";
}

static inline void
batch_free(struct batch *b)
{
	EVP_PKEY_free(b->key);
	for (size_t i = 0; i < b->n; i++)
		X509_free(b->certs[i]);
}

static inline void
batch_sign(
    const struct batch *b, const struct cseal_buf *m, struct cseal_buf *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[256];
	size_t n = sizeof(sig);

	assert_int_equal(
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, b->key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &n, m->data, m->len), 1);
	dcbor_put_str(out, "sig");
	dcbor_put_bytes(out, sig, n);
	EVP_MD_CTX_free(ctx);
}

static inline void
batch_put_x5c(const struct batch *b, struct cseal_buf *out)
{
	unsigned char *der;
	int n;

	dcbor_put_str(out, "x5c");
	dcbor_put_array(out, b->n);
	for (size_t i = 0; i < b->n; i++) {
		der = NULL;
		n = i2d_X509(b->certs[i], &der);
		assert_true(n > 0);
		dcbor_put_bytes(out, der, (size_t)n);
		OPENSSL_free(der);
	}
}

/* For struct maker_enrolment: attStmt by the batch's key. */
static inline void
batch_statement(void *ctx, const struct maker_key *k,
    struct cseal_slice auth_data, struct cseal_buf *out)
{
	const struct batch *b = ctx;
	const struct cseal_slice client = cseal_buf_slice(&k->client_data);
	const bool packed = strcmp(b->format, "packed") == 0;
	uint8_t hash[CSEAL_HASH_BYTES];
	struct cseal_buf m;

	assert_int_equal(digest_sha256(hash, &client, 1), CSEAL_OK);
	cseal_buf_init(&m, 0);
	if (!packed)
		cseal_buf_add_u8(&m, 0);
	cseal_buf_add(&m, auth_data.data,
	    packed ? auth_data.len : (size_t)CSEAL_HASH_BYTES);
	cseal_buf_add(&m, hash, sizeof(hash));
	if (!packed) {
		cseal_buf_add(&m, k->id, sizeof(k->id));
		cseal_buf_add(&m, k->point, 65);
	}
	dcbor_put_map(out, packed ? 3 : 2);
	if (packed) {
		dcbor_put_str(out, "alg");
		dcbor_put_int(out, b->alg);
	}
	batch_sign(b, &m, out);
	batch_put_x5c(b, out);
	cseal_buf_free(&m);
}

#endif
