/* SPDX-License-Identifier: BSD-2-Clause */
#include "codec_extension.h"

#include "credential.h"
#include "status.h"

/* Section 12.1: no other level is known. */
static int
get_protection(const cbor_item_t *item, struct codec_uint *out)
{
	int r = item_uint(item, out);

	if (r != CTAP2_OK)
		return r;
	return out->value >= PROTECT_UV_OPTIONAL &&
		       out->value <= PROTECT_UV_REQUIRED
		   ? CTAP2_OK
		   : CTAP2_ERR_INVALID_OPTION;
}

int
extension_makecred(const cbor_item_t *item, void *out)
{
	struct codec_makecred_extensions *e = out;
	const cbor_item_t *level;
	int r;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	level = item_find(item, "credProtect");
	if (level != NULL &&
	    (r = get_protection(level, &e->protection)) != CTAP2_OK)
		return r;
	if ((r = item_bool(item, "hmac-secret", &e->hmac_secret)) != CTAP2_OK)
		return r;
	return item_bool(item, "minPinLength", &e->min_pin_length);
}

/* Section 12.5. */
static const struct item_field hmac_secret_fields[] = {
	{ 0x01, true, item_key, AT(codec_hmac_secret, key) },
	{ 0x02, true, item_sealed, AT(codec_hmac_secret, salt_enc) },
	{ 0x03, true, item_auth, AT(codec_hmac_secret, salt_auth) },
	{ 0x04, false, item_uint, AT(codec_hmac_secret, protocol) },
};

int
extension_getassert(const cbor_item_t *item, void *out)
{
	struct codec_getassert_extensions *e = out;
	const cbor_item_t *hmac;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((hmac = item_find(item, "hmac-secret")) == NULL)
		return CTAP2_OK;
	e->hmac_secret.present = true;
	return item_decode_map(hmac, hmac_secret_fields,
	    sizeof(hmac_secret_fields) / sizeof(hmac_secret_fields[0]),
	    &e->hmac_secret);
}
