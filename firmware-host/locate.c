/* SPDX-License-Identifier: BSD-2-Clause */
#include "locate.h"

#include "device.h"

int
locate_key(const struct device *dev, const uint8_t *id, size_t len,
    const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key)
{
	const struct resident_list *l = &dev->state.residents;

	if (credential_unwrap(dev->state.master, id, len, rp_hash, key) != 0)
		return -1;
	return key->policy.resident && resident_find(l, id, len) == l->n ? -1
									 : 0;
}

/*
 * Section 12.1: is the credential for one who is not verified?  `lowest` is
 * the first level at which it is not.
 */
static bool
is_open(const struct device *dev, const uint8_t *id, size_t len,
    const uint8_t rp_hash[CRYPTO_HASH], enum credential_protection lowest)
{
	struct private_key key;
	bool open = locate_key(dev, id, len, rp_hash, &key) == 0 &&
		    key.policy.protection < lowest;

	crypto_wipe(&key, sizeof(key));
	return open;
}

/* A level that no credential has. */
#define UNPROTECTED ((enum credential_protection)(PROTECT_UV_REQUIRED + 1))

const struct codec_credential *
locate_listed(const struct device *dev, const struct codec_list *list,
    const uint8_t rp_hash[CRYPTO_HASH], bool uv)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct codec_credential *c = &list->at[i];

		if (is_open(dev, c->id, c->len, rp_hash,
			uv ? UNPROTECTED : PROTECT_UV_REQUIRED))
			return c;
	}
	return NULL;
}

size_t
locate_resident(const struct device *dev, const struct codec_rp *rp,
    const uint8_t rp_hash[CRYPTO_HASH], bool uv,
    const struct resident *found[RESIDENT_MAX])
{
	const struct resident_list *l = &dev->state.residents;
	size_t n = 0;

	for (size_t i = l->n; i > 0; i--) {
		const struct resident *c = &l->at[i - 1];

		if (resident_is_of(c, rp) &&
		    is_open(dev, c->id.data, c->id.len, rp_hash,
			uv ? UNPROTECTED : PROTECT_UV_OPTIONAL_WITH_ID))
			found[n++] = c;
	}
	return n;
}
