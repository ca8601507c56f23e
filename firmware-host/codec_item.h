/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One CBOR item to one value of codec.h, and a map of parameters by a table
 * of its fields.  For codec*.c alone.
 */
#ifndef FIRMWARE_CODEC_ITEM_H
#define FIRMWARE_CODEC_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cbor.h>

#include "codec.h"

/* Each takes the item into its own type and returns a CTAP status. */
typedef int item_get(const cbor_item_t *item, void *out);

/* One parameter: its key, and where it goes. */
struct item_field {
	uint8_t key;
	bool required;
	item_get *get;
	size_t offset;
};

#define AT(type, member) offsetof(struct type, member)

/* A map of parameters, whole. */
int item_decode(const uint8_t *body, size_t n, const struct item_field *fields,
    size_t nfields, void *out);
/* The same of a map inside. */
int item_decode_map(const cbor_item_t *map, const struct item_field *fields,
    size_t nfields, void *out);

item_get item_hash;   /* uint8_t[CRYPTO_HASH] */
item_get item_rp_id;  /* struct codec_rp */
item_get item_uint;   /* struct codec_uint */
item_get item_auth;   /* struct codec_auth */
item_get item_sealed; /* struct codec_sealed */
item_get item_key;    /* struct codec_key */
item_get item_option; /* enum codec_option, a boolean */
item_get item_user;   /* struct codec_user */
/* struct codec_credential; one of another type is nobody's, too. */
item_get item_descriptor;

bool item_text_is(const cbor_item_t *item, const char *want);
/* The value of a text key, or NULL. */
const cbor_item_t *item_find(const cbor_item_t *map, const char *name);
/* An option of the map; absent ones leave *out. */
int item_bool(const cbor_item_t *map, const char *name, enum codec_option *out);

#endif
