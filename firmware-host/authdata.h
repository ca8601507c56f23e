/* SPDX-License-Identifier: BSD-2-Clause */
/* Authenticator data: WebAuthn Level 2, section 6.1. */
#ifndef FIRMWARE_AUTHDATA_H
#define FIRMWARE_AUTHDATA_H

#include <stddef.h>
#include <stdint.h>

#include "credential.h"

#define AUTHDATA_AAGUID	  16
#define AUTHDATA_COSE_MAX 112
#define AUTHDATA_EXT_MAX  128
#define AUTHDATA_HEAD	  (CRYPTO_HASH + 1 + 4)
#define AUTHDATA_MAX                                               \
	(AUTHDATA_HEAD + AUTHDATA_AAGUID + 2 + CREDENTIAL_ID_MAX + \
	    AUTHDATA_COSE_MAX + AUTHDATA_EXT_MAX)

enum authdata_flag {
	AUTHDATA_UP = 0x01,
	AUTHDATA_UV = 0x04,
	AUTHDATA_AT = 0x40,
	AUTHDATA_ED = 0x80
};

struct authdata {
	size_t len;
	uint8_t data[AUTHDATA_MAX];
};

/* The 37 bytes that every authenticator data begins with. */
void authdata_begin(struct authdata *ad, const uint8_t rp_hash[CRYPTO_HASH],
    uint8_t flags, uint32_t counter);

/*
 * Appends attested credential data (6.5.1) and sets its flag.  `cose` is
 * the COSE_Key, at most AUTHDATA_COSE_MAX bytes.
 */
void authdata_attest(struct authdata *ad, const uint8_t *aaguid,
    const struct credential_id *id, const uint8_t *cose, size_t cose_len);

/*
 * Appends the map of extension outputs, at most AUTHDATA_EXT_MAX bytes, and
 * sets its flag.  Comes last.
 */
void authdata_extend(struct authdata *ad, const uint8_t *map, size_t len);

#endif
