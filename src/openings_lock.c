/* SPDX-License-Identifier: BSD-2-Clause */

#include "openings_lock.h"

#include <string.h>

#include "counterseal/err.h"

#include "aead.h"
#include "digest.h"

#define INFO "counterseal-reentry"

/* Salt of the openings_item that has this name. */
static const uint8_t *
salt_of(const struct openings_form *f, struct cseal_slice name)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct cseal_slice *s = &f->list[i].name;

		if (s->len == name.len &&
		    memcmp(s->data, name.data, name.len) == 0)
			return f->list[i].salt;
	}
	return NULL;
}

/* The lengths keep "1", "23" apart from "12", "3". */
static int
derive(uint8_t key[AEAD_KEY_BYTES], const struct openings_form *f,
    const struct cseal_slice *asked)
{
	struct cseal_buf secret, salt, info;
	int r;

	cseal_buf_init(&secret, 0);
	cseal_buf_init(&salt, 0);
	cseal_buf_init(&info, 0);
	for (size_t i = 0; i < f->n_asked; i++) {
		(void)cseal_buf_add_u32(&secret, (uint32_t)asked[i].len);
		(void)cseal_buf_add(&secret, asked[i].data, asked[i].len);
		(void)cseal_buf_add(
		    &salt, salt_of(f, f->asked[i]), CSEAL_SALT_BYTES);
	}
	(void)cseal_buf_add_str(&info, INFO);
	(void)cseal_buf_add(&info, f->leaf, sizeof(f->leaf));
	if ((r = cseal_buf_error(&secret)) == CSEAL_OK &&
	    (r = cseal_buf_error(&salt)) == CSEAL_OK &&
	    (r = cseal_buf_error(&info)) == CSEAL_OK)
		r = aead_derive(key, cseal_buf_slice(&secret),
		    cseal_buf_slice(&salt), cseal_buf_slice(&info));
	cseal_buf_free(&secret);
	cseal_buf_free(&salt);
	cseal_buf_free(&info);
	return r;
}

/* Everything that stands around the values is bound to them. */
static int
around(struct cseal_buf *out, const struct openings_form *f)
{
	cseal_buf_init(out, 0);
	return schema_encode(&openings_record_core, out, f);
}

int
openings_lock(struct cseal_buf *out, const struct openings_form *f,
    const struct cseal_slice *asked, struct cseal_slice values)
{
	uint8_t key[AEAD_KEY_BYTES], nonce[AEAD_NONCE_BYTES];
	struct cseal_buf aad;
	int r;

	if ((r = around(&aad, f)) == CSEAL_OK &&
	    (r = derive(key, f, asked)) == CSEAL_OK &&
	    (r = digest_random(nonce, sizeof(nonce))) == CSEAL_OK &&
	    (r = cseal_buf_add(out, nonce, sizeof(nonce))) == CSEAL_OK)
		r = aead_seal(out, key, nonce, cseal_buf_slice(&aad), values);
	cseal_buf_free(&aad);
	cseal_wipe(key, sizeof(key));
	return r;
}

int
openings_unlock(struct cseal_buf *out, const struct openings_form *f,
    const struct cseal_slice *asked)
{
	uint8_t key[AEAD_KEY_BYTES];
	struct cseal_slice cipher = f->values;
	struct cseal_buf aad;
	int r;

	if (cipher.len < AEAD_NONCE_BYTES + AEAD_TAG_BYTES)
		return CSEAL_ERR_CORRUPT;
	cipher.data += AEAD_NONCE_BYTES;
	cipher.len -= AEAD_NONCE_BYTES + AEAD_TAG_BYTES;
	if ((r = around(&aad, f)) == CSEAL_OK &&
	    (r = derive(key, f, asked)) == CSEAL_OK)
		r = aead_open(out, key, f->values.data, cseal_buf_slice(&aad),
		    cipher, cipher.data + cipher.len);
	cseal_buf_free(&aad);
	cseal_wipe(key, sizeof(key));
	return r;
}
