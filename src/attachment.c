/* SPDX-License-Identifier: BSD-2-Clause */

#include "attachment.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/evidence.h"
#include "counterseal/text.h"

#include "aead.h"
#include "digest.h"
#include "ledger_beside.h"

#define INFO	    "counterseal-attachment"
#define PIECE_BYTES ((size_t)512 << 10)
#define PIECES_MAX  (CSEAL_EVIDENCE_FILE_MAX / PIECE_BYTES)
#define AROUND	    (4 + AEAD_NONCE_BYTES + AEAD_TAG_BYTES)
#define NAME_BYTES  (2 * CSEAL_HASH_BYTES + 4) /* "HEX/31" */

/* One file: its pieces are read and written with the same. */
struct attachment {
	struct cseal_ledger *l;
	const uint8_t *commitment;
	uint8_t key[AEAD_KEY_BYTES];
	uint32_t n; /* pieces */
	struct cseal_error *err;
};

static void
piece_name(const uint8_t *commitment, uint32_t i, char out[NAME_BYTES])
{
	char hex[2 * CSEAL_HASH_BYTES + 1];

	cseal_hex(commitment, CSEAL_HASH_BYTES, hex);
	(void)snprintf(out, NAME_BYTES, "%s/%02u", hex, (unsigned)(i % 100));
}

static int
begin(struct attachment *a, const uint8_t salt[CSEAL_SALT_BYTES])
{
	const struct cseal_slice secret = { salt, CSEAL_SALT_BYTES };
	const struct cseal_slice bound = { a->commitment, CSEAL_HASH_BYTES };
	const struct cseal_slice info = { (const uint8_t *)INFO,
		sizeof(INFO) - 1 };

	return aead_derive(a->key, secret, bound, info);
}

static void
end(struct attachment *a)
{
	cseal_wipe(a->key, sizeof(a->key));
}

/* A piece is bound to its file, its place, and how many there are. */
static int
around(const struct attachment *a, uint32_t i, struct cseal_buf *aad)
{
	cseal_buf_init(aad, 0);
	(void)cseal_buf_add_str(aad, INFO);
	(void)cseal_buf_add(aad, a->commitment, CSEAL_HASH_BYTES);
	(void)cseal_buf_add_u32(aad, i);
	(void)cseal_buf_add_u32(aad, a->n);
	return cseal_buf_error(aad);
}

/* Number of pieces, nonce, ciphertext, tag. */
static int
seal_piece(struct attachment *a, uint32_t i, struct cseal_slice plain,
    struct cseal_buf *out)
{
	uint8_t nonce[AEAD_NONCE_BYTES];
	struct cseal_buf aad;
	int r;

	if ((r = around(a, i, &aad)) == CSEAL_OK &&
	    (r = digest_random(nonce, sizeof(nonce))) == CSEAL_OK &&
	    (r = cseal_buf_add_u32(out, a->n)) == CSEAL_OK &&
	    (r = cseal_buf_add(out, nonce, sizeof(nonce))) == CSEAL_OK)
		r = aead_seal(out, a->key, nonce, cseal_buf_slice(&aad), plain);
	cseal_buf_free(&aad);
	return r;
}

static int
open_piece(struct attachment *a, uint32_t i, struct cseal_slice value,
    struct cseal_buf *out)
{
	struct cseal_slice cipher;
	struct cseal_buf aad;
	int r;

	if (value.len < AROUND)
		return CSEAL_ERR_CORRUPT;
	cipher.data = value.data + 4 + AEAD_NONCE_BYTES;
	cipher.len = value.len - AROUND;
	r = around(a, i, &aad);
	if (r == CSEAL_OK)
		r = aead_open(out, a->key, value.data + 4,
		    cseal_buf_slice(&aad), cipher, cipher.data + cipher.len);
	cseal_buf_free(&aad);
	return r;
}

/* ---- keeping ---- */

static int
put_pieces(struct attachment *a, struct cseal_slice file)
{
	char names[PIECES_MAX][NAME_BYTES];
	struct cseal_buf sealed[PIECES_MAX];
	struct store_beside things[PIECES_MAX];
	int r = CSEAL_OK;

	for (uint32_t i = 0; i < a->n; i++)
		cseal_buf_init(&sealed[i], 0);
	for (uint32_t i = 0; i < a->n && r == CSEAL_OK; i++) {
		struct cseal_slice plain = { file.data + i * PIECE_BYTES,
			file.len - i * PIECE_BYTES };

		if (plain.len > PIECE_BYTES)
			plain.len = PIECE_BYTES;
		piece_name(a->commitment, i, names[i]);
		r = seal_piece(a, i, plain, &sealed[i]);
		things[i] = (struct store_beside){ ATTACHMENT_KIND, names[i],
			cseal_buf_slice(&sealed[i]) };
	}
	if (r == CSEAL_OK)
		r = ledger_beside_put(a->l, things, a->n, a->err);
	for (uint32_t i = 0; i < a->n; i++)
		cseal_buf_free(&sealed[i]);
	return r;
}

int
attachment_put(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES],
    const uint8_t salt[CSEAL_SALT_BYTES], struct cseal_slice file,
    struct cseal_error *err)
{
	struct attachment a = { .l = l, .commitment = commitment, .err = err };
	int r;

	if (file.len == 0 || file.len > CSEAL_EVIDENCE_FILE_MAX)
		return CSEAL_ERR_TOO_LARGE;
	a.n = (uint32_t)((file.len + PIECE_BYTES - 1) / PIECE_BYTES);
	r = begin(&a, salt);
	if (r == CSEAL_OK)
		r = put_pieces(&a, file);
	end(&a);
	return r;
}

/* ---- reading ---- */

static uint32_t
count_of(struct cseal_slice value)
{
	return value.len < 4 ? 0
			     : (uint32_t)value.data[0] << 24 |
				   (uint32_t)value.data[1] << 16 |
				   (uint32_t)value.data[2] << 8 | value.data[3];
}

static int
get_piece(struct attachment *a, uint32_t i, struct cseal_buf *out)
{
	char name[NAME_BYTES];
	struct cseal_buf value;
	uint32_t n;
	int r;

	cseal_buf_init(&value, 0);
	piece_name(a->commitment, i, name);
	r = ledger_beside_get(a->l, ATTACHMENT_KIND, name, &value, a->err);
	if (r == CSEAL_OK) {
		n = count_of(cseal_buf_slice(&value));
		a->n = i == 0 ? n : a->n;
		if (n != a->n || n == 0 || n > PIECES_MAX)
			r = CSEAL_ERR_CORRUPT;
	}
	if (r == CSEAL_OK)
		r = open_piece(a, i, cseal_buf_slice(&value), out);
	cseal_buf_free(&value);
	return r;
}

int
attachment_get(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES],
    const uint8_t salt[CSEAL_SALT_BYTES], struct cseal_buf *out,
    struct cseal_error *err)
{
	struct attachment a = {
		.l = l, .commitment = commitment, .n = 1, .err = err
	};
	int r = begin(&a, salt);

	for (uint32_t i = 0; r == CSEAL_OK && i < a.n; i++)
		r = get_piece(&a, i, out);
	end(&a);
	return r;
}

int
attachment_drop(struct cseal_ledger *l,
    const uint8_t commitment[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	char names[PIECES_MAX][NAME_BYTES];
	struct store_beside things[PIECES_MAX];

	for (uint32_t i = 0; i < PIECES_MAX; i++) {
		piece_name(commitment, i, names[i]);
		things[i] = (struct store_beside){ .kind = ATTACHMENT_KIND,
			.name = names[i] };
	}
	return ledger_beside_put(l, things, PIECES_MAX, err);
}
