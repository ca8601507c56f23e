/* SPDX-License-Identifier: BSD-2-Clause */
#include "codec.h"

#include <string.h>

#include "codec_extension.h"
#include "codec_item.h"
#include "printable.h"
#include "status.h"

static int
get_rp(const cbor_item_t *item, void *out)
{
	const cbor_item_t *id;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((id = item_find(item, "id")) == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	return item_rp_id(id, out);
}

/* What fits of a name, in whole characters. */
static int
get_name(const cbor_item_t *map, const char *which, char name[CODEC_NAME_MAX],
    size_t *name_len)
{
	const cbor_item_t *item = item_find(map, which);
	const uint8_t *p;
	uint32_t cp;
	size_t n, len;

	if (item == NULL)
		return CTAP2_OK;
	if (!cbor_isa_string(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	p = cbor_string_handle(item);
	n = cbor_string_length(item);
	while ((len = printable_next(p, n, &cp)) != 0 &&
	       *name_len + len <= CODEC_NAME_MAX) {
		memcpy(name + *name_len, p, len);
		*name_len += len;
		p += len;
		n -= len;
	}
	return CTAP2_OK;
}

int
item_user(const cbor_item_t *item, void *out)
{
	struct codec_user *user = out;
	const cbor_item_t *id;
	int r;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((id = item_find(item, "id")) == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (!cbor_isa_bytestring(id))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (cbor_bytestring_length(id) > CODEC_USER_ID_MAX)
		return CTAP1_ERR_INVALID_LENGTH;
	user->id_len = cbor_bytestring_length(id);
	if (user->id_len != 0)
		memcpy(user->id, cbor_bytestring_handle(id), user->id_len);
	r = get_name(item, "name", user->name, &user->name_len);
	if (r != CTAP2_OK)
		return r;
	return get_name(item, "displayName", user->display, &user->display_len);
}

static bool
get_int32(const cbor_item_t *item, int32_t *out)
{
	uint64_t v = cbor_get_int(item);

	if (v > INT32_MAX)
		return false;
	*out = cbor_isa_uint(item) ? (int32_t)v : -1 - (int32_t)v;
	return true;
}

static int
get_alg(const cbor_item_t *item, struct codec_algs *algs)
{
	const cbor_item_t *alg, *type;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	alg = item_find(item, "alg");
	type = item_find(item, "type");
	if (alg == NULL || type == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (!cbor_is_int(alg) || !cbor_isa_string(type))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (item_text_is(type, "public-key") && algs->n < CODEC_ALGS &&
	    get_int32(alg, &algs->cose[algs->n]))
		algs->n++;
	return CTAP2_OK;
}

static int
get_algs(const cbor_item_t *item, void *out)
{
	int r;

	if (!cbor_isa_array(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	for (size_t i = 0; i < cbor_array_size(item); i++) {
		r = get_alg(cbor_array_handle(item)[i], out);
		if (r != CTAP2_OK)
			return r;
	}
	return CTAP2_OK;
}

int
item_descriptor(const cbor_item_t *item, void *out)
{
	struct codec_credential *c = out;
	const cbor_item_t *id, *type;
	size_t n;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	id = item_find(item, "id");
	type = item_find(item, "type");
	if (id == NULL || type == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (!cbor_isa_bytestring(id) || !cbor_isa_string(type))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	n = cbor_bytestring_length(id);
	c->len = 0;
	if (item_text_is(type, "public-key") && n > 0 && n <= sizeof(c->id)) {
		memcpy(c->id, cbor_bytestring_handle(id), n);
		c->len = n;
	}
	return CTAP2_OK;
}

static int
get_credential(const cbor_item_t *item, struct codec_list *list)
{
	struct codec_credential c = { 0 };
	int r = item_descriptor(item, &c);

	if (r != CTAP2_OK)
		return r;
	if (!item_text_is(item_find(item, "type"), "public-key"))
		return CTAP2_OK;
	if (list->n == CODEC_CREDENTIALS)
		return CTAP2_ERR_LIMIT_EXCEEDED;
	list->at[list->n++] = c;
	return CTAP2_OK;
}

static int
get_list(const cbor_item_t *item, void *out)
{
	struct codec_list *list = out;
	int r;

	if (!cbor_isa_array(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	list->given = cbor_array_size(item) != 0;
	for (size_t i = 0; i < cbor_array_size(item); i++) {
		r = get_credential(cbor_array_handle(item)[i], list);
		if (r != CTAP2_OK)
			return r;
	}
	return CTAP2_OK;
}

static int
get_options(const cbor_item_t *item, void *out)
{
	struct codec_options *o = out;
	int r;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((r = item_bool(item, "rk", &o->rk)) != CTAP2_OK ||
	    (r = item_bool(item, "up", &o->up)) != CTAP2_OK)
		return r;
	return item_bool(item, "uv", &o->uv);
}

static const struct item_field makecred_fields[] = {
	{ 0x01, true, item_hash, AT(makecred_params, client_data_hash) },
	{ 0x02, true, get_rp, AT(makecred_params, rp) },
	{ 0x03, true, item_user, AT(makecred_params, user) },
	{ 0x04, true, get_algs, AT(makecred_params, algs) },
	{ 0x05, false, get_list, AT(makecred_params, exclude) },
	{ 0x06, false, extension_makecred, AT(makecred_params, extensions) },
	{ 0x07, false, get_options, AT(makecred_params, options) },
	{ 0x08, false, item_auth, AT(makecred_params, pin_auth) },
	{ 0x09, false, item_uint, AT(makecred_params, pin_protocol) },
	{ 0x0a, false, item_uint, AT(makecred_params, enterprise) },
};

static const struct item_field getassert_fields[] = {
	{ 0x01, true, item_rp_id, AT(getassert_params, rp) },
	{ 0x02, true, item_hash, AT(getassert_params, client_data_hash) },
	{ 0x03, false, get_list, AT(getassert_params, allow) },
	{ 0x04, false, extension_getassert, AT(getassert_params, extensions) },
	{ 0x05, false, get_options, AT(getassert_params, options) },
	{ 0x06, false, item_auth, AT(getassert_params, pin_auth) },
	{ 0x07, false, item_uint, AT(getassert_params, pin_protocol) },
};

int
codec_makecred_decode(
    const uint8_t *body, size_t n, struct makecred_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, makecred_fields,
	    sizeof(makecred_fields) / sizeof(makecred_fields[0]), out);
}

int
codec_getassert_decode(
    const uint8_t *body, size_t n, struct getassert_params *out)
{
	memset(out, 0, sizeof(*out));
	return item_decode(body, n, getassert_fields,
	    sizeof(getassert_fields) / sizeof(getassert_fields[0]), out);
}
