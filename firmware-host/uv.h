/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User verification as all commands see it: a PIN that is set, and the
 * verification that may be built in (CTAP 2.1, section 6.5.3.1).
 */
#ifndef FIRMWARE_UV_H
#define FIRMWARE_UV_H

#include "device.h"

/*
 * "Protected by some form of user verification" (6.1.2): a PIN is set, or
 * user verification is built in.
 */
bool uv_protected(const struct device *dev);

/*
 * The tries that built-in user verification has left; none once the PIN is
 * blocked (6.5.2.3).
 */
unsigned int uv_retries(const struct device *dev);

/*
 * performBuiltInUv(), after a person was asked to touch and be verified; one
 * attempt a request.  CTAP2_OK, CTAP2_ERR_USER_ACTION_TIMEOUT,
 * CTAP2_ERR_OPERATION_DENIED if the person declined, CTAP2_ERR_UV_INVALID or,
 * with the last try gone, CTAP2_ERR_UV_BLOCKED for somebody else's finger.
 */
int uv_settle(struct device *dev, enum presence_answer answer);

/*
 * The same where a command verifies by itself (6.1.2 step 11.2.3, 6.2.2
 * step 6.2): UV_BLOCKED is CTAP2_ERR_PIN_BLOCKED there and UV_INVALID is
 * CTAP2_ERR_OPERATION_DENIED.
 */
int uv_inline_status(int status);

#endif
