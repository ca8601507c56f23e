/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorMakeCredential.  "Step" is one of the numbered steps of
 * CTAP 2.1, section 6.1.2.
 */
#include <string.h>

#include "authdata.h"
#include "credential.h"
#include "ctap2.h"
#include "encode.h"
#include "locate.h"
#include "puat.h"
#include "status.h"
#include "uv.h"

enum phase { WAIT_SELECT, WAIT_UV, WAIT_EXCLUDED, WAIT_UP };

/* Of random seeds, one in 2^32 is no private key of P-256. */
#define KEY_TRIES 8

/* Step 3: the first algorithm of the list that this device has. */
static const struct keyalg *
choose_alg(const struct makecred_params *p)
{
	for (size_t i = 0; i < p->algs.n; i++) {
		const struct keyalg *alg = keyalg_by_cose(p->algs.cose[i]);

		if (alg != NULL)
			return alg;
	}
	return NULL;
}

static struct puat
puat_of(const struct makecred_params *p)
{
	const struct puat q = { &p->pin_auth, &p->pin_protocol, &p->options,
		p->client_data_hash, PINUV_MC };

	return q;
}

/* Steps 3 to 9. */
static int
check_request(const struct device *dev, const struct makecred_params *p,
    const struct puat *q, bool *uv)
{
	int r;

	if (choose_alg(p) == NULL)
		return CTAP2_ERR_UNSUPPORTED_ALGORITHM;
	if (p->options.up == CODEC_FALSE)
		return CTAP2_ERR_INVALID_OPTION;
	if ((r = puat_options(dev, q, uv)) != CTAP2_OK ||
	    (r = puat_require(dev, q, *uv)) != CTAP2_OK)
		return r;
	/* Step 9: not capable of enterprise attestation. */
	return p->enterprise.present ? CTAP1_ERR_INVALID_PARAMETER : CTAP2_OK;
}

/*
 * Step 12: 1 if a credential of the list is of this device and rp.  One
 * that is protected is not there for who is not verified.
 */
static int
is_excluded(const struct device *dev, const struct makecred_params *p, bool uv)
{
	uint8_t rp_hash[CRYPTO_HASH];

	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		return -1;
	return locate_listed(dev, &p->exclude, rp_hash, uv) != NULL;
}

/* Step 16. */
static int
make_key(struct device *dev, struct private_key *key, struct public_key *pub)
{
	for (int i = 0; i < KEY_TRIES; i++) {
		if (dev->hooks.random(
			dev->hooks.ctx, key->secret, key->alg->secret_len) != 0)
			return -1;
		if (key->alg->derive(key->secret, pub) == 0)
			return 0;
	}
	return -1;
}

/* Step 17 or 18: stored when it returns CTAP2_OK. */
static int
keep(struct device *dev, const struct makecred_params *p,
    const struct credential_id *id, uint32_t *counter)
{
	struct device_state *next = device_draft(dev);
	const struct resident c = { p->rp, p->user, *id };

	if (p->options.rk == CODEC_TRUE &&
	    resident_put(&next->residents, &c) != 0)
		return CTAP2_ERR_KEY_STORE_FULL;
	return device_commit_counted(dev, counter) == 0 ? CTAP2_OK
							: CTAP1_ERR_OTHER;
}

/* Section 12.4: the minimum for an rp that may know it, else 0. */
static unsigned int
min_pin_length(const struct device *dev, const struct makecred_params *p)
{
	const struct device_state *s = &dev->state;

	if (p->extensions.min_pin_length != CODEC_TRUE)
		return 0;
	for (size_t i = 0; i < s->min_pin_rps.n; i++) {
		const struct codec_rp *rp = &s->min_pin_rps.at[i];

		if (rp->len == p->rp.len &&
		    memcmp(rp->id, p->rp.id, rp->len) == 0)
			return s->min_pin_length;
	}
	return 0;
}

/* Step 15, the outputs. */
static int
add_extensions(const struct device *dev, const struct makecred_params *p,
    struct authdata *ad)
{
	uint8_t map[AUTHDATA_EXT_MAX];
	size_t len = encode_make_extensions(
	    &p->extensions, min_pin_length(dev, p), map, sizeof(map));

	if (len == 0)
		return CTAP1_ERR_OTHER;
	/* An empty map is not sent. */
	if (len > 1)
		authdata_extend(ad, map, len);
	return CTAP2_OK;
}

/* Steps 15, 17 and 18, and the authenticator data with them. */
static int
make_authdata(struct device *dev, const struct makecred_params *p,
    uint8_t flags, const struct private_key *key, const struct public_key *pub,
    struct authdata *ad)
{
	uint8_t rp_hash[CRYPTO_HASH], nonce[CRYPTO_NONCE];
	uint8_t cose[AUTHDATA_COSE_MAX];
	struct credential_id id = { 0 };
	size_t cose_len = encode_cose(key->alg, pub, cose, sizeof(cose));
	uint32_t counter;
	int r;

	if (cose_len == 0 || crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0 ||
	    dev->hooks.random(dev->hooks.ctx, nonce, sizeof(nonce)) != 0 ||
	    credential_wrap(dev->state.master, key, rp_hash, nonce, &id) != 0)
		return CTAP1_ERR_OTHER;
	if ((r = keep(dev, p, &id, &counter)) != CTAP2_OK)
		return r;
	authdata_begin(ad, rp_hash, flags, counter);
	authdata_attest(ad, device_aaguid(dev), &id, cose, cose_len);
	return add_extensions(dev, p, ad);
}

static struct credential_policy
choose_policy(const struct makecred_params *p)
{
	const struct codec_uint *level = &p->extensions.protection;
	const struct credential_policy policy = {
		level->present ? (enum credential_protection)level->value
			       : PROTECT_UV_OPTIONAL,
		p->options.rk == CODEC_TRUE
	};

	return policy;
}

/* Steps 15 to 19. */
static int
make_credential(struct device *dev, uint8_t flags)
{
	const struct makecred_params *p = &dev->work.params.makecred;
	struct private_key key = { .alg = choose_alg(p),
		.policy = choose_policy(p) };
	struct public_key pub;
	struct authdata ad;
	struct attestation_statement st;
	int r = CTAP1_ERR_OTHER;

	if (make_key(dev, &key, &pub) != 0)
		goto out;
	r = make_authdata(dev, p, flags, &key, &pub, &ad);
	if (r != CTAP2_OK)
		goto out;
	r = CTAP1_ERR_OTHER;
	if (attestation_make(dev->model.attestation, &key, &ad,
		p->client_data_hash, &st) != 0)
		goto out;
	dev->reply_len = encode_attested(
	    &ad, &st, device_reply_data(dev), device_reply_room(dev));
	if (dev->reply_len != 0)
		r = CTAP2_OK;
out:
	crypto_wipe(&key, sizeof(key));
	return r;
}

/* Steps 14.3 to 19; who was verified has touched already (step 13). */
static int
finish(struct device *dev)
{
	if ((dev->work.flags & AUTHDATA_UP) == 0)
		pinuv_spend(dev);
	return make_credential(dev, dev->work.flags | AUTHDATA_UP);
}

static int
ask(struct device *dev, enum phase phase)
{
	const struct makecred_params *p = &dev->work.params.makecred;
	const struct presence_request req = { .act = ACT_CREATE,
		.verify = phase == WAIT_UV,
		.rp = &p->rp,
		.user = &p->user };

	dev->work.phase = (int)phase;
	return device_ask(dev, &req);
}

/* Steps 12 to 14, with the flags that step 11 gave. */
static int
go_on(struct device *dev)
{
	const struct makecred_params *p = &dev->work.params.makecred;
	const struct puat q = puat_of(p);
	bool present =
	    (dev->work.flags & AUTHDATA_UP) != 0 || puat_is_present(dev, &q);
	int excluded =
	    is_excluded(dev, p, (dev->work.flags & AUTHDATA_UV) != 0);

	if (excluded < 0)
		return CTAP1_ERR_OTHER;
	if (excluded && present)
		return CTAP2_ERR_CREDENTIAL_EXCLUDED;
	if (!present)
		return ask(dev, excluded ? WAIT_EXCLUDED : WAIT_UP);
	return finish(dev);
}

/* Steps 3 to 14. */
static int
process(struct device *dev, const struct puat *q)
{
	const struct makecred_params *p = &dev->work.params.makecred;
	uint8_t rp_hash[CRYPTO_HASH];
	bool uv, verified;
	int r = check_request(dev, p, q, &uv);

	if (r != CTAP2_OK)
		return r;
	if (crypto_sha256(p->rp.id, p->rp.len, rp_hash) != 0)
		return CTAP1_ERR_OTHER;
	if ((r = puat_verify(dev, q, rp_hash, uv, &verified)) != CTAP2_OK)
		return r;
	if (verified)
		dev->work.flags |= AUTHDATA_UV;
	/* Step 11.2 comes before the exclude list. */
	return uv ? ask(dev, WAIT_UV) : go_on(dev);
}

int
makecred_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct makecred_params *p = &dev->work.params.makecred;
	struct puat q;
	int r = codec_makecred_decode(body, n, p);

	if (r != CTAP2_OK)
		return r;
	q = puat_of(p);
	dev->work.phase = WAIT_SELECT;
	r = puat_begin(dev, &q);
	return r == CTAP2_OK ? process(dev, &q) : r;
}

int
makecred_resume(struct device *dev, enum presence_answer answer)
{
	int r;

	switch ((enum phase)dev->work.phase) {
	case WAIT_SELECT: return puat_selected(dev, answer);
	case WAIT_UV:
		r = uv_inline_status(uv_settle(dev, answer));
		if (r != CTAP2_OK)
			return r;
		/* Step 13: verifying was an interaction. */
		dev->work.flags = AUTHDATA_UV | AUTHDATA_UP;
		return go_on(dev);
	case WAIT_EXCLUDED:
		/* Whatever the person did (step 12). */
		return CTAP2_ERR_CREDENTIAL_EXCLUDED;
	case WAIT_UP: break;
	}
	return answer == PRESENCE_GRANTED ? finish(dev) : ctap2_refusal(answer);
}
