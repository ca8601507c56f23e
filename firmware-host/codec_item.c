/* SPDX-License-Identifier: BSD-2-Clause */
#include "codec_item.h"

#include <string.h>

#include "codec.h"
#include "status.h"

#define COORDINATE 32

/* COSE_Key: labels, and the values of a key-agreement key. */
enum cose_label {
	COSE_KTY = 1,
	COSE_ALG = 3,
	COSE_CRV = -1,
	COSE_X = -2,
	COSE_Y = -3
};

enum cose_value { KTY_EC2 = 2, CURVE_P256 = 1, ECDH_ES_HKDF_256 = -25 };

static bool
key_is_uint(const cbor_item_t *key, uint64_t want)
{
	return cbor_isa_uint(key) && cbor_get_int(key) == want;
}

bool
item_text_is(const cbor_item_t *item, const char *want)
{
	size_t n = strlen(want);

	return cbor_isa_string(item) && cbor_string_length(item) == n &&
	       memcmp(cbor_string_handle(item), want, n) == 0;
}

const cbor_item_t *
item_find(const cbor_item_t *map, const char *name)
{
	const struct cbor_pair *pair = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++) {
		if (item_text_is(pair[i].key, name))
			return pair[i].value;
	}
	return NULL;
}

int
item_hash(const cbor_item_t *item, void *out)
{
	if (!cbor_isa_bytestring(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	if (cbor_bytestring_length(item) != CRYPTO_HASH)
		return CTAP1_ERR_INVALID_LENGTH;
	memcpy(out, cbor_bytestring_handle(item), CRYPTO_HASH);
	return CTAP2_OK;
}

int
item_rp_id(const cbor_item_t *item, void *out)
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

int
item_option(const cbor_item_t *item, void *out)
{
	enum codec_option *option = out;

	if (!cbor_isa_float_ctrl(item) || !cbor_float_ctrl_is_ctrl(item) ||
	    !cbor_is_bool(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	*option = cbor_get_bool(item) ? CODEC_TRUE : CODEC_FALSE;
	return CTAP2_OK;
}

int
item_bool(const cbor_item_t *map, const char *name, enum codec_option *out)
{
	const cbor_item_t *item = item_find(map, name);

	return item == NULL ? CTAP2_OK : item_option(item, out);
}

int
item_uint(const cbor_item_t *item, void *out)
{
	struct codec_uint *u = out;

	if (!cbor_isa_uint(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	u->present = true;
	u->value = cbor_get_int(item);
	return CTAP2_OK;
}

int
item_auth(const cbor_item_t *item, void *out)
{
	struct codec_auth *auth = out;
	size_t n;

	if (!cbor_isa_bytestring(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	auth->present = true;
	auth->len = cbor_bytestring_length(item);
	n = auth->len < sizeof(auth->data) ? auth->len : sizeof(auth->data);
	if (n != 0)
		memcpy(auth->data, cbor_bytestring_handle(item), n);
	return CTAP2_OK;
}

int
item_sealed(const cbor_item_t *item, void *out)
{
	struct codec_sealed *sealed = out;
	size_t n;

	if (!cbor_isa_bytestring(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	n = cbor_bytestring_length(item);
	if (n > sizeof(sealed->data))
		return CTAP1_ERR_INVALID_PARAMETER;
	sealed->present = true;
	sealed->len = n;
	if (n != 0)
		memcpy(sealed->data, cbor_bytestring_handle(item), n);
	return CTAP2_OK;
}

static bool
is_int(const cbor_item_t *item, int64_t want)
{
	if (!cbor_is_int(item) || cbor_isa_negint(item) != (want < 0))
		return false;
	return cbor_get_int(item) == (uint64_t)(want < 0 ? -1 - want : want);
}

static const cbor_item_t *
find_int(const cbor_item_t *map, int64_t key)
{
	const struct cbor_pair *pair = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++) {
		if (is_int(pair[i].key, key))
			return pair[i].value;
	}
	return NULL;
}

static bool
has_int(const cbor_item_t *map, int64_t key, int64_t want)
{
	const cbor_item_t *item = find_int(map, key);

	return item != NULL && is_int(item, want);
}

static bool
take_coordinate(const cbor_item_t *item, uint8_t out[COORDINATE])
{
	if (item == NULL || !cbor_isa_bytestring(item) ||
	    cbor_bytestring_length(item) != COORDINATE)
		return false;
	memcpy(out, cbor_bytestring_handle(item), COORDINATE);
	return true;
}

int
item_key(const cbor_item_t *item, void *out)
{
	struct codec_key *key = out;

	if (!cbor_isa_map(item))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	key->present = true;
	key->valid = cbor_map_size(item) == 5 &&
		     has_int(item, COSE_KTY, KTY_EC2) &&
		     has_int(item, COSE_ALG, ECDH_ES_HKDF_256) &&
		     has_int(item, COSE_CRV, CURVE_P256) &&
		     take_coordinate(find_int(item, COSE_X), key->pub.x) &&
		     take_coordinate(find_int(item, COSE_Y), key->pub.y);
	return CTAP2_OK;
}

static int
decode_field(const struct item_field *f, const cbor_item_t *map, uint8_t *out)
{
	const struct cbor_pair *pair = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++) {
		if (key_is_uint(pair[i].key, f->key))
			return f->get(pair[i].value, out + f->offset);
	}
	return f->required ? CTAP2_ERR_MISSING_PARAMETER : CTAP2_OK;
}

int
item_decode_map(const cbor_item_t *map, const struct item_field *fields,
    size_t nfields, void *out)
{
	int r = CTAP2_OK;

	if (!cbor_isa_map(map))
		return CTAP2_ERR_CBOR_UNEXPECTED_TYPE;
	for (size_t i = 0; r == CTAP2_OK && i < nfields; i++)
		r = decode_field(&fields[i], map, out);
	return r;
}

int
item_decode(const uint8_t *body, size_t n, const struct item_field *fields,
    size_t nfields, void *out)
{
	struct cbor_load_result res;
	cbor_item_t *map = cbor_load(body, n, &res);
	int r = CTAP2_ERR_INVALID_CBOR;

	if (map != NULL && res.read == n)
		r = item_decode_map(map, fields, nfields, out);
	if (map != NULL)
		cbor_decref(&map);
	return r;
}
