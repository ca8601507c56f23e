/* SPDX-License-Identifier: BSD-2-Clause */
#include "uv.h"

#include "ctap2.h"
#include "status.h"

bool
uv_protected(const struct device *dev)
{
	return dev->model.uv || dev->state.pin_set;
}

unsigned int
uv_retries(const struct device *dev)
{
	return dev->state.pin_retries == 0 ? 0 : dev->state.uv_retries;
}

static int
set_retries(struct device *dev, uint8_t n)
{
	if (dev->state.uv_retries == n)
		return 0;
	device_draft(dev)->uv_retries = n;
	return device_commit(dev);
}

int
uv_settle(struct device *dev, enum presence_answer answer)
{
	uint8_t left = dev->state.uv_retries;

	if (answer == PRESENCE_GRANTED)
		return set_retries(dev, DEVICE_UV_TRIES) == 0 ? CTAP2_OK
							      : CTAP1_ERR_OTHER;
	if (answer != PRESENCE_STRANGER)
		return ctap2_refusal(answer);
	if (left > 0 && set_retries(dev, --left) != 0)
		return CTAP1_ERR_OTHER;
	return left == 0 ? CTAP2_ERR_UV_BLOCKED : CTAP2_ERR_UV_INVALID;
}

int
uv_inline_status(int status)
{
	switch (status) {
	case CTAP2_ERR_UV_BLOCKED: return CTAP2_ERR_PIN_BLOCKED;
	case CTAP2_ERR_UV_INVALID: return CTAP2_ERR_OPERATION_DENIED;
	default: return status;
	}
}
