/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctap2.h"
#include "encode.h"
#include "status.h"
#include "version.h"

/*
 * FIDO_2_1 is not claimed: section 9 ties it to hmac-secret and credProtect.
 */
static const char *const versions[] = { "FIDO_2_0" };

static const char *const extensions[] = { "credProtect", "hmac-secret" };

/*
 * Without makeCredUvNotRqd a key with user verification would have to
 * refuse every makeCredential that does not ask for it (6.1.2, step 8).
 */
static const struct encode_flag options_uv[] = {
	{ "rk", true },
	{ "up", true },
	{ "uv", true },
	{ "plat", false },
	{ "makeCredUvNotRqd", true },
};

static const struct encode_flag options_plain[] = {
	{ "rk", true },
	{ "up", true },
	{ "plat", false },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
getinfo_start(struct device *dev, const uint8_t *body, size_t n)
{
	static const uint8_t aaguid[AUTHDATA_AAGUID + 1] = DEVICE_AAGUID;
	const struct encode_info_in info = {
		.versions = versions,
		.nversions = COUNT(versions),
		.extensions = extensions,
		.nextensions = COUNT(extensions),
		.aaguid = aaguid,
		.options = dev->model.uv ? options_uv : options_plain,
		.noptions =
		    dev->model.uv ? COUNT(options_uv) : COUNT(options_plain),
		.max_message = CTAPHID_MESSAGE_MAX,
		.firmware =
		    FIRMWARE_MAJOR << 16 | FIRMWARE_MINOR << 8 | FIRMWARE_BUILD,
		.room = RESIDENT_MAX - dev->state.residents.n,
	};

	(void)body;
	(void)n;
	dev->reply_len =
	    encode_info(&info, device_reply_data(dev), device_reply_room(dev));
	return dev->reply_len == 0 ? CTAP1_ERR_OTHER : CTAP2_OK;
}
