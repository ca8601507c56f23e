/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include <fido.h>

#include "counterseal/text.h"
#include "token_dev.h"

#define PIN_MIN	  4 /* bytes (CTAP 2.1 section 6.5.1) */
#define PIN_MAX	  63
#define TRIES_MAX 8 /* a key may allow no more (CTAP 2.1 section 6.5.2) */

static int
get_retries(fido_dev_t *dev, void *obj, const char *pin)
{
	(void)pin;
	return fido_dev_get_retry_count(dev, obj);
}

int
token_pin_retries(struct cseal_token *t)
{
	int n = -1;

	if (token_exchange(t, TOKEN_QUICK, get_retries, &n, NULL) != FIDO_OK ||
	    n > TRIES_MAX)
		return -1;
	return n;
}

static int
check_pin(const struct cseal_token *t, const struct cseal_buf *pin,
    struct cseal_error *err)
{
	if (pin->err != CSEAL_OK || pin->len < PIN_MIN || pin->len > PIN_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOKEN_PIN, t->info.name,
		    "a PIN has %d to %d bytes; this one was not tried", PIN_MIN,
		    PIN_MAX);
	if (memchr(pin->data, '\0', pin->len) != NULL ||
	    !cseal_text_is_utf8(pin->data, pin->len))
		return cseal_error_set(err, CSEAL_ERR_TOKEN_PIN, t->info.name,
		    "a PIN is UTF-8 text; this one was not tried");
	return CSEAL_OK;
}

static int
ask_pin(const struct cseal_token *t, int retries, struct cseal_buf *pin,
    struct cseal_error *err)
{
	cseal_buf_reset(pin);
	if (t->prompt.pin == NULL)
		return cseal_error_set(err, CSEAL_ERR_TOKEN_PIN, t->info.name,
		    "the key wants its PIN and nobody can be asked for it; "
		    "repeat on a terminal");
	if (t->prompt.pin(t->prompt.ctx, t->info.name, retries, pin) != 0)
		return cseal_error_set(err, CSEAL_ERR_CANCELLED, t->info.name,
		    "no PIN was given; nothing was signed");
	return check_pin(t, pin, err);
}

/* One try: CSEAL_ERR_AGAIN after a wrong PIN. */
static int
try_pin(
    struct cseal_token *t, token_step *step, void *obj, struct cseal_error *err)
{
	struct cseal_buf pin;
	int f, r, retries;

	retries = token_pin_retries(t);
	if (t->wait->state != IO_OK)
		return token_failed(t, FIDO_ERR_RX, err);
	if (retries == 0)
		return token_failed(t, FIDO_ERR_PIN_BLOCKED, err);
	cseal_buf_init(&pin, 256);
	if ((r = ask_pin(t, retries, &pin, err)) != CSEAL_OK)
		goto out;
	f = token_exchange(t, TOKEN_TOUCH, step, obj, cseal_buf_str(&pin));
	r = CSEAL_OK;
	if (f == FIDO_ERR_PIN_INVALID)
		r = CSEAL_ERR_AGAIN;
	else if (f != FIDO_OK)
		r = token_failed(t, f, err);
out:
	cseal_buf_free(&pin);
	return r;
}

static int
exchange_with_pin(
    struct cseal_token *t, token_step *step, void *obj, struct cseal_error *err)
{
	int r = CSEAL_ERR_AGAIN;

	for (int i = 0; i < TRIES_MAX && r == CSEAL_ERR_AGAIN; i++)
		r = try_pin(t, step, obj, err);
	if (r == CSEAL_ERR_AGAIN)
		return token_failed(t, FIDO_ERR_PIN_INVALID, err);
	return r;
}

/* Whether the key asks for its PIN where its own verification did not do. */
static bool
wants_pin(const struct cseal_token *t, int fido_code)
{
	return t->info.pin_set && (fido_code == FIDO_ERR_UV_BLOCKED ||
				      fido_code == FIDO_ERR_UV_INVALID ||
				      fido_code == FIDO_ERR_PIN_REQUIRED);
}

int
token_exchange_verified(
    struct cseal_token *t, token_step *step, void *obj, struct cseal_error *err)
{
	int f;

	if (t->info.uv) {
		f = token_exchange(t, TOKEN_TOUCH, step, obj, NULL);
		if (f == FIDO_OK)
			return CSEAL_OK;
		if (!wants_pin(t, f))
			return token_failed(t, f, err);
	}
	if (t->info.pin_set)
		return exchange_with_pin(t, step, obj, err);
	if (t->info.pin_supported)
		return cseal_error_set(err, CSEAL_ERR_TOKEN_PIN, t->info.name,
		    "the key has no PIN yet; set one with fido2-token -S");
	return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
	    "the key can verify nobody (no fingerprint, no PIN); use another "
	    "key");
}
