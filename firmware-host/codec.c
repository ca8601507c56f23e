/* SPDX-License-Identifier: BSD-2-Clause */
#include "codec.h"

#include <string.h>

#include <cbor.h>

#include "printable.h"
#include "status.h"

typedef int codec_get(const cbor_item_t *item, void *out);

/* One parameter: its key, and where it goes. */
struct field {
	uint8_t key;
	bool required;
	codec_get *get;
	size_t offset;
};

static bool
key_is_uint(const cbor_item_t *key, uint64_t want)
{
	return cbor_isa_uint(key) && cbor_get_int(key) == want;
}

static bool
text_is(const cbor_item_t *item, const char *want)
{
	size_t n = strlen(want);

	return cbor_isa_string(item) && cbor_string_length(item) == n &&
	       memcmp(cbor_string_handle(item), want, n) == 0;
}

static const cbor_item_t *
map_find(const cbor_item_t *map, const char *name)
{
	const struct cbor_pair *pair = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++) {
		if (text_is(pair[i].key, name))
			return pair[i].value;
	}
	return NULL;
}

static int
get_hash(const cbor_item_t *item, void *out)
{
	if (!cbor_isa_bytestring(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (cbor_bytestring_length(item) != CRYPTO_HASH)
		return CTAP1_ERR_INVALID_LENGTH;
	memcpy(out, cbor_bytestring_handle(item), CRYPTO_HASH);
	return CTAP2_OK;
}

static int
get_rp_id(const cbor_item_t *item, void *out)
{
	struct codec_rp *rp = out;
	size_t n;

	if (!cbor_isa_string(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	n = cbor_string_length(item);
	if (n == 0 || n > sizeof(rp->id))
		return CTAP1_ERR_INVALID_LENGTH;
	memcpy(rp->id, cbor_string_handle(item), n);
	rp->len = n;
	return CTAP2_OK;
}

static int
get_rp(const cbor_item_t *item, void *out)
{
	const cbor_item_t *id;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((id = map_find(item, "id")) == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	return get_rp_id(id, out);
}

/* What fits of a name, in whole characters. */
static int
get_name(const cbor_item_t *map, const char *which, char name[CODEC_NAME_MAX],
    size_t *name_len)
{
	const cbor_item_t *item = map_find(map, which);
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

static int
get_user(const cbor_item_t *item, void *out)
{
	struct codec_user *user = out;
	const cbor_item_t *id;
	int r;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((id = map_find(item, "id")) == NULL)
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
	alg = map_find(item, "alg");
	type = map_find(item, "type");
	if (alg == NULL || type == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (!cbor_is_int(alg) || !cbor_isa_string(type))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (text_is(type, "public-key") && algs->n < CODEC_ALGS &&
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

static int
get_credential(const cbor_item_t *item, struct codec_list *list)
{
	struct codec_credential *c;
	const cbor_item_t *id, *type;
	size_t n;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	id = map_find(item, "id");
	type = map_find(item, "type");
	if (id == NULL || type == NULL)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (!cbor_isa_bytestring(id) || !cbor_isa_string(type))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (!text_is(type, "public-key"))
		return CTAP2_OK;
	if (list->n == CODEC_CREDENTIALS)
		return CTAP2_ERR_LIMIT_EXCEEDED;
	c = &list->at[list->n++];
	n = cbor_bytestring_length(id);
	if (n > 0 && n <= sizeof(c->id)) {
		memcpy(c->id, cbor_bytestring_handle(id), n);
		c->len = n;
	}
	return CTAP2_OK;
}

static int
get_list(const cbor_item_t *item, void *out)
{
	int r;

	if (!cbor_isa_array(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	for (size_t i = 0; i < cbor_array_size(item); i++) {
		r = get_credential(cbor_array_handle(item)[i], out);
		if (r != CTAP2_OK)
			return r;
	}
	return CTAP2_OK;
}

static int
get_bool(const cbor_item_t *map, const char *name, enum codec_option *out)
{
	const cbor_item_t *item = map_find(map, name);

	if (item == NULL)
		return CTAP2_OK;
	if (!cbor_isa_float_ctrl(item) || !cbor_float_ctrl_is_ctrl(item) ||
	    !cbor_is_bool(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	*out = cbor_get_bool(item) ? CODEC_TRUE : CODEC_FALSE;
	return CTAP2_OK;
}

static int
get_options(const cbor_item_t *item, void *out)
{
	struct codec_options *o = out;
	int r;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if ((r = get_bool(item, "rk", &o->rk)) != CTAP2_OK ||
	    (r = get_bool(item, "up", &o->up)) != CTAP2_OK)
		return r;
	return get_bool(item, "uv", &o->uv);
}

/* No extension is known yet; a malformed map is refused all the same. */
static int
get_extensions(const cbor_item_t *item, void *out)
{
	(void)out;
	return cbor_isa_map(item) ? CTAP2_OK : CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
}

static int
get_pin_auth(const cbor_item_t *item, void *out)
{
	bool *present = out;

	if (!cbor_isa_bytestring(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	*present = true;
	return CTAP2_OK;
}

static int
get_uint(const cbor_item_t *item, void *out)
{
	struct codec_uint *u = out;

	if (!cbor_isa_uint(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	u->present = true;
	u->value = cbor_get_int(item);
	return CTAP2_OK;
}

#define AT(type, member) offsetof(struct type, member)

static const struct field makecred_fields[] = {
	{ 0x01, true, get_hash, AT(makecred_params, client_data_hash) },
	{ 0x02, true, get_rp, AT(makecred_params, rp) },
	{ 0x03, true, get_user, AT(makecred_params, user) },
	{ 0x04, true, get_algs, AT(makecred_params, algs) },
	{ 0x05, false, get_list, AT(makecred_params, exclude) },
	{ 0x06, false, get_extensions, 0 },
	{ 0x07, false, get_options, AT(makecred_params, options) },
	{ 0x08, false, get_pin_auth, AT(makecred_params, has_pin_auth) },
	{ 0x09, false, get_uint, AT(makecred_params, pin_protocol) },
	{ 0x0a, false, get_uint, AT(makecred_params, enterprise) },
};

static const struct field getassert_fields[] = {
	{ 0x01, true, get_rp_id, AT(getassert_params, rp) },
	{ 0x02, true, get_hash, AT(getassert_params, client_data_hash) },
	{ 0x03, false, get_list, AT(getassert_params, allow) },
	{ 0x04, false, get_extensions, 0 },
	{ 0x05, false, get_options, AT(getassert_params, options) },
	{ 0x06, false, get_pin_auth, AT(getassert_params, has_pin_auth) },
	{ 0x07, false, get_uint, AT(getassert_params, pin_protocol) },
};

static int
decode_field(const struct field *f, const cbor_item_t *map, uint8_t *out)
{
	const struct cbor_pair *pair = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++) {
		if (key_is_uint(pair[i].key, f->key))
			return f->get(pair[i].value, out + f->offset);
	}
	return f->required ? CTAP2_ERR_MISSING_PARAMETER : CTAP2_OK;
}

static int
decode(const uint8_t *body, size_t n, const struct field *fields,
    size_t nfields, void *out)
{
	struct cbor_load_result res;
	cbor_item_t *map = cbor_load(body, n, &res);
	int r = CTAP2_OK;

	if (map == NULL || res.read != n)
		r = CTAP2_ERR_INVALID_CBOR;
	else if (!cbor_isa_map(map))
		r = CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	for (size_t i = 0; r == CTAP2_OK && i < nfields; i++)
		r = decode_field(&fields[i], map, out);
	if (map != NULL)
		cbor_decref(&map);
	return r;
}

int
codec_makecred_decode(
    const uint8_t *body, size_t n, struct makecred_params *out)
{
	memset(out, 0, sizeof(*out));
	return decode(body, n, makecred_fields,
	    sizeof(makecred_fields) / sizeof(makecred_fields[0]), out);
}

int
codec_getassert_decode(
    const uint8_t *body, size_t n, struct getassert_params *out)
{
	memset(out, 0, sizeof(*out));
	return decode(body, n, getassert_fields,
	    sizeof(getassert_fields) / sizeof(getassert_fields[0]), out);
}
