/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening an envelope. It comes from outside, so it is read here, in the one
 * form that we write, before OpenSSL reckons with strings of known lengths:
 * its own reader takes other algorithms, shortened tags and parameters of any
 * size (CVE-2025-15467 was a stack overflow by one of them).
 */

#include "envelope.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "aead.h"
#include "der.h"
#include "desk_key.h"
#include "pubkey.h"

#define WHERE	      "envelope"
#define WRAPPED_BYTES (AEAD_KEY_BYTES + 8) /* RFC 3394 */

/* What stands in an envelope for one desk. Borrowed. */
struct envelope {
	const uint8_t *ephemeral; /* the sender's point, for this desk alone */
	const uint8_t *wrapped;	  /* the content's key */
	const uint8_t *nonce;
	const uint8_t *tag;
	struct cseal_slice cipher;
};

/* ---- the form ---- */

/* Object identifiers and algorithms, with tag and length. */
#define OID_AES(last) 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, (last)

static const uint8_t auth_enveloped[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
	0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17 };
static const uint8_t version_0[] = { 0x02, 0x01, 0x00 };
static const uint8_t version_3[] = { 0x02, 0x01, 0x03 };
static const uint8_t ec_public_key[] = { 0x30, 0x09, 0x06, 0x07, 0x2a, 0x86,
	0x48, 0xce, 0x3d, 0x02, 0x01 };
/* dhSinglePass-stdDH-sha256kdf-scheme, with id-aes256-wrap */
static const uint8_t agreement[] = { 0x30, 0x15, 0x06, 0x06, 0x2b, 0x81, 0x04,
	0x01, 0x0b, 0x01, 0x30, 0x0b, 0x06, 0x09, OID_AES(0x2d) };
static const uint8_t data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x07, 0x01 };
static const uint8_t aes256_gcm[] = { 0x06, 0x09, OID_AES(0x2e) };
static const uint8_t tag_of_16[] = { 0x02, 0x01, 0x10 };

#define EXPECT(d, bytes) der_expect((d), (bytes), sizeof(bytes))

static const uint8_t *
take_string(struct der *d, uint8_t tag, size_t len)
{
	struct cseal_slice s = der_take(d, tag);

	if (s.len != len)
		d->bad = true;
	return s.data;
}

static void
leave(struct der *d, const struct der *in)
{
	if (!der_end(in))
		d->bad = true;
}

static const uint8_t *
read_originator(struct der *d)
{
	struct der outer = der_enter(d, DER_HAS(0));
	struct der in = der_enter(&outer, DER_HAS(1));
	const uint8_t *bits;

	EXPECT(&in, ec_public_key);
	bits = take_string(&in, DER_BITS, 1 + CSEAL_DESK_KEY_BYTES);
	if (!in.bad && bits[0] != 0) /* bits that do not count */
		in.bad = true;
	leave(&outer, &in);
	leave(d, &outer);
	return d->bad ? NULL : bits + 1;
}

/* The key for one desk; its identifier. */
static const uint8_t *
read_wrapped(struct der *d, const uint8_t **id)
{
	struct der list = der_enter(d, DER_SEQUENCE);
	struct der one = der_enter(&list, DER_SEQUENCE);
	struct der rid = der_enter(&one, DER_HAS(0));
	const uint8_t *wrapped;

	*id = take_string(&rid, DER_OCTETS, ENVELOPE_ID_BYTES);
	leave(&one, &rid);
	wrapped = take_string(&one, DER_OCTETS, WRAPPED_BYTES);
	leave(&list, &one);
	leave(d, &list);
	return wrapped;
}

/* KeyAgreeRecipientInfo; of the desk that is sought the first one counts. */
static void
read_recipient(struct der *d, const uint8_t *ours, struct envelope *e)
{
	struct der in = der_enter(d, DER_HAS(1));
	const uint8_t *ephemeral, *wrapped, *id;

	EXPECT(&in, version_3);
	ephemeral = read_originator(&in);
	EXPECT(&in, agreement);
	wrapped = read_wrapped(&in, &id);
	leave(d, &in);
	if (d->bad || e->wrapped != NULL ||
	    memcmp(id, ours, ENVELOPE_ID_BYTES) != 0)
		return;
	e->ephemeral = ephemeral;
	e->wrapped = wrapped;
}

static void
read_content(struct der *d, struct envelope *e)
{
	struct der in = der_enter(d, DER_SEQUENCE);
	struct der alg, params;

	EXPECT(&in, data);
	alg = der_enter(&in, DER_SEQUENCE);
	EXPECT(&alg, aes256_gcm);
	params = der_enter(&alg, DER_SEQUENCE);
	e->nonce = take_string(&params, DER_OCTETS, AEAD_NONCE_BYTES);
	EXPECT(&params, tag_of_16);
	leave(&alg, &params);
	leave(&in, &alg);
	e->cipher = der_take(&in, DER_IS(0));
	leave(d, &in);
}

static bool
read_envelope(struct cseal_slice der, const uint8_t *ours, struct envelope *e)
{
	struct der top, info, content, in, set;
	size_t n = 0;

	memset(e, 0, sizeof(*e));
	der_init(&top, der);
	info = der_enter(&top, DER_SEQUENCE);
	EXPECT(&info, auth_enveloped);
	content = der_enter(&info, DER_HAS(0));
	in = der_enter(&content, DER_SEQUENCE);
	EXPECT(&in, version_0);
	set = der_enter(&in, DER_SET);
	for (; set.left > 0 && !set.bad && n <= CSEAL_ENVELOPE_DESKS_MAX; n++)
		read_recipient(&set, ours, e);
	leave(&in, &set);
	read_content(&in, e);
	e->tag = take_string(&in, DER_OCTETS, AEAD_TAG_BYTES);
	leave(&content, &in);
	leave(&info, &content);
	leave(&top, &info);
	return der_end(&top) && n > 0 && n <= CSEAL_ENVELOPE_DESKS_MAX;
}

/* ---- the keys ---- */

/* ECC-CMS-SharedInfo (RFC 5753 section 7.2): id-aes256-wrap, 256 bits. */
static const uint8_t shared_info[] = { 0x30, 0x15, 0x30, 0x0b, 0x06, 0x09,
	OID_AES(0x2d), 0xa2, 0x06, 0x04, 0x04, 0x00, 0x00, 0x01, 0x00 };

static bool
set_kdf(EVP_PKEY_CTX *ctx)
{
	unsigned char *info = OPENSSL_memdup(shared_info, sizeof(shared_info));

	if (info != NULL &&
	    EVP_PKEY_CTX_set_ecdh_kdf_type(ctx, EVP_PKEY_ECDH_KDF_X9_63) == 1 &&
	    EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_CTX_set_ecdh_kdf_outlen(ctx, AEAD_KEY_BYTES) == 1 &&
	    EVP_PKEY_CTX_set0_ecdh_kdf_ukm(ctx, info, sizeof(shared_info)) == 1)
		return true; /* info: transferred */
	OPENSSL_free(info);
	return false;
}

/* The key that wraps: ECDH of our key and the sender's point. */
static bool
agree(const struct cseal_desk_key *key, const uint8_t *ephemeral,
    uint8_t out[AEAD_KEY_BYTES])
{
	EVP_PKEY *peer = pubkey_p256(ephemeral);
	EVP_PKEY_CTX *ctx = NULL;
	size_t n = AEAD_KEY_BYTES;
	bool ok;

	if (peer != NULL)
		ctx = EVP_PKEY_CTX_new_from_pkey(
		    NULL, desk_key_private(key), NULL);
	ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 && set_kdf(ctx) &&
	     EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	     EVP_PKEY_derive(ctx, out, &n) == 1 && n == AEAD_KEY_BYTES;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	return ok;
}

static bool
unwrap(const uint8_t kek[AEAD_KEY_BYTES], const uint8_t *wrapped,
    uint8_t out[AEAD_KEY_BYTES])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t plain[WRAPPED_BYTES];
	int n = 0;
	bool ok = false;

	if (ctx != NULL) {
		EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
		ok = EVP_DecryptInit_ex(
			 ctx, EVP_aes_256_wrap(), NULL, kek, NULL) == 1 &&
		     EVP_DecryptUpdate(
			 ctx, plain, &n, wrapped, WRAPPED_BYTES) == 1 &&
		     n == AEAD_KEY_BYTES;
	}
	if (ok)
		memcpy(out, plain, AEAD_KEY_BYTES);
	cseal_wipe(plain, sizeof(plain));
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* ---- the content ---- */

/* Length without the padding; false if that is not what it must be. */
static bool
unpadded(const struct cseal_buf *b, size_t *len)
{
	size_t n = b->len;

	if (n == 0 || n % ENVELOPE_PAD != 0)
		return false;
	while (n > 0 && b->data[n - 1] == 0)
		n--;
	if (n == 0 || b->data[n - 1] != ENVELOPE_PAD_FIRST ||
	    b->len - n >= ENVELOPE_PAD)
		return false;
	*len = n - 1;
	return *len <= CSEAL_ENVELOPE_PLAIN_MAX;
}

static int
decrypt(struct cseal_buf *padded, const struct envelope *e,
    const struct cseal_desk_key *key)
{
	const struct cseal_slice none = { NULL, 0 };
	uint8_t kek[AEAD_KEY_BYTES], cek[AEAD_KEY_BYTES];
	int r = CSEAL_ERR_CORRUPT;

	if (agree(key, e->ephemeral, kek) && unwrap(kek, e->wrapped, cek))
		r = aead_open(padded, cek, e->nonce, none, e->cipher, e->tag);
	cseal_wipe(kek, sizeof(kek));
	cseal_wipe(cek, sizeof(cek));
	return r;
}

int
cseal_envelope_open(struct cseal_buf *out, struct cseal_slice der,
    const struct cseal_desk_key *key, struct cseal_error *err)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES], id[ENVELOPE_ID_BYTES];
	struct cseal_buf padded;
	struct envelope e;
	size_t len = 0;
	int r;

	cseal_desk_key_public(key, point);
	if ((r = envelope_id(point, id)) != CSEAL_OK)
		return cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
	if (der.len > CSEAL_ENVELOPE_MAX || !read_envelope(der, id, &e))
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, WHERE,
		    "it is damaged, or not one of counterseal's");
	if (e.wrapped == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOT_FOUND, WHERE, "it is for other desks");
	cseal_buf_init(&padded, CSEAL_ENVELOPE_MAX);
	r = decrypt(&padded, &e, key);
	if (r == CSEAL_OK)
		r = unpadded(&padded, &len)
			? cseal_buf_add(out, padded.data, len)
			: CSEAL_ERR_CORRUPT;
	cseal_buf_free(&padded);
	if (r == CSEAL_ERR_CORRUPT)
		return cseal_error_set(
		    err, r, WHERE, "it was altered or damaged on its way");
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
	return CSEAL_OK;
}
