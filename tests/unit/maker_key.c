/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of makers: enrolment, and signatures that a seed determines. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "counterseal/seal.h"
#include "counterseal/text.h"
#include "dcbor.h"
#include "digest.h"
#include "maker.h"
#include "maker_within.h"
#include "offer_bytes.h"

#define PACKED "packed"
#define UP_UV  (CSEAL_FLAG_UP | CSEAL_FLAG_UV)

/* One row a signature algorithm. */
struct alg {
	int alg; /* RFC 9053 */
	int kty;
	int crv;
	int nid;       /* OpenSSL's curve */
	size_t secret; /* bytes; of an EC key those of a coordinate too */
	const EVP_MD *(*md)(void); /* NULL: Ed25519 */
};

static const struct alg algs[] = {
	{ CSEAL_ALG_ES256, 2, 1, NID_X9_62_prime256v1, 32, EVP_sha256 },
	{ CSEAL_ALG_ES384, 2, 2, NID_secp384r1, 48, EVP_sha384 },
	{ CSEAL_ALG_EDDSA, 1, 6, NID_undef, 32, NULL },
};

static const struct alg *
alg_of(const struct maker_key *k)
{
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (algs[i].alg == k->alg)
			return &algs[i];
	}
	fail_msg("no algorithm %d", k->alg);
	return NULL;
}

/* A curve, and room to reckon. */
struct curve {
	EC_GROUP *group;
	BN_CTX *ctx;
	EC_POINT *point;
	BIGNUM *x, *y;
};

static void
curve_init(struct curve *c, const struct alg *a)
{
	c->group = EC_GROUP_new_by_curve_name(a->nid);
	c->ctx = BN_CTX_new();
	c->point = EC_POINT_new(c->group);
	c->x = BN_new();
	c->y = BN_new();
	assert_non_null(c->y);
}

static void
curve_free(struct curve *c)
{
	EC_POINT_free(c->point);
	EC_GROUP_free(c->group);
	BN_CTX_free(c->ctx);
	BN_free(c->x);
	BN_free(c->y);
}

/* The point scalar * G into c->x and c->y. */
static void
curve_multiply(struct curve *c, const BIGNUM *scalar)
{
	assert_int_equal(
	    EC_POINT_mul(c->group, c->point, scalar, NULL, NULL, c->ctx), 1);
	assert_int_equal(EC_POINT_get_affine_coordinates(
			     c->group, c->point, c->x, c->y, c->ctx),
	    1);
}

/* A number within the order of the group, from bytes. */
static BIGNUM *
curve_number(const struct curve *c, const uint8_t *p, size_t len)
{
	BIGNUM *n = BN_bin2bn(p, (int)len, NULL);

	assert_non_null(n);
	assert_int_equal(
	    BN_nnmod(n, n, EC_GROUP_get0_order(c->group), c->ctx), 1);
	assert_false(BN_is_zero(n));
	return n;
}

static void
find_point(const struct alg *a, const uint8_t *secret, uint8_t *point)
{
	int n = (int)a->secret;
	struct curve c;
	BIGNUM *d;

	curve_init(&c, a);
	d = curve_number(&c, secret, a->secret);
	curve_multiply(&c, d);
	point[0] = 0x04;
	assert_int_equal(BN_bn2binpad(c.x, point + 1, n), n);
	assert_int_equal(BN_bn2binpad(c.y, point + 1 + n, n), n);
	BN_free(d);
	curve_free(&c);
}

static EVP_PKEY *
ed_key(const struct maker_key *k)
{
	EVP_PKEY *p =
	    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, k->secret, 32);

	assert_non_null(p);
	return p;
}

static void
find_ed_point(struct maker_key *k)
{
	EVP_PKEY *p = ed_key(k);
	size_t n = sizeof(k->point);

	assert_int_equal(EVP_PKEY_get_raw_public_key(p, k->point, &n), 1);
	EVP_PKEY_free(p);
}

void
maker_key_alg(struct maker_key *k, uint64_t seed, uint64_t number, int alg)
{
	const struct alg *a;

	k->alg = alg;
	a = alg_of(k);
	maker_draw_named(seed, "secret", number, k->secret, a->secret);
	if (a->md == NULL)
		find_ed_point(k);
	else
		find_point(a, k->secret, k->point);
}

void
maker_key_desk(struct maker_key *k, uint64_t seed, uint64_t number)
{
	uint8_t secret[32];

	maker_draw_named(seed, "desk", number, secret, sizeof(secret));
	find_point(&algs[0], secret, k->desk);
	k->has_desk = true;
}

void
maker_key_init(
    struct maker_key *k, uint64_t seed, uint64_t number, const char *handle)
{
	memset(k, 0, sizeof(*k));
	snprintf(k->handle, sizeof(k->handle), "%s", handle);
	snprintf(k->rp_id, sizeof(k->rp_id), "%s", MAKER_RP_ID);
	k->flags = UP_UV;
	maker_draw_named(seed, "credential", number, k->id, 32);
	maker_draw_named(seed, "nonce", number, k->nonce, sizeof(k->nonce));
	maker_key_alg(k, seed, number, CSEAL_ALG_ES256);
}

void
maker_key_free(struct maker_key *k)
{
	cseal_buf_free(&k->attestation);
	cseal_buf_free(&k->client_data);
	cseal_buf_free(&k->auth_data);
	cseal_buf_free(&k->possession);
	cseal_buf_free(&k->signature);
}

void
maker_key_cose(const struct maker_key *k, struct cseal_buf *out)
{
	const struct alg *a = alg_of(k);

	dcbor_put_map(out, a->md != NULL ? 5 : 4);
	dcbor_put_int(out, 1);
	dcbor_put_int(out, a->kty);
	dcbor_put_int(out, 3);
	dcbor_put_int(out, a->alg);
	dcbor_put_int(out, -1);
	dcbor_put_int(out, a->crv);
	dcbor_put_int(out, -2);
	dcbor_put_bytes(out, k->point + (a->md != NULL ? 1 : 0), a->secret);
	if (a->md == NULL)
		return;
	dcbor_put_int(out, -3);
	dcbor_put_bytes(out, k->point + 1 + a->secret, a->secret);
}

static void
ed_sign(const struct maker_key *k, struct cseal_slice message,
    struct cseal_buf *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *p = ed_key(k);
	uint8_t signature[64];
	size_t n = sizeof(signature);

	assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, p), 1);
	assert_int_equal(
	    EVP_DigestSign(ctx, signature, &n, message.data, message.len), 1);
	assert_int_equal(cseal_buf_add(out, signature, n), CSEAL_OK);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(p);
}

/* The numbers that ECDSA needs, all below the order of the group. */
struct reckoning {
	BIGNUM *d; /* the private scalar */
	BIGNUM *z; /* the hash, as long as the order */
	BIGNUM *k; /* the nonce */
};

static void
reckon(struct reckoning *r, const struct curve *c, const struct maker_key *k,
    struct cseal_slice message)
{
	const struct alg *a = alg_of(k);
	struct cseal_buf secret;
	uint8_t hash[EVP_MAX_MD_SIZE];

	cseal_buf_init(&secret, 0);
	cseal_buf_add(&secret, k->secret, a->secret);
	cseal_buf_add(&secret, message.data, message.len);
	assert_int_equal(
	    EVP_Digest(message.data, message.len, hash, NULL, a->md(), NULL),
	    1);
	r->d = curve_number(c, k->secret, a->secret);
	r->z = curve_number(c, hash, a->secret);
	assert_int_equal(
	    EVP_Digest(secret.data, secret.len, hash, NULL, a->md(), NULL), 1);
	r->k = curve_number(c, hash, a->secret);
	cseal_buf_free(&secret);
}

/* s = (z + r d) / k. A k that anybody can compute is fit for tests alone. */
static void
ec_sign(const struct maker_key *k, struct cseal_slice message,
    struct cseal_buf *out)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *s = BN_new();
	const BIGNUM *order;
	struct reckoning r;
	uint8_t *der = NULL;
	struct curve c;
	int len;

	curve_init(&c, alg_of(k));
	order = EC_GROUP_get0_order(c.group);
	reckon(&r, &c, k, message);
	curve_multiply(&c, r.k);
	assert_int_equal(BN_nnmod(c.x, c.x, order, c.ctx), 1);
	assert_int_equal(BN_mod_mul(s, c.x, r.d, order, c.ctx), 1);
	assert_int_equal(BN_mod_add(s, s, r.z, order, c.ctx), 1);
	assert_non_null(BN_mod_inverse(r.k, r.k, order, c.ctx));
	assert_int_equal(BN_mod_mul(s, s, r.k, order, c.ctx), 1);
	assert_int_equal(ECDSA_SIG_set0(sig, BN_dup(c.x), s), 1);
	len = i2d_ECDSA_SIG(sig, &der);
	assert_true(len > 0);
	assert_int_equal(cseal_buf_add(out, der, (size_t)len), CSEAL_OK);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig); /* and s */
	BN_free(r.d);
	BN_free(r.z);
	BN_free(r.k);
	curve_free(&c);
}

void
maker_key_sign(const struct maker_key *k, struct cseal_slice message,
    struct cseal_buf *out)
{
	if (alg_of(k)->md == NULL)
		ed_sign(k, message, out);
	else
		ec_sign(k, message, out);
}

void
maker_auth_data(
    const char *rp_id, uint8_t flags, uint32_t counter, struct cseal_buf *out)
{
	struct cseal_slice s = { (const uint8_t *)rp_id, strlen(rp_id) };
	uint8_t hash[CSEAL_HASH_BYTES];

	assert_int_equal(digest_sha256(hash, &s, 1), CSEAL_OK);
	cseal_buf_add(out, hash, sizeof(hash));
	cseal_buf_add_u8(out, flags);
	cseal_buf_add_u32(out, counter);
	assert_int_equal(cseal_buf_error(out), CSEAL_OK);
}

void
maker_key_seal(const struct maker_key *k, struct cseal_slice auth_data,
    struct cseal_slice client_data, struct cseal_buf *signature)
{
	struct cseal_buf message;
	uint8_t hash[CSEAL_HASH_BYTES];

	cseal_buf_init(&message, 0);
	assert_int_equal(digest_sha256(hash, &client_data, 1), CSEAL_OK);
	cseal_buf_add(&message, auth_data.data, auth_data.len);
	cseal_buf_add(&message, hash, sizeof(hash));
	maker_key_sign(k, cseal_buf_slice(&message), signature);
	cseal_buf_free(&message);
}

/* attestationObject, its authData being what the flags say. */
static void
attest(struct maker_key *k, const struct maker_enrolment *how)
{
	const char *format = how->format != NULL ? how->format : PACKED;
	const uint8_t flags =
	    how->flags != 0 ? how->flags : UP_UV | CSEAL_FLAG_AT;
	struct cseal_buf auth, sig;

	cseal_buf_init(&auth, 0);
	cseal_buf_init(&sig, 0);
	maker_auth_data(k->rp_id, flags, 0, &auth);
	if ((flags & CSEAL_FLAG_AT) != 0) {
		cseal_buf_add(&auth, k->aaguid, sizeof(k->aaguid));
		cseal_buf_add_u8(&auth, 0);
		cseal_buf_add_u8(&auth, sizeof(k->id));
		cseal_buf_add(&auth, k->id, sizeof(k->id));
		maker_key_cose(k, &auth);
	}
	cseal_buf_reset(&k->attestation);
	dcbor_put_map(&k->attestation, 3);
	dcbor_put_str(&k->attestation, "fmt");
	dcbor_put_str(&k->attestation, format);
	dcbor_put_str(&k->attestation, "attStmt");
	if (how->statement != NULL) {
		how->statement(
		    how->ctx, k, cseal_buf_slice(&auth), &k->attestation);
	} else if (strcmp(format, PACKED) == 0) {
		maker_key_seal(k, cseal_buf_slice(&auth),
		    cseal_buf_slice(&k->client_data), &sig);
		dcbor_put_map(&k->attestation, 2);
		dcbor_put_str(&k->attestation, "alg");
		dcbor_put_int(&k->attestation, k->alg);
		dcbor_put_str(&k->attestation, "sig");
		dcbor_put_bytes(&k->attestation, sig.data, sig.len);
	} else {
		dcbor_put_map(&k->attestation, 0);
	}
	dcbor_put_str(&k->attestation, "authData");
	dcbor_put_bytes(&k->attestation, auth.data, auth.len);
	assert_int_equal(cseal_buf_error(&k->attestation), CSEAL_OK);
	cseal_buf_free(&auth);
	cseal_buf_free(&sig);
}

/* The same bytes that the enrolling desk would ask the key to sign. */
static void
plan(const struct maker_key *k, const struct maker_enrolment *how,
    struct cseal_offer_plan *p)
{
	const char *org = how->org != NULL ? how->org : MAKER_ORG;

	assert_int_equal(
	    cseal_offer_plan(p, how->handle != NULL ? how->handle : k->handle,
		how->ledger != NULL ? NULL : org, how->ledger,
		how->ledger_rp_id ? k->rp_id : NULL, k->rp_id, NULL, NULL),
	    CSEAL_OK);
	memcpy(p->nonce, k->nonce, sizeof(p->nonce));
}

/*
 * The possession proof is over the record without proof and verdict, which is
 * what cseal_offer_possess_data() makes of a plan; a monitor's key has one
 * member more, so it is made here.
 */
static void
possess(struct maker_key *k, uint8_t flags)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	const struct cseal_slice message = { hash, sizeof(hash) };
	const struct cseal_slice rp_id = { (const uint8_t *)k->rp_id,
		strlen(k->rp_id) };

	assert_int_equal(offer_core_digest(&k->record, hash), CSEAL_OK);
	cseal_buf_reset(&k->possession);
	assert_int_equal(cseal_seal_client_data(&k->possession, "webauthn.get",
			     CSEAL_NAMESPACE_ENROL, message, rp_id),
	    CSEAL_OK);
	cseal_buf_reset(&k->auth_data);
	maker_auth_data(k->rp_id, flags, ++k->counter, &k->auth_data);
	cseal_buf_reset(&k->signature);
	maker_key_seal(k, cseal_buf_slice(&k->auth_data),
	    cseal_buf_slice(&k->possession), &k->signature);
}

void
maker_key_enrol(struct maker_key *k, const struct maker_enrolment *how)
{
	static const struct maker_enrolment usual = { .ledger = NULL };
	struct cseal_key *r = &k->record;
	struct cseal_offer_plan p;

	how = how != NULL ? how : &usual;
	plan(k, how, &p);
	cseal_buf_reset(&k->client_data);
	assert_int_equal(cseal_offer_enrol_data(&p, &k->client_data), CSEAL_OK);
	cseal_offer_plan_free(&p);
	attest(k, how);
	memset(r, 0, sizeof(*r));
	r->handle.data = (const uint8_t *)k->handle;
	r->handle.len = strlen(k->handle);
	r->attestation = cseal_buf_slice(&k->attestation);
	r->client_data = cseal_buf_slice(&k->client_data);
	r->has_rp_id = !how->ledger_rp_id;
	r->rp_id.data = (const uint8_t *)k->rp_id;
	r->rp_id.len = strlen(k->rp_id);
	memcpy(r->nonce, k->nonce, sizeof(r->nonce));
	r->monitor = k->monitor;
	r->has_desk = k->has_desk;
	memcpy(r->desk, k->desk, sizeof(r->desk));
	possess(k, how->possession_flags != 0 ? how->possession_flags : UP_UV);
	r->possession.auth_data = cseal_buf_slice(&k->auth_data);
	r->possession.client_data = cseal_buf_slice(&k->possession);
	r->possession.signature = cseal_buf_slice(&k->signature);
	r->verdict.evaluated = MAKER_CLOCK;
	if (cseal_key_verdict(r, &r->verdict.level, NULL) != CSEAL_OK)
		r->verdict.level = CSEAL_VERDICT_NONE;
}
