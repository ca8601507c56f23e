/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys as OpenSSL has them, for the library's own use. */

#ifndef SRC_PUBKEY_H
#define SRC_PUBKEY_H

#include <openssl/evp.h>

#include "counterseal/api.h"

/*
 * The key that an uncompressed point of P-256 is. NULL if the first byte is
 * not 4, or the rest no point of the curve. The caller frees it.
 */
EVP_PKEY *pubkey_p256(const uint8_t point[CSEAL_DESK_KEY_BYTES]);

#endif
