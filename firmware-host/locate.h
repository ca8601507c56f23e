/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which credentials a request means: step 12 of makeCredential (CTAP 2.1,
 * section 6.1.2) and step 7 of getAssertion (6.2.2).
 */
#ifndef FIRMWARE_LOCATE_H
#define FIRMWARE_LOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "credential.h"
#include "resident.h"

struct device;

/*
 * The key of an id for this rp: 0, or -1 if it is not this device's or is
 * of a resident credential that is gone.  Wipe the key in both cases.
 */
int locate_key(const struct device *dev, const uint8_t *id, size_t len,
    const uint8_t rp_hash[CRYPTO_HASH], struct private_key *key);

/*
 * The first of a list that may be used (`uv`: the user is verified), or
 * NULL.
 */
const struct codec_credential *locate_listed(const struct device *dev,
    const struct codec_list *list, const uint8_t rp_hash[CRYPTO_HASH], bool uv);

/* The resident ones that may be used with no list, newest first. */
size_t locate_resident(const struct device *dev, const struct codec_rp *rp,
    const uint8_t rp_hash[CRYPTO_HASH], bool uv,
    const struct resident *found[RESIDENT_MAX]);

#endif
