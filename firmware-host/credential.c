/* SPDX-License-Identifier: BSD-2-Clause */
#include "credential.h"

#include <string.h>

#define FORMAT	 0x01
#define HEAD_LEN (2 + CRYPTO_NONCE)
#define AAD_LEN	 (2 + CRYPTO_HASH)

static void
make_aad(uint8_t aad[AAD_LEN], uint8_t wire, const uint8_t *rp_hash)
{
	aad[0] = FORMAT;
	aad[1] = wire;
	memcpy(aad + 2, rp_hash, CRYPTO_HASH);
}

int
credential_wrap(const uint8_t master[CRYPTO_KEY], const struct private_key *key,
    const uint8_t rp_hash[CRYPTO_HASH], const uint8_t nonce[CRYPTO_NONCE],
    struct credential_id *id)
{
	uint8_t aad[AAD_LEN];

	id->data[0] = FORMAT;
	id->data[1] = key->alg->wire;
	memcpy(id->data + 2, nonce, CRYPTO_NONCE);
	id->len = HEAD_LEN + key->alg->secret_len + CRYPTO_TAG;
	make_aad(aad, key->alg->wire, rp_hash);
	return crypto_seal(master, nonce, aad, sizeof(aad), key->secret,
	    key->alg->secret_len, id->data + HEAD_LEN);
}

int
credential_unwrap(const uint8_t master[CRYPTO_KEY], const uint8_t *id,
    size_t len, const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key)
{
	uint8_t aad[AAD_LEN];

	memset(key, 0, sizeof(*key));
	if (len < HEAD_LEN || id[0] != FORMAT ||
	    (key->alg = keyalg_by_wire(id[1])) == NULL ||
	    len != HEAD_LEN + key->alg->secret_len + CRYPTO_TAG)
		return -1;
	make_aad(aad, key->alg->wire, rp_hash);
	return crypto_unseal(master, id + 2, aad, sizeof(aad), id + HEAD_LEN,
	    len - HEAD_LEN, key->secret);
}
