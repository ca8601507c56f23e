/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hmac-secret extension (CTAP 2.1, section 12.5).  CredRandomWithUV and
 * CredRandomWithoutUV are derived from the master key and the credential
 * id, so every credential has them and a reset ends them.
 */
#ifndef FIRMWARE_HMACSECRET_H
#define FIRMWARE_HMACSECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "pinuv.h"

#define HMACSECRET_SALT ((size_t)32)
#define HMACSECRET_OUT	(2 * HMACSECRET_SALT + PINUV_OVERHEAD)

/* A request, opened.  Without salts there is none.  A secret. */
struct hmacsecret {
	size_t salts_len; /* of one salt or of two */
	uint8_t salts[2 * HMACSECRET_SALT];
	struct pinuv_secret shared;
};

struct device;

/* Both return a CTAP status. */
int hmacsecret_open(struct device *dev, const struct codec_hmac_secret *in,
    struct hmacsecret *out);
/* The outputs for a credential, encrypted for the client. */
int hmacsecret_make(struct device *dev, const struct hmacsecret *hs,
    const uint8_t *id, size_t id_len, bool uv, uint8_t out[HMACSECRET_OUT],
    size_t *out_len);

#endif
