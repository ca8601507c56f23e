/* SPDX-License-Identifier: BSD-2-Clause */
/* authenticatorClientPIN: its subcommands, and those that need no secret. */
#include "clientpin.h"

#include "ctap2.h"
#include "encode_pin.h"
#include "status.h"
#include "uv.h"

/* Mandatory parameters of a subcommand, bit by bit. */
enum needs {
	NEEDS_PROTOCOL = 1,
	NEEDS_KEY = 2,
	NEEDS_AUTH = 4,
	NEEDS_NEW_PIN = 8,
	NEEDS_PIN_HASH = 16,
	NEEDS_PERMISSIONS = 32,
	NEEDS_PIN = 64, /* not of the request: of the model */
	NEEDS_SECRET = NEEDS_PROTOCOL | NEEDS_KEY
};

struct subcommand {
	uint64_t number;
	unsigned int needs;
	int (*run)(struct device *dev, const struct clientpin_params *p);
};

/* Section 6.5.5.2. */
static int
get_pin_retries(struct device *dev, const struct clientpin_params *p)
{
	(void)p;
	return device_replied(
	    dev, encode_pin_retries(dev->state.pin_retries,
		     dev->pinuv.mismatches >= CLIENTPIN_MISMATCHES,
		     device_reply_data(dev), device_reply_room(dev)));
}

/* Section 6.5.5.3. */
static int
get_uv_retries(struct device *dev, const struct clientpin_params *p)
{
	(void)p;
	if (!dev->model.uv)
		return CTAP2_ERR_INVALID_SUBCOMMAND;
	return device_replied(
	    dev, encode_uv_retries(uv_retries(dev), device_reply_data(dev),
		     device_reply_room(dev)));
}

/* Section 6.5.5.4. */
static int
get_key_agreement(struct device *dev, const struct clientpin_params *p)
{
	struct public_key pub;
	int r = pinuv_public(dev, p->protocol.value, &pub);

	if (r != CTAP2_OK)
		return r;
	return device_replied(
	    dev, encode_key_agreement(
		     &pub, device_reply_data(dev), device_reply_room(dev)));
}

/* 0x08 is nobody's. */
static const struct subcommand subcommands[] = {
	{ 0x01, NEEDS_PIN, get_pin_retries },
	{ 0x02, NEEDS_PROTOCOL, get_key_agreement },
	{ 0x03, NEEDS_PIN | NEEDS_SECRET | NEEDS_AUTH | NEEDS_NEW_PIN,
	    clientpin_set },
	{ 0x04,
	    NEEDS_PIN | NEEDS_SECRET | NEEDS_AUTH | NEEDS_NEW_PIN |
		NEEDS_PIN_HASH,
	    clientpin_change },
	{ 0x05, NEEDS_PIN | NEEDS_SECRET | NEEDS_PIN_HASH, clientpin_token },
	{ 0x06, NEEDS_SECRET | NEEDS_PERMISSIONS, clientpin_token_uv },
	{ 0x07, 0, get_uv_retries },
	{ 0x09, NEEDS_PIN | NEEDS_SECRET | NEEDS_PIN_HASH | NEEDS_PERMISSIONS,
	    clientpin_token_pin },
};

static const struct subcommand *
find(uint64_t number)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]);
	     i++) {
		if (subcommands[i].number == number)
			return &subcommands[i];
	}
	return NULL;
}

static unsigned int
given(const struct clientpin_params *p)
{
	return NEEDS_PIN | (p->protocol.present ? NEEDS_PROTOCOL : 0U) |
	       (p->key.present ? NEEDS_KEY : 0U) |
	       (p->auth.present ? NEEDS_AUTH : 0U) |
	       (p->new_pin.present ? NEEDS_NEW_PIN : 0U) |
	       (p->pin_hash.present ? NEEDS_PIN_HASH : 0U) |
	       (p->permissions.present ? NEEDS_PERMISSIONS : 0U);
}

/* Steps 1 and 2 of every subcommand are here. */
int
clientpin_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct clientpin_params *p = &dev->work.params.clientpin;
	const struct subcommand *s;
	int r = codec_clientpin_decode(body, n, p);

	if (r != CTAP2_OK)
		return r;
	if ((s = find(p->subcommand.value)) == NULL ||
	    ((s->needs & NEEDS_PIN) != 0 && dev->model.no_pin))
		return CTAP2_ERR_INVALID_SUBCOMMAND;
	if ((s->needs & ~given(p)) != 0)
		return CTAP2_ERR_MISSING_PARAMETER;
	if ((s->needs & NEEDS_PROTOCOL) != 0 &&
	    (r = pinuv_check_protocol(p->protocol.value)) != CTAP2_OK)
		return r;
	return s->run(dev, p);
}

int
clientpin_resume(struct device *dev, enum presence_answer answer)
{
	return clientpin_token_uv_resume(dev, answer);
}
