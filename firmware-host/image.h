/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a token as the bytes of its file:
 *
 *   8 "CSEALTOK" | 4 version | 4 length of content | content
 *   | 32 SHA-256 over all before
 *
 * Numbers are big endian; TEXT and BYTES are 1 length | as many bytes.
 * Content of version 2:
 *
 *   32 master key | 4 counter
 *   1 flags: 1 PIN set, 2 it must be changed, 4 alwaysUv
 *   16 PIN hash | 1 length of the PIN | 1 PIN tries left | 1 UV tries left
 *   1 minimum length of a PIN
 *   1 number of rp ids that may learn it, of each: TEXT
 *   1 number of resident credentials, of each, oldest first:
 *     TEXT rp id | BYTES user id | TEXT name | TEXT display name
 *     | BYTES credential id
 *
 * Version 1 has the master key and the counter alone.  Both are read,
 * version 2 is written.
 */
#ifndef FIRMWARE_IMAGE_H
#define FIRMWARE_IMAGE_H

#include "device.h"

#define IMAGE_TEXT_MAX 255
#define IMAGE_USER_MAX (CODEC_USER_ID_MAX + 2 * CODEC_NAME_MAX)
#define IMAGE_RESIDENT_MAX \
	(5 + IMAGE_TEXT_MAX + IMAGE_USER_MAX + CREDENTIAL_ID_MAX)
#define IMAGE_MAX                                                   \
	(8 + 4 + 4 + CRYPTO_KEY + 4 + 1 + DEVICE_PIN_HASH + 4 + 1 + \
	    DEVICE_MIN_PIN_RPS * (1 + IMAGE_TEXT_MAX) + 1 +         \
	    RESIDENT_MAX * IMAGE_RESIDENT_MAX + CRYPTO_HASH)

enum image_result { IMAGE_OK, IMAGE_DAMAGED, IMAGE_VERSION };

/* Exactly what image_encode writes, or version 1; else *out is zero. */
enum image_result image_parse(
    const uint8_t *p, size_t n, struct device_state *out);

/* Returns the length, or 0 if there is no hash to be had. */
size_t image_encode(const struct device_state *state, uint8_t out[IMAGE_MAX]);

#endif
