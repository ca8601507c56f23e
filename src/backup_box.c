/* SPDX-License-Identifier: BSD-2-Clause */

#include "backup_box.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "digest.h"
#include "schema_rows.h"

#define WHERE "backup"

static const uint8_t magic[] = { 'c', 'o', 'u', 'n', 't', 'e', 'r', 's', 'e',
	'a', 'l', ' ', 'b', 'a', 'c', 'k', 'u', 'p', '\n' };
#define HEADER_AT  (sizeof(magic) + 4) /* behind its length */
#define HEADER_MAX (CSEAL_ENVELOPE_MAX + 1024)
#define SEALED	   (BACKUP_CHUNK + AEAD_TAG_BYTES)

static const struct schema_member rows[] = {
	ROW_WORD(1, "version", backup_box, version, 1, 1),
	ROW_MAYBE(2, "envelope", SCHEMA_OPTIONAL, SCHEMA_BYTES, backup_box,
	    envelope, has_envelope, 1, CSEAL_ENVELOPE_MAX, NULL),
	ROW_MAYBE(3, "work", SCHEMA_OPTIONAL, SCHEMA_UINT, backup_box, log_n,
	    has_log_n, BACKUP_LOG_N_MIN, BACKUP_LOG_N_MAX, NULL),
	ROW_MAYBE(4, "salt", SCHEMA_OPTIONAL, SCHEMA_FIXED, backup_box, salt,
	    has_salt, 0, BACKUP_SALT_BYTES, NULL),
};
static const struct schema record_header = { .name = "backup",
	SCHEMA(SCHEMA_MAP, backup_box, rows) };

static int
damaged(struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_FORMAT, WHERE,
	    "this is no backup of Counterseal, or it is cut short");
}

/* ---- the key ---- */

static int
stretch(struct cseal_slice passphrase, const uint8_t salt[BACKUP_SALT_BYTES],
    uint64_t log_n, uint8_t key[AEAD_KEY_BYTES])
{
	uint8_t copy[BACKUP_SALT_BYTES];
	uint64_t n = (uint64_t)1 << log_n, most = (uint64_t)2048 << log_n;
	uint32_t r = 8, p = 1;
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	struct cseal_buf word;
	OSSL_PARAM params[7];
	int ok = 0;

	memcpy(copy, salt, sizeof(copy));
	cseal_buf_init(&word, CSEAL_PASSPHRASE_MAX);
	if (ctx != NULL &&
	    cseal_buf_add(&word, passphrase.data, passphrase.len) == CSEAL_OK) {
		params[0] = OSSL_PARAM_construct_octet_string(
		    OSSL_KDF_PARAM_PASSWORD, word.data, word.len);
		params[1] = OSSL_PARAM_construct_octet_string(
		    OSSL_KDF_PARAM_SALT, copy, sizeof(copy));
		params[2] =
		    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n);
		params[3] =
		    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r);
		params[4] =
		    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p);
		params[5] = OSSL_PARAM_construct_uint64(
		    OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most);
		params[6] = OSSL_PARAM_construct_end();
		ok = EVP_KDF_derive(ctx, key, AEAD_KEY_BYTES, params);
	}
	cseal_buf_free(&word);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok == 1 ? CSEAL_OK : CSEAL_ERR_NOMEM;
}

static int
check_passphrase(struct cseal_slice p, struct cseal_error *err)
{
	if (p.len >= CSEAL_PASSPHRASE_MIN && p.len <= CSEAL_PASSPHRASE_MAX)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "passphrase",
	    "has %d to %d bytes: take five words or more that nobody puts "
	    "together",
	    CSEAL_PASSPHRASE_MIN, CSEAL_PASSPHRASE_MAX);
}

static int
make_key(struct backup_box *b, const struct cseal_backup_to *to,
    struct cseal_buf *envelope, uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err)
{
	int r;

	if (to->n > 0) {
		r = digest_random(key, AEAD_KEY_BYTES);
		if (r == CSEAL_OK)
			r = cseal_envelope_seal(envelope,
			    (struct cseal_slice){ key, AEAD_KEY_BYTES },
			    to->desks, to->n, err);
		b->has_envelope = true;
		b->envelope = cseal_buf_slice(envelope);
		return r;
	}
	b->has_log_n = b->has_salt = true;
	r = check_passphrase(to->passphrase, err);
	if (r == CSEAL_OK)
		r = digest_random(b->salt, sizeof(b->salt));
	return r == CSEAL_OK ? stretch(to->passphrase, b->salt, b->log_n, key)
			     : r;
}

int
backup_box_key(const struct backup_box *b, const struct cseal_desk_key *k,
    struct cseal_slice passphrase, uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err)
{
	struct cseal_buf plain;
	int r;

	if (b->has_log_n) {
		r = check_passphrase(passphrase, err);
		if (r == CSEAL_OK)
			r = stretch(passphrase, b->salt, b->log_n, key);
		return r;
	}
	if (k == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, WHERE,
		    "it opens with the key of a desk, and this desk has none");
	cseal_buf_init(&plain, CSEAL_ENVELOPE_PLAIN_MAX);
	r = cseal_envelope_open(&plain, b->envelope, k, err);
	if (r == CSEAL_OK && plain.len != AEAD_KEY_BYTES)
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, WHERE,
		    "what its envelope holds is no key");
	if (r == CSEAL_OK)
		memcpy(key, plain.data, AEAD_KEY_BYTES);
	cseal_buf_free(&plain);
	return r;
}

/* ---- chunks ---- */

/* The number of the chunk and whether it is the last: none moves, none lacks.
 */
static void
make_nonce(uint8_t nonce[AEAD_NONCE_BYTES], uint64_t number, bool last)
{
	memset(nonce, 0, AEAD_NONCE_BYTES);
	for (size_t i = 0; i < 8; i++)
		nonce[3 + i] = (uint8_t)(number >> 8 * (7 - i));
	nonce[11] = last;
}

static int
seal_chunks(struct cseal_buf *out, const struct backup_box *b,
    const uint8_t key[AEAD_KEY_BYTES], struct cseal_slice plain)
{
	const struct cseal_slice aad = { b->header, sizeof(b->header) };
	uint8_t nonce[AEAD_NONCE_BYTES];
	uint64_t number = 0;
	int r = CSEAL_OK;

	for (size_t at = 0; r == CSEAL_OK && at < plain.len; number++) {
		const size_t left = plain.len - at;
		const size_t n = left < BACKUP_CHUNK ? left : BACKUP_CHUNK;

		make_nonce(nonce, number, n == left);
		r = aead_seal(out, key, nonce, aad,
		    (struct cseal_slice){ plain.data + at, n });
		at += n;
	}
	return r;
}

int
backup_box_open(const struct backup_box *b, const uint8_t key[AEAD_KEY_BYTES],
    struct cseal_buf *out, struct cseal_error *err)
{
	const struct cseal_slice aad = { b->header, sizeof(b->header) };
	const struct cseal_slice in = b->chunks;
	uint8_t nonce[AEAD_NONCE_BYTES];
	uint64_t number = 0;
	int r = CSEAL_OK;

	for (size_t at = 0; r == CSEAL_OK && at < in.len; number++) {
		const size_t left = in.len - at;
		const size_t n = left < SEALED ? left : SEALED;

		if (n <= AEAD_TAG_BYTES) {
			r = CSEAL_ERR_CORRUPT;
			break;
		}
		make_nonce(nonce, number, n == left);
		r = aead_open(out, key, nonce, aad,
		    (struct cseal_slice){ in.data + at, n - AEAD_TAG_BYTES },
		    in.data + at + n - AEAD_TAG_BYTES);
		at += n;
	}
	if (r == CSEAL_ERR_CORRUPT)
		return cseal_error_set(err, r, WHERE,
		    b->has_log_n && number <= 1
			? "the passphrase is another one, or the file was "
			  "altered"
			: "the file was altered or cut short");
	return r;
}

/* ---- the whole ---- */

static int
add_header(struct cseal_buf *out, struct backup_box *b)
{
	const size_t begin = out->len;
	struct cseal_buf header;
	struct cseal_slice all;
	int r;

	cseal_buf_init(&header, HEADER_MAX);
	r = schema_encode(&record_header, &header, b);
	(void)cseal_buf_add(out, magic, sizeof(magic));
	(void)cseal_buf_add_u32(out, (uint32_t)header.len);
	(void)cseal_buf_add(out, header.data, header.len);
	cseal_buf_free(&header);
	if (r == CSEAL_OK)
		r = cseal_buf_error(out);
	if (r != CSEAL_OK)
		return r;
	all = (struct cseal_slice){ out->data + begin, out->len - begin };
	return digest_sha256(b->header, &all, 1);
}

int
backup_box_seal(struct cseal_buf *out, const struct cseal_backup_to *to,
    uint64_t log_n, struct cseal_slice plain, uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err)
{
	struct backup_box b = { .version = 1, .log_n = log_n };
	struct cseal_buf envelope;
	int r;

	cseal_buf_init(&envelope, CSEAL_ENVELOPE_MAX);
	if (err != NULL)
		err->code = CSEAL_OK;
	r = make_key(&b, to, &envelope, key, err);
	if (r == CSEAL_OK)
		r = add_header(out, &b);
	if (r == CSEAL_OK)
		r = seal_chunks(out, &b, key, plain);
	if (r != CSEAL_OK && err != NULL && err->code != r)
		(void)cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
	cseal_buf_free(&envelope);
	return r;
}

int
backup_box_parse(
    struct backup_box *out, struct cseal_slice bytes, struct cseal_error *err)
{
	struct cseal_slice header;
	size_t n = 0;
	int r;

	memset(out, 0, sizeof(*out));
	if (bytes.len < HEADER_AT ||
	    memcmp(bytes.data, magic, sizeof(magic)) != 0)
		return damaged(err);
	for (size_t i = sizeof(magic); i < HEADER_AT; i++)
		n = n << 8 | bytes.data[i];
	if (n > HEADER_MAX || n >= bytes.len - HEADER_AT)
		return damaged(err);
	header = (struct cseal_slice){ bytes.data + HEADER_AT, n };
	r = schema_parse_all(&record_header, header, out, NULL);
	if (r == CSEAL_ERR_NEWER)
		return cseal_error_set(err, r, WHERE,
		    "made by a newer counterseal: update this one");
	/* One way to open it, and one alone. */
	if (r != CSEAL_OK || out->has_log_n != out->has_salt ||
	    out->has_log_n == out->has_envelope)
		return damaged(err);
	header = (struct cseal_slice){ bytes.data, HEADER_AT + n };
	out->chunks = (struct cseal_slice){ bytes.data + header.len,
		bytes.len - header.len };
	return digest_sha256(out->header, &header, 1);
}
