/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three ways to a pinUvAuthToken: CTAP 2.1, sections 6.5.5.7.1 to
 * 6.5.5.7.3, whose numbers the steps have.
 */
#include <string.h>

#include "clientpin.h"
#include "ctap2.h"
#include "encode_pin.h"
#include "status.h"
#include "uv.h"

/* All that are defined; others in a request are ignored. */
#define PERMISSIONS \
	(PINUV_MC | PINUV_GA | PINUV_CM | PINUV_BE | PINUV_LBW | PINUV_ACFG)

/* Those of commands that this device does not have. */
#define UNAUTHORIZED (PINUV_BE | PINUV_LBW)

int
clientpin_usable(const struct device *dev)
{
	if (dev->state.pin_retries == 0)
		return CTAP2_ERR_PIN_BLOCKED;
	if (dev->pinuv.mismatches >= CLIENTPIN_MISMATCHES)
		return CTAP2_ERR_PIN_AUTH_BLOCKED;
	return dev->state.pin_set ? CTAP2_OK : CTAP2_ERR_PIN_NOT_SET;
}

static bool
is_right(const struct device *dev, const struct pinuv_secret *secret,
    const struct codec_sealed *sealed)
{
	uint8_t hash[CODEC_SEALED_MAX];
	size_t n;
	bool right;

	right = pinuv_decrypt(secret, sealed->data, sealed->len, hash, &n) &&
		n == DEVICE_PIN_HASH &&
		pincrypto_equal(hash, dev->state.pin_hash, DEVICE_PIN_HASH);
	crypto_wipe(hash, sizeof(hash));
	return right;
}

/* Step 9.1 (changePIN: 7.1). */
static int
mismatch(struct device *dev, uint64_t protocol)
{
	pinuv_regenerate(dev, protocol);
	dev->pinuv.mismatches++;
	if (dev->state.pin_retries == 0)
		return CTAP2_ERR_PIN_BLOCKED;
	return dev->pinuv.mismatches >= CLIENTPIN_MISMATCHES
		   ? CTAP2_ERR_PIN_AUTH_BLOCKED
		   : CTAP2_ERR_PIN_INVALID;
}

/*
 * Steps 8 to 10 (changePIN: 6 to 8).  The try is stored before the PIN is
 * looked at, so that pulling the plug gives no try back.
 */
int
clientpin_compare(struct device *dev, const struct pinuv_secret *secret,
    const struct codec_sealed *pin_hash)
{
	struct device_state *next = device_draft(dev);

	next->pin_retries--;
	if (device_commit(dev) != 0)
		return CTAP1_ERR_OTHER;
	if (!is_right(dev, secret, pin_hash))
		return mismatch(dev, secret->protocol);
	next = device_draft(dev);
	next->pin_retries = DEVICE_PIN_TRIES;
	next->uv_retries = DEVICE_UV_TRIES;
	if (device_commit(dev) != 0)
		return CTAP1_ERR_OTHER;
	dev->pinuv.mismatches = 0;
	return CTAP2_OK;
}

static int
issue(struct device *dev, const struct pinuv_secret *secret,
    unsigned int permissions, const struct codec_rp *rp, bool user_present)
{
	uint8_t sealed[PINUV_TOKEN + PINUV_OVERHEAD];
	size_t n;
	int r =
	    pinuv_issue(dev, secret, permissions, rp, user_present, sealed, &n);

	if (r != CTAP2_OK)
		return r;
	return device_replied(
	    dev, encode_pin_token(sealed, n, device_reply_data(dev),
		     device_reply_room(dev)));
}

/* Steps 5 to 10, and 11, whose status the two subcommands do not share. */
static int
issue_for_pin(struct device *dev, const struct clientpin_params *p,
    unsigned int permissions, int must_change)
{
	struct pinuv_secret secret;
	int r = clientpin_usable(dev);

	if (r != CTAP2_OK)
		return r;
	r = pinuv_shared(dev, p->protocol.value, &p->key, &secret);
	if (r == CTAP2_OK)
		r = clientpin_compare(dev, &secret, &p->pin_hash);
	if (r == CTAP2_OK && dev->state.force_pin_change)
		r = must_change;
	if (r == CTAP2_OK)
		r = issue(dev, &secret, permissions, &p->rp, false);
	crypto_wipe(&secret, sizeof(secret));
	return r;
}

int
clientpin_token(struct device *dev, const struct clientpin_params *p)
{
	/* Steps 3 and 4. */
	if (p->permissions.present || p->rp.len != 0)
		return CTAP1_ERR_INVALID_PARAMETER;
	return issue_for_pin(
	    dev, p, PINUV_MC | PINUV_GA, CTAP2_ERR_PIN_INVALID);
}

/*
 * Steps 3 and 4.  An rp id is mandatory with mc and ga (the table of
 * permissions in 6.5.5.7), which makes its absence a case of step 1.
 */
static int
check_permissions(const struct clientpin_params *p, uint64_t unauthorized)
{
	uint64_t wanted = p->permissions.value;

	if ((wanted & (PINUV_MC | PINUV_GA)) != 0 && p->rp.len == 0)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (wanted == 0)
		return CTAP1_ERR_INVALID_PARAMETER;
	return (wanted & unauthorized) != 0 ? CTAP2_ERR_UNAUTHORIZED_PERMISSION
					    : CTAP2_OK;
}

int
clientpin_token_pin(struct device *dev, const struct clientpin_params *p)
{
	int r = check_permissions(p, UNAUTHORIZED);

	if (r != CTAP2_OK)
		return r;
	return issue_for_pin(dev, p,
	    (unsigned int)(p->permissions.value & PERMISSIONS),
	    CTAP2_ERR_PIN_POLICY_VIOLATION);
}

int
clientpin_token_uv(struct device *dev, const struct clientpin_params *p)
{
	struct presence_request req = { .act = ACT_VERIFY, .verify = true };
	struct pinuv_secret secret;
	int r = check_permissions(p, UNAUTHORIZED);

	if (r != CTAP2_OK)
		return r;
	/* Step 5. */
	if (!dev->model.uv)
		return CTAP2_ERR_NOT_ALLOWED;
	/* Step 7; one attempt a request, whatever step 6 says. */
	if (uv_retries(dev) == 0)
		return CTAP2_ERR_UV_BLOCKED;
	/* A key that leads nowhere shall not cost a touch. */
	r = pinuv_shared(dev, p->protocol.value, &p->key, &secret);
	crypto_wipe(&secret, sizeof(secret));
	if (r != CTAP2_OK)
		return r;
	if (p->rp.len != 0)
		req.rp = &p->rp;
	return device_ask(dev, &req);
}

int
clientpin_token_uv_resume(struct device *dev, enum presence_answer answer)
{
	const struct clientpin_params *p = &dev->work.params.clientpin;
	struct pinuv_secret secret;
	/* Steps 9 and 10. */
	int r = uv_settle(dev, answer);

	if (r != CTAP2_OK)
		return r;
	/* Steps 11 to 15 (12 to 16 in later versions): a touch verified. */
	r = pinuv_shared(dev, p->protocol.value, &p->key, &secret);
	if (r == CTAP2_OK)
		r = issue(dev, &secret,
		    (unsigned int)(p->permissions.value & PERMISSIONS), &p->rp,
		    true);
	crypto_wipe(&secret, sizeof(secret));
	return r;
}
