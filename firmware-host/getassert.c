/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorGetAssertion.  "Step" is one of the numbered steps of
 * CTAP 2.1, section 6.2.2.
 */
#include <string.h>

#include "authdata.h"
#include "ctap2.h"
#include "follow.h"
#include "locate.h"
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
	/* Section 12.5: hmac-secret takes a touch. */
	if (p->extensions.hmac_secret.present && p->options.up == CODEC_FALSE)
		return CTAP2_ERR_UNSUPPORTED_OPTION;
	return CTAP2_OK;
}

/* The applicable credentials; `id` is of the first. */
struct located {
	size_t n;
	const uint8_t *id;
	size_t id_len;
	const struct resident *found[RESIDENT_MAX]; /* without a list */
};

/* Step 7. */
static int
locate(const struct device *dev, const struct getassert_params *p, bool uv,
    const uint8_t rp_hash[CRYPTO_HASH], struct located *out)
{
	const struct codec_credential *c;

	memset(out, 0, sizeof(*out));
	if (p->allow.given) {
		c = locate_listed(dev, &p->allow, rp_hash, uv);
		if (c == NULL)
			return CTAP2_ERR_NO_CREDENTIALS;
		out->n = 1;
		out->id = c->id;
		out->id_len = c->len;
		return CTAP2_OK;
	}
	out->n = locate_resident(dev, &p->rp, rp_hash, uv, out->found);
	if (out->n == 0)
		return CTAP2_ERR_NO_CREDENTIALS;
	out->id = out->found[0]->id.data;
	out->id_len = out->found[0]->id.len;
	return CTAP2_OK;
}

/* Step 12.2: what getNextAssertion will need. */
static void
remember(struct device *dev, const struct assertion *a, const struct located *l)
{
	struct follow *f = follow_begin(dev, FOLLOW_ASSERTION);

	f->n = l->n;
	memcpy(f->found, l->found, sizeof(f->found));
	f->assertion = *a;
}

/* Steps 7 and 10 to 13. */
static int
make_assertion(struct device *dev, uint8_t flags)
{
	const struct getassert_params *p = &dev->work.params.getassert;
	struct assertion a = { .flags = flags };
	struct located l;
	int r = CTAP1_ERR_OTHER;

	memcpy(a.client_data_hash, p->client_data_hash, CRYPTO_HASH);
	if (crypto_sha256(p->rp.id, p->rp.len, a.rp_hash) != 0)
		goto out;
	r = locate(dev, p, (flags & AUTHDATA_UV) != 0, a.rp_hash, &l);
	if (r != CTAP2_OK)
		goto out;
	a.several = l.n > 1;
	if (p->extensions.hmac_secret.present &&
	    (r = hmacsecret_open(dev, &p->extensions.hmac_secret, &a.hmac)) !=
		CTAP2_OK)
		goto out;
	r = assertion_make(dev, &a, l.id, l.id_len, a.several ? l.n : 0);
	if (r == CTAP2_OK && a.several)
		remember(dev, &a, &l);
out:
	crypto_wipe(&a, sizeof(a));
	return r;
}

/* Step 7 alone, to refuse before a person is asked. */
static int
check_credential(const struct device *dev, const struct getassert_params *p)
{
	uint8_t rp_hash[CRYPTO_HASH];
	struct located l;

	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		return CTAP1_ERR_OTHER;
	return locate(dev, p, false, rp_hash, &l);
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
