/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters of authenticatorCredentialManagement. */
#include <string.h>

#include "codec_item.h"
#include "status.h"

static int
get_rp_hash(const cbor_item_t *item, void *out)
{
	struct credman_inner *in = out;

	in->has_rp_hash = true;
	return item_hash(item, in->rp_hash);
}

static int
get_descriptor(const cbor_item_t *item, void *out)
{
	struct credman_inner *in = out;

	in->has_credential = true;
	return item_descriptor(item, &in->credential);
}

static int
get_user(const cbor_item_t *item, void *out)
{
	struct credman_inner *in = out;

	in->has_user = true;
	return item_user(item, &in->user);
}

static const struct item_field inner_fields[] = {
	{ 0x01, false, get_rp_hash, 0 },
	{ 0x02, false, get_descriptor, 0 },
	{ 0x03, false, get_user, 0 },
};

static int
get_inner(const cbor_item_t *item, void *out)
{
	return item_decode_map(item, inner_fields,
	    sizeof(inner_fields) / sizeof(inner_fields[0]), out);
}

static const struct item_field fields[] = {
	{ 0x01, true, item_uint, AT(credman_params, subcommand) },
	{ 0x02, false, get_inner, AT(credman_params, inner) },
	{ 0x03, false, item_uint, AT(credman_params, protocol) },
	{ 0x04, false, item_auth, AT(credman_params, auth) },
};

int
codec_credman_decode(const uint8_t *body, size_t n, struct credman_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(
	    body, n, fields, sizeof(fields) / sizeof(fields[0]), out);
}
