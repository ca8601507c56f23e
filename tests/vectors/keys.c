/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key records: a founding each, in which the first key is what the row says.
 * Its possession holds as far as anybody can make it hold, so that it is the
 * row's own fault that decides. Another key seals the founding.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include "counterseal/seal.h"
#include "dcbor.h"
#include "maker.h"
#include "maker_item.h"
#include "mkvectors.h"
#include "offer_bytes.h"

#define UP_UV (CSEAL_FLAG_UP | CSEAL_FLAG_UV)
#define AT    CSEAL_FLAG_AT
#define ED    CSEAL_FLAG_ED
#define BE    CSEAL_FLAG_BE
#define ES384 CSEAL_ALG_ES384
#define EDDSA CSEAL_ALG_EDDSA
#define BAD   "key-proof error 0"
#define NONE  "none"

/* What an enrolment is made of; "" and 0 take what is usual. */
struct key_row {
	const char *name; /* NULL ends the table */
	const char *about;
	int alg;
	const char *cose;   /* edits of the COSE_Key, ~0 standing for -1 */
	const char *object; /* edits of the attestationObject */
	const char *tail;   /* edits of what is behind the COSE_Key */
	uint8_t flags;	    /* of the enrolment */
	uint8_t possession; /* flags */
	size_t id;	    /* length of the credential id */
	bool forged;	    /* possession: a signature that needs no secret */
	const char *finding;
};

/* S B = R + k A holds for every message if A is the neutral point. */
static void
forge(const struct maker_key *k, struct cseal_buf *signature)
{
	static const char order[] = "1000000000000000000000000000000014def9de"
				    "a2f79cd65812631a5cf5d3ed";
	EVP_PKEY *p =
	    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, k->secret, 32);
	BN_CTX *ctx = BN_CTX_new();
	uint8_t hash[64], out[64];
	size_t n = 32;
	BIGNUM *s, *l = NULL;

	/* RFC 8032 section 5.1.5: the scalar behind the point R */
	assert_int_equal(EVP_PKEY_get_raw_public_key(p, out, &n), 1);
	assert_int_equal(
	    EVP_Digest(k->secret, 32, hash, NULL, EVP_sha512(), NULL), 1);
	hash[0] &= 0xf8;
	hash[31] = (uint8_t)((hash[31] & 0x7f) | 0x40);
	s = BN_lebin2bn(hash, 32, NULL);
	assert_true(BN_hex2bn(&l, order) > 0);
	assert_int_equal(BN_nnmod(s, s, l, ctx), 1);
	assert_int_equal(BN_bn2lebinpad(s, out + 32, 32), 32);
	cseal_buf_reset(signature);
	cseal_buf_add(signature, out, sizeof(out));
	BN_free(s);
	BN_free(l);
	BN_CTX_free(ctx);
	EVP_PKEY_free(p);
}

static void
edit(struct cseal_buf *b, const char *edits, const char *name)
{
	if (!item_edit(b, edits))
		fail_msg("%s: cannot: %s", name, edits);
}

/* authData of an enrolment, WebAuthn section 6.5. */
static void
put_auth_data(const struct maker_key *k, const struct key_row *row,
    struct cseal_buf *auth)
{
	size_t n = row->id != 0 ? row->id : sizeof(k->id);
	struct cseal_buf cose;

	if (row->id > CSEAL_CREDENTIAL_MAX + 1)
		n = 0;
	maker_auth_data(
	    k->rp_id, row->flags != 0 ? row->flags : UP_UV | AT, 0, auth);
	cseal_buf_add(auth, k->aaguid, sizeof(k->aaguid));
	cseal_buf_add_u8(auth, (uint8_t)(n >> 8));
	cseal_buf_add_u8(auth, (uint8_t)n);
	for (size_t i = 0; i < n; i++)
		cseal_buf_add_u8(auth, k->id[i % sizeof(k->id)]);
	cseal_buf_init(&cose, 0);
	maker_key_cose(k, &cose);
	edit(&cose, row->cose, row->name);
	cseal_buf_add(auth, cose.data, cose.len);
	cseal_buf_free(&cose);
	edit(auth, row->tail, row->name);
}

static void
put_attestation(struct maker_key *k, const struct key_row *row)
{
	struct cseal_buf auth;

	cseal_buf_init(&auth, 0);
	put_auth_data(k, row, &auth);
	cseal_buf_reset(&k->attestation);
	dcbor_put_map(&k->attestation, 3);
	dcbor_put_str(&k->attestation, "fmt");
	dcbor_put_str(&k->attestation, "none");
	dcbor_put_str(&k->attestation, "attStmt");
	dcbor_put_map(&k->attestation, 0);
	dcbor_put_str(&k->attestation, "authData");
	dcbor_put_bytes(&k->attestation, auth.data, auth.len);
	edit(&k->attestation, row->object, row->name);
	k->record.attestation = cseal_buf_slice(&k->attestation);
	cseal_buf_free(&auth);
}

static void
possess(struct maker_key *k, const struct key_row *row)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	const struct cseal_slice message = { hash, sizeof(hash) };
	const struct cseal_slice rp_id = { (const uint8_t *)k->rp_id,
		strlen(k->rp_id) };
	struct cseal_seal *s = &k->record.possession;

	assert_int_equal(offer_core_digest(&k->record, hash), CSEAL_OK);
	cseal_buf_reset(&k->possession);
	assert_int_equal(cseal_seal_client_data(&k->possession, "webauthn.get",
			     CSEAL_NAMESPACE_ENROL, message, rp_id),
	    CSEAL_OK);
	cseal_buf_reset(&k->auth_data);
	maker_auth_data(k->rp_id,
	    row->possession != 0 ? row->possession : UP_UV, 1, &k->auth_data);
	cseal_buf_reset(&k->signature);
	if (row->forged)
		forge(k, &k->signature);
	else
		maker_key_seal(k, cseal_buf_slice(&k->auth_data),
		    cseal_buf_slice(&k->possession), &k->signature);
	s->auth_data = cseal_buf_slice(&k->auth_data);
	s->client_data = cseal_buf_slice(&k->possession);
	s->signature = cseal_buf_slice(&k->signature);
}

#define ED_POINT(hex) "= ~1 5820" hex
#define FF30	      "(ff)*30 "
#define OO30	      "(00)*30 "
#define O8_A	      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc"
#define O8_B	      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03"

static const struct key_row rows[] = {
	{ "es256", "a key, ES256", 0, "", "", "", 0, 0, 0, false, NONE },
	{ "es384", "a key, ES384", ES384, "", "", "", 0, 0, 0, false, NONE },
	{ "eddsa", "a key, EdDSA", EDDSA, "", "", "", 0, 0, 0, false, NONE },
	{ "cose-alg", "an algorithm that is not taken (RS256)", 0, "= 3 390100",
	    "", "", 0, 0, 0, false, BAD },
	{ "cose-alg-other", "ES384 over P-256", 0, "= 3 3822", "", "", 0, 0, 0,
	    false, BAD },
	{ "cose-curve", "a point of P-256, called one of P-384", 0, "= ~0 02",
	    "", "", 0, 0, 0, false, BAD },
	{ "cose-type", "an EC2 key, called OKP", 0, "= 1 01", "", "", 0, 0, 0,
	    false, BAD },
	{ "cose-member", "a COSE_Key with key_ops", 0, "< ~0 048102", "", "", 0,
	    0, 0, false, BAD },
	{ "cose-without-y", "no y", 0, "- ~2", "", "", 0, 0, 0, false, BAD },
	{ "cose-compressed", "the sign of y alone", 0, "= ~2 f5", "", "", 0, 0,
	    0, false, BAD },
	{ "cose-short", "y of 31 bytes", 0, "= ~2 581f(01)*31", "", "", 0, 0, 0,
	    false, BAD },
	{ "cose-long", "y of 33 bytes", 0, "= ~2 5821(01)*33", "", "", 0, 0, 0,
	    false, BAD },
	{ "cose-off-curve", "a point off the curve, P-256", 0,
	    "= ~2 5820(01)*32", "", "", 0, 0, 0, false, BAD },
	{ "cose-zero", "the point (0, 0)", 0,
	    "= ~1 5820(00)*32; = ~2 5820(00)*32", "", "", 0, 0, 0, false, BAD },
	{ "cose-off-curve-384", "a point off the curve, P-384", ES384,
	    "= ~2 5830(01)*48", "", "", 0, 0, 0, false, BAD },
	{ "cose-long-head", "a number in too many bytes", 0, "= 1 1802", "", "",
	    0, 0, 0, false, BAD },
	{ "cose-eddsa-y", "an EdDSA key with y", EDDSA, "+ . 225820(00)*32", "",
	    "", 0, 0, 0, false, BAD },
	{ "cose-eddsa-short", "an EdDSA key of 31 bytes", EDDSA,
	    "= ~1 581f(01)*31", "", "", 0, 0, 0, false, BAD },
	{ "small-order-1",
	    "the neutral point: its possession verifies, and nobody made it",
	    EDDSA, ED_POINT("01" OO30 "00"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-1-sign", "the same with the sign of x", EDDSA,
	    ED_POINT("01" OO30 "80"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-1-beyond", "the same, written as p + 1", EDDSA,
	    ED_POINT("ee" FF30 "7f"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-2", "the point of order 2", EDDSA,
	    ED_POINT("ec" FF30 "7f"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-4", "a point of order 4", EDDSA,
	    ED_POINT("00" OO30 "00"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-4-sign", "the other one", EDDSA,
	    ED_POINT("00" OO30 "80"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-4-beyond", "a point of order 4, written as p", EDDSA,
	    ED_POINT("ed" FF30 "7f"), "", "", 0, 0, 0, true, BAD },
	{ "small-order-8", "a point of order 8", EDDSA, ED_POINT(O8_A "05"), "",
	    "", 0, 0, 0, true, BAD },
	{ "small-order-8-sign", "a second one", EDDSA, ED_POINT(O8_A "85"), "",
	    "", 0, 0, 0, true, BAD },
	{ "small-order-8-other", "a third one", EDDSA, ED_POINT(O8_B "7a"), "",
	    "", 0, 0, 0, true, BAD },
	{ "small-order-8-other-sign", "the last one", EDDSA,
	    ED_POINT(O8_B "fa"), "", "", 0, 0, 0, true, BAD },
	{ "auth-data-extensions", "an enrolment with extensions", 0, "", "",
	    "! a1616101", UP_UV | AT | ED, 0, 0, false, NONE },
	{ "auth-data-extensions-empty", "the same, of an empty map", 0, "", "",
	    "! a0", UP_UV | AT | ED, 0, 0, false, NONE },
	{ "auth-data-extensions-none", "ED, and no extensions", 0, "", "", "",
	    UP_UV | AT | ED, 0, 0, false, BAD },
	{ "auth-data-extensions-array", "ED, and an array", 0, "", "", "! 80",
	    UP_UV | AT | ED, 0, 0, false, BAD },
	{ "auth-data-extensions-unmarked", "extensions, and not ED", 0, "", "",
	    "! a1616101", 0, 0, 0, false, BAD },
	{ "auth-data-trailing", "a byte behind the extensions", 0, "", "",
	    "! a161610100", UP_UV | AT | ED, 0, 0, false, BAD },
	{ "auth-data-no-at", "AT is clear", 0, "", "", "", UP_UV, 0, 0, false,
	    BAD },
	{ "auth-data-cut", "a COSE_Key that is cut", 0, "", "", "% 1", 0, 0, 0,
	    false, BAD },
	{ "auth-data-short", "cut in the credential id", 0, "", "", "% 90", 0,
	    0, 0, false, BAD },
	{ "auth-data-be", "a credential that can be copied", 0, "", "", "",
	    UP_UV | AT | BE, 0, 0, false, "seal-synced error 0" },
	{ "credential-1", "a credential id of one byte", 0, "", "", "", 0, 0, 1,
	    false, NONE },
	{ "credential-1023", "the longest credential id", 0, "", "", "", 0, 0,
	    1023, false, NONE },
	{ "credential-1024", "a credential id too long", 0, "", "", "", 0, 0,
	    1024, false, BAD },
	{ "credential-0", "no credential id", 0, "", "", "", 0, 0, SIZE_MAX,
	    false, BAD },
	{ "object-member", "an attestationObject with a member more", 0, "",
	    "< authData 67657061747453 740a", "", 0, 0, 0, false, BAD },
	{ "object-without-statement", "one without attStmt", 0, "", "- attStmt",
	    "", 0, 0, 0, false, BAD },
	{ "object-without-format", "one without fmt", 0, "", "- fmt", "", 0, 0,
	    0, false, BAD },
	{ "object-format-bytes", "fmt of bytes", 0, "", "= fmt 446e6f6e65", "",
	    0, 0, 0, false, BAD },
	{ "object-format-other", "a format that is not known", 0, "",
	    "= fmt 6374706d", "", 0, 0, 0, false, NONE },
	{ "object-statement-any", "attStmt that is no map", 0, "",
	    "= attStmt f6", "", 0, 0, 0, false, NONE },
	{ "object-statement-float", "attStmt with a fraction", 0, "",
	    "= attStmt f90000", "", 0, 0, 0, false, BAD },
	{ "object-trailing", "a byte behind it", 0, "", "! 00", "", 0, 0, 0,
	    false, BAD },
	{ "object-array", "an attestationObject that is none", 0, "", "= . 80",
	    "", 0, 0, 0, false, BAD },
	{ "object-auth-data-36", "authData too short", 0, "",
	    "= authData 5824(00)*36", "", 0, 0, 0, false, BAD },
	{ "possession-synced",
	    "BE in the possession alone: it is allowed there", 0, "", "", "", 0,
	    UP_UV | BE, 0, false, NONE },
	{ "possession-attested", "AT in the possession", 0, "", "", "", 0,
	    UP_UV | AT, 0, false, BAD },
	{ "possession-unverified", "no UV in the possession", 0, "", "", "", 0,
	    CSEAL_FLAG_UP, 0, false, BAD },
	{ NULL, NULL, 0, NULL, NULL, NULL, 0, 0, 0, false, NULL },
};

static void
write_row(struct out *o, const struct key_row *row)
{
	static const struct maker_person two[] = { { "lin", "admin", 1 },
		{ "mina", "admin", 1 } };
	struct vector v = { .lines = { .items = NULL } };
	struct maker *m = maker_new(10, two, 2);
	struct cseal_buf entry;
	struct maker_draft *d;
	char name[80];

	if (row->alg != 0) {
		maker_key_alg(&m->keys[0], 10, 0, row->alg);
		maker_key_enrol(&m->keys[0], NULL);
	}
	put_attestation(&m->keys[0], row);
	m->keys[0].record.verdict.level = CSEAL_VERDICT_NONE;
	possess(&m->keys[0], row);
	d = maker_genesis(m, 1);
	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	vector_add(&v, "kind", "ledger");
	vector_add(&v, "finding", row->finding);
	vector_add_bytes(&v, "entry", cseal_buf_slice(&entry));
	(void)snprintf(name, sizeof(name), "key/%s", row->name);
	out_write(o, &v, name, row->about);
	vector_free(&v);
	cseal_buf_free(&entry);
	maker_draft_free(d);
	maker_free(m);
}

void
write_keys(struct out *o)
{
	for (const struct key_row *r = rows; r->name != NULL; r++)
		write_row(o, r);
}
