/* SPDX-License-Identifier: BSD-2-Clause */
#include "encode.h"

#include "put.h"

static void
put_algs(struct writer *w)
{
	put_array(w, keyalg_count());
	for (size_t i = 0; i < keyalg_count(); i++) {
		put_map(w, 2);
		put_text(w, "alg");
		put_int(w, keyalg_at(i)->cose);
		put_text(w, "type");
		put_text(w, "public-key");
	}
}

static void
put_names(struct writer *w, const char *const *names, size_t n)
{
	put_array(w, n);
	for (size_t i = 0; i < n; i++)
		put_text(w, names[i]);
}

static void
put_options(struct writer *w, const struct encode_flag *options, size_t n)
{
	put_map(w, n);
	for (size_t i = 0; i < n; i++) {
		put_text(w, options[i].name);
		put_bool(w, options[i].value);
	}
}

/* The members from 0x05 to 0x0a: what does not change. */
static void
put_limits(struct writer *w, const struct encode_info_in *in)
{
	put_int(w, 0x05);
	put_int(w, (int64_t)in->max_message);
	put_int(w, 0x06);
	put_array(w, 2);
	put_int(w, 2);
	put_int(w, 1);
	put_int(w, 0x07);
	put_int(w, CODEC_CREDENTIALS);
	put_int(w, 0x08);
	put_int(w, CODEC_CRED_ID_MAX);
	put_int(w, 0x09);
	put_array(w, 1);
	put_text(w, "usb");
	put_int(w, 0x0a);
	put_algs(w);
}

size_t
encode_info(const struct encode_info_in *in, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, in->uv_attempts != 0 ? 16 : 15);
	put_int(&w, 0x01);
	put_names(&w, in->versions, in->nversions);
	put_int(&w, 0x02);
	put_names(&w, in->extensions, in->nextensions);
	put_int(&w, 0x03);
	put_bytes(&w, in->aaguid, AUTHDATA_AAGUID);
	put_int(&w, 0x04);
	put_options(&w, in->options, in->noptions);
	put_limits(&w, in);
	put_int(&w, 0x0c);
	put_bool(&w, in->force_pin_change);
	put_int(&w, 0x0d);
	put_int(&w, in->min_pin_length);
	put_int(&w, 0x0e);
	put_int(&w, in->firmware);
	put_int(&w, 0x10);
	put_int(&w, in->min_pin_rps);
	if (in->uv_attempts != 0) {
		put_int(&w, 0x11);
		put_int(&w, in->uv_attempts);
	}
	put_int(&w, 0x14);
	put_int(&w, (int64_t)in->room);
	return put_end(&w);
}

void
encode_put_cose(
    struct writer *w, const struct keyalg *alg, const struct public_key *pub)
{
	put_map(w, alg->y_len != 0 ? 5 : 4);
	put_int(w, 1);
	put_int(w, alg->kty);
	put_int(w, 3);
	put_int(w, alg->cose);
	put_int(w, -1);
	put_int(w, alg->crv);
	put_int(w, -2);
	put_bytes(w, pub->x, alg->x_len);
	if (alg->y_len != 0) {
		put_int(w, -3);
		put_bytes(w, pub->y, alg->y_len);
	}
}

size_t
encode_cose(const struct keyalg *alg, const struct public_key *pub,
    uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	encode_put_cose(&w, alg, pub);
	return put_end(&w);
}

/* WebAuthn section 8.2; that of "none" (8.7) is empty. */
static void
put_statement(struct writer *w, const struct attestation_statement *st)
{
	if (st->kind == ATTESTATION_NONE) {
		put_map(w, 0);
		return;
	}
	put_map(w, st->ncerts != 0 ? 3 : 2);
	put_text(w, "alg");
	put_int(w, st->alg);
	put_text(w, "sig");
	put_bytes(w, st->sig, st->sig_len);
	if (st->ncerts == 0)
		return;
	put_text(w, "x5c");
	put_array(w, st->ncerts);
	for (size_t i = 0; i < st->ncerts; i++)
		put_bytes(w, st->cert[i], st->cert_len[i]);
}

size_t
encode_attested(const struct authdata *ad,
    const struct attestation_statement *st, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 3);
	put_int(&w, 0x01);
	put_text(&w, st->kind == ATTESTATION_NONE ? "none" : "packed");
	put_int(&w, 0x02);
	put_bytes(&w, ad->data, ad->len);
	put_int(&w, 0x03);
	put_statement(&w, st);
	return put_end(&w);
}

size_t
encode_make_extensions(const struct codec_makecred_extensions *in,
    unsigned int min_pin_length, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);
	bool protection = in->protection.present;
	bool hmac = in->hmac_secret == CODEC_TRUE;
	bool min_pin = min_pin_length != 0;

	put_map(&w, (size_t)protection + (size_t)hmac + (size_t)min_pin);
	if (protection) {
		put_text(&w, "credProtect");
		put_int(&w, (int64_t)in->protection.value);
	}
	if (hmac) {
		put_text(&w, "hmac-secret");
		put_bool(&w, true);
	}
	if (min_pin) {
		put_text(&w, "minPinLength");
		put_int(&w, min_pin_length);
	}
	return put_end(&w);
}

size_t
encode_get_extensions(
    const uint8_t *secret, size_t secret_len, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 1);
	put_text(&w, "hmac-secret");
	put_bytes(&w, secret, secret_len);
	return put_end(&w);
}

void
encode_put_descriptor(struct writer *w, const uint8_t *id, size_t len)
{
	put_map(w, 2);
	put_text(w, "id");
	put_bytes(w, id, len);
	put_text(w, "type");
	put_text(w, "public-key");
}

void
encode_put_user(struct writer *w, const struct encode_user *show)
{
	const struct codec_user *u = show->user;
	bool name = show->names && u->name_len != 0;
	bool display = show->names && u->display_len != 0;

	put_map(w, 1 + (size_t)name + (size_t)display);
	put_text(w, "id");
	put_bytes(w, u->id, u->id_len);
	if (name) {
		put_text(w, "name");
		put_chars(w, u->name, u->name_len);
	}
	if (display) {
		put_text(w, "displayName");
		put_chars(w, u->display, u->display_len);
	}
}

size_t
encode_assertion(const struct encode_assertion_in *in, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(
	    &w, 3 + (size_t)(in->user.user != NULL) + (size_t)(in->count != 0));
	put_int(&w, 0x01);
	encode_put_descriptor(&w, in->id, in->id_len);
	put_int(&w, 0x02);
	put_bytes(&w, in->authdata->data, in->authdata->len);
	put_int(&w, 0x03);
	put_bytes(&w, in->sig, in->sig_len);
	if (in->user.user != NULL) {
		put_int(&w, 0x04);
		encode_put_user(&w, &in->user);
	}
	if (in->count != 0) {
		put_int(&w, 0x05);
		put_int(&w, (int64_t)in->count);
	}
	return put_end(&w);
}
