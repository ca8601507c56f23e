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
#include "puat.h"
#include "status.h"
#include "uv.h"

enum phase { WAIT_SELECT, WAIT_UV, WAIT_UP };

static struct puat
puat_of(const struct getassert_params *p)
{
	const struct puat q = { &p->pin_auth, &p->pin_protocol, &p->options,
		p->client_data_hash, PINUV_GA };

	return q;
}

/* Steps 4 and 5. */
static int
check_request(const struct device *dev, const struct getassert_params *p,
    const struct puat *q, bool *uv)
{
	int r = puat_options(dev, q, uv);

	if (r != CTAP2_OK)
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
check_credential(const struct device *dev, const struct getassert_params *p,
    const uint8_t rp_hash[CRYPTO_HASH])
{
	struct located l;

	return locate(
	    dev, p, (dev->work.flags & AUTHDATA_UV) != 0, rp_hash, &l);
}

static int
ask(struct device *dev, enum phase phase)
{
	const struct presence_request req = { .act = ACT_SIGN,
		.verify = phase == WAIT_UV,
		.rp = &dev->work.params.getassert.rp };

	dev->work.phase = (int)phase;
	return device_ask(dev, &req);
}

/* Step 9.3 and what follows; who was verified has touched (step 8). */
static int
finish(struct device *dev)
{
	if ((dev->work.flags & AUTHDATA_UP) == 0)
		pinuv_spend(dev);
	return make_assertion(dev, (uint8_t)(dev->work.flags | AUTHDATA_UP));
}

/* Steps 4 to 9. */
static int
process(struct device *dev, const struct puat *q)
{
	const struct getassert_params *p = &dev->work.params.getassert;
	uint8_t rp_hash[CRYPTO_HASH];
	bool uv, verified;
	int r = check_request(dev, p, q, &uv);

	if (r != CTAP2_OK)
		return r;
	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		return CTAP1_ERR_OTHER;
	if ((r = puat_verify(dev, q, rp_hash, uv, &verified)) != CTAP2_OK)
		return r;
	/* Step 6.2 comes before the credentials. */
	if (uv)
		return ask(dev, WAIT_UV);
	if (verified)
		dev->work.flags |= AUTHDATA_UV;
	if ((r = check_credential(dev, p, rp_hash)) != CTAP2_OK)
		return r;
	if (p->options.up == CODEC_FALSE)
		return make_assertion(dev, dev->work.flags);
	return puat_is_present(dev, q) ? finish(dev) : ask(dev, WAIT_UP);
}

int
getassert_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct getassert_params *p = &dev->work.params.getassert;
	struct puat q;
	int r = codec_getassert_decode(body, n, p);

	if (r != CTAP2_OK)
		return r;
	q = puat_of(p);
	dev->work.phase = WAIT_SELECT;
	r = puat_begin(dev, &q);
	return r == CTAP2_OK ? process(dev, &q) : r;
}

int
getassert_resume(struct device *dev, enum presence_answer answer)
{
	int r;

	switch ((enum phase)dev->work.phase) {
	case WAIT_SELECT: return puat_selected(dev, answer);
	case WAIT_UV:
		r = uv_inline_status(uv_settle(dev, answer));
		if (r != CTAP2_OK)
			return r;
		dev->work.flags |= AUTHDATA_UV | AUTHDATA_UP;
		break;
	case WAIT_UP:
		if (answer != PRESENCE_GRANTED)
			return ctap2_refusal(answer);
		break;
	}
	return finish(dev);
}
