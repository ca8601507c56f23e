/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One assertion: the steps of getAssertion (CTAP 2.1, section 6.2.2) behind
 * the choice of a credential, which getNextAssertion (6.3) repeats.
 */
#ifndef FIRMWARE_ASSERTION_H
#define FIRMWARE_ASSERTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "crypto.h"
#include "hmacsecret.h"
#include "resident.h"

/* What is the same for all credentials that a request found.  A secret. */
struct assertion {
	uint8_t rp_hash[CRYPTO_HASH];
	uint8_t client_data_hash[CRYPTO_HASH];
	uint8_t flags;
	bool several; /* a person chooses, and so has to see names */
	struct hmacsecret hmac;
};

struct device;

/*
 * Makes the reply and returns a status.  `count` is numberOfCredentials, or
 * 0 to say nothing of it.
 */
int assertion_make(struct device *dev, const struct assertion *a,
    const uint8_t *id, size_t id_len, size_t count);

#endif
