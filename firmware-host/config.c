/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorConfig: CTAP 2.1, section 6.11, whose numbers the steps have.
 * There is no enterprise attestation and no vendor prototype.
 */
#include "config.h"

#include <string.h>

#include "ctap2.h"
#include "scan.h"
#include "status.h"
#include "uv.h"

#define COMMAND		   0x0d
#define SUBCOMMAND_PARAMS  0x02
#define TOGGLE_ALWAYS_UV   0x02
#define SET_MIN_PIN_LENGTH 0x03
#define AUTH_FILLER	   0xff

_Static_assert(CODEC_RP_IDS == DEVICE_MIN_PIN_RPS,
    "what a client can set is what the device can keep");

/* subCommandParams as they came, or nothing. */
struct raw {
	const uint8_t *p;
	size_t n;
};

struct subcommand {
	uint8_t number;
	int (*run)(struct device *dev, const struct raw *params);
};

/* Section 6.11.2. */
static int
toggle_always_uv(struct device *dev, const struct raw *params)
{
	struct device_state *next = device_draft(dev);

	(void)params;
	next->always_uv = !next->always_uv;
	return device_commit(dev) == 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
}

/*
 * Section 6.11.4.  More than the longest PIN could never be met, and would
 * take the key out of use.
 */
static int
check_min_pin(const struct device *dev, const struct minpin_params *p)
{
	if (p->length.present && (p->length.value < dev->state.min_pin_length ||
				     p->length.value > DEVICE_PIN_MAX))
		return CTAP2_ERR_PIN_POLICY_VIOLATION;
	if (p->force == CODEC_TRUE && !dev->state.pin_set)
		return CTAP2_ERR_PIN_NOT_SET;
	if (p->rps.n > DEVICE_MIN_PIN_RPS)
		return CTAP2_ERR_KEY_STORE_FULL;
	return CTAP2_OK;
}

static int
keep_min_pin(struct device *dev, const struct minpin_params *p)
{
	struct device_state *next = device_draft(dev);

	if (p->length.present)
		next->min_pin_length = (uint8_t)p->length.value;
	if (p->force == CODEC_TRUE ||
	    (next->pin_set && next->pin_length < next->min_pin_length))
		next->force_pin_change = true;
	if (p->rps.present) {
		next->min_pin_rps.n = p->rps.n;
		memcpy(next->min_pin_rps.at, p->rps.at,
		    sizeof(next->min_pin_rps.at));
	}
	if (device_commit(dev) != 0)
		return CTAP1_ERR_OTHER;
	if (dev->state.force_pin_change)
		pinuv_reset_tokens(dev);
	return CTAP2_OK;
}

static int
set_min_pin_length(struct device *dev, const struct raw *params)
{
	struct minpin_params p = { 0 };
	int r = CTAP2_OK;

	if (params->p != NULL)
		r = codec_minpin_decode(params->p, params->n, &p);
	if (r == CTAP2_OK)
		r = check_min_pin(dev, &p);
	return r == CTAP2_OK ? keep_min_pin(dev, &p) : r;
}

static const struct subcommand subcommands[] = {
	{ TOGGLE_ALWAYS_UV, toggle_always_uv },
	{ SET_MIN_PIN_LENGTH, set_min_pin_length },
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

/*
 * Step 3: with nobody to be verified, and alwaysUv not there to demand it,
 * anyone may; and alwaysUv may be switched off again.
 */
static bool
is_free(const struct device *dev, const struct subcommand *s)
{
	return !uv_protected(dev) &&
	       (!dev->state.always_uv || s->number == TOGGLE_ALWAYS_UV);
}

/* Step 4. */
static int
authorize(struct device *dev, const struct config_params *p,
    const struct subcommand *s, const struct raw *params)
{
	uint8_t head[CRYPTO_HASH + 2];
	const struct pinuv_message msg = { head, sizeof(head), params->p,
		params->n };
	int r;

	if (!p->auth.present)
		return CTAP2_ERR_PUAT_REQUIRED;
	memset(head, AUTH_FILLER, CRYPTO_HASH);
	head[CRYPTO_HASH] = COMMAND;
	head[CRYPTO_HASH + 1] = s->number;
	r = pinuv_check(dev, &p->protocol, &p->auth, &msg);
	if (r != CTAP2_OK)
		return r;
	return pinuv_permits(dev, PINUV_ACFG, NULL)
		   ? CTAP2_OK
		   : CTAP2_ERR_PIN_AUTH_INVALID;
}

int
config_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct config_params p;
	struct raw params = { 0 };
	const struct subcommand *s;
	/* Step 1. */
	int r = codec_config_decode(body, n, &p);

	if (r != CTAP2_OK)
		return r;
	/* Step 2. */
	s = find(p.subcommand.value);
	if (s == NULL || (s->number == SET_MIN_PIN_LENGTH && dev->model.no_pin))
		return CTAP1_ERR_INVALID_PARAMETER;
	params.p = scan_member(body, n, SUBCOMMAND_PARAMS, &params.n);
	if (!is_free(dev, s) &&
	    (r = authorize(dev, &p, s, &params)) != CTAP2_OK)
		return r;
	/* Step 5. */
	return s->run(dev, &params);
}
