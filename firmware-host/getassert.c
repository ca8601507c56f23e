/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorGetAssertion.  "Step" is one of the numbered steps of
 * CTAP 2.1, section 6.2.2.
 */
#include <string.h>

#include "authdata.h"
#include "credential.h"
#include "ctap2.h"
#include "encode.h"
#include "status.h"

enum phase { WAIT_UV, WAIT_UP };

/* Steps 1 to 5; step 1 is for devices with a PIN, step 5 for alwaysUv. */
static int
check_request(const struct device *dev, const struct getassert_params *p)
{
	int r = ctap2_check_pin(p->pin_auth.present, &p->pin_protocol);

	if (r != CTAP2_OK)
		return r;
	/* Step 4. */
	if ((r = ctap2_check_uv(dev, p->options.uv)) != CTAP2_OK)
		return r;
	if (p->options.rk != CODEC_ABSENT)
		return CTAP2_ERR_UNSUPPORTED_OPTION;
	return CTAP2_OK;
}

/*
 * Step 7: the first of the allow list that is this device's.  Without
 * resident credentials an empty list finds nothing.
 */
static const struct codec_credential *
locate(const struct device *dev, const struct getassert_params *p,
    const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key)
{
	for (size_t i = 0; i < p->allow.n; i++) {
		const struct codec_credential *c = &p->allow.at[i];

		if (credential_unwrap(
			dev->state.master, c->id, c->len, rp_hash, key) == 0)
			return c;
	}
	return NULL;
}

/* Steps 7 and 10 to 13. */
static int
make_assertion(struct device *dev, uint8_t flags)
{
	const struct getassert_params *p = &dev->work.params.getassert;
	const struct codec_credential *c;
	struct private_key key = { 0 };
	struct authdata ad;
	uint8_t rp_hash[CRYPTO_HASH], sig[CRYPTO_SIG_MAX];
	size_t sig_len;
	uint32_t counter;
	int r = CTAP1_ERR_OTHER;

	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		goto out;
	if ((c = locate(dev, p, rp_hash, &key)) == NULL) {
		r = CTAP2_ERR_NO_CREDENTIALS;
		goto out;
	}
	if (device_count(dev, &counter) != 0)
		goto out;
	authdata_begin(&ad, rp_hash, flags, counter);
	if (key.alg->sign(key.secret, ad.data, ad.len, p->client_data_hash,
		sizeof(p->client_data_hash), sig, &sig_len) != 0)
		goto out;
	dev->reply_len = encode_assertion(c, &ad, sig, sig_len,
	    device_reply_data(dev), device_reply_room(dev));
	if (dev->reply_len != 0)
		r = CTAP2_OK;
out:
	crypto_wipe(&key, sizeof(key));
	return r;
}

/* Step 7 alone, to refuse before a person is asked. */
static int
check_credential(const struct device *dev, const struct getassert_params *p)
{
	struct private_key key = { 0 };
	uint8_t rp_hash[CRYPTO_HASH];
	const struct codec_credential *c;

	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		return CTAP1_ERR_OTHER;
	c = locate(dev, p, rp_hash, &key);
	crypto_wipe(&key, sizeof(key));
	return c == NULL ? CTAP2_ERR_NO_CREDENTIALS : CTAP2_OK;
}

int
getassert_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct getassert_params *p = &dev->work.params.getassert;
	struct presence_request req = { .act = ACT_SIGN };
	int r = codec_getassert_decode(body, n, p);

	if (r != CTAP2_OK || (r = check_request(dev, p)) != CTAP2_OK)
		return r;
	req.rp = &p->rp;
	req.verify = p->options.uv == CODEC_TRUE;
	if (req.verify) {
		/* Step 6.2 comes before the credentials. */
		dev->work.phase = WAIT_UV;
		return device_ask(dev, &req);
	}
	if ((r = check_credential(dev, p)) != CTAP2_OK)
		return r;
	if (p->options.up == CODEC_FALSE)
		return make_assertion(dev, 0);
	/* Step 9. */
	dev->work.phase = WAIT_UP;
	return device_ask(dev, &req);
}

int
getassert_resume(struct device *dev, enum presence_answer answer)
{
	uint8_t flags = AUTHDATA_UP;

	if (answer != PRESENCE_GRANTED)
		return ctap2_refusal(answer);
	/* Step 8: verifying was an interaction. */
	if (dev->work.phase == WAIT_UV)
		flags |= AUTHDATA_UV;
	return make_assertion(dev, flags);
}
