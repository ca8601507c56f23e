/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * blob = "SSHSIG" || string(namespace) || string("") || string("sha512")
 *        || string(SHA-512(message)),  string(x) = uint32 length || x
 * (OpenSSH, PROTOCOL.sshsig). It is the WebAuthn challenge.
 */

#include "counterseal/seal.h"

#include <string.h>

#include "counterseal/text.h"

#include "dcbor.h"
#include "digest.h"

#define AUTH_DATA_FIXED 37 /* rpIdHash, flags, counter: WebAuthn 6.1 */

static void
add_string(struct cseal_buf *b, const void *p, size_t n)
{
	(void)cseal_buf_add_u32(b, (uint32_t)n);
	(void)cseal_buf_add(b, p, n);
}

int
cseal_seal_blob(struct cseal_buf *b, const char *ns, struct cseal_slice message)
{
	uint8_t hash[64];
	int r;

	r = digest_sha512(hash, message.data, message.len);
	if (r != CSEAL_OK)
		return r;
	(void)cseal_buf_add(b, "SSHSIG", 6);
	add_string(b, ns, strlen(ns));
	add_string(b, "", 0);
	add_string(b, "sha512", 6);
	add_string(b, hash, sizeof(hash));
	return cseal_buf_error(b);
}

static bool
is_ldh(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool
cseal_is_rp_id(const char *s, size_t n)
{
	size_t label = 0;

	if (n == 0 || n > 253)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.') {
			if (label == 0 || s[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!is_ldh(s[i]) || (label == 0 && s[i] == '-') ||
		    ++label > 63)
			return false;
	}
	return label > 0 && s[n - 1] != '-';
}

/*
 * WebAuthn section 5.8.1.1: type, challenge, origin, crossOrigin in this
 * order. Nothing needs escaping: base64url, and an origin of LDH labels.
 */
int
cseal_seal_client_data(struct cseal_buf *b, const char *type, const char *ns,
    struct cseal_slice message, struct cseal_slice rp_id)
{
	struct cseal_buf blob;
	int r;

	if (!cseal_is_rp_id((const char *)rp_id.data, rp_id.len))
		return CSEAL_ERR_INPUT;
	cseal_buf_init(&blob, 256);
	r = cseal_seal_blob(&blob, ns, message);
	if (r != CSEAL_OK)
		goto out;
	(void)cseal_buf_add_str(b, "{\"type\":\"");
	(void)cseal_buf_add_str(b, type);
	(void)cseal_buf_add_str(b, "\",\"challenge\":\"");
	(void)cseal_base64url(b, blob.data, blob.len);
	(void)cseal_buf_add_str(b, "\",\"origin\":\"https://");
	(void)cseal_buf_add(b, rp_id.data, rp_id.len);
	(void)cseal_buf_add_str(b, "\",\"crossOrigin\":false}");
	r = cseal_buf_error(b);
out:
	cseal_buf_free(&blob);
	return r;
}

static bool
client_data_fits(
    const struct cseal_entry *e, const char *ns, struct cseal_slice rp_id)
{
	struct cseal_buf expected;
	bool same;

	cseal_buf_init(&expected, 2048);
	same =
	    cseal_seal_client_data(&expected, "webauthn.get", ns, e->statement,
		rp_id) == CSEAL_OK &&
	    expected.len == e->seal.client_data.len &&
	    memcmp(expected.data, e->seal.client_data.data, expected.len) == 0;
	cseal_buf_free(&expected);
	return same;
}

/* ED exactly when there are extensions, and these one well-formed map. */
static bool
extensions_fit(struct cseal_slice auth)
{
	struct dcbor_reader r;

	if ((auth.data[32] & CSEAL_FLAG_ED) == 0)
		return auth.len == AUTH_DATA_FIXED;
	dcbor_reader_init(
	    &r, auth.data + AUTH_DATA_FIXED, auth.len - AUTH_DATA_FIXED);
	if (dcbor_peek(&r) != DCBOR_MAP || auth.data[AUTH_DATA_FIXED] == 0xa0)
		return false;
	(void)dcbor_get_any(&r);
	return dcbor_reader_end(&r) == CSEAL_OK;
}

static bool
rp_id_fits(struct cseal_slice auth, struct cseal_slice rp_id)
{
	uint8_t hash[CSEAL_HASH_BYTES];

	return digest_sha256(hash, &rp_id, 1) == CSEAL_OK &&
	       memcmp(hash, auth.data, sizeof(hash)) == 0;
}

enum cseal_seal_rule
cseal_seal_check(
    const struct cseal_entry *e, const char *ns, const struct cseal_demand *d)
{
	struct cseal_slice auth = e->seal.auth_data;
	uint8_t flags;

	if (auth.len < AUTH_DATA_FIXED)
		return CSEAL_SEAL_AUTH_DATA;
	flags = auth.data[32];
	if (!client_data_fits(e, ns, d->rp_id))
		return CSEAL_SEAL_CLIENT_DATA;
	if (!rp_id_fits(auth, d->rp_id))
		return CSEAL_SEAL_RP_ID;
	if ((flags & CSEAL_FLAG_AT) != 0 || !extensions_fit(auth))
		return CSEAL_SEAL_AUTH_DATA;
	/* WebAuthn 6.1.3: backed up without being eligible cannot be. */
	if ((flags & CSEAL_FLAG_BS) != 0 && (flags & CSEAL_FLAG_BE) == 0)
		return CSEAL_SEAL_AUTH_DATA;
	if ((flags & CSEAL_FLAG_UP) == 0 && !d->silent)
		return CSEAL_SEAL_UP;
	if ((flags & CSEAL_FLAG_UV) == 0 && d->uv && !d->silent)
		return CSEAL_SEAL_UV;
	if ((flags & CSEAL_FLAG_BE) != 0 && !d->synced)
		return CSEAL_SEAL_SYNCED;
	return CSEAL_SEAL_OK;
}

enum cseal_seal_rule
cseal_seal_verify(const struct cseal_seal *s, const struct cseal_pubkey *k)
{
	uint8_t message[1024 + CSEAL_HASH_BYTES];
	struct cseal_slice m = { message, s->auth_data.len + CSEAL_HASH_BYTES };

	if (s->auth_data.len > sizeof(message) - CSEAL_HASH_BYTES)
		return CSEAL_SEAL_AUTH_DATA;
	memcpy(message, s->auth_data.data, s->auth_data.len);
	if (digest_sha256(message + s->auth_data.len, &s->client_data, 1) !=
	    CSEAL_OK)
		return CSEAL_SEAL_SIGNATURE;
	return cseal_pubkey_verify(k, m, s->signature) == CSEAL_OK
		   ? CSEAL_SEAL_OK
		   : CSEAL_SEAL_SIGNATURE;
}

uint32_t
cseal_seal_counter(const struct cseal_seal *s)
{
	const uint8_t *p;

	if (s->auth_data.len < AUTH_DATA_FIXED)
		return 0;
	p = s->auth_data.data + 33;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}
