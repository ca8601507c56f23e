/* SPDX-License-Identifier: BSD-2-Clause */
#include "assertion.h"

#include "authdata.h"
#include "ctap2.h"
#include "encode.h"
#include "locate.h"
#include "status.h"

/* Step 10. */
static int
add_extensions(struct device *dev, const struct assertion *a, const uint8_t *id,
    size_t id_len, struct authdata *ad)
{
	uint8_t secret[HMACSECRET_OUT], map[AUTHDATA_EXT_MAX];
	size_t len;
	int r;

	if (a->hmac.salts_len == 0)
		return CTAP2_OK;
	r = hmacsecret_make(dev, &a->hmac, id, id_len,
	    (a->flags & AUTHDATA_UV) != 0, secret, &len);
	if (r != CTAP2_OK)
		return r;
	len = encode_get_extensions(secret, len, map, sizeof(map));
	if (len == 0)
		return CTAP1_ERR_OTHER;
	authdata_extend(ad, map, len);
	return CTAP2_OK;
}

/*
 * The user of a resident credential: the id always, the names only if they
 * help a verified person to choose.
 */
static struct encode_user
show_user(const struct device *dev, const struct assertion *a,
    const uint8_t *id, size_t id_len)
{
	const struct resident_list *l = &dev->state.residents;
	struct encode_user show = { 0 };
	size_t i = resident_find(l, id, id_len);

	if (i < l->n)
		show.user = &l->at[i].user;
	show.names = a->several && (a->flags & AUTHDATA_UV) != 0;
	return show;
}

int
assertion_make(struct device *dev, const struct assertion *a, const uint8_t *id,
    size_t id_len, size_t count)
{
	struct encode_assertion_in in = { .id = id,
		.id_len = id_len,
		.user = show_user(dev, a, id, id_len),
		.count = count };
	struct private_key key = { 0 };
	struct authdata ad;
	uint8_t sig[CRYPTO_SIG_MAX];
	uint32_t counter;
	int r = CTAP1_ERR_OTHER;

	if (locate_key(dev, id, id_len, a->rp_hash, &key) != 0 ||
	    device_count(dev, &counter) != 0)
		goto out;
	authdata_begin(&ad, a->rp_hash, a->flags, counter);
	if ((r = add_extensions(dev, a, id, id_len, &ad)) != CTAP2_OK)
		goto out;
	/* Step 13. */
	r = CTAP1_ERR_OTHER;
	if (key.alg->sign(key.secret, ad.data, ad.len, a->client_data_hash,
		sizeof(a->client_data_hash), sig, &in.sig_len) != 0)
		goto out;
	in.authdata = &ad;
	in.sig = sig;
	dev->reply_len = encode_assertion(
	    &in, device_reply_data(dev), device_reply_room(dev));
	if (dev->reply_len != 0)
		r = CTAP2_OK;
out:
	crypto_wipe(&key, sizeof(key));
	return r;
}
