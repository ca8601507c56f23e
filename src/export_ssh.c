/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For `ssh-keygen -Y verify`: the signature file of OpenSSH's PROTOCOL.sshsig,
 * holding a WebAuthn signature as OpenSSH's PROTOCOL.u2f lays it out.
 */

#include <string.h>

#include "counterseal/text.h"
#include "export.h"

#define SSH_KEY_TYPE	"sk-ecdsa-sha2-nistp256@openssh.com"
#define SSH_CURVE	"nistp256"
#define SSH_SIGNATURE	"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
#define SSH_SIG_VERSION 1
#define ARMOR_COLUMNS	70

/* Hash of the rp id, flags and counter; extensions come behind. */
#define AUTH_DATA_FIXED 37
#define AUTH_DATA_FLAGS 32

static void
put_string(struct cseal_buf *b, const void *p, size_t n)
{
	cseal_buf_add_u32(b, (uint32_t)n);
	cseal_buf_add(b, p, n);
}

static void
put_text(struct cseal_buf *b, const char *s)
{
	put_string(b, s, strlen(s));
}

static void
put_buf(struct cseal_buf *b, const struct cseal_buf *from)
{
	put_string(b, from->data, from->len);
}

/*
 * One DER INTEGER. Its content octets (two's complement, big end first, as
 * few as possible) are those of an SSH mpint, so they are copied.
 */
static int
copy_integer(struct cseal_slice *der, struct cseal_buf *out)
{
	size_t n;

	if (der->len < 2 || der->data[0] != 0x02)
		return CSEAL_ERR_FORMAT;
	n = der->data[1];
	if (n == 0 || n > 33 || n > der->len - 2)
		return CSEAL_ERR_FORMAT;
	put_string(out, der->data + 2, n);
	der->data += 2 + n;
	der->len -= 2 + n;
	return CSEAL_OK;
}

/* SEQUENCE { r, s } of P-256 is at most 72 bytes: lengths take one byte. */
static int
copy_ecdsa(struct cseal_slice der, struct cseal_buf *out)
{
	int r;

	if (der.len < 2 || der.data[0] != 0x30 || der.data[1] > 0x7f ||
	    der.data[1] != der.len - 2)
		return CSEAL_ERR_FORMAT;
	der.data += 2;
	der.len -= 2;
	if ((r = copy_integer(&der, out)) != CSEAL_OK ||
	    (r = copy_integer(&der, out)) != CSEAL_OK)
		return r;
	return der.len == 0 ? CSEAL_OK : CSEAL_ERR_FORMAT;
}

static void
put_public_key(const struct export *x, struct cseal_buf *out)
{
	struct cseal_slice q = cseal_pubkey_raw(x->pubkey);

	put_text(out, SSH_KEY_TYPE);
	put_text(out, SSH_CURVE);
	put_string(out, q.data, q.len);
	put_text(out, x->rp_id);
}

/*
 * string type, string (mpint r, mpint s), byte flags, uint32 counter,
 * string origin, string clientDataJSON, string extensions
 */
static int
put_signature(const struct export *x, struct cseal_buf *out)
{
	const struct cseal_seal *s = &x->entry.seal;
	struct cseal_slice auth = s->auth_data;
	struct cseal_buf part;
	int r;

	if (auth.len < AUTH_DATA_FIXED)
		return CSEAL_ERR_FORMAT;
	cseal_buf_init(&part, 0);
	if ((r = copy_ecdsa(s->signature, &part)) != CSEAL_OK)
		goto out;
	put_text(out, SSH_SIGNATURE);
	put_buf(out, &part);
	cseal_buf_add_u8(out, auth.data[AUTH_DATA_FLAGS]);
	cseal_buf_add_u32(out, cseal_seal_counter(s));
	cseal_buf_reset(&part);
	cseal_buf_printf(&part, "https://%s", x->rp_id);
	put_buf(out, &part);
	put_string(out, s->client_data.data, s->client_data.len);
	put_string(
	    out, auth.data + AUTH_DATA_FIXED, auth.len - AUTH_DATA_FIXED);
	r = cseal_buf_error(&part);
out:
	cseal_buf_free(&part);
	return r;
}

static int
write_signature(const struct export *x)
{
	struct cseal_buf blob, part, file;
	int r;

	cseal_buf_init(&blob, 0);
	cseal_buf_init(&part, 0);
	cseal_buf_init(&file, 0);
	cseal_buf_add(&blob, "SSHSIG", 6);
	cseal_buf_add_u32(&blob, SSH_SIG_VERSION);
	put_public_key(x, &part);
	put_buf(&blob, &part);
	put_text(&blob, CSEAL_NAMESPACE);
	put_text(&blob, ""); /* reserved */
	put_text(&blob, "sha512");
	cseal_buf_reset(&part);
	if ((r = put_signature(x, &part)) != CSEAL_OK ||
	    (r = cseal_buf_error(&part)) != CSEAL_OK)
		goto out;
	put_buf(&blob, &part);
	if ((r = cseal_buf_error(&blob)) != CSEAL_OK)
		goto out;
	cseal_buf_add_str(&file, "-----BEGIN SSH SIGNATURE-----\n");
	cseal_base64(&file, blob.data, blob.len, ARMOR_COLUMNS);
	cseal_buf_add_str(&file, "-----END SSH SIGNATURE-----\n");
	r = export_emit(x, "message.sig", &file);
out:
	cseal_buf_free(&blob);
	cseal_buf_free(&part);
	cseal_buf_free(&file);
	return r;
}

static int
write_message(const struct export *x)
{
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, 0);
	cseal_buf_add(&file, x->entry.statement.data, x->entry.statement.len);
	r = export_emit(x, "message", &file);
	cseal_buf_free(&file);
	return r;
}

static int
write_allowed_signers(const struct export *x)
{
	struct cseal_buf file, key;
	int r;

	cseal_buf_init(&file, 0);
	cseal_buf_init(&key, 0);
	put_public_key(x, &key);
	cseal_buf_printf(&file,
	    "%s namespaces=\"" CSEAL_NAMESPACE "\" " SSH_KEY_TYPE " ",
	    x->handle);
	cseal_base64(&file, key.data, key.len, 0);
	cseal_buf_add_u8(&file, '\n');
	if ((r = cseal_buf_error(&key)) == CSEAL_OK)
		r = export_emit(x, "allowed_signers", &file);
	cseal_buf_free(&key);
	cseal_buf_free(&file);
	return r;
}

static int
write_readme(const struct export *x)
{
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, 0);
	export_heading(x, &file);
	cseal_buf_printf(&file,
	    "Check the signature over the statement in `message`:\n\n"
	    "    ssh-keygen -Y verify -f allowed_signers -I %s \\\n"
	    "        -n " CSEAL_NAMESPACE " -s message.sig <message\n\n"
	    "What this proves: the holder of that key's secret signed exactly\n"
	    "these bytes, for Counterseal and for nothing else.\n\n"
	    "What it does not prove: ssh-keygen demands neither the touch nor\n"
	    "the PIN, even though both are told in the signed bytes. Nor does\n"
	    "it know that this key is %s's, that the ledger's rules allowed\n"
	    "the act, or when it happened. For touch and PIN use\n\n"
	    "    counterseal export N --format fido2-assert -o DIR\n\n"
	    "and the command fido2-assert -V -p -v in its README; for all of\n"
	    "it use counterseal verify on the ledger.\n",
	    x->handle, x->handle);
	r = export_emit(x, "README", &file);
	cseal_buf_free(&file);
	return r;
}

static int
malformed(struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_FORMAT, "seal",
	    "authenticatorData or signature is malformed");
}

int
export_ssh(const struct export *x, struct cseal_error *err)
{
	int r;

	if (cseal_pubkey_alg(x->pubkey) != CSEAL_ALG_ES256)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "format",
		    "OpenSSH knows WebAuthn signatures of ES256 keys alone: "
		    "use --format fido2-assert");
	if (x->monitor)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "format",
		    "this is a monitor's seal without a touch, which "
		    "ssh-keygen would not notice: use --format fido2-assert");
	if ((r = write_message(x)) != CSEAL_OK ||
	    (r = write_signature(x)) != CSEAL_OK ||
	    (r = write_allowed_signers(x)) != CSEAL_OK ||
	    (r = write_readme(x)) != CSEAL_OK)
		return r == CSEAL_ERR_FORMAT ? malformed(err) : r;
	return CSEAL_OK;
}
