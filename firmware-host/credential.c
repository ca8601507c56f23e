/* SPDX-License-Identifier: BSD-2-Clause */
#include "credential.h"

#include <string.h>

enum format { FORMAT_BARE = 0x01, FORMAT_POLICY = 0x02 };

enum policy_bits { POLICY_LEVEL = 0x03, POLICY_RESIDENT = 0x04 };

/* Format, algorithm and, from the second format on, policy. */
#define HEAD_MAX 3
#define AAD_MAX	 (HEAD_MAX + CRYPTO_HASH)

static size_t
head_len(const uint8_t *id)
{
	return id[0] == FORMAT_BARE ? HEAD_MAX - 1 : HEAD_MAX;
}

static size_t
make_aad(uint8_t aad[AAD_MAX], const uint8_t *id, const uint8_t *rp_hash)
{
	size_t n = head_len(id);

	memcpy(aad, id, n);
	memcpy(aad + n, rp_hash, CRYPTO_HASH);
	return n + CRYPTO_HASH;
}

/* True if the head is one that credential_wrap writes or wrote. */
static bool
read_head(const uint8_t *id, size_t len, struct private_key *key)
{
	uint8_t policy = PROTECT_UV_OPTIONAL;

	if (len < HEAD_MAX ||
	    (id[0] != FORMAT_BARE && id[0] != FORMAT_POLICY) ||
	    (key->alg = keyalg_by_wire(id[1])) == NULL)
		return false;
	if (id[0] == FORMAT_POLICY)
		policy = id[2];
	key->policy.protection =
	    (enum credential_protection)(policy & POLICY_LEVEL);
	key->policy.resident = (policy & POLICY_RESIDENT) != 0;
	return (policy & POLICY_LEVEL) != 0 &&
	       (policy & ~(POLICY_LEVEL | POLICY_RESIDENT)) == 0;
}

int
credential_wrap(const uint8_t master[CRYPTO_KEY], const struct private_key *key,
    const uint8_t rp_hash[CRYPTO_HASH], const uint8_t nonce[CRYPTO_NONCE],
    struct credential_id *id)
{
	uint8_t aad[AAD_MAX], *p = id->data;
	size_t aad_len;

	*p++ = FORMAT_POLICY;
	*p++ = key->alg->wire;
	*p++ = (uint8_t)((unsigned int)key->policy.protection |
			 (key->policy.resident ? POLICY_RESIDENT : 0U));
	memcpy(p, nonce, CRYPTO_NONCE);
	p += CRYPTO_NONCE;
	id->len = (size_t)(p - id->data) + key->alg->secret_len + CRYPTO_TAG;
	aad_len = make_aad(aad, id->data, rp_hash);
	return crypto_seal(
	    master, nonce, aad, aad_len, key->secret, key->alg->secret_len, p);
}

int
credential_unwrap(const uint8_t master[CRYPTO_KEY], const uint8_t *id,
    size_t len, const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key)
{
	uint8_t aad[AAD_MAX];
	size_t at, aad_len;

	memset(key, 0, sizeof(*key));
	if (!read_head(id, len, key))
		return -1;
	at = head_len(id) + CRYPTO_NONCE;
	if (len != at + key->alg->secret_len + CRYPTO_TAG)
		return -1;
	aad_len = make_aad(aad, id, rp_hash);
	return crypto_unseal(master, id + at - CRYPTO_NONCE, aad, aad_len,
	    id + at, len - at, key->secret);
}
