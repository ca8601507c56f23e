/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters of authenticatorClientPIN and authenticatorConfig. */
#include <string.h>

#include "codec_item.h"
#include "status.h"

static const struct item_field clientpin_fields[] = {
	{ 0x01, false, item_uint, AT(clientpin_params, protocol) },
	{ 0x02, true, item_uint, AT(clientpin_params, subcommand) },
	{ 0x03, false, item_key, AT(clientpin_params, key) },
	{ 0x04, false, item_auth, AT(clientpin_params, auth) },
	{ 0x05, false, item_sealed, AT(clientpin_params, new_pin) },
	{ 0x06, false, item_sealed, AT(clientpin_params, pin_hash) },
	{ 0x09, false, item_uint, AT(clientpin_params, permissions) },
	{ 0x0a, false, item_rp_id, AT(clientpin_params, rp) },
};

int
codec_clientpin_decode(
    const uint8_t *body, size_t n, struct clientpin_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, clientpin_fields,
	    sizeof(clientpin_fields) / sizeof(clientpin_fields[0]), out);
}
