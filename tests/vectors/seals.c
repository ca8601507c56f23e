/* SPDX-License-Identifier: BSD-2-Clause */
/* Seals: one each, good, or with one thing wrong. */

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
#include <openssl/obj_mac.h>

#include "maker.h"
#include "maker_item.h"
#include "mkvectors.h"

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV
#define BE CSEAL_FLAG_BE
#define BS CSEAL_FLAG_BS
#define AT CSEAL_FLAG_AT
#define ED CSEAL_FLAG_ED

/* What the verifier is told, beside the seal. */
enum demand {
	USUAL = 0,
	UV_OPTIONAL = 1,
	SYNCED = 2,
	MONITOR = 4,
};

/* A seal in the making. */
struct parts {
	struct maker_key key, other;
	struct cseal_buf statement, auth, client, signature;
};

struct seal_row {
	const char *name; /* NULL ends the table */
	const char *about;
	int alg; /* 0: ES256 */
	uint8_t flags;
	const char *tail; /* hexadecimal, behind the counter */
	const char *from; /* of the clientDataJSON: what is replaced */
	const char *to;
	unsigned demand;
	void (*alter)(struct parts *p); /* after it was sealed */
	const char *finding;
};

static const char fingerprint[] = "https://" MAKER_RP_ID;

/* ---- what is done to a good seal ---- */

static void
other_statement(struct parts *p)
{
	p->statement.data[p->statement.len - 1] ^= 1;
}

static void
other_rp_hash(struct parts *p)
{
	p->auth.data[0] ^= 1;
	cseal_buf_reset(&p->signature);
	maker_key_seal(&p->key, cseal_buf_slice(&p->auth),
	    cseal_buf_slice(&p->client), &p->signature);
}

static void
other_counter(struct parts *p)
{
	p->auth.data[36] ^= 1;
}

static void
other_key(struct parts *p)
{
	cseal_buf_reset(&p->signature);
	maker_key_seal(&p->other, cseal_buf_slice(&p->auth),
	    cseal_buf_slice(&p->client), &p->signature);
}

static void
flip_last(struct parts *p)
{
	p->signature.data[p->signature.len - 1] ^= 1;
}

static void
byte_more(struct parts *p)
{
	cseal_buf_add_u8(&p->signature, 0);
}

static void
byte_less(struct parts *p)
{
	assert_true(item_edit(&p->signature, "% 1"));
}

static void
with_signature(struct parts *p, const uint8_t *bytes, size_t n)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	cseal_buf_add(&b, bytes, n);
	cseal_buf_reset(&p->signature);
	cseal_buf_add(&p->signature, b.data, b.len);
	cseal_buf_free(&b);
}

/* SEQUENCE with its length in two bytes. */
static void
der_long_length(struct parts *p)
{
	uint8_t b[128];
	size_t n = p->signature.len;

	assert_true(n + 1 <= sizeof(b));
	b[0] = 0x30;
	b[1] = 0x81;
	memcpy(b + 2, p->signature.data + 1, n - 1);
	with_signature(p, b, n + 1);
}

/* A zero more before r. */
static void
der_zero(struct parts *p)
{
	uint8_t b[128];
	size_t n = p->signature.len;

	assert_true(n + 1 <= sizeof(b));
	memcpy(b, p->signature.data, 4);
	b[1]++;
	b[3]++;
	b[4] = 0;
	memcpy(b + 5, p->signature.data + 4, n - 4);
	with_signature(p, b, n + 1);
}

/* r and s behind one another, as some formats have them. */
static void
der_none(struct parts *p)
{
	const uint8_t *der = p->signature.data;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)p->signature.len);
	uint8_t b[64];

	assert_non_null(sig);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(sig), b, 32), 32);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(sig), b + 32, 32), 32);
	ECDSA_SIG_free(sig);
	with_signature(p, b, sizeof(b));
}

/* n - s in the place of s: another good signature of the same. */
static void
other_s(struct parts *p)
{
	const uint8_t *in = p->signature.data;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &in, (long)p->signature.len);
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	uint8_t *der = NULL;
	BIGNUM *s = BN_new();
	int n;

	assert_non_null(sig);
	assert_int_equal(
	    BN_sub(s, EC_GROUP_get0_order(group), ECDSA_SIG_get0_s(sig)), 1);
	assert_int_equal(
	    ECDSA_SIG_set0(sig, BN_dup(ECDSA_SIG_get0_r(sig)), s), 1);
	n = i2d_ECDSA_SIG(sig, &der);
	assert_true(n > 0);
	with_signature(p, der, (size_t)n);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EC_GROUP_free(group);
}

/* S + L in the place of S (RFC 8032 section 5.1.7: S must be below L). */
static void
other_ed_s(struct parts *p)
{
	static const char order[] = "1000000000000000000000000000000014def9de"
				    "a2f79cd65812631a5cf5d3ed";
	BIGNUM *l = NULL, *s;

	assert_int_equal(p->signature.len, 64);
	s = BN_lebin2bn(p->signature.data + 32, 32, NULL);
	assert_true(BN_hex2bn(&l, order) > 0);
	assert_int_equal(BN_add(s, s, l), 1);
	assert_int_equal(BN_bn2lebinpad(s, p->signature.data + 32, 32), 32);
	BN_free(l);
	BN_free(s);
}

/* ---- the rows ---- */

#define ES384 CSEAL_ALG_ES384
#define EDDSA CSEAL_ALG_EDDSA
#define BOTH  (UP | UV)
#define C     "seal-client-data"
#define A     "seal-auth-data"
#define S     "seal-signature"
#define NONE  "none"

static const struct seal_row rows[] = {
	{ "es256", "a good seal, ES256", 0, BOTH, "", "", "", 0, NULL, NONE },
	{ "es384", "a good seal, ES384", ES384, BOTH, "", "", "", 0, NULL,
	    NONE },
	{ "eddsa", "a good seal, EdDSA", EDDSA, BOTH, "", "", "", 0, NULL,
	    NONE },
	{ "statement-other", "sealed for another statement", 0, BOTH, "", "",
	    "", 0, other_statement, C },
	{ "client-type", "made as an enrolment", 0, BOTH, "", "webauthn.get",
	    "webauthn.create", 0, NULL, C },
	{ "client-http", "an origin without TLS", 0, BOTH, "", "https://",
	    "http://", 0, NULL, C },
	{ "client-origin", "an origin of another name", 0, BOTH, "",
	    fingerprint, "https://example.com", 0, NULL, C },
	{ "client-port", "an origin with a port", 0, BOTH, "", ".invalid",
	    ".invalid:443", 0, NULL, C },
	{ "client-cross", "made in a frame of another page", 0, BOTH, "",
	    "false", "true", 0, NULL, C },
	{ "client-space", "a space in the JSON", 0, BOTH, "", "{", "{ ", 0,
	    NULL, C },
	{ "client-order", "its members in another order", 0, BOTH, "",
	    "\"type\":\"webauthn.get\",", "", 0, NULL, C },
	{ "client-member", "a member more", 0, BOTH, "", "false}",
	    "false,\"topOrigin\":\"https://example.com\"}", 0, NULL, C },
	{ "client-feed", "a line feed behind it", 0, BOTH, "", "false}",
	    "false}\n", 0, NULL, C },
	{ "client-padding", "the challenge with padding", 0, BOTH, "",
	    "\",\"origin", "=\",\"origin", 0, NULL, C },
	{ "client-blob", "a blob of another version", 0, BOTH, "", "U1NIU0lH",
	    "U1NIU0lI", 0, NULL, C },
	{ "rp-id-other", "made for another rp id", 0, BOTH, "", "", "", 0,
	    other_rp_hash, "seal-rp-id" },
	{ "client-before-rp-id",
	    "the wrong clientDataJSON and the wrong rp id: the first decides",
	    0, BOTH, "", "false", "true", 0, other_rp_hash, C },
	{ "rp-id-before-auth-data", "the wrong rp id and AT: the rp id decides",
	    0, BOTH | AT, "", "", "", 0, other_rp_hash, "seal-rp-id" },
	{ "attested", "AT is set", 0, BOTH | AT, "", "", "", 0, NULL, A },
	{ "extensions", "extensions", 0, BOTH | ED,
	    "a16b6372656450726f7465637402", "", "", 0, NULL, NONE },
	{ "extensions-two", "two of them, the shorter name first", 0, BOTH | ED,
	    "a2616101 626161f5", "", "", 0, NULL, NONE },
	{ "extensions-none", "ED, and no extensions", 0, BOTH | ED, "", "", "",
	    0, NULL, A },
	{ "extensions-empty", "ED, and an empty map", 0, BOTH | ED, "a0", "",
	    "", 0, NULL, A },
	{ "extensions-array", "ED, and an array", 0, BOTH | ED, "8101", "", "",
	    0, NULL, A },
	{ "extensions-unmarked", "extensions, and not ED", 0, BOTH, "a1616101",
	    "", "", 0, NULL, A },
	{ "extensions-order", "extensions out of order", 0, BOTH | ED,
	    "a2626161f5 616101", "", "", 0, NULL, A },
	{ "extensions-long", "a number in too many bytes", 0, BOTH | ED,
	    "a161611801", "", "", 0, NULL, A },
	{ "extensions-indefinite", "a map without a count", 0, BOTH | ED,
	    "bf616101ff", "", "", 0, NULL, A },
	{ "extensions-trailing", "a byte behind them", 0, BOTH | ED,
	    "a161610100", "", "", 0, NULL, A },
	{ "extensions-cut", "extensions that are cut", 0, BOTH | ED, "a2616101",
	    "", "", 0, NULL, A },
	{ "flags-reserved", "flags that are reserved for future use", 0,
	    BOTH | 0x22, "", "", "", 0, NULL, NONE },
	{ "touch", "no touch", 0, UV, "", "", "", 0, NULL, "seal-touch" },
	{ "touch-optional", "no touch, where UV is optional", 0, 0, "", "", "",
	    UV_OPTIONAL, NULL, "seal-touch" },
	{ "touch-before-verification", "neither: the touch decides", 0, 0, "",
	    "", "", 0, NULL, "seal-touch" },
	{ "verification", "neither PIN nor fingerprint", 0, UP, "", "", "", 0,
	    NULL, "seal-verification" },
	{ "verification-optional", "the same where it is optional", 0, UP, "",
	    "", "", UV_OPTIONAL, NULL, NONE },
	{ "monitor", "neither, of a monitor's key", 0, 0, "", "", "", MONITOR,
	    NULL, NONE },
	{ "monitor-touched", "both, of a monitor's key", 0, BOTH, "", "", "",
	    MONITOR, NULL, NONE },
	{ "synced", "a key that can be copied", 0, BOTH | BE, "", "", "", 0,
	    NULL, "seal-synced" },
	{ "synced-backed-up", "one that was copied", 0, BOTH | BE | BS, "", "",
	    "", 0, NULL, "seal-synced" },
	{ "synced-allowed", "the same where it is allowed", 0, BOTH | BE | BS,
	    "", "", "", SYNCED, NULL, NONE },
	{ "synced-monitor", "a monitor's key that can be copied", 0, BE, "", "",
	    "", MONITOR, NULL, "seal-synced" },
	{ "backed-up", "copied, and cannot be copied", 0, BOTH | BS, "", "", "",
	    SYNCED, NULL, A },
	{ "verification-before-synced", "no UV, and BE: UV decides", 0, UP | BE,
	    "", "", "", 0, NULL, "seal-verification" },
	{ "synced-before-signature",
	    "BE, and a signature that does not verify: BE decides", 0,
	    BOTH | BE, "", "", "", 0, flip_last, "seal-synced" },
	{ "signature-flipped", "a bit of the signature", 0, BOTH, "", "", "", 0,
	    flip_last, S },
	{ "signature-other-key", "another key's", 0, BOTH, "", "", "", 0,
	    other_key, S },
	{ "signature-counter", "another counter", 0, BOTH, "", "", "", 0,
	    other_counter, S },
	{ "signature-trailing", "a byte behind it", 0, BOTH, "", "", "", 0,
	    byte_more, S },
	{ "signature-cut", "without its last byte", 0, BOTH, "", "", "", 0,
	    byte_less, S },
	{ "signature-length", "its length in two bytes", 0, BOTH, "", "", "", 0,
	    der_long_length, S },
	{ "signature-zero", "a zero too many before r", 0, BOTH, "", "", "", 0,
	    der_zero, S },
	{ "signature-raw", "r and s without DER", 0, BOTH, "", "", "", 0,
	    der_none, S },
	{ "signature-other-s",
	    "n - s in the place of s: it verifies (the same statement twice is "
	    "another rule)",
	    0, BOTH, "", "", "", 0, other_s, NONE },
	{ "es384-flipped", "a bit of the signature, ES384", ES384, BOTH, "", "",
	    "", 0, flip_last, S },
	{ "eddsa-counter", "another counter, EdDSA", EDDSA, BOTH, "", "", "", 0,
	    other_counter, S },
	{ "eddsa-trailing", "a byte behind it, EdDSA", EDDSA, BOTH, "", "", "",
	    0, byte_more, S },
	{ "eddsa-cut", "without its last byte, EdDSA", EDDSA, BOTH, "", "", "",
	    0, byte_less, S },
	{ "eddsa-other-s", "S + L in the place of S", EDDSA, BOTH, "", "", "",
	    0, other_ed_s, S },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL },
};

/* ---- writing ---- */

/* A statement as any other; what it says is not judged here. */
static void
state_something(struct parts *p)
{
	struct maker *m = maker_founded(3);
	struct maker_draft *d = maker_endorse(m, LIN);

	cseal_buf_init(&p->statement, 0);
	assert_int_equal(
	    cseal_statement_encode(&p->statement, &d->st), CSEAL_OK);
	maker_draft_free(d);
	maker_free(m);
}

static void
put_client_data(struct parts *p, const struct seal_row *row)
{
	const struct cseal_slice rp_id = { (const uint8_t *)MAKER_RP_ID,
		strlen(MAKER_RP_ID) };
	struct cseal_buf usual;
	const char *text, *at;

	cseal_buf_init(&usual, 0);
	assert_int_equal(
	    cseal_seal_client_data(&usual, "webauthn.get", CSEAL_NAMESPACE,
		cseal_buf_slice(&p->statement), rp_id),
	    CSEAL_OK);
	text = cseal_buf_str(&usual);
	at = strstr(text, row->from);
	assert_non_null(at);
	cseal_buf_add(&p->client, text, (size_t)(at - text));
	cseal_buf_add_str(&p->client, row->to);
	cseal_buf_add_str(&p->client, at + strlen(row->from));
	cseal_buf_free(&usual);
}

static void
make(struct parts *p, const struct seal_row *row)
{
	char tail[200];

	state_something(p);
	maker_key_init(&p->key, 3, 100, "lin");
	maker_key_init(&p->other, 3, 101, "lin");
	if (row->alg != 0)
		maker_key_alg(&p->key, 3, 100, row->alg);
	cseal_buf_init(&p->auth, 0);
	cseal_buf_init(&p->client, 0);
	cseal_buf_init(&p->signature, 0);
	maker_auth_data(MAKER_RP_ID, row->flags, 7, &p->auth);
	snprintf(tail, sizeof(tail), "! %s", row->tail);
	assert_true(item_edit(&p->auth, tail));
	put_client_data(p, row);
	maker_key_seal(&p->key, cseal_buf_slice(&p->auth),
	    cseal_buf_slice(&p->client), &p->signature);
	if (row->alter != NULL)
		row->alter(p);
}

static void
write_row(struct out *o, const struct seal_row *row)
{
	struct vector v = { .lines = { .items = NULL } };
	struct parts p;
	struct cseal_buf cose;
	char text[64];

	make(&p, row);
	cseal_buf_init(&cose, 0);
	maker_key_cose(&p.key, &cose);
	vector_add(&v, "kind", "seal");
	snprintf(text, sizeof(text), "%s%s", row->finding,
	    strcmp(row->finding, NONE) == 0 ? "" : " error -");
	vector_add(&v, "finding", text);
	vector_add(&v, "namespace", CSEAL_NAMESPACE);
	vector_add(&v, "rp-id", MAKER_RP_ID);
	vector_add(&v, "verification",
	    row->demand & UV_OPTIONAL ? "optional" : "required");
	vector_add(&v, "synced", row->demand & SYNCED ? "allowed" : "refused");
	vector_add(&v, "monitor", row->demand & MONITOR ? "yes" : "no");
	vector_add_bytes(&v, "key", cseal_buf_slice(&cose));
	vector_add_bytes(&v, "statement", cseal_buf_slice(&p.statement));
	vector_add_bytes(&v, "auth-data", cseal_buf_slice(&p.auth));
	vector_add_bytes(&v, "client-data", cseal_buf_slice(&p.client));
	vector_add_bytes(&v, "signature", cseal_buf_slice(&p.signature));
	snprintf(text, sizeof(text), "seal/%s", row->name);
	out_write(o, &v, text, row->about);
	vector_free(&v);
	cseal_buf_free(&cose);
	cseal_buf_free(&p.statement);
	cseal_buf_free(&p.auth);
	cseal_buf_free(&p.client);
	cseal_buf_free(&p.signature);
	maker_key_free(&p.key);
	maker_key_free(&p.other);
}

void
write_seals(struct out *o)
{
	for (const struct seal_row *r = rows; r->name != NULL; r++)
		write_row(o, r);
}
