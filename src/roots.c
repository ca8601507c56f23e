/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of certificates that an organisation trusts. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certificate.h"
#include "digest.h"

#define ROOTS_LIMIT 256

struct cseal_roots {
	STACK_OF(X509) * list; /* owns them; in the order of their bytes */
	uint8_t hash[CSEAL_HASH_BYTES];
};

void
cseal_roots_free(struct cseal_roots *r)
{
	if (r == NULL)
		return;
	certificates_free(r->list);
	free(r);
}

const uint8_t *
cseal_roots_hash(const struct cseal_roots *r)
{
	return r->hash;
}

const STACK_OF(X509) * roots_list(const struct cseal_roots *r)
{
	return r->list;
}

static int
add_block(struct cseal_roots *r, const char *name, struct cseal_slice der,
    struct cseal_error *err)
{
	int n = sk_X509_num(r->list), e;

	if (strcmp(name, PEM_STRING_X509) != 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
		    "something else than certificates stands in it, too");
	if (n == ROOTS_LIMIT)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
		    "more than %d certificates", ROOTS_LIMIT);
	e = certificate_add(r->list, der);
	return e == CSEAL_ERR_FORMAT
		   ? cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
			 "certificate %d of it is damaged", n + 1)
		   : e;
}

static int
read_blocks(struct cseal_roots *r, BIO *in, struct cseal_error *err)
{
	char *name, *header;
	unsigned char *data;
	long len;
	int e = CSEAL_OK;

	while (e == CSEAL_OK &&
	       PEM_read_bio(in, &name, &header, &data, &len) == 1) {
		e = add_block(
		    r, name, (struct cseal_slice){ data, (size_t)len }, err);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(data);
	}
	/* How it ends, when it was read to its end. */
	if (e == CSEAL_OK &&
	    ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		e = cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
		    "damaged behind its certificate %d", sk_X509_num(r->list));
	ERR_clear_error();
	if (e == CSEAL_OK && sk_X509_num(r->list) == 0)
		e = cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
		    "no certificate stands in it: PEM is wanted, which begins "
		    "with -----BEGIN CERTIFICATE-----");
	return e;
}

static int
by_bytes(const X509 *const *a, const X509 *const *b)
{
	unsigned char *p = NULL, *q = NULL;
	int n = i2d_X509(*a, &p), m = i2d_X509(*b, &q), d = 0;

	if (n > 0 && m > 0)
		d = memcmp(p, q, (size_t)(n < m ? n : m));
	OPENSSL_free(p);
	OPENSSL_free(q);
	return d != 0 ? d : n - m;
}

/* In order, each once; their hash. */
static int
settle(struct cseal_roots *r)
{
	struct cseal_buf all;
	struct cseal_slice s;
	unsigned char *der;
	int e, n;

	(void)sk_X509_set_cmp_func(r->list, by_bytes);
	sk_X509_sort(r->list);
	for (int i = sk_X509_num(r->list) - 1; i > 0; i--) {
		const X509 *a = sk_X509_value(r->list, i);
		const X509 *b = sk_X509_value(r->list, i - 1);

		if (by_bytes(&a, &b) == 0)
			X509_free(sk_X509_delete(r->list, i));
	}
	cseal_buf_init(&all, 0);
	for (int i = 0; i < sk_X509_num(r->list); i++) {
		der = NULL;
		n = i2d_X509(sk_X509_value(r->list, i), &der);
		if (n > 0)
			(void)cseal_buf_add(&all, der, (size_t)n);
		OPENSSL_free(der);
	}
	s = cseal_buf_slice(&all);
	e = cseal_buf_error(&all);
	if (e == CSEAL_OK)
		e = digest_sha256(r->hash, &s, 1);
	cseal_buf_free(&all);
	return e;
}

int
cseal_roots_parse(
    struct cseal_roots **out, struct cseal_slice pem, struct cseal_error *err)
{
	struct cseal_roots *r = calloc(1, sizeof(*r));
	BIO *in = NULL;
	int e = CSEAL_ERR_NOMEM;

	*out = NULL;
	if (pem.len > CSEAL_ROOTS_MAX) {
		e = cseal_error_set(err, CSEAL_ERR_INPUT, "roots",
		    "longer than %d bytes", CSEAL_ROOTS_MAX);
		goto out;
	}
	if (r != NULL)
		r->list = sk_X509_new_null();
	in = BIO_new_mem_buf(
	    pem.len > 0 ? pem.data : (const uint8_t *)"", (int)pem.len);
	if (r == NULL || r->list == NULL || in == NULL)
		goto out;
	ERR_clear_error();
	e = read_blocks(r, in, err);
	if (e == CSEAL_OK)
		e = settle(r);
	if (e == CSEAL_OK) {
		*out = r; /* transferred */
		r = NULL;
	}
out:
	BIO_free(in);
	cseal_roots_free(r);
	return e;
}
