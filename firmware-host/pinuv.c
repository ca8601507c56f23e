/* SPDX-License-Identifier: BSD-2-Clause */
#include "pinuv.h"

#include <string.h>

#include "device.h"
#include "status.h"

#define COSE_ES256 (-7)

/* A random string is a valid P-256 scalar but once in 2^32. */
#define KEY_TRIES 8

/* One row a protocol, numbered from 1. */
struct protocol {
	size_t mac_len, iv_len;
	int (*derive)(const uint8_t z[PINCRYPTO_COORD], struct pinuv_secret *s);
};

/* Section 6.5.6: one key for both, SHA-256(Z). */
static int
derive_one(const uint8_t z[PINCRYPTO_COORD], struct pinuv_secret *s)
{
	if (crypto_sha256(z, PINCRYPTO_COORD, s->hmac_key) != 0)
		return -1;
	memcpy(s->aes_key, s->hmac_key, sizeof(s->aes_key));
	return 0;
}

/* Section 6.5.7. */
static int
derive_two(const uint8_t z[PINCRYPTO_COORD], struct pinuv_secret *s)
{
	if (pincrypto_hkdf(z, "CTAP2 HMAC key", s->hmac_key) != 0)
		return -1;
	return pincrypto_hkdf(z, "CTAP2 AES key", s->aes_key);
}

static const struct protocol protocols[PINUV_PROTOCOLS] = {
	{ CRYPTO_HASH / 2, 0, derive_one },
	{ CRYPTO_HASH, PINCRYPTO_BLOCK, derive_two },
};

int
pinuv_check_protocol(uint64_t protocol)
{
	return protocol >= 1 && protocol <= PINUV_PROTOCOLS
		   ? CTAP2_OK
		   : CTAP1_ERR_INVALID_PARAMETER;
}

static struct pinuv_keys *
keys_of(struct device *dev, uint64_t protocol)
{
	return &dev->pinuv.keys[protocol - 1];
}

static int
make_keys(struct device *dev, struct pinuv_keys *k)
{
	const struct keyalg *alg = keyalg_by_cose(COSE_ES256);
	const struct device_hooks *hooks = &dev->hooks;

	if (k->made)
		return 0;
	if (hooks->random(hooks->ctx, k->token, sizeof(k->token)) != 0)
		return -1;
	for (int i = 0; i < KEY_TRIES && !k->made; i++) {
		if (hooks->random(hooks->ctx, k->secret, sizeof(k->secret)) !=
		    0)
			return -1;
		k->made = alg->derive(k->secret, &k->pub) == 0;
	}
	return k->made ? 0 : -1;
}

int
pinuv_public(struct device *dev, uint64_t protocol, struct public_key *pub)
{
	struct pinuv_keys *k = keys_of(dev, protocol);

	if (make_keys(dev, k) != 0)
		return CTAP1_ERR_OTHER;
	*pub = k->pub;
	return CTAP2_OK;
}

/*
 * The token of the protocol goes with its key pair: only one that was issued
 * is worth anything, and no token is in use after a wrong PIN but one that
 * was issued before it.  Keep that one.
 */
void
pinuv_regenerate(struct device *dev, uint64_t protocol)
{
	struct pinuv_keys *k = keys_of(dev, protocol);
	uint8_t token[PINUV_TOKEN];

	memcpy(token, k->token, sizeof(token));
	k->made = false;
	crypto_wipe(k->secret, sizeof(k->secret));
	if (make_keys(dev, k) == 0)
		memcpy(k->token, token, sizeof(token));
	else
		memset(&dev->pinuv.use, 0, sizeof(dev->pinuv.use));
	crypto_wipe(token, sizeof(token));
}

int
pinuv_shared(struct device *dev, uint64_t protocol,
    const struct codec_key *peer, struct pinuv_secret *out)
{
	struct pinuv_keys *k = keys_of(dev, protocol);
	uint8_t z[PINCRYPTO_COORD];
	int r = CTAP1_ERR_INVALID_PARAMETER;

	memset(out, 0, sizeof(*out));
	out->protocol = protocol;
	if (make_keys(dev, k) != 0)
		return CTAP1_ERR_OTHER;
	if (!peer->valid || pincrypto_ecdh(k->secret, &peer->pub, z) != 0)
		goto out;
	r = protocols[protocol - 1].derive(z, out) == 0 ? CTAP2_OK
							: CTAP1_ERR_OTHER;
out:
	crypto_wipe(z, sizeof(z));
	return r;
}

int
pinuv_encrypt(struct device *dev, const struct pinuv_secret *secret,
    const uint8_t *in, size_t n, uint8_t *out, size_t *out_len)
{
	size_t iv_len = protocols[secret->protocol - 1].iv_len;
	uint8_t iv[PINCRYPTO_BLOCK] = { 0 };

	if (iv_len != 0 &&
	    dev->hooks.random(dev->hooks.ctx, iv, sizeof(iv)) != 0)
		return CTAP1_ERR_OTHER;
	memcpy(out, iv, iv_len);
	if (pincrypto_cbc(true, secret->aes_key, iv, in, n, out + iv_len) != 0)
		return CTAP1_ERR_OTHER;
	*out_len = iv_len + n;
	return CTAP2_OK;
}

bool
pinuv_decrypt(const struct pinuv_secret *secret, const uint8_t *in, size_t n,
    uint8_t *out, size_t *out_len)
{
	size_t iv_len = protocols[secret->protocol - 1].iv_len;
	uint8_t iv[PINCRYPTO_BLOCK] = { 0 };

	if (n < iv_len)
		return false;
	memcpy(iv, in, iv_len);
	*out_len = n - iv_len;
	return pincrypto_cbc(
		   false, secret->aes_key, iv, in + iv_len, *out_len, out) == 0;
}

static bool
mac_is(uint64_t protocol, const uint8_t *key, const struct pinuv_message *msg,
    const struct codec_auth *param)
{
	size_t n = protocols[protocol - 1].mac_len;
	uint8_t mac[CRYPTO_HASH];
	bool same;

	if (param->len != n || pincrypto_hmac(key, msg->head, msg->head_len,
				   msg->tail, msg->tail_len, mac) != 0)
		return false;
	same = pincrypto_equal(mac, param->data, n);
	crypto_wipe(mac, sizeof(mac));
	return same;
}

bool
pinuv_verify(const struct pinuv_secret *secret, const struct pinuv_message *msg,
    const struct codec_auth *param)
{
	return mac_is(secret->protocol, secret->hmac_key, msg, param);
}

/*
 * The usage timer (6.5.3.2, pinUvAuthTokenUsageTimerObserver), looked at
 * whenever the token is: nobody else can tell the difference.
 */
static void
observe(struct device *dev)
{
	struct pinuv_use *u = &dev->pinuv.use;
	uint64_t age = dev->hooks.now(dev->hooks.ctx) - u->since;

	if (!u->in_use)
		return;
	if (age >= PINUV_MAX_MS || (!u->used && age >= PINUV_INITIAL_MS))
		memset(u, 0, sizeof(*u));
	else if (age >= PINUV_PRESENT_MS)
		u->user_present = false;
}

/* A token that cannot be drawn is made together with the next key pair. */
void
pinuv_reset_tokens(struct device *dev)
{
	memset(&dev->pinuv.use, 0, sizeof(dev->pinuv.use));
	for (size_t i = 0; i < PINUV_PROTOCOLS; i++) {
		struct pinuv_keys *k = &dev->pinuv.keys[i];

		if (k->made && dev->hooks.random(dev->hooks.ctx, k->token,
				   sizeof(k->token)) != 0)
			k->made = false;
	}
}

void
pinuv_restart(struct device *dev)
{
	crypto_wipe(&dev->pinuv, sizeof(dev->pinuv));
}

int
pinuv_issue(struct device *dev, const struct pinuv_secret *secret,
    unsigned int permissions, const struct codec_rp *rp, bool user_present,
    uint8_t out[PINUV_TOKEN + PINUV_OVERHEAD], size_t *out_len)
{
	struct pinuv_use use = {
		.in_use = true,
		.protocol = secret->protocol,
		.since = dev->hooks.now(dev->hooks.ctx),
		.permissions = permissions,
		.bound = rp != NULL && rp->len != 0,
		.user_present = user_present,
		.user_verified = true,
	};
	const struct pinuv_keys *k = keys_of(dev, secret->protocol);
	int r;

	pinuv_reset_tokens(dev);
	if (!k->made ||
	    (use.bound && crypto_sha256(rp->id, rp->len, use.rp_hash) != 0))
		return CTAP1_ERR_OTHER;
	r = pinuv_encrypt(
	    dev, secret, k->token, sizeof(k->token), out, out_len);
	if (r == CTAP2_OK)
		dev->pinuv.use = use;
	return r;
}

int
pinuv_check(struct device *dev, const struct codec_uint *protocol,
    const struct codec_auth *param, const struct pinuv_message *msg)
{
	struct pinuv_use *u = &dev->pinuv.use;

	if (!protocol->present)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (pinuv_check_protocol(protocol->value) != CTAP2_OK)
		return CTAP1_ERR_INVALID_PARAMETER;
	observe(dev);
	if (!u->in_use || u->protocol != protocol->value ||
	    !mac_is(u->protocol, keys_of(dev, u->protocol)->token, msg, param))
		return CTAP2_ERR_PIN_AUTH_INVALID;
	u->used = true;
	return CTAP2_OK;
}

bool
pinuv_permits(const struct device *dev, enum pinuv_permission permission,
    const uint8_t *rp_hash)
{
	const struct pinuv_use *u = &dev->pinuv.use;

	if (!u->in_use || (u->permissions & permission) == 0)
		return false;
	return rp_hash == NULL || !u->bound ||
	       memcmp(u->rp_hash, rp_hash, sizeof(u->rp_hash)) == 0;
}

bool
pinuv_is_bound(const struct device *dev)
{
	return dev->pinuv.use.bound;
}

void
pinuv_bind(struct device *dev, const uint8_t rp_hash[CRYPTO_HASH])
{
	struct pinuv_use *u = &dev->pinuv.use;

	if (u->bound)
		return;
	u->bound = true;
	memcpy(u->rp_hash, rp_hash, sizeof(u->rp_hash));
}

bool
pinuv_user_present(struct device *dev)
{
	observe(dev);
	return dev->pinuv.use.in_use && dev->pinuv.use.user_present;
}

bool
pinuv_user_verified(struct device *dev)
{
	observe(dev);
	return dev->pinuv.use.in_use && dev->pinuv.use.user_verified;
}

void
pinuv_spend(struct device *dev)
{
	struct pinuv_use *u = &dev->pinuv.use;

	u->user_present = false;
	u->user_verified = false;
	u->permissions &= PINUV_LBW;
}
