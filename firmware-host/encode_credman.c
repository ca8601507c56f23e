/* SPDX-License-Identifier: BSD-2-Clause */
#include "encode_credman.h"

#include "encode.h"
#include "put.h"

enum reply_key {
	EXISTING_COUNT = 0x01,
	REMAINING_COUNT = 0x02,
	RP = 0x03,
	RP_ID_HASH = 0x04,
	TOTAL_RPS = 0x05,
	USER = 0x06,
	CREDENTIAL_ID = 0x07,
	PUBLIC_KEY = 0x08,
	TOTAL_CREDENTIALS = 0x09,
	CRED_PROTECT = 0x0a
};

static void
put_count(struct writer *w, enum reply_key key, size_t n)
{
	put_int(w, key);
	put_int(w, (int64_t)n);
}

size_t
encode_metadata(size_t n, size_t room, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 2);
	put_count(&w, EXISTING_COUNT, n);
	put_count(&w, REMAINING_COUNT, room);
	return put_end(&w);
}

size_t
encode_rp(const struct codec_rp *rp, const uint8_t *rp_hash, size_t total,
    uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, total != 0 ? 3 : 2);
	put_int(&w, RP);
	put_map(&w, 1);
	put_text(&w, "id");
	put_chars(&w, rp->id, rp->len);
	put_int(&w, RP_ID_HASH);
	put_bytes(&w, rp_hash, CRYPTO_HASH);
	if (total != 0)
		put_count(&w, TOTAL_RPS, total);
	return put_end(&w);
}

size_t
encode_credential(
    const struct encode_credential_in *in, uint8_t *out, size_t cap)
{
	const struct encode_user show = { &in->credential->user, true };
	const struct credential_id *id = &in->credential->id;
	struct writer w = put_begin(out, cap);

	put_map(&w, in->total != 0 ? 5 : 4);
	put_int(&w, USER);
	encode_put_user(&w, &show);
	put_int(&w, CREDENTIAL_ID);
	encode_put_descriptor(&w, id->data, id->len);
	put_int(&w, PUBLIC_KEY);
	encode_put_cose(&w, in->alg, in->pub);
	if (in->total != 0)
		put_count(&w, TOTAL_CREDENTIALS, in->total);
	put_count(&w, CRED_PROTECT, (size_t)in->protection);
	return put_end(&w);
}
