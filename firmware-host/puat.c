/* SPDX-License-Identifier: BSD-2-Clause */
#include "puat.h"

#include "status.h"
#include "uv.h"

int
puat_begin(struct device *dev, const struct puat *p)
{
	const struct presence_request req = { .act = ACT_SELECT };

	if (!p->auth->present)
		return CTAP2_OK;
	/* Step 1: before anything is said of the protocol. */
	if (p->auth->len == 0)
		return device_ask(dev, &req);
	if (!p->protocol->present)
		return CTAP2_ERR_MISSING_PARAMETER;
	return pinuv_check_protocol(p->protocol->value);
}

/* A time-out is a refusal here (steps 1.2 and 1.3). */
int
puat_selected(const struct device *dev, enum presence_answer answer)
{
	if (answer != PRESENCE_GRANTED)
		return CTAP2_ERR_OPERATION_DENIED;
	return dev->state.pin_set ? CTAP2_ERR_PIN_INVALID
				  : CTAP2_ERR_PIN_NOT_SET;
}

/* mc step 6, ga step 5. */
static int
always_uv(const struct device *dev, const struct puat *p, bool *uv)
{
	/* Is there a PIN that could be set, or given? */
	const int refusal = dev->model.no_pin ? CTAP2_ERR_OPERATION_DENIED
					      : CTAP2_ERR_PUAT_REQUIRED;

	if (!dev->state.always_uv)
		return CTAP2_OK;
	if (p->permission == PINUV_GA && p->options->up == CODEC_FALSE)
		return CTAP2_OK;
	if (!uv_protected(dev))
		return refusal;
	if (p->auth->present)
		return CTAP2_OK;
	/* For clients that know nothing of alwaysUv (mc step 6.3). */
	if (dev->model.uv)
		*uv = true;
	return *uv ? CTAP2_OK : refusal;
}

int
puat_options(const struct device *dev, const struct puat *p, bool *uv)
{
	*uv = !p->auth->present && p->options->uv == CODEC_TRUE;
	if (*uv && !dev->model.uv)
		return CTAP2_ERR_INVALID_OPTION;
	return always_uv(dev, p, uv);
}

int
puat_require(const struct device *dev, const struct puat *p, bool uv)
{
	/* Without alwaysUv makeCredUvNotRqd is true, with it step 6 did it. */
	if (p->options->rk != CODEC_TRUE || !uv_protected(dev) || uv ||
	    p->auth->present)
		return CTAP2_OK;
	return dev->state.pin_set ? CTAP2_ERR_PUAT_REQUIRED
				  : CTAP2_ERR_OPERATION_DENIED;
}

/* mc step 11.1, ga step 6.1. */
static int
verify_token(struct device *dev, const struct puat *p,
    const uint8_t rp_hash[CRYPTO_HASH], bool *verified)
{
	const struct pinuv_message msg = { p->client_data_hash, CRYPTO_HASH,
		NULL, 0 };
	int r = pinuv_check(dev, p->protocol, p->auth, &msg);

	if (r != CTAP2_OK)
		return r;
	if (!pinuv_permits(dev, p->permission, rp_hash) ||
	    !pinuv_user_verified(dev))
		return CTAP2_ERR_PIN_AUTH_INVALID;
	*verified = true;
	pinuv_bind(dev, rp_hash);
	return CTAP2_OK;
}

int
puat_verify(struct device *dev, const struct puat *p,
    const uint8_t rp_hash[CRYPTO_HASH], bool uv, bool *verified)
{
	*verified = false;
	if (!uv_protected(dev))
		return CTAP2_OK;
	if (p->auth->present)
		return verify_token(dev, p, rp_hash, verified);
	return uv && uv_retries(dev) == 0 ? CTAP2_ERR_PIN_BLOCKED : CTAP2_OK;
}

bool
puat_is_present(struct device *dev, const struct puat *p)
{
	return p->auth->present && pinuv_user_present(dev);
}
