/* SPDX-License-Identifier: BSD-2-Clause */
/* authenticatorGetInfo: CTAP 2.1, section 6.4. */
#include "ctap2.h"
#include "encode.h"
#include "status.h"
#include "version.h"

static const char *const versions[] = { "FIDO_2_0", "FIDO_2_1" };

static const char *const extensions[] = { "credProtect", "hmac-secret",
	"minPinLength" };

/* How often a client may come back with built-in user verification. */
#define UV_ATTEMPTS 3

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* In the order of section 8: the shorter first. */
enum option {
	OPTION_RK,
	OPTION_UP,
	OPTION_UV,
	OPTION_PLAT,
	OPTION_UV_ACFG,
	OPTION_ALWAYS_UV,
	OPTION_CRED_MGMT,
	OPTION_AUTHNR_CFG,
	OPTION_CLIENT_PIN,
	OPTION_PIN_UV_AUTH_TOKEN,
	OPTION_SET_MIN_PIN_LENGTH,
	OPTION_MAKE_CRED_UV_NOT_RQD,
	OPTIONS
};

static bool
verifies_nobody(const struct device_model *model)
{
	return model->no_pin && !model->uv;
}

/* Those about a feature are absent without it. */
static bool
is_absent(const struct device_model *model, enum option option)
{
	switch (option) {
	case OPTION_UV:
	case OPTION_UV_ACFG: return !model->uv;
	case OPTION_CLIENT_PIN:
	case OPTION_SET_MIN_PIN_LENGTH: return model->no_pin;
	case OPTION_PIN_UV_AUTH_TOKEN: return verifies_nobody(model);
	default: return false;
	}
}

static size_t
make_options(const struct device *dev, struct encode_flag out[OPTIONS])
{
	const struct encode_flag all[OPTIONS] = {
		[OPTION_RK] = { "rk", true },
		[OPTION_UP] = { "up", true },
		[OPTION_UV] = { "uv", true },
		[OPTION_PLAT] = { "plat", false },
		[OPTION_UV_ACFG] = { "uvAcfg", true },
		[OPTION_ALWAYS_UV] = { "alwaysUv", dev->state.always_uv },
		[OPTION_CRED_MGMT] = { "credMgmt", true },
		[OPTION_AUTHNR_CFG] = { "authnrCfg", true },
		[OPTION_CLIENT_PIN] = { "clientPin", dev->state.pin_set },
		[OPTION_PIN_UV_AUTH_TOKEN] = { "pinUvAuthToken", true },
		[OPTION_SET_MIN_PIN_LENGTH] = { "setMinPINLength", true },
		/* 6.1.2, steps 7 and 8. */
		[OPTION_MAKE_CRED_UV_NOT_RQD] = { "makeCredUvNotRqd",
		    !dev->state.always_uv },
	};
	size_t n = 0;

	for (size_t i = 0; i < OPTIONS; i++) {
		if (!is_absent(&dev->model, (enum option)i))
			out[n++] = all[i];
	}
	return n;
}

int
getinfo_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct encode_flag options[OPTIONS];
	const struct encode_info_in info = {
		.versions = versions,
		/* FIDO_2_1 takes a PIN or built-in verification (section 9). */
		.nversions = verifies_nobody(&dev->model) ? 1 : COUNT(versions),
		.extensions = extensions,
		.nextensions = COUNT(extensions),
		.aaguid = device_aaguid(dev),
		.options = options,
		.noptions = make_options(dev, options),
		.max_message = CTAPHID_MESSAGE_MAX,
		.force_pin_change = dev->state.force_pin_change,
		.min_pin_length = dev->state.min_pin_length,
		.firmware =
		    FIRMWARE_MAJOR << 16 | FIRMWARE_MINOR << 8 | FIRMWARE_BUILD,
		.min_pin_rps = DEVICE_MIN_PIN_RPS,
		.uv_attempts = dev->model.uv ? UV_ATTEMPTS : 0,
		.room = RESIDENT_MAX - dev->state.residents.n,
	};

	(void)body;
	(void)n;
	return device_replied(dev,
	    encode_info(&info, device_reply_data(dev), device_reply_room(dev)));
}
