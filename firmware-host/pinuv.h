/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PIN/UV auth protocols one and two (CTAP 2.1, sections 6.5.4 to 6.5.7) and
 * the state of the pinUvAuthToken (6.5.2.1).  All of it is volatile: it
 * begins anew at power-up and at a reset.
 *
 * Functions that return int return a CTAP status.
 */
#ifndef FIRMWARE_PINUV_H
#define FIRMWARE_PINUV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "crypto.h"
#include "pincrypto.h"

#define PINUV_PROTOCOLS 2
#define PINUV_TOKEN	32

/* What encrypt() adds to its plaintext at most. */
#define PINUV_OVERHEAD PINCRYPTO_BLOCK

/* Time limits of a token on USB (6.5.2.1), in milliseconds. */
#define PINUV_INITIAL_MS 30000
#define PINUV_PRESENT_MS 30000
#define PINUV_MAX_MS	 600000

/* Section 6.5.5.7. */
enum pinuv_permission {
	PINUV_MC = 0x01,
	PINUV_GA = 0x02,
	PINUV_CM = 0x04,
	PINUV_BE = 0x08,
	PINUV_LBW = 0x10,
	PINUV_ACFG = 0x20
};

struct device;

/* Of one protocol. */
struct pinuv_keys {
	bool made; /* the two below: they are made when first needed */
	uint8_t secret[CRYPTO_KEY];
	struct public_key pub;
	uint8_t token[PINUV_TOKEN];
};

/* The use of the one token that can be in use at a time. */
struct pinuv_use {
	bool in_use, used;
	uint64_t protocol;
	uint64_t since;
	unsigned int permissions;
	bool bound; /* `rp_hash` is of the permissions RP ID */
	uint8_t rp_hash[CRYPTO_HASH];
	bool user_present, user_verified;
};

/* A secret, as a part of struct device. */
struct pinuv {
	struct pinuv_keys keys[PINUV_PROTOCOLS];
	struct pinuv_use use;
	unsigned int mismatches; /* PINs in a row since power-up */
};

/* A shared secret.  Wipe with crypto_wipe(). */
struct pinuv_secret {
	uint64_t protocol;
	uint8_t hmac_key[CRYPTO_KEY], aes_key[CRYPTO_KEY];
};

/* head || tail; either may be empty. */
struct pinuv_message {
	const uint8_t *head;
	size_t head_len;
	const uint8_t *tail;
	size_t tail_len;
};

/* CTAP1_ERR_INVALID_PARAMETER unless there is such a protocol. */
int pinuv_check_protocol(uint64_t protocol);

/* getPublicKey(). */
int pinuv_public(struct device *dev, uint64_t protocol, struct public_key *pub);
/* regenerate(). */
void pinuv_regenerate(struct device *dev, uint64_t protocol);
/* decapsulate(): CTAP1_ERR_INVALID_PARAMETER if the key is wrong. */
int pinuv_shared(struct device *dev, uint64_t protocol,
    const struct codec_key *peer, struct pinuv_secret *out);

/* encrypt(): `out` has room for n + PINUV_OVERHEAD bytes. */
int pinuv_encrypt(struct device *dev, const struct pinuv_secret *secret,
    const uint8_t *in, size_t n, uint8_t *out, size_t *out_len);
/*
 * decrypt(): `out` has room for n bytes.  False if `n` is not the length
 * of a ciphertext.
 */
bool pinuv_decrypt(const struct pinuv_secret *secret, const uint8_t *in,
    size_t n, uint8_t *out, size_t *out_len);
/* verify() with a shared secret. */
bool pinuv_verify(const struct pinuv_secret *secret,
    const struct pinuv_message *msg, const struct codec_auth *param);

/*
 * A new token for every protocol, whatever was issued before is void; that
 * of `protocol` is in use from now on, and sent encrypted.
 */
int pinuv_issue(struct device *dev, const struct pinuv_secret *secret,
    unsigned int permissions, const struct codec_rp *rp, bool user_present,
    uint8_t out[PINUV_TOKEN + PINUV_OVERHEAD], size_t *out_len);
/* resetPinUvAuthToken() for every protocol. */
void pinuv_reset_tokens(struct device *dev);
/* As at power-up. */
void pinuv_restart(struct device *dev);

/*
 * verify() with the token in use: CTAP2_ERR_MISSING_PARAMETER and
 * CTAP1_ERR_INVALID_PARAMETER are about `protocol`, all else that is wrong
 * is CTAP2_ERR_PIN_AUTH_INVALID.
 */
int pinuv_check(struct device *dev, const struct codec_uint *protocol,
    const struct codec_auth *param, const struct pinuv_message *msg);

/*
 * True if the token in use has the permission, and, if it is bound to an
 * RP ID and `rp_hash` is not NULL, is bound to that one.
 */
bool pinuv_permits(const struct device *dev, enum pinuv_permission permission,
    const uint8_t *rp_hash);
bool pinuv_is_bound(const struct device *dev);
/* Binds a token that is not yet bound. */
void pinuv_bind(struct device *dev, const uint8_t rp_hash[CRYPTO_HASH]);

bool pinuv_user_present(struct device *dev);
bool pinuv_user_verified(struct device *dev);
/*
 * After a test of user presence: clearUserPresentFlag(),
 * clearUserVerifiedFlag(), clearPinUvAuthTokenPermissionsExceptLbw().
 */
void pinuv_spend(struct device *dev);

#endif
