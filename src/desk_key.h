/* SPDX-License-Identifier: BSD-2-Clause */
/* The private half of a desk's key, for envelope.c alone. */

#ifndef SRC_DESK_KEY_H
#define SRC_DESK_KEY_H

#include <openssl/evp.h>

#include "counterseal/desk_key.h"

/* Borrowed. OpenSSL counts references to it, so it is not const. */
EVP_PKEY *desk_key_private(const struct cseal_desk_key *k);

#endif
