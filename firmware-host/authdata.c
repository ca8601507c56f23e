/* SPDX-License-Identifier: BSD-2-Clause */
#include "authdata.h"

#include <string.h>

static void
append(struct authdata *ad, const uint8_t *p, size_t n)
{
	memcpy(ad->data + ad->len, p, n);
	ad->len += n;
}

void
authdata_begin(struct authdata *ad, const uint8_t rp_hash[CRYPTO_HASH],
    uint8_t flags, uint32_t counter)
{
	const uint8_t tail[] = { flags, (uint8_t)(counter >> 24),
		(uint8_t)(counter >> 16), (uint8_t)(counter >> 8),
		(uint8_t)counter };

	ad->len = 0;
	append(ad, rp_hash, CRYPTO_HASH);
	append(ad, tail, sizeof(tail));
}

void
authdata_attest(struct authdata *ad, const uint8_t *aaguid,
    const struct credential_id *id, const uint8_t *cose, size_t cose_len)
{
	const uint8_t id_len[] = { (uint8_t)(id->len >> 8), (uint8_t)id->len };

	ad->data[CRYPTO_HASH] |= AUTHDATA_AT;
	append(ad, aaguid, AUTHDATA_AAGUID);
	append(ad, id_len, sizeof(id_len));
	append(ad, id->data, id->len);
	append(ad, cose, cose_len);
}

void
authdata_extend(struct authdata *ad, const uint8_t *map, size_t len)
{
	ad->data[CRYPTO_HASH] |= AUTHDATA_ED;
	append(ad, map, len);
}
