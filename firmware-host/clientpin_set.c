/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setPIN and changePIN: CTAP 2.1, sections 6.5.5.5 and 6.5.5.6, whose
 * numbers the steps have.
 */
#include <string.h>

#include "clientpin.h"
#include "printable.h"
#include "status.h"

/* A PIN that somebody wants.  A secret. */
struct new_pin {
	uint8_t hash[CRYPTO_HASH];
	uint8_t code_points;
};

/* The PIN without its trailing zeros, or 0 if that is no PIN. */
static uint8_t
count_code_points(const uint8_t *pin, size_t n)
{
	uint32_t cp;
	uint8_t count = 0;

	while (n > 0) {
		size_t len = printable_next(pin, n, &cp);

		if (len == 0)
			return 0;
		pin += len;
		n -= len;
		count++;
	}
	return count;
}

/*
 * setPIN's steps 6 to 10, changePIN's 9 to 12 and 14.  The constraint of our
 * own: a PIN is UTF-8, or its length would have no meaning.
 */
static int
take_pin(const struct device *dev, const struct pinuv_secret *secret,
    const struct codec_sealed *sealed, struct new_pin *out)
{
	uint8_t pin[CODEC_SEALED_MAX];
	size_t n;
	int r = CTAP2_ERR_PIN_AUTH_INVALID;

	if (!pinuv_decrypt(secret, sealed->data, sealed->len, pin, &n))
		goto out;
	r = CTAP1_ERR_INVALID_PARAMETER;
	if (n != CLIENTPIN_PADDED)
		goto out;
	while (n > 0 && pin[n - 1] == 0)
		n--;
	r = CTAP2_ERR_PIN_POLICY_VIOLATION;
	out->code_points = count_code_points(pin, n);
	if (n > DEVICE_PIN_MAX || out->code_points < dev->state.min_pin_length)
		goto out;
	r = crypto_sha256(pin, n, out->hash) == 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
out:
	crypto_wipe(pin, sizeof(pin));
	return r;
}

/* setPIN's steps 11 and 12, changePIN's 15 to 18. */
static int
keep_pin(struct device *dev, const struct new_pin *pin)
{
	struct device_state *next = device_draft(dev);

	next->pin_set = true;
	next->pin_length = pin->code_points;
	next->force_pin_change = false;
	memcpy(next->pin_hash, pin->hash, sizeof(next->pin_hash));
	next->pin_retries = DEVICE_PIN_TRIES;
	return device_commit(dev) == 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
}

int
clientpin_set(struct device *dev, const struct clientpin_params *p)
{
	const struct pinuv_message msg = { p->new_pin.data, p->new_pin.len,
		NULL, 0 };
	struct pinuv_secret secret;
	struct new_pin pin = { 0 };
	int r;

	/* Step 3. */
	if (dev->state.pin_set)
		return CTAP2_ERR_PIN_AUTH_INVALID;
	/* Step 4. */
	r = pinuv_shared(dev, p->protocol.value, &p->key, &secret);
	if (r != CTAP2_OK)
		goto out;
	/* Step 5. */
	r = CTAP2_ERR_PIN_AUTH_INVALID;
	if (!pinuv_verify(&secret, &msg, &p->auth))
		goto out;
	r = take_pin(dev, &secret, &p->new_pin, &pin);
	if (r == CTAP2_OK)
		r = keep_pin(dev, &pin);
out:
	crypto_wipe(&pin, sizeof(pin));
	crypto_wipe(&secret, sizeof(secret));
	return r;
}

/* changePIN's steps 9 to 19, after the old PIN has proved right. */
static int
replace_pin(struct device *dev, const struct pinuv_secret *secret,
    const struct codec_sealed *sealed)
{
	struct new_pin pin = { 0 };
	int r = take_pin(dev, secret, sealed, &pin);

	/* Step 13. */
	if (r == CTAP2_OK && dev->state.force_pin_change &&
	    pincrypto_equal(
		pin.hash, dev->state.pin_hash, sizeof(dev->state.pin_hash)))
		r = CTAP2_ERR_PIN_POLICY_VIOLATION;
	if (r == CTAP2_OK)
		r = keep_pin(dev, &pin);
	/* Step 19. */
	if (r == CTAP2_OK)
		pinuv_reset_tokens(dev);
	crypto_wipe(&pin, sizeof(pin));
	return r;
}

int
clientpin_change(struct device *dev, const struct clientpin_params *p)
{
	const struct pinuv_message msg = { p->new_pin.data, p->new_pin.len,
		p->pin_hash.data, p->pin_hash.len };
	struct pinuv_secret secret;
	int r;

	/* Step 3. */
	if ((r = clientpin_usable(dev)) != CTAP2_OK)
		return r;
	/* Step 4. */
	r = pinuv_shared(dev, p->protocol.value, &p->key, &secret);
	if (r != CTAP2_OK)
		goto out;
	/* Step 5. */
	r = CTAP2_ERR_PIN_AUTH_INVALID;
	if (!pinuv_verify(&secret, &msg, &p->auth))
		goto out;
	/* Steps 6 to 8. */
	r = clientpin_compare(dev, &secret, &p->pin_hash);
	if (r == CTAP2_OK)
		r = replace_pin(dev, &secret, &p->new_pin);
out:
	crypto_wipe(&secret, sizeof(secret));
	return r;
}
