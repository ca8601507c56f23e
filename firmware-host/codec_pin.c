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

static const struct item_field config_fields[] = {
	{ 0x01, true, item_uint, AT(config_params, subcommand) },
	{ 0x03, false, item_uint, AT(config_params, protocol) },
	{ 0x04, false, item_auth, AT(config_params, auth) },
};

static int
get_rps(const cbor_item_t *item, void *out)
{
	struct codec_rps *rps = out;
	int r = CTAP2_OK;

	if (!cbor_isa_array(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	rps->present = true;
	rps->n = cbor_array_size(item);
	for (size_t i = 0; r == CTAP2_OK && i < rps->n && i < CODEC_RP_IDS; i++)
		r = item_rp_id(cbor_array_handle(item)[i], &rps->at[i]);
	return r;
}

static const struct item_field minpin_fields[] = {
	{ 0x01, false, item_uint, AT(minpin_params, length) },
	{ 0x02, false, get_rps, AT(minpin_params, rps) },
	{ 0x03, false, item_option, AT(minpin_params, force) },
};

int
codec_config_decode(const uint8_t *body, size_t n, struct config_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, config_fields,
	    sizeof(config_fields) / sizeof(config_fields[0]), out);
}

int
codec_minpin_decode(const uint8_t *body, size_t n, struct minpin_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, minpin_fields,
	    sizeof(minpin_fields) / sizeof(minpin_fields[0]), out);
}

int
codec_clientpin_decode(
    const uint8_t *body, size_t n, struct clientpin_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, clientpin_fields,
	    sizeof(clientpin_fields) / sizeof(clientpin_fields[0]), out);
}
