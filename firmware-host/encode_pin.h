/* SPDX-License-Identifier: BSD-2-Clause */
/* Replies of authenticatorClientPIN (CTAP 2.1, section 6.5.5), as encode.h. */
#ifndef FIRMWARE_ENCODE_PIN_H
#define FIRMWARE_ENCODE_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"

size_t encode_pin_retries(
    unsigned int retries, bool power_cycle, uint8_t *out, size_t cap);
size_t encode_uv_retries(unsigned int retries, uint8_t *out, size_t cap);
size_t encode_key_agreement(
    const struct public_key *pub, uint8_t *out, size_t cap);
size_t encode_pin_token(
    const uint8_t *sealed, size_t n, uint8_t *out, size_t cap);

#endif
