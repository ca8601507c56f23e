/* SPDX-License-Identifier: BSD-2-Clause */
#include "hmacsecret.h"

#include <string.h>

#include "device.h"
#include "status.h"

int
hmacsecret_open(struct device *dev, const struct codec_hmac_secret *in,
    struct hmacsecret *out)
{
	/* Without a number it is of the time when there was one protocol. */
	uint64_t protocol = in->protocol.present ? in->protocol.value : 1;
	const struct pinuv_message msg = { .head = in->salt_enc.data,
		.head_len = in->salt_enc.len };
	uint8_t salts[CODEC_SEALED_MAX];
	size_t n;
	int r;

	memset(out, 0, sizeof(*out));
	if ((r = pinuv_check_protocol(protocol)) != CTAP2_OK)
		return r;
	r = pinuv_shared(dev, protocol, &in->key, &out->shared);
	if (r != CTAP2_OK)
		return r;
	if (!pinuv_verify(&out->shared, &msg, &in->salt_auth))
		return CTAP2_ERR_PIN_AUTH_INVALID;
	if (!pinuv_decrypt(
		&out->shared, in->salt_enc.data, in->salt_enc.len, salts, &n) ||
	    (n != HMACSECRET_SALT && n != 2 * HMACSECRET_SALT))
		return CTAP1_ERR_INVALID_PARAMETER;
	memcpy(out->salts, salts, n);
	out->salts_len = n;
	crypto_wipe(salts, sizeof(salts));
	return CTAP2_OK;
}

/* CredRandomWithUV or CredRandomWithoutUV. */
static int
cred_random(const struct device *dev, const uint8_t *id, size_t id_len, bool uv,
    uint8_t out[CRYPTO_KEY])
{
	static const char with[] = "CredRandomWithUV";
	static const char without[] = "CredRandomWithoutUV";
	const char *label = uv ? with : without;

	/* The zero byte of the label keeps it apart from the id. */
	return pincrypto_hmac(dev->state.master, (const uint8_t *)label,
	    strlen(label) + 1, id, id_len, out);
}

int
hmacsecret_make(struct device *dev, const struct hmacsecret *hs,
    const uint8_t *id, size_t id_len, bool uv, uint8_t out[HMACSECRET_OUT],
    size_t *out_len)
{
	uint8_t key[CRYPTO_KEY], plain[2 * CRYPTO_HASH];
	int r = CTAP1_ERR_OTHER;

	if (cred_random(dev, id, id_len, uv, key) != 0)
		goto out;
	for (size_t at = 0; at < hs->salts_len; at += HMACSECRET_SALT) {
		if (pincrypto_hmac(key, hs->salts + at, HMACSECRET_SALT, NULL,
			0, plain + at) != 0)
			goto out;
	}
	r = pinuv_encrypt(dev, &hs->shared, plain, hs->salts_len, out, out_len);
out:
	crypto_wipe(key, sizeof(key));
	crypto_wipe(plain, sizeof(plain));
	return r;
}
