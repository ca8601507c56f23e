/* SPDX-License-Identifier: BSD-2-Clause */
/* authenticatorClientPIN (CTAP 2.1, section 6.5.5), split by its kinds. */
#ifndef FIRMWARE_CLIENTPIN_H
#define FIRMWARE_CLIENTPIN_H

#include "device.h"

/* Wrong PINs in a row until the power must be cycled (6.5.5.6). */
#define CLIENTPIN_MISMATCHES 3

/* The PIN travels filled up with zeros to so many bytes (6.5.5.5). */
#define CLIENTPIN_PADDED 64

/*
 * Steps that changePIN and both ways to a token have in common.  The first:
 * CTAP2_OK, CTAP2_ERR_PIN_BLOCKED, CTAP2_ERR_PIN_AUTH_BLOCKED or
 * CTAP2_ERR_PIN_NOT_SET, before anything is counted.
 */
int clientpin_usable(const struct device *dev);
/* Counts a try, stores that, and only then compares. */
int clientpin_compare(struct device *dev, const struct pinuv_secret *secret,
    const struct codec_sealed *pin_hash);

int clientpin_set(struct device *dev, const struct clientpin_params *p);
int clientpin_change(struct device *dev, const struct clientpin_params *p);
/* getPinToken, and the same with permissions. */
int clientpin_token(struct device *dev, const struct clientpin_params *p);
int clientpin_token_pin(struct device *dev, const struct clientpin_params *p);
/* Asks a person, and goes on when that is verified. */
int clientpin_token_uv(struct device *dev, const struct clientpin_params *p);
int clientpin_token_uv_resume(struct device *dev, enum presence_answer answer);

/* The command. */
int clientpin_start(struct device *dev, const uint8_t *body, size_t n);
int clientpin_resume(struct device *dev, enum presence_answer answer);

#endif
