/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include <fido.h>

#include "dcbor.h"
#include "digest.h"
#include "token_dev.h"

#define SIGNATURE_MIN	8 /* of an ECDSA signature over P-256 in DER */
#define SIGNATURE_MAX	72
#define AUTH_DATA_LIMIT 1024 /* bytes; without extensions it has 37 */

void
cseal_assertion_free(struct cseal_assertion *a)
{
	if (a == NULL)
		return;
	cseal_buf_free(&a->auth_data);
	cseal_buf_free(&a->signature);
}

static int
get_assert(fido_dev_t *dev, void *obj, const char *pin)
{
	return fido_dev_get_assert(dev, obj, pin);
}

/* A request for an assertion by one of `ids`; NULL when memory is out. */
static fido_assert_t *
new_assert(const char *rp_id, const struct cseal_slice *ids, size_t n)
{
	fido_assert_t *a = fido_assert_new();

	if (a == NULL)
		return NULL;
	if (fido_assert_set_rp(a, rp_id) != FIDO_OK) {
		fido_assert_free(&a);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (fido_assert_allow_cred(a, ids[i].data, ids[i].len) !=
		    FIDO_OK) {
			fido_assert_free(&a);
			return NULL;
		}
	}
	return a;
}

/* Which of `ids` answered. A key may leave its name out if it had no choice. */
static int
match_id(const struct cseal_token *t, const fido_assert_t *a,
    const struct cseal_slice *ids, size_t n, size_t *which,
    struct cseal_error *err)
{
	const unsigned char *id = fido_assert_id_ptr(a, 0);
	size_t len = fido_assert_id_len(a, 0);

	if (fido_assert_count(a) != 1)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key gave %zu assertions where one was asked for; use "
		    "another key",
		    fido_assert_count(a));
	*which = 0;
	if (id == NULL || len == 0) {
		if (n == 1)
			return CSEAL_OK;
	} else {
		for (size_t i = 0; i < n; i++) {
			*which = i;
			if (ids[i].len == len &&
			    memcmp(ids[i].data, id, len) == 0)
				return CSEAL_OK;
		}
	}
	return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
	    "the key signed with a credential that was not asked for; do not "
	    "use this key");
}

/* libfido2 keeps authenticator data as the CBOR byte string that it came in. */
static int
unwrap_auth_data(const struct cseal_token *t, const fido_assert_t *a,
    struct cseal_slice *out, struct cseal_error *err)
{
	struct dcbor_reader r;

	dcbor_reader_init(
	    &r, fido_assert_authdata_ptr(a, 0), fido_assert_authdata_len(a, 0));
	*out = dcbor_get_bytes(&r);
	if (dcbor_reader_end(&r) != CSEAL_OK || out->len > AUTH_DATA_LIMIT)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key's authenticator data cannot be read; use another "
		    "key");
	return CSEAL_OK;
}

static int
take_reply(const struct cseal_token *t, const fido_assert_t *a,
    const char *rp_id, bool silent, struct cseal_assertion *out,
    struct cseal_error *err)
{
	size_t sig_len = fido_assert_sig_len(a, 0);
	struct cseal_slice ad;
	int r;

	if ((r = unwrap_auth_data(t, a, &ad, err)) != CSEAL_OK ||
	    (r = silent ? token_check_rp(t, ad, rp_id, err)
			: token_check_auth_data(t, ad, rp_id, false, err)) !=
		CSEAL_OK)
		return r;
	if (fido_assert_sig_ptr(a, 0) == NULL || sig_len < SIGNATURE_MIN ||
	    sig_len > SIGNATURE_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key's signature has %zu bytes instead of %d to %d; "
		    "use another key",
		    sig_len, SIGNATURE_MIN, SIGNATURE_MAX);
	cseal_buf_init(&out->auth_data, AUTH_DATA_LIMIT);
	cseal_buf_init(&out->signature, SIGNATURE_MAX);
	if ((r = cseal_buf_add(&out->auth_data, ad.data, ad.len)) != CSEAL_OK ||
	    (r = cseal_buf_add(&out->signature, fido_assert_sig_ptr(a, 0),
		 sig_len)) != CSEAL_OK) {
		cseal_assertion_free(out);
		return cseal_error_set(err, r, "token", NULL);
	}
	return CSEAL_OK;
}

/* Verified, and touched; or neither. */
static int
exchange(struct cseal_token *t, fido_assert_t *a, bool silent,
    struct cseal_error *err)
{
	int f;

	if (!silent)
		return token_exchange_verified(t, get_assert, a, err);
	f = token_exchange(t, TOKEN_QUICK, get_assert, a, NULL);
	return f == FIDO_OK ? CSEAL_OK : token_failed(t, f, err);
}

/* An assertion by one of `ids`, which fit into one message. */
static int
seal_one(struct cseal_token *t, const char *rp_id,
    struct cseal_slice client_data, const struct cseal_slice *ids, size_t n,
    bool silent, struct cseal_assertion *out, struct cseal_error *err)
{
	fido_assert_t *a = new_assert(rp_id, ids, n);
	int r;

	if (a == NULL ||
	    fido_assert_set_clientdata(a, client_data.data, client_data.len) !=
		FIDO_OK ||
	    (silent ? fido_assert_set_up(a, FIDO_OPT_FALSE)
		    : fido_assert_set_uv(a, FIDO_OPT_TRUE)) != FIDO_OK) {
		r = cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
		goto out;
	}
	if ((r = exchange(t, a, silent, err)) != CSEAL_OK ||
	    (r = match_id(t, a, ids, n, &out->which, err)) != CSEAL_OK)
		goto out;
	r = take_reply(t, a, rp_id, silent, out, err);
out:
	fido_assert_free(&a);
	return r;
}

static int
check_arguments(const char *rp_id, const struct cseal_slice *allow, size_t n,
    struct cseal_error *err)
{
	if (allow == NULL || n == 0)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "credentials", "none is given");
	return token_check_request(rp_id, allow, n, err);
}

static int
seal(struct cseal_token *t, const char *rp_id, struct cseal_slice client_data,
    const struct cseal_slice *allow, size_t n_allow, bool silent,
    struct cseal_assertion *out, struct cseal_error *err)
{
	size_t which;
	int r;

	memset(out, 0, sizeof(*out));
	if (client_data.data == NULL || client_data.len == 0)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "client data", "must not be empty");
	if ((r = check_arguments(rp_id, allow, n_allow, err)) != CSEAL_OK)
		return r;
	if (token_fits(t, rp_id, allow, n_allow))
		return seal_one(
		    t, rp_id, client_data, allow, n_allow, silent, out, err);
	/* Too many for one message: ask first which of them is here. */
	if ((r = cseal_token_holds(t, rp_id, allow, n_allow, &which, err)) !=
	    CSEAL_OK)
		return r;
	r = seal_one(t, rp_id, client_data, &allow[which], 1, silent, out, err);
	out->which = r == CSEAL_OK ? which : 0;
	return r;
}

int
cseal_token_seal(struct cseal_token *t, const char *rp_id,
    struct cseal_slice client_data, const struct cseal_slice *allow,
    size_t n_allow, struct cseal_assertion *out, struct cseal_error *err)
{
	return seal(t, rp_id, client_data, allow, n_allow, false, out, err);
}

int
cseal_token_seal_silent(struct cseal_token *t, const char *rp_id,
    struct cseal_slice client_data, const struct cseal_slice *allow,
    size_t n_allow, struct cseal_assertion *out, struct cseal_error *err)
{
	return seal(t, rp_id, client_data, allow, n_allow, true, out, err);
}

/*
 * A silent signature: over random bytes, never over a statement, and never
 * given away (stock verifiers would take it for a seal). libfido2 wipes it.
 */
static int
holds_batch(struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *ids, size_t n, size_t *which,
    struct cseal_error *err)
{
	fido_assert_t *a = new_assert(rp_id, ids, n);
	uint8_t noise[CSEAL_HASH_BYTES];
	struct cseal_slice ad;
	int f, r;

	if (a == NULL) {
		r = cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
		goto out;
	}
	if ((r = digest_random(noise, sizeof(noise))) != CSEAL_OK) {
		cseal_error_set(err, r, "token", NULL);
		goto out;
	}
	if (fido_assert_set_clientdata_hash(a, noise, sizeof(noise)) !=
		FIDO_OK ||
	    fido_assert_set_up(a, FIDO_OPT_FALSE) != FIDO_OK) {
		r = cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
		goto out;
	}
	f = token_exchange(t, TOKEN_QUICK, get_assert, a, NULL);
	if (f != FIDO_OK)
		r = token_failed(t, f, err);
	else if ((r = match_id(t, a, ids, n, which, err)) == CSEAL_OK &&
		 (r = unwrap_auth_data(t, a, &ad, err)) == CSEAL_OK)
		r = token_check_rp(t, ad, rp_id, err);
out:
	fido_assert_free(&a);
	return r;
}

/*
 * The next run of ids that fit into one message, from *at on. Those that are
 * longer than the key makes them are not on it; some keys fail on sight.
 */
static size_t
next_batch(const struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *allow, size_t n_allow, size_t *at)
{
	size_t n;

	if (t->max_id_len == 0)
		return token_batch(t, rp_id, allow + *at, n_allow - *at);
	while (*at < n_allow && allow[*at].len > t->max_id_len)
		(*at)++;
	for (n = 0; *at + n < n_allow && allow[*at + n].len <= t->max_id_len;)
		n++;
	return token_batch(t, rp_id, allow + *at, n);
}

int
cseal_token_holds(struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *allow, size_t n_allow, size_t *which,
    struct cseal_error *err)
{
	size_t at = 0, found, n;
	int r;

	*which = 0;
	if ((r = check_arguments(rp_id, allow, n_allow, err)) != CSEAL_OK)
		return r;
	while ((n = next_batch(t, rp_id, allow, n_allow, &at)) > 0) {
		r = holds_batch(t, rp_id, allow + at, n, &found, err);
		if (r == CSEAL_OK) {
			*which = at + found;
			return CSEAL_OK;
		}
		if (r != CSEAL_ERR_NOT_FOUND)
			return r;
		at += n;
	}
	return token_fido_error(FIDO_ERR_NO_CREDENTIALS, t->info.name, err);
}
